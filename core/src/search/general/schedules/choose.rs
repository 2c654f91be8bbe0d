//! The schedules of all routes that are best together.

use std::sync::Arc;

use crate::search::general::goals::{Figures, Value};
use crate::search::general::schedules::schedule::Schedule;
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// The schedules that are best together: all combinations where they are few, otherwise one route after the other.
pub(super) fn choose(solution: &Solution<'_>, lists: &[Arc<Vec<Schedule>>]) -> Vec<usize> {
    /// So many combinations are tried one by one.
    const MAX_COMBINATIONS: usize = 200_000;
    let value = |chosen: &[usize]| {
        let cost: Cost = lists.iter().zip(chosen).map(|(list, &schedule)| list[schedule].cost).sum();
        let figures: Vec<Figures> = lists.iter().zip(chosen).map(|(list, &schedule)| list[schedule].figures).collect();
        solution.goals.objective(&figures, cost)
    };
    let combinations = lists.iter().try_fold(1_usize, |product, list| product.checked_mul(list.len()));
    if combinations.is_some_and(|n| n <= MAX_COMBINATIONS) {
        let mut best = vec![0; lists.len()];
        let mut best_value = value(&best);
        let mut trial = best.clone();
        while next(&mut trial, lists) {
            let own = value(&trial);
            if own < best_value {
                best_value = own;
                best.clone_from(&trial);
            }
        }
        return best;
    }
    let mut best: Option<(Value, Vec<usize>)> = None;
    // Each schedule of the first route, with answers of the others.
    for first in 0..lists[0].len() {
        let mut chosen = vec![0; lists.len()];
        chosen[0] = first;
        let mut own = value(&chosen);
        loop {
            let before = own.clone();
            for route in 1..lists.len() {
                let mut trial = chosen.clone();
                for schedule in 0..lists[route].len() {
                    trial[route] = schedule;
                    let new = value(&trial);
                    if new < own {
                        own = new;
                        chosen[route] = schedule;
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
fn next(chosen: &mut [usize], lists: &[Arc<Vec<Schedule>>]) -> bool {
    for (schedule, list) in chosen.iter_mut().zip(lists) {
        *schedule += 1;
        if *schedule < list.len() {
            return true;
        }
        *schedule = 0;
    }
    false
}
