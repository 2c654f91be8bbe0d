//! Random choices from a seed.

use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of random choices.
pub(crate) struct Source(Xoshiro256PlusPlus);

impl Source {
    /// The stream of a seed and of a number below it.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number))
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn number(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// An index below `count`.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    /// Whether something of so many percent happens.
    pub(crate) fn percent(&mut self, percent: i64) -> bool {
        self.number(1, 100) <= percent
    }

    /// From `low` to `high` hundredths of `whole`, and at least one.
    pub(crate) fn part(&mut self, whole: i64, low: i64, high: i64) -> i64 {
        (whole * self.number(low, high) / 100).max(1)
    }

    /// One of the items.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.index(items.len())]
    }

    /// Puts the items in a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.index(i + 1);
            items.swap(i, j);
        }
    }
}
