//! What it would cost to insert a single stop, where no pause is beside it and no goals are weighed: the case that occurs most.

use crate::model::{Effort, Rate};
use crate::search::data::BackhaulOrder;
use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::price::Price;
use crate::search::general::route::{Gap, LEAN, PLAIN, Route};
use crate::units::{Cost, Duration, Time};

impl Layout<'_> {
    /// Whether a stop's load fits at a place without emptying.
    #[inline]
    pub(super) fn fits<const KIND: u8>(&self, vehicle: &Vehicle, route: &Route, position: usize, u: usize) -> bool {
        let is_plain = KIND == PLAIN;
        let (dims, residuals, resources) =
            if is_plain { (1, 2, 4) } else { (self.dims, self.residuals(), self.resources()) };
        let (peak_at, delivered_at) = if is_plain { (2, 1) } else { (self.resource_peak(), self.residual_delivered()) };
        let row = &route.residuals[position * residuals..(position + 1) * residuals];
        let own = &route.resources[position * resources..(position + 1) * resources];
        let waste_class = self.stops[u].waste_class;
        let mut waste = false;
        for d in 0..dims {
            let at = u * dims + d;
            let delivery = self.delivery[at];
            // A shipment's pickup is judged with its delivery.
            let added = self.waste[at];
            waste |= added > 0;
            let trip = own[Self::DELIVERED + d] + row[delivered_at + d];
            let room = row[if is_plain { 0 } else { waste_class * dims + d }];
            if added > room || trip + own[peak_at + d] + delivery > vehicle.capacity[d] {
                return false;
            }
        }
        if is_plain || self.waste_classes == 0 || !waste {
            return true;
        }
        let blocked = waste_class < 64 && route.gaps[position].blocked >> waste_class & 1 == 1;
        !blocked && (!vehicle.end_empty || row[self.residual_site() + waste_class] >= 0)
    }

    /// Whether [`price_stop`](Self::price_stop) says what one stop costs at a place: no pause is beside it, and none counts as
    /// a rest.
    #[inline]
    pub(crate) fn is_simple_place(&self, route: &Route, position: usize) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        vehicle.lean
            || (!vehicle.stays_rest
                && !route.is_empty()
                && !Layout::is_en_route(vehicle, route.elements[position])
                && !Layout::is_en_route(vehicle, route.elements[position + 1]))
    }

    /// As [`price`](Self::price), for one stop at a [simple place](Self::is_simple_place), where no goals are weighed: `detour`
    /// says how much longer the route gets.
    #[inline]
    pub(crate) fn price_stop<const KIND: u8>(&self, route: &Route, position: usize, u: usize, detour: i64) -> Price {
        let (is_lean, is_plain) = (KIND >= LEAN, KIND == PLAIN);
        let vehicle = &self.vehicles[route.vehicle_type];
        if !self.fits::<KIND>(vehicle, route, position, u) {
            return Price::Full;
        }
        let (gap, state, last, stop) = (&route.gaps[position], &route.states[position], route.last(), &self.stops[u]);
        let out_of_order = self.has_order
            && match stop.order {
                BackhaulOrder::Any => false,
                BackhaulOrder::Linehaul => state.backhaul,
                BackhaulOrder::Backhaul => state.trip_stops == 0 || gap.linehaul,
            };
        // A visit to a disposal site counts as a load once something is served behind it.
        let loads = if is_lean || gap.serves { 0 } else { state.emptied };
        if out_of_order
            || gap.closed
            || last.distance + detour > vehicle.max_distance
            || !vehicle.may_stop(last.stops + 1)
            || (loads > 0 && (last.loads + loads + last.trips) as usize > vehicle.max_trips)
        {
            return Price::Infeasible;
        }
        let delta = vehicle.cost_per_distance * detour + if is_lean { 0 } else { vehicle.assignment_cost(u) };
        if !self.timed {
            return if vehicle.has_totals && self.exceeds_totals(route, u, 0, 0) {
                Price::Infeasible
            } else {
                Price::Delta(delta + if is_lean { 0 } else { self.emptied_later(route, position, u).0 })
            };
        }
        let moved =
            if !is_plain && stop.release > 0 { Self::release_moves(route, position, stop.release) } else { Some(0) };
        let Some(moved) = moved else { return Price::Full };
        let arrive = |leave: Time, from: u32, to: u32| {
            if is_lean {
                return leave + self.duration(vehicle, from, to);
            }
            let (drive, setup) = self.drive_and_setup(vehicle, from, to);
            vehicle.speed.arrival(leave, vehicle.speed.whole(drive)) + setup
        };
        let leave = state.leave + moved;
        let arrival = arrive(leave, gap.from, u as u32);
        // Where a release makes the trip late, another trip may do.
        let late = if moved > 0 { Price::Full } else { Price::Infeasible };
        let serves = if is_plain {
            (arrival <= stop.late).then_some((arrival.max(stop.early), stop.late, 0))
        } else {
            self.serves(vehicle, u, arrival)
        };
        let Some((begin, limit, soft)) = serves else { return late };
        let service = self.service(vehicle, u);
        let next = arrive(begin + service, u as u32, gap.to);
        let (suffix, old) = (&route.suffixes[position + 1], &route.states[position + 1]);
        if next > suffix.latest {
            return late;
        }
        let setup = if is_lean { 0 } else { self.setup_added(vehicle, gap, u as u32) };
        let drive = arrival - leave + next - (begin + service) - (old.arrival - state.leave) - setup;
        let (fees, unloading) = if is_lean { (0, 0) } else { self.emptied_later(route, position, u) };
        if (vehicle.has_totals && self.exceeds_totals(route, u, drive, setup + service + unloading))
            || (!is_lean && self.exceeds_rules(vehicle, route, position, drive, setup + service))
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

    /// What a stop in a gap adds to the set-ups.
    #[inline]
    fn setup_added(&self, vehicle: &Vehicle, gap: &Gap, u: u32) -> Duration {
        let setup = |from: u32, to: u32| self.setup(vehicle, from, to);
        setup(gap.from, u) + setup(u, gap.to) - setup(gap.from, gap.to)
    }

    /// Fees and time that the waste of a stop at a place takes at the disposal site that the vehicle visits next.
    #[inline]
    fn emptied_later(&self, route: &Route, position: usize, u: usize) -> (Cost, Duration) {
        if self.waste_classes == 0 {
            return (0, 0);
        }
        let site = route.residuals[position * self.residuals() + self.residual_site() + self.stops[u].waste_class];
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
        let residuals = &route.residuals[position * self.residuals() + self.residual_effort()..];
        let efforts = &route.resources[position * self.resources() + self.resource_effort()..];
        vehicle.rules.iter().zip(residuals.iter().zip(efforts)).any(|(rule, (room, effort))| {
            let added = drive + if rule.effort == Effort::Work { stay } else { 0 };
            added > room - effort
        })
    }

    /// By how much a stop's release moves the departure at a position; `None`: further than the trip can wait.
    pub(super) fn release_moves(route: &Route, position: usize, release: Time) -> Option<Duration> {
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

    /// Whether a stop would exceed what the whole route may drive, work or handle.
    fn exceeds_totals(&self, route: &Route, u: usize, drive: Duration, service: Duration) -> bool {
        let (vehicle, last) = (&self.vehicles[route.vehicle_type], route.last());
        let total = (route.elements.len() - 1) * self.resources() + self.resource_total();
        last.driving + drive > vehicle.max_driving
            || last.work + drive + service > vehicle.max_work
            || (0..self.dims).any(|d| route.resources[total + d] + self.amount(u, d) > vehicle.max_route_load[d])
    }
}
