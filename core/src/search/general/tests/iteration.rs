//! Whole iterations: ruin, recreate, improve.

use super::*;
use crate::search::Searcher;

#[test]
fn every_solution_en_route_is_sound() {
    each(14, 3, |_, search, random| {
        for _ in 0..40 {
            search.iterate(random, 30.0);
            agrees_with_the_plan(&mut search.solution);
        }
    });
}

#[test]
fn with_goals_too() {
    for goal in shared_goals() {
        for kind in KINDS {
            let problem = with_goal(&problem(kind, 11, &mut Random::new(5)), goal);
            search(&problem, 7, |search, random| {
                for _ in 0..25 {
                    search.iterate(random, 30.0);
                    agrees_with_the_plan(&mut search.solution);
                }
            });
        }
    }
}

#[test]
fn the_best_solution_is_no_worse_than_any() {
    each(12, 2, |kind, search, random| {
        for _ in 0..30 {
            search.iterate(random, 100.0);
            assert!(search.best_value() <= value(&search.solution), "{kind:?}");
        }
        let best = search.best_value().clone();
        search.restore_best();
        assert_eq!(value(&search.solution), best, "{kind:?}: it comes back as it was");
        agrees_with_the_plan(&mut search.solution);
    });
}
