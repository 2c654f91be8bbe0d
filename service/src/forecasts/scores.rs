//! How forecasts agree with the readings that came later: the same of a backtest, and of forecasts that were made.

use milkrun::forecast::{Exposure, Increments, pinball};
use serde::{Deserialize, Serialize};

use super::definition::FULL;
use super::outlook::{HIGH, LEVELS, LOW, MIDDLE, Outlooks};

/// Least share of a window that must have been observed to be scored; an emptying leaves a gap.
const SHARE: f64 = 0.7;
/// The share of amounts that the interval is to hold.
pub(super) const NOMINAL: f64 = 0.8;

/// Sums over forecasts, which can be added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// Forecasts of levels at the first round that could be scored.
    windows: u64,
    /// Those of bins that did not become full before it: of others, only the least amount is known.
    exact: u64,
    error: f64,
    bias: f64,
    loss: f64,
    inside: u64,
    /// Forecasts of overflows before the second round.
    questions: u64,
    brier: f64,
    full: u64,
    announced: u64,
    hits: u64,
}

/// Scores of forecasts; null where there is nothing to score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Scores {
    /// Forecasts of levels at the day's round that could be scored.
    pub(crate) windows: u64,
    /// Forecasts of overflows before the next round that could be scored.
    pub(crate) questions: u64,
    /// Mean absolute error of the middle, points.
    pub(crate) mae: Option<f64>,
    /// Mean error, points; positive: more came than was expected.
    pub(crate) bias: Option<f64>,
    /// Mean pinball loss over all levels, points.
    pub(crate) pinball: Option<f64>,
    /// Share of amounts within the interval that is to hold 80 %.
    pub(crate) coverage: Option<f64>,
    /// Brier score of the probability of an overflow.
    pub(crate) brier: Option<f64>,
    /// Share of bins that became full, or would have, that had been said to be emptied before.
    pub(crate) hit_rate: Option<f64>,
    /// Share of bins said to be emptied that became full, or would have.
    pub(crate) precision: Option<f64>,
    /// Share of bins that became full, or would have.
    pub(crate) base_rate: Option<f64>,
}

impl Tally {
    /// Adds another one.
    pub(super) fn add(&mut self, other: &Self) {
        self.windows += other.windows;
        self.exact += other.exact;
        self.error += other.error;
        self.bias += other.bias;
        self.loss += other.loss;
        self.inside += other.inside;
        self.questions += other.questions;
        self.brier += other.brier;
        self.full += other.full;
        self.announced += other.announced;
        self.hits += other.hits;
    }

    /// What the sums say.
    pub(crate) fn scores(&self) -> Scores {
        let share = |sum: f64, of: u64| (of > 0).then(|| sum / of as f64);
        Scores {
            windows: self.windows,
            questions: self.questions,
            mae: share(self.error, self.exact),
            bias: share(self.bias, self.exact),
            pinball: share(self.loss, self.exact),
            coverage: share(self.inside as f64, self.windows),
            brier: share(self.brier, self.questions),
            hit_rate: share(self.hits as f64, self.full),
            precision: share(self.hits as f64, self.announced),
            base_rate: share(self.full as f64, self.questions),
        }
    }
}

/// Some values of many, scattered, so that no pattern of the order in which they come is seen: at most twice as many as are asked
/// for. The same values come to the same choice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scattered<T> {
    /// A number of each that says how long it stays, and the value.
    kept: Vec<(u64, T)>,
    most: usize,
    /// Those stay whose number is a multiple of it: a power of two.
    share: u64,
    seen: u64,
}

impl<T> Scattered<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most, share: 1, seen: 0 }
    }

    pub(super) fn push(&mut self, value: T) {
        self.seen += 1;
        // Fibonacci hashing: neighbours have numbers far apart.
        let number = self.seen.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        if self.most > 0 && number.is_multiple_of(self.share) {
            self.kept.push((number, value));
        }
        if self.kept.len() > 2 * self.most {
            self.share *= 2;
            self.kept.retain(|(number, _)| number.is_multiple_of(self.share));
        }
    }

    pub(super) fn values(self) -> Vec<T> {
        self.kept.into_iter().map(|(_, value)| value).collect()
    }
}

/// What later forecasts are compared with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Samples {
    /// The names of the features.
    pub(super) columns: Vec<String>,
    /// Rows of features.
    pub(super) features: Vec<Vec<Option<f64>>>,
    /// Errors of the middle.
    pub(super) residuals: Vec<f64>,
    /// Pinball losses.
    pub(super) losses: Vec<f64>,
    /// Whether amounts lay inside their interval.
    pub(super) inside: Vec<bool>,
}

impl Samples {
    /// The values of a feature; NaN where there is none.
    pub(super) fn column(&self, column: usize) -> Vec<f64> {
        self.features.iter().map(|row| row.get(column).copied().flatten().unwrap_or(f64::NAN)).collect()
    }
}

