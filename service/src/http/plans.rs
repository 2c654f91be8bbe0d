//! Jobs and plans.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event as ServerEvent, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, Permission as _, PlansRead, PlansWrite};
use super::admin::{Asked, Page, asked};
use super::input::{self, Input};
use super::problem::Problem;
use crate::auth::sessions::Identity;
use crate::forecasts::{self, FromForecast, RISKS};
use crate::planning::alternatives::Wanted;
use crate::planning::jobs::{self, Job, Known, Order, Submitted};
use crate::planning::plans::{self, Day, Deleted, Summary};
use crate::planning::{Ask, Prepared, Source, View, Within, prepare};

/// How often a stream looks at its job.
const LOOK: Duration = Duration::from_millis(300);

/// What is to be planned: the stored fleet and bins, unless a problem is given.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct PlanRequest {
    /// A name for people.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// A problem in milkrun's own format.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    /// Plan the bins that are at least so full, per cent.
    #[schema(minimum = 0, maximum = 200, default = 0)]
    min_fill: Option<i64>,
    /// Plan by the newest forecast of a day in place of a fill level: bins that must be visited are required, those that may be are
    /// optional at the prize of a visit. `risk` is that of the settings unless given.
    #[schema(value_type = Option<Object>, example = json!({"day": "2026-12-03", "risk": 0.3}))]
    from_forecast: Option<Value>,
    /// `streets`: those of the networks that are chosen, and straight lines where none is; `straight_lines`: these alone.
    #[schema(pattern = "^(streets|straight_lines)$", default = "streets")]
    travel: Option<String>,
    /// Longest search, seconds.
    #[schema(minimum = 1, default = 10)]
    seconds: Option<u32>,
    /// Most iterations; with these and enough seconds, equal requests give equal plans.
    #[schema(minimum = 1)]
    iterations: Option<u64>,
    /// Seed of all random choices.
    #[schema(minimum = 0, default = 1)]
    seed: Option<i64>,
}

/// What became of a request.
#[derive(Serialize, ToSchema)]
pub(super) struct Accepted {
    /// The job, unless the plan is there already.
    job: Option<Job>,
    /// The plan, if it is there already.
    plan_id: Option<String>,
    /// The alternatives, if these were asked for and are there already.
    front_id: Option<String>,
    /// What is allowed in the problem and most often is a slip.
    remarks: Vec<String>,
}

/// What is allowed in a problem and most often is a slip.
#[derive(Serialize, ToSchema)]
pub(super) struct Remarks {
    /// In words, each with its remedy.
    remarks: Vec<String>,
}

#[utoipa::path(post, path = "/v1/plans", tag = "plans", security(("bearer" = ["plans:write"])),
    params(("Idempotency-Key" = Option<String>, Header, max_length = 100,
            description = "names the request: sending it again starts nothing new")),
    request_body = PlanRequest,
    responses((status = 202, description = "a job was queued, or an equal one is under way", body = Accepted),
              (status = 200, description = "the plan of an equal request is there already", body = Accepted)))]
/// Asks for a plan.
pub(super) async fn request_plan(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    if input::media_type(&request) != "application/json" {
        return Err(input::unsupported("application/json"));
    }
    let key = match headers.get("idempotency-key").map(|value| value.to_str().map(str::to_owned)) {
        Some(Ok(key)) if (1..=100).contains(&key.len()) => Some(key),
        Some(_) => return Err(Problem::fault("Idempotency-Key", "give 1 to 100 printable characters")),
        None => None,
    };
    let body = input::large(&app, request.into_body()).await?;
    let ask = read(&mut Input::parse(&body.bytes)?, app.config.planning.max_seconds)?;
    let key = key.as_deref();
    let answer = submit(&app, &caller.who, (&ask, key), None).await;
    // What is made of a large body keeps others waiting as long as the body itself.
    drop(body);
    answer
}

