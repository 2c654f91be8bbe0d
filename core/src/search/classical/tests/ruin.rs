//! Strings of stops removed.

use super::*;
use crate::search::classical::ruin::{Ruin, clear};
use crate::search::ruin_size::RuinParams;

fn removes<C: Class>(whole_route: f64) -> usize {
    let mut most = 0;
    each::<C>(10, |routes, random| {
        let params = RuinParams { removed: 4.0, removed_from_short: 4.0, whole_route, trip: 0.0, sort: 0.0 };
        let mut ruin = Ruin::new(params, routes.info.len());
        let mut removed = Vec::new();
        for _ in 0..20 {
            let (old, total) = (sequences(routes), routes.cost);
            routes.begin();
            let centre = ruin.run(routes, random, &mut removed);
            agrees_with_the_plan(routes);
            let mut expected = old.clone();
            for list in &mut expected {
                list.retain(|u| !removed.contains(u));
            }
            assert_eq!(sequences(routes), expected, "what is listed is removed, and nothing else");
            assert!(find(&old, centre as u32).is_none() || removed.contains(&(centre as u32)) || removed.len() > 1);
            most = most.max(removed.len());
            routes.rollback();
            assert_eq!((sequences(routes), routes.cost), (old, total));
        }
    });
    most
}

#[test]
fn strings() {
    assert!(removes::<Capacity>(0.0) >= 3);
    assert!(removes::<Windows>(0.0) >= 3);
    assert!(removes::<TimedFleet>(0.0) >= 3);
}

#[test]
fn whole_routes() {
    assert!(removes::<Windows>(1.0) >= 4);
}

#[test]
fn a_cleared_route_is_empty() {
    each::<Windows>(10, |routes, _| {
        let old = sequences(routes);
        let mut removed = Vec::new();
        clear(routes, 0, &mut removed);
        agrees_with_the_plan(routes);
        assert_eq!(removed, old[0]);
        assert!(sequences(routes)[0].is_empty());
    });
}
