//! Local search around the stops that an iteration has changed.

use crate::search::classical::operators::{
    Scratch, relocate, swap, swap_star, swap_tails, swap_tails_reversed, two_opt,
};
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;

/// How many candidate neighbours of a stop are tried.
const MAX_NEIGHBOURS: usize = 10;

/// Improves a working solution move by move.
pub(crate) struct LocalSearch {
    queue: Vec<u32>,
    queued: Vec<bool>,
    scratch: Scratch,
}

impl LocalSearch {
    pub(crate) fn new(num_stops: usize) -> Self {
        Self { queue: Vec::new(), queued: vec![false; num_stops], scratch: Scratch::default() }
    }

    fn push(&mut self, u: usize) {
        if u < self.queued.len() && !self.queued[u] {
            self.queued[u] = true;
            self.queue.push(u as u32);
        }
    }

    /// Improves around all stops that were touched since the iteration began, until none of them has a better move.
    pub(crate) fn run<const TIMED: bool>(&mut self, routes: &mut Routes<'_, TIMED>, around: &[u32]) {
        for &u in around {
            if routes.nodes[u as usize].route != NONE {
                self.push(routes.nodes[u as usize].prev as usize);
                self.push(u as usize);
                self.push(routes.nodes[u as usize].next as usize);
            }
        }
        let mut next = 0;
        while let Some(&u) = self.queue.get(next) {
            next += 1;
            let u = u as usize;
            self.queued[u] = false;
            while routes.nodes[u].route != NONE && self.improve(routes, u) {}
        }
        self.queue.clear();
    }

    /// Exchanges stops between the routes around and those near them by SWAP*, for as long as that helps.
    pub(crate) fn intensify<const TIMED: bool>(&mut self, routes: &mut Routes<'_, TIMED>, around: &[u32]) {
        /// The routes of how many neighbours of a stop are tried.
        const NEAR: usize = 8;
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for &u in around {
            let a = routes.nodes[u as usize].route;
            for &v in routes.data.neighbours.candidates(u as usize).iter().take(NEAR) {
                let b = routes.nodes[v as usize].route;
                if a != NONE && b != NONE && a != b {
                    pairs.push((a.min(b), a.max(b)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut improved = false;
        for (a, b) in pairs {
            improved |= swap_star(routes, &mut self.scratch, a as usize, b as usize);
        }
        if improved {
            self.run(routes, around);
        }
    }

    /// Makes the first better move of `u`.
    fn improve<const TIMED: bool>(&mut self, routes: &mut Routes<'_, TIMED>, u: usize) -> bool {
        let data = routes.data;
        let candidates = data.neighbours.candidates(u);
        let (p, s) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = routes.nodes[u].arc.max(routes.nodes[s].arc);
        let undirected = data.travel.is_symmetric();
        for &v in candidates.iter().take(MAX_NEIGHBOURS) {
            let v = v as usize;
            let route = routes.nodes[v].route;
            if route == NONE {
                continue;
            }
            if data.travel.distance(0, u, v) >= longest {
                if TIMED {
                    continue;
                }
                break;
            }
            let same = route == routes.nodes[u].route;
            let (pv, sv) = (routes.nodes[v].prev as usize, routes.nodes[v].next as usize);
            let scratch = &mut self.scratch;
            let better = if same {
                undirected
                    && (two_opt(routes, scratch, u, v)
                        || ((routes.is_stop(p) || routes.is_stop(pv)) && two_opt(routes, scratch, p, pv)))
            } else {
                swap_tails(routes, scratch, u, v)
                    || swap_tails(routes, scratch, v, u)
                    || (!TIMED
                        && undirected
                        && (swap_tails_reversed(routes, scratch, u, v)
                            || ((routes.is_stop(p) || routes.is_stop(pv))
                                && swap_tails_reversed(routes, scratch, p, pv))))
            } || (!TIMED && relocate(routes, scratch, u, v))
                || (!TIMED && !same && swap(routes, scratch, u, v));
            if better {
                for n in [p, s, v, pv, sv] {
                    self.push(n);
                }
                return true;
            }
        }
        false
    }
}
