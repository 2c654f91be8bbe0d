//! Reviews a day: how its forecast agrees with the readings that came later, what was done and what a fixed rhythm would have
//! done, and whether the model has aged.

use std::collections::HashMap;

use milkrun::forecast::{MonitorInput, MonitorParams, increments, monitor};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::days::{self, DAY, SECOND};
use super::definition::Definition;
use super::features::Moment;
use super::history::{Batch, History, too_many};
use super::impact::{self, Figures};
use super::making::{Bins, Told, Unmade, apart};
use super::outlook::Outlooks;
use super::scores::{NOMINAL, Samples, Scoring, Tally};
use super::settings::{self, Settings};
use super::{feature_sets, registry};
use crate::audit::Ledger;
use crate::config;
use crate::storage::forecasts::{Run, RunTask};
use crate::storage::{Confirmations as _, FeatureSets as _, Fleet as _, ForecastModels as _, Forecasts as _};

/// Days before a round that are read to know what came since.
const BEFORE: i64 = 35;
/// Days whose forecasts are compared with the backtest.
const RECENT: i64 = 14;
/// About how many values of a day are kept.
const SAMPLES: usize = 150;

/// How an input or the errors have changed since the backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Drift {
    /// The feature, or `residual`.
    pub(crate) name: String,
    /// Population stability index, in ten classes.
    pub(crate) psi: Option<f64>,
    /// Statistic of the two-sample test of Kolmogorov and Smirnov,
    pub(crate) ks: Option<f64>,
    /// and its p-value.
    pub(crate) ks_p: Option<f64>,
}

/// What a review found of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Review {
    /// When, milliseconds since 1970.
    pub(crate) as_of: i64,
    /// Days whose forecasts were compared.
    pub(crate) days: usize,
    /// Whether to train again.
    pub(crate) retrain: bool,
    /// Why, in words.
    pub(crate) reasons: Vec<String>,
    /// How inputs and errors have changed.
    pub(crate) drift: Vec<Drift>,
}

/// What a review of a day found.
#[derive(Debug)]
pub(super) struct Reviewed {
    pub(super) as_of: i64,
    /// Of the forecast of the day, if there was one: run, model, sums and samples.
    pub(super) score: Option<(String, String, Tally, Samples)>,
    pub(super) figures: Figures,
    /// Of the active model.
    pub(super) review: Option<(String, Review)>,
}

/// Reviews a day, as of now.
pub(super) async fn review(
    ledger: &Ledger,
    limits: &config::Forecasts,
    task: &RunTask,
    told: Told<'_>,
) -> Result<Reviewed, Unmade> {
    let settings = settings::find(ledger, &task.org).await?;
    let day = days::date(&task.day).ok_or_else(|| Unmade::Failed("it has no day".to_owned()))?;
    let now = ledger.clock.now();
    let moment = Moment::of(&settings, day, now);
    if moment.service(1) * SECOND > now {
        return Err(Unmade::Failed(format!("{day} is not over: its readings have not come")));
    }
    let forecast = ledger.connection().await?.forecast_of_day(&task.org, &task.day, moment.service(0) * SECOND).await?;
    let score = match forecast {
        Some(run) => scored(ledger, limits, &task.org, (&run, &moment), &settings).await?,
        None => None,
    };
    let figures = worth(ledger, limits, &task.org, (&moment, &settings), told).await?;
    let active = ledger.connection().await?.active_model(&task.org).await?;
    let review = match active {
        Some(model) => Some((model.id.clone(), aged(ledger, &task.org, &model.id, (day, now), score.as_ref()).await?)),
        None => None,
    };
    Ok(Reviewed { as_of: now, score, figures, review })
}

/// How the forecast of a day agrees with what came later.
async fn scored(
    ledger: &Ledger,
    limits: &config::Forecasts,
    org: &str,
    (run, now): (&Run, &Moment),
    settings: &Settings,
) -> Result<Option<(String, String, Tally, Samples)>, Unmade> {
    let (Some(as_of), Some(model)) = (run.as_of, &run.model_id) else { return Ok(None) };
    let made = Moment { as_of, ..now.clone() };
    let mut connection = ledger.connection().await?;
    let Some(of_run) = connection.forecast_model(org, model).await? else { return Ok(None) };
    let (definition, _) = registry::parts(&mut connection, org, &of_run).await?;
    let span = ((now.service(0) - BEFORE * DAY) * SECOND, now.as_of.min(now.service(3) * SECOND));
    let mut scoring = Scoring::new(SAMPLES);
    let (mut after, most) = (String::new(), limits.readings_at_a_time);
    loop {
        let outlooks = connection.outlooks(&run.id, &after, limits.bins_at_a_time as i64).await?;
        let Some(last) = outlooks.last() else { break };
        after.clone_from(&last.bin);
        let bins: Vec<String> = outlooks.iter().map(|outlook| outlook.bin.clone()).collect();
        let batch = Batch { bins: bins.len(), readings: most };
        let history = History::load(&mut connection, org, bins, span, most).await?;
        let history = history.ok_or_else(|| Unmade::Failed(too_many(batch)))?;
        let (definition, made, risk, until) = (definition.clone(), made.clone(), settings.risk, now.as_of);
        scoring = apart(move || {
            let truth = increments(&history.cleaned(&definition, until, span)?);
            scoring.score(&Outlooks::of(&outlooks, &made)?, &truth, risk);
            Ok::<_, milkrun::forecast::ForecastError>(scoring)
        })
        .await?;
    }
    let tally = scoring.tally;
    let samples = scoring.samples(definition.spec(&now.zone, 0).columns());
    Ok(Some((run.id.clone(), model.clone(), tally, samples)))
}

