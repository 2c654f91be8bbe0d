//! The default fill model: amounts deposited in past windows of the same length.

use serde::Deserialize;

use super::exposure::Exposure;
use super::gamma_process::{GammaParams, GammaProcess};
use super::{Distribution, FillModel, WeightedSample};
use crate::forecast::clean::{DAY, Increments};
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::MAX_TIME;
use crate::parallel;

/// How [`EmpiricalIncrements`] weights the past.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[cfg_attr(feature = "io", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EmpiricalParams {
    /// The age at which a window counts half, in seconds.
    pub half_life: i64,
    /// Maximum age of a window, in days.
    pub max_days: u32,
    /// How much more a window on the same weekday counts; for windows shorter than a week.
    pub weekday_weight: f64,
    /// Minimum share of a window that must have been observed; the amount is scaled up by the share.
    pub min_share: f64,
    /// Number of separate windows that have the same weight as the gamma process, which covers what has not been
    /// observed.
    pub prior_windows: f64,
    /// How the gamma process is fitted.
    pub gamma: GammaParams,
}

impl Default for EmpiricalParams {
    fn default() -> Self {
        Self {
            half_life: 60 * DAY,
            max_days: 366,
            weekday_weight: 3.0,
            min_share: 0.7,
            prior_windows: 8.0,
            gamma: GammaParams::default(),
        }
    }
}

/// The distribution of past increments, bin by bin.
///
/// For a window from one moment to another, the same window one, two, … days earlier is looked up: same length, same
/// time of day, same weekday with more weight, newer with more weight. If the bin was full within a window, the amount
/// is only a lower bound: the distribution is Kaplan and Meier's (1958),
/// [doi:10.1080/01621459.1958.10501452](https://doi.org/10.1080/01621459.1958.10501452), with Efron's tail. A gamma
/// process fitted to the bin is mixed in, with more weight the fewer separate windows there are: it supplies the tails
/// that a short past has not shown, and covers new bins.
#[derive(Clone, Debug)]
pub struct EmpiricalIncrements {
    bins: Vec<Exposure>,
    gamma: GammaProcess,
    params: EmpiricalParams,
}

impl EmpiricalIncrements {
    /// Learns from increments.
    ///
    /// # Errors
    ///
    /// Invalid parameters, or no increment in any bin.
    pub fn fit(increments: &Increments, params: &EmpiricalParams) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.positive_time("half_life", params.half_life);
        checks.positive("weekday_weight", params.weekday_weight);
        checks.not_negative("prior_windows", params.prior_windows);
        if !(params.min_share > 0.0 && params.min_share <= 1.0) {
            let remedy = "give a fraction, such as 0.7";
            checks.fault("min_share", params.min_share, "must lie above 0 and not above 1", remedy);
        }
        checks.finish()?;
        let gamma = GammaProcess::fit(increments, &params.gamma)?;
        let bins = parallel::map(increments.bins.len(), 1, |bin| Exposure::new(&increments.bins[bin]));
        Ok(Self { bins, gamma, params: *params })
    }

    /// Windows of the past with their amount, weight, and whether the amount is only a bound.
    fn windows(&self, bin: &Exposure, from: i64, to: i64) -> Vec<Window> {
        let Some((first, last)) = bin.range() else { return Vec::new() };
        let length = to - from;
        let least = (self.params.min_share * length as f64).ceil() as i64;
        // The latest window, a whole number of days back, that lies in the history.
        let newest = (to - last).max(0).div_euclid(DAY) + i64::from((to - last).max(0).rem_euclid(DAY) > 0);
        let mut found = Vec::new();
        for k in newest.max(1)..newest.saturating_add(i64::from(self.params.max_days)) {
            let begin = from - k * DAY;
            if begin < first {
                break;
            }
            let seen = bin.window(begin, begin + length);
            if seen.seconds < least || seen.seconds == 0 {
                continue;
            }
            let amount = seen.amount * length as f64 / seen.seconds as f64;
            let mut weight = (-((k - newest) as f64) * DAY as f64 / self.params.half_life as f64).exp2();
            if length < 7 * DAY && k % 7 == 0 {
                weight *= self.params.weekday_weight;
            }
            found.push(Window { amount, weight, censored: seen.censored });
        }
        found
    }
}

impl FillModel for EmpiricalIncrements {
    fn name(&self) -> String {
        "empirical increments".to_owned()
    }

