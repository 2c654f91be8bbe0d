//! Insertion with halts placed anew: into small problems, and where no position could be priced.

use crate::search::data::NONE;
use crate::search::general::insert::{Insert, Wanted};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::solution::{CheapestRoute, Solution};
use crate::search::random::Random;
use crate::units::Cost;

impl Insert {
    /// Tries every position of every route with its halts placed anew, and takes the best.
    pub(super) fn try_everything(
        &mut self,
        solution: &mut Solution<'_>,
        random: &mut Random,
        u: usize,
        limit: Cost,
    ) -> Option<Cost> {
        /// How often a position is skipped, half of the time: the best position for one stop may block others.
        const SKIPPED: f64 = 0.25;
        let skipped = if random.below(2) == 0 { SKIPPED } else { 0.0 };
        let mut cheapest = CheapestRoute::below(limit);
        let mut seen = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let vehicle_type = solution.routes[route].vehicle_type;
            if solution.routes[route].is_empty() {
                if solution.unused(vehicle_type).is_none() || std::mem::replace(&mut seen[vehicle_type], true) {
                    continue;
                }
                let Some(slot) = solution.unused(vehicle_type) else { continue };
                self.try_route(solution, slot, u, (random, skipped), &mut cheapest);
            } else {
                self.try_route(solution, route, u, (random, skipped), &mut cheapest);
            }
        }
        solution.install_cheapest(cheapest)
    }

    /// Tries every position of a route, but for some that are skipped, with its halts placed anew.
    pub(in crate::search::general) fn try_route(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        u: usize,
        (random, skipped): (&mut Random, f64),
        cheapest: &mut CheapestRoute,
    ) {
        let data = solution.layout.base;
        let keep = solution.routes[route].fixed;
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
                    if skipped > 0.0 && random.unit() < skipped {
                        continue;
                    }
                    let mut trial = order.clone();
                    if let Some(delivery) = pair {
                        trial.insert(second, delivery);
                    }
                    trial.splice(position..position, chain.iter().copied());
                    solution.consider_order(route, keep, &trial, &self.goals, cheapest);
                }
            }
        }
        self.order = order;
    }

    /// Tries the best position of each of a few near routes with halts placed anew: where no position could be priced.
    pub(super) fn try_orders(&mut self, solution: &mut Solution<'_>, u: usize, limit: Cost) -> Option<Cost> {
        /// How many routes are tried.
        const ROUTES: usize = 3;
        let (data, relations) = (solution.layout.base, &solution.layout.relations);
        if self.placings_left == 0
            || !solution.layout.vehicles.iter().any(|v| v.has_halts)
            || data.partner[u] != NONE
            || data.group[u] != NONE
        {
            return None;
        }
        let last = relations.chain(u).last().unwrap_or(u) as u32;
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
        let unused = (0..solution.layout.vehicles.len()).filter_map(|vehicle_type| solution.unused(vehicle_type));
        let unused: Vec<usize> = unused.filter(|&route| self.allowed(solution, route, u)).take(ROUTES).collect();
        places.extend(unused.into_iter().map(|route| (0, route, 0)));
        places.truncate(self.placings_left);
        self.placings_left -= places.len();
        let mut cheapest = CheapestRoute::below(limit);
        for (_, route, position) in places {
            let chain = relations.chain(u).map(|v| v as u32);
            solution.free_order_with(route, position, chain, &mut self.order);
            let keep = solution.replacement_start(route, position);
            solution.consider_order(route, keep, &self.order, &self.goals, &mut cheapest);
        }
        solution.install_cheapest(cheapest)
    }

    /// Serves the job that `u` stands for where that costs least, by a vehicle of the type or of any. Whether that can be done
    /// without changing more of the plan. On short routes it is the cheapest place whatever is wanted.
    pub(crate) fn serve(
        &mut self,
        solution: &mut Solution<'_>,
        u: usize,
        vehicle_type: Option<usize>,
        wanted: Wanted,
    ) -> bool {
        let mut cheapest = CheapestRoute::below(UNLIMITED / 8);
        let mut seen_unused = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            let is_new = |seen: &mut bool| !std::mem::replace(seen, true);
            if vehicle_type.is_none_or(|vehicle_type| own.vehicle_type == vehicle_type)
                && (!own.is_empty() || is_new(&mut seen_unused[own.vehicle_type]))
            {
                if Self::is_long(solution, route) {
                    self.try_long_route(solution, route, u, wanted, &mut cheapest);
                } else {
                    self.try_route(solution, route, u, (&mut Random::new(0), 0.0), &mut cheapest);
                }
            }
        }
        solution.install_cheapest(cheapest).is_some()
    }
}
