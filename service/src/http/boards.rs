//! Plans laid out for dispatchers, and stops that they move by hand.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, PlansRead, PlansWrite};
use super::admin::{Asked, asked};
use super::days::{day, stale, tagged};
use super::input::Input;
use super::problem::Problem;
use crate::planning::board::Board;
use crate::planning::days::DayVersion;
use crate::planning::moves::{self, Judged, Move, Moved, Moves};
use crate::planning::ready::Unready;
use crate::raw;

/// Most moves at a time.
const MOST_MOVES: usize = 200;

impl From<Unready> for Problem {
    fn from(error: Unready) -> Self {
        match error {
            Unready::Broken(why) => Self::new(StatusCode::CONFLICT, "not_readable", why),
            Unready::Inner(error) => error.into(),
        }
    }
}

/// What goes with a plan.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct With {
    /// Whether it is said why something is unserved; that takes up to three seconds.
    #[serde(default)]
    reasons: bool,
}

#[utoipa::path(get, path = "/v1/plans/{id}/board", operation_id = "plan_board", tag = "plans",
    security(("bearer" = ["plans:read"])), params(("id" = String, Path, description = "the plan"), With),
    responses((status = 200, description = "map, timeline, routes and what is unserved", body = Board)))]
/// A plan as a dispatcher sees it, with names beside codes.
pub(super) async fn board(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
    with: Asked<With>,
) -> Result<Json<Board>, Problem> {
    let with = asked(with)?;
    let _room = app.laying_out.acquire().await.map_err(|_| Problem::missing())?;
    let found = moves::board(&app.ledger, &app.dispatch, &caller.who.org, (&id, with.reasons)).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// Moves of a day's plan.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct StopMoves {
    /// The version that you saw.
    #[schema(minimum = 1)]
    version: i64,
    /// One after the other.
    #[schema(max_items = 200)]
    moves: Vec<Move>,
}

#[utoipa::path(post, path = "/v1/days/{day}/moves/judgement", operation_id = "judge_moves", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = StopMoves,
    responses((status = 200, description = "the changed plan beside the one that holds; nothing is kept", body = Judged)))]
/// Judges a day's plan with stops moved by hand: price, times, and rules that it violates. Nothing is kept.
pub(super) async fn judge(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
    input: Input,
) -> Result<Json<Judged>, Problem> {
    let moves = read(day(&text)?, input)?;
    let _room = app.laying_out.acquire().await.map_err(|_| Problem::missing())?;
    Ok(Json(settled(moves::judge(&app.ledger, &app.dispatch, &caller.who.org, &moves).await?)?))
}

#[utoipa::path(post, path = "/v1/days/{day}/moves", operation_id = "move_stops", tag = "days",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = StopMoves,
    responses((status = 200, description = "the changed plan is the day's next version", body = DayVersion)))]
/// Moves stops of a day's plan by hand. If another version holds by now, nothing changes (409).
pub(super) async fn keep(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
    input: Input,
) -> Result<Response, Problem> {
    let moves = read(day(&text)?, input)?;
    if moves.steps.is_empty() {
        return Err(Problem::fault("$.moves", "give at least one"));
    }
    let _room = app.laying_out.acquire().await.map_err(|_| Problem::missing())?;
    let kept = settled(moves::keep(&app.ledger, &app.dispatch, &caller.who, &moves).await?)?;
    app.wake_outbox.notify_waiters();
    app.wake_refresher.notify_one();
    Ok(tagged(kept))
}

fn settled<T>(moved: Moved<T>) -> Result<T, Problem> {
    match moved {
        Moved::Done(done) => Ok(done),
        Moved::NoPlan => Err(Problem::missing()),
        Moved::Stale(present) => Err(stale(present)),
        Moved::Faults(faults) => Err(Problem::invalid(faults)),
    }
}

/// The moves of a body; all that cannot be read is a fault.
fn read(day: &str, mut input: Input) -> Result<Moves, Problem> {
    let version = input.number("version", 1..=i64::from(i32::MAX), "give the version that you saw");
    let list = input.take("moves");
    let moves = list_of(&mut input, list.as_deref());
    input.finish()?;
    Ok(Moves { day: day.to_owned(), version, steps: moves })
}

fn list_of(input: &mut Input, list: Option<&RawValue>) -> Vec<Move> {
    let Some(list) = list else {
        input.fault("moves", "missing; give a list of moves");
        return Vec::new();
    };
    let mut moves = Vec::new();
    let read = raw::each_item(list.get().as_bytes(), |i, item| {
        if i == MOST_MOVES {
            input.fault("moves", format!("more than {MOST_MOVES}: keep some before you make more"));
            return false;
        }
        match serde_json::from_str::<Move>(item.get()) {
            Ok(one) => moves.push(one),
            Err(error) => input.fault(&format!("moves[{i}]"), raw::clipped(&error.to_string())),
        }
        input.has_room()
    });
    if read.is_err() {
        input.fault("moves", "give a list of moves");
    }
    moves
}
