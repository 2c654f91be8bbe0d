//! Forecasts: asked for, read bin by bin, and what they were worth.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, ForecastsManage, PlansRead};
use super::admin::{Asked, Page, asked};
use super::days::date;
use super::input::Input;
use super::problem::Problem;
use crate::forecasts::read::{self, BinsOfDay, DayForecast, Impact, Performance};
use crate::forecasts::runs::{self, Run, Wanted};
use crate::forecasts::{self, RISKS};

/// The day of an address or a body.
fn day(path: &str, text: &str) -> Result<jiff::civil::Date, Problem> {
    forecasts::date(text).ok_or_else(|| Problem::fault(path, format!("{text:?}: give a day such as 2026-12-03")))
}

/// The answer to what was put into the queue.
pub(super) fn queued(app: &App, run: Run) -> Response {
    app.wake_forecasters.notify_one();
    let place = format!("/v1/forecast-runs/{}", run.id);
    (StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(run)).into_response()
}

/// A forecast or a review that is asked for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct RunRequest {
    /// The first day of the forecast, as 2026-12-03: its round is to come. Tomorrow, unless given.
    #[schema(max_length = 10)]
    day: Option<String>,
}

#[utoipa::path(post, path = "/v1/forecasts", operation_id = "request_forecast", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), request_body = RunRequest,
    responses((status = 202, description = "it was queued, or the same one is under way", body = Run)))]
/// Asks for a new forecast of a day and the six days after it, as of the moment at which it is made.
pub(super) async fn request(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    mut input: Input,
) -> Result<Response, Problem> {
    let given = input.text_or_none("day", 10..=10);
    input.finish()?;
    let org = &caller.who.org;
    let wanted = match &given {
        Some(text) => {
            if !read::is_to_come(&app.ledger, org, day("$.day", text)?).await? {
                return Err(Problem::fault("$.day", "its round serves already: give a day whose round is to come"));
            }
            text.clone()
        }
        None => runs::tomorrow(&app.ledger, org).await?,
    };
    let wanted = Wanted { kind: "forecast", day: &wanted, request: json!({}) };
    Ok(queued(&app, runs::ask(&app.ledger, &caller.who, &wanted).await?))
}

#[utoipa::path(get, path = "/v1/forecasts/{day}", operation_id = "forecast_of_day", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "the newest forecast that begins with the day", body = DayForecast)))]
/// The newest forecast of a day, with the model that made it.
pub(super) async fn of_day(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
) -> Result<Json<DayForecast>, Problem> {
    let found = read::of_day(&app.ledger, &caller.who.org, date("day", &text)?).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// Which bins, and by what they are decided.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDay {
    /// A bin that is full before the next round with a higher probability must be visited; that of the settings unless given.
    #[param(minimum = 0.02, maximum = 0.9)]
    risk: Option<f64>,
    /// Only bins after this code.
    #[serde(default)]
    after: String,
    /// How many bins at most.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: i64,
}

fn hundred() -> i64 {
    100
}

#[utoipa::path(get, path = "/v1/forecasts/{day}/bins", operation_id = "forecast_bins", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(OfDay, ("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "bins by code, with interval and probability of an overflow day by day", body = BinsOfDay,
        example = json!({"forecast_id": "0192", "as_of": 1_796_234_400_000_i64, "model_id": "0191", "risk": 0.3, "bins": [
            {"bin": "b17", "level": 62.0, "level_at": 1_796_230_800_000_i64, "action": "must", "prize": 5_400,
             "reason": "full before the next round with probability 41.2 % (tolerance 30.0 %)", "days": [
                {"day": "2026-12-03", "at": 1_796_281_200_000_i64, "low": 68.0, "expected": 77.5, "high": 88.0, "overflow": 0.412}]}]}))))]
