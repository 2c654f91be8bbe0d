//! Positions of a shipment: its pickup and its delivery.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::{Element, Layout};
use crate::search::general::price::{Price, Progress};
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::units::{Cost, Time};

impl Insert {
    /// Prices the places of a shipment: for each position of the pickup, the rest is driven exactly, and the delivery is priced
    /// behind each element of it.
    pub(super) fn price_shipment(&mut self, solution: &Solution<'_>, random: &mut Random, pickup: usize, limit: Cost) {
        let layout = solution.layout;
        let data = layout.base;
        let delivery = data.partner[pickup] as usize;
        let near = data.neighbours.candidates(pickup).iter().chain(data.neighbours.candidates(delivery));
        // The nearest first: their prices bound the others.
        self.epoch = self.epoch.wrapping_add(1);
        self.seen.resize(solution.routes.len(), 0);
        let mut routes = std::mem::take(&mut self.near_routes);
        routes.clear();
        let unused = (0..layout.vehicles.len())
            .filter_map(|vehicle_type| solution.unused(vehicle_type))
            .map(|route| route as u32);
        let few = if solution.num_used <= 8 { solution.routes.len() } else { 0 };
        let others = (0..few as u32).filter(|&r| !solution.routes[r as usize].is_empty());
        for route in near.map(|&v| solution.route_of(v)).chain(unused).chain(others) {
            if route != NONE && std::mem::replace(&mut self.seen[route as usize], self.epoch) != self.epoch {
                routes.push(route);
            }
        }
        let chain = self.push_chain(&[Element::stop(pickup as u32), Element::stop(delivery as u32)]);
        for &route in &routes {
            self.price_pairs_on(solution, random, route, (pickup, delivery), chain, limit);
        }
        self.near_routes = routes;
    }

