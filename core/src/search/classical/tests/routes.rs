//! The working solution: taking plans over, undoing, the best solution, penalties.

use super::*;

#[test]
fn a_feasible_plan_comes_back_as_it_was() {
    each::<true>(10, |routes, _| {
        let list = |routes: &Routes<'_, true>| {
            let mut list = sequences(routes);
            list.retain(|sequence| !sequence.is_empty());
            list.sort();
            list
        };
        let plan = plan(routes.data, &sequences(routes));
        let mut again: Routes<'_, true> = Routes::new(routes.data);
        again.load(plan.route_stops());
        agrees_with_the_plan(&again);
        assert_eq!(list(&again), list(routes));
        assert_eq!((again.cost, again.best().cost), (routes.cost, routes.cost));
    });
}

#[test]
fn the_best_solution_comes_back() {
    each::<false>(10, |routes, random| {
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
    each::<false>(10, |routes, _| {
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