/// What was done on a day, and what a fixed rhythm would have done.
async fn worth(
    ledger: &Ledger,
    limits: &config::Forecasts,
    org: &str,
    (moment, settings): (&Moment, &Settings),
    told: Told<'_>,
) -> Result<Figures, Unmade> {
    let mut connection = ledger.connection().await?;
    let words = connection.words(org, &moment.day.to_string()).await?;
    let usual = connection.feature_set(org, feature_sets::USUAL, None).await?;
    let plan = connection.forecast_of_plan_of_day(org, &moment.day.to_string()).await?;
    drop(connection);
    let definition = usual.map_or_else(|| Ok(Definition::default()), |set| feature_sets::read(&set))?;
    let midnight = days::moment(&moment.zone, moment.day, 0);
    let visits: HashMap<String, i64> = words
        .into_iter()
        .filter(|((activity, _), (is_done, _))| activity == "client" && *is_done)
        .map(|((_, code), (_, at))| (code, midnight + at))
        .collect();
    let visits = std::sync::Arc::new(visits);
    let span = ((moment.service(0) - BEFORE * DAY) * SECOND, moment.as_of.min(moment.service(3) * SECOND));
    let by = Some((settings.rhythm_days, settings.low_percent));
    let mut figures = Figures { from_forecast: plan.is_some(), by, ..Figures::default() };
    let mut bins = Bins::of(ledger, org, limits).await?;
    while let Some(history) = bins.next(span, told).await? {
        let ends = history.bins.first().zip(history.bins.last());
        let Some((first, last)) = ends else { continue };
        let loads = ledger.connection().await?.bin_loads(org, (first, last)).await?;
        let loads: HashMap<String, i64> = loads.into_iter().collect();
        let (definition, moment, settings, visits) =
            (definition.clone(), moment.clone(), settings.clone(), visits.clone());
        let found = apart(move || {
            let cleaned = history.cleaned(&definition, moment.as_of, span)?;
            Ok::<_, milkrun::forecast::ForecastError>(impact::of_bins(&cleaned, &moment, &settings, (&visits, &loads)))
        });
        figures.add(&found.await?);
    }
    Ok(figures)
}

/// Whether a model has aged: its recent inputs and errors beside those of its backtest.
async fn aged(
    ledger: &Ledger,
    org: &str,
    model: &str,
    (day, now): (jiff::civil::Date, i64),
    newest: Option<&(String, String, Tally, Samples)>,
) -> Result<Review, Unmade> {
    let mut connection = ledger.connection().await?;
    let (from, until) = (days::later(day, 1 - RECENT).to_string(), day.to_string());
    let scores = connection.forecast_scores(org, model, (&from, &until)).await?;
    let reference = connection.model_reference(model).await?;
    drop(connection);
    let (mut recent, mut of_days) = (Samples::default(), 0);
    let mut take = |samples: Samples| {
        of_days += 1;
        recent.features.extend(samples.features);
        recent.residuals.extend(samples.residuals);
        recent.losses.extend(samples.losses);
        recent.inside.extend(samples.inside);
    };
    for (of_day, _, _, samples, _) in scores {
        // Of the day at hand, what was found now counts.
        if of_day != until {
            take(serde_json::from_str(&samples).unwrap_or_default());
        }
    }
    if let Some((.., samples)) = newest.filter(|(_, of, ..)| of == model) {
        take(samples.clone());
    }
    let reference: Option<Samples> = serde_json::from_str(&reference).unwrap_or_default();
    let Some(reference) = reference else {
        let is_time = of_days as i64 >= RECENT;
        let reasons = vec!["it has no backtest to compare with: train a model".to_owned()];
        let reasons = if is_time { reasons } else { Vec::new() };
        return Ok(Review { as_of: now, days: of_days, retrain: is_time, reasons, drift: Vec::new() });
    };
    let (retrain, reasons, drift) = apart(move || compared(&reference, &recent)).await?;
    Ok(Review { as_of: now, days: of_days, retrain, reasons, drift })
}

/// What the library says of recent samples beside those of a backtest.
fn compared(
    reference: &Samples,
    recent: &Samples,
) -> Result<(bool, Vec<String>, Vec<Drift>), milkrun::forecast::ForecastError> {
    let columns: Vec<(Vec<f64>, Vec<f64>)> =
        (0..reference.columns.len()).map(|column| (reference.column(column), recent.column(column))).collect();
    let named = reference.columns.iter().zip(&columns);
    let mut inputs: Vec<(&str, &[f64], &[f64])> =
        named.map(|(name, (then, now))| (name.as_str(), then.as_slice(), now.as_slice())).collect();
    inputs.push(("residual", &reference.residuals, &recent.residuals));
    let input = MonitorInput {
        columns: inputs,
        losses: Some((&reference.losses, &recent.losses)),
        coverage: Some((NOMINAL, &recent.inside)),
    };
    let verdict = monitor(&input, &MonitorParams::default())?;
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    let drift = |found: &milkrun::forecast::ColumnDrift| Drift {
        name: found.name.clone(),
        psi: finite(found.psi),
        ks: finite(found.ks.statistic),
        ks_p: finite(found.ks.p_value),
    };
    let reasons = verdict.reasons.iter().map(ToString::to_string).collect();
    Ok((verdict.retrain, reasons, verdict.columns.iter().map(drift).collect()))
}

/// A review as it is stored.
pub(super) fn text(review: &Review) -> String {
    json!(review).to_string()
}
