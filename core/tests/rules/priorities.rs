//! Priority classes come before all cost.

use crate::support::{client, line, rank, vehicles};

#[test]
fn the_higher_class_is_served() {
    let clients = [client(1).optional(1_000).priority(1), client(50).optional(1).priority(2)];
    assert_eq!(rank(&line(vehicles(1).max_stops(1), clients)), Some(vec![0, 1, 100 + 1_000]));
}

#[test]
fn many_of_a_lower_class_do_not_outweigh_it() {
    let low = |x: i32| client(x).optional(5).priority(1);
    let clients = [low(1), low(2), low(3), client(-50).optional(0).priority(2)];
    assert_eq!(rank(&line(vehicles(1).max_distance(104), clients)), Some(vec![0, 1, 100 + 4 + 5]));
}

#[test]
fn with_a_required_client_that_one_comes_first() {
    let clients = [client(10), client(5).optional(9).priority(3)];
    assert_eq!(rank(&line(vehicles(1).max_stops(1), clients)), Some(vec![1, 0, 0, 20 + 9]));
}
