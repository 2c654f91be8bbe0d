//! Tests on the past, and monitoring.

use milkrun::document::FillDocument;
use milkrun::forecast::{
    self as core, BacktestParams, FillBacktestParams, FillScores, MonitorInput, MonitorParams, Regular, RidgeParams,
    SeriesScores, Verdict, VisitParams, VisitScores,
};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;

use super::data::{NativeCleaned, NativeSeries};
use super::models::SeriesModelRecord;
use super::{Work, indices, later, whole};
use crate::document::taken;

/// Scores of a model of regular series.
#[napi(object)]
pub struct SeriesScoresRecord {
    pub model: String,
    pub forecasts: u32,
    pub failed: u32,
    pub mae: f64,
    pub rmse: f64,
    pub bias: f64,
    pub mase: f64,
    pub pinball: f64,
    pub crps: f64,
    pub coverage: f64,
}

/// How regular series are tested.
#[napi(object)]
pub struct BacktestRecord {
    pub horizon: u32,
    pub origins: u32,
    pub step: u32,
    pub season: u32,
    pub levels: Vec<f64>,
}

/// Tests models of regular series.
#[napi(ts_return_type = "Promise<Array<SeriesScoresRecord>>")]
pub fn backtest_series(
    models: Vec<SeriesModelRecord>,
    step: i64,
    ends: Float64Array,
    values: Float64Array,
    params: BacktestRecord,
) -> Result<AsyncTask<Work<Vec<SeriesScores>, Vec<SeriesScoresRecord>>>> {
    let models = models.iter().map(SeriesModelRecord::make).collect::<Result<Vec<_>>>()?;
    let ends = indices(&ends);
    let one =
        |pair: &[usize]| Regular { start: 0, step, values: values.get(pair[0]..pair[1]).unwrap_or_default().to_vec() };
    let series: Vec<Regular> = ends.windows(2).map(one).collect();
    let BacktestRecord { horizon, origins, step, season, levels } = params;
    let params = BacktestParams {
        horizon: horizon as usize,
        origins: origins as usize,
        step: step as usize,
        season: season as usize,
        levels,
    };
    Ok(later(
        move || core::backtest(&series, &models, &params),
        |scores| {
            let record = |s: SeriesScores| SeriesScoresRecord {
                model: s.model,
                forecasts: s.forecasts as u32,
                failed: s.failed as u32,
                mae: s.mae,
                rmse: s.rmse,
                bias: s.bias,
                mase: s.mase,
                pinball: s.pinball,
                crps: s.crps,
                coverage: s.coverage,
            };
            scores.into_iter().map(record).collect()
        },
    ))
}

/// Scores of a model of fill.
#[napi(object)]
pub struct FillScoresRecord {
    pub horizon: i64,
    pub forecasts: u32,
    pub censored: u32,
    pub mae: f64,
    pub crps: f64,
    pub coverage: f64,
    pub brier: f64,
    pub calibration_error: f64,
    pub base_rate: f64,
}

/// How a model of fill is tested.
#[napi(object)]
pub struct FillBacktestRecord {
    pub origins: u32,
    pub first: f64,
    pub horizons: Float64Array,
    pub min_share: f64,
}

/// Tests a model of fill.
#[napi(ts_return_type = "Promise<Array<FillScoresRecord>>")]
pub fn backtest_fill(
    cleaned: &NativeCleaned,
    model: String,
    params: FillBacktestRecord,
) -> Result<AsyncTask<Work<Vec<FillScores>, Vec<FillScoresRecord>>>> {
    let (cleaned, model): (_, FillDocument) = (cleaned.inner.clone(), taken(&model)?);
    let test = FillBacktestParams {
        origins: params.origins as usize,
        first: params.first,
        horizons: whole(&params.horizons),
        min_share: params.min_share,
    };
    let job = move || {
        let history = core::increments(&cleaned);
        core::backtest_fill(&cleaned, &history, &test, &move |known| model.fit(known))
    };
    Ok(later(job, |scores| {
        let record = |s: FillScores| FillScoresRecord {
            horizon: s.horizon,
            forecasts: s.forecasts as u32,
            censored: s.censored as u32,
            mae: s.mae,
            crps: s.crps,
            coverage: s.coverage,
            brier: s.brier,
            calibration_error: s.calibration_error,
            base_rate: s.base_rate,
        };
        scores.into_iter().map(record).collect()
    }))
}

/// Scores of levels at visits that were held out.
#[napi(object)]
pub struct VisitScoresRecord {
    pub split: i64,
    pub visits: u32,
    pub bins: u32,
    pub mae: f64,
    pub rmse: f64,
    pub bias: f64,
    pub coverage: f64,
    pub mae_last: f64,
    pub mae_mean: f64,
    pub mae_power: f64,
}

/// How forecasts of levels at visits are tested.
#[napi(object)]
pub struct VisitTestRecord {
    pub share: f64,
    pub min_before: u32,
    pub full: f64,
    pub min_gap: i64,
    pub max_gap: i64,
    pub min_visits: u32,
}

/// Tests forecasts of the level that visits find.
#[napi(ts_return_type = "Promise<VisitScoresRecord>")]
pub fn backtest_visits(
    visits: &NativeSeries,
    test: VisitTestRecord,
) -> AsyncTask<Work<VisitScores, VisitScoresRecord>> {
    let visits = visits.inner.clone();
    let VisitTestRecord { share, min_before, full, min_gap, max_gap, min_visits } = test;
    let min_visits = min_visits as usize;
    let params = VisitParams { full, min_gap, max_gap, min_visits, ridge: RidgeParams::default() };
    let job = move || core::backtest_visits(&visits, share, min_before as usize, &params);
    later(job, |s| VisitScoresRecord {
        split: s.split,
        visits: s.visits as u32,
        bins: s.bins as u32,
        mae: s.mae,
        rmse: s.rmse,
        bias: s.bias,
        coverage: s.coverage,
        mae_last: s.mae_last,
        mae_mean: s.mae_mean,
        mae_power: s.mae_power,
    })
}

