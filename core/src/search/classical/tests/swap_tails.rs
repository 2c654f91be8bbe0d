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
    exact::<C>(20, attempt, |_, old, u, v| exchanged(old, u, v))
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
fn linehauls_stay_before_backhauls() {
    assert!(made::<FleetWithBackhauls>() > 20);
    assert!(made::<CapacityWithBackhauls>() > 20);
    assert!(made::<TimedFleetWithBackhauls>() > 20);
    assert!(joined::<CapacityWithBackhauls>() > 5);
}

fn joined<C: Class>() -> usize {
    let attempt = |routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: u32, v: u32| {
        let (a, b) = (routes.nodes[u as usize].route as usize, routes.nodes[v as usize].route as usize);
        let is_one_type = a != b && routes.vehicle_type(a) == routes.vehicle_type(b);
        is_one_type && swap_tails_reversed(routes, scratch, u as usize, v as usize)
    };
    exact::<C>(20, attempt, |routes, old, u, v| {
        let (a, b) = (routes.nodes[u as usize].route as usize, routes.nodes[v as usize].route as usize);
        if routes.vehicle_type(a) == routes.vehicle_type(b) { heads_joined(old, u, v) } else { Vec::new() }
    })
}

#[test]
fn heads_are_joined_exactly_where_that_is_cheaper() {
    assert!(joined::<Capacity>() > 50);
    assert!(joined::<Fleet>() > 5);
}
