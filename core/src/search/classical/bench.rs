//! Parts of the search as the project's benchmarks run them.

use crate::search::classical::class::Class;
use crate::search::classical::construct::construct;
use crate::search::classical::local_search::LocalSearch;
use crate::search::classical::operators::{Scratch, relocate, swap, swap_star, swap_tails, two_opt};
use crate::search::classical::recreate::Recreate;
use crate::search::classical::routes::Routes;
use crate::search::classical::ruin::Ruin;
use crate::search::data::{Data, NONE};
use crate::search::interrupt::NEVER;
use crate::search::random::Random;
use crate::search::ruin_size::RuinParams;

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

fn built<'a, C: Class>(data: &'a Data<'a>, random: &mut Random) -> (Routes<'a, C>, Recreate) {
    let mut routes: Routes<'_, C> = Routes::new(data);
    let mut recreate = Recreate::new(0.0, random);
    construct(&mut routes, &mut recreate, random, NEVER);
    (routes, recreate)
}

/// See [`crate::internals::sweep`].
pub(crate) fn sweep<C: Class>(data: &Data<'_>, which: Move, rounds: usize) -> u64 {
    let (mut routes, _) = built::<C>(data, &mut Random::new(1));
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

/// See [`crate::internals::iterate`].
pub(crate) fn iterate<C: Class>(data: &Data<'_>, iterations: usize, improve: bool) -> i64 {
    let mut random = Random::new(1);
    let (mut routes, mut recreate) = built::<C>(data, &mut random);
    let params = RuinParams { removed: 10.0, removed_from_short: 10.0, whole_route: 0.0, trip: 0.0, sort: 0.0 };
    let mut ruin = Ruin::new(params, routes.info.len());
    let mut local_search = LocalSearch::new(data.num_stops());
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
    routes.best().cost
}
