//! Routes get other vehicles: unused ones that are cheaper, or each other's.

use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::moves::Moves;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// Of so many exchanges of vehicles on routes of stops and reloads, one has the reloads placed anew.
const REPLACE_EVERY: u32 = 8;

impl Moves {
    /// Gives routes cheaper vehicles of other types that are not in use.
    pub(crate) fn change_vehicles(&mut self, solution: &mut Solution<'_>, routes: &[u32]) {
        if solution.layout.vehicles.len() < 2 {
            return;
        }
        for &route in routes {
            let route = route as usize;
            let own = &solution.routes[route];
            if own.is_empty() || own.fixed > 1 {
                continue;
            }
            let mut best: Option<(usize, Route)> = None;
            for vehicle_type in 0..solution.layout.vehicles.len() {
                let Some(slot) = solution.spare_vehicle(vehicle_type) else { continue };
                if vehicle_type == solution.routes[route].vehicle_type {
                    continue;
                }
                let limit = best.as_ref().map_or(solution.routes[route].cost, |b| b.1.cost);
                if let Some(new) = self.with_vehicle(solution, route, vehicle_type, limit) {
                    best = Some((slot, new));
                }
            }
            if let Some((slot, new)) = best {
                let vehicle_type = solution.routes[route].vehicle_type;
                self.take_over(solution, [route, slot], [Route::empty(vehicle_type), new]);
            }
        }
    }

    /// The route with a vehicle of another type, where that costs less than `limit`.
    fn with_vehicle(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        vehicle_type: usize,
        limit: Cost,
    ) -> Option<Route> {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[vehicle_type];
        let own = &solution.routes[route];
        let same_profile = vehicle.profile == layout.vehicles[own.vehicle_type].profile;
        // Another capacity may ask for other reloads. On routes of nothing else, that is tried now and then.
        let before = &layout.vehicles[own.vehicle_type];
        let mut keeps_halts = (vehicle.lean && before.lean) || (!vehicle.has_halts && !before.has_halts);
        if keeps_halts && vehicle.lean && own.last().trips > 1 {
            self.turns += 1;
            keeps_halts = !self.turns.is_multiple_of(REPLACE_EVERY);
        }
        let is_bounded = keeps_halts && vehicle.lean && layout.vehicles[own.vehicle_type].lean && same_profile;
        if is_bounded && lower_bound_with(layout, own, vehicle_type) >= limit {
            return None;
        }
        let bound =
            vehicle.fixed_cost + if same_profile { vehicle.cost_per_distance * own.last().distance / 2 } else { 0 };
        if bound >= limit || !own.stops().all(|u| layout.base.vehicles[vehicle_type].allows(u as usize)) {
            return None;
        }
        let mut new = solution.take_spare();
        let own = &solution.routes[route];
        (new.vehicle_type, new.fixed) = (vehicle_type, 1);
        new.elements.clone_from(&own.elements);
        new.states.clear();
        if keeps_halts {
            if layout.evaluate(&mut new, 0, true) && new.cost < limit {
                return Some(new);
            }
            solution.give_back(new);
            return None;
        }
        solution.give_back(new);
        solution.free_order(route, &mut self.order[1]);
        let order = std::mem::take(&mut self.order[1]);
        let placed = solution.with_halts_placed(route, vehicle_type, &order, limit);
        self.order[1] = order;
        placed
    }

    /// Lets pairs of routes exchange their vehicles, where that is better.
    pub(crate) fn swap_vehicles(&mut self, solution: &mut Solution<'_>, routes: &[u32]) {
        if solution.layout.vehicles.len() < 2 {
            return;
        }
        for &a in routes {
            for b in 0..solution.routes.len() {
                let a = a as usize;
                let (one, other) = (&solution.routes[a], &solution.routes[b]);
                if one.is_empty()
                    || other.is_empty()
                    || one.vehicle_type == other.vehicle_type
                    || one.fixed > 1
                    || other.fixed > 1
                {
                    continue;
                }
                let (k, l, before) = (one.vehicle_type, other.vehicle_type, one.cost + other.cost);
                let Some(new_b) = self.with_vehicle(solution, b, k, before) else { continue };
                let Some(new_a) = self.with_vehicle(solution, a, l, before - new_b.cost) else {
                    solution.give_back(new_b);
                    continue;
                };
                if new_a.cost + new_b.cost < before && solution.fits_sites(a, &new_b) && solution.fits_sites(b, &new_a)
                {
                    // Each slot keeps its vehicle: the routes change places.
                    self.take_over(solution, [a, b], [new_b, new_a]);
                } else {
                    solution.give_back(new_a);
                    solution.give_back(new_b);
                }
            }
        }
    }
}

/// What a route of nothing but stops and reloads costs at least with a vehicle of another type and the same profile.
fn lower_bound_with(layout: &Layout<'_>, route: &Route, vehicle_type: usize) -> Cost {
    let (own, vehicle) = (&layout.vehicles[route.vehicle_type], &layout.vehicles[vehicle_type]);
    let (first, last) = (route.states[1].point, route.states[route.elements.len() - 2].point);
    let single = route.last().trips == 1;
    for d in 0..layout.dims {
        // What the trip loads at most.
        let most = own.capacity[d] - route.residuals[d];
        if single && most > vehicle.capacity[d] {
            return UNLIMITED;
        }
    }
    let ends = |v: &Vehicle| layout.distance(v, v.start_point, first) + layout.distance(v, last, v.end_point);
    let distance = route.last().distance - ends(own) + ends(vehicle);
    vehicle.fixed_cost + vehicle.cost_per_distance * distance
}
