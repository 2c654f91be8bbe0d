//! Roles: named sets of permissions, each organisation's own, looked up at every request.

use std::collections::BTreeSet;

use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::Refusal;
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::{Connection, Roles as _};

pub(crate) use crate::storage::accounts::Role;

/// Every permission there is, with what it allows.
pub(crate) const PERMISSIONS: [(&str, &str); 15] = [
    ("users:manage", "invite, disable and enable users, give them roles, reset their second factors"),
    ("roles:manage", "create and change roles"),
    ("audit:read", "read and verify the audit log"),
    ("fleet:read", "view depots, disposal sites, vehicles, drivers and bins"),
    ("fleet:write", "import and delete them"),
    ("networks:manage", "upload and delete street networks, choose the usual one"),
    ("readings:write", "report fill levels"),
    ("plans:read", "view jobs, plans and analytics"),
    ("plans:write", "start and cancel jobs, choose and adapt the plan of a day, delete plans"),
    ("forecasts:manage", "define features, start and cancel forecasts, train, promote and retire their models"),
    ("stops:confirm", "say which stops of a day were done or missed"),
    ("routes:drive", "see and report the stops of the vehicle that one is assigned to, and nothing else"),
    ("providers:manage", "set up providers and webhooks, see what was sent and what was given up"),
    ("billing:manage", "say who pays, and draft, read, approve, delete and withdraw invoices"),
    ("data:manage", "say how long things are kept, see what is stored about a user, erase it"),
];

/// The role that has all permissions, and cannot be changed.
pub(crate) const ADMIN: &str = "admin";

/// The role of who drives, and sees nothing but the own route.
pub(crate) const DRIVER: &str = "driver";

/// What lets a user be assigned to a vehicle.
pub(crate) const DRIVES: &str = "routes:drive";

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
            "forecasts:manage",
            "stops:confirm",
            "routes:drive",
            "providers:manage",
            "billing:manage",
            "data:manage",
        ],
    ),
    (
        "planner",
        &[
            "fleet:read",
            "fleet:write",
            "readings:write",
            "plans:read",
            "plans:write",
            "forecasts:manage",
            "stops:confirm",
        ],
    ),
    ("viewer", &["fleet:read", "plans:read"]),
    (DRIVER, &["routes:drive"]),
];

/// Makes the roles of a new organisation; gives the id of `admin`.
pub(crate) async fn create_templates(tx: &mut Connection, org: &str) -> Result<String, Error> {
    let mut admin = String::new();
    for (name, permissions) in TEMPLATES {
        let id = create(tx, org, name, permissions).await?;
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
        let id = match tx.role_of_name(org, name).await? {
            Some(id) => {
                tx.set_permissions(&id, permissions).await?;
                id
            }
            None => create(tx, org, name, permissions).await?,
        };
        if name == ADMIN {
            admin = id;
        }
    }
    Ok(admin)
}

/// Makes a role; gives its id.
async fn create(tx: &mut Connection, org: &str, name: &str, permissions: &[&str]) -> Result<String, Error> {
    let id = new_id();
    tx.insert_role(org, &id, name).await?;
    tx.set_permissions(&id, permissions).await?;
    Ok(id)
}

/// All roles of an organisation, by name.
pub(crate) async fn list(ledger: &Ledger, org: &str) -> Result<Vec<Role>, Error> {
    ledger.connection().await?.roles(org).await
}

/// Makes a role, with permissions that the caller has; gives its id.
pub(crate) async fn add(
    ledger: &Ledger,
    who: &Identity,
    name: &str,
    permissions: &BTreeSet<String>,
) -> Result<String, Refusal> {
    let mut change = ledger.begin().await?;
    let allowed: Vec<&str> = permissions.iter().map(String::as_str).collect();
    let id = match create(&mut change, &who.org, name, &allowed).await {
        Err(error) if error.is_conflict() => return Err(Refusal::RoleTaken),
        other => other?,
    };
    let event = Event::new("role.created").by(&who.org, &who.user).on(&id).with(json!({"permissions": permissions}));
    change.commit_with(event).await?;
    Ok(id)
}

/// Replaces what a role of the organisation allows. `admin` cannot be changed, so that administrators can always repair
/// mistakes; and nobody changes a role that allows what they may not do themselves.
pub(crate) async fn replace(
    ledger: &Ledger,
    who: &Identity,
    id: &str,
    permissions: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let mut change = ledger.begin().await?;
    let all = change.roles(&who.org).await?;
    let role = all.iter().find(|role| role.id == id).ok_or(Refusal::Missing)?;
    if role.name == ADMIN {
        return Err(Refusal::NotAllowed("the role admin cannot be changed"));
    }
    if !role.permissions.is_subset(&who.permissions) {
        return Err(Refusal::Beyond);
    }
    change.set_permissions(id, &permissions.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let event = Event::new("role.changed").by(&who.org, &who.user).on(id).with(json!({"permissions": permissions}));
    Ok(change.commit_with(event).await?)
}

/// Refuses roles of the organisation that allow more than `own`: users cannot grant permissions that they do not have.
pub(crate) async fn must_be_within(
    connection: &mut Connection,
    org: &str,
    roles: &[String],
    own: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let all = connection.roles(org).await?;
    let beyond = all.iter().any(|role| roles.contains(&role.id) && !role.permissions.is_subset(own));
    if beyond { Err(Refusal::Beyond) } else { Ok(()) }
}
