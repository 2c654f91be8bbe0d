//! Positions of a single stop beside its granular neighbours: a cheap test of each reads half a cache line.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::Element;
use crate::search::general::price::Price;
use crate::search::general::solution::Solution;
use crate::search::neighbours::CandidateArc;
use crate::search::random::Random;
use crate::search::travel_table::FORBIDDEN;
use crate::units::Cost;

impl Insert {
    /// Prices the places of a single stop beside those near it: a first look at each reads one half of a cache line.
    pub(super) fn price_near(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        u: usize,
        chain: &[Element],
        limit: Cost,
    ) {
        let layout = solution.layout;
        let data = layout.base;
        let candidate_arcs = data.neighbours.candidate_arcs(u);
        let reach = candidate_arcs.last().map_or(0, |a| a.distance);
        let m = data.num_stops() as u32;
        let one_load = layout.dims == 1 && !layout.has_emptyings;
        let (waste, delivery) = if one_load { (layout.waste[u], layout.delivery[u]) } else { (0, 0) };
        let pushed = self.push_chain(chain);
        let one_rate = layout.rate.filter(|_| self.goals.is_empty());
        let mut bound = self.bound(limit);
        for (i, &CandidateArc { node: v, distance: to }) in candidate_arcs.iter().enumerate() {
            let gaps = &solution.adjacent_gaps[v as usize];
            if gaps.route == NONE {
                continue;
            }
            let own = || &layout.vehicles[solution.routes[gaps.route as usize].vehicle_type];
            let to = if layout.one_profile { i64::from(to) } else { layout.distance(own(), v, u as u32) };
            let place = (gaps.route as usize, gaps.position as usize);
            if self.upgrades || waste <= i64::from(gaps.waste_room) && delivery <= i64::from(gaps.delivery_room) {
                let from = match one_rate {
                    Some(_) => layout.base.travel.distance(0, u, gaps.to as usize).into(),
                    None => layout.distance(own(), u as u32, gaps.to),
                };
                if one_rate.is_none_or(|rate| rate * (to + from - i64::from(gaps.behind)) < bound) {
                    self.price_place(solution, random, (u, chain), place, (to, from, gaps.behind), (limit, pushed));
                    bound = self.bound(limit);
                }
            }
            // The place before is the one behind another candidate, unless that is far or no stop.
            if i == 0 || gaps.from >= m || i64::from(gaps.before) + to > i64::from(reach) {
                let vehicle = own();
                let from = layout.distance(vehicle, u as u32, v);
                let to = layout.distance(vehicle, gaps.from, u as u32);
                if one_rate.is_none_or(|rate| rate * (to + from - i64::from(gaps.before)) < bound) {
                    let place = (place.0, place.1 - 1);
                    self.price_place(solution, random, (u, chain), place, (to, from, gaps.before), (limit, pushed));
                    bound = self.bound(limit);
                }
            }
        }
    }

    /// Prices a stop at a place whose arc would be exchanged for two others.
    #[inline]
    fn price_place(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, chain): (usize, &[Element]),
        (route, position): (usize, usize),
        (to, from, arc): (i64, i64, i32),
        (limit, pushed): (Cost, (u32, u32)),
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[own.vehicle_type];
        let detour = to + from - i64::from(arc);
        let bound = self.bound(limit);
        if (vehicle.cost_per_distance * detour >= bound && self.goals.is_empty())
            || to.max(from) >= i64::from(FORBIDDEN)
            || position + 1 < own.fixed
            || own.gaps[position].closed
            || self.blinks.next(random)
            || !self.allowed(solution, route, u)
        {
            return;
        }
        if self.goals.is_empty()
            && layout.least_time(own, position, u as u32, u as u32) + vehicle.cost_per_distance * detour >= bound
        {
            return;
        }
        let price = if vehicle.lean && self.goals.is_empty() {
            layout.price_stop::<true>(own, position, u, detour)
        } else if self.goals.is_empty() && !layout.has_releases && layout.is_simple_place(own, position) {
            layout.price_stop::<false>(own, position, u, detour)
        } else {
            layout.price(own, position, chain, (&self.goals, route), &mut self.row)
        };
        match price {
            Price::Delta(price) if price < bound => {
                let (route, position) = (route as u32, position as u32);
                self.candidates.push(Candidate { price, route, position, second: NONE, chain: pushed, upgrade: NONE });
            }
            Price::Full if self.upgrades => {
                self.price_upgrades(solution, (u, pushed), (route, position), detour, limit);
            }
            Price::Full if layout.has_emptyings => self.full.push((detour, route as u32, position as u32)),
            _ => {}
        }
    }

    /// Prices a stop at a place of a route that a larger vehicle takes over.
    fn price_upgrades(
        &mut self,
        solution: &Solution<'_>,
        (u, pushed): (usize, (u32, u32)),
        (route, position): (usize, usize),
        detour: i64,
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[own.vehicle_type];
        if own.fixed > 1 || own.is_empty() || own.last().trips > 1 {
            return;
        }
        let distance = own.last().distance;
        for &vehicle_type in &layout.base.vehicles[own.vehicle_type].larger {
            let Some(slot) = solution.spare_vehicle(vehicle_type) else { continue };
            let larger = &layout.vehicles[vehicle_type];
            let may = &layout.base.vehicles[vehicle_type];
            let serves_all = || may.allows(u) && own.stops().all(|v| may.allows(v as usize));
            if !may.allowed.is_empty() && !serves_all() {
                continue;
            }
            let price = larger.fixed_cost - vehicle.fixed_cost + larger.cost_per_distance * (distance + detour)
                - vehicle.cost_per_distance * distance;
            if price < self.bound(limit) && layout.would_fit(own, position, u, vehicle_type) {
                let (route, position, upgrade) = (route as u32, position as u32, slot as u32);
                self.candidates.push(Candidate { price, route, position, second: NONE, chain: pushed, upgrade });
            }
        }
    }
}
