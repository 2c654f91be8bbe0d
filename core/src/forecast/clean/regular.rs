//! From irregular times to a regular grid.

use super::Increments;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::{Series, SeriesSet};

/// The value of a step without readings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GapFill {
    /// NaN: it stays missing.
    Missing,
    /// The last value before.
    Previous,
    /// The straight line between the neighbours; missing at the ends.
    Linear,
    /// A number, such as 0.
    Value(f64),
}

/// A regular series: one value for each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Regular {
    /// When the first step begins, seconds since 1970.
    pub start: i64,
    /// How long a step is, in seconds.
    pub step: i64,
    /// A value for each step; NaN where it is missing.
    pub values: Vec<f64>,
}

/// The maximum number of steps of a regular series: more indicate a mistaken time.
const MAX_STEPS: i64 = 10_000_000;

/// The mean of the readings in each step of `step` seconds, steps counted from `origin` on; steps without a reading are
/// filled by the rule. A series without readings stays empty.
///
/// # Errors
///
/// If `step` is not positive, or a series would have more than ten million steps.
pub fn resample(set: &SeriesSet, step: i64, origin: i64, fill: GapFill) -> Result<Vec<Regular>, ForecastError> {
    let mut checks = Checks::default();
    checks.positive_time("step", step);
    checks.time("origin", origin);
    checks.finish()?;
    let mut checks = Checks::default();
    for series in set.iter() {
        steps(&mut checks, series.name, series.times.first().copied(), series.times.last().copied(), step);
    }
    checks.finish()?;
    Ok(set.iter().map(|series| resample_series(series, step, origin, fill)).collect())
}

fn steps(checks: &mut Checks, name: &str, first: Option<i64>, last: Option<i64>, step: i64) {
    let (Some(first), Some(last)) = (first, last) else { return };
    let count = (last - first) / step;
    if count > MAX_STEPS {
        let message = "would have more than ten million steps";
        checks.fault(format!("series {name:?}"), count, message, "give a longer step, or correct its times");
    }
}

fn resample_series(series: Series<'_>, step: i64, origin: i64, fill: GapFill) -> Regular {
    let (Some(&first), Some(&last)) = (series.times.first(), series.times.last()) else {
        return Regular { start: origin, step, values: Vec::new() };
    };
    let begin = (first - origin).div_euclid(step);
    let count = (last - origin).div_euclid(step) - begin + 1;
    let mut sums = vec![(0.0, 0_u32); count as usize];
    for (&time, &value) in series.times.iter().zip(series.values).filter(|(_, v)| !v.is_nan()) {
        let cell = &mut sums[((time - origin).div_euclid(step) - begin) as usize];
        *cell = (cell.0 + value, cell.1 + 1);
    }
    let mut values: Vec<f64> =
        sums.iter().map(|&(sum, n)| if n == 0 { f64::NAN } else { sum / f64::from(n) }).collect();
    fill_gaps(&mut values, fill);
    Regular { start: origin + begin * step, step, values }
}

/// Fills what is missing.
fn fill_gaps(values: &mut [f64], fill: GapFill) {
    match fill {
        GapFill::Missing => {}
        GapFill::Value(value) => values.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = value),
        GapFill::Previous => {
            for i in 1..values.len() {
                if values[i].is_nan() {
                    values[i] = values[i - 1];
                }
            }
        }
        GapFill::Linear => {
            let known: Vec<usize> = (0..values.len()).filter(|&i| !values[i].is_nan()).collect();
            for pair in known.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let slope = (values[b] - values[a]) / (b - a) as f64;
                for i in a + 1..b {
                    values[i] = values[a] + slope * (i - a) as f64;
                }
            }
        }
    }
}

impl Increments {
    /// The amount deposited in each bin in each step, spread evenly over the time of an increment. A step of which less
    /// than `min_share` was observed is missing; a partly observed one is scaled up.
    ///
    /// # Errors
    ///
    /// If `step` is not positive, `min_share` is not a fraction, or a series would have more than ten million steps.
    pub fn per_step(&self, step: i64, origin: i64, min_share: f64) -> Result<Vec<Regular>, ForecastError> {
        let mut checks = Checks::default();
        checks.positive_time("step", step);
        checks.time("origin", origin);
        self.check(&mut checks);
        if !(min_share > 0.0 && min_share <= 1.0) {
            checks.fault("min_share", min_share, "must lie above 0 and not above 1", "give a fraction, such as 0.75");
        }
        checks.finish()?;
        let mut checks = Checks::default();
        for (name, bin) in self.names.iter().zip(&self.bins) {
            steps(&mut checks, name, bin.first().map(|i| i.from), bin.last().map(|i| i.to), step);
        }
        checks.finish()?;
        Ok(self.bins.iter().map(|bin| spread(bin, step, origin, min_share)).collect())
    }
}

fn spread(bin: &[super::Increment], step: i64, origin: i64, min_share: f64) -> Regular {
    let (Some(first), Some(last)) = (bin.first(), bin.last()) else {
        return Regular { start: origin, step, values: Vec::new() };
    };
    let begin = (first.from - origin).div_euclid(step);
    let count = (last.to - 1 - origin).div_euclid(step) - begin + 1;
    let mut cells = vec![(0.0, 0_i64); count.max(0) as usize];
    for increment in bin {
        let rate = increment.amount / (increment.to - increment.from) as f64;
        let mut at = increment.from;
        while at < increment.to {
            let index = (at - origin).div_euclid(step);
            let end = (origin + (index + 1) * step).min(increment.to);
            let cell = &mut cells[(index - begin) as usize];
            *cell = (cell.0 + rate * (end - at) as f64, cell.1 + end - at);
            at = end;
        }
    }
    let value = |&(amount, seen): &(f64, i64)| {
        let share = seen as f64 / step as f64;
        if share < min_share { f64::NAN } else { amount / share.min(1.0) }
    };
    Regular { start: origin + begin * step, step, values: cells.iter().map(value).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::Increment;
    use super::*;

    #[test]
    fn gaps_by_choice() {
        let set = SeriesSet::from_long(&["a"; 3], &[0, 5, 30], &[1.0, 3.0, 8.0]).unwrap();
        let filled = |fill| resample(&set, 10, 0, fill).unwrap().remove(0).values;
        assert_eq!(filled(GapFill::Linear), [2.0, 4.0, 6.0, 8.0]);
        assert_eq!(filled(GapFill::Previous), [2.0, 2.0, 2.0, 8.0]);
        assert_eq!(filled(GapFill::Value(0.0)), [2.0, 0.0, 0.0, 8.0]);
        assert!(filled(GapFill::Missing)[1].is_nan());
    }

    #[test]
    fn an_increment_is_spread_over_its_steps() {
        let bin = vec![
            Increment { from: 5, to: 25, amount: 20.0, censored: false },
            Increment { from: 30, to: 32, amount: 1.0, censored: false },
        ];
        let all = Increments { names: vec!["a".to_owned()], bins: vec![bin], full: 100.0 };
        let regular = all.per_step(10, 0, 0.5).unwrap().remove(0);
        assert_eq!(regular.start, 0);
        assert_eq!(regular.values[..3], [10.0, 10.0, 10.0]);
        assert!(regular.values[3].is_nan(), "a fifth of the step is too little");
    }

    #[test]
    fn an_endless_grid_is_refused() {
        let set = SeriesSet::from_long(&["a"; 2], &[0, 1 << 36], &[1.0, 3.0]).unwrap();
        let error = resample(&set, 1, 0, GapFill::Missing).unwrap_err();
        assert!(error.to_string().contains("longer step"), "{error}");
    }
}
