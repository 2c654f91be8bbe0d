//! The best candidates are held against the exact pass, and the first that it confirms is taken.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::Layout;
use crate::search::general::route::{Route, copy_prefix};
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// How many prices are held against the exact pass before halts are placed anew instead.
const MAX_EXACT: usize = 6;

impl Insert {
    /// Holds the best candidates against the exact pass, and takes the first that it confirms.
    pub(super) fn take_best(&mut self, solution: &mut Solution<'_>, limit: Cost) -> Option<Cost> {
        self.candidates.sort_by_key(|candidate| candidate.price);
        if self.goals.needs_whole {
            return self.take_best_of_all(solution, limit);
        }
        // A break that has come due is placed once.
        let mut mends = true;
        for i in 0..self.candidates.len().min(MAX_EXACT) {
            let candidate = self.candidates[i];
            let route = candidate.route as usize;
            let mut new = solution.take_spare();
            if candidate.upgrade != NONE {
                let (vehicle_type, slot) = (solution.routes[route].vehicle_type, candidate.upgrade as usize);
                let saved = solution.routes[route].cost;
                if self.compose(solution, candidate, &mut new)
                    && new.cost - saved < limit
                    && self.relations_hold(solution, &new)
                {
                    let cost = new.cost - saved;
                    solution.install(route, Route::empty(vehicle_type));
                    solution.install(slot, new);
                    return Some(cost);
                }
                solution.give_back(new);
                continue;
            }
            let mut feasible = self.compose(solution, candidate, &mut new);
            if !feasible && mends && self.placings_left > 0 && solution.layout.misses_break(&new) {
                mends = false;
                self.placings_left -= 1;
                feasible = self.mend(solution, route, &mut new, limit);
            }
            if feasible
                && self.delta(solution, route, &new) < limit
                && solution.fits_sites(route, &new)
                && self.relations_hold(solution, &new)
            {
                let cost = self.delta(solution, route, &new);
                solution.install(route, new);
                return Some(cost);
            }
            solution.give_back(new);
        }
        None
    }

    /// Places the halts of a new route anew. Whether that makes it feasible.
    fn mend(&mut self, solution: &mut Solution<'_>, route: usize, new: &mut Route, limit: Cost) -> bool {
        self.order.clear();
        self.order.extend(new.elements[new.fixed..].iter().filter_map(|e| e.node()).map(|u| u as u32));
        let limit = solution.routes[route].cost.saturating_add(limit);
        let Some(placed) = solution.with_halts_placed(route, new.vehicle_type, &self.order, limit) else {
            return false;
        };
        solution.give_back(std::mem::replace(new, placed));
        true
    }

    /// Evaluates many candidates, and takes the best with all goals: some of them have no price beforehand.
    fn take_best_of_all(&mut self, solution: &mut Solution<'_>, limit: Cost) -> Option<Cost> {
        /// How many candidates are evaluated.
        const MAX_EVALUATED: usize = 48;
        let mut best: Option<(Cost, usize, Route)> = None;
        for i in 0..self.candidates.len().min(MAX_EVALUATED) {
            let candidate = self.candidates[i];
            let route = candidate.route as usize;
            let mut new = solution.take_spare();
            if self.compose(solution, candidate, &mut new)
                && solution.fits_sites(route, &new)
                && self.relations_hold(solution, &new)
            {
                let delta = self.delta(solution, route, &new);
                if delta < best.as_ref().map_or(limit, |b| b.0) {
                    best = Some((delta, route, new));
                    continue;
                }
            }
            solution.give_back(new);
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Whether the relations within a route hold.
    pub(super) fn relations_hold(&mut self, solution: &Solution<'_>, route: &Route) -> bool {
        let relations = &solution.layout.relations;
        if !relations.any() {
            return true;
        }
        self.trial.clear();
        self.trial.extend(route.stops());
        solution.relations_hold(&self.trial)
    }

    /// Builds and evaluates the route that a candidate makes.
    pub(super) fn compose(&self, solution: &Solution<'_>, candidate: Candidate, new: &mut Route) -> bool {
        let layout = solution.layout;
        let own = &solution.routes[candidate.route as usize];
        let position = candidate.position as usize;
        let chain = &self.chains[candidate.chain.0 as usize..candidate.chain.1 as usize];
        (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
        new.elements.clear();
        new.elements.extend_from_slice(&own.elements[..=position]);
        if candidate.second == NONE {
            new.elements.extend_from_slice(chain);
            new.elements.extend_from_slice(&own.elements[position + 1..]);
        } else {
            let second = candidate.second as usize;
            new.elements.push(chain[0]);
            new.elements.extend_from_slice(&own.elements[position + 1..=second]);
            new.elements.push(chain[1]);
            new.elements.extend_from_slice(&own.elements[second + 1..]);
        }
        let vehicle = &layout.vehicles[own.vehicle_type];
        let mut from = Layout::located_before(vehicle, &own.elements, position) + 1;
        if candidate.upgrade != NONE {
            new.vehicle_type = solution.routes[candidate.upgrade as usize].vehicle_type;
            from = 0;
        }
        copy_prefix(layout, own, new, from);
        layout.evaluate(new, from, false)
    }
}
