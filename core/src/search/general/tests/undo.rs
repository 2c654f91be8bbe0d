//! Changes that are undone.

use super::*;

#[test]
fn nothing_is_left_of_them() {
    each(14, 3, |kind, search, random| {
        let mut removed = Vec::new();
        for _ in 0..20 {
            search.solution.begin();
            let (before, old) = (value(&search.solution), elements(&search.solution));
            let (place, unserved) = (search.solution.place.clone(), search.solution.unserved.items().len());
            search.ruin.run(&mut search.solution, random, None, &mut removed);
            search.jobs.clone_from(&removed);
            search.recreate(random);
            search.solution.rollback();
            assert_eq!(value(&search.solution), before, "{kind:?}");
            assert_eq!(elements(&search.solution), old, "{kind:?}");
            let served = |place: &[(u32, u32)]| {
                place.iter().map(|p| if p.0 == NONE { (NONE, 0) } else { *p }).collect::<Vec<_>>()
            };
            assert_eq!(served(&search.solution.place), served(&place), "{kind:?}");
            assert_eq!(search.solution.unserved.items().len(), unserved);
            agrees_with_the_plan(&mut search.solution);
        }
    });
}
