//! What serving costs in addition with vehicles of some types.

use milkrun::{Shipment, ShipmentStop, VehicleTypeId};

use crate::support::{at, client, cost, line, vehicles};

/// One vehicle of the first type, and one of another that costs so much to use.
fn two_types(fixed_cost: i64, clients: impl IntoIterator<Item = milkrun::Client>) -> milkrun::ProblemBuilder {
    let mut b = line(vehicles(1), clients);
    b.add_vehicle_type(vehicles(1).fixed_cost(fixed_cost));
    b
}

#[test]
fn the_cheaper_of_two_vehicles_goes() {
    let near = || client(10).assignment_cost(VehicleTypeId::new(0), 7);
    assert_eq!(cost(&line(vehicles(1), [near()])), Some(20 + 7));
    assert_eq!(cost(&two_types(5, [near()])), Some(20 + 5));
    assert_eq!(cost(&two_types(8, [near()])), Some(20 + 7));
}

#[test]
fn an_optional_client_may_not_be_worth_it() {
    let optional = |prize| client(10).assignment_cost(VehicleTypeId::new(0), 7).optional(prize);
    assert_eq!(cost(&line(vehicles(1), [optional(26)])), Some(26));
    assert_eq!(cost(&line(vehicles(1), [optional(28)])), Some(27));
}

#[test]
fn two_clients_stay_with_their_drivers_until_the_detour_costs_more() {
    let (first, second) = (VehicleTypeId::new(0), VehicleTypeId::new(1));
    let clients = |price| [client(10).assignment_cost(second, price), client(11).assignment_cost(first, price)];
    assert_eq!(cost(&two_types(0, clients(19))), Some(22 + 19));
    assert_eq!(cost(&two_types(0, clients(21))), Some(20 + 22));
}

#[test]
fn a_shipment_costs_it_once() {
    let mut b = two_types(0, []);
    let carried = Shipment::new(ShipmentStop::at(at(10)), ShipmentStop::at(at(20)));
    b.add_shipment(carried.assignment_cost(VehicleTypeId::new(0), 7).assignment_cost(VehicleTypeId::new(1), 9));
    assert_eq!(cost(&b), Some(40 + 7));
}
