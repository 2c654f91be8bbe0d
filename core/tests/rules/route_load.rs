//! The limit of a route's load over all its trips.

use crate::support::{YARD, client, cost, line, vehicles};

#[test]
fn all_trips_count_together() {
    let clients = || [client(10).delivery([3]), client(20).delivery([3])];
    let vehicle = |count: usize| vehicles(count).capacity([3]).reload_depots([YARD]).fixed_cost(100);
    assert_eq!(cost(&line(vehicle(2).max_route_load([6]), clients())), Some(100 + 60));
    assert_eq!(cost(&line(vehicle(2).max_route_load([5]), clients())), Some(200 + 60));
    assert_eq!(cost(&line(vehicle(1).max_route_load([5]), clients())), None);
}

#[test]
fn with_pickups_both_count() {
    let clients = || [client(10).delivery([3]), client(20).pickup([3])];
    assert_eq!(cost(&line(vehicles(2).max_route_load([6]), clients())), Some(40));
    assert_eq!(cost(&line(vehicles(2).max_route_load([5]), clients())), Some(60));
}
