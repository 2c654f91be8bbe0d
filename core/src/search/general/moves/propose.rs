//! From a proposed sequence to a better solution: relations, the exact pass, halts placed anew, and the objective.

use crate::search::data::NONE;
use crate::search::general::layout::{Element, Layout, Role};
use crate::search::general::moves::Moves;
use crate::search::general::route::{Route, copy_prefix};
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Accepts two new routes where both are feasible and together cost less.
    pub(crate) fn accept_pair(
        &mut self,
        solution: &mut Solution<'_>,
        routes: [usize; 2],
        heads: [usize; 2],
        mut new: [Route; 2],
        before: Cost,
    ) -> bool {
        self.one_kind = new[0].vehicle_type == new[1].vehicle_type;
        // The lower bound of each side limits the other.
        let mut bounds = [0; 2];
        let mut feasible = true;
        for side in 0..2 {
            feasible = feasible && self.may_serve(solution, routes, &new[side]);
            if feasible && solution.layout.vehicles[new[side].vehicle_type].has_halts && !solution.layout.is_lean {
                let order = &mut self.order[0];
                order.clear();
                order.extend(free_stops(&new[side]));
                bounds[side] = solution.lower_bound(routes[side], new[side].vehicle_type, order);
            }
        }
        feasible = feasible && bounds[0] + bounds[1] < before;
        feasible = feasible && self.build(solution, routes[0], heads[0], &mut new[0], before - bounds[1]);
        let first = new[0].cost;
        feasible = feasible && self.build(solution, routes[1], heads[1], &mut new[1], before - first);
        let spent = first + new[1].cost;
        if !feasible || spent >= before {
            let [one, other] = new;
            solution.give_back(one);
            solution.give_back(other);
            return false;
        }
        let [one, other] = new;
        if !solution.fits_sites(routes[0], &one) || !solution.fits_sites(routes[1], &other) {
            solution.give_back(one);
            solution.give_back(other);
            return false;
        }
        self.take_over(solution, routes, [one, other])
    }

    /// Installs new routes in place of others, and restores these where goals make the solution worse.
    pub(crate) fn take_over<const N: usize>(
        &mut self,
        solution: &mut Solution<'_>,
        routes: [usize; N],
        new: [Route; N],
    ) -> bool {
        if solution.goals.is_empty() {
            for (route, new) in routes.into_iter().zip(new) {
                solution.install(route, new);
            }
            return true;
        }
        solution.value(&mut self.before);
        let old = routes.map(|route| solution.routes[route].clone());
        for (route, new) in routes.into_iter().zip(new) {
            solution.install(route, new);
        }
        solution.value(&mut self.after);
        if self.after < self.before {
            return true;
        }
        for (route, old) in routes.into_iter().zip(old) {
            solution.install(route, old);
        }
        false
    }

    /// Evaluates a new sequence whose elements up to `head` are the route's own; halts are placed anew where it does not pass.
    pub(crate) fn build(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        head: usize,
        new: &mut Route,
        limit: Cost,
    ) -> bool {
        let layout = solution.layout;
        if !new.elements.iter().any(|e| e.is_stop()) && new.fixed <= 1 {
            let vehicle_type = new.vehicle_type;
            *new = Route::empty(vehicle_type);
            return true;
        }
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[new.vehicle_type];
        let knows = |e: &Element| match e.role() {
            Role::Break(_) | Role::Rest(_) => false,
            Role::Site(k) => vehicle.sites.contains(&(k as u32)),
            Role::Reload(depot) => vehicle.reload_at(depot).is_some(),
            _ => true,
        };
        // Halts of another vehicle type are not this one's.
        let foreign = !new.elements[head + 1..].iter().all(knows);
        let from = if own.vehicle_type == new.vehicle_type {
            Layout::located_before(vehicle, &own.elements, head) + 1
        } else {
            0
        };
        copy_prefix(layout, own, new, from);
        let of_one_kind = self.one_kind || !foreign;
        if of_one_kind && layout.evaluate(new, from, true) {
            return new.cost < limit;
        }
        if !vehicle.has_halts || vehicle.lean || self.placings_left == 0 {
            return false;
        }
        self.placings_left -= 1;
        let order = &mut self.order[0];
        order.clear();
        order.extend(free_stops(new));
        let vehicle_type = new.vehicle_type;
        let own = &solution.routes[route];
        let keep = if own.vehicle_type == vehicle_type { solution.replacement_start(route, head) } else { own.fixed };
        match solution.with_halts_placed_behind(route, vehicle_type, keep, order, limit) {
            Some(placed) => {
                solution.give_back(std::mem::replace(new, placed));
                true
            }
            None => false,
        }
    }

    /// Whether a vehicle may serve the stops of a new sequence, and the relations among them and to other routes hold.
    pub(crate) fn may_serve(&mut self, solution: &Solution<'_>, routes: [usize; 2], new: &Route) -> bool {
        let layout = solution.layout;
        let vehicle = &layout.base.vehicles[new.vehicle_type];
        if !vehicle.allowed.is_empty() && !new.stops().all(|u| vehicle.allows(u as usize)) {
            return false;
        }
        let relations = &layout.relations;
        if !relations.any() {
            return true;
        }
        self.stops.clear();
        self.stops.extend(new.stops());
        solution.relations_hold(&self.stops)
            && relations
                .are_together(&self.stops, &mut solution.sequence_index.borrow_mut(), |v| solution.route_of(v) != NONE)
            && routes.iter().all(|&route| route != NONE as usize)
    }
}

/// The stops of a route behind its fixed part.
fn free_stops(route: &Route) -> impl Iterator<Item = u32> + '_ {
    let from = route.fixed.min(route.elements.len());
    route.elements[from..].iter().filter_map(|e| e.node()).map(|u| u as u32)
}
