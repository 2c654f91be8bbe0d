//! Routes that get other vehicles.

use super::*;
use crate::search::classical::operators::{change_vehicle, exchange_vehicles};

/// Every route with the vehicle of every unused one of another type.
fn changed<C: Class>(routes: &Routes<'_, C>, old: &Sequences, route: usize) -> Vec<Sequences> {
    let others = (0..old.len()).filter(|&r| old[r].is_empty() && routes.vehicle_type(r) != routes.vehicle_type(route));
    let result = |other: usize| {
        let mut new = old.clone();
        new.swap(route, other);
        new
    };
    others.map(result).collect()
}

fn changes<C: Class>() -> usize {
    let mut made = 0;
    let mut scratch = Scratch::default();
    each::<C>(60, |routes, _| {
        for route in 0..routes.info.len() {
            let (old, total) = (sequences(routes), routes.cost);
            if old[route].is_empty() {
                continue;
            }
            let before = plan(routes.data, &old).cost();
            let costs = changed(routes, &old, route).into_iter().filter_map(|new| cost(routes.data, &new));
            let least = costs.min().filter(|&least| least < before);
            assert_eq!(change_vehicle(routes, &mut scratch, route), least.is_some(), "{old:?}: {route}");
            agrees_with_the_plan(routes);
            let after = plan(routes.data, &sequences(routes)).cost();
            assert_eq!(after, least.unwrap_or(before), "the cheapest vehicle drives it");
            made += usize::from(least.is_some());
            routes.rollback();
            assert_eq!((sequences(routes), routes.cost), (old, total));
            routes.begin();
        }
    });
    made
}

#[test]
fn a_route_gets_its_cheapest_vehicle() {
    assert!(changes::<Fleet>() > 30);
    assert!(changes::<FleetWithBackhauls>() > 10);
    assert!(changes::<TimedFleet>() > 10);
    assert!(changes::<TimedFleetWithBackhauls>() > 10);
}

fn exchanges<C: Class>() -> usize {
    let mut made = 0;
    let mut scratch = Scratch::default();
    each::<C>(60, |routes, _| {
        for a in 0..routes.info.len() {
            for b in (0..routes.info.len()).filter(|&b| b != a) {
                let (old, total) = (sequences(routes), routes.cost);
                if old[a].is_empty() || old[b].is_empty() || routes.vehicle_type(a) == routes.vehicle_type(b) {
                    continue;
                }
                let mut new = old.clone();
                new.swap(a, b);
                let before = plan(routes.data, &old).cost();
                let better = cost(routes.data, &new).is_some_and(|cost| cost < before);
                assert_eq!(exchange_vehicles(routes, &mut scratch, a, b), better, "{old:?}: {a} {b}");
                agrees_with_the_plan(routes);
                assert_eq!(sequences(routes), if better { new } else { old.clone() });
                made += usize::from(better);
                routes.rollback();
                assert_eq!((sequences(routes), routes.cost), (old, total));
                routes.begin();
            }
        }
    });
    made
}

#[test]
fn two_routes_exchange_vehicles_exactly_where_that_is_cheaper() {
    assert!(exchanges::<Fleet>() > 30);
    assert!(exchanges::<TimedFleet>() > 10);
    assert!(exchanges::<TimedFleetWithBackhauls>() > 5);
}
