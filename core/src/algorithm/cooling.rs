//! How the temperature falls (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671).

use crate::search::Searcher;
use crate::search::random::Random;

/// Exponential cooling between multiples of the mean arc's cost, in cycles: each begins less hot than the one before.
pub(super) struct Cooling {
    initial_temperature: f64,
    final_temperature: f64,
    cycles: u32,
    /// Iterations of one cycle, where nothing says how long the search will be.
    endless_cycle: u64,
}

/// By how much cooler each cycle begins.
const REHEAT: f64 = 0.3;

impl Cooling {
    pub(super) fn new(initial_temperature: f64, final_temperature: f64, cycles: u32, endless_cycle: u64) -> Self {
        Self {
            initial_temperature: initial_temperature.max(final_temperature),
            final_temperature: final_temperature.max(1e-6),
            cycles: cycles.max(1),
            endless_cycle: endless_cycle.max(1),
        }
    }

    /// The temperature once the given part of the budget is spent, and the number of the cycle. Without a budget, cycle
    /// follows cycle.
    pub(super) fn temperature(&self, spent: Option<f64>, iterations: u64) -> (f64, u64) {
        let (progress, cycle) = match spent {
            Some(spent) => {
                let at = spent * f64::from(self.cycles);
                let cycle = at.floor().min(f64::from(self.cycles - 1));
                (at - cycle, cycle as u64)
            }
            None => {
                ((iterations % self.endless_cycle) as f64 / self.endless_cycle as f64, iterations / self.endless_cycle)
            }
        };
        let initial_temperature =
            (self.initial_temperature * REHEAT.powi(cycle.min(3) as i32)).max(self.final_temperature);
        (initial_temperature * (self.final_temperature / initial_temperature).powf(progress), cycle)
    }
}

/// Several short walks from starts of their own, longer ones from the best of them, and the longest from the best of these
/// (successive halving; Jamieson & Talwalkar 2016).
pub(super) struct Starts {
    initial_temperature: f64,
    final_temperature: f64,
    walk: usize,
}

/// One of the walks.
#[derive(Clone, Copy)]
struct Walk {
    /// The part of the budget that is spent before it, and that it takes.
    from: f64,
    share: f64,
    /// First and last temperature.
    first: f64,
    last: f64,
}

impl Starts {
    /// How many short walks there are, and the part of the budget that each gets.
    const SHORT: usize = 6;
    const SHORT_SHARE: f64 = 0.05;
    /// The same for the walks that go on from the best of them.
    const LONGER: usize = 2;
    const LONGER_SHARE: f64 = 0.1;
    /// The last temperature of a short walk, of a longer one, and the first of one that goes on, beside the hottest.
    const SHORT_END: f64 = 0.125;
    const LONGER_END: f64 = 0.0625;
    const AGAIN: f64 = 0.25;

    /// The part of the budget that is spent before the longest walk.
    pub(super) const BEFORE_LAST: f64 =
        Self::SHORT as f64 * Self::SHORT_SHARE + Self::LONGER as f64 * Self::LONGER_SHARE;

    pub(super) fn new(initial_temperature: f64, final_temperature: f64) -> Self {
        Self { initial_temperature, final_temperature, walk: 0 }
    }

    /// How the longest walk cools.
    pub(super) fn last(&self, endless_cycle: u64) -> Cooling {
        let first = Self::AGAIN * self.initial_temperature;
        Cooling::new(first, self.final_temperature.min(first), 1, endless_cycle)
    }

    fn current(&self) -> Walk {
        if self.walk < Self::SHORT {
            let (from, share) = (self.walk as f64 * Self::SHORT_SHARE, Self::SHORT_SHARE);
            return Walk {
                from,
                share,
                first: self.initial_temperature,
                last: Self::SHORT_END * self.initial_temperature,
            };
        }
        let longer = self.walk - Self::SHORT;
        let from = Self::SHORT as f64 * Self::SHORT_SHARE + longer as f64 * Self::LONGER_SHARE;
        let first = Self::AGAIN * self.initial_temperature;
        if longer < Self::LONGER {
            return Walk { from, share: Self::LONGER_SHARE, first, last: Self::LONGER_END * self.initial_temperature };
        }
        Walk { from, share: 1.0 - from, first, last: self.final_temperature.min(first) }
    }

    /// The temperature once the given part of the budget is spent. Where the next walk is due, the search begins it.
    pub(super) fn temperature(&mut self, spent: f64, search: &mut impl Searcher, random: &mut Random) -> f64 {
        let is_over = |walk: Walk| walk.from + walk.share <= spent;
        if self.walk < Self::SHORT + Self::LONGER && is_over(self.current()) {
            search.set_aside();
            self.walk += 1;
            match self.walk {
                ..Self::SHORT => search.start_again(random),
                // What the longer walks began from is no better than what they have found.
                walk if walk == Self::SHORT + Self::LONGER => search.resume(Self::LONGER),
                _ => search.resume(usize::MAX),
            }
        }
        let walk = self.current();
        walk.first * (walk.last / walk.first).powf(((spent - walk.from) / walk.share).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_within_a_cycle_and_rises_to_less_at_the_next() {
        let cooling = Cooling::new(100.0, 1.0, 2, 1_000);
        let at = |spent| cooling.temperature(Some(spent), 0);
        assert_eq!(at(0.0), (100.0, 0));
        assert!((at(0.499).0 - 1.0).abs() < 0.1);
        assert_eq!(at(0.5), (30.0, 1));
        assert!((at(1.0).0 - 1.0).abs() < 1e-9);
        assert_eq!(cooling.temperature(None, 1_000), (30.0, 1));
    }
}
