//! Forecasting models, each with quantiles.
//!
//! Two kinds: a [`SeriesModel`] continues a regular series, such as kilograms a day; a [`FillModel`] forecasts how much
//! will be deposited in a bin between any two moments.

#[expect(clippy::needless_pass_by_value, reason = "views are passed by value, as ndarray does")]
mod cholesky;
mod croston;
mod distribution;
mod empirical;
mod ets;
mod exposure;
mod gamma_process;
mod naive;
mod optimise;
mod plugged;
mod quantile;
#[expect(clippy::needless_pass_by_value, reason = "views are passed by value, as ndarray does")]
mod ridge;
mod seasonal;
mod theta;

pub use croston::{Croston, Intermittent};
pub use distribution::{Distribution, WeightedSample};
pub use empirical::{EmpiricalIncrements, EmpiricalParams};
pub use ets::Ets;
pub use exposure::{Exposure, Seen};
pub use gamma_process::{GammaParams, GammaProcess};
pub use naive::SeasonalNaive;
pub use plugged::{QuantileRow, QuantileTable};
pub use ridge::{Ridge, RidgeParams};
pub use theta::Theta;

use ndarray::Array2;
use statrs::distribution::{ContinuousCDF as _, Normal};

use super::fault::{Checks, ForecastError, ForecastFault};

/// Forecast of a series, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The mean of each step.
    pub mean: Vec<f64>,
    /// The levels of the quantiles, ascending.
    pub levels: Vec<f64>,
    /// Quantiles, `[step][level]`, non-decreasing within a step.
    pub quantiles: Array2<f64>,
}

/// A model of a regular series.
pub trait SeriesModel: Send + Sync {
    /// The model's name.
    fn name(&self) -> String;

    /// Forecasts `horizon` steps after the history (NaN: missing), with quantiles at `levels`.
    ///
    /// # Errors
    ///
    /// [`ForecastFault::TooShort`] for too little history; invalid parameters and levels.
    fn forecast(&self, history: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError>;
}

/// A model of the amounts deposited in bins.
pub trait FillModel: Send + Sync {
    /// The model's name.
    fn name(&self) -> String;

    /// Number of bins that it covers.
    fn len(&self) -> usize;

    /// Whether it covers no bin.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Distribution of the amount deposited in a bin from one moment to a later one.
    ///
    /// # Panics
    ///
    /// May panic if `bin` is not below [`len`](Self::len).
    fn rise(&self, bin: usize, from: i64, to: i64) -> Distribution;
}

/// Checks the inputs common to all series models.
fn check(horizon: usize, levels: &[f64]) -> Checks {
    let mut checks = Checks::default();
    checks.at_least_one("horizon", horizon);
    checks.levels("levels", levels);
    if horizon > 1 << 20 {
        checks.fault("horizon", horizon, "exceeds 2^20 steps", "forecast fewer steps");
    }
    checks
}

/// The history from its first known value on, with gaps interpolated linearly and the last value held to the end.
fn filled(history: &[f64]) -> Vec<f64> {
    let first = history.iter().position(|v| v.is_finite()).unwrap_or(history.len());
    let mut values = history[first..].to_vec();
    let mut last = 0;
    for i in 1..values.len() {
        if !values[i].is_finite() {
            continue;
        }
        for k in last + 1..i {
            values[k] = values[last] + (values[i] - values[last]) * (k - last) as f64 / (i - last) as f64;
        }
        last = i;
    }
    for k in last + 1..values.len() {
        values[k] = values[last];
    }
    values
}

fn too_short(found: usize, needed: usize) -> ForecastError {
    ForecastFault::TooShort { series: String::new(), found, needed }.into()
}

/// A forecast with normal errors of the given standard deviations.
fn normal(mean: Vec<f64>, deviations: &[f64], levels: &[f64]) -> Forecast {
    let scores: Vec<f64> = levels.iter().map(|&level| normal_quantile(level)).collect();
    let quantiles = Array2::from_shape_fn((mean.len(), levels.len()), |(h, l)| mean[h] + deviations[h] * scores[l]);
    Forecast { mean, levels: levels.to_vec(), quantiles }
}

/// The quantile of the standard normal distribution at a level strictly between 0 and 1.
fn normal_quantile(level: f64) -> f64 {
    Normal::standard().inverse_cdf(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_closed() {
        let nan = f64::NAN;
        assert_eq!(filled(&[nan, 1.0, nan, 3.0, nan]), [1.0, 2.0, 3.0, 3.0]);
        assert!(filled(&[nan]).is_empty());
    }
}
