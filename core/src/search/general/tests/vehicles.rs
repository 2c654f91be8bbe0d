//! Routes that change their vehicles.

use super::*;
use crate::search::Searcher;
use crate::search::general::route::Route;

/// Two types, one of which has a higher fixed cost and a lower cost per distance.
fn two_types(seed: u64) -> Problem {
    let mut b = problem(Kind::Waste, 14, &mut Random::new(seed)).to_builder();
    let other = b.vehicle_types_mut()[0].clone();
    b.add_vehicle_type(VehicleType { cost_per_distance: 2, ..other }.fixed_cost(0));
    b.build().expect("a valid problem")
}

/// Drives a route with a vehicle of the other type, where that can be done.
fn with_the_other(search: &mut GeneralSearch<'_>, route: usize) -> Option<Route> {
    let kind = 1 - search.solution.routes[route].vehicle_type;
    let mut order = Vec::new();
    search.solution.free_order(route, &mut order);
    search.solution.with_halts_placed(route, kind, &order, 1_000_000)
}

#[test]
fn a_cheaper_vehicle_takes_over() {
    let mut better = 0;
    for seed in 0..6 {
        search(&two_types(seed), seed, |search, _| {
            // Whatever vehicle is the cheaper one, each route first gets the other.
            let routes = &search.solution.routes;
            let used: Vec<usize> = (0..routes.len()).filter(|&r| !routes[r].is_empty()).collect();
            for route in used {
                let own = &search.solution.routes[route];
                let kind = own.vehicle_type;
                let Some(slot) = search.solution.spare_vehicle(1 - kind) else { continue };
                if let Some(new) = with_the_other(search, route) {
                    search.solution.install(route, Route::empty(kind));
                    search.solution.install(slot, new);
                }
            }
            agrees_with_the_plan(&mut search.solution);
            let before = value(&search.solution);
            let all: Vec<u32> = (0..search.solution.routes.len() as u32).collect();
            search.moves.change_vehicles(&mut search.solution, &all);
            agrees_with_the_plan(&mut search.solution);
            assert!(value(&search.solution) <= before);
            better += usize::from(value(&search.solution) < before);
        });
    }
    assert!(better > 0);
}

#[test]
fn two_routes_exchange_theirs() {
    let mut better = 0;
    for seed in 0..12 {
        search(&two_types(100 + seed), seed, |search, _| {
            // The longest route gets the vehicle with the higher cost per distance.
            let routes = &search.solution.routes;
            let used = (0..routes.len()).filter(|&r| !routes[r].is_empty() && routes[r].vehicle_type == 0);
            let Some(longest) = used.max_by_key(|&r| routes[r].last().distance) else { return };
            let Some(slot) = search.solution.spare_vehicle(1) else { return };
            let Some(new) = with_the_other(search, longest) else { return };
            search.solution.install(longest, Route::empty(0));
            search.solution.install(slot, new);
            agrees_with_the_plan(&mut search.solution);
            let (before, used) = (value(&search.solution), search.current().used);
            search.moves.swap_vehicles(&mut search.solution, &[slot as u32]);
            agrees_with_the_plan(&mut search.solution);
            assert!(value(&search.solution) <= before);
            assert_eq!(search.current().used, used);
            better += usize::from(value(&search.solution) < before);
        });
    }
    assert!(better > 0);
}

#[test]
fn the_smallest_route_is_given_up() {
    each(14, 2, |kind, search, _| {
        let used = search.current().used;
        search.drop_smallest();
        assert!(search.current().used < used, "{kind:?}");
        agrees_with_the_plan(&mut search.solution);
    });
}
