//! When a bin will be full.

use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::models::FillModel;
use crate::parallel;

/// The last known state of a bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinState {
    /// When its level was last known, in seconds since 1970.
    pub time: i64,
    /// The level then.
    pub level: f64,
}

/// When a bin will be full.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TimeToFull {
    /// The probability that it is full by each horizon; not descending.
    pub probabilities: Vec<f64>,
    /// For each requested level, the first time by which the bin is full with that probability, in seconds since 1970,
    /// on a straight line between horizons; `None`: not within them.
    pub quantiles: Vec<Option<i64>>,
}

/// The probability that a bin is full by `time`.
///
/// # Panics
///
/// May panic if the model does not know the bin.
pub fn probability_full(model: &dyn FillModel, bin: usize, state: BinState, full: f64, time: i64) -> f64 {
    if state.level >= full {
        return 1.0;
    }
    if time <= state.time {
        return 0.0;
    }
    model.rise(bin, state.time, time).exceeds(full - state.level).clamp(0.0, 1.0)
}

/// For each bin the probability of being full by each of the `horizons` (seconds since 1970, ascending), and the times by
/// which it is full with each of the probabilities `levels`. Bin `i` is bin `i` of the model.
///
/// ```
/// use milkrun::forecast::{BinState, QuantileRow, QuantileTable, time_to_full};
///
/// // Ten points an hour, give or take two.
/// let quantiles = [(0.1, 8.0), (0.5, 10.0), (0.9, 12.0)];
/// let rows = quantiles.map(|(level, amount)| QuantileRow { bin: 0, horizon: 3600, level, amount });
/// let model = QuantileTable::new(1, 0, &rows).unwrap();
/// let state = BinState { time: 0, level: 60.0 };
/// let hours: Vec<i64> = (1..=6).map(|h| h * 3600).collect();
/// let found = time_to_full(&model, &[state], 100.0, &hours, &[0.5]).unwrap();
/// assert_eq!(found[0].probabilities[2], 0.0);
/// assert_eq!(found[0].probabilities[5], 1.0);
/// let hour = found[0].quantiles[0].unwrap() as f64 / 3600.0;
/// assert!((hour - 4.0).abs() < 0.2);
/// ```
///
/// # Errors
///
/// If there is not one state for each bin of the model, a level of a bin is not a number, `full` is not positive, or
/// horizons or levels do not ascend.
pub fn time_to_full(
    model: &dyn FillModel,
    states: &[BinState],
    full: f64,
    horizons: &[i64],
    levels: &[f64],
) -> Result<Vec<TimeToFull>, ForecastError> {
    let mut checks = Checks::default();
    check_states(&mut checks, model, states, full);
    checks.levels("levels", levels);
    if let Some(i) = horizons.windows(2).position(|pair| pair[0] >= pair[1]) {
        let message = "is not after the previous one";
        checks.fault(format!("horizons[{}]", i + 1), horizons[i + 1], message, "sort the horizons");
    }
    for (i, &horizon) in horizons.iter().enumerate() {
        checks.time(format!("horizons[{i}]"), horizon);
    }
    checks.finish()?;
    let one = |bin: usize| {
        let state = states[bin];
        let mut highest = 0.0_f64;
        let mut of = |&time: &i64| {
            // Probabilities must not decrease with time, but estimates from different windows may.
            highest = highest.max(probability_full(model, bin, state, full, time));
            highest
        };
        let probabilities: Vec<f64> = horizons.iter().map(&mut of).collect();
        let begin = if state.level >= full { 1.0 } else { 0.0 };
        let quantiles = levels.iter().map(|&l| crossing((state.time, begin), horizons, &probabilities, l)).collect();
        TimeToFull { probabilities, quantiles }
    };
    Ok(parallel::map(states.len(), 1, one))
}

pub(super) fn check_states(checks: &mut Checks, model: &dyn FillModel, states: &[BinState], full: f64) {
    checks.length("states", states.len(), "the model", model.len());
    checks.positive("full", full);
    for (i, state) in states.iter().enumerate() {
        checks.time(format!("states[{i}].time"), state.time);
        if !state.level.is_finite() {
            let remedy = "give the last reading";
            checks.fault(format!("states[{i}].level"), state.level, "is not a level", remedy);
        }
    }
}

/// Where the line through the points first reaches `level`.
fn crossing(begin: (i64, f64), horizons: &[i64], probabilities: &[f64], level: f64) -> Option<i64> {
    let mut before = begin;
    if before.1 >= level {
        return Some(before.0);
    }
    for (&time, &probability) in horizons.iter().zip(probabilities) {
        if probability >= level {
            let from = before.0.min(time);
            let share = (level - before.1) / (probability - before.1);
            return Some(from + ((time - from) as f64 * share).ceil() as i64);
        }
        before = (time, probability);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{QuantileRow, QuantileTable};

    #[test]
    fn a_full_bin_and_a_reading_from_the_future() {
        let row = QuantileRow { bin: 0, horizon: 10, level: 0.5, amount: 50.0 };
        let model = QuantileTable::new(1, 0, &[row]).unwrap();
        let at = |time, level, horizon| {
            time_to_full(&model, &[BinState { time, level }], 100.0, &[horizon], &[0.5]).unwrap().remove(0)
        };
        assert_eq!(at(0, 100.0, 5), TimeToFull { probabilities: vec![1.0], quantiles: vec![Some(0)] });
        assert_eq!(at(50, 0.0, 5), TimeToFull { probabilities: vec![0.0], quantiles: vec![None] });
        let error = time_to_full(&model, &[], -1.0, &[5, 5], &[2.0]).unwrap_err();
        assert_eq!(error.faults.len(), 4, "{error}");
    }
}
