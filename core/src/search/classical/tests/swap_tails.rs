//! Tails of two routes exchanged.

use super::*;
use crate::search::classical::operators::{swap_tails, swap_tails_reversed};

/// The head that ends in `u` with the tail that begins with `v`, and the other head with the other tail.
fn exchanged(old: &Sequences, u: u32, v: u32) -> Vec<Sequences> {
    let (Some((a, i)), Some((b, j))) = (find(old, u), find(old, v)) else { return Vec::new() };
    if a == b {
        return Vec::new();
    }
    let mut new = old.clone();
    new[a] = [&old[a][..=i], &old[b][j..]].concat();
    new[b] = [&old[b][..j], &old[a][i + 1..]].concat();
    vec![new]
}

/// The two heads in one route, the second in the opposite direction, and the two tails likewise.
fn heads_joined(old: &Sequences, u: u32, v: u32) -> Vec<Sequences> {
    let (Some((a, i)), Some((b, j))) = (find(old, u), find(old, v)) else { return Vec::new() };
    if a == b {
        return Vec::new();
    }
    let turned = |list: &[u32]| list.iter().rev().copied().collect::<Vec<u32>>();
    let mut new = old.clone();
    new[a] = [&old[a][..=i], &turned(&old[b][..=j])[..]].concat();
    new[b] = [&turned(&old[a][i + 1..])[..], &old[b][j + 1..]].concat();
    vec![new]
}

fn made<C: Class>() -> usize {
    let attempt = |routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: u32, v: u32| {
        routes.nodes[u as usize].route != routes.nodes[v as usize].route
            && swap_tails(routes, scratch, u as usize, v as usize)
    };
    exact::<C>(20, attempt, exchanged)
}

#[test]
fn they_are_exchanged_exactly_where_that_is_cheaper() {
    assert!(made::<Capacity>() > 50);
    assert!(made::<Fleet>() > 50);
}

#[test]
fn time_windows_are_kept() {
    assert!(made::<Windows>() > 20);
    assert!(made::<TimedFleet>() > 20);
}

#[test]
fn heads_are_joined_exactly_where_that_is_cheaper() {
    let attempt = |routes: &mut Routes<'_, Capacity>, scratch: &mut Scratch, u: u32, v: u32| {
        routes.nodes[u as usize].route != routes.nodes[v as usize].route
            && swap_tails_reversed(routes, scratch, u as usize, v as usize)
    };
    assert!(exact::<Capacity>(20, attempt, heads_joined) > 50);
}
