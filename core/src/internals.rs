//! Inner parts of the search, for the project's benchmarks. May change at any time.

use crate::model::Problem;
use crate::search::classical::bench;
pub use crate::search::classical::bench::Move;
use crate::search::data::Data;

/// Lays a problem out for the search: distances and neighbour lists. Returns the number of stops.
pub fn lay_out(problem: &Problem) -> usize {
    Data::new(problem).num_stops()
}

/// Builds a solution of a classical problem and tries a move for every stop and its ten best neighbours (or every pair of
/// routes), `rounds` times over. Returns how many tries there were.
pub fn sweep(problem: &Problem, which: Move, rounds: usize) -> u64 {
    let data = Data::new(problem);
    if data.timed { bench::sweep::<true>(&data, which, rounds) } else { bench::sweep::<false>(&data, which, rounds) }
}

/// Builds a solution of a classical problem and runs `iterations` of ruin and recreate, followed by local search where
/// `improve`. Returns the cost of the best solution.
pub fn iterate(problem: &Problem, iterations: usize, improve: bool) -> i64 {
    let data = Data::new(problem);
    if data.timed {
        bench::iterate::<true>(&data, iterations, improve)
    } else {
        bench::iterate::<false>(&data, iterations, improve)
    }
}
