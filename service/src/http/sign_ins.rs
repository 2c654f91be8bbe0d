//! Sign-ins, with what was odd about them.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::access::{App, AuditRead, Caller, SignedIn};
use super::admin::{Asked, asked};
use super::problem::Problem;
use crate::entry::{self, Seen};

/// Which of one's own sign-ins.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Own {
    /// Only those from before this time, milliseconds since 1970.
    #[serde(default = "ever")]
    #[param(minimum = 0)]
    before: i64,
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

/// Which sign-ins of the organisation.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Only those of this user.
    #[serde(default)]
    #[param(max_length = 64)]
    user: String,
    /// Only those from before this time, milliseconds since 1970.
    #[serde(default = "ever")]
    #[param(minimum = 0)]
    before: i64,
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    limit: i64,
}

fn ever() -> i64 {
    i64::MAX
}

fn fifty() -> i64 {
    50
}

/// Refuses what is out of its range.
fn check(before: i64, limit: i64) -> Result<(), Problem> {
    let mut faults = Vec::new();
    if before < 0 {
        faults.push(crate::fleet::Fault::new("?before", format!("{before}: give milliseconds since 1970")));
    }
    if !(1..=1_000).contains(&limit) {
        faults.push(crate::fleet::Fault::new("?limit", format!("{limit}: give a whole number from 1 to 1000")));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::invalid(faults)) }
}

#[utoipa::path(get, path = "/v1/me/sign-ins", operation_id = "own_sign_ins", tag = "account",
    security(("bearer" = [])), params(Own),
    responses((status = 200, description = "sign-ins, the newest first", body = [Seen])))]
/// Lists one's own sign-ins: when, from where, with what, and what was odd about them.
pub(super) async fn own(
    State(app): State<App>,
    caller: Caller<SignedIn>,
    which: Asked<Own>,
) -> Result<Json<Vec<Seen>>, Problem> {
    let Own { before, limit } = asked(which)?;
    check(before, limit)?;
    Ok(Json(entry::of_user(&app.ledger, &caller.who, before, limit).await?))
}

#[utoipa::path(get, path = "/v1/sign-ins", operation_id = "list_sign_ins", tag = "administration",
    security(("bearer" = ["audit:read"])), params(Which),
    responses((status = 200, description = "sign-ins, the newest first", body = [Seen])))]
/// Lists the organisation's sign-ins, those that were refused among them.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<AuditRead>,
    which: Asked<Which>,
) -> Result<Json<Vec<Seen>>, Problem> {
    let Which { user, before, limit } = asked(which)?;
    check(before, limit)?;
    Ok(Json(entry::of_organisation(&app.ledger, &caller.who.org, (&user, before, limit)).await?))
}
