//! First solutions.

use super::*;
use crate::search::Searcher;

#[test]
fn it_is_the_best_so_far_and_sound() {
    each(20, 4, |kind, search, _| {
        assert_eq!(search.best_value(), value(&search.solution), "{kind:?}");
        agrees_with_the_plan(&mut search.solution);
    });
}

#[test]
fn what_is_left_unserved_finds_no_position() {
    let mut served = 0;
    each(20, 4, |kind, search, random| {
        let left = search.solution.unserved.items().to_vec();
        for u in left {
            let alone = search.is_representative(u as usize)
                && search.solution.layout.relations.set_of[u as usize] == NONE
                && search.solution.layout.base.is_required_job(u as usize);
            if alone && search.solution.route_of(u) == NONE {
                let limit = search.insert.scaled_prize(&search.solution, u as usize);
                let found = search.insert.run(&mut search.solution, random, u as usize, limit);
                served += usize::from(found.is_some());
            }
        }
        agrees_with_the_plan(&mut search.solution);
        assert!(search.solution.missing <= 2, "{kind:?}: {}", search.solution.missing);
    });
    assert!(served < 5, "{served}");
}
