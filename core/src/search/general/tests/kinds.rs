//! The passes over a route that are compiled for less, against those that are compiled for anything.

use super::*;
use crate::search::general::route::{FULL, LEAN, PLAIN, Route};

#[test]
fn the_passes_for_each_kind_of_route_say_the_same() {
    let mut compared = 0;
    each(14, 6, |kind, search, random| {
        shake(search, random);
        let layout = search.solution.layout;
        assert_eq!(layout.is_plain, kind == Kind::Lean, "{kind:?}");
        let kinds: &[u8] = match kind {
            Kind::Lean => &[LEAN, PLAIN],
            Kind::Shipments => &[LEAN],
            _ => return,
        };
        for own in search.solution.routes.iter().filter(|own| !own.is_empty()) {
            let mut elements = own.elements.clone();
            let stops = elements.len() - 2;
            for _ in 0..8 {
                // Another order, in time or not, with as much on board as it comes to.
                elements.swap(1 + random.below(stops), 1 + random.below(stops));
                let driven = |kind: u8| {
                    let mut route =
                        Route { vehicle_type: own.vehicle_type, elements: elements.clone(), ..Route::default() };
                    let feasible = layout.evaluate_as(kind, &mut route, 0, true);
                    if feasible {
                        layout.backward_pass_as(kind, &mut route);
                    }
                    let known = if feasible { format!("{route:?}") } else { String::new() };
                    (feasible, known)
                };
                let full = driven(FULL);
                compared += usize::from(full.0);
                for &kind in kinds {
                    assert_eq!(driven(kind), full);
                }
            }
        }
    });
    assert!(compared > 100, "{compared}");
}
