//! Solutions in VRPLIB's `.sol` text: a line `Route #k: …` for each route, and a line `Cost …`.
//!
//! Stops are numbered from zero with the depots first: in a file with one depot, 1 to n are the clients. The stops of
//! shipments follow the clients, in the order of their locations. A depot inside a route ends one trip and begins the
//! next; a depot at the very beginning or end says nothing where routes start or end there anyway.
//!
//! Where vehicles differ, line k is vehicle k of the problem's file, and an unused vehicle has an empty line. A problem
//! from elsewhere numbers its vehicles type after type.

mod read;
mod write;

pub use read::read;
pub use write::write;

use crate::plan::RouteStops;

/// What a `.sol` text holds.
#[derive(Clone, Debug, PartialEq)]
pub struct SolFile {
    /// The routes that go anywhere, in the order of the file.
    pub routes: Vec<RouteStops>,
    /// The cost as it stands there, in the benchmark's own unit.
    pub cost: Option<f64>,
}
