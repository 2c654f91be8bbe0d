//! Times along old and new stops in turn, on routes of nothing but stops and reloads: for shipments, whose two ends are
//! inserted apart.

use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::price::Price;
use crate::search::general::route::{Route, State};
use crate::units::{Cost, Duration, Time};

/// Times of a vehicle on a chain of new and old stops.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    pub(crate) arrival: Time,
    leave: Time,
    waited: Duration,
    slack: Duration,
    soft: Cost,
}

impl Progress {
    pub(crate) fn of(state: &State) -> Self {
        let (leave, waited, slack) = (state.leave, state.waited, state.slack);
        Self { arrival: leave, leave, waited, slack, soft: state.soft }
    }

    #[inline]
    pub(crate) fn leaves_after(&self, time: Time) -> bool {
        self.leave > time
    }

    #[inline]
    pub(crate) fn drive(mut self, layout: &Layout<'_>, vehicle: &Vehicle, from: u32, to: u32) -> Self {
        let drive = layout.duration(vehicle, from, to);
        self.arrival = self.leave + drive;
        self
    }

    /// Drives to a stop and serves it; `None`: too late.
    #[inline]
    pub(crate) fn serve(self, layout: &Layout<'_>, vehicle: &Vehicle, from: u32, u: usize) -> Option<Self> {
        let mut next = self;
        if !layout.timed {
            return Some(next);
        }
        next = next.drive(layout, vehicle, from, u as u32);
        let (begin, limit, soft) = layout.serves(vehicle, u, next.arrival)?;
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
    pub(crate) fn price_delay(&self, route: &Route, next: usize, trip: Progress, detour: i64) -> Price {
        let (vehicle, last) = (&self.vehicles[route.vehicle_type], route.last());
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
}