/// Prepares what is asked for, and puts it into the queue.
pub(super) async fn submit(
    app: &App,
    who: &Identity,
    (ask, idempotency_key): (&Ask, Option<&str>),
    front: Option<Wanted>,
) -> Result<Response, Problem> {
    let limits = &app.config.planning;
    let within = Within { max_stops: limits.max_stops, max_places: app.config.networks.max_places, shelf: &app.shelf };
    let prepared = Prepared { front, ..prepare(&app.ledger, &who.org, ask, within).await? };
    let most = limits.queue_per_organisation;
    let order = Order { identity: who, name: &ask.name, prepared: &prepared, idempotency_key, most };
    let answer = |status, job, plan_id, front_id| {
        let remarks = prepared.remarks.clone();
        (status, Json(Accepted { job, plan_id, front_id, remarks })).into_response()
    };
    match jobs::submit(&app.ledger, &order).await? {
        Submitted::Known(Known::Plan(plan)) => Ok(answer(StatusCode::OK, None, Some(plan), None)),
        Submitted::Known(Known::Front(front)) => Ok(answer(StatusCode::OK, None, None, Some(front))),
        Submitted::Job(job) => {
            app.wake.notify_one();
            let place = format!("/v1/jobs/{}", job.id);
            Ok(([(header::LOCATION, place)], answer(StatusCode::ACCEPTED, Some(job), None, None)).into_response())
        }
        Submitted::QueueFull => {
            let text = format!("{most} jobs wait or run already");
            Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", text))
        }
        Submitted::KeyReused => {
            let text = "the idempotency key was used for another request";
            Err(Problem::new(StatusCode::CONFLICT, "key_reused", text))
        }
    }
}

/// Reads what is to be planned, and finishes the body.
pub(super) fn read(input: &mut Input, max_seconds: u32) -> Result<Ask, Problem> {
    let name = input.text_or_none("name", 0..=200).unwrap_or_default();
    let problem = input.take("problem");
    let min_fill = input.integer("min_fill", 0..=200);
    let seconds = input.integer("seconds", 1..=i64::from(max_seconds)).unwrap_or(i64::from(max_seconds.min(10)));
    let iterations = input.integer("iterations", 1..=1_000_000_000);
    let seed = input.integer("seed", 0..=i64::MAX).unwrap_or(1);
    let travel = input.text_or_none("travel", 0..=20);
    let forecast = from_forecast(input);
    if forecast.is_some() && min_fill.is_some() {
        input.fault("min_fill", "leave it out where a plan comes from a forecast");
    }
    let given = [("min_fill", min_fill.is_some()), ("travel", travel.is_some()), ("from_forecast", forecast.is_some())];
    for (name, is_there) in given {
        if problem.is_some() && is_there {
            input.fault(name, "leave it out where a problem is given");
        }
    }
    let straight = match travel.as_deref() {
        None | Some("streets") => false,
        Some("straight_lines") => true,
        Some(other) => {
            input.fault("travel", format!("{other:?}: give streets or straight_lines"));
            false
        }
    };
    std::mem::take(input).finish()?;
    let source = match problem {
        Some(problem) => Source::Document(Box::<str>::from(problem).into_string()),
        None => Source::Fleet { min_fill: min_fill.unwrap_or(0), straight, forecast },
    };
    let iterations = iterations.map(i64::cast_unsigned);
    Ok(Ask { name, source, seconds: seconds as u32, iterations, seed: seed.cast_unsigned() })
}

/// A day and a risk, as they are sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayAndRisk {
    day: String,
    risk: Option<f64>,
}

/// The forecast that a plan is to come from.
fn from_forecast(input: &mut Input) -> Option<FromForecast> {
    let given = input.take("from_forecast")?;
    let DayAndRisk { day, risk } = match serde_json::from_str(given.get()) {
        Ok(read) => read,
        Err(error) => {
            input.fault("from_forecast", format!("{error}: give an object with a day and, if need be, a risk"));
            return None;
        }
    };
    if risk.is_some_and(|risk| !RISKS.contains(&risk)) {
        input.fault("from_forecast.risk", "give a probability from 0.02 to 0.9");
    }
    let Some(day) = forecasts::date(&day) else {
        input.fault("from_forecast.day", format!("{day:?}: give a day such as 2026-12-03"));
        return None;
    };
    Some(FromForecast { day, risk })
}

