//! What is answered of forecasts: bin by bin, how they agreed with what came later, and what they were worth.

use serde::Serialize;

use super::days::{self, SECOND};
use super::features::Moment;
use super::impact::{Figures, Side, Worth};
use super::making::{Unmade, apart};
use super::outlook::{self, BinOutlook, Outlooks};
use super::registry::Model;
use super::scores::{Scores, Tally};
use super::settings;
use crate::audit::Ledger;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::forecasts::Run;
use crate::storage::{ForecastModels as _, Forecasts as _};

/// The newest forecast of a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayForecast {
    /// The forecast.
    pub(crate) forecast: Run,
    /// The model that made it; null if it was forgotten.
    pub(crate) model: Option<Model>,
}

/// Bins of a forecast.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct BinsOfDay {
    /// The forecast's id.
    pub(crate) forecast_id: String,
    /// What was known, milliseconds since 1970.
    pub(crate) as_of: i64,
    /// The model that made it.
    pub(crate) model_id: Option<String>,
    /// The risk by which bins must be visited.
    pub(crate) risk: f64,
    /// The bins, by code.
    pub(crate) bins: Vec<BinOutlook>,
}

/// The newest forecast of a day.
pub(crate) async fn of_day(ledger: &Ledger, org: &str, day: &str) -> Result<Option<DayForecast>, Error> {
    watched(Operation::Forecasts, || async move {
        let mut connection = ledger.connection().await?;
        let Some(forecast) = connection.forecast_of_day(org, day, i64::MAX).await? else { return Ok(None) };
        let model = match &forecast.model_id {
            Some(id) => connection.forecast_model(org, id).await?,
            None => None,
        };
        Ok(Some(DayForecast { forecast, model }))
    })
    .await
}

impl Outcome for Performance {}
impl Outcome for Impact {}

/// Why a part of a forecast could not be worked out.
pub(super) fn inner(unmade: Unmade) -> Error {
    match unmade {
        Unmade::Inner(error) => error,
        Unmade::Failed(why) => Error::Stored(why),
    }
}

/// Bins of the newest forecast of a day after the code `after`, with what the day's round does with them at a risk.
pub(crate) async fn bins_of_day(
    ledger: &Ledger,
    org: &str,
    day: jiff::civil::Date,
    risk: Option<f64>,
    (after, limit): (&str, i64),
) -> Result<Option<BinsOfDay>, Error> {
    watched(Operation::Forecasts, || async move {
        let settings = settings::find(ledger, org).await?;
        let mut connection = ledger.connection().await?;
        let run = connection.forecast_of_day(org, &day.to_string(), i64::MAX).await?;
        let Some((run, as_of)) = run.and_then(|run| run.as_of.map(|as_of| (run, as_of))) else { return Ok(None) };
        let outlooks = connection.outlooks(&run.id, after, limit).await?;
        drop(connection);
        let moment = Moment::of(&settings, day, as_of);
        let risk = risk.unwrap_or(settings.risk);
        let costs = (settings.visit_cost, settings.overflow_cost);
        let told = apart(move || outlook::told(&Outlooks::of(&outlooks, &moment)?, &moment, risk, costs));
        let bins = told.await.map_err(inner)?;
        Ok(Some(BinsOfDay { forecast_id: run.id, as_of, model_id: run.model_id, risk, bins }))
    })
    .await
}

/// How forecasts agreed with what came later.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Performance {
    /// All days together.
    pub(crate) total: Scores,
    /// A row for each day and model.
    pub(crate) days: Vec<DayScores>,
}

/// How the forecast of a day agreed.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayScores {
    /// The day.
    pub(crate) day: String,
    /// The model that made the forecast.
    pub(crate) model_id: String,
    /// When it was reviewed, milliseconds since 1970.
    pub(crate) reviewed_at: i64,
    /// The scores.
    #[serde(flatten)]
    pub(crate) scores: Scores,
}

/// How forecasts of a span of days agreed; of a model, or of all.
pub(crate) async fn performance(
    ledger: &Ledger,
    org: &str,
    model: &str,
    span: (&str, &str),
) -> Result<Performance, Error> {
    watched(Operation::ForecastReviews, || async move {
        let rows = ledger.connection().await?.forecast_scores(org, model, span).await?;
        let mut total = Tally::default();
        let mut days = Vec::new();
        for (day, model_id, tally, _, reviewed_at) in rows {
            let tally: Tally = serde_json::from_str(&tally).unwrap_or_default();
            total.add(&tally);
            days.push(DayScores { day, model_id, reviewed_at, scores: tally.scores() });
        }
        Ok(Performance { total: total.scores(), days })
    })
    .await
}

/// What was done on days, beside what a fixed rhythm would have done.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Impact {
    /// All days together.
    pub(crate) total: DayImpact,
    /// Day by day.
    pub(crate) days: Vec<DayImpact>,
}

/// What was done on a day, beside what a fixed rhythm would have done.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayImpact {
    /// The day; empty: all of them.
    pub(crate) day: String,
    /// When it was worked out, milliseconds since 1970; of all, the oldest.
    pub(crate) as_of: i64,
    /// Whether the day's plan came from a forecast; of all, whether those of all days did.
    pub(crate) from_forecast: bool,
    /// Days between two visits of the rhythm; null: not the same on all days.
    pub(crate) rhythm_days: Option<i64>,
    /// The level below which a visit could have waited, per cent; null: not the same on all days.
    pub(crate) low_percent: Option<i64>,
    /// Bins that were observed, on all days together.
    pub(crate) bins: u64,
    /// What was done.
    pub(crate) done: Side,
    /// What the rhythm would have done.
    pub(crate) rhythm: Side,
    /// What the difference was worth.
    pub(crate) worth: Worth,
}

/// What was done on a span of days, beside what a fixed rhythm would have done.
pub(crate) async fn impact(ledger: &Ledger, org: &str, span: (&str, &str)) -> Result<Impact, Error> {
    watched(Operation::ForecastReviews, || async move {
        let settings = settings::find(ledger, org).await?;
        let rows = ledger.connection().await?.forecast_impact(org, span).await?;
        let told = |day: String, as_of: i64, figures: &Figures, days: usize| DayImpact {
            day,
            as_of,
            from_forecast: figures.from_forecast,
            rhythm_days: figures.by.map(|(days, _)| days),
            low_percent: figures.by.map(|(_, level)| level),
            bins: figures.bins,
            done: figures.done,
            rhythm: figures.rhythm,
            worth: figures.worth(days, &settings),
        };
        let mut total = Figures { from_forecast: !rows.is_empty(), ..Figures::default() };
        let (mut days, mut oldest) = (Vec::new(), None::<i64>);
        for (day, figures, as_of) in rows {
            let figures: Figures = serde_json::from_str(&figures).unwrap_or_default();
            total.add(&figures);
            total.from_forecast &= figures.from_forecast;
            total.by = if days.is_empty() { figures.by } else { total.by.filter(|by| Some(*by) == figures.by) };
            oldest = Some(oldest.map_or(as_of, |oldest| oldest.min(as_of)));
            days.push(told(day, as_of, &figures, 1));
        }
        let total = told(String::new(), oldest.unwrap_or(0), &total, days.len());
        Ok(Impact { total, days })
    })
    .await
}

/// Whether a day's round is still to come, by an organisation's clocks.
pub(crate) async fn is_to_come(ledger: &Ledger, org: &str, day: jiff::civil::Date) -> Result<bool, Error> {
    let settings = settings::find(ledger, org).await?;
    let now = ledger.clock.now();
    Ok(days::moment(&settings.time_zone(), day, settings.service_at) * SECOND > now)
}
