//! Exact starts, and what gives way where there is none.

use super::*;

#[test]
fn what_is_settled_stays_settled() {
    each(14, 3, |_, search, random| {
        let mut removed = Vec::new();
        for _ in 0..15 {
            search.solution.begin();
            search.ruin.run(&mut search.solution, random, None, &mut removed);
            search.jobs.clone_from(&removed);
            search.recreate(random);
            search.drop_incomplete();
            if search.choose_starts_or_drop() {
                let settled = value(&search.solution);
                assert_eq!(search.solution.choose_starts(), None);
                assert_eq!(value(&search.solution), settled, "a second time changes nothing");
                agrees_with_the_plan(&mut search.solution);
            } else {
                search.solution.rollback();
            }
        }
    });
}

#[test]
fn sets_are_served_as_wholes() {
    for seed in 0..6 {
        shaken(Kind::Relations, 14, seed, |search, random| {
            let sets = &search.solution.layout.relations.all_or_none;
            assert!(!sets.is_empty());
            let Some(u) = served(&search.solution, random) else { return };
            let mut out = vec![u];
            search.ruin.take(&mut search.solution, &mut out);
            search.drop_incomplete();
            for set in sets {
                let served = set.iter().filter(|&&u| search.solution.route_of(u) != NONE).count();
                assert!(served == 0 || served == set.len(), "{seed}");
            }
            assert!(search.choose_starts_or_drop());
            agrees_with_the_plan(&mut search.solution);
        });
    }
}