impl From<crate::planning::Unplannable> for Problem {
    fn from(error: crate::planning::Unplannable) -> Self {
        match error {
            crate::planning::Unplannable::Faults(faults) => Self::invalid(faults),
            crate::planning::Unplannable::Inner(error) => error.into(),
        }
    }
}

/// How many of the newest.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Newest {
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
    /// Only what is older than this, milliseconds since 1970.
    before: Option<i64>,
}

fn fifty() -> i64 {
    50
}

impl Newest {
    fn limit(&self) -> Result<i64, Problem> {
        Page { after: String::new(), limit: self.limit }.limit()
    }
}

#[utoipa::path(get, path = "/v1/jobs", tag = "plans", security(("bearer" = ["plans:read"])), params(Newest),
    responses((status = 200, description = "jobs, the newest first", body = [Job])))]
/// Lists the organisation's jobs.
pub(super) async fn list_jobs(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    newest: Asked<Newest>,
) -> Result<Json<Vec<Job>>, Problem> {
    let limit = asked(newest)?.limit()?;
    Ok(Json(jobs::list(&app.ledger, &caller.who.org, limit).await?))
}

async fn job_of(app: &App, org: &str, id: &str) -> Result<Job, Problem> {
    jobs::find(&app.ledger, org, id).await?.ok_or_else(Problem::missing)
}

#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the job")),
    responses((status = 200, description = "the job", body = Job)))]
/// One job, with its progress.
pub(super) async fn job(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    Ok(Json(job_of(&app, &caller.who.org, &id).await?))
}

#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "plans", security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the job")),
    responses((status = 202, description = "the job is cancelled, or will be within a second", body = Job)))]
/// Cancels a job.
pub(super) async fn cancel_job(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), Problem> {
    let job = jobs::cancel(&app.ledger, &caller.who, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(job.ok_or_else(Problem::missing)?)))
}

/// One event of the stream.
#[derive(Serialize, utoipa::ToSchema)]
struct JobEvent {
    /// Always `job`.
    event: &'static str,
    /// The job as `GET /v1/jobs/{id}` answers it, in JSON.
    data: String,
}

#[utoipa::path(get, path = "/v1/jobs/{id}/events", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the job")),
    responses((status = 200, description = "the job, each time it changes, until it is over",
               content_type = "text/event-stream", body = JobEvent)))]
