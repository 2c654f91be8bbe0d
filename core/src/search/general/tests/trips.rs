//! Whole trips moved between vehicles.

use super::*;

#[test]
fn a_trip_moves_where_it_costs_no_more_than_it_may() {
    let mut made = 0;
    for excess in [0, 200] {
        each(18, 3, |kind, search, random| {
            for _ in 0..60 {
                search.solution.begin();
                let (cost, old) = (search.solution.cost, elements(&search.solution));
                let stops = search.solution.unserved.items().len();
                if search.moves.move_trip(&mut search.solution, random, excess) {
                    made += 1;
                    assert!(search.solution.cost < cost + excess, "{kind:?}");
                    assert_eq!(search.solution.unserved.items().len(), stops, "{kind:?}: all are served as before");
                    agrees_with_the_plan(&mut search.solution);
                } else {
                    assert_eq!(elements(&search.solution), old, "{kind:?}");
                }
            }
        });
    }
    assert!(made > 10, "{made}");
}
