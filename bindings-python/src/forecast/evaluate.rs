//! Tests on the past, and monitoring.

use milkrun::document::FillDocument;
use milkrun::forecast::{
    self as core, BacktestParams, FillBacktestParams, MonitorInput, MonitorParams, Regular, RidgeParams, VisitParams,
};
use pyo3::prelude::*;

use super::data::{Cleaned, Series};
use super::models::series_model;
use super::{indices, reals, run};
use crate::document::taken;

/// Forecasts, failures; MAE, RMSE, bias, MASE, pinball loss, CRPS, coverage.
type SeriesRow = (String, usize, usize, [f64; 7]);

/// Tests models of regular series: each is a kind with season, alpha and beta.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "models, series, and how they are tested")]
pub(crate) fn backtest_series(
    py: Python<'_>,
    models: Vec<(String, usize, f64, f64)>,
    start: i64,
    step_seconds: i64,
    ends: &[u8],
    values: &[u8],
    horizon: usize,
    origins: usize,
    step: usize,
    season: usize,
    levels: Vec<f64>,
) -> PyResult<Vec<SeriesRow>> {
    let models = models.iter().map(|(kind, season, alpha, beta)| series_model(kind, *season, *alpha, *beta));
    let models = models.collect::<PyResult<Vec<_>>>()?;
    let (ends, values) = (indices("ends", ends)?, reals(values));
    let one = |pair: &[usize]| {
        let values = values.get(pair[0]..pair[1]).unwrap_or_default().to_vec();
        Regular { start, step: step_seconds, values }
    };
    let series: Vec<Regular> = ends.windows(2).map(one).collect();
    let params = BacktestParams { horizon, origins, step, season, levels };
    let scores = run(py, || core::backtest(&series, &models, &params))?;
    let row = |s: core::SeriesScores| {
        (s.model, s.forecasts, s.failed, [s.mae, s.rmse, s.bias, s.mase, s.pinball, s.crps, s.coverage])
    };
    Ok(scores.into_iter().map(row).collect())
}

/// Horizon, forecasts, censored; MAE, CRPS, coverage, Brier score, calibration error, base rate.
type FillRow = (i64, usize, usize, [f64; 6]);

/// Tests the model of fill that a document says.
#[pyfunction]
pub(crate) fn backtest_fill(
    py: Python<'_>,
    cleaned: &Cleaned,
    model: &Bound<'_, PyAny>,
    origins: usize,
    first: f64,
    horizons: Vec<i64>,
    min_share: f64,
) -> PyResult<Vec<FillRow>> {
    let test = FillBacktestParams { origins, first, horizons, min_share };
    let model: FillDocument = taken(model)?;
    let scores = run(py, move || {
        let history = core::increments(&cleaned.inner);
        core::backtest_fill(&cleaned.inner, &history, &test, &move |known| model.fit(known))
    })?;
    let row = |s: core::FillScores| {
        let figures = [s.mae, s.crps, s.coverage, s.brier, s.calibration_error, s.base_rate];
        (s.horizon, s.forecasts, s.censored, figures)
    };
    Ok(scores.into_iter().map(row).collect())
}

/// Split, visits, bins; MAE, RMSE, bias, coverage, and the MAE of three simple forecasts: last, mean, power of the time.
type VisitRow = (i64, usize, usize, [f64; 7]);

/// Tests forecasts of the level that visits find.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "visits, and how they are used")]
pub(crate) fn backtest_visits(
    py: Python<'_>,
    visits: &Series,
    share: f64,
    min_before: usize,
    full: f64,
    min_gap: i64,
    max_gap: i64,
    min_visits: usize,
) -> PyResult<VisitRow> {
    let params = VisitParams { full, min_gap, max_gap, min_visits, ridge: RidgeParams::default() };
    let s = run(py, || core::backtest_visits(&visits.inner, share, min_before, &params))?;
    Ok((s.split, s.visits, s.bins, [s.mae, s.rmse, s.bias, s.coverage, s.mae_last, s.mae_mean, s.mae_power]))
}

