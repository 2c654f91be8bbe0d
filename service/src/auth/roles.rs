//! Roles: named sets of permissions, each organisation's own, looked up at every request.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::auth::{Refusal, new_id};
use crate::error::Error;
use crate::storage::Connection;

/// Every permission there is, with what it allows.
pub(crate) const PERMISSIONS: [(&str, &str); 10] = [
    ("users:manage", "invite, disable and enable users, give them roles, reset their second factors"),
    ("roles:manage", "create and change roles"),
    ("audit:read", "read and verify the audit log"),
    ("fleet:read", "view depots, disposal sites, vehicles, drivers and bins"),
    ("fleet:write", "import and delete them"),
    ("networks:manage", "upload and delete street networks, choose the usual one"),
    ("readings:write", "report fill levels"),
    ("plans:read", "view jobs, plans and analytics"),
    ("plans:write", "start and cancel jobs, choose and adapt the plan of a day, delete plans"),
    ("stops:confirm", "say which stops of a day were done or missed"),
];

/// The role that has all permissions, and cannot be changed.
pub(crate) const ADMIN: &str = "admin";

/// The roles that a new organisation starts with.
const TEMPLATES: [(&str, &[&str]); 4] = [
    (
        ADMIN,
        &[
            "users:manage",
            "roles:manage",
            "audit:read",
            "fleet:read",
            "fleet:write",
            "networks:manage",
            "readings:write",
            "plans:read",
            "plans:write",
            "stops:confirm",
        ],
    ),
    ("planner", &["fleet:read", "fleet:write", "readings:write", "plans:read", "plans:write", "stops:confirm"]),
    ("viewer", &["fleet:read", "plans:read"]),
    ("driver", &["plans:read", "stops:confirm"]),
];

/// A role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Role {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// What it allows.
    pub(crate) permissions: BTreeSet<String>,
}

/// Makes the roles of a new organisation; gives the id of `admin`.
pub(crate) async fn create_templates(tx: &mut Connection, org: &str) -> Result<String, Error> {
    let mut admin = String::new();
    for (name, permissions) in TEMPLATES {
        let id = create(tx, org, name, permissions.iter().copied()).await?;
        if name == ADMIN {
            admin = id;
        }
    }
    Ok(admin)
}

/// Gives `admin`, and with `all` the other roles that an organisation starts with, what they allow at the start; makes those
/// that are missing. Gives the id of `admin`.
pub(crate) async fn restore_templates(tx: &mut Connection, org: &str, all: bool) -> Result<String, Error> {
    let mut admin = String::new();
    for (name, permissions) in TEMPLATES.into_iter().filter(|(name, _)| all || *name == ADMIN) {
        let known: Option<(String,)> = sqlx::query_as("SELECT id FROM roles WHERE org_id = $1 AND name = $2")
            .bind(org.to_owned())
            .bind(name)
            .fetch_optional(&mut *tx)
            .await?;
        let id = match known {
            Some((id,)) => {
                revoke(tx, &id).await?;
                grant(tx, &id, permissions.iter().copied()).await?;
                id
            }
            None => create(tx, org, name, permissions.iter().copied()).await?,
        };
        if name == ADMIN {
            admin = id;
        }
    }
    Ok(admin)
}

/// Makes a role; gives its id.
pub(crate) async fn create<'a>(
    tx: &mut Connection,
    org: &str,
    name: &str,
    permissions: impl Iterator<Item = &'a str>,
) -> Result<String, Error> {
    let id = new_id();
    sqlx::query("INSERT INTO roles (id, org_id, name) VALUES ($1, $2, $3)")
        .bind(id.clone())
        .bind(org.to_owned())
        .bind(name.to_owned())
        .execute(&mut *tx)
        .await?;
    grant(tx, &id, permissions).await?;
    Ok(id)
}

async fn grant<'a>(tx: &mut Connection, role: &str, permissions: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    for permission in permissions {
        sqlx::query("INSERT INTO role_permissions (role_id, permission) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(role.to_owned())
            .bind(permission.to_owned())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn revoke(tx: &mut Connection, role: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM role_permissions WHERE role_id = $1").bind(role.to_owned()).execute(tx).await?;
    Ok(())
}

/// Replaces what a role of the organisation allows. `admin` cannot be changed, so that administrators can always repair
/// mistakes; and nobody changes a role that allows what they may not do themselves.
pub(crate) async fn replace(
    tx: &mut Connection,
    org: &str,
    id: &str,
    permissions: &BTreeSet<String>,
    own: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let all = list(tx, org).await?;
    let role = all.iter().find(|role| role.id == id).ok_or(Refusal::Missing)?;
    if role.name == ADMIN {
        return Err(Refusal::NotAllowed("the role admin cannot be changed"));
    }
    if !role.permissions.is_subset(own) {
        return Err(Refusal::Beyond);
    }
    revoke(tx, id).await?;
    grant(tx, id, permissions.iter().map(String::as_str)).await?;
    Ok(())
}

/// Refuses roles of the organisation that allow more than `own`: users cannot grant permissions that they do not have.
pub(crate) async fn must_be_within(
    connection: &mut Connection,
    org: &str,
    roles: &[String],
    own: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let all = list(connection, org).await?;
    let beyond = all.iter().any(|role| roles.contains(&role.id) && !role.permissions.is_subset(own));
    if beyond { Err(Refusal::Beyond) } else { Ok(()) }
}

/// All roles of an organisation, by name.
pub(crate) async fn list(connection: &mut Connection, org: &str) -> Result<Vec<Role>, Error> {
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "SELECT r.id, r.name, p.permission FROM roles r LEFT JOIN role_permissions p ON p.role_id = r.id
         WHERE r.org_id = $1 ORDER BY r.name, p.permission",
    )
    .bind(org.to_owned())
    .fetch_all(connection)
    .await?;
    let mut roles: Vec<Role> = Vec::new();
    for (id, name, permission) in rows {
        if roles.last().is_none_or(|role| role.id != id) {
            roles.push(Role { id, name, permissions: BTreeSet::new() });
        }
        if let (Some(role), Some(permission)) = (roles.last_mut(), permission) {
            role.permissions.insert(permission);
        }
    }
    Ok(roles)
}

/// What a user may do.
pub(crate) async fn permissions(connection: &mut Connection, user: &str) -> Result<BTreeSet<String>, Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT p.permission FROM user_roles u JOIN role_permissions p ON p.role_id = u.role_id
         WHERE u.user_id = $1",
    )
    .bind(user.to_owned())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|(permission,)| permission).collect())
}
