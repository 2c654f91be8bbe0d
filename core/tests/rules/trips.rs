//! Reloads, and the limit of trips.

use milkrun::Depot;

use crate::support::{YARD, at, client, cost, line, vehicles};

#[test]
fn a_vehicle_returns_to_reload() {
    let clients = || [client(10).delivery([3]), client(20).delivery([3])];
    let vehicle = || vehicles(1).capacity([3]);
    assert_eq!(cost(&line(vehicle(), clients())), None);
    assert_eq!(cost(&line(vehicle().reload_depots([YARD]), clients())), Some(20 + 40));
    assert_eq!(cost(&line(vehicle().reload_depots([YARD]).max_trips(2), clients())), Some(60));
    assert_eq!(cost(&line(vehicle().reload_depots([YARD]).max_trips(1), clients())), None);
}

#[test]
fn with_two_depots_the_nearer_one_is_taken() {
    let mut b = line(vehicles(1).capacity([3]), [client(10).delivery([3]), client(20).delivery([3])]);
    let branch = b.add_depot(Depot::at(at(15)));
    b.vehicle_types_mut()[0].reload_depots = vec![YARD, branch];
    // There, 10 on to 15, on to 20, and home.
    assert_eq!(cost(&b), Some(40));
}