/// Bins of the newest forecast of a day, with what the day's round does with them: must, may or skip.
pub(super) async fn bins(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
    wanted: Asked<OfDay>,
) -> Result<Json<BinsOfDay>, Problem> {
    let OfDay { risk, after, limit } = asked(wanted)?;
    let limit = Page { after: String::new(), limit }.limit()?;
    if risk.is_some_and(|risk| !RISKS.contains(&risk)) {
        return Err(Problem::fault("?risk", "give a probability from 0.02 to 0.9"));
    }
    let day = day("day", &text)?;
    let found = read::bins_of_day(&app.ledger, &caller.who.org, day, risk, (&after, limit)).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

#[utoipa::path(post, path = "/v1/forecasts/{day}/review", operation_id = "request_review", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 202, description = "it was queued, or the same one is under way", body = Run)))]
/// Asks to review a day again: scores of its forecast and what was done, from the readings and confirmations that are there by now.
pub(super) async fn review(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let day = day("day", &text)?;
    if read::is_to_come(&app.ledger, &caller.who.org, day.tomorrow().unwrap_or(day)).await? {
        return Err(Problem::fault("day", "it is not over: give a day whose next day's round has served"));
    }
    let day = day.to_string();
    let wanted = Wanted { kind: "review", day: &day, request: json!({}) };
    Ok(queued(&app, runs::ask(&app.ledger, &caller.who, &wanted).await?))
}

/// Which work.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfKind {
    /// `forecast`, `review` or `training`; all, unless given.
    #[serde(default)]
    #[param(pattern = "^(forecast|review|training)$")]
    kind: Option<String>,
    /// How many at most.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: i64,
}

#[utoipa::path(get, path = "/v1/forecast-runs", operation_id = "list_forecast_runs", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(OfKind),
    responses((status = 200, description = "the newest first", body = [Run])))]
/// Lists forecasts, reviews and trainings.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    wanted: Asked<OfKind>,
) -> Result<Json<Vec<Run>>, Problem> {
    let OfKind { kind, limit } = asked(wanted)?;
    let limit = Page { after: String::new(), limit }.limit()?;
    let kind = kind.unwrap_or_default();
    if !["", "forecast", "review", "training"].contains(&kind.as_str()) {
        return Err(Problem::fault("?kind", format!("{kind:?}: give forecast, review or training")));
    }
    Ok(Json(runs::list(&app.ledger, &caller.who.org, &kind, limit).await?))
}

#[utoipa::path(get, path = "/v1/forecast-runs/{id}", operation_id = "find_forecast_run", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(("id" = String, Path, description = "its id")),
    responses((status = 200, description = "how far it is, or what became of it", body = Run)))]
/// One forecast, review or training.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Run>, Problem> {
    let found = runs::find(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

#[utoipa::path(delete, path = "/v1/forecast-runs/{id}", operation_id = "cancel_forecast_run", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), params(("id" = String, Path, description = "its id")),
    responses((status = 202, description = "it is cancelled, or will be within a second", body = Run)))]
/// Cancels a forecast, review or training that waits or runs.
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Run>), Problem> {
    let run = runs::cancel(&app.ledger, &caller.who, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(run.ok_or_else(Problem::missing)?)))
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The first day, as 2026-12-01.
    from: String,
    /// The last day, as 2026-12-31.
    until: String,
    /// Only forecasts of this model.
    #[serde(default)]
    model: String,
}

#[utoipa::path(get, path = "/v1/analytics/forecast-performance", operation_id = "forecast_performance", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(Days),
    responses((status = 200, description = "scores of all days together, and of each day and model", body = Performance)))]
/// How forecasts agreed with the readings that came later.
pub(super) async fn performance(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    days: Asked<Days>,
) -> Result<Json<Performance>, Problem> {
    let Days { from, until, model } = asked(days)?;
    let span = (date("?from", &from)?, date("?until", &until)?);
    Ok(Json(read::performance(&app.ledger, &caller.who.org, &model, span).await?))
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OnlyDays {
    /// The first day, as 2026-12-01.
    from: String,
    /// The last day, as 2026-12-31.
    until: String,
}

#[utoipa::path(get, path = "/v1/analytics/forecast-impact", operation_id = "forecast_impact", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(OnlyDays),
    responses((status = 200, description = "all days together, and day by day", body = Impact)))]
/// What was done, beside what a fixed rhythm would have done, worked out from the same readings.
pub(super) async fn impact(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    days: Asked<OnlyDays>,
) -> Result<Json<Impact>, Problem> {
    let OnlyDays { from, until } = asked(days)?;
    let span = (date("?from", &from)?, date("?until", &until)?);
    Ok(Json(read::impact(&app.ledger, &caller.who.org, span).await?))
}
