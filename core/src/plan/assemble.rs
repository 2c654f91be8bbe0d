//! Turns bare stops into a route with times, loads and costs.

use crate::ids::DisposalSiteId;
use crate::model::{Problem, VehicleType};
use crate::plan::energy;
use crate::plan::load::{TripLoad, trip_load};
use crate::plan::path::{PathStop, Role, joined, path_stops};
use crate::plan::rules::{AllowedClients, Judged};
use crate::plan::timetable::{DrivingProfile, Leg, StopTimes, Timetable, from_the_earliest_start, legs, timetable};
use crate::plan::{Activity, Route, RouteStops, Trip, TripStops, Violation, Visit};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// Computes the route, and appends its violations to `found` and the amounts it unloads at disposal sites to `emptied`.
/// All ids must be the problem's.
pub(super) fn route(
    problem: &Problem,
    allowed_clients: &AllowedClients<'_>,
    index: usize,
    stops: &RouteStops,
    emptied: &mut Vec<(DisposalSiteId, Vec<Load>)>,
    found: &mut Vec<Violation>,
) -> Route {
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    let loads: Vec<TripLoad> = stops.trips.iter().map(|trip| trip_load(problem, vehicle_type, trip)).collect();
    let path = path_stops(problem, stops, &loads);
    let legs = legs(problem, vehicle_type, &path);
    let times = times(problem, stops, &path, &legs);
    let schedule = times.schedule;

    let distance = legs.iter().map(|leg| leg.distance).fold(0, Distance::saturating_add);
    let start = schedule.first().map_or(0, |times| times.start);
    let end = schedule.last().map_or(0, |times| times.departure);
    let driving = schedule.iter().map(|times| times.driven).fold(0, Duration::saturating_add);
    let waiting =
        schedule.iter().map(|times| times.start.saturating_sub(times.arrival)).fold(0, Duration::saturating_add);
    let setup = schedule.iter().map(|times| times.setup).fold(0, Duration::saturating_add);
    let stood = |pauses: bool| {
        let selected = path.iter().filter(|stop| stop.is_pause() == pauses);
        selected.map(|stop| stop.service).fold(0, Duration::saturating_add)
    };
    let (consumed, emitted) = energy::of_route(vehicle_type.consumption.as_ref(), &path, &legs, &loads);
    let paid = end.saturating_sub(start).saturating_sub(unpaid(vehicle_type, &path));
    let route = Route {
        vehicle_type: stops.vehicle_type,
        trips: trips(stops, &path, &legs, &schedule, &loads),
        start,
        end,
        distance,
        driving,
        waiting,
        work: driving.saturating_add(setup).saturating_add(stood(false)),
        pauses: stood(true),
        paid,
        consumed,
        emitted,
        overtime_cost: vehicle_type.overtime_cost(paid),
        waiting_cost: vehicle_type.cost_per_waiting.saturating_mul(waiting),
        window_cost: sum(path
            .iter()
            .zip(&schedule)
            .map(|(at, times)| at.soft.map_or(0, |soft| soft.cost(times.start)))),
        disposal_cost: sum(stops.trips.iter().zip(&loads).map(|(trip, load)| disposal_cost(problem, trip, load))),
        assignment_cost: sum(stops
            .trips
            .iter()
            .flat_map(|trip| &trip.activities)
            .map(|&activity| assignment_cost(problem, stops, activity))),
        fixed_cost: vehicle_type.fixed_cost,
        distance_cost: vehicle_type.cost_per_distance.saturating_mul(distance),
        duration_cost: vehicle_type.cost_per_duration.saturating_mul(paid),
    };
    let judged = Judged {
        problem,
        allowed_clients,
        index,
        stops,
        path: &path,
        legs: &legs,
        schedule: &schedule,
        loads: &loads,
        efforts: &times.efforts,
        route: &route,
    };
    judged.violations(found);
    for (trip, load) in stops.trips.iter().zip(&loads) {
        emptied.extend(trip.activities.iter().zip(&load.emptied).filter_map(|(&activity, amounts)| match activity {
            Activity::Dispose(site) => Some((site, amounts.clone())),
            _ => None,
        }));
    }
    route
}

