//! A label: a partial route that ends at an element.

use crate::search::general::route::State;
use crate::units::Cost;

/// A partial route up to an element.
#[derive(Clone, Copy)]
pub(super) struct Label {
    pub(super) state: State,
    /// Cost so far, without waiting and overtime.
    pub(super) cost: Cost,
    /// A lower bound of the whole route's cost, with a part of the time that has passed: the order in which labels are dropped.
    pub(super) rank: Cost,
    pub(super) parent: u32,
    /// The elements since the parent.
    pub(super) steps: (u32, u32),
    /// Halts since the last stop.
    pub(super) halts: u32,
}
