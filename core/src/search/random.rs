//! The stream of random numbers that a search draws from.

use rand::SeedableRng;
use rand::rand_core::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A seeded stream.
pub(crate) struct Random(Xoshiro256PlusPlus);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    #[inline]
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in `0..n`; `n` must be positive and below 2³².
    #[inline]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (((self.bits() >> 32) * n as u64) >> 32) as usize
    }

    /// Uniform in [0, 1).
    #[inline]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Minus the logarithm of a uniform number: exponentially distributed with mean one.
    #[inline]
    pub(crate) fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }
}

/// Draws the rare events of a sequence of trials without drawing for each trial.
pub(crate) struct Blinks {
    /// 1 / ln(1 - probability), negative; zero: never.
    scale: f64,
    left: u32,
}

impl Blinks {
    pub(crate) fn new(probability: f64, random: &mut Random) -> Self {
        let scale = if probability > 0.0 { 1.0 / (1.0 - probability).ln() } else { 0.0 };
        let mut blinks = Self { scale, left: u32::MAX };
        blinks.draw(random);
        blinks
    }

    fn draw(&mut self, random: &mut Random) {
        self.left = if self.scale == 0.0 { u32::MAX } else { (-random.exponential() * self.scale) as u32 };
    }

    /// Whether the next trial is an event.
    #[inline]
    pub(crate) fn next(&mut self, random: &mut Random) -> bool {
        if self.left == 0 {
            self.draw(random);
            return true;
        }
        self.left -= 1;
        false
    }
}
