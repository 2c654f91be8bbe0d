//! Costs of vehicles.

use crate::support::{client, cost, line, vehicles};

#[test]
fn each_vehicle_in_use() {
    let b = |fixed: i64| line(vehicles(2).max_stops(2).fixed_cost(fixed), [client(10), client(-10)]);
    assert_eq!((cost(&b(0)), cost(&b(7))), (Some(40), Some(47)));
}

#[test]
fn distance_and_duration() {
    let vehicle = vehicles(1).cost_per_distance(2).cost_per_duration(3);
    assert_eq!(cost(&line(vehicle, [client(10).service(4)])), Some(2 * 20 + 3 * 24));
}

#[test]
fn with_two_types_the_cheaper_one_for_each_distance() {
    // 30 and 1 for each unit against 5 and 2: the near client is worth the second.
    let mut b = line(vehicles(1).fixed_cost(30).max_stops(1), [client(5), client(40)]);
    b.add_vehicle_type(vehicles(1).fixed_cost(5).cost_per_distance(2).max_stops(1));
    assert_eq!(cost(&b), Some(30 + 80 + 5 + 20));
}
