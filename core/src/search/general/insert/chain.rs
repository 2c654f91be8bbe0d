//! Positions of a client, or of the sequence that it leads.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::Element;
use crate::search::general::limits::{REQUIRED_PRIZE, UNLIMITED};
use crate::search::general::price::Price;
use crate::search::general::route::{FULL, LEAN};
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::units::Cost;

/// Up to so many gaps in all routes, every one is priced.
const MAX_GAPS_ALL_PRICED: usize = 48;

impl Insert {
    /// Prices all places of a client, or of the sequence that it leads.
    pub(super) fn price_chain(&mut self, solution: &Solution<'_>, random: &mut Random, u: usize, limit: Cost) {
        let layout = solution.layout;
        let data = layout.base;
        let mut stops: [Element; 1] = [Element::stop(u as u32)];
        let long: Vec<Element>;
        let chain: &[Element] = if layout.relations.next[u] == NONE {
            &mut stops
        } else {
            long = layout.relations.chain(u).map(|v| Element::stop(v as u32)).collect();
            &long
        };
        let last = chain.last().and_then(|e| e.node()).unwrap_or(u);
        self.full.clear();
        let first_candidate = self.candidates.len();
        self.next_epoch(solution);
        let served = solution.num_own() - solution.unserved.items().len();
        if served <= MAX_GAPS_ALL_PRICED && Self::count_gaps(solution) <= MAX_GAPS_ALL_PRICED {
            for route in 0..solution.routes.len() {
                if solution.routes[route].is_empty() || !self.allowed(solution, route, u) {
                    continue;
                }
                for position in solution.routes[route].fixed - 1..solution.routes[route].elements.len() - 1 {
                    self.price_at(solution, random, (u, last), chain, route, position, limit);
                }
            }
        } else if chain.len() == 1 && layout.relations.same_route.of(u).is_empty() {
            self.price_near(solution, random, u, chain, limit);
            let none_near = || data.neighbours.candidates(u).iter().all(|&v| solution.route_of(v) == NONE);
            let far = if layout.is_lean {
                self.candidates.is_empty() && none_near()
            } else {
                self.candidates.len() == first_candidate
            };
            if far {
                self.price_far(solution, random, (u, last), chain, limit);
            }
        } else {
            let related = !layout.relations.same_route.of(u).is_empty();
            let ends = if last == u { [u, u] } else { [u, last] };
            for (i, &end) in ends.iter().enumerate() {
                if i == 1 && last == u {
                    break;
                }
                for &v in data.neighbours.candidates(end) {
                    let (route, position) = solution.place[v as usize];
                    if route == NONE {
                        continue;
                    }
                    let (route, position) = (route as usize, position as usize);
                    for position in [position, position - 1] {
                        self.price_at(solution, random, (u, last), chain, route, position, limit);
                    }
                }
            }
            if related || self.candidates.len() == first_candidate {
                self.price_far(solution, random, (u, last), chain, limit);
            }
        }
        if layout.has_emptyings
            && (self.candidates.len() == first_candidate || random.below(4) == 0 || self.full.len() > 2)
        {
            self.price_emptying(solution, u, chain, limit);
        }
        self.price_openings(solution, u, chain, limit);
        if layout.is_lean && self.candidates.is_empty() && limit >= REQUIRED_PRIZE {
            // What must be served takes any place.
            self.price_far(solution, random, (u, last), chain, limit);
        }
    }

    /// Prices a chain at a place, unless that was done already.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "a chain and a place")]
    pub(super) fn price_at(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, last): (usize, usize),
        chain: &[Element],
        route: usize,
        position: usize,
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        if position + 1 < own.fixed {
            return;
        }
        let vehicle = &layout.vehicles[own.vehicle_type];
        let Some(detour) = layout.detour(own, position, u as u32, last as u32) else { return };
        if self.goals.is_empty() {
            let bound = self.bound(limit);
            if vehicle.cost_per_distance * detour >= bound
                || layout.least_time(own, position, u as u32, last as u32) + vehicle.cost_per_distance * detour >= bound
            {
                return;
            }
        }
        let stamps = &mut self.stamps[route];
        if stamps.len() < own.elements.len() {
            stamps.resize(own.elements.len() + 16, 0);
        }
        if std::mem::replace(&mut stamps[position], self.epoch) == self.epoch
            || self.blinks.next(random)
            || !self.allowed(solution, route, u)
        {
            return;
        }
        let simple =
            chain.len() == 1 && self.goals.is_empty() && !layout.has_releases && layout.is_simple_place(own, position);
        let price = if simple && vehicle.lean {
            layout.price_stop::<LEAN>(own, position, u, detour)
        } else if simple {
            layout.price_stop::<FULL>(own, position, u, detour)
        } else {
            layout.price(own, position, chain, (&self.goals, route), &mut self.row)
        };
        // What repairs a route that is infeasible as it has been driven so far may cost anything.
        let price = match price {
            Price::Delta(price) if own.is_broken => Price::Delta(price - UNLIMITED / 16),
            price => price,
        };
        match price {
            Price::Delta(price) if price < self.bound(limit) || (price < limit && self.goals.needs_whole) => {
                let chain = self.push_chain(chain);
                self.candidates.push(Candidate {
                    price,
                    route: route as u32,
                    position: position as u32,
                    second: NONE,
                    chain,
                    upgrade: NONE,
                });
            }
            Price::Full => self.full.push((detour, route as u32, position as u32)),
            _ => {}
        }
    }

    /// Where nothing near has a place, or others must be on the same route: every gap of the routes at hand.
    fn price_far(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, last): (usize, usize),
        chain: &[Element],
        limit: Cost,
    ) {
        let relations = &solution.layout.relations;
        let home = relations.same_route.partners(u).map(|v| solution.route_of(v)).find(|&route| route != NONE);
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            if own.is_empty() || home.is_some_and(|home| home as usize != route) {
                continue;
            }
            if u == last && !solution.layout.may_fit(own, u) {
                continue;
            }
            let n = own.elements.len();
            let all = home.is_some() || n < 24 || limit >= REQUIRED_PRIZE;
            let ends = [own.fixed - 1, n - 2];
            for position in own.fixed - 1..n - 1 {
                if all || ends.contains(&position) {
                    self.price_at(solution, random, (u, last), chain, route, position, limit);
                }
            }
        }
    }

    fn count_gaps(solution: &Solution<'_>) -> usize {
        let used = solution.routes.iter().filter(|route| !route.is_empty());
        used.map(|route| route.elements.len()).sum()
    }

    pub(super) fn next_epoch(&mut self, solution: &Solution<'_>) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 || self.stamps.len() < solution.routes.len() {
            self.stamps.iter_mut().for_each(|stamps| stamps.fill(0));
            self.stamps.resize(solution.routes.len(), Vec::new());
            self.epoch = 1;
        }
    }
}
