//! Routes that are closed.

use super::*;
use crate::search::Searcher;

#[test]
fn no_vehicle_is_opened_for_the_stops_of_a_closed_route() {
    let mut closed = 0;
    each(16, 6, |kind, search, random| {
        shake(search, random);
        let used = search.current().used;
        let served: Vec<u32> = (0..search.solution.place.len() as u32).collect();
        let served: Vec<u32> = served.into_iter().filter(|&u| search.solution.route_of(u) != NONE).collect();
        search.solution.begin();
        search.close_route(random);
        assert!(search.choose_starts_or_drop());
        assert!(search.current().used <= used, "{kind:?}");
        let complete = served.iter().all(|&u| search.solution.route_of(u) != NONE);
        closed += usize::from(complete && search.current().used < used);
        assert_eq!(search.solution.limit, usize::MAX, "the limit is what it was");
        agrees_with_the_plan(&mut search.solution);
    });
    assert!(closed > 0, "{closed}");
}

#[test]
fn the_first_solution_is_never_worse_for_it() {
    let mut better = 0;
    each(16, 4, |kind, search, random| {
        shake(search, random);
        // Only what is better than the best solution so far is kept.
        search.best = crate::search::general::solution::Snapshot::default();
        search.closes = true;
        let before = value(&search.solution);
        search.close_routes(random);
        let after = value(&search.solution);
        assert!(after <= before, "{kind:?}");
        better += usize::from(after < before);
        agrees_with_the_plan(&mut search.solution);
    });
    assert!(better > 0);
}