/// The times of the route: from its stated start, or from the default start.
fn times(problem: &Problem, stops: &RouteStops, path: &[PathStop], legs: &[Leg]) -> Timetable {
    let driving = DrivingProfile::new(problem, problem.vehicle_type(stops.vehicle_type));
    if stops.start.is_some() { from_the_earliest_start(path, legs, driving) } else { timetable(path, legs, driving) }
}

/// The default start of the route, which applies if it does not state one.
#[cfg(feature = "io")]
pub(super) fn start_by_rule(problem: &Problem, stops: &RouteStops) -> Time {
    let stops = RouteStops { start: None, ..stops.clone() };
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    let loads: Vec<TripLoad> = stops.trips.iter().map(|trip| trip_load(problem, vehicle_type, trip)).collect();
    let path = path_stops(problem, &stops, &loads);
    let legs = legs(problem, vehicle_type, &path);
    times(problem, &stops, &path, &legs).schedule.first().map_or(0, |times| times.start)
}

/// Time of unpaid breaks and rests.
fn unpaid(vehicle_type: &VehicleType, path: &[PathStop]) -> Duration {
    let is_unpaid = |stop: &&PathStop| match stop.role {
        Role::Visit(_, Activity::Break(index)) => !vehicle_type.breaks[index].paid,
        Role::Visit(_, Activity::Rest(_)) => !vehicle_type.paid_rests,
        _ => false,
    };
    path.iter().filter(is_unpaid).map(|stop| stop.service).fold(0, Duration::saturating_add)
}

/// What an activity costs because the vehicle is of this type; of a shipment, the pickup has it.
fn assignment_cost(problem: &Problem, stops: &RouteStops, activity: Activity) -> Cost {
    match activity {
        Activity::Client(id) => problem.client(id).assignment_cost_for(stops.vehicle_type),
        Activity::Pickup(id) => problem.shipment(id).assignment_cost_for(stops.vehicle_type),
        _ => 0,
    }
}

/// Cost of a trip's visits to disposal sites.
fn disposal_cost(problem: &Problem, trip: &TripStops, load: &TripLoad) -> Cost {
    let visits = trip.activities.iter().zip(&load.emptied).filter_map(|(&activity, emptied)| match activity {
        Activity::Dispose(site) => Some((problem.disposal_site(site), emptied)),
        _ => None,
    });
    sum(visits.map(|(site, emptied)| {
        let fees = site.tipping_fee.iter().zip(emptied).map(|(rate, &amount)| rate.of(amount));
        fees.fold(site.visit_cost, Cost::saturating_add)
    }))
}

/// Splits the stops into trips. The leg to a stop that two trips share belongs to the earlier trip.
fn trips(stops: &RouteStops, path: &[PathStop], legs: &[Leg], schedule: &[StopTimes], loads: &[TripLoad]) -> Vec<Trip> {
    let mut next = 0;
    let mut clock: Time = schedule.first().map_or(0, |times| times.start);
    let mut trips = Vec::with_capacity(stops.trips.len());
    for (t, (trip, load)) in stops.trips.iter().zip(loads).enumerate() {
        let first_leg = next + usize::from(joined(stops, t));
        let reached = schedule.get(next).map_or(clock, |times| times.arrival);
        let (mut start, mut departure) = (clock, clock);
        if trip.start.is_some() {
            (start, departure) = (schedule[next].start, schedule[next].departure);
            next += 1;
        } else if !trip.activities.is_empty() || trip.end.is_some() {
            (start, departure) = (reached, reached);
        }
        let first_visit = next;
        next += trip.activities.len();
        let visits = trip.activities.iter().zip(first_visit..).zip(&load.after).map(|((&activity, i), load)| Visit {
            activity,
            location: path[i].location,
            setup: schedule[i].setup,
            arrival: schedule[i].arrival,
            start: schedule[i].start,
            departure: schedule[i].departure,
            load: load.clone(),
        });
        let visits: Vec<Visit> = visits.collect();
        clock = visits.last().map_or(departure, |visit| visit.departure);
        let mut last_leg = next;
        if trip.end.is_some() {
            clock = schedule[next].arrival;
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

/// A saturating sum of costs.
pub(super) fn sum(costs: impl Iterator<Item = Cost>) -> Cost {
    costs.fold(0, Cost::saturating_add)
}
