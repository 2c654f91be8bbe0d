//! When goods are ready at the depot.

use crate::support::{YARD, client, cost, line, vehicles};

#[test]
fn the_vehicle_waits_for_them() {
    let clients = || [client(10).release(30)];
    assert_eq!(cost(&line(vehicles(1).shift(0, 50), clients())), Some(20));
    assert_eq!(cost(&line(vehicles(1).shift(0, 49), clients())), None);
}

#[test]
fn with_reloads_they_go_on_the_second_trip() {
    let clients = || [client(10).release(30), client(10).time_window(0, 15)];
    assert_eq!(cost(&line(vehicles(1), clients())), None);
    assert_eq!(cost(&line(vehicles(1).reload_depots([YARD]), clients())), Some(20 + 20));
}
