//! The versions of all routes that are best together.

use std::rc::Rc;

use crate::search::general::goals::{Figures, Value};
use crate::search::general::solution::Solution;
use crate::search::general::tune::version::Version;
use crate::units::Cost;

/// The versions that are best together: each with each where they are few, otherwise one route after the other.
pub(super) fn choose(solution: &Solution<'_>, lists: &[Rc<Vec<Version>>]) -> Vec<usize> {
    /// So many combinations are tried one by one.
    const MOST: usize = 200_000;
    let worth = |chosen: &[usize]| {
        let cost: Cost = lists.iter().zip(chosen).map(|(list, &version)| list[version].cost).sum();
        let figures: Vec<Figures> = lists.iter().zip(chosen).map(|(list, &version)| list[version].figures).collect();
        solution.goals.worth(&figures, cost)
    };
    let combinations = lists.iter().try_fold(1_usize, |product, list| product.checked_mul(list.len()));
    if combinations.is_some_and(|n| n <= MOST) {
        let mut best = vec![0; lists.len()];
        let mut best_worth = worth(&best);
        let mut trial = best.clone();
        while next(&mut trial, lists) {
            let own = worth(&trial);
            if own < best_worth {
                best_worth = own;
                best.clone_from(&trial);
            }
        }
        return best;
    }
    let mut best: Option<(Value, Vec<usize>)> = None;
    // Each version of the first route, with answers of the others.
    for first in 0..lists[0].len() {
        let mut chosen = vec![0; lists.len()];
        chosen[0] = first;
        let mut own = worth(&chosen);
        loop {
            let before = own.clone();
            for route in 1..lists.len() {
                let mut trial = chosen.clone();
                for version in 0..lists[route].len() {
                    trial[route] = version;
                    let new = worth(&trial);
                    if new < own {
                        own = new;
                        chosen[route] = version;
                    }
                }
            }
            if own == before {
                break;
            }
        }
        if best.as_ref().is_none_or(|best| own < best.0) {
            best = Some((own, chosen));
        }
    }
    best.map_or_else(|| vec![0; lists.len()], |best| best.1)
}

/// The next combination; false: there is none.
fn next(chosen: &mut [usize], lists: &[Rc<Vec<Version>>]) -> bool {
    for (version, list) in chosen.iter_mut().zip(lists) {
        *version += 1;
        if *version < list.len() {
            return true;
        }
        *version = 0;
    }
    false
}
