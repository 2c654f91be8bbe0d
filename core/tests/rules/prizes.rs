//! Clients that need not be served.

use crate::support::{client, cost, line, vehicles};

#[test]
fn served_if_it_pays() {
    assert_eq!(cost(&line(vehicles(1), [client(20).optional(39)])), Some(39));
    assert_eq!(cost(&line(vehicles(1), [client(20).optional(41)])), Some(40));
}

#[test]
fn with_others_nearby_they_pay_together() {
    let clients = |prize: i64| [client(20).optional(prize), client(19).optional(prize)];
    assert_eq!(cost(&line(vehicles(1), clients(21))), Some(40));
    assert_eq!(cost(&line(vehicles(1), clients(19))), Some(38));
}
