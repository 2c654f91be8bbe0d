//! Users, roles, invitations and the audit log of one's organisation.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::{App, AuditRead, Caller, RolesManage, UsersManage};
use super::account::Created;
use super::input::Input;
use super::problem::Problem;
use crate::audit::{self, Entry};
use crate::auth::demands;
use crate::auth::roles::{self, PERMISSIONS, Role};
use crate::auth::users::{self, User, Wanted};
use crate::inviting;

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// Only what comes after this.
    #[serde(default)]
    #[param(max_length = 200)]
    pub(super) after: String,
    /// How many at most.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 1000)]
    pub(super) limit: i64,
}

fn fifty() -> i64 {
    50
}

impl Page {
    /// The limit, if it is in its range.
    pub(super) fn limit(&self) -> Result<i64, Problem> {
        if !(1..=1_000).contains(&self.limit) {
            return Err(Problem::fault("?limit", format!("{}: give a whole number from 1 to 1000", self.limit)));
        }
        Ok(self.limit)
    }
}

/// Query parameters that are read as one problem if they are wrong.
pub(super) type Asked<T> = Result<Query<T>, axum::extract::rejection::QueryRejection>;

/// The parameters, or what is wrong with them.
pub(super) fn asked<T>(query: Asked<T>) -> Result<T, Problem> {
    query.map(|Query(value)| value).map_err(|error| Problem::fault("?", error.body_text()))
}

#[utoipa::path(get, path = "/v1/users", tag = "administration", security(("bearer" = ["users:manage"])), params(Page),
    responses((status = 200, description = "users, by id", body = [User])))]
/// Lists the organisation's users.
pub(super) async fn list_users(
    State(app): State<App>,
    caller: Caller<UsersManage>,
    page: Asked<Page>,
) -> Result<Json<Vec<User>>, Problem> {
    let page = asked(page)?;
    Ok(Json(users::list(&app.ledger, &caller.who.org, &page.after, page.limit()?).await?))
}

/// What is to be changed about a user.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct UserChange {
    /// `active` or `disabled`.
    status: Option<String>,
    /// Ids of the roles: exactly these.
    roles: Option<Vec<String>>,
}

#[utoipa::path(patch, path = "/v1/users/{id}", tag = "administration", security(("bearer" = ["users:manage"])),
    request_body = UserChange, params(("id" = String, Path, description = "the user")),
    responses((status = 200, description = "the user as it is now", body = User)))]
/// Enables or disables a user, or gives other roles; asks for a proof of presence. Both bite at once.
pub(super) async fn change_user(
    State(app): State<App>,
    caller: Caller<UsersManage>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<Json<User>, Problem> {
    let status = input.text_or_none("status", 1..=20);
    let chosen = input.texts("roles");
    if status.as_deref().is_some_and(|status| !["active", "disabled"].contains(&status)) {
        input.fault("status", "give active or disabled");
    }
    input.finish()?;
    caller.must_be_present(&app).await?;
    let active = status.map(|status| status == "active");
    let user = users::change(&app.ledger, &caller.who, &id, &Wanted { active, roles: chosen }).await?;
    Ok(Json(user))
}

#[utoipa::path(delete, path = "/v1/users/{id}/mfa", tag = "administration",
    security(("bearer" = ["users:manage"])), params(("id" = String, Path, description = "the user")),
    responses((status = 204, description = "removed; the user's sessions have ended")))]
/// Removes the second factor of a user who has lost it. Asks for a proof of presence.
pub(super) async fn reset_factor(
    State(app): State<App>,
    caller: Caller<UsersManage>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must_be_present(&app).await?;
    users::reset_factor(&app.ledger, &caller.who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is invited.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Invitation {
    /// Id of the role.
    role: String,
    /// Where the link is sent, by the organisation's provider of mail; it is shown as well.
    #[schema(max_length = 254)]
    email: Option<String>,
}

/// A one-time link, shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct Link {
    /// To be opened within three days.
    link: String,
}

#[utoipa::path(post, path = "/v1/invitations", tag = "administration", security(("bearer" = ["users:manage"])),
    request_body = Invitation, responses((status = 201, description = "a one-time link", body = Link)))]
