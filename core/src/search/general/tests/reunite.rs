//! Stops that must be on one route, brought together elsewhere.

use super::*;

#[test]
fn whoever_was_served_together_is_again() {
    let mut together = 0;
    for seed in 0..10 {
        shaken(Kind::Relations, 14, seed, |search, random| {
            let Some(first) = (0..search.solution.place.len() as u32).find(|&u| {
                search.solution.route_of(u) != NONE
                    && !search.solution.layout.relations.same_route.of(u as usize).is_empty()
            }) else {
                return;
            };
            search.solution.begin();
            let mut out = vec![first];
            search.ruin.take(&mut search.solution, &mut out);
            search.jobs.clone_from(&out);
            search.reunite(random);
            search.drop_incomplete();
            assert!(search.choose_starts_or_drop());
            let home = search.solution.route_of(first);
            for v in search.solution.layout.relations.same_route.partners(first as usize) {
                let other = search.solution.route_of(v);
                assert!(home == NONE || other == NONE || other == home, "{seed}");
                together += usize::from(home != NONE && other == home);
            }
            agrees_with_the_plan(&mut search.solution);
        });
    }
    assert!(together > 0);
}
