//! Walks from first solutions of their own, and then from children of two of what they have found (a memetic algorithm; Moscato 1989):
//! several short walks find different good parts, which one long walk finds one after the other.

use crate::search::Searcher;
use crate::search::random::Random;

/// How many walks come first, and the part of the budget that each of them gets.
const FOUNDERS: usize = 6;
const FOUNDER_SHARE: f64 = 0.07;
/// How many children there are.
const CHILDREN: usize = 29;
/// First temperature of a child's walk, beside the hottest.
const CHILD_HEAT: f64 = 0.1;

/// Which walk is under way.
pub(super) struct Generations {
    initial_temperature: f64,
    final_temperature: f64,
    walk: usize,
}

impl Generations {
    pub(super) fn new(initial_temperature: f64, final_temperature: f64) -> Self {
        Self { initial_temperature, final_temperature, walk: 0 }
    }

    /// The part of the budget that is spent before the present walk, and that it takes.
    fn share(&self) -> (f64, f64) {
        let founders = FOUNDERS as f64 * FOUNDER_SHARE;
        let child = (1.0 - founders) / CHILDREN as f64;
        match self.walk.checked_sub(FOUNDERS) {
            None => (self.walk as f64 * FOUNDER_SHARE, FOUNDER_SHARE),
            Some(children) => (founders + children as f64 * child, child),
        }
    }

    /// Whether the next walk is due, once the given part of the budget is spent.
    pub(super) fn is_over(&self, spent: f64) -> bool {
        let (from, share) = self.share();
        from + share <= spent && self.walk + 1 < FOUNDERS + CHILDREN
    }

    /// Begins the next walk.
    pub(super) fn next(&mut self, search: &mut impl Searcher, random: &mut Random) {
        search.join_population();
        self.walk += 1;
        if self.walk < FOUNDERS {
            search.start_anew(random);
        } else {
            search.recombine(random);
        }
    }

    /// The temperature once the given part of the budget is spent.
    pub(super) fn temperature(&self, spent: f64) -> f64 {
        let (from, share) = self.share();
        let heat = if self.walk < FOUNDERS { 1.0 } else { CHILD_HEAT };
        let first = (heat * self.initial_temperature).max(self.final_temperature);
        first * (self.final_temperature / first).powf(((spent - from) / share).clamp(0.0, 1.0))
    }
}
