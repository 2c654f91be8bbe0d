//! Greedy insertion: the few places of a job that cost the least way are evaluated exactly.

use crate::search::data::NONE;
use crate::search::day::data::DayData;
use crate::search::day::solution::Solution;
use crate::search::metric::FORBIDDEN;
use crate::search::random::{Blinks, Random};
use crate::units::Cost;

/// How many places of a job are evaluated exactly, and how many more where none of them is feasible.
const PLACES: usize = 20;
const MORE_PLACES: usize = 40;
/// How many places of each end of a shipment are combined.
const ENDS: usize = 4;

/// A place for stops: behind so many stops of a route, at the price of the detour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    detour: i64,
    route: u32,
    position: u32,
    /// Of a shipment: behind how many stops, its own pickup counted, the delivery comes; else 0.
    second: u32,
    /// The first stop that is inserted.
    first: u32,
}

impl Spot {
    /// Behind how many of the route's present stops nothing changes.
    const fn behind(self) -> usize {
        if self.second > 0 { self.second as usize - 1 } else { self.position as usize }
    }
}

/// Inserts jobs.
pub(super) struct Insert {
    blinks: Blinks,
    spots: Vec<Spot>,
    sequence: Vec<u32>,
    best: Vec<u32>,
}

impl Insert {
    pub(super) fn new(blink: f64, random: &mut Random) -> Self {
        Self { blinks: Blinks::new(blink, random), spots: Vec::new(), sequence: Vec::new(), best: Vec::new() }
    }

    /// Serves the job that the unserved stop `u` stands for where that is cheapest and costs less than leaving it. Returns
    /// whether it is served.
    pub(super) fn run(&mut self, solution: &mut Solution<'_>, random: &mut Random, u: usize) -> bool {
        let data = solution.data;
        self.spots.clear();
        let base = data.base;
        if base.partner[u] != NONE {
            self.shipment_spots(solution, u);
        } else if base.group[u] != NONE {
            for &member in &base.members[base.group[u] as usize] {
                self.client_spots(solution, member as usize);
            }
        } else {
            self.client_spots(solution, u);
        }
        self.spots.sort_unstable();
        self.spots.dedup();
        let mut limit = solution.goals.penalty[u];
        let mut found: Option<usize> = None;
        let mut tried = 0;
        for i in 0..self.spots.len() {
            // Where nothing near is feasible, an unused vehicle is asked all the same.
            let opens = solution.routes[self.spots[i].route as usize].stops.is_empty();
            if tried >= PLACES && (found.is_some() || (tried >= MORE_PLACES && !opens)) {
                if found.is_some() {
                    break;
                }
                continue;
            }
            if self.blinks.next(random) {
                continue;
            }
            let spot = self.spots[i];
            let route = spot.route as usize;
            if !self.compose(solution, spot) {
                continue;
            }
            let extra = if opens { solution.goals.vehicle() } else { 0 };
            let now = solution.routes[route].cost;
            let kind = solution.routes[route].kind;
            if !solution.within_totals(kind, &self.sequence) {
                continue;
            }
            tried += 1;
            let ceiling = now.saturating_add(limit).saturating_sub(extra);
            let tail = Some((route, spot.behind()));
            let value = solution.value(route, kind, spot.position as usize, &self.sequence, tail, ceiling);
            if let Some(value) = value {
                limit = value.cost - now + extra;
                found = Some(route);
                std::mem::swap(&mut self.best, &mut self.sequence);
            }
        }
        found.is_some_and(|route| solution.rebuild(route, self.best.clone()))
    }

