//! The plan of a day, its adaptations, and what drivers say of its stops.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, PlansRead, PlansWrite, StopsConfirm};
use super::admin::{Asked, Page, asked};
use super::input::Input;
use super::problem::Problem;
use crate::forecasts;
use crate::planning::adaptations::{self, Adaptation, Decided, Unadapted};
use crate::planning::confirmations::{self, Analysis, Confirmation, Confirmed};
use crate::planning::days::{self, DayRoute, DayVersion, NewVersion, Put};
use crate::raw;

/// The longest search of an adaptation, seconds.
const LONGEST: i64 = 10;
/// Its usual length.
const USUAL: i64 = 3;
/// Most confirmations of one request.
const MOST_STOPS: usize = 5_000;

/// The day of an address.
pub(super) fn day(text: &str) -> Result<&str, Problem> {
    date("day", text)
}

/// A day; the path is that of a fault.
pub(super) fn date<'a>(path: &str, text: &'a str) -> Result<&'a str, Problem> {
    forecasts::date(text)
        .map(|_| text)
        .ok_or_else(|| Problem::fault(path, format!("{text:?}: give a day such as 2026-12-03")))
}

/// The day's version, with its number as an entity tag.
pub(super) fn tagged(version: DayVersion) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{}\"", version.version));
    let mut response = Json(version).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

pub(super) fn stale(present: i64) -> Problem {
    let text = if present == 0 {
        "the day has no plan yet: send version 0".to_owned()
    } else {
        format!("version {present} of the day's plan holds by now: look at it, and send that version")
    };
    Problem::new(StatusCode::CONFLICT, "day_changed", text)
}

/// How many of the newest.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

fn fifty() -> i64 {
    50
}

pub(super) fn most(asked_for: Asked<Most>) -> Result<i64, Problem> {
    Page { after: String::new(), limit: asked(asked_for)?.limit }.limit()
}

#[utoipa::path(get, path = "/v1/days", operation_id = "list_days", tag = "days",
    security(("bearer" = ["plans:read"])), params(Most),
    responses((status = 200, description = "days that have a plan, the newest first", body = [DayVersion])))]
/// Lists days that have a plan.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    newest: Asked<Most>,
) -> Result<Json<Vec<DayVersion>>, Problem> {
    let limit = most(newest)?;
    Ok(Json(days::newest(&app.ledger, &caller.who.org, limit).await?))
}

#[utoipa::path(get, path = "/v1/days/{day}", operation_id = "find_day", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "the version that holds; its number is the entity tag", body = DayVersion)))]
/// The plan of a day.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let found = days::current(&app.ledger, &caller.who.org, day(&text)?).await?;
    Ok(tagged(found.ok_or_else(Problem::missing)?))
}

/// Which plan is that of the day.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct DayChoice {
    /// The plan.
    #[schema(max_length = 100)]
    plan_id: String,
    /// The version that you saw; 0: the day has no plan yet.
    #[schema(minimum = 0)]
    version: i64,
}

#[utoipa::path(put, path = "/v1/days/{day}", operation_id = "choose_day", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = DayChoice,
    responses((status = 200, description = "the new version", body = DayVersion)))]
/// Makes a plan that of a day. It must be said which version is replaced: if another one holds by now, nothing changes (409).
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<Response, Problem> {
    let plan = input.text("plan_id", 1..=100);
    let remedy = "give the version that you saw, 0 if the day has no plan yet";
    let after = input.number("version", 0..=i64::from(i32::MAX), remedy);
    input.finish()?;
    let new = NewVersion { day: day(&text)?, plan: &plan, after, cause: "chosen" };
    match days::choose(&app.ledger, &caller.who, new).await? {
        Put::Done(version) => {
            app.wake_outbox.notify_waiters();
            Ok(tagged(version))
        }
        Put::Stale(present) => Err(stale(present)),
        Put::NoPlan => Err(Problem::fault("$.plan_id", "there is no such plan")),
    }
}

#[utoipa::path(get, path = "/v1/days/{day}/history", operation_id = "day_history", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "all versions, the newest first", body = [DayVersion])))]
/// The versions of a day's plan.
pub(super) async fn history(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
) -> Result<Json<Vec<DayVersion>>, Problem> {
    Ok(Json(days::history(&app.ledger, &caller.who.org, day(&text)?).await?))
}

/// Which routes.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only those of this vehicle.
    #[serde(default)]
    vehicle: String,
    /// Only those of this depot.
    #[serde(default)]
    depot: String,
}

#[utoipa::path(get, path = "/v1/days/{day}/routes", operation_id = "day_routes", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03"), Which),
    responses((status = 200, description = "the routes with their stops", body = [DayRoute])))]
