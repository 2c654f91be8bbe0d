//! Plans to start from.

use milkrun::Plan;
use milkrun::plan::{Activity, RouteStops, TripStops};

use crate::support::{YARD, client, id, line, solved_from, vehicles};

fn route(clients: &[usize]) -> RouteStops {
    let activities = clients.iter().map(|&c| Activity::Client(id(c))).collect();
    let trip = TripStops { start: Some(YARD), activities, end: Some(YARD) };
    RouteStops { vehicle_type: milkrun::VehicleTypeId::new(0), trips: vec![trip], start: None }
}

#[test]
fn a_poor_plan_is_improved() {
    let b = line(vehicles(2).max_stops(2), [client(10), client(-10), client(11), client(-11)]);
    let poor = Plan::new(&b.build().unwrap(), vec![route(&[0, 1]), route(&[2, 3])]).unwrap();
    assert_eq!((poor.is_feasible(), poor.cost()), (true, 84));
    assert_eq!(solved_from(&b, Some(poor)).cost(), 44);
}

#[test]
fn an_infeasible_plan_is_repaired() {
    let b = line(vehicles(2).max_stops(2), [client(10), client(-10), client(11), client(-11)]);
    let violated = Plan::new(&b.build().unwrap(), vec![route(&[0, 2, 1, 3, 0])]).unwrap();
    assert!(!violated.is_feasible());
    let plan = solved_from(&b, Some(violated));
    assert_eq!((plan.is_feasible(), plan.cost()), (true, 44));
}

#[test]
fn with_what_was_executed_the_beginning_stays() {
    let done = vec![Activity::Client(id(0)), Activity::Client(id(1))];
    let b = line(vehicles(1).executed(done.clone()), [client(10), client(-10), client(20)]);
    let other = Plan::new(&b.build().unwrap(), vec![route(&[1, 0, 2])]).unwrap();
    let plan = solved_from(&b, Some(other));
    assert_eq!((plan.is_feasible(), plan.cost()), (true, 80));
    assert_eq!(plan.route_stops()[0].trips[0].activities[..2], done[..]);
}
