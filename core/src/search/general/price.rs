//! What it would cost to put elements between two halts of a route: exact for what is put there, from a record of the rest of
//! the route for all that follows. Prices rank; an exact pass decides.

use crate::model::{Effort, Rate};
use crate::search::data::Order;
use crate::search::general::element::{Element, Role};
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::route::{Route, Suffix};
use crate::search::general::state::State;
use crate::search::general::value::{Figures, GoalPrices};
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Duration, Time};

/// What a look at a place says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// About so much more than the route costs now.
    Delta(Cost),
    /// The vehicle would have to empty on the way.
    Full,
    Infeasible,
}

/// Times of a vehicle on a chain of new and old stops.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    pub(super) arrival: Time,
    leave: Time,
    waited: Duration,
    slack: Duration,
    soft: Cost,
}

impl Progress {
    pub(super) fn of(state: &State) -> Self {
        let (leave, waited, slack) = (state.leave, state.waited, state.slack);
        Self { arrival: leave, leave, waited, slack, soft: state.soft }
    }

    #[inline]
    pub(super) fn leaves_after(&self, time: Time) -> bool {
        self.leave > time
    }

    #[inline]
    pub(super) fn drive(mut self, layout: &Layout<'_>, vehicle: &Vehicle, from: u32, to: u32) -> Self {
        let drive = layout.duration(vehicle, from, to);
        self.arrival = self.leave + drive;
        self
    }

    /// Drives to a stop and serves it; `None`: too late.
    #[inline]
    pub(super) fn serve(self, layout: &Layout<'_>, vehicle: &Vehicle, from: u32, u: usize) -> Option<Self> {
        let mut next = self;
        if !layout.timed {
            return Some(next);
        }
        next = next.drive(layout, vehicle, from, u as u32);
        let (begin, limit, soft) = layout.serves(&layout.stops[u], next.arrival)?;
        next.slack = next.slack.min(next.waited + (limit - next.arrival));
        next.waited += begin - next.arrival;
        next.soft += soft;
        let service = layout.service(vehicle, u);
        next.leave = begin + service;
        Some(next)
    }
}