    /// What it costs to serve the job that `u` stands for by a vehicle of the type, at the best of all places; `None`: there
    /// is none.
    pub(super) fn cheapest(&mut self, solution: &mut Solution<'_>, u: usize, kind: usize) -> Option<Cost> {
        let mut best: Option<Cost> = None;
        let is_pair = solution.data.base.partner[u] != NONE;
        let mut seen_unused = false;
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            if own.kind != kind || (own.stops.is_empty() && std::mem::replace(&mut seen_unused, true)) {
                continue;
            }
            let (len, now) = (own.stops.len(), own.cost);
            for position in solution.first_free(route)..=len {
                let seconds = if is_pair { position + 1..len + 2 } else { 0..1 };
                for second in seconds {
                    let spot = Spot {
                        detour: 0,
                        route: route as u32,
                        position: position as u32,
                        second: second as u32,
                        first: u as u32,
                    };
                    if !self.compose(solution, spot) || !solution.within_totals(kind, &self.sequence) {
                        continue;
                    }
                    let ceiling = best.map_or(Cost::MAX, |best| now.saturating_add(best));
                    if let Some(value) = solution.value(route, kind, position, &self.sequence, None, ceiling) {
                        best = Some(value.cost - now);
                    }
                }
            }
        }
        best
    }

    /// Writes the sequence that a spot makes; false where ties between stops forbid it.
    fn compose(&mut self, solution: &Solution<'_>, spot: Spot) -> bool {
        let ties = &solution.data.ties;
        let stops = &solution.routes[spot.route as usize].stops;
        let position = spot.position as usize;
        self.sequence.clear();
        self.sequence.extend_from_slice(&stops[..position]);
        if spot.second > 0 {
            let second = spot.second as usize;
            self.sequence.push(spot.first);
            self.sequence.extend_from_slice(&stops[position..second - 1]);
            self.sequence.push(solution.data.base.partner[spot.first as usize]);
            self.sequence.extend_from_slice(&stops[second - 1..]);
        } else {
            let mut at = spot.first;
            while at != NONE && self.sequence.len() <= stops.len() + ties.next.len() {
                self.sequence.push(at);
                at = ties.next[at as usize];
            }
            self.sequence.extend_from_slice(&stops[position..]);
        }
        if !ties.any() {
            return true;
        }
        let new = &self.sequence[position..self.sequence.len() - (stops.len() - position)];
        new.iter().all(|&u| ties.allow(u as usize, spot.route, |v| solution.route_of(v)))
            && ties.in_order(&self.sequence)
    }

    /// Lists the places of a client, or of the sequence that it leads.
    fn client_spots(&mut self, solution: &Solution<'_>, u: usize) {
        let data = solution.data;
        if !data.ties.leads(u) {
            return;
        }
        let chain = data.ties.chain(u);
        let last = *chain.last().unwrap_or(&(u as u32)) as usize;
        let ends = if last == u { [u, u] } else { [u, last] };
        for end in ends {
            for &v in data.base.neighbours.candidates(end) {
                let (route, position) = solution.place[v as usize];
                if route == NONE {
                    continue;
                }
                for position in [position, position + 1] {
                    self.add(solution, u, last, route, position);
                }
            }
            if last == u {
                break;
            }
        }
        // Who must be on one route with others goes there, near or not.
        for &mate in &data.ties.mates[u] {
            let route = solution.route_of(mate);
            if route != NONE {
                let from = solution.first_free(route as usize);
                (from..=solution.routes[route as usize].stops.len())
                    .for_each(|position| self.add(solution, u, last, route, position as u32));
            }
        }
        self.add_ends(solution, u, last);
    }

    /// Lists the unused vehicle of each type, and the two ends of routes where the neighbours offer little.
    fn add_ends(&mut self, solution: &Solution<'_>, u: usize, last: usize) {
        for kind in 0..solution.data.kinds.len() {
            if let Some(route) = solution.unused(kind) {
                self.add(solution, u, last, route as u32, 0);
            }
        }
        if self.spots.len() < PLACES {
            for route in 0..solution.routes.len() {
                let len = solution.routes[route].stops.len() as u32;
                self.add(solution, u, last, route as u32, len);
                self.add(solution, u, last, route as u32, solution.first_free(route) as u32);
            }
        }
    }

    fn add(&mut self, solution: &Solution<'_>, first: usize, last: usize, route: u32, position: u32) {
        let own = &solution.routes[route as usize];
        let position = position as usize;
        if position < solution.first_free(route as usize) || !solution.data.vehicle(own.kind).allows(first) {
            return;
        }
        let Some((before, after)) = gap(solution, route as usize, position) else { return };
        if let Some(detour) = detour(solution.data, own.kind, before, after, first, last, own.stops.is_empty()) {
            self.spots.push(Spot { detour, route, position: position as u32, second: 0, first: first as u32 });
        }
    }

    /// Lists the best pairs of places of a shipment's ends.
    fn shipment_spots(&mut self, solution: &Solution<'_>, pickup: usize) {
        let data = solution.data;
        let delivery = data.base.partner[pickup] as usize;
        let mut routes: Vec<u32> = [pickup, delivery]
            .iter()
            .flat_map(|&end| data.base.neighbours.candidates(end))
            .map(|&v| solution.route_of(v))
            .filter(|&route| route != NONE)
            .collect();
        routes.sort_unstable();
        routes.dedup();
        routes.extend((0..data.kinds.len()).filter_map(|kind| solution.unused(kind)).map(|route| route as u32));
        for route in routes {
            let own = &solution.routes[route as usize];
            if !data.vehicle(own.kind).allows(pickup) || !data.vehicle(own.kind).allows(delivery) {
                continue;
            }
            let places = |u: usize| {
                let from = solution.first_free(route as usize);
                let mut places: Vec<(i64, usize)> = (from..=own.stops.len())
                    .filter_map(|position| {
                        let (before, after) = gap(solution, route as usize, position)?;
                        detour(data, own.kind, before, after, u, u, own.stops.is_empty()).map(|d| (d, position))
                    })
                    .collect();
                places.sort_unstable();
                places.truncate(ENDS);
                places
            };
            let (pickups, deliveries) = (places(pickup), places(delivery));
            for &(to, position) in &pickups {
                // At once, and at the delivery's own best places.
                let Some((before, after)) = gap(solution, route as usize, position) else { continue };
                if let Some(together) = detour(data, own.kind, before, after, pickup, delivery, own.stops.is_empty()) {
                    self.push_pair(together, route, position, position + 1, pickup);
                }
                for &(on, second) in deliveries.iter().filter(|d| d.1 > position) {
                    self.push_pair(to + on, route, position, second + 1, pickup);
                }
            }
        }
    }

    fn push_pair(&mut self, detour: i64, route: u32, position: usize, second: usize, first: usize) {
        self.spots.push(Spot { detour, route, position: position as u32, second: second as u32, first: first as u32 });
    }
}

