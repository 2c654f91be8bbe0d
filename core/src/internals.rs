//! Inner parts of the search, for the project's benchmarks. May change at any time.

use crate::geometry;
use crate::model::{Coord, Problem};
pub use crate::search::classical::bench::Move;
use crate::search::classical::{Capacity, Windows, bench};
use crate::search::data::Data;
use crate::search::interrupt::NEVER;
#[cfg(feature = "roads")]
use crate::travel::road::{Network, Spot, bench as road};

/// Lays a problem out for the search: distances and neighbour lists. Returns the number of stops.
pub fn lay_out(problem: &Problem) -> usize {
    Data::until(problem, NEVER).num_stops()
}

/// Builds a solution of a classical problem with one vehicle type and tries a move for every stop and its ten best neighbours (or every pair of
/// routes), `rounds` times over. Returns how many tries there were.
pub fn sweep(problem: &Problem, which: Move, rounds: usize) -> u64 {
    let data = Data::until(problem, NEVER);
    if data.timed {
        bench::sweep::<Windows>(&data, which, rounds)
    } else {
        bench::sweep::<Capacity>(&data, which, rounds)
    }
}

/// Builds a solution of a classical problem with one vehicle type and runs `iterations` of ruin and recreate, followed by local search where
/// `improve`. Returns the cost of the best solution.
pub fn iterate(problem: &Problem, iterations: usize, improve: bool) -> i64 {
    let data = Data::until(problem, NEVER);
    if data.timed {
        bench::iterate::<Windows>(&data, iterations, improve)
    } else {
        bench::iterate::<Capacity>(&data, iterations, improve)
    }
}

/// For each point, the indices of its `k` nearest other points, nearest first.
pub fn nearest(points: &[Coord], k: usize) -> Vec<Vec<u32>> {
    geometry::neighbours(&geometry::PointIndex::planar(points), points, k, &|| false)
}

/// The graph that a street network searches.
#[cfg(feature = "roads")]
#[derive(Clone, Debug)]
pub struct RoadGraph {
    /// Number of states: the ways to be on a street.
    pub states: usize,
    /// The turns: from the end of one state's street to the end of another's, in milliseconds.
    pub arcs: Vec<(u32, u32, u32)>,
}

/// The graph of a network.
#[cfg(feature = "roads")]
pub fn road_graph(network: &Network) -> RoadGraph {
    let (states, arcs) = road::arcs(network);
    RoadGraph { states, arcs }
}

/// The first state of a spot.
#[cfg(feature = "roads")]
pub fn road_state(network: &Network, spot: &Spot) -> Option<u32> {
    road::state(network, spot)
}

/// Milliseconds from the end of one state to the end of another; `None` if no path leads there.
#[cfg(feature = "roads")]
pub fn road_time(network: &Network, from: u32, to: u32) -> Option<u64> {
    road::time_between(network, from, to)
}
