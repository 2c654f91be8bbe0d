//! Backtests of fill models.

use super::scores::{brier, calibration, crps};
use crate::forecast::clean::{Cleaned, Increments};
use crate::forecast::decide::BinState;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::models::{Exposure, FillModel};
use crate::parallel;

/// Parameters of a backtest of fill models.
#[derive(Clone, Debug, PartialEq)]
pub struct FillBacktestParams {
    /// Number of origins, evenly spread over the later part of the history.
    pub origins: usize,
    /// The share of the history before the first origin.
    pub first: f64,
    /// Horizons, in seconds.
    pub horizons: Vec<i64>,
    /// Minimum share of a window that must have been observed for it to be scored; the amount is scaled up by the
    /// share. Leave room for the interval of an emptying: windows without one are biased towards bins that were not
    /// full.
    pub min_share: f64,
}

impl Default for FillBacktestParams {
    /// One, two and three days ahead from twenty origins in the second half.
    fn default() -> Self {
        Self { origins: 20, first: 0.5, horizons: vec![86_400, 2 * 86_400, 3 * 86_400], min_share: 0.7 }
    }
}

/// Scores for one horizon.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FillScores {
    /// Horizons, in seconds.
    pub horizon: i64,
    /// Windows scored.
    pub forecasts: usize,
    /// Those windows in which the bin became full, so that its rise is only bounded from below. They count for
    /// coverage, Brier score and calibration alone.
    pub censored: usize,
    /// Mean absolute error of the median of the rise, in the unit of the level.
    pub mae: f64,
    /// Mean continuous ranked probability score of the rise.
    pub crps: f64,
    /// Share of rises between the 10 % and the 90 % quantile.
    pub coverage: f64,
    /// Brier score of the probability of being full.
    pub brier: f64,
    /// Expected calibration error of that probability, in ten classes.
    pub calibration_error: f64,
    /// How often bins were full.
    pub base_rate: f64,
}

const LEVELS: [f64; 19] =
    [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/// One window.
struct Window {
    horizon: usize,
    censored: bool,
    error: f64,
    crps: f64,
    inside: bool,
    probability: f64,
    full: bool,
}

/// Fits a model to what is known.
pub type FitFill = dyn Fn(&Increments) -> Result<Box<dyn FillModel>, ForecastError>;

/// Tests a model of fill: at each origin it is fitted to what was known then (`fit`), and forecasts how much will be
/// deposited and whether the bin will be full. If the bin was emptied within the window, deposits before and after are
/// added up: the question is whether it would have been full.
///
/// # Errors
///
/// Invalid parameters, and errors of `fit`.
pub fn backtest_fill(
    cleaned: &Cleaned,
    increments: &Increments,
    params: &FillBacktestParams,
    fit: &FitFill,
) -> Result<Vec<FillScores>, ForecastError> {
    let mut checks = Checks::default();
    checks.at_least_one("origins", params.origins);
    checks.inside_unit("first", params.first);
    checks.not_negative("min_share", params.min_share);
    checks.length("increments", increments.bins.len(), "the readings", cleaned.readings.len());
    for (i, &horizon) in params.horizons.iter().enumerate() {
        checks.positive_time(format!("horizons[{i}]"), horizon);
    }
    increments.check(&mut checks);
    let begin = increments.bins.iter().filter_map(|bin| bin.first()).map(|i| i.from).min();
    let end = increments.bins.iter().filter_map(|bin| bin.last()).map(|i| i.to).max();
    if begin.is_none() {
        checks.fault("increments", 0, "no bin has any", "give more readings");
    }
    checks.finish()?;
    let (Some(begin), Some(end)) = (begin, end) else { return Ok(Vec::new()) };
    let truth: Vec<Exposure> = increments.bins.iter().map(|bin| Exposure::new(bin)).collect();
    let longest = params.horizons.iter().copied().max().unwrap_or(0);
    let first = begin + ((end - begin) as f64 * params.first) as i64;
    let room = (end - longest - first).max(0);
    let mut windows = Vec::new();
    for k in 0..params.origins {
        let origin = first + (room as f64 * k as f64 / params.origins as f64) as i64;
        let known = increments.before(origin);
        if known.bins.iter().all(Vec::is_empty) {
            continue;
        }
        let model = fit(&known)?;
        let found: Vec<Vec<Window>> =
            parallel::map(truth.len(), 1, |bin| of_bin(cleaned, &truth[bin], model.as_ref(), bin, origin, params));
        windows.extend(found.into_iter().flatten());
    }
    Ok((0..params.horizons.len()).map(|h| summary(&windows, h, params.horizons[h])).collect())
}

fn of_bin(
    cleaned: &Cleaned,
    truth: &Exposure,
    model: &dyn FillModel,
    bin: usize,
    origin: i64,
    params: &FillBacktestParams,
) -> Vec<Window> {
    let series = cleaned.readings.get(bin);
    let full = cleaned.params.full;
    let last = series.times.partition_point(|&t| t <= origin);
    let Some(row) = last.checked_sub(1) else { return Vec::new() };
    let state = BinState { time: series.times[row], level: series.values[row] };
    // A bin that was emptied since its last reading, or is already full, is not scored.
    let emptied = cleaned.emptyings[bin].iter().any(|e| e.by > state.time && e.after <= origin);
    if emptied || state.level >= full || origin - state.time > cleaned.params.max_gap {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (horizon, &length) in params.horizons.iter().enumerate() {
        let until = origin + length;
        let seen = truth.window(state.time, until);
        let span = until - state.time;
        if (seen.seconds as f64) < params.min_share * span as f64 {
            continue;
        }
        let actual = seen.amount * span as f64 / seen.seconds as f64;
        let rise = model.rise(bin, state.time, until);
        let quantiles = rise.quantiles(&LEVELS);
        found.push(Window {
            horizon,
            censored: seen.censored,
            error: (actual - quantiles[9]).abs(),
            crps: crps(actual, &LEVELS, &quantiles),
            inside: (quantiles[1] <= actual || seen.censored) && actual <= quantiles[17],
            // As `probability_full`, of the rise at hand: the bin is not full, and time goes on.
            probability: rise.exceeds(full - state.level).clamp(0.0, 1.0),
            full: state.level + actual >= full - 1e-9,
        });
    }
    found
}

fn summary(windows: &[Window], horizon: usize, seconds: i64) -> FillScores {
    let own: Vec<&Window> = windows.iter().filter(|w| w.horizon == horizon).collect();
    let exact: Vec<&&Window> = own.iter().filter(|w| !w.censored).collect();
    let mean = |of: &dyn Fn(&Window) -> f64| exact.iter().map(|w| of(w)).sum::<f64>() / exact.len() as f64;
    let probabilities: Vec<f64> = own.iter().map(|w| w.probability).collect();
    let happened: Vec<bool> = own.iter().map(|w| w.full).collect();
    FillScores {
        horizon: seconds,
        forecasts: own.len(),
        censored: own.len() - exact.len(),
        mae: mean(&|w| w.error),
        crps: mean(&|w| w.crps),
        coverage: own.iter().filter(|w| w.inside).count() as f64 / own.len() as f64,
        brier: brier(&probabilities, &happened),
        calibration_error: calibration(&probabilities, &happened, 10).error,
        base_rate: happened.iter().filter(|h| **h).count() as f64 / own.len() as f64,
    }
}
