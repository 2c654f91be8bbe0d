//! What a class of problems obliges the search to keep track of. Resolved at compile time: a plain problem pays nothing
//! for what it does not have.

/// A class of problems.
pub(crate) trait Rules {
    /// Whether earliest and latest starts are kept at every node.
    const TIMED: bool;
    /// Whether segments of all constraints are kept at every node, for all else that a problem may ask.
    const RICH: bool;
}

/// Capacity only.
pub(crate) struct Plain;

/// Capacity and time windows.
pub(crate) struct Timed;

/// Everything: several vehicle types and depots, trips, releases, shipments, groups, limits of duration and distance,
/// costs of duration, several load dimensions, deliveries mixed with pickups.
pub(crate) struct Rich;

impl Rules for Plain {
    const TIMED: bool = false;
    const RICH: bool = false;
}

impl Rules for Timed {
    const TIMED: bool = true;
    const RICH: bool = false;
}

impl Rules for Rich {
    const TIMED: bool = false;
    const RICH: bool = true;
}
