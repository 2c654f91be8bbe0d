//! Accounts, as administrators see them.

use std::collections::BTreeSet;

use serde::Serialize;

use serde_json::json;

use crate::audit::{self, Event};
use crate::auth::{Refusal, roles, sessions};
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{Connection, Store};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct User {
    /// Its id.
    pub(crate) id: String,
    /// E-mail address.
    pub(crate) email: String,
    /// Name.
    pub(crate) name: String,
    /// `active` or `disabled`.
    pub(crate) status: String,
}

type Row = (String, String, String, String);

fn user((id, email, name, status): Row) -> User {
    User { id, email, name, status }
}

/// All accounts of an organisation, after the id `after`.
pub(crate) async fn list(connection: &mut Connection, org: &str, after: &str, limit: i64) -> Result<Vec<User>, Error> {
    let query =
        sqlx::query_as("SELECT id, email, name, status FROM users WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    let rows: Vec<Row> = query.bind(org.to_owned()).bind(after.to_owned()).bind(limit).fetch_all(connection).await?;
    Ok(rows.into_iter().map(user).collect())
}

/// One account of an organisation.
pub(crate) async fn find(connection: &mut Connection, org: &str, id: &str) -> Result<User, Refusal> {
    let query = sqlx::query_as("SELECT id, email, name, status FROM users WHERE org_id = $1 AND id = $2");
    let row: Option<Row> = query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(connection).await?;
    row.map(user).ok_or(Refusal::Missing)
}

/// Refuses an account of the organisation that may do more than `own` allows.
pub(crate) async fn must_be_within(
    connection: &mut Connection,
    org: &str,
    id: &str,
    own: &BTreeSet<String>,
) -> Result<(), Refusal> {
    find(connection, org, id).await?;
    let theirs = roles::permissions(connection, id).await?;
    if theirs.is_subset(own) { Ok(()) } else { Err(Refusal::Beyond) }
}

/// Enables or disables an account of the organisation. A disabled account's sessions end.
pub(crate) async fn set_active(
    tx: &mut Connection,
    org: &str,
    id: &str,
    active: bool,
    now: i64,
) -> Result<(), Refusal> {
    let status = if active { "active" } else { "disabled" };
    let done = sqlx::query("UPDATE users SET status = $1 WHERE id = $2 AND org_id = $3")
        .bind(status)
        .bind(id.to_owned())
        .bind(org.to_owned())
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Refusal::Missing);
    }
    if !active {
        sessions::revoke_all(tx, id, None, now).await?;
    }
    Ok(())
}

/// Gives an account of the organisation exactly these roles of it.
pub(crate) async fn set_roles(tx: &mut Connection, org: &str, id: &str, roles: &[String]) -> Result<(), Refusal> {
    find(tx, org, id).await?;
    sqlx::query("DELETE FROM user_roles WHERE user_id = $1").bind(id.to_owned()).execute(&mut *tx).await?;
    for role in roles {
        let done = sqlx::query(
            "INSERT INTO user_roles (user_id, role_id)
             SELECT CAST($1 AS TEXT), id FROM roles WHERE id = $2 AND org_id = $3 ON CONFLICT DO NOTHING",
        )
        .bind(id.to_owned())
        .bind(role.clone())
        .bind(org.to_owned())
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Refusal::Missing);
        }
    }
    Ok(())
}

/// The active users who have the role `admin`: nobody else can give all permissions. Whoever else changes the organisation's
/// users waits until this transaction has ended, so that two changes do not each rely on what the other takes away.
pub(crate) async fn administrators(tx: &mut Connection, org: &str) -> Result<i64, Error> {
    sqlx::query("UPDATE organisations SET name = name WHERE id = $1").bind(org.to_owned()).execute(&mut *tx).await?;
    let (administrators,) = sqlx::query_as(
        "SELECT COUNT(DISTINCT u.id) FROM users u JOIN user_roles g ON g.user_id = u.id JOIN roles r ON r.id = g.role_id
         WHERE u.org_id = $1 AND u.status = 'active' AND r.name = $2",
    )
    .bind(org.to_owned())
    .bind(roles::ADMIN)
    .fetch_one(tx)
    .await?;
    Ok(administrators)
}

/// Refuses a change that takes the last of the organisation's active administrators away, of whom there were `before`.
pub(crate) async fn an_administrator_remains(tx: &mut Connection, org: &str, before: i64) -> Result<(), Refusal> {
    if before == 0 || administrators(tx, org).await? > 0 {
        return Ok(());
    }
    Err(Refusal::NotAllowed("at least one active user with the role admin must remain"))
}

/// Makes a user an active administrator, by a command: of an organisation that has lost its last one. With `all`, the other
/// roles that every organisation starts with allow again what they do there.
pub(crate) async fn restore(store: &Store, ring: &KeyRing, email: &str, all: bool, now: i64) -> Result<User, Refusal> {
    let mut tx = store.begin().await?;
    let row: Option<(String, String)> = sqlx::query_as("SELECT id, org_id FROM users WHERE email = $1")
        .bind(email.to_owned())
        .fetch_optional(&mut *tx)
        .await?;
    let (id, org) = row.ok_or(Refusal::Missing)?;
    let admin = roles::restore_templates(&mut tx, &org, all).await?;
    sqlx::query("UPDATE users SET status = 'active' WHERE id = $1").bind(id.clone()).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO user_roles (user_id, role_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(id.clone())
        .bind(admin)
        .execute(&mut *tx)
        .await?;
    let mut event = Event::new("organisation.restored").on(&id).with(json!({"roles": all}));
    event.org = Some(&org);
    audit::append(&mut tx, ring, now, event).await?;
    let user = find(&mut tx, &org, &id).await?;
    tx.commit().await?;
    Ok(user)
}

/// The stored hash of a user's password.
pub(crate) async fn password_hash(connection: &mut Connection, id: &str) -> Result<String, Refusal> {
    let row: Option<(String,)> = sqlx::query_as("SELECT password_hash FROM users WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    Ok(row.ok_or(Refusal::Missing)?.0)
}

/// Stores another password's hash.
pub(crate) async fn set_password(tx: &mut Connection, id: &str, hash: String) -> Result<(), Error> {
    sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2").bind(hash).bind(id.to_owned()).execute(tx).await?;
    Ok(())
}
