//! A segment of a route in the opposite direction.

use super::*;
use crate::search::classical::operators::two_opt;

/// The stops behind the first of the two, up to and with the second, in the opposite direction.
fn reversed(old: &Sequences, u: u32, v: u32) -> Vec<Sequences> {
    let (Some((a, i)), Some((b, j))) = (find(old, u), find(old, v)) else { return Vec::new() };
    let (low, high) = (i.min(j), i.max(j));
    if a != b || high == low + 1 {
        return Vec::new();
    }
    let mut new = old.clone();
    new[a][low + 1..=high].reverse();
    vec![new]
}

fn made<C: Class>() -> usize {
    let attempt = |routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: u32, v: u32| {
        routes.nodes[u as usize].route == routes.nodes[v as usize].route
            && two_opt(routes, scratch, u as usize, v as usize)
    };
    exact::<C>(20, attempt, |_, old, u, v| reversed(old, u, v))
}

#[test]
fn it_is_made_exactly_where_it_is_shorter() {
    assert!(made::<Capacity>() > 50);
    assert!(made::<Fleet>() > 50);
}

#[test]
fn it_keeps_time_windows() {
    assert!(made::<Windows>() > 20);
    assert!(made::<TimedFleet>() > 20);
}

#[test]
fn linehauls_stay_before_backhauls() {
    assert!(made::<FleetWithBackhauls>() > 20);
    assert!(made::<CapacityWithBackhauls>() > 20);
    assert!(made::<TimedFleetWithBackhauls>() > 10);
}
