//! Inner parts of the search, for the project's benchmarks. May change at any time.

use crate::model::Problem;
use crate::schedule::{LoadSegment, TimeSegment};
use crate::search::construct::construct;
use crate::search::data::{Data, NONE};
use crate::search::local_search::{LocalSearch, LocalSearchParams};
use crate::search::operators::{Scratch, relocate, swap, swap_star, swap_tails, two_opt};
use crate::search::random::Random;
use crate::search::recreate::{Recreate, RecreateParams};
use crate::search::routes::Routes;
use crate::search::ruin::{Ruin, RuinParams};
use crate::search::rules::{Plain, Rich, Rules, Timed};

/// A move of the local search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Exchange of tails.
    SwapTails,
    /// Reversal of a piece.
    TwoOpt,
    /// Relocation of up to three stops.
    Relocate,
    /// Exchange of two stops in place.
    Swap,
    /// Exchange of two stops, each to its best place.
    SwapStar,
}

/// Lays a problem out for the search: distances and neighbour lists. Returns the number of stops.
pub fn lay_out(problem: &Problem) -> usize {
    Data::new(problem).num_stops()
}

/// Joins `count` time segments one after the other, and returns the duration.
pub fn join_time_segments(count: usize) -> i64 {
    let mut all = TimeSegment::stop(0, 1_000, 10);
    for i in 1..count as i64 {
        all = all.then(7 + i % 5, TimeSegment::stop(10 * i, 10 * i + 400, 10));
    }
    all.duration + all.time_warp
}

/// Joins `count` load segments one after the other, and returns the peak.
pub fn join_load_segments(count: usize) -> i64 {
    let mut all = LoadSegment::client(3, 1);
    for i in 1..count as i64 {
        all = all.then(LoadSegment::client(i % 7, i % 3));
    }
    all.peak
}

/// Builds a solution and tries a move for every stop and its ten best neighbours (or every pair of routes), `rounds` times
/// over. Returns how many tries there were.
pub fn sweep(problem: &Problem, which: Move, rounds: usize) -> u64 {
    let data = Data::new(problem);
    if data.timed { sweep_with::<Timed>(&data, which, rounds) } else { sweep_with::<Plain>(&data, which, rounds) }
}

fn built<'a, R: Rules>(data: &'a Data<'a>, random: &mut Random) -> (Routes<'a, R>, Recreate) {
    let mut routes: Routes<'_, R> = Routes::new(data);
    let mut recreate = Recreate::new(RecreateParams::default(), random);
    construct(&mut routes, &mut recreate, random, &|| false);
    (routes, recreate)
}

fn sweep_with<R: Rules>(data: &Data<'_>, which: Move, rounds: usize) -> u64 {
    let (mut routes, _) = built::<R>(data, &mut Random::new(1));
    let mut scratch = Scratch::default();
    let mut tries = 0;
    for _ in 0..rounds {
        routes.begin();
        if which == Move::SwapStar {
            for (a, b) in (0..routes.info.len()).zip(1..routes.info.len()) {
                if routes.info[a].size > 0 && routes.info[b].size > 0 {
                    tries += 1;
                    swap_star(&mut routes, &mut scratch, a, b);
                }
            }
            continue;
        }
        for u in 0..data.num_stops() {
            for &v in data.neighbours.candidates(u).iter().take(10) {
                let v = v as usize;
                let (a, b) = (routes.nodes[u].route, routes.nodes[v].route);
                if a == NONE || b == NONE || (which == Move::TwoOpt) != (a == b) && which != Move::Relocate {
                    continue;
                }
                tries += 1;
                match which {
                    Move::SwapTails => swap_tails(&mut routes, &mut scratch, u, v),
                    Move::TwoOpt => two_opt(&mut routes, &mut scratch, u, v),
                    Move::Relocate => relocate(&mut routes, &mut scratch, u, v),
                    Move::Swap | Move::SwapStar => swap(&mut routes, &mut scratch, u, v),
                };
            }
        }
    }
    tries
}

/// Builds a solution and runs `iterations` of ruin and recreate, followed by local search where `improve`. Returns the cost
/// of the best solution.
pub fn iterate(problem: &Problem, iterations: usize, improve: bool) -> i64 {
    let data = Data::new(problem);
    if !data.simple {
        iterate_with::<Rich>(&data, iterations, false)
    } else if data.timed {
        iterate_with::<Timed>(&data, iterations, improve)
    } else {
        iterate_with::<Plain>(&data, iterations, improve)
    }
}

fn iterate_with<R: Rules>(data: &Data<'_>, iterations: usize, improve: bool) -> i64 {
    let mut random = Random::new(1);
    let (mut routes, mut recreate) = built::<R>(data, &mut random);
    let mut ruin = Ruin::new(RuinParams::default(), routes.info.len());
    let mut local_search =
        LocalSearch::new(LocalSearchParams { width: 20, relocate: true, swap: true }, data.num_stops());
    let mut jobs = Vec::new();
    for _ in 0..iterations {
        routes.begin();
        let before = routes.cost;
        ruin.run(&mut routes, &mut random, &mut jobs);
        recreate.run(&mut routes, &mut random, &jobs);
        if improve {
            local_search.run(&mut routes, &jobs);
        }
        if routes.cost > before {
            routes.rollback();
        } else {
            routes.commit();
        }
    }
    routes.best_cost()
}
