//! Capacities of vehicles.

use crate::support::{YARD, client, cost, line, vehicles};

#[test]
fn what_does_not_fit_goes_on_another_vehicle() {
    let clients = || [client(10).delivery([3]), client(20).delivery([3])];
    assert_eq!(cost(&line(vehicles(2).capacity([6]), clients())), Some(40));
    assert_eq!(cost(&line(vehicles(2).capacity([5]), clients())), Some(20 + 40));
    assert_eq!(cost(&line(vehicles(1).capacity([5]), clients())), None);
}

#[test]
fn each_dimension_has_its_own() {
    let clients = || [client(10).delivery([3, 1]), client(20).delivery([1, 3])];
    assert_eq!(cost(&line(vehicles(2).capacity([4, 4]), clients())), Some(40));
    assert_eq!(cost(&line(vehicles(2).capacity([4, 3]), clients())), Some(60));
}

#[test]
fn with_pickups_what_was_delivered_makes_room() {
    let clients = || [client(10).delivery([3]), client(20).pickup([3])];
    assert_eq!(cost(&line(vehicles(2).capacity([3]), clients())), Some(40));
    // Delivering on the return would overload the vehicle.
    let late = [client(10).delivery([3]).time_window(25, 60), client(20).pickup([3]).time_window(0, 22)];
    assert_eq!(cost(&line(vehicles(1).capacity([3]), late.clone())), None);
    assert_eq!(cost(&line(vehicles(1).capacity([3]).reload_depots([YARD]), late)), Some(40 + 20));
}
