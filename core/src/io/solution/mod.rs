//! Solutions in VRPLIB's `.sol` text: a line `Route #k: …` for each route, and a line `Cost …`.
//!
//! Stops are numbered from zero with the depots first: in a file with one depot, 1 to n are the clients. The stops of
//! shipments follow the clients, in the order of their locations. A depot inside a route ends one trip and begins the
//! next; a depot at the beginning or end is redundant if routes start or end there anyway.
//!
//! If vehicles differ, line k is vehicle k of the problem's file, and an unused vehicle has an empty line. If the
//! problem has another origin, its vehicles are numbered type by type.

mod read;
mod write;

pub use read::read;
pub use write::write;

use crate::plan::RouteStops;

/// The content of a `.sol` text.
#[derive(Clone, Debug, PartialEq)]
pub struct SolFile {
    /// The routes with stops, in the order of the file.
    pub routes: Vec<RouteStops>,
    /// The stated cost, in the benchmark's own unit.
    pub cost: Option<f64>,
    /// What the text calls the first depot: 0, as is usual, or 1, as the problem's own file does.
    pub first_number: usize,
}
