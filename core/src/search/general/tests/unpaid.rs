//! Optional stops that cost more than their prize.

use super::*;

#[test]
fn dropping_what_does_not_pay() {
    each(16, 3, |kind, search, random| {
        // Whatever it costs, everything is served.
        search.jobs = search.solution.unserved.items().to_vec();
        search.solution.begin();
        search.recreate_with(random, Some(1_000_000));
        search.choose_starts_or_drop();
        let before = value(&search.solution);
        let all: Vec<u32> = (0..search.solution.place.len() as u32).collect();
        crate::search::general::moves::Moves::drop_unpaid(&mut search.solution, &all);
        search.solution.choose_starts();
        assert!(value(&search.solution) <= before, "{kind:?}");
        agrees_with_the_plan(&mut search.solution);
    });
}
