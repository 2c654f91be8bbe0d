//! Moves around the stops that an iteration has changed.

use super::*;
use crate::search::classical::local_search::LocalSearch;

fn ends<const TIMED: bool>() {
    let mut better = 0;
    each::<TIMED>(20, |routes, _| {
        let mut local_search = LocalSearch::new(routes.num_stops());
        let all: Vec<u32> = (0..routes.num_stops() as u32).collect();
        let before = routes.cost;
        local_search.run(routes, &all);
        agrees_with_the_plan(routes);
        better += usize::from(routes.cost < before);
        assert!(routes.cost <= before);
        let (old, after) = (sequences(routes), routes.cost);
        local_search.run(routes, &all);
        assert_eq!((sequences(routes), routes.cost), (old, after), "there is nothing better left");
        local_search.intensify(routes, &all);
        agrees_with_the_plan(routes);
        assert!(routes.cost <= after);
    });
    assert!(better > 15, "{better}");
}

#[test]
fn they_end_where_none_is_better() {
    ends::<false>();
    ends::<true>();
}