    /// Prices the places of a shipment on a route.
    pub(super) fn price_pairs_on(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        route: u32,
        (pickup, delivery): (usize, usize),
        chain: (u32, u32),
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route as usize];
        let vehicle = &layout.base.vehicles[own.vehicle_type];
        if !vehicle.allows(pickup) || !vehicle.allows(delivery) {
            return;
        }
        let lean = layout.vehicles[own.vehicle_type].lean && self.goals.is_empty() && !own.is_empty();
        let mut positions = own.fixed - 1..own.elements.len() - 1;
        if lean && layout.timed {
            // Places grow later along a route: those in time follow each other.
            let stop = &layout.stops[pickup];
            let ready = stop.early + layout.service(&layout.vehicles[own.vehicle_type], pickup);
            positions.start = own.suffixes.partition_point(|suffix| suffix.latest < ready).max(1) - 1;
            positions.end = positions.end.min(own.states.partition_point(|state| state.leave <= stop.late));
        }
        for position in positions {
            let Some(detour) = layout.detour(own, position, pickup as u32, pickup as u32) else { continue };
            let promising = !self.goals.is_empty()
                || layout.vehicles[own.vehicle_type].cost_per_distance * detour < self.bound(limit);
            if !promising || self.blinks.next(random) {
                continue;
            }
            if lean {
                self.price_pair_lean(solution, route, position, (pickup, delivery), (detour, chain), limit);
            } else {
                self.price_pair(solution, route, position, (pickup, delivery), chain, limit);
            }
        }
    }

    /// Prices a shipment whose pickup comes behind an element of a route of nothing but stops and reloads; `detour` is what
    /// the pickup alone costs in distance.
    fn price_pair_lean(
        &mut self,
        solution: &Solution<'_>,
        route: u32,
        position: usize,
        (pickup, delivery): (usize, usize),
        (detour, chain): (i64, (u32, u32)),
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route as usize];
        let vehicle = &layout.vehicles[own.vehicle_type];
        let (dims, resources, residuals) = (layout.dims, layout.resources(), layout.residuals());
        // Whether the shipment can be on board behind an element.
        let carries = |p: usize| {
            (0..dims).all(|d| {
                let (own, room) = (&own.resources[p * resources..], &own.residuals[p * residuals..]);
                let all = own[Layout::DELIVERED + d] + room[layout.residual_delivered() + d];
                all + own[layout.resource_net() + d] + layout.shipped[pickup * dims + d] <= vehicle.capacity[d]
            })
        };
        if !carries(position) {
            return;
        }
        let base = &own.states[position];
        let Some(mut trip) = Progress::of(base).serve(layout, vehicle, base.point, pickup) else { return };
        let mut at = pickup as u32;
        let distance = |from: u32, to: u32| layout.distance(vehicle, from, to);
        let price = |trip: Progress, detour: i64, next: usize| layout.price_delay(own, next, trip, detour);
        // The delivery right behind the pickup.
        let to = own.gaps[position].to;
        if let Some(done) = trip.serve(layout, vehicle, at, delivery) {
            let detour =
                distance(own.gaps[position].from, at) + distance(at, delivery as u32) + distance(delivery as u32, to)
                    - own.gaps[position].arc;
            let arrival = done.drive(layout, vehicle, delivery as u32, to);
            self.offer_pair(price(arrival, detour, position + 1), limit, (route, position, position), chain);
        }
        for second in position + 1..own.elements.len() - 1 {
            let Some(v) = own.elements[second].node() else { return };
            let Some(next) = trip.serve(layout, vehicle, at, v) else { return };
            if next.arrival > own.suffixes[second].latest || !carries(second) {
                return;
            }
            (trip, at) = (next, v as u32);
            if trip.leaves_after(layout.stops[delivery].late) && layout.timed {
                return;
            }
            let gap = &own.gaps[second];
            let detour = detour + distance(at, delivery as u32) + distance(delivery as u32, gap.to) - gap.arc;
            if vehicle.cost_per_distance * detour >= self.bound(limit) || gap.closed {
                continue;
            }
            if let Some(done) = trip.serve(layout, vehicle, at, delivery) {
                let arrival = done.drive(layout, vehicle, delivery as u32, gap.to);
                self.offer_pair(price(arrival, detour, second + 1), limit, (route, position, second), chain);
            }
        }
    }

    fn offer_pair(
        &mut self,
        price: Price,
        limit: Cost,
        (route, position, second): (u32, usize, usize),
        chain: (u32, u32),
    ) {
        if let Price::Delta(price) = price
            && price < self.bound(limit)
        {
            let (position, second) = (position as u32, second as u32);
            self.candidates.push(Candidate { price, route, position, second, chain, upgrade: NONE });
        }
    }

    /// Prices a shipment whose pickup comes behind an element.
    fn price_pair(
        &mut self,
        solution: &Solution<'_>,
        route: u32,
        position: usize,
        (pickup, delivery): (usize, usize),
        chain: (u32, u32),
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route as usize];
        let vehicle = &layout.vehicles[own.vehicle_type];
        let width = layout.resources();
        let base = Layout::located_before(vehicle, &own.elements, position);
        let mut state = own.states[base];
        self.row.copy_from_slice(&own.resources[base * width..(base + 1) * width]);
        let mut row = std::mem::take(&mut self.row);
        let towards = pickup as u32;
        let mut feasible = own.elements[base + 1..=position]
            .iter()
            .all(|&e| layout.extend(vehicle, &mut state, &mut row, e, towards, Time::MIN, false))
            && layout.extend(vehicle, &mut state, &mut row, Element::stop(towards), 0, Time::MIN, false);
        let mut second = position;
        while feasible {
            let bound = self.bound(limit);
            let added = vehicle.cost_per_distance * (state.distance - own.states[second].distance);
            if second > position && added >= bound && self.goals.is_empty() {
                break;
            }
            let is_pause = Layout::is_en_route(vehicle, own.elements[second]) && second > position;
            if !is_pause && (second == position || !own.gaps[second].closed) {
                self.second_row.copy_from_slice(&row);
                let mut last = state;
                let fits = layout.extend(
                    vehicle,
                    &mut last,
                    &mut self.second_row,
                    Element::stop(delivery as u32),
                    0,
                    Time::MIN,
                    false,
                );
                let price = if fits {
                    layout.price_rest(own, second, &mut last, &mut self.second_row, (&self.goals, route as usize))
                } else {
                    Price::Infeasible
                };
                if let Price::Delta(price) = price
                    && (price < bound || (price < limit && self.goals.needs_whole))
                {
                    let second = second as u32;
                    self.candidates.push(Candidate {
                        price,
                        route,
                        position: position as u32,
                        second,
                        chain,
                        upgrade: NONE,
                    });
                }
            }
            second += 1;
            let Some(&element) = own.elements.get(second) else { break };
            if second + 1 >= own.elements.len() {
                break;
            }
            let next = Layout::located_after(vehicle, &own.elements, second);
            let to = layout.point(vehicle, own.elements[next]).unwrap_or(vehicle.end_point);
            feasible = layout.extend(vehicle, &mut state, &mut row, element, to, Time::MIN, false);
        }
        self.row = row;
    }
}