/// Gathers sums and samples.
#[derive(Clone, Debug)]
pub(super) struct Scoring {
    /// The sums.
    pub(super) tally: Tally,
    features: Scattered<Vec<Option<f64>>>,
    /// Error, loss, and whether it was inside.
    errors: Scattered<(f64, f64, bool)>,
}

impl Scoring {
    /// With samples of about so many values.
    pub(super) fn new(samples: usize) -> Self {
        Self { tally: Tally::default(), features: Scattered::new(samples), errors: Scattered::new(samples) }
    }

    /// Scores forecasts by what is known by now of the same bins, in the same order. If a bin was emptied meanwhile, deposits
    /// before and after are added up: the question is whether it would have been full.
    pub(super) fn score(&mut self, outlooks: &Outlooks<'_>, truth: &Increments, risk: f64) {
        for (bin, outlook) in outlooks.bins.iter().enumerate() {
            self.features.push(outlook.features.clone());
            let Some(state) = outlooks.states[bin].filter(|state| state.level < FULL) else { continue };
            let exposure = Exposure::new(&truth.bins[bin]);
            let seen = |until: i64| {
                let seen = exposure.window(state.time, until);
                let span = until - state.time;
                let is_enough = span > 0 && seen.seconds as f64 >= SHARE * span as f64;
                is_enough.then(|| (seen.amount * span as f64 / seen.seconds as f64, seen.censored))
            };
            if let Some((actual, is_censored)) = seen(outlooks.rounds[0]) {
                self.level(&outlook.quantiles[0], actual, is_censored);
            }
            if let (Some((actual, _)), Some(chance)) = (seen(outlooks.rounds[1]), outlooks.full_by(bin, 1)) {
                let is_full = state.level + actual >= FULL - 1e-9;
                let is_announced = chance > risk;
                let tally = &mut self.tally;
                tally.questions += 1;
                tally.brier += (chance - f64::from(u8::from(is_full))).powi(2);
                tally.full += u64::from(is_full);
                tally.announced += u64::from(is_announced);
                tally.hits += u64::from(is_full && is_announced);
            }
        }
    }

    fn level(&mut self, quantiles: &[f64], actual: f64, is_censored: bool) {
        let is_inside = (quantiles[LOW] <= actual || is_censored) && actual <= quantiles[HIGH];
        let tally = &mut self.tally;
        tally.windows += 1;
        tally.inside += u64::from(is_inside);
        if is_censored {
            return;
        }
        let residual = actual - quantiles[MIDDLE];
        let loss = LEVELS.iter().zip(quantiles).map(|(&level, &q)| pinball(actual, q, level)).sum::<f64>();
        let loss = loss / LEVELS.len() as f64;
        tally.exact += 1;
        tally.error += residual.abs();
        tally.bias += residual;
        tally.loss += loss;
        self.errors.push((residual, loss, is_inside));
    }

    /// The samples.
    pub(super) fn samples(self, columns: Vec<String>) -> Samples {
        let errors = self.errors.values();
        Samples {
            columns,
            features: self.features.values(),
            residuals: errors.iter().map(|e| e.0).collect(),
            losses: errors.iter().map(|e| e.1).collect(),
            inside: errors.iter().map(|e| e.2).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_many_are_kept_from_all_of_them() {
        let kept = |count: usize, most: usize| {
            let mut scattered = Scattered::new(most);
            (0..count).for_each(|i| scattered.push(i));
            scattered.values()
        };
        assert_eq!((kept(15, 10).len(), kept(1_000, 0).len()), (15, 0));
        let found = kept(100_000, 500);
        assert!((400..=1_000).contains(&found.len()), "{}", found.len());
        // Of each tenth of them, and of each remainder, some.
        for tenth in 0..10 {
            assert!(found.iter().filter(|i| **i / 10_000 == tenth).count() > 20, "{tenth}");
            assert!(found.iter().filter(|i| **i % 10 == tenth).count() > 20, "{tenth}");
        }
    }

    #[test]
    fn scores_worked_out_by_hand() {
        let mut scoring = Scoring::new(10);
        let quantiles = [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0];
        scoring.level(&quantiles, 36.0, false);
        scoring.level(&quantiles, 65.0, false);
        // At least 40: inside, as far as is known, and no error.
        scoring.level(&quantiles, 40.0, true);
        let scores = scoring.tally.scores();
        assert_eq!((scores.windows, scores.mae, scores.bias), (3, Some(20.5), Some(20.5)));
        assert_eq!((scores.coverage, scores.hit_rate), (Some(2.0 / 3.0), None));
        let mut both = scoring.tally;
        both.add(&scoring.tally);
        assert_eq!((both.scores().mae, both.scores().windows), (Some(20.5), 6));
    }
}
