//! Two stops that change routes, each to its best position there.

use super::*;
use crate::search::classical::operators::swap_star;

/// The cheapest result of all exchanges of two stops of two routes, each at any position of the other route.
fn best(data: &Data<'_>, old: &Sequences, a: usize, b: usize) -> Option<Cost> {
    let mut best = None;
    for (i, &u) in old[a].iter().enumerate() {
        for (j, &v) in old[b].iter().enumerate() {
            let mut rest = old.clone();
            rest[a].remove(i);
            rest[b].remove(j);
            for p in 0..=rest[a].len() {
                for q in 0..=rest[b].len() {
                    let mut new = rest.clone();
                    new[a].insert(p, v);
                    new[b].insert(q, u);
                    best = [best, cost(data, &new)].into_iter().flatten().min();
                }
            }
        }
    }
    best
}

fn made<C: Class>() -> usize {
    let mut made = 0;
    let mut scratch = Scratch::default();
    each::<C>(12, |routes, _| {
        for a in 0..slots(routes) {
            for b in 0..slots(routes) {
                if a == b || routes.info[a].size == 0 || routes.info[b].size == 0 {
                    continue;
                }
                let (old, total) = (sequences(routes), routes.cost);
                let before = plan(routes.data, &old).cost();
                let best = best(routes.data, &old, a, b).filter(|&best| best < before);
                let is_made = swap_star(routes, &mut scratch, a, b);
                agrees_with_the_plan(routes);
                assert!(!is_made || best.is_some(), "{old:?}: {a} {b}");
                if is_made {
                    made += 1;
                    assert!(routes.cost < total);
                }
                if !C::TIMED {
                    let after = plan(routes.data, &sequences(routes)).cost();
                    assert_eq!(after, best.unwrap_or(before), "{old:?}: {a} {b}");
                }
                routes.rollback();
                assert_eq!((sequences(routes), routes.cost), (old, total));
                routes.begin();
            }
        }
    });
    made
}

#[test]
fn the_best_exchange_is_found() {
    assert!(made::<Capacity>() > 20);
    assert!(made::<Fleet>() > 20);
}

#[test]
fn time_windows_are_kept() {
    assert!(made::<Windows>() > 5);
    assert!(made::<TimedFleet>() > 5);
}

#[test]
fn linehauls_stay_before_backhauls() {
    assert!(made::<FleetWithBackhauls>() > 5);
    assert!(made::<CapacityWithBackhauls>() > 5);
    assert!(made::<TimedFleetWithBackhauls>() > 5);
}
