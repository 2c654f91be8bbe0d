//! From bare stops to a route with times, loads and costs.

use crate::ids::DisposalSiteId;
use crate::model::{Problem, VehicleType};
use crate::plan::load::{TripLoad, trip_load};
use crate::plan::path::{Role, Station, joined, stations};
use crate::plan::rules::{Judged, Listed};
use crate::plan::timetable::{Leg, Manner, Stay, Timetable, from_the_earliest_start, legs, timetable};
use crate::plan::{Activity, Route, RouteStops, Trip, TripStops, Violation, Visit};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// Computes the route, and appends what is wrong with it to `found`, and what it leaves at disposal sites to `emptied`. All ids must be the problem's.
pub(super) fn route(
    problem: &Problem,
    listed: &Listed<'_>,
    index: usize,
    stops: &RouteStops,
    emptied: &mut Vec<(DisposalSiteId, Vec<Load>)>,
    found: &mut Vec<Violation>,
) -> Route {
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    let loads: Vec<TripLoad> = stops.trips.iter().map(|trip| trip_load(problem, vehicle_type, trip)).collect();
    let path = stations(problem, stops, &loads);
    let legs = legs(problem, vehicle_type, &path);
    let times = times(problem, stops, &path, &legs);
    let stays = times.stays;

    let distance = legs.iter().map(|leg| leg.distance).fold(0, Distance::saturating_add);
    let start = stays.first().map_or(0, |stay| stay.start);
    let end = stays.last().map_or(0, |stay| stay.departure);
    let driving = stays.iter().map(|stay| stay.driven).fold(0, Duration::saturating_add);
    let waiting = stays.iter().map(|stay| stay.start.saturating_sub(stay.arrival)).fold(0, Duration::saturating_add);
    let stood = |pauses: bool| {
        let stations = path.iter().filter(|station| station.is_pause() == pauses);
        stations.map(|station| station.service).fold(0, Duration::saturating_add)
    };
    let paid = end.saturating_sub(start).saturating_sub(unpaid(vehicle_type, &path));
    let route = Route {
        vehicle_type: stops.vehicle_type,
        trips: trips(stops, &path, &legs, &stays, &loads),
        start,
        end,
        distance,
        driving,
        waiting,
        work: driving.saturating_add(stood(false)),
        pauses: stood(true),
        paid,
        overtime_cost: vehicle_type.overtime_cost(paid),
        waiting_cost: vehicle_type.cost_per_waiting.saturating_mul(waiting),
        window_cost: sum(path.iter().zip(&stays).map(|(at, stay)| at.soft.map_or(0, |soft| soft.cost(stay.start)))),
        disposal_cost: sum(stops.trips.iter().zip(&loads).map(|(trip, load)| disposal_cost(problem, trip, load))),
        fixed_cost: vehicle_type.fixed_cost,
        distance_cost: vehicle_type.cost_per_distance.saturating_mul(distance),
        duration_cost: vehicle_type.cost_per_duration.saturating_mul(paid),
    };
    let judged = Judged {
        problem,
        listed,
        index,
        stops,
        path: &path,
        legs: &legs,
        stays: &stays,
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

/// When the vehicle is where: from the start that is stated on, or with the start that the rule gives.
fn times(problem: &Problem, stops: &RouteStops, path: &[Station], legs: &[Leg]) -> Timetable {
    let manner = Manner::new(problem, problem.vehicle_type(stops.vehicle_type));
    if stops.start.is_some() { from_the_earliest_start(path, legs, manner) } else { timetable(path, legs, manner) }
}

/// When the route would start if it did not state a start.
pub(super) fn start_by_rule(problem: &Problem, stops: &RouteStops) -> Time {
    let stops = RouteStops { start: None, ..stops.clone() };
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    let loads: Vec<TripLoad> = stops.trips.iter().map(|trip| trip_load(problem, vehicle_type, trip)).collect();
    let path = stations(problem, &stops, &loads);
    let legs = legs(problem, vehicle_type, &path);
    times(problem, &stops, &path, &legs).stays.first().map_or(0, |stay| stay.start)
}

/// Time of breaks and rests that nobody pays.
fn unpaid(vehicle_type: &VehicleType, path: &[Station]) -> Duration {
    let is_unpaid = |station: &&Station| match station.role {
        Role::Visit(_, Activity::Break(index)) => !vehicle_type.breaks[index].paid,
        Role::Visit(_, Activity::Rest(_)) => !vehicle_type.paid_rests,
        _ => false,
    };
    path.iter().filter(is_unpaid).map(|station| station.service).fold(0, Duration::saturating_add)
}

/// What a trip's visits to disposal sites cost.
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
