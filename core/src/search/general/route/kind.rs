//! What the passes over a route are compiled for: the same code, less what routes of a kind never have.

use crate::search::general::layout::{Layout, Vehicle};

/// Anything.
pub(crate) const FULL: u8 = 0;

/// Nothing but stops and reloads: the route of a [lean](Vehicle::lean) vehicle.
pub(crate) const LEAN: u8 = 1;

/// A lean route of a [plain](Layout::is_plain) problem.
pub(crate) const PLAIN: u8 = 2;

impl Layout<'_> {
    /// The kind of a vehicle's routes.
    #[inline]
    pub(super) const fn kind(&self, vehicle: &Vehicle) -> u8 {
        if self.is_plain {
            PLAIN
        } else if vehicle.lean {
            LEAN
        } else {
            FULL
        }
    }
}
