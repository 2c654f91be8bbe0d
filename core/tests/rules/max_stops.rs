//! The limit of stops on a route.

use crate::support::{client, cost, line, vehicles};

#[test]
fn more_stops_need_more_vehicles() {
    let clients = || [client(10), client(20)];
    assert_eq!(cost(&line(vehicles(2), clients())), Some(40));
    assert_eq!(cost(&line(vehicles(2).max_stops(1), clients())), Some(60));
    assert_eq!(cost(&line(vehicles(1).max_stops(1), clients())), None);
}

#[test]
fn with_prizes_the_required_stop_has_the_place() {
    let clients = [client(10), client(5).optional(1_000)];
    assert_eq!(cost(&line(vehicles(1).max_stops(1), clients)), Some(20 + 1_000));
}