/// The routes of a day's plan: all, or those of a vehicle or a depot.
pub(super) async fn routes(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
    which: Asked<Which>,
) -> Result<Json<Vec<DayRoute>>, Problem> {
    let which = asked(which)?;
    let of = (caller.who.org.as_str(), day(&text)?);
    let found = days::routes(&app.ledger, &app.cache, of, &which.vehicle, &which.depot).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// What has happened, as `milkrun adapt` reads it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read as a document of the library")]
pub(super) struct AdaptationRequest {
    /// The moment, seconds of the day.
    now: i64,
    /// What has happened: routes, clients and sites by their index.
    #[schema(value_type = Option<Vec<Object>>)]
    events: Option<Value>,
    /// What it costs to change the plan; moderate prices unless given.
    #[schema(value_type = Option<Object>)]
    prices: Option<Value>,
    /// What may not change.
    #[schema(pattern = "^(nothing|vehicles|order|times)$", default = "nothing")]
    keep: Option<String>,
    /// Until when that may not change, seconds of the day.
    keep_until: Option<i64>,
    /// Longest search, seconds.
    #[schema(minimum = 1, maximum = 10, default = 3)]
    seconds: Option<i64>,
    /// Whether vehicles that have a driver, or of which something was reported, have done what was reported and nothing else; if not,
    /// they have done what the plan says.
    #[schema(default = true)]
    reports: Option<bool>,
}

#[utoipa::path(post, path = "/v1/days/{day}/adaptations", operation_id = "adapt_day", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = AdaptationRequest,
    responses((status = 201, description = "the proposal; it changes nothing until it is accepted", body = Adaptation)))]
/// Adapts the plan of a day to what has happened.
pub(super) async fn adapt(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<Response, Problem> {
    let day = day(&text)?.to_owned();
    let seconds = input.integer("seconds", 1..=LONGEST).unwrap_or(USUAL);
    let reports = input.flag("reports").unwrap_or(true);
    let (request, document) = input.document()?;
    let threads = app.config.planning.threads;
    let asked = adaptations::Asked { day, document, request, seconds: seconds as u32, threads, reports };
    let busy = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many adaptations at once; try again");
    let _room = app.adapting.try_acquire().map_err(|_| busy())?;
    let found = adaptations::propose(&app.ledger, &app.shelf, &caller.who, &asked).await;
    let ended = if found.is_ok() { "proposed" } else { "failed" };
    metrics::counter!("milkrun_adaptations_total", "ended" => ended).increment(1);
    match found {
        Ok(found) => {
            let place = format!("/v1/adaptations/{}", found.id);
            Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(found)).into_response())
        }
        Err(Unadapted::NoPlan) => Err(Problem::missing()),
        Err(Unadapted::Faults(faults)) => Err(Problem::invalid(faults)),
        Err(Unadapted::Broken(why)) => {
            tracing::error!(why, "a plan could not be adapted");
            Err(Problem::new(StatusCode::CONFLICT, "not_adaptable", why))
        }
        Err(Unadapted::Inner(error)) => Err(error.into()),
    }
}

#[utoipa::path(get, path = "/v1/days/{day}/adaptations", operation_id = "list_adaptations", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03"), Most),
    responses((status = 200, description = "adaptations, the newest first", body = [Adaptation])))]
/// The adaptations of a day's plan.
pub(super) async fn list_adaptations(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
    newest: Asked<Most>,
) -> Result<Json<Vec<Adaptation>>, Problem> {
    let limit = most(newest)?;
    Ok(Json(adaptations::list(&app.ledger, &caller.who.org, day(&text)?, limit).await?))
}

#[utoipa::path(get, path = "/v1/adaptations/{id}", operation_id = "find_adaptation", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the adaptation")),
    responses((status = 200, description = "the adaptation", body = Adaptation)))]
/// One adaptation.
pub(super) async fn adaptation(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Adaptation>, Problem> {
    let found = adaptations::find(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

fn decided(decided: Decided) -> Result<Json<Adaptation>, Problem> {
    match decided {
        Decided::Done(found) => Ok(Json(*found)),
        Decided::Missing => Err(Problem::missing()),
        Decided::Before(state) => {
            Err(Problem::new(StatusCode::CONFLICT, "decided_before", format!("the adaptation was {state} before")))
        }
        Decided::Stale(present) => Err(stale(present)),
    }
}

#[utoipa::path(post, path = "/v1/adaptations/{id}/acceptance", operation_id = "accept_adaptation", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the adaptation")),
    responses((status = 200, description = "the adapted plan is the day's next version", body = Adaptation)))]
/// Accepts an adaptation. If the day's plan has changed since, nothing changes (409).
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
) -> Result<Json<Adaptation>, Problem> {
    let found = adaptations::accept(&app.ledger, &caller.who, &id).await?;
    app.wake_outbox.notify_waiters();
    decided(found)
}

