//! Retention, what is stored about somebody, and its erasure.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use utoipa::ToSchema;

use super::access::{App, Caller, DataManage, SignedIn};
use super::input::Input;
use super::problem::Problem;
use crate::privacy::{self, About, Erased, Kept, MOST, RULES};

#[utoipa::path(get, path = "/v1/retention", operation_id = "retention", tag = "privacy",
    security(("bearer" = ["data:manage"])), responses((status = 200, description = "days, by kind", body = Kept)))]
/// For how many days the organisation keeps things.
pub(super) async fn kept(State(app): State<App>, caller: Caller<DataManage>) -> Result<Json<Kept>, Problem> {
    Ok(Json(privacy::kept(&app.ledger, &caller.who.org).await?))
}

/// For how many days things are to be kept. Kinds that are not named are kept as usual.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct ToKeep {
    /// Readings of fill levels; 730 unless given.
    #[schema(minimum = 1, maximum = 36500)]
    readings: Option<i64>,
    /// Jobs that have ended; 90 unless given.
    #[schema(minimum = 1, maximum = 36500)]
    jobs: Option<i64>,
    /// Sessions that are over; 7 unless given.
    #[schema(minimum = 1, maximum = 36500)]
    sign_ins: Option<i64>,
    /// What was new or odd about sign-ins, with their addresses; 90 unless given. What is no longer known is new again.
    #[schema(minimum = 1, maximum = 36500)]
    sign_in_history: Option<i64>,
    /// What was sent or given up; 30 unless given.
    #[schema(minimum = 1, maximum = 36500)]
    messages: Option<i64>,
    /// What providers have told; 90 unless given.
    #[schema(minimum = 1, maximum = 36500)]
    events: Option<i64>,
    /// Invoices that were sent; 3653 unless given.
    #[schema(minimum = 1096, maximum = 36500)]
    invoices: Option<i64>,
}

#[utoipa::path(put, path = "/v1/retention", operation_id = "set_retention", tag = "privacy",
    security(("bearer" = ["data:manage"])), request_body = ToKeep,
    responses((status = 200, description = "days, by kind, as they are now", body = Kept)))]
/// Says for how many days the organisation keeps things. What is older is deleted within hours. Requires a proof of presence.
pub(super) async fn set_kept(
    State(app): State<App>,
    caller: Caller<DataManage>,
    mut input: Input,
) -> Result<Json<Kept>, Problem> {
    let mut chosen = BTreeMap::new();
    for rule in RULES {
        if let Some(days) = input.integer(rule.name, rule.least..=MOST) {
            chosen.insert(rule.name.to_owned(), days);
        }
    }
    input.finish()?;
    caller.must_be_present(&app).await?;
    Ok(Json(privacy::set_kept(&app.ledger, &caller.who, &chosen).await?))
}

#[utoipa::path(get, path = "/v1/me/data", operation_id = "own_data", tag = "privacy",
    security(("bearer" = [])), responses((status = 200, description = "all of it", body = About)))]
/// What is stored about the caller. Requires a proof of presence.
pub(super) async fn own_data(State(app): State<App>, caller: Caller<SignedIn>) -> Result<Json<About>, Problem> {
    caller.must_be_present(&app).await?;
    Ok(Json(privacy::about(&app.ledger, &caller.who, &caller.who.user).await?))
}

#[utoipa::path(get, path = "/v1/users/{id}/data", operation_id = "user_data", tag = "privacy",
    security(("bearer" = ["data:manage"])), params(("id" = String, Path, description = "the user")),
    responses((status = 200, description = "all of it", body = About)))]
/// What is stored about a user. Requires a proof of presence.
pub(super) async fn data(
    State(app): State<App>,
    caller: Caller<DataManage>,
    Path(id): Path<String>,
) -> Result<Json<About>, Problem> {
    caller.must_be_present(&app).await?;
    Ok(Json(privacy::about(&app.ledger, &caller.who, &id).await?))
}

#[utoipa::path(post, path = "/v1/users/{id}/erasure", operation_id = "erase_user", tag = "privacy",
    security(("bearer" = ["data:manage"])), params(("id" = String, Path, description = "the user")),
    responses((status = 200, description = "erased, now or before", body = Erased)))]
/// Erases a user: name, address, password, factors and sessions. What the user did stays under the id, which names no person.
/// Requires a proof of presence.
pub(super) async fn erase(
    State(app): State<App>,
    caller: Caller<DataManage>,
    Path(id): Path<String>,
) -> Result<Json<Erased>, Problem> {
    caller.must_be_present(&app).await?;
    let erased = privacy::erase(&app.ledger, &app.hub, &caller.who, &id).await?;
    app.wake_keeper.notify_waiters();
    Ok(Json(erased))
}
