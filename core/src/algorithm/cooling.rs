//! How the temperature falls (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671).

use crate::search::Searcher;
use crate::search::random::Random;

/// Exponential cooling between multiples of the mean arc's cost, in cycles: each begins less hot than the one before.
pub(super) struct Cooling {
    initial_temperature: f64,
    final_temperature: f64,
    cycles: u32,
    endless: Endless,
}

/// How the temperature falls where nothing says how long the search will be: each cycle is twice as long as the one before, so that
/// whenever it ends, a good part of the work went into one cycle.
#[derive(Clone, Debug)]
pub(super) struct Endless {
    /// Iterations of the first cycle.
    pub(super) first: u64,
    /// First temperatures of the cycles; the last one's is that of all further ones.
    pub(super) hot: Vec<f64>,
}

impl Endless {
    /// How far the cycle is after so many iterations, and its number.
    fn progress(&self, iterations: u64) -> (f64, u64) {
        let first = self.first.max(1);
        let cycle = (iterations / first + 1).ilog2();
        let (begins, length) = (first * ((1 << cycle) - 1), (first << cycle) as f64);
        ((iterations - begins) as f64 / length, u64::from(cycle))
    }
}

/// By how much cooler each cycle begins.
const REHEAT: f64 = 0.3;

impl Cooling {
    pub(super) fn new(initial_temperature: f64, final_temperature: f64, cycles: u32, endless: Endless) -> Self {
        Self {
            initial_temperature: initial_temperature.max(final_temperature),
            final_temperature: final_temperature.max(1e-6),
            cycles: cycles.max(1),
            endless,
        }
    }

    /// The temperature once the given part of the budget is spent, and the number of the cycle. Without a budget, cycle
    /// follows cycle.
    pub(super) fn temperature(&self, spent: Option<f64>, iterations: u64) -> (f64, u64) {
        let (progress, cycle, hot) = if let Some(spent) = spent {
            let at = spent * f64::from(self.cycles);
            let cycle = at.floor().min(f64::from(self.cycles - 1));
            (at - cycle, cycle as u64, self.initial_temperature * REHEAT.powi(cycle.min(3.0) as i32))
        } else {
            let (progress, cycle) = self.endless.progress(iterations);
            let hot = self.endless.hot.get(cycle as usize).or(self.endless.hot.last());
            (progress, cycle, hot.copied().unwrap_or(self.initial_temperature))
        };
        let initial_temperature = hot.max(self.final_temperature);
        (initial_temperature * (self.final_temperature / initial_temperature).powf(progress), cycle)
    }
}

/// Several short walks from starts of their own, longer ones from the best of them, and the longest from the best of these
/// (successive halving; Jamieson & Talwalkar 2016).
pub(super) struct Starts {
    params: StartParams,
    initial_temperature: f64,
    last: Cooling,
    walk: usize,
    /// The cycle that the longest walk is in.
    cycle: u64,
}

/// How many short walks there are, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StartParams {
    short: usize,
    /// The part of the budget that each short walk gets, and each of those that go on from the best of them.
    short_share: f64,
    longer_share: f64,
    /// First temperature of all short walks but the first, beside the hottest.
    next: f64,
}

impl StartParams {
    /// For starts that are solutions of their own.
    pub(super) const SOLUTIONS: Self = Self { short: 6, short_share: 0.05, longer_share: 0.1, next: 1.0 };
    /// For starts with fewer and fewer vehicles.
    pub(super) const FLEETS: Self = Self { short: 5, short_share: 0.03, longer_share: 0.06, next: 0.5 };
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
    /// How many walks go on from the best short ones.
    const LONGER: usize = 2;
    /// The last temperature of a short walk, of a longer one, the first of one that goes on, and the one at which vehicles are taken
    /// away, beside the hottest.
    const SHORT_END: f64 = 0.125;
    const LONGER_END: f64 = 0.0625;
    const AGAIN: f64 = 0.25;
    const TAKING_AWAY: f64 = 0.05;

    /// Walks as `params` say, the longest of which has cycles.
    pub(super) fn new(params: StartParams, initial_temperature: f64, final_temperature: f64, cycles: u32) -> Self {
        let first = Self::AGAIN * initial_temperature;
        let endless = Endless { first: 1, hot: Vec::new() };
        let last = Cooling::new(first, final_temperature.min(first), cycles, endless);
        Self { params, initial_temperature, last, walk: 0, cycle: 0 }
    }

    /// How the longest walk cools.
    pub(super) fn last(&self) -> &Cooling {
        &self.last
    }

    /// The part of the budget that is spent before the longest walk.
    pub(super) fn before_last(&self) -> f64 {
        self.params.short as f64 * self.params.short_share + Self::LONGER as f64 * self.params.longer_share
    }

    /// The present walk, unless it is the longest.
    fn current(&self) -> Option<Walk> {
        let StartParams { short, short_share, longer_share, next } = self.params;
        let hottest = self.initial_temperature;
        if self.walk < short {
            let first = if self.walk == 0 { hottest } else { next * hottest };
            let from = self.walk as f64 * short_share;
            return Some(Walk { from, share: short_share, first, last: Self::SHORT_END * hottest });
        }
        let longer = self.walk - short;
        let from = short as f64 * short_share + longer as f64 * longer_share;
        let (first, last) = (Self::AGAIN * hottest, Self::LONGER_END * hottest);
        (longer < Self::LONGER).then_some(Walk { from, share: longer_share, first, last })
    }

    /// The temperature once the given part of the budget is spent. Where the next walk is due, the search begins it.
    pub(super) fn temperature(&mut self, spent: f64, search: &mut impl Searcher, random: &mut Random) -> f64 {
        let short = self.params.short;
        if self.current().is_some_and(|walk| walk.from + walk.share <= spent) {
            search.set_aside();
            self.walk += 1;
            if self.walk < short {
                search.start_again(random);
            } else {
                // What the longer walks began from is no better than what they have found.
                search.resume(if self.walk == short + Self::LONGER { Self::LONGER } else { usize::MAX });
            }
        }
        if search.take_vehicle_away() && self.walk < short {
            return Self::TAKING_AWAY * self.initial_temperature;
        }
        if let Some(walk) = self.current() {
            return walk.first * (walk.last / walk.first).powf(((spent - walk.from) / walk.share).clamp(0.0, 1.0));
        }
        let from = self.before_last();
        let (temperature, cycle) = self.last.temperature(Some((spent - from) / (1.0 - from)), 0);
        if std::mem::replace(&mut self.cycle, cycle) != cycle {
            search.restore_best();
        }
        temperature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_within_a_cycle_and_rises_to_less_at_the_next() {
        let cooling = Cooling::new(100.0, 1.0, 2, Endless { first: 100, hot: vec![50.0, 60.0] });
        let at = |spent| cooling.temperature(Some(spent), 0);
        assert_eq!(at(0.0), (100.0, 0));
        assert!((at(0.499).0 - 1.0).abs() < 0.1);
        assert_eq!(at(0.5), (30.0, 1));
        assert!((at(1.0).0 - 1.0).abs() < 1e-9);
        let endless = |iterations| cooling.temperature(None, iterations);
        assert_eq!(
            [endless(0), endless(100), endless(300), endless(700)],
            [(50.0, 0), (60.0, 1), (60.0, 2), (60.0, 3)]
        );
        assert!((endless(299).0 - 1.0).abs() < 0.1, "each cycle is twice as long as the one before");
    }
}