/// Follows a job by server-sent events.
pub(super) async fn job_events(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<ServerEvent, Infallible>>>, Problem> {
    let who = caller.who;
    job_of(&app, &who.org, &id).await?;
    let busy = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too many event streams");
    let room = app.streams.open(&who.user).ok_or_else(busy)?;
    let stream = futures_util::stream::unfold((app, room, None::<Job>), move |(app, mut room, last)| {
        let (who, id) = (who.clone(), id.clone());
        async move {
            if last.as_ref().is_some_and(Job::is_over) {
                return None;
            }
            loop {
                if last.is_some() && !room.goes_on_after(LOOK).await {
                    return None;
                }
                // The stream ends if the job cannot be read, or the caller may no longer read it; the client then
                // reconnects.
                if !app.desk.may(&who, PlansRead::NAME, app.clock.now()).await.ok()? {
                    return None;
                }
                let job = job_of(&app, &who.org, &id).await.ok()?;
                if last.as_ref() != Some(&job) {
                    let event = ServerEvent::default().event("job").json_data(&job).ok()?;
                    return Some((Ok(event), (app, room, Some(job))));
                }
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

#[utoipa::path(get, path = "/v1/plans", tag = "plans", security(("bearer" = ["plans:read"])), params(Newest),
    responses((status = 200, description = "plans, the newest first", body = [Summary])))]
/// Lists the organisation's plans.
pub(super) async fn list_plans(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    newest: Asked<Newest>,
) -> Result<Json<Vec<Summary>>, Problem> {
    let newest = asked(newest)?;
    let (limit, before) = (newest.limit()?, newest.before.unwrap_or(i64::MAX));
    Ok(Json(plans::list(&app.ledger, &caller.who.org, before, limit).await?))
}

#[utoipa::path(get, path = "/v1/plans/{id}/summary", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the plan")),
    responses((status = 200, description = "the plan's figures", body = Summary)))]
/// A plan's figures.
pub(super) async fn summary(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Summary>, Problem> {
    let found = plans::find(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

#[utoipa::path(get, path = "/v1/plans/{id}/remarks", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the plan")),
    responses((status = 200, description = "what looks unlikely in its problem", body = Remarks)))]
/// What is allowed in a plan's problem and most often is a slip: degrees taken for metres, windows that nobody can reach.
pub(super) async fn remarks(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Remarks>, Problem> {
    let remarks = plans::remarks(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(Remarks { remarks: remarks.ok_or_else(Problem::missing)? }))
}

/// The text of a plan of an organisation.
pub(super) async fn text(app: &App, org: &str, id: &str, view: View) -> Result<Arc<str>, Problem> {
    let text = app.cache.get(&app.ledger, org, id, view).await.map_err(|error| {
        tracing::warn!(%error, "a plan could not be read");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again in a while")
    })?;
    text.ok_or_else(Problem::missing)
}

async fn view(app: &App, org: &str, id: &str, view: View, media_type: &'static str) -> Result<Response, Problem> {
    let text = text(app, org, id, view).await?;
    Ok(([(header::CONTENT_TYPE, media_type)], text.to_string()).into_response())
}

#[utoipa::path(get, path = "/v1/plans/{id}", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the plan")),
    responses((status = 200, description = "the plan in milkrun's own format", body = Object)))]
/// A plan with its routes, trips and stops.
pub(super) async fn plan(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    view(&app, &caller.who.org, &id, View::Document, "application/json").await
}

#[utoipa::path(get, path = "/v1/plans/{id}/geojson", tag = "plans", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the plan")),
    responses((status = 200, description = "the plan as a map", content_type = "application/geo+json", body = Object)))]
/// A plan as `GeoJSON`.
pub(super) async fn map(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    view(&app, &caller.who.org, &id, View::GeoJson, "application/geo+json").await
}

#[utoipa::path(delete, path = "/v1/plans/{id}", tag = "plans", security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the plan")),
    responses((status = 204, description = "deleted")))]
/// Deletes a plan.
pub(super) async fn delete_plan(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match plans::delete(&app.ledger, &app.cache, &caller.who, &id).await? {
        Deleted::Done => Ok(StatusCode::NO_CONTENT),
        Deleted::Missing => Err(Problem::missing()),
        Deleted::OfFront(front) => {
            let text = format!("it is one of the alternatives {front}: delete these");
            Err(Problem::new(StatusCode::CONFLICT, "in_use", text))
        }
        Deleted::OfDay(day, version) => {
            let text = format!("it is the plan of {day}, version {version}: what was planned for a day is kept");
            Err(Problem::new(StatusCode::CONFLICT, "in_use", text))
        }
    }
}

#[utoipa::path(get, path = "/v1/analytics/days", tag = "plans", security(("bearer" = ["plans:read"])), params(Newest),
    responses((status = 200, description = "days, the newest first", body = [Day])))]
/// Plans by the day, as of the last plan that was stored.
pub(super) async fn days(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    newest: Asked<Newest>,
) -> Result<Json<Vec<Day>>, Problem> {
    let limit = asked(newest)?.limit()?;
    Ok(Json(plans::days(&app.ledger, &caller.who.org, limit).await?))
}
