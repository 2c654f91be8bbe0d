//! What has been done becomes part of the problem, and the published plan one of its plans.

use super::publish::Day;
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Activity, TimeWindow};
use crate::plan::{RouteStops, TripStops};
use crate::units::{Duration, Time};

/// Fixes what each vehicle has done, and when.
pub(super) fn pin(day: &mut Day<'_>) {
    for route in 0..day.trucks.len() {
        pin_truck(day, route);
    }
    // Nobody waits at the depot for a time that has passed.
    let trucks = day.trucks.len();
    for spare in &mut day.builder.vehicle_types[trucks..] {
        spare.shift.early = spare.shift.early.max(day.now);
    }
}

fn pin_truck(day: &mut Day<'_>, route: usize) {
    let (truck, now) = (day.trucks[route].clone(), day.now);
    let executed = truck.executed();
    let vehicle_type = &mut day.builder.vehicle_types[route];
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
            if let Some(lasts) = lasts {
                client.service = lasts;
                client.service_by_type.clear();
            }
        }
        Activity::Pickup(id) | Activity::Delivery(id) => {
            let shipment = &mut day.builder.shipments[id.index()];
            let is_pickup = matches!(activity, Activity::Pickup(_));
            let stop = if is_pickup { &mut shipment.pickup } else { &mut shipment.delivery };
            stop.time_window = TimeWindow::new(begin, begin);
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
        let mut keeps = |activity: Activity| {
            done += 1;
            let stays = done <= truck.fixed || truck.out.is_none();
            stays && client_of(activity).is_none_or(|id| !day.cancelled.contains(&id))
        };
        let trips: Vec<TripStops> = stops
            .trips
            .iter()
            .map(|trip| TripStops {
                activities: trip.activities.iter().copied().filter(|&activity| keeps(activity)).collect(),
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