/// The points before and after a place of a route.
fn gap(solution: &Solution<'_>, route: usize, position: usize) -> Option<(usize, usize)> {
    let own = &solution.routes[route];
    let vehicle = solution.data.vehicle(own.kind);
    if position > own.stops.len() {
        return None;
    }
    let before = position.checked_sub(1).map_or(vehicle.start_point as usize, |p| own.stops[p] as usize);
    let after = own.stops.get(position).map_or(vehicle.end_point as usize, |&u| u as usize);
    Some((before, after))
}

/// What the way over the stops from `first` to `last` costs more than the one between `before` and `after`, disposal and
/// waiting left out.
fn detour(
    data: &DayData<'_>,
    kind: usize,
    before: usize,
    after: usize,
    first: usize,
    last: usize,
    opens: bool,
) -> Option<Cost> {
    let vehicle = data.vehicle(kind);
    let price = |from: usize, to: usize| {
        let distance = data.distance(kind, from, to);
        (distance < i64::from(FORBIDDEN))
            .then(|| vehicle.cost_per_distance * distance + vehicle.cost_per_duration * data.duration(kind, from, to))
    };
    let mut inner = 0;
    let mut at = first;
    while at != last && data.ties.next[at] != NONE {
        let next = data.ties.next[at] as usize;
        inner += price(at, next)?;
        at = next;
    }
    if at != last {
        inner += price(first, last)?;
    }
    let saved = if opens { 0 } else { price(before, after).unwrap_or(0) };
    let fixed = if opens { vehicle.fixed_cost } else { 0 };
    Some(price(before, first)? + inner + price(last, after)? - saved + fixed)
}
