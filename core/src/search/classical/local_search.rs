//! Local search around the stops that an iteration has changed.

use crate::search::classical::class::Class;
use crate::search::classical::operators::{
    Scratch, change_vehicle, exchange_vehicles, relocate, swap, swap_star, swap_tails, swap_tails_reversed, two_opt,
};
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;

/// How many candidate neighbours of a stop are tried.
const MAX_NEIGHBOURS: usize = 10;

/// Improves a working solution move by move.
pub(crate) struct LocalSearch {
    queue: Vec<u32>,
    queued: Vec<bool>,
    changed: Vec<u32>,
    used: Vec<u32>,
    scratch: Scratch,
}

impl LocalSearch {
    pub(crate) fn new(num_stops: usize) -> Self {
        Self {
            queue: Vec::new(),
            queued: vec![false; num_stops],
            changed: Vec::new(),
            used: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    fn push(&mut self, u: usize) {
        if u < self.queued.len() && !self.queued[u] {
            self.queued[u] = true;
            self.queue.push(u as u32);
        }
    }

    /// Improves around all stops that were touched since the iteration began, until none of them has a better move.
    pub(crate) fn run<C: Class>(&mut self, routes: &mut Routes<'_, C>, around: &[u32]) {
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

    /// Gives the routes that were touched since the iteration began cheaper vehicles of other types.
    pub(crate) fn change_vehicles<C: Class>(&mut self, routes: &mut Routes<'_, C>) {
        if !C::FLEET || routes.num_types() < 2 {
            return;
        }
        routes.touched_routes(&mut self.changed);
        for &route in &self.changed {
            change_vehicle(routes, &mut self.scratch, route as usize);
        }
    }

    /// Lets the routes that were touched since the iteration began exchange vehicles with all others, where a type has none left.
    pub(crate) fn exchange_vehicles<C: Class>(&mut self, routes: &mut Routes<'_, C>) {
        let used_up = |routes: &Routes<'_, C>, t: usize| routes.unused_beside(t).is_none();
        if !C::FLEET || routes.num_types() < 2 || !(0..routes.num_types()).any(|t| used_up(routes, t)) {
            return;
        }
        routes.touched_routes(&mut self.changed);
        self.used.clear();
        routes.used_routes(&mut self.used);
        for &a in &self.changed {
            for &b in &self.used {
                let (a, b) = (a as usize, b as usize);
                if used_up(routes, routes.vehicle_type(a)) || used_up(routes, routes.vehicle_type(b)) {
                    exchange_vehicles(routes, &mut self.scratch, a, b);
                }
            }
        }
    }

    /// Exchanges stops between the routes around and those near them by SWAP*, for as long as that helps.
    pub(crate) fn intensify<C: Class>(&mut self, routes: &mut Routes<'_, C>, around: &[u32]) {
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
    fn improve<C: Class>(&mut self, routes: &mut Routes<'_, C>, u: usize) -> bool {
        let data = routes.data;
        let candidates = data.neighbours.candidates(u);
        let (p, s) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = routes.nodes[u].arc.max(routes.nodes[s].arc);
        let symmetric = routes.is_symmetric();
        for &v in candidates.iter().take(MAX_NEIGHBOURS) {
            let v = v as usize;
            let route = routes.nodes[v].route;
            if route == NONE {
                continue;
            }
            let arc = if C::ORDERED { data.apart(u, v) } else { data.travel.distance(0, u, v) };
            // What exchanged tails save where vehicles end elsewhere, or cost another rate, this bound does not know: it is a choice there.
            let is_far = if routes.has_one_rate() { arc >= longest } else { routes.costs_more(arc, longest, u) };
            if is_far {
                if C::TIMED || C::ORDERED {
                    continue;
                }
                break;
            }
            let same = route == routes.nodes[u].route;
            let (pv, sv) = (routes.nodes[v].prev as usize, routes.nodes[v].next as usize);
            let scratch = &mut self.scratch;
            let better = if same {
                symmetric
                    && (two_opt(routes, scratch, u, v)
                        || ((routes.is_stop(p) || routes.is_stop(pv)) && two_opt(routes, scratch, p, pv)))
            } else {
                swap_tails(routes, scratch, u, v)
                    || swap_tails(routes, scratch, v, u)
                    || (!C::TIMED
                        && symmetric
                        && (swap_tails_reversed(routes, scratch, u, v)
                            || ((routes.is_stop(p) || routes.is_stop(pv))
                                && swap_tails_reversed(routes, scratch, p, pv))))
            } || (!C::TIMED && relocate(routes, scratch, u, v))
                || (!C::TIMED && !same && swap(routes, scratch, u, v));
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
