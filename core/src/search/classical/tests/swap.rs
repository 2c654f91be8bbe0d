//! Two stops of different routes in each other's positions.

use super::*;
use crate::search::classical::operators::swap;

/// `u` exchanged with the stop behind `v`, and with the one before it.
fn exchanged(old: &Sequences, u: u32, v: u32) -> Vec<Sequences> {
    let (Some((a, i)), Some((b, j))) = (find(old, u), find(old, v)) else { return Vec::new() };
    let with = |k: usize| {
        let mut new = old.clone();
        new[a][i] = *old[b].get(k)?;
        new[b][k] = u;
        Some(new)
    };
    if a == b { Vec::new() } else { [Some(j + 1), j.checked_sub(1)].into_iter().flatten().filter_map(with).collect() }
}

fn made<C: Class>() -> usize {
    let attempt = |routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: u32, v: u32| {
        swap(routes, scratch, u as usize, v as usize)
    };
    exact::<C>(20, attempt, |_, old, u, v| exchanged(old, u, v))
}

#[test]
fn they_are_exchanged_exactly_where_that_is_shorter() {
    assert!(made::<Capacity>() > 50);
    assert!(made::<Fleet>() > 50);
}

#[test]
fn time_windows_are_kept() {
    assert!(made::<Windows>() > 20);
    assert!(made::<TimedFleet>() > 20);
}

#[test]
fn linehauls_stay_before_backhauls() {
    assert!(made::<FleetWithBackhauls>() > 10);
    assert!(made::<CapacityWithBackhauls>() > 20);
    assert!(made::<TimedFleetWithBackhauls>() > 20);
}
