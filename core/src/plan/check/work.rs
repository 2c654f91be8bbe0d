//! Limits on the loads, stops and working time of a route.

use super::goals::{num_stops, total};
use super::replay::Replay;
use crate::model::Problem;
use crate::plan::{Activity, Violation};

/// Limits on loads, stops, driving, work, and effort without a rest.
pub(super) fn work(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let route = replay.index;
    for (trip, cargo) in replay.cargo.iter().enumerate() {
        for (compartment, (loads, part)) in cargo.compartments.iter().zip(&vehicle_type.compartments).enumerate() {
            for (dimension, (&load, &capacity)) in loads.iter().zip(&part.capacity).enumerate() {
                if load > capacity {
                    found.push(Violation::CompartmentOverload { route, trip, compartment, dimension, load, capacity });
                }
            }
        }
        for &(position, materials) in &cargo.together {
            found.push(Violation::MaterialsMixed { route, trip, position, materials });
        }
        for (dimension, &load) in cargo.waste_at_end.iter().enumerate() {
            if vehicle_type.end_empty && load > 0 {
                found.push(Violation::NotEmpty { route, trip, dimension, load });
            }
        }
    }
    for (dimension, &limit) in vehicle_type.max_route_load.iter().enumerate() {
        let load = total(problem, replay, dimension);
        if load > limit {
            found.push(Violation::RouteOverload { route, dimension, load, limit });
        }
    }
    let stops = num_stops(replay);
    if let Some(limit) = vehicle_type.max_stops
        && stops > limit
    {
        found.push(Violation::TooManyStops { route, stops, limit });
    }
    let (driving, work) = (replay.driving(), replay.work());
    if vehicle_type.max_driving.is_some_and(|limit| driving > limit) {
        found.extend(vehicle_type.max_driving.map(|limit| Violation::TooMuchDriving { route, driving, limit }));
    }
    if vehicle_type.max_work.is_some_and(|limit| work > limit) {
        found.extend(vehicle_type.max_work.map(|limit| Violation::TooMuchWork { route, work, limit }));
    }
    for (rule, (&effort, limits)) in replay.efforts.iter().zip(&vehicle_type.driver_rules).enumerate() {
        if effort > limits.max {
            found.push(Violation::RestMissing { route, rule, effort, limit: limits.max });
        }
    }
}

/// Number of trips of the route: a visit to a disposal site that is followed by a service begins another one.
pub(super) fn num_trips(replay: &Replay) -> usize {
    let mut trips = replay.stops.trips.len();
    for trip in &replay.stops.trips {
        let mut pending = 0;
        for activity in &trip.activities {
            match activity {
                Activity::Dispose(_) => pending += 1,
                Activity::Client(_) | Activity::Pickup(_) | Activity::Delivery(_) => {
                    trips += pending;
                    pending = 0;
                }
                Activity::Break(_) | Activity::Rest(_) => {}
            }
        }
    }
    trips
}
