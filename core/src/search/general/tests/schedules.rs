//! Versions of routes, chosen together.

use super::*;
use crate::search::Searcher;
use crate::search::general::schedules::ScheduleChoice;

/// What tuning makes of a few hot iterations. How often it was better.
fn tuned(goal: Option<Goal>, kind: Kind) -> usize {
    let mut better = 0;
    for seed in 0..10 {
        let plain = problem(kind, 7, &mut Random::new(seed));
        let problem = goal.map_or_else(|| plain.clone(), |goal| with_goal(&plain, goal));
        search(&problem, seed, |search, random| {
            for _ in 0..6 {
                search.chooses_schedules = false;
                search.iterate(random, 100.0);
                search.solution.begin();
                let (before, old) = (value(&search.solution), elements(&search.solution));
                let mut choice = ScheduleChoice::default();
                if choice.run(&mut search.solution) {
                    better += 1;
                    assert!(value(&search.solution) < before, "{kind:?} {seed}");
                    let after = value(&search.solution);
                    assert!(!choice.run(&mut search.solution), "there is nothing better the second time");
                    assert_eq!(value(&search.solution), after);
                } else {
                    assert_eq!((value(&search.solution), elements(&search.solution)), (before, old));
                }
                agrees_with_the_plan(&mut search.solution);
            }
        });
    }
    better
}

#[test]
fn routes_last_alike() {
    assert!(tuned(Some(Goal::weighted(Measure::DurationSpread, 5)), Kind::Waste) > 0);
    assert!(tuned(Some(Goal::ranked(Measure::DurationSpread)), Kind::Lean) > 0);
}

#[test]
fn routes_end_earlier() {
    tuned(Some(Goal::weighted(Measure::Makespan, 5)), Kind::Traffic);
    tuned(Some(Goal::ranked(Measure::Makespan)), Kind::Waste);
}

#[test]
fn starts_are_chosen_with_care() {
    assert!(tuned(None, Kind::Traffic) > 0);
}
