//! Insertion with halts placed anew: into small problems, and where no price was found.

use crate::search::data::NONE;
use crate::search::general::insert::Insert;
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::units::Cost;

impl Insert {
    /// Tries every place of every route with its halts placed anew, and takes the best.
    pub(super) fn try_everything(
        &mut self,
        solution: &mut Solution<'_>,
        random: &mut Random,
        u: usize,
        limit: Cost,
    ) -> Option<Cost> {
        /// How often a place is overlooked, half of the time: the best place for one stop may be in the way of the others.
        const OVERLOOKED: f64 = 0.25;
        let overlooked = if random.below(2) == 0 { OVERLOOKED } else { 0.0 };
        let mut best: Option<(Cost, usize, Route)> = None;
        let mut seen = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let kind = solution.routes[route].kind;
            if solution.routes[route].is_empty() {
                if solution.unused(kind).is_none() || std::mem::replace(&mut seen[kind], true) {
                    continue;
                }
                let Some(slot) = solution.unused(kind) else { continue };
                self.try_route(solution, slot, u, limit, (random, overlooked), &mut best);
            } else {
                self.try_route(solution, route, u, limit, (random, overlooked), &mut best);
            }
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Tries every place of a route, but for some that are overlooked, with its halts placed anew.
    fn try_route(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        u: usize,
        limit: Cost,
        (random, overlooked): (&mut Random, f64),
        best: &mut Option<(Cost, usize, Route)>,
    ) {
        let data = solution.layout.base;
        let before = solution.routes[route].cost;
        let kind = solution.routes[route].kind;
        let mut order = std::mem::take(&mut self.order);
        solution.free_order(route, &mut order);
        for member in Self::alternatives(solution, u).unwrap_or_else(|| vec![u]) {
            if !solution.layout.relations.leads(member) || !self.allowed(solution, route, member) {
                continue;
            }
            let chain: Vec<u32> = solution.layout.relations.chain(member).map(|v| v as u32).collect();
            let pair = Some(data.partner[member]).filter(|&delivery| delivery != NONE);
            for position in 0..=order.len() {
                let seconds = if pair.is_some() { position..=order.len() } else { position..=position };
                for second in seconds {
                    if overlooked > 0.0 && random.unit() < overlooked {
                        continue;
                    }
                    let mut trial = order.clone();
                    if let Some(delivery) = pair {
                        trial.insert(second, delivery);
                    }
                    trial.splice(position..position, chain.iter().copied());
                    let fixed = solution.routes[route].elements[..solution.routes[route].fixed].iter();
                    let mut all: Vec<u32> = fixed.filter_map(|e| e.node()).map(|u| u as u32).collect();
                    all.extend_from_slice(&trial);
                    if !solution.relations_hold(&all) {
                        continue;
                    }
                    let most = best.as_ref().map_or(limit, |b| b.0.min(limit));
                    if let Some(new) = solution.placed(route, kind, &trial, before.saturating_add(most)) {
                        let delta = self.delta(solution, route, &new);
                        if delta < most {
                            *best = Some((delta, route, new));
                        }
                    }
                }
            }
        }
        self.order = order;
    }

    /// Tries the places of a few near routes with halts placed anew: where no place could be priced.
    pub(super) fn try_orders(&mut self, solution: &mut Solution<'_>, u: usize, limit: Cost) -> Option<Cost> {
        /// How many routes are tried.
        const ROUTES: usize = 3;
        let data = solution.layout.base;
        if !solution.layout.vehicles.iter().any(|v| v.has_halts) || data.partner[u] != NONE || data.group[u] != NONE {
            return None;
        }
        let last = solution.layout.relations.chain(u).last().unwrap_or(u) as u32;
        let mut places: Vec<(i64, usize, usize)> = Vec::new();
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            if own.is_empty() || !self.allowed(solution, route, u) {
                continue;
            }
            let positions = own.fixed - 1..own.elements.len() - 1;
            let detours = positions.filter_map(|p| Some((solution.layout.detour(own, p, u as u32, last)?, p)));
            places.extend(detours.min().map(|(detour, p)| (detour, route, p)));
        }
        places.sort_unstable();
        places.truncate(ROUTES);
        let unused = (0..solution.layout.vehicles.len()).filter_map(|kind| solution.unused(kind));
        let unused: Vec<usize> = unused.filter(|&route| self.allowed(solution, route, u)).take(ROUTES).collect();
        places.extend(unused.into_iter().map(|route| (0, route, 0)));
        let mut best: Option<(Cost, usize, Route)> = None;
        for (_, route, position) in places {
            let own = &solution.routes[route];
            let mut order = std::mem::take(&mut self.order);
            order.clear();
            let before = own.cost;
            let kind = own.kind;
            for (p, element) in own.elements.iter().enumerate().skip(own.fixed - 1) {
                if p >= own.fixed {
                    order.extend(element.node().map(|u| u as u32));
                }
                if p == position {
                    order.extend(solution.layout.relations.chain(u).map(|v| v as u32));
                }
            }
            let most = best.as_ref().map_or(limit, |b| b.0.min(limit));
            let fixed = own.elements[..own.fixed].iter().filter_map(|e| e.node()).map(|u| u as u32);
            self.trial.clear();
            self.trial.extend(fixed);
            self.trial.extend_from_slice(&order);
            if solution.relations_hold(&self.trial)
                && let Some(new) = {
                    let keep = solution.window(route, position);
                    solution.placed_behind(route, kind, keep, &order, before.saturating_add(most))
                }
            {
                let delta = self.delta(solution, route, &new);
                if delta < most {
                    best = Some((delta, route, new));
                }
            }
            self.order = order;
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Serves the job that `u` stands for where that costs least, by a vehicle of the type or of any. Whether that can be done
    /// without changing more of the plan.
    pub(crate) fn serve(&mut self, solution: &mut Solution<'_>, u: usize, kind: Option<usize>) -> bool {
        let mut best = None;
        let mut seen_unused = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            let is_new = |seen: &mut bool| !std::mem::replace(seen, true);
            if kind.is_none_or(|kind| own.kind == kind) && (!own.is_empty() || is_new(&mut seen_unused[own.kind])) {
                self.try_route(solution, route, u, UNLIMITED / 8, (&mut Random::new(0), 0.0), &mut best);
            }
        }
        let found = best.is_some();
        if let Some((_, route, new)) = best {
            solution.install(route, new);
        }
        found
    }
}
