//! What has been done becomes part of the problem, and the published plan one of its plans.

use super::progress::Truck;
use super::publish::Day;
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Activity, TimeWindow, WindowCovers};
use crate::plan::{Plan, RouteStops, TripStops};
use crate::units::{Duration, MAX_VALUE, Time};

/// Fixes what each vehicle has done, and when.
pub(super) fn pin(day: &mut Day<'_>) {
    // Before the times of anything are fixed.
    let delays = delays_under_way(day);
    for (route, delay) in delays.into_iter().enumerate() {
        pin_truck(day, route, delay);
    }
    // Nobody waits at the depot for a time that has passed.
    let trucks = day.trucks.len();
    for spare in &mut day.builder.vehicle_types[trucks..] {
        spare.shift.early = spare.shift.early.max(day.now);
    }
}

/// By how much later than published each vehicle reaches what it is driving to, because roads are slower by now.
fn delays_under_way(day: &Day<'_>) -> Vec<Duration> {
    let none = vec![0; day.trucks.len()];
    if day.builder.speeds.values().all(|curve| curve.steps.is_empty()) {
        return none;
    }
    // Where the problem has faults, they are told when it is built for good.
    let Ok(problem) = day.builder.build() else { return none };
    let delay = |(route, truck): (usize, &Truck)| {
        let driving_to = truck.is_under_way.then(|| truck.fixed.checked_sub(1)).flatten()?;
        let mut stops = day.published.route_stops()[route].clone();
        let mut at = 0;
        for trip in &mut stops.trips {
            trip.activities.retain_mut(|activity| {
                *activity = activity_now(day, truck, at, *activity);
                at += 1;
                at <= truck.fixed
            });
        }
        stops.trips.retain(|trip| !trip.activities.is_empty());
        (stops.vehicle_type, stops.start) = (VehicleTypeId::new(route), Some(truck.start));
        let driven = Plan::of_known(&problem, vec![stops]);
        let arrival = driven.routes().first()?.visits().nth(driving_to)?.arrival;
        Some((arrival - truck.visits[driving_to].arrival).max(0))
    };
    day.trucks.iter().enumerate().map(|found| delay(found).unwrap_or(0)).collect()
}

/// An activity of a published route in the problem as it is now: what has been done before it changed is done at the copy of a
/// disposal site as it was.
fn activity_now(day: &Day<'_>, truck: &Truck, at: usize, activity: Activity) -> Activity {
    match activity {
        Activity::Dispose(site) if at < truck.done => {
            Activity::Dispose(day.past_sites.get(&site).copied().unwrap_or(site))
        }
        other => other,
    }
}