impl Layout<'_> {
    /// What it costs to reach the element at `next` as `trip` does, on a route of nothing but stops and reloads.
    #[inline]
    pub(super) fn price_delay(&self, route: &Route, next: usize, trip: Progress, detour: i64) -> Price {
        let (vehicle, last) = (&self.vehicles[route.kind], route.last());
        if last.distance + detour > vehicle.max_distance || !vehicle.may_stop(last.stops + 2) {
            return Price::Infeasible;
        }
        let delta = vehicle.cost_per_distance * detour;
        if !self.timed {
            return Price::Delta(delta);
        }
        let (suffix, old) = (&route.suffixes[next], &route.states[next]);
        if trip.arrival > suffix.latest {
            return Price::Infeasible;
        }
        if !vehicle.scheduled {
            return Price::Delta(delta);
        }
        let soft = trip.soft - route.states[next - 1].soft;
        match self.price_of_time(route, suffix, trip.arrival - old.arrival, (trip.waited, trip.slack), 0) {
            Some(time) => Price::Delta(delta + time + soft),
            None => Price::Infeasible,
        }
    }

    /// What the way over a chain of points costs more than the arc of a gap, in distance; `None`: it cannot be driven.
    #[inline]
    pub(super) fn detour(&self, route: &Route, position: usize, first: u32, last: u32) -> Option<i64> {
        let vehicle = &self.vehicles[route.kind];
        let gap = &route.gaps[position];
        let (to, from) = (self.distance(vehicle, gap.from, first), self.distance(vehicle, last, gap.to));
        if gap.closed || to >= i64::from(FORBIDDEN) || from >= i64::from(FORBIDDEN) {
            return None;
        }
        let saved = if route.is_empty() { 0 } else { gap.arc };
        Some(to + from - saved)
    }

    /// What the time costs at least that a chain of points takes in a gap, as far as no waiting behind it makes up for that.
    #[inline]
    pub(super) fn least_time(&self, route: &Route, position: usize, first: u32, last: u32) -> Cost {
        let vehicle = &self.vehicles[route.kind];
        if vehicle.cost_per_duration == 0 || route.is_empty() {
            return 0;
        }
        let gap = &route.gaps[position];
        let drive = self.duration(vehicle, gap.from, first) + self.duration(vehicle, last, gap.to)
            - self.duration(vehicle, gap.from, gap.to);
        let drive = vehicle.speed.shortest(drive);
        let takes = drive + self.service(vehicle, first as usize) - route.suffixes[position + 1].waiting;
        vehicle.cost_per_duration * takes.max(0)
    }

    /// Whether a stop's load fits at a place without emptying.
    #[inline]
    fn fits(&self, vehicle: &Vehicle, route: &Route, position: usize, u: usize) -> bool {
        let (dims, rooms, lanes) = (self.dims, self.rooms(), self.lanes());
        let row = &route.rooms[position * rooms..(position + 1) * rooms];
        let own = &route.lanes[position * lanes..(position + 1) * lanes];
        let hold = self.stops[u].hold;
        let mut waste = false;
        for d in 0..dims {
            let at = u * dims + d;
            let delivery = self.delivery[at];
            // A shipment's pickup is judged with its delivery.
            let added = self.waste[at];
            waste |= added > 0;
            let trip = own[Self::DELIVERED + d] + row[self.room_delivered() + d];
            if added > row[hold * dims + d] || trip + own[self.lane_peak() + d] + delivery > vehicle.capacity[d] {
                return false;
            }
        }
        if self.holds == 0 || !waste {
            return true;
        }
        let blocked = hold < 64 && route.gaps[position].blocked >> hold & 1 == 1;
        !blocked && (!vehicle.end_empty || row[self.room_site() + hold] >= 0)
    }

    /// Whether a stop's load may fit anywhere on a route: deliveries have most room at the start of a trip, pickups at its
    /// end. A route that empties on the way may always take more.
    #[inline]
    pub(super) fn may_fit(&self, route: &Route, u: usize) -> bool {
        let vehicle = &self.vehicles[route.kind];
        if !vehicle.lean || route.last().trips > 1 {
            return true;
        }
        let (dims, last) = (self.dims, (route.elements.len() - 2) * self.rooms());
        (0..dims).all(|d| {
            let at = u * dims + d;
            let delivered = route.rooms[self.room_delivered() + d];
            self.waste[at] <= route.rooms[last + d] && self.delivery[at] <= vehicle.capacity[d] - delivered
        })
    }

    /// Whether [`price_stop`](Self::price_stop) says what one stop costs at a place: no pause is beside it, and none counts as
    /// a rest.
    #[inline]
    pub(super) fn is_simple_place(&self, route: &Route, position: usize) -> bool {
        let vehicle = &self.vehicles[route.kind];
        vehicle.lean
            || (!vehicle.stays_rest
                && !route.is_empty()
                && !Layout::is_on_the_way(vehicle, route.elements[position])
                && !Layout::is_on_the_way(vehicle, route.elements[position + 1]))
    }

    /// As [`price`](Self::price), for one stop at a [simple place](Self::is_simple_place), where no goals are weighed: `detour`
    /// says how much longer the route gets.
    #[inline]
    pub(super) fn price_stop<const LEAN: bool>(&self, route: &Route, position: usize, u: usize, detour: i64) -> Price {
        let vehicle = &self.vehicles[route.kind];
        if !self.fits(vehicle, route, position, u) {
            return Price::Full;
        }
        let (gap, state, last, stop) = (&route.gaps[position], &route.states[position], route.last(), &self.stops[u]);
        let out_of_order = self.has_order
            && match stop.order {
                Order::Any => false,
                Order::Linehaul => state.backhaul,
                Order::Backhaul => state.trip_stops == 0 || gap.linehaul,
            };
        // A visit to a disposal site counts as a load once something is served behind it.
        let loads = if LEAN || gap.serves { 0 } else { state.emptied };
        if out_of_order
            || gap.closed
            || last.distance + detour > vehicle.max_distance
            || !vehicle.may_stop(last.stops + 1)
            || (loads > 0 && (last.loads + loads + last.trips) as usize > vehicle.max_trips)
        {
            return Price::Infeasible;
        }
        let delta = vehicle.cost_per_distance * detour;
        if !self.timed {
            return if vehicle.has_totals && self.exceeds_totals(route, u, 0, 0) {
                Price::Infeasible
            } else {
                Price::Delta(delta + if LEAN { 0 } else { self.emptied_later(route, position, u).0 })
            };
        }
        let moved = if stop.release > 0 { Self::release_moves(route, position, stop.release) } else { Some(0) };
        let Some(moved) = moved else { return Price::Full };
        let arrive = |leave: Time, from: u32, to: u32| {
            let drive = self.duration(vehicle, from, to);
            if LEAN { leave + drive } else { vehicle.speed.arrival(leave, vehicle.speed.whole(drive)) }
        };
        let leave = state.leave + moved;
        let arrival = arrive(leave, gap.from, u as u32);
        // Where a release makes the trip late, another trip may do.
        let late = if moved > 0 { Price::Full } else { Price::Infeasible };
        let Some((begin, limit, soft)) = self.serves(stop, arrival) else { return late };
        let service = self.service(vehicle, u);
        let next = arrive(begin + service, u as u32, gap.to);
        let (suffix, old) = (&route.suffixes[position + 1], &route.states[position + 1]);
        if next > suffix.latest {
            return late;
        }
        let drive = arrival - leave + next - (begin + service) - (old.arrival - state.leave);
        let (fees, unloading) = if LEAN { (0, 0) } else { self.emptied_later(route, position, u) };
        if (vehicle.has_totals && self.exceeds_totals(route, u, drive, service + unloading))
            || (!LEAN && self.exceeds_rules(vehicle, route, position, drive, service))
        {
            return Price::Infeasible;
        }
        if !vehicle.scheduled {
            return Price::Delta(delta + fees);
        }
        let waited = (state.waited - moved).max(0) + begin - arrival;
        let slack = state.slack.min(state.waited + (limit - arrival));
        match self.price_of_time(route, suffix, next - old.arrival, (waited, slack), unloading) {
            Some(time) => Price::Delta(delta + fees + time + soft),
            None => Price::Infeasible,
        }
    }

    /// Fees and time that the waste of a stop at a place takes at the disposal site that the vehicle visits next.
    #[inline]
    fn emptied_later(&self, route: &Route, position: usize, u: usize) -> (Cost, Duration) {
        if self.holds == 0 {
            return (0, 0);
        }
        let site = route.rooms[position * self.rooms() + self.room_site() + self.stops[u].hold];
        if site < 0 {
            return (0, 0);
        }
        let site = &self.sites[site as usize];
        let waste = &self.waste[u * self.dims..(u + 1) * self.dims];
        let of = |rates: &[Rate]| rates.iter().zip(waste).map(|(rate, &amount)| rate.of(amount)).sum::<i64>();
        (of(&site.fee), of(&site.unloading))
    }

    /// Whether more driving and a stay at a place would pass a driver rule before the next rest.
    #[inline]
    fn exceeds_rules(
        &self,
        vehicle: &Vehicle,
        route: &Route,
        position: usize,
        drive: Duration,
        stay: Duration,
    ) -> bool {
        let rooms = &route.rooms[position * self.rooms() + self.room_effort()..];
        let efforts = &route.lanes[position * self.lanes() + self.lane_effort()..];
        vehicle.rules.iter().zip(rooms.iter().zip(efforts)).any(|(rule, (room, effort))| {
            let added = drive + if rule.effort == Effort::Work { stay } else { 0 };
            added > room - effort
        })
    }

    /// By how much a stop's release moves the departure at a position; `None`: further than the trip can wait.
    fn release_moves(route: &Route, position: usize, release: Time) -> Option<Duration> {
        let begins = |e: &Element| matches!(e.role(), Role::Reload(_) | Role::Start);
        let start = (0..=position).rev().find(|&p| begins(&route.elements[p])).unwrap_or(0);
        let (first, here) = (&route.states[start], &route.states[position]);
        let later = release - first.begin;
        if later <= 0 {
            return Some(0);
        }
        if release > route.suffixes[start].latest {
            return None;
        }
        Some((later - (here.waited - first.waited)).max(0))
    }

    /// When the latest of the stops before the first reload is released.
    fn latest_release(&self, chain: &[Element]) -> Time {
        let trip = chain.iter().take_while(|e| !matches!(e.role(), Role::Reload(_)));
        trip.filter_map(|e| e.node()).map(|u| self.stops[u].release).max().unwrap_or(0)
    }

    /// Whether a stop would exceed what the whole route may drive, work or handle.
    fn exceeds_totals(&self, route: &Route, u: usize, drive: Duration, service: Duration) -> bool {
        let (vehicle, last) = (&self.vehicles[route.kind], route.last());
        let total = (route.elements.len() - 1) * self.lanes() + self.lane_total();
        last.driving + drive > vehicle.max_driving
            || last.work + drive + service > vehicle.max_work
            || (0..self.dims).any(|d| route.lanes[total + d] + self.amount(u, d) > vehicle.max_route_load[d])
    }

    /// What time costs more with the next element reached so much later, `waited` and `slack` as they are before it; `None`:
    /// the route takes too long.
    #[inline]
    fn price_of_time(
        &self,
        route: &Route,
        suffix: &Suffix,
        delay: Duration,
        (waited, slack): (Duration, Duration),
        unloading: Duration,
    ) -> Option<Cost> {
        let (vehicle, last) = (&self.vehicles[route.kind], route.last());
        let (_, duration, later, waited) = self.shift(route, suffix, delay, (waited, slack), unloading);
        if duration > Layout::longest(vehicle) {
            return None;
        }
        let old_duration = route.end - route.earliest() - route.delay;
        let mut delta = vehicle.paid_cost(duration - last.unpaid) - vehicle.paid_cost(old_duration - last.unpaid)
            + vehicle.cost_per_waiting * ((waited - later) - (last.waited - route.delay));
        if delay > 0 {
            delta += suffix.late_rate * delay;
        }
        if delay > suffix.late_slack {
            delta += suffix.next_late_rate * (delay - suffix.late_slack);
        }
        Some(delta)
    }

    /// When the route ends with the next element reached so much later, how long it takes, how much later than possible it
    /// starts, and how long it waits.
    #[inline]
    fn shift(
        &self,
        route: &Route,
        suffix: &Suffix,
        delay: Duration,
        (waited, slack): (Duration, Duration),
        unloading: Duration,
    ) -> (Time, Duration, Duration, Duration) {
        let (vehicle, last) = (&self.vehicles[route.kind], route.last());
        let through = if delay >= 0 {
            (delay - suffix.waiting).max(0)
        } else if suffix.waiting == 0 {
            delay
        } else {
            0
        };
        let moved = if vehicle.speed.flat { through } else { (through as f32 * suffix.slope) as Duration } + unloading;
        let end = route.end.max(last.leave) + moved;
        let later = slack.min(waited + suffix.slack - delay);
        let waited = waited + (suffix.waiting - delay).max(0);
        let later = later.min(waited).max(0);
        // What the formula for the start misses for the route as it is, it is taken to miss for the new one, too.
        let missed = route.delay - last.slack.min(last.waited).max(0);
        let later = (later + missed).max(0);
        (end, end - route.earliest() - later, later, waited)
    }

    /// Whether a stop's load would fit at a place of a route of one trip with a vehicle of another type.
    pub(super) fn would_fit(&self, route: &Route, position: usize, u: usize, kind: usize) -> bool {
        let (own, vehicle) = (&self.vehicles[route.kind], &self.vehicles[kind]);
        let row = &route.rooms[position * self.rooms()..];
        let lanes = &route.lanes[position * self.lanes()..];
        (0..self.dims).all(|d| {
            let at = u * self.dims + d;
            let trip = lanes[Self::DELIVERED + d] + row[self.room_delivered() + d];
            let most = own.capacity[d] - route.rooms[d];
            self.waste[at] <= row[d] + vehicle.capacity[d] - own.capacity[d]
                && trip + lanes[self.lane_peak() + d] + self.delivery[at] <= vehicle.capacity[d]
                && most <= vehicle.capacity[d]
        })
    }

    /// What it would cost to put `chain` behind the element at `position`, all of whose stops are unserved.
    #[inline]
    pub(super) fn price(
        &self,
        route: &Route,
        position: usize,
        chain: &[Element],
        (goals, own): (&GoalPrices, usize),
        row: &mut [i64],
    ) -> Price {
        let vehicle = &self.vehicles[route.kind];
        let empties = chain.iter().any(|e| e.is_emptying());
        if !empties && !chain.iter().filter_map(|e| e.node()).all(|u| self.fits(vehicle, route, position, u)) {
            return Price::Full;
        }
        let base = Layout::halt_before(vehicle, &route.elements, position);
        let next = Layout::halt_after(vehicle, &route.elements, position + 1);
        let width = self.lanes();
        let mut state = route.states[base];
        row.copy_from_slice(&route.lanes[base * width..(base + 1) * width]);
        let to = route.gaps[position].to;
        let first = self.point(vehicle, chain[0]).unwrap_or(to);
        let before = route.elements[base + 1..=position].iter().map(|&e| (e, first));
        let after = route.elements[position + 1..next].iter().map(|&e| (e, to));
        let released = self.has_releases && !route.is_empty();
        if released {
            let own = self.latest_release(chain);
            let moved = if own > 0 { Self::release_moves(route, position, own) } else { Some(0) };
            let Some(moved) = moved else { return Price::Infeasible };
            state.leave += moved;
            state.waited = (state.waited - moved).max(0);
        }
        let mut left = chain;
        for (element, towards) in before.chain(chain.iter().map(|&e| (e, 0))).chain(after) {
            let mut release = Time::MIN;
            if released
                && let Some((&head, rest)) = left.split_first()
                && element == head
            {
                left = rest;
                if matches!(element.role(), Role::Reload(_)) {
                    let last = !rest.iter().any(|e| matches!(e.role(), Role::Reload(_)));
                    release = self.latest_release(rest).max(if last { route.gaps[position].release } else { 0 });
                }
            }
            // Releases of an empty route are left to the exact pass.
            let done = if vehicle.lean {
                self.extend_as::<true>(vehicle, &mut state, row, element, towards, release, false)
            } else {
                self.extend(vehicle, &mut state, row, element, towards, release, false)
            };
            if !done {
                return Price::Infeasible;
            }
        }
        if route.is_empty() {
            return self.price_of_opening(vehicle, &mut state, row, (goals, own));
        }
        match self.close(vehicle, route, position, next, &state, row, (goals, own)) {
            Some(delta) => Price::Delta(delta),
            None => Price::Infeasible,
        }
    }

    /// What it would cost to go on behind the element at `position` from a state that is not the route's own.
    #[inline]
    pub(super) fn price_rest(
        &self,
        route: &Route,
        position: usize,
        state: &mut State,
        row: &mut [i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Price {
        let vehicle = &self.vehicles[route.kind];
        if route.is_empty() {
            return self.price_of_opening(vehicle, state, row, (goals, own));
        }
        let next = Layout::halt_after(vehicle, &route.elements, position + 1);
        let to = route.gaps[position].to;
        for &pause in &route.elements[position + 1..next] {
            if !self.extend(vehicle, state, row, pause, to, Time::MIN, false) {
                return Price::Infeasible;
            }
        }
        match self.close(vehicle, route, position, next, state, row, (goals, own)) {
            Some(delta) => Price::Delta(delta),
            None => Price::Infeasible,
        }
    }

    /// What a route costs that goes home now.
    fn price_of_opening(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        row: &mut [i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Price {
        if !self.extend(vehicle, state, row, Element::END, 0, Time::MIN, false) {
            return if vehicle.end_empty { Price::Full } else { Price::Infeasible };
        }
        let delay = state.slack.min(state.waited).max(0);
        let duration = state.leave - vehicle.start_early - delay;
        if state.distance > vehicle.max_distance || duration > Layout::longest(vehicle) {
            return Price::Infeasible;
        }
        Price::Delta(
            vehicle.fixed_cost
                + vehicle.cost_per_distance * state.distance
                + state.fees
                + state.soft
                + vehicle.paid_cost(duration - state.unpaid)
                + vehicle.cost_per_waiting * (state.waited - delay)
                + goals.change(own, || {
                    let load = if self.dims == 0 { 0 } else { row[self.lane_total()] };
                    Figures { end: state.leave, duration, load, stops: state.stops.into(), scatter: 0 }
                }),
        )
    }

    /// Joins what is known up to the gap's new elements with the rest of the route from position `next` on.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "the two sides of a gap")]
    fn close(
        &self,
        vehicle: &Vehicle,
        route: &Route,
        position: usize,
        next: usize,
        state: &State,
        row: &[i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Option<Cost> {
        let (gap, suffix, old, last) =
            (&route.gaps[position], &route.suffixes[next], &route.states[next], route.last());
        let from = &route.states[position];
        let way = self.distance(vehicle, state.point, gap.to);
        let left =
            if state.left >= 0 { state.left } else { vehicle.speed.whole(self.duration(vehicle, state.point, gap.to)) };
        if way >= i64::from(FORBIDDEN) {
            return None;
        }
        let arrival = vehicle.speed.arrival(state.leave, left);
        let distance = state.distance + way - old.distance;
        let stops = (state.stops - from.stops) + last.stops;
        let pending = if gap.serves { state.emptied } else { 0 };
        let loads = state.loads + pending + gap.loads + state.trips - from.trips + last.trips;
        if (self.timed && arrival > suffix.latest)
            || last.distance + distance > vehicle.max_distance
            || !vehicle.may_stop(stops)
            || loads as usize > vehicle.max_trips
            || (gap.linehaul && state.backhaul)
        {
            return None;
        }
        let (fees, unloading) = self.loads_ahead(vehicle, route, position, row)?;
        let drive = arrival - state.leave + state.driving - old.driving;
        let stay = if matches!(route.elements[next].role(), Role::Break(_)) { 0 } else { old.leave - old.begin };
        let work = arrival - state.leave + state.work - (old.work - stay) + unloading;
        if last.driving + drive > vehicle.max_driving || last.work + work > vehicle.max_work {
            return None;
        }
        let lanes = self.lanes();
        for r in 0..vehicle.rules.len() {
            let effort = self.lane_effort() + r;
            // More effort at the arrival than before, against what may be added there.
            let before = route.lanes[position * lanes + effort] + old.driving - from.driving;
            let added = row[effort] + (arrival - state.leave) - before;
            let room =
                route.rooms[position * self.rooms() + self.room_effort() + r] - route.lanes[position * lanes + effort];
            if added > room {
                return None;
            }
        }
        let mut delta = vehicle.cost_per_distance * distance + fees;
        if !vehicle.scheduled && goals.is_empty() {
            return Some(delta);
        }
        let times = (state.waited, state.slack);
        let delay = arrival - old.arrival;
        delta += self.price_of_time(route, suffix, delay, times, unloading)? + state.soft - from.soft;
        let (end, duration, ..) = self.shift(route, suffix, delay, times, unloading);
        let figures = || {
            let total = self.lane_total();
            let load = if self.dims == 0 {
                0
            } else {
                row[total] - route.lanes[position * lanes + total]
                    + route.lanes[(route.elements.len() - 1) * lanes + total]
            };
            Figures { end, duration, load, stops: stops.into(), scatter: 0 }
        };
        Some(delta + goals.change(own, figures))
    }

    /// Whether what is on board now fits the rest of the trip; what it changes of fees, and of time spent unloading.
    #[inline]
    fn loads_ahead(&self, vehicle: &Vehicle, route: &Route, position: usize, row: &[i64]) -> Option<(Cost, Duration)> {
        let (dims, rooms, lanes) = (self.dims, self.rooms(), self.lanes());
        let room = &route.rooms[position * rooms..(position + 1) * rooms];
        for d in 0..dims {
            let trip = row[Self::DELIVERED + d] + room[self.room_delivered() + d];
            let total = row[self.lane_total() + d] - route.lanes[position * lanes + self.lane_total() + d]
                + route.lanes[(route.elements.len() - 1) * lanes + self.lane_total() + d];
            if trip + row[self.lane_peak() + d] > vehicle.capacity[d] || total > vehicle.max_route_load[d] {
                return None;
            }
        }
        let (mut fees, mut unloading) = (0, 0);
        for h in 0..self.holds {
            let mut any = false;
            for d in 0..dims {
                let at = self.lane_waste() + h * dims + d;
                let added = row[at] - route.lanes[position * lanes + at];
                any |= row[at] > 0;
                if added == 0 {
                    continue;
                }
                if added > room[h * dims + d] {
                    return None;
                }
                let site = room[self.room_site() + h];
                if site >= 0 {
                    let site = &self.sites[site as usize];
                    let sign = added.signum();
                    fees += site.fee.get(d).map_or(0, |rate| sign * rate.of(added.abs()));
                    unloading += site.unloading.get(d).map_or(0, |rate| sign * rate.of(added.abs()));
                }
            }
            let nowhere = room[self.room_site() + h] < 0;
            if any && nowhere && vehicle.end_empty {
                return None;
            }
            if any
                && h < 64
                && vehicle.apart[h].iter().any(|_| route.gaps[position].blocked >> h & 1 == 1)
                && !self.was_present(route, position, h)
            {
                return None;
            }
        }
        Some((fees, unloading))
    }

    fn was_present(&self, route: &Route, position: usize, hold: usize) -> bool {
        let at = position * self.lanes() + self.lane_waste() + hold * self.dims;
        route.lanes[at..at + self.dims].iter().any(|&load| load > 0)
    }
}