/// Mean pinball loss of quantiles.
#[pyfunction]
pub(crate) fn pinball_loss(actual: &[u8], quantiles: &[u8], level: f64) -> f64 {
    let (actual, quantiles) = (reals(actual), reals(quantiles));
    let n = actual.len().min(quantiles.len()) as f64;
    actual.iter().zip(&quantiles).map(|(&a, &q)| core::pinball(a, q, level)).sum::<f64>() / n
}

/// Mean continuous ranked probability score of quantiles, `[row][level]`.
#[pyfunction]
pub(crate) fn crps_score(actual: &[u8], levels: &[u8], quantiles: &[u8]) -> f64 {
    let (actual, levels, quantiles) = (reals(actual), reals(levels), reals(quantiles));
    let rows = quantiles.chunks_exact(levels.len().max(1));
    actual.iter().zip(rows).map(|(&a, row)| core::crps(a, &levels, row)).sum::<f64>() / actual.len() as f64
}

/// Share of values within bounds.
#[pyfunction]
pub(crate) fn coverage_share(actual: &[u8], low: &[u8], high: &[u8]) -> f64 {
    core::coverage(&reals(actual), &reals(low), &reals(high))
}

/// Brier score, expected calibration error, and by class mean probability, frequency and count.
#[pyfunction]
pub(crate) fn probability_scores(
    probabilities: &[u8],
    happened: Vec<bool>,
    classes: usize,
) -> (f64, f64, Vec<(f64, f64, usize)>) {
    let probabilities = reals(probabilities);
    let found = core::calibration(&probabilities, &happened, classes.max(1));
    (core::brier(&probabilities, &happened), found.error, found.classes)
}

/// Population stability index, in `classes` classes.
#[pyfunction]
pub(crate) fn stability_index(reference: &[u8], current: &[u8], classes: usize) -> f64 {
    core::psi(&reals(reference), &reals(current), classes.max(2))
}

/// Statistic and p-value of the test of Kolmogorov and Smirnov.
#[pyfunction]
pub(crate) fn ks_two_samples(a: &[u8], b: &[u8]) -> (f64, f64) {
    let found = core::ks_test(&reals(a), &reals(b));
    (found.statistic, found.p_value)
}

/// Whether to train anew, why, and by input its stability index, KS statistic and p-value.
type Verdict = (bool, Vec<String>, Vec<(String, f64, f64, f64)>);

/// Judges whether a model has aged. Limits: stability index, p-value, statistic, ratio of losses, coverage, least values.
#[pyfunction]
pub(crate) fn monitor_model(
    py: Python<'_>,
    columns: Vec<(String, Vec<u8>, Vec<u8>)>,
    losses: Option<(Vec<u8>, Vec<u8>)>,
    coverage: Option<(f64, Vec<bool>)>,
    limits: (f64, f64, f64, f64, f64, usize),
) -> PyResult<Verdict> {
    let columns: Vec<(String, Vec<f64>, Vec<f64>)> =
        columns.into_iter().map(|(name, then, now)| (name, reals(&then), reals(&now))).collect();
    let losses = losses.map(|(then, now)| (reals(&then), reals(&now)));
    let (psi, ks_p, ks_statistic, loss_ratio, coverage_limit, least) = limits;
    let params = MonitorParams { psi, ks_p, ks_statistic, loss_ratio, coverage: coverage_limit, least };
    let verdict = run(py, || {
        let input = MonitorInput {
            columns: columns.iter().map(|(n, then, now)| (n.as_str(), then.as_slice(), now.as_slice())).collect(),
            losses: losses.as_ref().map(|(then, now)| (then.as_slice(), now.as_slice())),
            coverage: coverage.as_ref().map(|(promised, inside)| (*promised, inside.as_slice())),
        };
        core::monitor(&input, &params)
    })?;
    let reasons = verdict.reasons.iter().map(ToString::to_string).collect();
    let columns = verdict.columns.into_iter().map(|c| (c.name, c.psi, c.ks.statistic, c.ks.p_value)).collect();
    Ok((verdict.retrain, reasons, columns))
}