fn pin_truck(day: &mut Day<'_>, route: usize, delay: Duration) {
    let (mut truck, now) = (day.trucks[route].clone(), day.now);
    let executed = truck.executed().into_iter().enumerate();
    let executed: Vec<Activity> = executed.map(|(at, activity)| activity_now(day, &truck, at, activity)).collect();
    truck.late = truck.late.saturating_add(delay);
    let vehicle_type = &mut day.builder.vehicle_types[route];
    for activity in &executed {
        if let Activity::Dispose(site) = activity
            && !vehicle_type.disposal_sites.contains(site)
        {
            vehicle_type.disposal_sites.push(*site);
        }
    }
    // A driver who is late has breaks so much later.
    for pause in &mut vehicle_type.breaks {
        pause.start.late = pause.start.late.saturating_add(truck.late.max(0)).min(MAX_VALUE);
    }
    if let Some(end) = truck.shift_end {
        vehicle_type.shift.late = end;
    }
    if truck.out.is_some() || truck.is_over(now) {
        let served = executed.iter().filter_map(|&activity| client_of(activity));
        vehicle_type.allowed_clients = Some(served.collect());
        vehicle_type.end_empty = false;
        if executed.is_empty() {
            vehicle_type.count = 0;
        }
    }
    if !truck.has_started(now) {
        // It may still set out earlier than published, but not before now.
        let earliest = if truck.late > 0 { truck.start.saturating_add(truck.late) } else { now };
        vehicle_type.shift.early = vehicle_type.shift.early.max(now).max(earliest);
        vehicle_type.shift.late = vehicle_type.shift.late.max(vehicle_type.shift.early);
        return;
    }
    vehicle_type.shift.early = vehicle_type.shift.early.max(truck.start);
    if executed.is_empty() {
        let delayed = vehicle_type.shift.early.saturating_add(truck.late);
        vehicle_type.shift.early = delayed;
        vehicle_type.shift.late = vehicle_type.shift.late.max(delayed);
        return;
    }
    vehicle_type.executed = executed;
    // The stop whose time tells all later ones.
    let last = truck.fixed - 1;
    let Some(pinned) = (0..=last).rev().find(|&p| truck.visits[p].activity.is_service()) else {
        vehicle_type.shift.early = vehicle_type.shift.early.saturating_add(truck.late);
        return;
    };
    let visit = &truck.visits[pinned];
    if pinned == last && truck.is_under_way {
        let reached = visit.arrival.saturating_add(truck.late);
        // Whoever was to wait there waits for less time when late.
        let begin = if visit.start > visit.arrival { visit.start.max(reached) } else { reached };
        pin_service(day, visit.activity, begin, None);
    } else {
        // It lasts until the vehicle left it, or left so much later for what comes behind.
        let lasted = (visit.departure - visit.start).saturating_add(truck.late).max(0);
        let begin = visit.start.min(visit.departure.saturating_add(truck.late));
        pin_service(day, visit.activity, begin, Some(lasted));
    }
}

/// Lets a service begin at a time and no other, and last for a time.
fn pin_service(day: &mut Day<'_>, activity: Activity, begin: Time, lasts: Option<Duration>) {
    match activity {
        Activity::Client(id) => {
            let client = &mut day.builder.clients[id.index()];
            (client.time_window, client.more_windows) = (TimeWindow::new(begin, begin), Vec::new());
            client.window_covers = WindowCovers::Start;
            if let Some(lasts) = lasts {
                client.service = lasts;
                client.service_by_type.clear();
            }
        }
        Activity::Pickup(id) | Activity::Delivery(id) => {
            let shipment = &mut day.builder.shipments[id.index()];
            let is_pickup = matches!(activity, Activity::Pickup(_));
            let stop = if is_pickup { &mut shipment.pickup } else { &mut shipment.delivery };
            (stop.time_window, stop.window_covers) = (TimeWindow::new(begin, begin), WindowCovers::Start);
            stop.service = lasts.unwrap_or(stop.service);
        }
        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
    }
}

pub(super) fn client_of(activity: Activity) -> Option<ClientId> {
    if let Activity::Client(id) = activity { Some(id) } else { None }
}

/// The published routes without what is cancelled, and of a vehicle that stays where it is without what it has not done.
pub(super) fn routes(day: &Day<'_>) -> Vec<RouteStops> {
    let mut routes = Vec::new();
    for (route, (stops, truck)) in day.published.route_stops().iter().zip(&day.trucks).enumerate() {
        let mut done = 0;
        let mut kept = |activity: Activity| {
            done += 1;
            let stays = done <= truck.fixed || truck.out.is_none();
            let keeps = stays && client_of(activity).is_none_or(|id| !day.cancelled.contains(&id));
            keeps.then(|| activity_now(day, truck, done - 1, activity))
        };
        let trips: Vec<TripStops> = stops
            .trips
            .iter()
            .map(|trip| TripStops {
                activities: trip.activities.iter().copied().filter_map(&mut kept).collect(),
                ..trip.clone()
            })
            .collect();
        if trips.iter().any(|trip| !trip.activities.is_empty()) {
            let start = (truck.late == 0).then_some(truck.start);
            routes.push(RouteStops { vehicle_type: VehicleTypeId::new(route), start, trips });
        }
    }
    routes
}
