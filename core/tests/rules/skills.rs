//! Skills that clients require.

use crate::support::{client, cost, line, vehicles};

#[test]
fn only_vehicles_with_the_skills_may_serve() {
    let mut b = line(vehicles(1), [client(10).skills(["crane"])]);
    assert_eq!(cost(&b), None);
    b.add_vehicle_type(vehicles(1).cost_per_distance(3).skills(["crane", "cold"]));
    assert_eq!(cost(&b), Some(60));
}

#[test]
fn with_unit_costs_the_others_ride_with_the_cheap_vehicle() {
    let mut b = line(vehicles(1), [client(10).skills(["crane"]), client(-30)]);
    b.add_vehicle_type(vehicles(1).cost_per_distance(3).skills(["crane"]));
    assert_eq!(cost(&b), Some(3 * 20 + 60));
}
