//! Temperatures, and several starts.

use super::*;
use crate::algorithm::cooling::{Cooling, Endless, StartParams, Starts};

fn endless(first: u64) -> Endless {
    Endless { first, hot: vec![20.0, 50.0] }
}

#[test]
fn the_temperature_never_rises_within_a_cycle() {
    let cooling = Cooling::new(50.0, 0.5, 3, endless(1_000));
    let (mut before, mut cycle) = cooling.temperature(Some(0.0), 0);
    for step in 1..=300 {
        let (temperature, now) = cooling.temperature(Some(f64::from(step) / 300.0), 0);
        assert!((0.5 - 1e-9..=50.0).contains(&temperature));
        if now == cycle {
            assert!(temperature < before, "{step}");
        } else {
            assert_eq!(now, cycle + 1);
            assert!(temperature > before, "{step}: a cycle begins hotter than the one before ended");
        }
        (before, cycle) = (temperature, now);
    }
    assert_eq!(cycle, 2);
}

/// At whatever moment it ends, the last complete cycle took a quarter of all iterations, and the one that is on no more than half as
/// much again.
#[test]
fn without_a_limit_each_cycle_is_twice_as_long_as_the_one_before() {
    let cooling = Cooling::new(50.0, 0.5, 3, endless(64));
    let at = |iterations| cooling.temperature(None, iterations);
    assert_eq!((at(0), at(64)), ((20.0, 0), (50.0, 1)));
    let mut begins = 0;
    for cycle in 0..20 {
        let length = 64 << cycle;
        assert_eq!((at(begins).1, at(begins + length - 1).1), (cycle, cycle));
        assert!(at(begins).0 > at(begins + length / 2).0 && at(begins + length - 1).0 < 0.6);
        begins += length;
    }
}

#[test]
fn a_start_that_is_cooler_than_the_end_is_the_end() {
    let cooling = Cooling::new(1.0, 5.0, 0, Endless { first: 0, hot: vec![1.0] });
    for spent in [Some(0.0), Some(0.5), Some(1.0), None] {
        assert!((cooling.temperature(spent, 7).0 - 5.0).abs() < 1e-9);
    }
}

#[test]
fn six_short_walks_are_followed_by_two_longer_ones_and_the_longest() {
    let mut search = Script::default();
    let mut random = Random::new(1);
    let mut starts = Starts::new(StartParams::SOLUTIONS, 100.0, 1.0, 1);
    let mut temperatures = Vec::new();
    for step in 0..=1_000 {
        temperatures.push(starts.temperature(f64::from(step) / 1_000.0, &mut search, &mut random));
    }
    assert_eq!((search.starts, search.set_aside), (5, 8), "the first walk needs no start of its own");
    assert_eq!(search.resumed, [usize::MAX, usize::MAX, 2]);
    let near = |step: usize, expected: f64| {
        assert!((temperatures[step] / expected - 1.0).abs() < 0.05, "{step}: {} {expected}", temperatures[step]);
    };
    near(0, 100.0);
    near(49, 12.5);
    near(51, 100.0);
    near(301, 25.0);
    near(399, 6.25);
    near(501, 25.0);
    near(1_000, 1.0);
}
