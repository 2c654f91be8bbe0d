//! Stops that make room for others.

use super::*;
use crate::search::classical::recreate::Recreate;

fn ejects<const TIMED: bool>() {
    let mut made = 0;
    each::<TIMED>(800, |routes, random| {
        for u in 0..routes.num_stops() {
            if routes.nodes[u].route == NONE || !routes.data.required[u] {
                continue;
            }
            routes.begin();
            if !routes.remove(u, u) {
                routes.rollback();
                continue;
            }
            let served = routes.served();
            let mut recreate = Recreate::new(0.0, random);
            recreate.run_at_any_price(routes, random, &[u as u32]);
            agrees_with_the_plan(routes);
            let mut sizes: Vec<i32> = vec![routes.data.demand[u]];
            sizes.extend(recreate.ejected().iter().map(|&v| routes.data.demand[v as usize]));
            assert!(sizes.is_sorted_by(|a, b| a > b), "each is smaller than the one before: {sizes:?}");
            if sizes.len() > 1 {
                made += 1;
                assert!(routes.nodes[u].route != NONE, "the first one is served");
                assert!(routes.served() >= served, "at most the last one has found no place");
            }
            routes.rollback();
        }
    });
    assert!(made > 5, "{made}");
}

#[test]
fn smaller_stops_make_room() {
    ejects::<false>();
    ejects::<true>();
}
