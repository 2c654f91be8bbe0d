//! A label: a partial route that ends at an element.

use crate::search::general::route::State;
use crate::units::Cost;

/// A way to reach an element of a route.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub(super) state: State,
    /// What has been paid so far, waiting and overtime left out.
    pub(super) cost: Cost,
    /// The least that the whole route costs, and something for the time that has passed.
    pub(super) rank: Cost,
    pub(super) parent: u32,
    /// The elements since the parent.
    pub(super) steps: (u32, u32),
    /// Halts since the last stop.
    pub(super) halts: u32,
}
