//! Shipments from one place to another.

use milkrun::{ProblemBuilder, Shipment, ShipmentStop};

use crate::support::{at, client, cost, line, vehicles};

fn ship(b: &mut ProblemBuilder, from: i32, to: i32) {
    b.add_shipment(Shipment::new(ShipmentStop::at(at(from)), ShipmentStop::at(at(to))).amount([1]));
}

#[test]
fn the_pickup_comes_first() {
    let mut b = line(vehicles(1), []);
    ship(&mut b, -10, 10);
    assert_eq!(cost(&b), Some(40));
    // And another one in the opposite direction: 10, -10, 10, home; or -10, 10, -10, home.
    ship(&mut b, 10, -10);
    assert_eq!(cost(&b), Some(60));
}

#[test]
fn both_ends_are_on_one_trip() {
    let b = |capacity: i64| {
        let mut b = line(vehicles(1).capacity([capacity]), []);
        ship(&mut b, 10, 30);
        ship(&mut b, 20, 40);
        b
    };
    assert_eq!(cost(&b(2)), Some(80));
    // One at a time: 10, 30, back to 20, 40, home.
    assert_eq!(cost(&b(1)), Some(10 + 20 + 10 + 20 + 40));
}

#[test]
fn an_optional_client_may_be_unserved() {
    let b = |prize: i64| {
        let mut b = line(vehicles(1), []);
        b.add_shipment(Shipment::new(ShipmentStop::at(at(-10)), ShipmentStop::at(at(10))).optional(prize));
        b
    };
    assert_eq!((cost(&b(39)), cost(&b(41))), (Some(39), Some(40)));
}

#[test]
fn with_a_window_the_delivery_comes_first() {
    let b = |late: i64| {
        let mut b = line(vehicles(1), [client(-10)]);
        b.add_shipment(Shipment::new(ShipmentStop::at(at(10)), ShipmentStop::at(at(20)).time_window(0, late)));
        b
    };
    assert_eq!((cost(&b(20)), cost(&b(19))), (Some(60), None));
}
