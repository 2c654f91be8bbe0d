//! Lists of permitted clients and vehicles.

use milkrun::VehicleTypeId;

use crate::support::{client, cost, id, line, vehicles};

fn two_types(clients: [milkrun::Client; 2]) -> milkrun::ProblemBuilder {
    let mut b = line(vehicles(1), clients);
    b.add_vehicle_type(vehicles(1).cost_per_distance(2));
    b
}

#[test]
fn a_client_names_its_vehicles() {
    let dear = VehicleTypeId::new(1);
    assert_eq!(cost(&two_types([client(10), client(-10)])), Some(40));
    assert_eq!(cost(&two_types([client(10).allowed_vehicles([dear]), client(-10)])), Some(2 * 20 + 20));
    assert_eq!(cost(&two_types([client(10).forbidden_vehicles([VehicleTypeId::new(0)]), client(-10)])), Some(60));
}

#[test]
fn a_vehicle_names_its_clients() {
    let b = |listed: Vec<_>| line(vehicles(1).allowed_clients(listed), [client(10), client(-10).optional(3)]);
    assert_eq!(cost(&b(vec![id(0), id(1)])), Some(20 + 3));
    assert_eq!(cost(&b(vec![id(1)])), None);
}

#[test]
fn with_a_limit_of_stops_both_must_be_kept() {
    let mut b = two_types([client(10).allowed_vehicles([VehicleTypeId::new(1)]), client(20)]);
    for vehicle in b.vehicle_types_mut() {
        vehicle.max_stops = Some(1);
    }
    assert_eq!(cost(&b), Some(2 * 20 + 40));
}