/// Mean pinball loss of quantiles.
#[napi]
pub fn pinball_loss(actual: Float64Array, quantiles: Float64Array, level: f64) -> f64 {
    let n = actual.len().min(quantiles.len()) as f64;
    actual.iter().zip(quantiles.iter()).map(|(&a, &q)| core::pinball(a, q, level)).sum::<f64>() / n
}

/// Mean continuous ranked probability score of quantiles, `[row][level]`.
#[napi]
pub fn crps_score(actual: Float64Array, levels: Float64Array, quantiles: Float64Array) -> f64 {
    let rows = quantiles.chunks_exact(levels.len().max(1));
    actual.iter().zip(rows).map(|(&a, row)| core::crps(a, &levels, row)).sum::<f64>() / actual.len() as f64
}

/// Share of values within bounds.
#[napi]
pub fn coverage_share(actual: Float64Array, low: Float64Array, high: Float64Array) -> f64 {
    core::coverage(&actual, &low, &high)
}

/// How probabilities compare with frequencies; classes as mean probability, frequency and count in turn.
#[napi(object)]
pub struct CalibrationRecord {
    pub brier: f64,
    pub error: f64,
    pub classes: Float64Array,
}

/// Compares probabilities with what happened.
#[napi]
pub fn probability_scores(probabilities: Float64Array, happened: Vec<bool>, classes: u32) -> CalibrationRecord {
    let found = core::calibration(&probabilities, &happened, classes.max(1) as usize);
    let classes = found.classes.into_iter().flat_map(|(p, share, count)| [p, share, count as f64]);
    CalibrationRecord {
        brier: core::brier(&probabilities, &happened),
        error: found.error,
        classes: super::array(classes),
    }
}

/// Population stability index, in `classes` classes.
#[napi]
pub fn stability_index(reference: Float64Array, current: Float64Array, classes: u32) -> f64 {
    core::psi(&reference, &current, classes.max(2) as usize)
}

/// The test of Kolmogorov and Smirnov.
#[napi(object)]
pub struct KsRecord {
    pub statistic: f64,
    pub p_value: f64,
}

/// Statistic and p-value of two samples.
#[napi]
pub fn ks_two_samples(a: Float64Array, b: Float64Array) -> KsRecord {
    let found = core::ks_test(&a, &b);
    KsRecord { statistic: found.statistic, p_value: found.p_value }
}

/// An input of a model, when it was made and now.
#[napi(object)]
pub struct ColumnRecord {
    pub name: String,
    pub then: Float64Array,
    pub now: Float64Array,
}

/// What is judged, and limits.
#[napi(object)]
pub struct MonitorRecord {
    pub columns: Vec<ColumnRecord>,
    pub losses_then: Option<Float64Array>,
    pub losses_now: Option<Float64Array>,
    /// The coverage that is promised, and whether each value was inside.
    pub promised: Option<f64>,
    pub inside: Option<Vec<bool>>,
    pub psi: f64,
    pub ks_p: f64,
    pub ks_statistic: f64,
    pub loss_ratio: f64,
    pub coverage: f64,
    pub least: u32,
}

/// How an input has changed.
#[napi(object)]
pub struct DriftRecord {
    pub name: String,
    pub psi: f64,
    pub statistic: f64,
    pub p_value: f64,
}

/// Whether to train anew, and why.
#[napi(object)]
pub struct VerdictRecord {
    pub retrain: bool,
    pub reasons: Vec<String>,
    pub columns: Vec<DriftRecord>,
}

/// Judges whether a model has aged.
#[napi(ts_return_type = "Promise<VerdictRecord>")]
pub fn monitor_model(record: MonitorRecord) -> AsyncTask<Work<Verdict, VerdictRecord>> {
    let column = |c: ColumnRecord| (c.name, c.then.to_vec(), c.now.to_vec());
    let columns: Vec<(String, Vec<f64>, Vec<f64>)> = record.columns.into_iter().map(column).collect();
    let losses = record.losses_then.zip(record.losses_now).map(|(then, now)| (then.to_vec(), now.to_vec()));
    let coverage = record.promised.zip(record.inside);
    let params = MonitorParams {
        psi: record.psi,
        ks_p: record.ks_p,
        ks_statistic: record.ks_statistic,
        loss_ratio: record.loss_ratio,
        coverage: record.coverage,
        least: record.least as usize,
    };
    let job = move || {
        let input = MonitorInput {
            columns: columns.iter().map(|(n, then, now)| (n.as_str(), then.as_slice(), now.as_slice())).collect(),
            losses: losses.as_ref().map(|(then, now)| (then.as_slice(), now.as_slice())),
            coverage: coverage.as_ref().map(|(promised, inside)| (*promised, inside.as_slice())),
        };
        core::monitor(&input, &params)
    };
    later(job, |verdict| VerdictRecord {
        retrain: verdict.retrain,
        reasons: verdict.reasons.iter().map(ToString::to_string).collect(),
        columns: verdict
            .columns
            .into_iter()
            .map(|c| DriftRecord { name: c.name, psi: c.psi, statistic: c.ks.statistic, p_value: c.ks.p_value })
            .collect(),
    })
}
