//! Feature sets, features of bins, and what an organisation sets for its forecasts.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, ForecastsManage, PlansRead};
use super::admin::{Asked, Page, asked};
use super::days::{Most, most};
use super::input::Input;
use super::problem::Problem;
use crate::fleet::Fault;
use crate::forecasts::feature_sets::{self, Defined, FeatureRows, FeatureSet, MOST_SETS};
use crate::forecasts::{self, Definition, Moment, Settings, settings};

#[utoipa::path(get, path = "/v1/forecast-settings", operation_id = "forecast_settings", tag = "forecasts",
    security(("bearer" = ["plans:read"])),
    responses((status = 200, description = "what holds; the defaults where nothing was set", body = Settings)))]
/// What the organisation has set for its forecasts.
pub(super) async fn find_settings(
    State(app): State<App>,
    caller: Caller<PlansRead>,
) -> Result<Json<Settings>, Problem> {
    Ok(Json(settings::find(&app.ledger, &caller.who.org).await?))
}

#[utoipa::path(put, path = "/v1/forecast-settings", operation_id = "set_forecast_settings", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])), request_body = Settings,
    responses((status = 200, description = "what holds from now on", body = Settings)))]
/// Sets what forecasts are made with, and when. What is not given has its default.
pub(super) async fn set_settings(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    input: Input,
) -> Result<Json<Settings>, Problem> {
    let (_, new): (String, Settings) = input.document()?;
    let faults = new.faults();
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    settings::set(&app.ledger, &caller.who, &new).await?;
    Ok(Json(new))
}

#[utoipa::path(get, path = "/v1/feature-sets", operation_id = "list_feature_sets", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(Most),
    responses((status = 200, description = "all versions, by name, the newest first", body = [FeatureSet])))]
/// Lists the feature sets.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    limit: Asked<Most>,
) -> Result<Json<Vec<FeatureSet>>, Problem> {
    let limit = most(limit)?;
    Ok(Json(feature_sets::list(&app.ledger, &caller.who.org, limit).await?))
}

/// A version of a feature set to be made.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewFeatureSet {
    /// `history_days`, `noise`, `emptying_drop`, `max_gap_hours`, `features` as the library writes them, and `holidays`; what is not
    /// given has its default.
    #[schema(value_type = Object, example = json!({"history_days": 90, "features": [
        {"span": {"span": 86_400, "delay": 0, "stat": "mean"}}, "since_event", {"calendar": "day_of_week"}]}))]
    definition: Value,
}

#[utoipa::path(put, path = "/v1/feature-sets/{code}", operation_id = "define_feature_set", tag = "forecasts",
    security(("bearer" = ["forecasts:manage"])),
    params(("code" = String, Path, description = "its name; forecasts start with that of the name usual")),
    request_body = NewFeatureSet,
    responses((status = 201, description = "a new version", body = FeatureSet),
              (status = 200, description = "the newest version says the same", body = FeatureSet)))]
/// Makes the next version of a feature set. Versions never change; models name the one that they use.
pub(super) async fn define(
    State(app): State<App>,
    caller: Caller<ForecastsManage>,
    Path(name): Path<String>,
    mut input: Input,
) -> Result<Response, Problem> {
    let definition = input.take("definition").map(|text| Definition::read("$.definition", text.get()));
    let definition = definition.unwrap_or_else(|| Err(vec![Fault::new("$.definition", "missing; give an object")]));
    let definition = definition.unwrap_or_else(|faults| {
        input.faults(faults);
        Definition::default()
    });
    if !(1..=64).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        input.fault("code", "give a name of 1 to 64 characters in the address");
    }
    input.finish()?;
    match feature_sets::define(&app.ledger, &caller.who, &name, &definition).await? {
        Defined::New(set) => Ok((StatusCode::CREATED, Json(set)).into_response()),
        Defined::Known(set) => Ok(Json(set).into_response()),
        Defined::Full => {
            let text = format!("the organisation keeps {MOST_SETS} versions of feature sets, as many as it may");
            Err(Problem::new(StatusCode::CONFLICT, "too_many", text))
        }
    }
}

/// Which features.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfBins {
    /// The day, as 2026-12-03.
    day: String,
    /// What was known then, milliseconds since 1970; now unless given. Of readings, only those before the day's round count.
    as_of: Option<i64>,
    /// The version; the newest unless given.
    #[param(minimum = 1)]
    version: Option<i64>,
    /// Only bins after this code.
    #[serde(default)]
    after: String,
    /// How many bins at most.
    #[serde(default = "hundred")]
    #[param(minimum = 1, maximum = 200, default = 100)]
    limit: i64,
}

fn hundred() -> i64 {
    100
}

#[utoipa::path(get, path = "/v1/feature-sets/{code}/rows", operation_id = "feature_rows", tag = "forecasts",
    security(("bearer" = ["plans:read"])), params(OfBins, ("code" = String, Path, description = "its name")),
    responses((status = 200, description = "a row for each bin, by code", body = FeatureRows)))]
/// Features of bins on a day, from what was known at a moment: readings and corrections that arrived later are not seen.
pub(super) async fn rows(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(name): Path<String>,
    wanted: Asked<OfBins>,
) -> Result<Json<FeatureRows>, Problem> {
    let OfBins { day, as_of, version, after, limit } = asked(wanted)?;
    let day = forecasts::date(&day)
        .ok_or_else(|| Problem::fault("?day", format!("{day:?}: give a day such as 2026-12-03")))?;
    let limit = Page { after: String::new(), limit }.limit()?.min(200) as usize;
    if version.is_some_and(|version| version < 1) {
        return Err(Problem::fault("?version", "give 1 or more"));
    }
    let org = &caller.who.org;
    let now = app.clock.now();
    let moment = Moment::of(&settings::find(&app.ledger, org).await?, day, as_of.unwrap_or(now).min(now));
    let most = app.config.forecasts.readings_at_a_time;
    match feature_sets::of_bins(&app.ledger, org, (&name, version), &moment, (&after, limit), most).await? {
        feature_sets::Asked::Rows(rows) => Ok(Json(*rows)),
        feature_sets::Asked::Missing => Err(Problem::missing()),
        feature_sets::Asked::TooMany(text) => Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text)),
    }
}
