//! The working solution: taking plans over, undoing, the best solution, penalties.

use super::*;

fn comes_back<C: Class>() {
    each::<C>(10, |routes, _| {
        // Routes of one type are alike: which of them drives what does not matter.
        let list = |routes: &Routes<'_, C>| {
            let of = |(route, list): (usize, Vec<u32>)| (routes.vehicle_type(route), list);
            let mut list: Vec<(usize, Vec<u32>)> = sequences(routes).into_iter().enumerate().map(of).collect();
            list.retain(|(_, sequence)| !sequence.is_empty());
            list.sort();
            list
        };
        let plan = plan(routes.data, &sequences(routes));
        let mut again: Routes<'_, C> = Routes::new(routes.data);
        again.load(plan.route_stops());
        agrees_with_the_plan(&again);
        assert_eq!(list(&again), list(routes));
        assert_eq!((again.cost, again.best().cost), (routes.cost, routes.cost));
        let best = Plan::of_known(routes.data.problem, again.best_routes());
        assert_eq!((best.cost(), best.violations()), (plan.cost(), plan.violations()));
    });
}

#[test]
fn a_feasible_plan_comes_back_as_it_was() {
    comes_back::<Windows>();
    comes_back::<Fleet>();
    comes_back::<TimedFleet>();
    comes_back::<CapacityWithBackhauls>();
    comes_back::<FleetWithBackhauls>();
    comes_back::<TimedFleetWithBackhauls>();
}

#[test]
fn the_best_solution_comes_back() {
    each::<Capacity>(10, |routes, random| {
        let (mut best, mut stops) = (routes.best(), Vec::new());
        for _ in 0..30 {
            routes.begin();
            let route = random.below(4);
            crate::search::classical::ruin::clear(routes, route, &mut stops);
            for u in stops.drain(..) {
                let (u, at) = (u as usize, routes.start(random.below(4)));
                if routes.may_visit(u, at) {
                    routes.insert(u, at);
                }
            }
            let complete = |missing: usize| missing > 0;
            let is_better =
                (complete(routes.missing), routes.cost) < (complete(best.missing), best.cost) && routes.is_best();
            assert_eq!(routes.commit(), is_better);
            if is_better {
                best = routes.best();
            }
            agrees_with_the_plan(routes);
        }
        routes.restore_best();
        agrees_with_the_plan(routes);
        assert_eq!((routes.cost, routes.missing), (best.cost, best.missing));
    });
}

#[test]
fn penalties_rise_only_for_required_stops_that_stay_unserved() {
    each::<Capacity>(10, |routes, _| {
        let mut removed = Vec::new();
        crate::search::classical::ruin::clear(routes, 0, &mut removed);
        let before = routes.penalty.clone();
        routes.increase_penalties();
        for (u, &old) in before.iter().enumerate() {
            let rises = routes.nodes[u].route == NONE && routes.data.required[u];
            assert_eq!(routes.penalty[u] > old, rises, "{u}");
        }
        agrees_with_the_plan(routes);
    });
}