#[utoipa::path(post, path = "/v1/adaptations/{id}/rejection", operation_id = "reject_adaptation", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the adaptation")),
    responses((status = 200, description = "the adaptation is not taken", body = Adaptation)))]
/// Rejects an adaptation.
pub(super) async fn reject(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
) -> Result<Json<Adaptation>, Problem> {
    decided(adaptations::reject(&app.ledger, &caller.who, &id).await?)
}

/// What a driver says of stops.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Confirmations {
    /// The stops.
    #[schema(max_items = 5000)]
    stops: Vec<StopConfirmation>,
}

/// What a driver says of a stop.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StopConfirmation {
    /// `client`, `pickup` or `delivery`; `client` unless given.
    #[serde(default = "client")]
    #[schema(pattern = "^(client|pickup|delivery)$")]
    activity: String,
    /// With which bin or shipment.
    #[schema(max_length = 200)]
    code: String,
    /// `done` or `missed`.
    #[schema(pattern = "^(done|missed)$")]
    outcome: String,
    /// Why it was missed.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// When, seconds of the day.
    #[schema(minimum = -86_400, maximum = 345_600)]
    at: i64,
}

fn client() -> String {
    "client".to_owned()
}

#[utoipa::path(post, path = "/v1/days/{day}/confirmations", operation_id = "confirm_stops", tag = "days",
    security(("bearer" = ["stops:confirm"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = Confirmations,
    responses((status = 204, description = "stored; what comes twice changes nothing")))]
/// Says which stops were done or missed.
pub(super) async fn confirm(
    State(app): State<App>,
    caller: Caller<StopsConfirm>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let stops = input.take("stops");
    let words = words(&mut input, stops.as_deref());
    input.finish()?;
    match confirmations::store(&app.ledger, &caller.who, day(&text)?, &words).await? {
        Confirmed::Stored => {
            app.wake_refresher.notify_one();
            Ok(StatusCode::NO_CONTENT)
        }
        Confirmed::NoPlan => Err(Problem::missing()),
        Confirmed::Faults(faults) => Err(Problem::invalid(faults)),
    }
}

/// The confirmations of a body; all that cannot be read is a fault.
fn words(input: &mut Input, stops: Option<&RawValue>) -> Vec<Confirmation> {
    let Some(stops) = stops else {
        input.fault("stops", "missing; give a list of stops");
        return Vec::new();
    };
    let mut words = Vec::new();
    let read = raw::each_item(stops.get().as_bytes(), |i, stop| {
        if i == MOST_STOPS {
            input.fault("stops", format!("more than {MOST_STOPS} stops: send at most {MOST_STOPS} at a time"));
            return false;
        }
        words.extend(word(input, i, stop));
        input.has_room()
    });
    if read.is_err() {
        input.fault("stops", "give a list of stops");
    }
    words
}

/// One confirmation.
fn word(input: &mut Input, i: usize, stop: &RawValue) -> Option<Confirmation> {
    let read = serde_json::from_str::<StopConfirmation>(stop.get());
    let read = read.map_err(|error| input.fault(&format!("stops[{i}]"), raw::clipped(&error.to_string()))).ok()?;
    let right = [
        ("activity", matches!(read.activity.as_str(), "client" | "pickup" | "delivery"), "client, pickup or delivery"),
        ("outcome", matches!(read.outcome.as_str(), "done" | "missed"), "done or missed"),
        (
            "reason",
            read.reason.chars().count() <= 500 && !read.reason.chars().any(char::is_control),
            "at most 500 characters, and no control characters",
        ),
        ("at", (-86_400..=345_600).contains(&read.at), "a time from -86400 to 345600 seconds of the day"),
    ];
    for (name, _, remedy) in right.iter().filter(|(_, right, _)| !right) {
        input.fault(&format!("stops[{i}].{name}"), format!("give {remedy}"));
    }
    let StopConfirmation { activity, code, outcome, reason, at } = read;
    Some(Confirmation { activity, code, is_done: outcome == "done", reason, at })
}

#[utoipa::path(get, path = "/v1/days/{day}/analysis", operation_id = "day_analysis", tag = "days",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "planned against done, by vehicle", body = [Analysis])))]
/// How a day's plan compares with what was done.
pub(super) async fn analysis(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
) -> Result<Json<Vec<Analysis>>, Problem> {
    let found = confirmations::analysis(&app.ledger, &caller.who.org, day(&text)?).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}
