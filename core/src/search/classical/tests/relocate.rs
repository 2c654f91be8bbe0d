//! Up to three stops in sequence moved next to another.

use super::*;
use crate::search::classical::operators::relocate;

/// The segments of up to three stops that begin or end with `u`, before and behind `v`, in both directions: `u` stands beside `v`.
fn moved(old: &Sequences, u: u32, v: u32) -> Vec<Sequences> {
    let (Some((a, i)), Some(_)) = (find(old, u), find(old, v)) else { return Vec::new() };
    let mut results = Vec::new();
    for length in 1..=3 {
        for first in [i, (i + 1).wrapping_sub(length)] {
            let Some(piece) = old[a].get(first..).and_then(|tail| tail.get(..length)) else { continue };
            if piece.contains(&v) {
                continue;
            }
            let piece = piece.to_vec();
            for turned in [false, true] {
                let mut rest = old.clone();
                rest[a].retain(|w| !piece.contains(w));
                let mut piece = piece.clone();
                if turned {
                    piece.reverse();
                }
                let Some((b, j)) = find(&rest, v) else { continue };
                // Behind `v` the piece begins with `u`, before `v` it ends with it.
                let at = if piece[0] == u { Some(j + 1) } else { None };
                let before = if piece[piece.len() - 1] == u { Some(j) } else { None };
                for at in [at, before].into_iter().flatten() {
                    let mut new = rest.clone();
                    new[b].splice(at..at, piece.iter().copied());
                    if new != *old {
                        results.push(new);
                    }
                }
            }
        }
    }
    results
}

fn made<C: Class>() -> usize {
    let mut made = 0;
    let mut scratch = Scratch::default();
    each::<C>(20, |routes, _| {
        for u in 0..routes.num_stops() as u32 {
            for v in 0..routes.num_stops() as u32 {
                if u == v || routes.nodes[u as usize].route == NONE || routes.nodes[v as usize].route == NONE {
                    continue;
                }
                let (old, total) = (sequences(routes), routes.cost);
                let before = plan(routes.data, &old).cost();
                let results = moved(&old, u, v);
                let better = |s: &&Sequences| cost(routes.data, s).is_some_and(|cost| cost < before);
                let singles = results.iter().filter(|s| moves_one(&old, s, u));
                let must = singles.filter(better).count() > 0;
                let is_made = relocate(routes, &mut scratch, u as usize, v as usize);
                assert!(is_made || !must, "{old:?}: {u} {v}");
                agrees_with_the_plan(routes);
                if is_made {
                    made += 1;
                    let new = sequences(routes);
                    assert!(results.contains(&new), "{old:?} became {new:?}: {u} {v}");
                    assert!(routes.cost < total);
                    routes.rollback();
                }
                assert_eq!((sequences(routes), routes.cost), (old, total));
                routes.begin();
            }
        }
    });
    made
}

/// Whether only `u` has moved.
fn moves_one(old: &Sequences, new: &Sequences, u: u32) -> bool {
    let without = |s: &Sequences| {
        let mut s = s.clone();
        for list in &mut s {
            list.retain(|&w| w != u);
        }
        s
    };
    without(old) == without(new)
}

#[test]
fn a_stop_moves_where_that_is_cheaper() {
    assert!(made::<Capacity>() > 100);
    assert!(made::<Fleet>() > 100);
}

#[test]
fn time_windows_are_kept() {
    assert!(made::<Windows>() > 50);
    assert!(made::<TimedFleet>() > 50);
}

#[test]
fn linehauls_stay_before_backhauls() {
    assert!(made::<FleetWithBackhauls>() > 50);
    assert!(made::<CapacityWithBackhauls>() > 50);
    assert!(made::<TimedFleetWithBackhauls>() > 50);
}
