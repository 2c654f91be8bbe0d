//! Halts placed anew over an order of stops.

use super::*;

#[test]
fn placing_halts_anew_is_never_worse() {
    let mut better = 0;
    each(14, 6, |kind, search, random| {
        shake(search, random);
        for route in 0..search.solution.routes.len() {
            search.solution.begin();
            let (before, old) = (value(&search.solution), elements(&search.solution));
            let stops: Vec<u32> = search.solution.routes[route].stops().collect();
            if search.solution.replace_halts(route, true) {
                better += 1;
                assert!(value(&search.solution) < before, "{kind:?}");
                assert_eq!(search.solution.routes[route].stops().collect::<Vec<_>>(), stops, "the order stays");
                agrees_with_the_plan(&mut search.solution);
            } else {
                assert_eq!(elements(&search.solution), old);
            }
        }
    });
    assert!(better < 10_000);
}

#[test]
fn any_order_is_driven_by_the_rules_or_not_at_all() {
    let (mut driven, mut refused) = (0, 0);
    each(12, 4, |kind, search, random| {
        for route in 0..search.solution.routes.len() {
            if search.solution.routes[route].is_empty() || kind == Kind::Relations || kind == Kind::Shipments {
                continue;
            }
            let mut order: Vec<u32> = search.solution.routes[route].stops().collect();
            for i in (1..order.len()).rev() {
                order.swap(i, random.below(i + 1));
            }
            search.solution.begin();
            let kind_of = search.solution.routes[route].vehicle_type;
            if search.solution.replace_order(route, kind_of, &order, 1_000_000) {
                driven += 1;
                assert_eq!(search.solution.routes[route].stops().collect::<Vec<_>>(), order);
                agrees_with_the_plan(&mut search.solution);
            } else {
                refused += 1;
            }
        }
    });
    assert!(driven > 0 && refused > 0, "{driven} {refused}");
}

#[test]
fn no_way_costs_less_than_the_bound() {
    let (mut bounded, mut used) = (0, 0);
    // More clients than a tiny problem has: there is no bound for those.
    each(40, 3, |kind, search, _| {
        for route in 0..search.solution.routes.len() {
            let own = &search.solution.routes[route];
            let (kind_of, cost) = (own.vehicle_type, own.cost);
            let order: Vec<u32> = own.stops().collect();
            let least = search.solution.lower_bound(route, kind_of, &order);
            assert!(order.is_empty() || least <= cost, "{kind:?}: {least} {cost}");
            used += usize::from(!order.is_empty());
            bounded += usize::from(!order.is_empty() && least > cost / 4);
        }
    });
    assert!(bounded > used / 2, "{bounded} of {used}");
}

#[test]
fn no_stop_of_a_feasible_route_is_left_too_late() {
    let (mut stops, mut late) = (0, 0);
    each(40, 4, |kind, search, random| {
        shake(search, random);
        assert_eq!(search.solution.choose_starts(), None);
        let solution = &mut search.solution;
        for own in &solution.routes {
            let too_late = solution.halts.too_late_on(solution.layout, own);
            assert!(!too_late.contains(&true), "{kind:?}: {own:?}");
            stops += too_late.len();
            // So much later, most of them are.
            let mut delayed = own.clone();
            delayed.states.iter_mut().for_each(|state| state.leave += 900);
            late += solution.halts.too_late_on(solution.layout, &delayed).into_iter().filter(|&late| late).count();
            // Backwards, windows contradict each other.
            let mut backwards = own.clone();
            let last = backwards.elements.len() - 1;
            backwards.elements[1..last].reverse();
            solution.halts.too_late_on(solution.layout, &backwards);
        }
    });
    assert!(stops > 500 && late > stops / 2, "{stops} {late}");
}
