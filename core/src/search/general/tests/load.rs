//! From a plan to the working solution and back.

use super::*;
use crate::plan::{Activity, RouteStops};
use crate::search::Searcher;

#[test]
fn a_feasible_plan_comes_back_as_it_was() {
    for kind in KINDS {
        for seed in 0..5 {
            let problem = problem(kind, 14, &mut Random::new(3_000 + seed));
            search(&problem, seed, |search, random| {
                for _ in 0..20 {
                    search.iterate(random, 50.0);
                }
                let routes = search.best_routes();
                let value = value(&search.solution);
                let data = Data::new(&problem);
                let layout = Layout::new(&data);
                let goals = GeneralGoals::new(&layout);
                let mut again = GeneralSearch::new(&layout, &goals, random);
                again.load(&routes);
                assert_eq!(super::value(&again.solution), value, "{kind:?} {seed}");
                let activities = |routes: &[RouteStops]| {
                    let mut all: Vec<Vec<Activity>> = routes
                        .iter()
                        .map(|route| route.trips.iter().flat_map(|trip| trip.activities.clone()).collect())
                        .collect();
                    all.sort_by_key(|list| format!("{list:?}"));
                    all
                };
                assert_eq!(
                    activities(&loading::unload(&again.solution)),
                    activities(&routes),
                    "halts stay: {kind:?} {seed}"
                );
            });
        }
    }
}

#[test]
fn of_any_plan_what_can_be_kept_is_kept() {
    for kind in KINDS {
        for seed in 0..6 {
            let problem = problem(kind, 12, &mut Random::new(4_000 + seed));
            let mut random = Random::new(seed);
            let mut routes = Vec::new();
            search(&problem, seed, |search, _| routes = loading::unload(&search.solution));
            // Activities change places between routes at random, some twice, some not at all.
            let all: Vec<Activity> =
                routes.iter().flat_map(|r| r.trips.iter().flat_map(|t| t.activities.clone())).collect();
            for route in &mut routes {
                for trip in &mut route.trips {
                    for activity in &mut trip.activities {
                        if random.below(3) == 0 {
                            *activity = all[random.below(all.len())];
                        }
                    }
                }
            }
            let data = Data::new(&problem);
            let layout = Layout::new(&data);
            let goals = GeneralGoals::new(&layout);
            let mut search = GeneralSearch::new(&layout, &goals, &mut random);
            search.load(&routes);
            search.drop_incomplete();
            assert!(search.choose_starts_or_drop());
            agrees_with_the_plan(&mut search.solution);
        }
    }
}
