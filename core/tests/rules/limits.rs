//! Limits of a route: duration, distance, driving, work, shift.

use crate::support::{client, cost, line, vehicles};

#[test]
fn duration() {
    let b = |most: i64| line(vehicles(2).fixed_cost(5).max_duration(most), [client(10), client(-10)]);
    assert_eq!((cost(&b(40)), cost(&b(39)), cost(&b(19))), (Some(45), Some(50), None));
}

#[test]
fn distance() {
    let b = |most: i64| line(vehicles(2).fixed_cost(5).max_distance(most), [client(10), client(-10)]);
    assert_eq!((cost(&b(40)), cost(&b(39)), cost(&b(19))), (Some(45), Some(50), None));
}

#[test]
fn driving() {
    let b = |most: i64| line(vehicles(2).fixed_cost(5).max_driving(most), [client(10).service(9), client(-10)]);
    assert_eq!((cost(&b(40)), cost(&b(39)), cost(&b(19))), (Some(45), Some(50), None));
}

#[test]
fn work() {
    let b = |most: i64| line(vehicles(2).fixed_cost(5).max_work(most), [client(10).service(9), client(-10)]);
    assert_eq!((cost(&b(49)), cost(&b(48)), cost(&b(28))), (Some(45), Some(50), None));
}

#[test]
fn shift() {
    let b = |early: i64, late: i64| line(vehicles(2).fixed_cost(5).shift(early, late), [client(10), client(-10)]);
    assert_eq!((cost(&b(3, 43)), cost(&b(3, 42)), cost(&b(3, 22))), (Some(45), Some(50), None));
}

#[test]
fn with_waiting_a_duration_is_longer_than_its_work() {
    // The first client closes at 10, the second one opens at 50: 70 in all, of which 40 are work.
    let clients = || [client(10).time_window(0, 10), client(20).time_window(50, 60)];
    let one = |v: milkrun::VehicleType| cost(&line(v, clients()));
    assert_eq!((one(vehicles(1).max_duration(70)), one(vehicles(1).max_duration(69))), (Some(40), None));
    assert_eq!((one(vehicles(1).max_work(40)), one(vehicles(1).max_work(39))), (Some(40), None));
}
