//! Local search around the stops that an iteration has changed.

use crate::search::data::NONE;
use crate::search::operators::{Scratch, relocate, rich, swap, swap_star, swap_tails, swap_tails_reversed, two_opt};
use crate::search::routes::Routes;
use crate::search::rules::Rules;

/// Which moves are tried, and how far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalSearchParams {
    /// How many candidate neighbours of a stop are looked at.
    pub(crate) width: usize,
    pub(crate) relocate: bool,
    pub(crate) swap: bool,
}

/// Improves a working solution move by move.
pub(crate) struct LocalSearch {
    params: LocalSearchParams,
    queue: Vec<u32>,
    queued: Vec<bool>,
    scratch: Scratch,
    routes: Vec<u32>,
}

impl LocalSearch {
    pub(crate) fn new(params: LocalSearchParams, num_stops: usize) -> Self {
        Self {
            params,
            queue: Vec::new(),
            queued: vec![false; num_stops],
            scratch: Scratch::default(),
            routes: Vec::new(),
        }
    }

    fn push(&mut self, u: usize) {
        if u < self.queued.len() && !self.queued[u] {
            self.queued[u] = true;
            self.queue.push(u as u32);
        }
    }

    /// Improves around all stops that were touched since the iteration began, until none of them has a better move.
    pub(crate) fn run<R: Rules>(&mut self, routes: &mut Routes<'_, R>, around: &[u32]) {
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
    pub(crate) fn polish<R: Rules>(&mut self, routes: &mut Routes<'_, R>, around: &[u32]) {
        /// How many neighbours of a stop lead to routes worth a look.
        const WIDTH: usize = 8;
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for &u in around {
            let a = routes.nodes[u as usize].route;
            for &v in routes.data.neighbours.candidates(u as usize).iter().take(WIDTH) {
                let b = routes.nodes[v as usize].route;
                if a != NONE && b != NONE && a != b {
                    pairs.push((a.min(b), a.max(b)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        if R::RICH {
            self.polish_kinds(routes, around);
            return;
        }
        let mut improved = false;
        for (a, b) in pairs {
            improved |= swap_star(routes, &mut self.scratch, a as usize, b as usize);
        }
        if improved {
            self.run(routes, around);
        }
    }

    /// Gives the routes around cheaper vehicles, as long as there are such.
    pub(crate) fn change_kinds<R: Rules>(&mut self, routes: &mut Routes<'_, R>, around: &[u32]) {
        if !R::RICH || routes.data.vehicles.len() < 2 {
            return;
        }
        self.routes_around(routes, around);
        for i in 0..self.routes.len() {
            rich::change_kind(routes, &mut self.scratch, self.routes[i] as usize);
        }
    }

    fn routes_around<R: Rules>(&mut self, routes: &Routes<'_, R>, around: &[u32]) {
        self.routes.clear();
        self.routes.extend(around.iter().map(|&u| routes.nodes[u as usize].route).filter(|&r| r != NONE));
        self.routes.sort_unstable();
        self.routes.dedup();
    }

    /// Lets the routes around exchange vehicles with all others, as long as that helps.
    fn polish_kinds<R: Rules>(&mut self, routes: &mut Routes<'_, R>, around: &[u32]) {
        if routes.data.vehicles.len() < 2 {
            return;
        }
        self.routes_around(routes, around);
        for i in 0..self.routes.len() {
            for other in 0..routes.info.len() {
                rich::swap_kinds(routes, &mut self.scratch, self.routes[i] as usize, other);
            }
        }
    }

    /// Makes the first better move of `u`.
    fn improve<R: Rules>(&mut self, routes: &mut Routes<'_, R>, u: usize) -> bool {
        let data = routes.data;
        if R::RICH && rich::replace(routes, u) {
            return true;
        }
        let candidates = data.neighbours.candidates(u);
        let (p, s) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = routes.nodes[u].arc.max(routes.nodes[s].arc);
        let undirected = data.metric.is_symmetric();
        for &v in candidates.iter().take(self.params.width) {
            let v = v as usize;
            let route = routes.nodes[v].route;
            if route == NONE {
                continue;
            }
            if data.metric.distance(0, u, v) >= longest {
                if R::TIMED || R::RICH {
                    continue;
                }
                break;
            }
            let same = route == routes.nodes[u].route;
            let (pv, sv) = (routes.nodes[v].prev as usize, routes.nodes[v].next as usize);
            let scratch = &mut self.scratch;
            let better = if R::RICH {
                rich::improve(routes, scratch, u, v, self.params)
            } else if same {
                undirected
                    && (two_opt(routes, scratch, u, v)
                        || ((routes.is_stop(p) || routes.is_stop(pv)) && two_opt(routes, scratch, p, pv)))
            } else {
                swap_tails(routes, scratch, u, v)
                    || swap_tails(routes, scratch, v, u)
                    || (!R::TIMED
                        && undirected
                        && (swap_tails_reversed(routes, scratch, u, v)
                            || ((routes.is_stop(p) || routes.is_stop(pv))
                                && swap_tails_reversed(routes, scratch, p, pv))))
            } || (!R::RICH && self.params.relocate && relocate(routes, scratch, u, v))
                || (!R::RICH && self.params.swap && !same && swap(routes, scratch, u, v));
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
