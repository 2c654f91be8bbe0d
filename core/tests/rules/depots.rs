//! Hours and loading at depots.

use milkrun::{Depot, Problem, ProblemBuilder};

use crate::support::{YARD, at, client, cost, hourly, vehicles};

fn with_depot(depot: Depot, vehicle: milkrun::VehicleType, x: i32) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(depot);
    b.add_vehicle_type(vehicle);
    b.add_client(client(x).delivery([1]));
    b
}

#[test]
fn a_route_is_over_before_the_depot_closes() {
    let depot = || Depot::at(at(0)).open(5, 25);
    assert_eq!(cost(&with_depot(depot(), vehicles(1), 10)), Some(20));
    assert_eq!(cost(&with_depot(depot(), vehicles(1), 11)), None);
}

#[test]
fn loading_takes_time() {
    assert_eq!(cost(&with_depot(Depot::at(at(0)).service(6), hourly(1), 10)), Some(26));
}

#[test]
fn with_reloads_each_trip_is_loaded() {
    let mut b = with_depot(Depot::at(at(0)).service(6), hourly(1).capacity([1]).reload_depots([YARD]), 10);
    b.add_client(client(-10).delivery([1]));
    assert_eq!(cost(&b), Some(6 + 20 + 6 + 20));
}
