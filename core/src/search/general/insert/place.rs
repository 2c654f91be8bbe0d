//! Positions of a single stop beside its granular neighbours: a cheap test of each reads half a cache line.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::Element;
use crate::search::general::price::Price;
use crate::search::general::route::{FULL, LEAN, PLAIN};
use crate::search::general::solution::Solution;
use crate::search::neighbours::CandidateArc;
use crate::search::random::Random;
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Time};

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
        let travel = &data.travel;
        let candidate_arcs = data.neighbours.candidate_arcs(u);
        let reach = i64::from(candidate_arcs.last().map_or(0, |a| a.distance));
        let m = data.num_stops() as u32;
        let one_load = layout.dims == 1 && !layout.has_emptyings;
        let (waste, delivery) = if one_load { (layout.waste[u], layout.delivery[u]) } else { (0, 0) };
        let pushed = self.push_chain(chain);
        let weighs_arcs = self.goals.is_empty();
        let one_profile = layout.one_profile;
        let arc = |route: u32, from: u32, to: u32| {
            if one_profile {
                return i64::from(travel.distance(0, from as usize, to as usize));
            }
            layout.distance(&layout.vehicles[solution.routes[route as usize].vehicle_type], from, to)
        };
        // A larger vehicle may start elsewhere, and earlier.
        let screens = layout.screens_times && !self.upgrades;
        let (one_table, symmetric) = (travel.one_table(), one_profile && travel.is_symmetric());
        let (early, late, service) = (layout.stops[u].early, layout.stops[u].late, Time::from(data.service[u]));
        let in_time = |left: Time, (from, to): (u32, u32), (first, second): (i64, i64), latest: Time| {
            let takes = |from: u32, to: u32| Time::from(travel.duration(0, from as usize, to as usize));
            let (first, second) =
                if one_table { (first, second) } else { (takes(from, u as u32), takes(u as u32, to)) };
            left + first <= late && (left + first).max(early) + service + second <= latest
        };
        // The longest detour that may cost less than a bound.
        let most = |bound: Cost| match layout.least_rate {
            rate if weighs_arcs && rate > 0 && bound > 0 => (bound - 1) / rate,
            _ => i64::MAX,
        };
        let mut longest = most(self.bound(limit));
        for (i, &CandidateArc { node: v, distance: to }) in candidate_arcs.iter().enumerate() {
            let gaps = &solution.adjacent_gaps[v as usize];
            if gaps.route == NONE {
                continue;
            }
            let to = if one_profile { i64::from(to) } else { arc(gaps.route, v, u as u32) };
            let place = (gaps.route as usize, gaps.position as usize);
            if self.upgrades || waste <= i64::from(gaps.waste_room) && delivery <= i64::from(gaps.delivery_room) {
                let from = arc(gaps.route, u as u32, gaps.to);
                if to + from - i64::from(gaps.behind) <= longest
                    && (!screens || {
                        let times = &solution.adjacent_times[v as usize];
                        in_time(times.left, (v, gaps.to), (to, from), times.latest_behind)
                    })
                {
                    self.price_place(solution, random, (u, chain), place, (to, from, gaps.behind), (limit, pushed));
                    longest = most(self.bound(limit));
                }
            }
            // The place before is the one behind another candidate, unless that is far or no stop.
            if i == 0 || gaps.from >= m || i64::from(gaps.before) + to > reach {
                let from = if symmetric { to } else { arc(gaps.route, u as u32, v) };
                let to =
                    if symmetric { arc(gaps.route, u as u32, gaps.from) } else { arc(gaps.route, gaps.from, u as u32) };
                if to + from - i64::from(gaps.before) <= longest
                    && (!screens || {
                        let times = &solution.adjacent_times[v as usize];
                        in_time(times.left_before, (gaps.from, v), (to, from), times.latest)
                    })
                {
                    let place = (place.0, place.1 - 1);
                    self.price_place(solution, random, (u, chain), place, (to, from, gaps.before), (limit, pushed));
                    longest = most(self.bound(limit));
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
        let price = if layout.is_plain && self.goals.is_empty() {
            layout.price_stop::<PLAIN>(own, position, u, detour)
        } else if vehicle.lean && self.goals.is_empty() {
            layout.price_stop::<LEAN>(own, position, u, detour)
        } else if self.goals.is_empty() && !layout.has_releases && layout.is_simple_place(own, position) {
            layout.price_stop::<FULL>(own, position, u, detour)
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
