//! Zones: whom vehicles serve in which part of the map, and when.

use milkrun::{Area, DisposalSite, ProblemBuilder, Shipment, ShipmentStop, TimeWindow, Zone, ZoneId, ZoneRule};

use crate::support::{at, client, cost, hourly, line, vehicles};

/// All that lies between two places of the line.
fn between(b: &mut ProblemBuilder, from: i32, to: i32) -> ZoneId {
    let (from, to) = (f64::from(from), f64::from(to));
    b.add_zone(Zone::new(Area::polygon([(from, -1.0), (to, -1.0), (to, 1.0), (from, 1.0)])))
}

fn rule(b: &mut ProblemBuilder, vehicle_type: usize, rule: ZoneRule) {
    b.vehicle_types_mut()[vehicle_type].zones.push(rule);
}

#[test]
fn a_vehicle_serves_its_zones() {
    let mut b = line(vehicles(1), [client(10), client(-10).optional(30)]);
    let east = between(&mut b, 5, 20);
    assert_eq!(cost(&b), Some(40));
    rule(&mut b, 0, ZoneRule::ServeOnly(east));
    assert_eq!(cost(&b), Some(20 + 30));
    // Two zones with the rule are as one.
    let west = between(&mut b, -20, -10);
    rule(&mut b, 0, ZoneRule::ServeOnly(west));
    assert_eq!(cost(&b), Some(40));
}

#[test]
fn a_closed_zone_needs_another_vehicle() {
    let mut b = line(vehicles(1), [client(10), client(20)]);
    b.add_vehicle_type(vehicles(1).cost_per_distance(3));
    let town = between(&mut b, 15, 30);
    assert_eq!(cost(&b), Some(40));
    rule(&mut b, 0, ZoneRule::Closed(town));
    // The dear vehicle serves both on its way, or the cheap one what lies outside.
    assert_eq!(cost(&b), Some(3 * 40));
    b.vehicle_types_mut()[1].max_stops = Some(1);
    assert_eq!(cost(&b), Some(3 * 40 + 20));
    rule(&mut b, 1, ZoneRule::Closed(town));
    assert_eq!(cost(&b), None);
}

#[test]
fn a_zone_is_closed_for_some_hours() {
    let with = |service: i64, hours: &[(i64, i64)]| {
        let mut b = line(hourly(1).shift(0, 200), [client(10).service(service).time_window(5, 90), client(30)]);
        let town = between(&mut b, 5, 20);
        let during = hours.iter().map(|&(from, until)| TimeWindow::new(from, until)).collect();
        rule(&mut b, 0, ZoneRule::ClosedDuring(town, during));
        b
    };
    assert_eq!(cost(&with(4, &[(300, 400)])), Some(64));
    // Begun at 10, it is done at 14.
    assert_eq!(cost(&with(4, &[(14, 400)])), Some(64));
    assert_eq!(cost(&with(4, &[(13, 400)])), None);
    // It opens again at 50, in time for the return from the other client.
    assert_eq!(cost(&with(4, &[(0, 50)])), Some(64));
    // It opens again behind the client's window.
    assert_eq!(cost(&with(4, &[(0, 91)])), None);
    // The pause between two closings is too short for a service of 4, not for one of 3.
    assert_eq!(cost(&with(4, &[(0, 50), (53, 100)])), None);
    assert_eq!(cost(&with(3, &[(0, 50), (53, 100)])), Some(63));
}

#[test]
fn shipments_have_both_ends_in_open_zones() {
    let mut b = line(vehicles(1), []);
    b.add_shipment(Shipment::new(ShipmentStop::at(at(10)), ShipmentStop::at(at(20))).optional(70));
    let far = between(&mut b, 15, 25);
    assert_eq!(cost(&b), Some(40));
    rule(&mut b, 0, ZoneRule::Closed(far));
    assert_eq!(cost(&b), Some(70));
    b.vehicle_types_mut()[0].zones = vec![ZoneRule::ServeOnly(far)];
    assert_eq!(cost(&b), Some(70), "the pickup lies outside");
}

#[test]
fn disposal_sites_may_be_closed_and_lie_outside() {
    let mut b = line(vehicles(1).end_empty(), [client(10).pickup([1])]);
    let near = b.add_disposal_site(DisposalSite::at(at(15)));
    let far = b.add_disposal_site(DisposalSite::at(at(-20)));
    b.vehicle_types_mut()[0].disposal_sites = vec![near, far];
    let around = between(&mut b, 12, 20);
    let clients = between(&mut b, 5, 11);
    rule(&mut b, 0, ZoneRule::ServeOnly(clients));
    assert_eq!(cost(&b), Some(30), "a vehicle unloads outside the zones that it serves");
    rule(&mut b, 0, ZoneRule::Closed(around));
    assert_eq!(cost(&b), Some(10 + 30 + 20));
    // Closed until 100 only, where time costs as distance does not.
    let mut hours = b.clone();
    hours.vehicle_types_mut()[0] = hourly(1).end_empty().disposal_sites([near]).shift(0, 300);
    hours.clients_mut()[0].time_window = TimeWindow::new(0, 20);
    rule(&mut hours, 0, ZoneRule::ClosedDuring(around, vec![TimeWindow::new(0, 100)]));
    // From 10 to the opening at 100, which is waited for from 25 on at the latest, and home.
    assert_eq!(cost(&hours), Some(10 + (100 - 20) + 15));
}

#[test]
fn with_service_by_type_each_vehicle_has_windows_of_its_own() {
    let slow = milkrun::VehicleTypeId::new(0);
    let mut b = line(vehicles(1), [client(10).service(1).service_by(slow, 9)]);
    b.add_vehicle_type(vehicles(1).cost_per_distance(5));
    let town = between(&mut b, 5, 20);
    for t in 0..2 {
        rule(&mut b, t, ZoneRule::ClosedDuring(town, vec![TimeWindow::new(15, 900)]));
    }
    // The slow one would be done at 19, and may come after 900.
    b.vehicle_types_mut()[0].shift = TimeWindow::new(0, 100);
    assert_eq!(cost(&b), Some(100));
    b.vehicle_types_mut()[0].shift = TimeWindow::new(0, 1000);
    assert_eq!(cost(&b), Some(20));
}