/// Invites a user into a role. Requires a proof of presence.
pub(super) async fn invite(
    State(app): State<App>,
    caller: Caller<UsersManage>,
    mut input: Input,
) -> Result<(StatusCode, Json<Link>), Problem> {
    let role = input.text("role", 1..=64);
    let email = input.has("email").then(|| input.email("email"));
    input.finish()?;
    caller.must_be_present(&app).await?;
    let link = inviting::invite(&app.ledger, &caller.who, &role, (&app.config.public_url(), email.as_deref())).await?;
    app.wake_outbox.notify_waiters();
    Ok((StatusCode::CREATED, Json(Link { link })))
}

#[utoipa::path(get, path = "/v1/roles", tag = "administration", security(("bearer" = ["users:manage"])),
    responses((status = 200, description = "roles, by name", body = [Role])))]
/// Lists the organisation's roles.
pub(super) async fn list_roles(
    State(app): State<App>,
    caller: Caller<UsersManage>,
) -> Result<Json<Vec<Role>>, Problem> {
    Ok(Json(roles::list(&app.ledger, &caller.who.org).await?))
}

/// A new role.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewRole {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it allows.
    permissions: Vec<String>,
}

#[utoipa::path(post, path = "/v1/roles", tag = "administration", security(("bearer" = ["roles:manage"])),
    request_body = NewRole, responses((status = 201, description = "the role is made", body = Created)))]
/// Makes a role. Asks for a proof of presence.
pub(super) async fn create_role(
    State(app): State<App>,
    caller: Caller<RolesManage>,
    mut input: Input,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let name = input.text("name", 1..=100);
    let permissions = permissions(&mut input, &caller.who.permissions);
    input.finish()?;
    caller.must_be_present(&app).await?;
    let id = roles::add(&app.ledger, &caller.who, &name, &permissions).await?;
    Ok((StatusCode::CREATED, Json(Created { id })))
}

/// Of whom a second factor is demanded.
#[derive(ToSchema, Serialize)]
pub(super) struct Demand {
    /// From when on everybody must show one for anything but the own account, milliseconds since 1970; null: nobody must.
    from: Option<i64>,
}

#[utoipa::path(get, path = "/v1/second-factor-demand", tag = "administration", operation_id = "second_factor_demand",
    security(("bearer" = ["users:manage"])), responses((status = 200, description = "from when on", body = Demand)))]
/// Says whether everybody must have a second factor.
pub(super) async fn demand(State(app): State<App>, caller: Caller<UsersManage>) -> Result<Json<Demand>, Problem> {
    Ok(Json(Demand { from: demands::second_factor_from(&app.ledger, &caller.who.org).await? }))
}

/// From when on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct NewDemand {
    /// Milliseconds since 1970: give people time to set one up.
    #[schema(minimum = 0, maximum = 253_402_300_799_999_i64)]
    from: i64,
}

#[utoipa::path(put, path = "/v1/second-factor-demand", tag = "administration", operation_id = "demand_second_factor",
    security(("bearer" = ["roles:manage"])), request_body = NewDemand,
    responses((status = 204, description = "it is demanded from then on")))]