    fn len(&self) -> usize {
        self.bins.len()
    }

    fn rise(&self, bin: usize, from: i64, to: i64) -> Distribution {
        let bounded = |time: i64| time.clamp(-2 * MAX_TIME, 2 * MAX_TIME);
        let (from, to) = (bounded(from), bounded(to));
        if to <= from {
            return Distribution::certain(0.0);
        }
        let gamma = self.gamma.rise(bin, from, to);
        let windows = self.windows(&self.bins[bin], from, to);
        if windows.is_empty() {
            return gamma;
        }
        let weight: f64 = windows.iter().map(|w| w.weight).sum();
        let squares: f64 = windows.iter().map(|w| w.weight * w.weight).sum();
        // Windows of several days overlap: each contributes one day of information.
        let separate = weight * weight / squares / ((to - from) as f64 / DAY as f64).max(1.0);
        let trust = separate / (separate + self.params.prior_windows);
        let sample = Distribution::Sample(product_limit(windows));
        Distribution::Mixture(vec![(trust, sample), (1.0 - trust, gamma)])
    }
}

/// A window of the past.
#[derive(Clone, Copy, Debug)]
struct Window {
    amount: f64,
    weight: f64,
    censored: bool,
}

/// The product-limit estimate; the mass that remains beyond the largest bound is placed there.
fn product_limit(mut windows: Vec<Window>) -> WeightedSample {
    windows.sort_by(|a, b| a.amount.total_cmp(&b.amount).then(a.censored.cmp(&b.censored)));
    let mut at_risk: f64 = windows.iter().map(|w| w.weight).sum();
    let largest = windows.last().map_or(0.0, |w| w.amount);
    let mut survival = 1.0;
    let mut masses = Vec::with_capacity(windows.len() + 1);
    for window in windows {
        if !window.censored && at_risk > 0.0 {
            let mass = survival * (window.weight / at_risk).min(1.0);
            masses.push((window.amount, mass));
            survival -= mass;
        }
        at_risk -= window.weight;
    }
    masses.push((largest, survival.max(0.0)));
    WeightedSample::new(masses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::clean::Increment;

    #[test]
    fn censored_windows_move_weight_up() {
        let of = |amount, censored| Window { amount, weight: 1.0, censored };
        // Of four, the one censored at 2 says only that the amount exceeds 2: its quarter goes to 3 and 4.
        let sample = product_limit(vec![of(1.0, false), of(2.0, true), of(3.0, false), of(4.0, false)]);
        assert!((sample.exceeds(4.0) - 0.375).abs() < 1e-12);
        assert!((sample.exceeds(3.0) - 0.75).abs() < 1e-12);
    }

    /// Sundays bring 30, other days 10 (day 0 is a Thursday).
    fn weekly(weeks: i64) -> Increments {
        let bin = (0..7 * weeks)
            .map(|day| {
                let amount = if (day + 3) % 7 == 6 { 30.0 } else { 10.0 };
                Increment { from: day * DAY, to: (day + 1) * DAY, amount, censored: false }
            })
            .collect();
        Increments { names: vec!["a".to_owned()], bins: vec![bin], full: 100.0 }
    }

    #[test]
    fn weekdays_matter() {
        let params = EmpiricalParams { prior_windows: 0.0, weekday_weight: 100.0, ..EmpiricalParams::default() };
        let model = EmpiricalIncrements::fit(&weekly(10), &params).unwrap();
        let day = |day: i64| model.rise(0, day * DAY, (day + 1) * DAY).mean();
        assert!(day(73) > 25.0, "a Sunday: {}", day(73));
        assert!(day(74) < 12.0, "a Monday: {}", day(74));
        let week = model.rise(0, 70 * DAY, 77 * DAY);
        assert!((week.quantile(0.5) - 90.0).abs() < 1e-6 && (week.mean() - 90.0).abs() < 1e-6);
    }

    #[test]
    fn without_windows_the_gamma_process_is_used() {
        let mut all = weekly(4);
        all.names.push("new".to_owned());
        all.bins.push(Vec::new());
        let model = EmpiricalIncrements::fit(&all, &EmpiricalParams::default()).unwrap();
        assert!(matches!(model.rise(1, 0, DAY), Distribution::Gamma { .. }));
        assert_eq!(model.rise(0, DAY, DAY).mean(), 0.0);
    }
}
