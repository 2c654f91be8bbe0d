//! From bare stops to a route with times, loads and costs.

use crate::model::Problem;
use crate::plan::load::{TripLoad, trip_load};
use crate::plan::path::{Station, joined, stations};
use crate::plan::rules::Judged;
use crate::plan::timetable::{Leg, Stay, legs, timetable};
use crate::plan::{Route, RouteStops, Trip, Violation, Visit};
use crate::units::{Cost, Distance, Duration, Time};

/// Computes the route, and appends what is wrong with it to `found`. All ids must be the problem's.
pub(super) fn route(problem: &Problem, index: usize, stops: &RouteStops, found: &mut Vec<Violation>) -> Route {
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    let path = stations(problem, stops);
    let legs = legs(problem, vehicle_type.profile, &path);
    let stays = timetable(&path, &legs);
    let loads: Vec<TripLoad> = stops.trips.iter().map(|trip| trip_load(problem, trip)).collect();

    let distance = legs.iter().map(|leg| leg.distance).fold(0, Distance::saturating_add);
    let start = stays.first().map_or(0, |stay| stay.start);
    let end = stays.last().map_or(0, |stay| stay.departure);
    let route = Route {
        vehicle_type: stops.vehicle_type,
        trips: trips(stops, &path, &legs, &stays, &loads),
        start,
        end,
        distance,
        driving: legs.iter().map(|leg| leg.duration).fold(0, Duration::saturating_add),
        waiting: stays.iter().map(|stay| stay.start.saturating_sub(stay.arrival)).fold(0, Duration::saturating_add),
        work: 0,
        pauses: 0,
        paid: end.saturating_sub(start),
        overtime_cost: 0,
        waiting_cost: 0,
        window_cost: 0,
        disposal_cost: 0,
        fixed_cost: vehicle_type.fixed_cost,
        distance_cost: vehicle_type.cost_per_distance.saturating_mul(distance),
        duration_cost: vehicle_type.cost_per_duration.saturating_mul(end.saturating_sub(start)),
    };
    let judged =
        Judged { problem, index, stops, path: &path, legs: &legs, stays: &stays, loads: &loads, route: &route };
    judged.violations(found);
    route
}

/// Cuts the stations into trips. The way to a station that two trips share belongs to the earlier one.
fn trips(stops: &RouteStops, path: &[Station], legs: &[Leg], stays: &[Stay], loads: &[TripLoad]) -> Vec<Trip> {
    let mut next = 0;
    let mut clock: Time = stays.first().map_or(0, |stay| stay.start);
    let mut trips = Vec::with_capacity(stops.trips.len());
    for (t, (trip, load)) in stops.trips.iter().zip(loads).enumerate() {
        let first_leg = next + usize::from(joined(stops, t));
        let reached = stays.get(next).map_or(clock, |stay| stay.arrival);
        let (mut start, mut departure) = (clock, clock);
        if trip.start.is_some() {
            (start, departure) = (stays[next].start, stays[next].departure);
            next += 1;
        } else if !trip.activities.is_empty() || trip.end.is_some() {
            (start, departure) = (reached, reached);
        }
        let first_visit = next;
        next += trip.activities.len();
        let visits = trip.activities.iter().zip(first_visit..).zip(&load.after).map(|((&activity, i), load)| Visit {
            activity,
            location: path[i].location,
            arrival: stays[i].arrival,
            start: stays[i].start,
            departure: stays[i].departure,
            load: load.clone(),
        });
        let visits: Vec<Visit> = visits.collect();
        clock = visits.last().map_or(departure, |visit| visit.departure);
        let mut last_leg = next;
        if trip.end.is_some() {
            clock = stays[next].arrival;
            last_leg += 1;
            next += usize::from(!joined(stops, t + 1));
        }
        trips.push(Trip {
            start_depot: trip.start,
            end_depot: trip.end,
            start,
            departure,
            arrival: clock,
            distance: legs[first_leg.min(last_leg)..last_leg]
                .iter()
                .map(|leg| leg.distance)
                .fold(0, Distance::saturating_add),
            load: load.start.clone(),
            max_load: load.max.clone(),
            visits,
        });
    }
    trips
}

/// A sum of costs that stops at the largest number.
pub(super) fn sum(costs: impl Iterator<Item = Cost>) -> Cost {
    costs.fold(0, Cost::saturating_add)
}