/// Demands a second factor of everybody from a moment on. Who demands it has shown one, and asks for a proof of presence.
pub(super) async fn set_demand(
    State(app): State<App>,
    caller: Caller<RolesManage>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let from = input.number("from", 0..=253_402_300_799_999, "missing: give milliseconds since 1970");
    input.finish()?;
    caller.must_be_present(&app).await?;
    if caller.who.factor_at.is_none() {
        return Err(Problem::fault("$.from", "set up a second factor of your own first, and sign in with it"));
    }
    demands::demand_second_factor(&app.ledger, &caller.who, Some(from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(delete, path = "/v1/second-factor-demand", tag = "administration", operation_id = "lift_second_factor_demand",
    security(("bearer" = ["roles:manage"])), responses((status = 204, description = "nobody must any longer")))]
/// Demands no second factor any longer. Asks for a proof of presence.
pub(super) async fn lift_demand(State(app): State<App>, caller: Caller<RolesManage>) -> Result<StatusCode, Problem> {
    caller.must_be_present(&app).await?;
    demands::demand_second_factor(&app.ledger, &caller.who, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a role shall allow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct RoleChange {
    /// Exactly these permissions.
    permissions: Vec<String>,
}

#[utoipa::path(put, path = "/v1/roles/{id}", tag = "administration", security(("bearer" = ["roles:manage"])),
    request_body = RoleChange, params(("id" = String, Path, description = "the role")),
    responses((status = 204, description = "changed, from the next request on")))]
/// Changes what a role allows; asks for a proof of presence. It bites at once.
pub(super) async fn change_role(
    State(app): State<App>,
    caller: Caller<RolesManage>,
    Path(id): Path<String>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let permissions = permissions(&mut input, &caller.who.permissions);
    input.finish()?;
    caller.must_be_present(&app).await?;
    roles::replace(&app.ledger, &caller.who, &id, &permissions).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Permissions that exist. Nobody gives away what they do not have.
fn permissions(input: &mut Input, own: &BTreeSet<String>) -> BTreeSet<String> {
    let Some(given) = input.texts("permissions") else {
        input.fault("permissions", "give a list of texts");
        return BTreeSet::new();
    };
    for (i, name) in given.iter().enumerate() {
        if !PERMISSIONS.iter().any(|(known, _)| known == name) {
            let known: Vec<&str> = PERMISSIONS.iter().map(|(name, _)| *name).collect();
            input.fault(&format!("permissions[{i}]"), format!("{name:?} is none of {}", known.join(", ")));
        } else if !own.contains(name) {
            input.fault(&format!("permissions[{i}]"), format!("{name:?} is not yours to give"));
        }
    }
    given.into_iter().collect()
}

#[utoipa::path(get, path = "/v1/audit", tag = "administration", security(("bearer" = ["audit:read"])), params(Page),
    responses((status = 200, description = "entries after the number `after`, in order", body = [Entry])))]
/// Reads the organisation's part of the audit log; `after` is an entry's number. The export is noted in the log.
pub(super) async fn audit_entries(
    State(app): State<App>,
    caller: Caller<AuditRead>,
    page: Asked<Page>,
) -> Result<Json<Vec<Entry>>, Problem> {
    let page = asked(page)?;
    let limit = page.limit()?;
    let after = if page.after.is_empty() { Some(0) } else { page.after.parse().ok().filter(|after: &i64| *after >= 0) };
    let after = after.ok_or_else(|| Problem::fault("?after", "give the number of an entry"))?;
    let by = (caller.who.org.as_str(), caller.who.user.as_str());
    Ok(Json(audit::export_own(&app.ledger, by, after, limit).await?))
}

/// What a verification found.
#[derive(Serialize, ToSchema)]
pub(super) struct Verified {
    /// The organisation's own entries.
    entries: i64,
    /// Whether the whole log is as it was written.
    valid: bool,
    /// What is wrong.
    reason: Option<String>,
}

#[utoipa::path(post, path = "/v1/audit/verify", tag = "administration", security(("bearer" = ["audit:read"])),
    responses((status = 200, description = "what was found", body = Verified)))]
/// Verifies the whole audit log. Where it is wrong, the command `audit verify` names the place.
pub(super) async fn audit_verify(State(app): State<App>, caller: Caller<AuditRead>) -> Result<Json<Verified>, Problem> {
    let (report, entries) = audit::verify_for(&app.ledger, &caller.who.org, &app.config.data).await?;
    Ok(Json(Verified { entries, valid: report.first_bad.is_none(), reason: report.reason }))
}
