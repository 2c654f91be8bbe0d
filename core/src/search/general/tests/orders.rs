//! Insertion with halts placed anew.

use super::*;
use crate::search::general::goals::GoalPrices;
use crate::search::general::insert::Wanted;
use crate::search::general::solution::CheapestRoute;

#[test]
fn the_cheapest_order_is_taken_and_costs_what_it_says() {
    let (mut taken, mut refused) = (0, 0);
    each(12, 4, |kind, search, random| {
        let Some(u) = served(&search.solution, random) else { return };
        let solution = &mut search.solution;
        let route = solution.route_of(u) as usize;
        let (kind_of, keep) = (solution.routes[route].vehicle_type, solution.routes[route].fixed);
        let mut order = Vec::new();
        solution.free_order(route, &mut order);
        let mut orders = vec![order.clone()];
        for _ in 0..6 {
            let mut other = order.clone();
            other.swap(random.below(order.len()), random.below(order.len()));
            orders.push(other);
        }
        let cost = solution.routes[route].cost;
        let mut all = Vec::new();
        let mut cheapest = CheapestRoute::below(1_000_000);
        for order in &orders {
            if solution.relations_hold(order) {
                let new = solution.with_halts_placed(route, kind_of, order, 1_000_000);
                all.extend(new.map(|new| new.cost - cost));
            }
            solution.consider_order(route, keep, order, &GoalPrices::default(), &mut cheapest);
        }
        let before = solution.cost;
        let added = solution.install_cheapest(cheapest);
        // In tiny problems only, what is placed depends on how often that was done before.
        assert_eq!(added, all.iter().copied().min(), "{kind:?}");
        match added {
            Some(added) => {
                taken += 1;
                assert_eq!(solution.cost - before, added, "{kind:?}");
                agrees_with_the_plan(solution);
            }
            None => refused += 1,
        }
        let mut nothing = CheapestRoute::below(-1_000_000);
        solution.consider_order(route, keep, &order, &GoalPrices::default(), &mut nothing);
        assert_eq!(solution.install_cheapest(nothing), None, "what costs more than it may is not taken");
    });
    assert!(taken > 10 && refused < taken, "{taken} {refused}");
}

#[test]
fn others_are_inserted_behind_their_position() {
    each(12, 2, |kind, search, _| {
        let solution = &search.solution;
        for (route, own) in solution.routes.iter().enumerate() {
            for position in 0..own.elements.len() - 1 {
                let mut order = Vec::new();
                solution.free_order_with(route, position, [7, 8].into_iter(), &mut order);
                let stops = |elements: &[Element]| -> Vec<u32> {
                    elements.iter().filter_map(|e| e.node()).map(|u| u as u32).collect()
                };
                let expected =
                    [stops(&own.elements[..=position]), vec![7, 8], stops(&own.elements[position + 1..])].concat();
                assert_eq!(order, expected, "{kind:?}");
            }
        }
    });
}

#[test]
fn a_job_is_served_at_the_cheapest_position_of_all() {
    let mut served_again = 0;
    each(12, 6, |kind, search, random| {
        let Some(u) = served(&search.solution, random) else { return };
        let layout = search.solution.layout;
        let node = u as usize;
        if kind == Kind::Relations || layout.base.partner[node] != NONE || !layout.base.required[node] {
            return;
        }
        search.solution.begin();
        if !search.solution.take_out(search.solution.route_of(u) as usize, &[u]) {
            return;
        }
        agrees_with_the_plan(&mut search.solution);
        // By hand: each position of each route.
        let mut best = None;
        for route in 0..search.solution.routes.len() {
            let (kind_of, cost) = (search.solution.routes[route].vehicle_type, search.solution.routes[route].cost);
            let mut order = Vec::new();
            search.solution.free_order(route, &mut order);
            for position in 0..=order.len() {
                let mut trial = order.clone();
                trial.insert(position, u);
                if let Some(new) = search.solution.with_halts_placed(route, kind_of, &trial, 1_000_000) {
                    best = [best, Some(new.cost - cost)].into_iter().flatten().min();
                }
            }
        }
        let before = search.solution.cost;
        assert_eq!(search.insert.serve(&mut search.solution, node, None, Wanted::Cheapest), best.is_some(), "{kind:?}");
        if let Some(best) = best {
            served_again += 1;
            assert_eq!(search.solution.cost - before, best, "{kind:?}");
            agrees_with_the_plan(&mut search.solution);
        }
    });
    assert!(served_again > 3, "{served_again}");
}
