//! Alternatives of a day: asked for, compared, chosen.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use milkrun::document::ObjectiveKind;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, PlansRead, PlansWrite};
use super::admin::{Asked, asked};
use super::days::{Most, day, most, stale, tagged};
use super::input::{self, Input};
use super::plans::{self, Accepted};
use super::problem::Problem;
use crate::planning::alternatives::{self, Alternatives, Chosen, Comparison, MOST_FRONTS, MOST_POINTS, Wanted};
use crate::planning::days::DayVersion;
use crate::storage::fronts::Front;

/// Points of a front, unless it is said how many.
const USUAL_POINTS: i64 = 8;

/// What alternatives are to be about. What is planned is said as in a request for a plan.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct AlternativesRequest {
    /// Two or three of `cost`, `distance`, `vehicles`, `makespan`, `unserved`, `balance`, `scatter` and `emissions`.
    #[schema(min_items = 2, max_items = 3)]
    objectives: Vec<String>,
    /// About how many plans.
    #[schema(minimum = 2, maximum = 20, default = 8)]
    points: Option<i64>,
    /// A name for people.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// A problem in milkrun's own format.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    /// Plan the bins that are at least so full, per cent.
    #[schema(minimum = 0, maximum = 200, default = 0)]
    min_fill: Option<i64>,
    /// Plan by the newest forecast of a day in place of a fill level.
    #[schema(value_type = Option<Object>, example = json!({"day": "2026-12-03", "risk": 0.3}))]
    from_forecast: Option<Value>,
    /// `streets` or `straight_lines`.
    #[schema(pattern = "^(streets|straight_lines)$", default = "streets")]
    travel: Option<String>,
    /// Longest search for all of them together, seconds.
    #[schema(minimum = 1, default = 10)]
    seconds: Option<u32>,
    /// Most iterations of all searches together.
    #[schema(minimum = 1)]
    iterations: Option<u64>,
    /// Seed of all random choices.
    #[schema(minimum = 0, default = 1)]
    seed: Option<i64>,
}

#[utoipa::path(post, path = "/v1/days/{day}/alternatives", operation_id = "request_alternatives", tag = "alternatives",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = AlternativesRequest,
    responses((status = 202, description = "a job was queued, or an equal one is under way", body = Accepted),
              (status = 200, description = "the alternatives of an equal request are there already", body = Accepted)))]
/// Asks for alternatives for a day: plans of which none is better than another in all of the objectives.
pub(super) async fn request(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let day = day(&text)?.to_owned();
    if input::media_type(&request) != "application/json" {
        return Err(input::unsupported("application/json"));
    }
    let body = input::large(&app, request.into_body()).await?;
    let mut input = Input::parse(&body.bytes)?;
    let objectives = objectives(&mut input);
    let points = input.integer("points", 2..=MOST_POINTS as i64).unwrap_or(USUAL_POINTS);
    let ask = plans::read(&mut input, app.config.planning.max_seconds)?;
    if !alternatives::has_room(&app.ledger, &caller.who.org).await? {
        let text = format!("the organisation keeps {MOST_FRONTS} sets of alternatives, as many as it may: delete some");
        return Err(Problem::new(StatusCode::CONFLICT, "too_many", text));
    }
    let wanted = Wanted { day, objectives, points: points as usize };
    let answer = plans::submit(&app, &caller.who, (&ask, None), Some(wanted)).await;
    drop(body);
    answer
}

/// Two or three different objectives.
fn objectives(input: &mut Input) -> Vec<ObjectiveKind> {
    let Some(names) = input.texts("objectives") else {
        input.fault("objectives", "give a list of two or three objectives");
        return Vec::new();
    };
    if !(2..=3).contains(&names.len()) {
        input.fault("objectives", format!("{}: give two or three objectives", names.len()));
    }
    let mut found = Vec::new();
    for (i, name) in names.iter().enumerate() {
        match serde_json::from_value::<ObjectiveKind>(Value::String(name.clone())) {
            Ok(kind) if found.contains(&kind) => input.fault(&format!("objectives[{i}]"), "is there twice"),
            Ok(kind) => found.push(kind),
            Err(error) => input.fault(&format!("objectives[{i}]"), error.to_string()),
        }
    }
    found
}

#[utoipa::path(get, path = "/v1/days/{day}/alternatives", operation_id = "list_alternatives", tag = "alternatives",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03"), Most),
    responses((status = 200, description = "sets of alternatives, the newest first", body = [Front])))]
/// The alternatives of a day.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
    newest: Asked<Most>,
) -> Result<Json<Vec<Front>>, Problem> {
    let limit = most(newest)?;
    Ok(Json(alternatives::list(&app.ledger, &caller.who.org, day(&text)?, limit).await?))
}

#[utoipa::path(get, path = "/v1/alternatives/{id}", operation_id = "find_alternatives", tag = "alternatives",
    security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the alternatives")),
    responses((status = 200, description = "the alternatives, with the plan of each point", body = Alternatives)))]
/// One set of alternatives.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Json<Alternatives>, Problem> {
    let found = alternatives::find(&app.ledger, &caller.who.org, &id).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// Which two points.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Pair {
    /// The first, counted from 0.
    of: usize,
    /// The second, counted from 0.
    with: usize,
}

#[utoipa::path(get, path = "/v1/alternatives/{id}/comparison", operation_id = "compare_alternatives",
    tag = "alternatives", security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the alternatives"), Pair),
    responses((status = 200, description = "what differs between two points", body = Comparison)))]
/// Compares two alternatives: figures, and which stops change their vehicle.
pub(super) async fn compare(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
    pair: Asked<Pair>,
) -> Result<Json<Comparison>, Problem> {
    let Pair { of, with } = asked(pair)?;
    let found = alternatives::compare(&app.ledger, &caller.who.org, &id, (of, with)).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// Which alternative becomes the plan of its day.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct AlternativeChoice {
    /// The point, counted from 0.
    #[schema(minimum = 0)]
    point: i64,
    /// The version of the day's plan that you saw; 0: the day has no plan yet.
    #[schema(minimum = 0)]
    version: i64,
}

#[utoipa::path(post, path = "/v1/alternatives/{id}/choice", operation_id = "choose_alternative", tag = "alternatives",
    security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the alternatives")), request_body = AlternativeChoice,
    responses((status = 200, description = "the day's new version", body = DayVersion)))]
/// Makes an alternative the plan of its day. It must be said which version is replaced: if another one holds by now,
/// nothing changes (409).
pub(super) async fn choose(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<Response, Problem> {
    let point = input.number("point", 0..=i64::from(i32::MAX), "give the number of a point, counted from 0");
    let after = "give the version that you saw, 0 if the day has no plan yet";
    let after = input.number("version", 0..=i64::from(i32::MAX), after);
    input.finish()?;
    match alternatives::choose(&app.ledger, &caller.who, &id, (point, after)).await? {
        Chosen::Done(version) => Ok(tagged(version)),
        Chosen::Missing => Err(Problem::missing()),
        Chosen::NoPoint(count) => Err(Problem::fault("$.point", format!("{point}: there are {count}, counted from 0"))),
        Chosen::Stale(present) => Err(stale(present)),
    }
}

#[utoipa::path(delete, path = "/v1/alternatives/{id}", operation_id = "delete_alternatives", tag = "alternatives",
    security(("bearer" = ["plans:write"])),
    params(("id" = String, Path, description = "the alternatives")),
    responses((status = 204, description = "deleted, with the plans that no day has or had")))]
/// Deletes alternatives.
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if alternatives::delete(&app.ledger, &app.cache, &caller.who, &id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::missing())
}
