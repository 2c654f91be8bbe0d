//! One-time links by which accounts are made.

use crate::audit::{self, Event};
use crate::auth::{Refusal, new_id, roles};
use crate::crypto::{KeyRing, bearer_hash, bearer_secret};
use crate::error::Error;
use crate::storage::{Connection, Store};

/// How long a link can be used, milliseconds.
const LIFE: i64 = 3 * 86_400_000;

/// What an invitation is for: the first user of a new organisation, or a role in an existing one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Invited<'a> {
    /// Administrator of an organisation that does not exist yet.
    Founder,
    /// Into an organisation, by a role's id.
    Member {
        /// The organisation.
        org: &'a str,
        /// The role.
        role: &'a str,
    },
}

/// Makes a link's secret; only its hash is stored.
pub(crate) async fn create(tx: &mut Connection, invited: Invited<'_>, now: i64) -> Result<String, Refusal> {
    let (org, role) = match invited {
        Invited::Founder => (None, None),
        Invited::Member { org, role } => {
            let known: Option<(String,)> = sqlx::query_as("SELECT id FROM roles WHERE id = $1 AND org_id = $2")
                .bind(role.to_owned())
                .bind(org.to_owned())
                .fetch_optional(&mut *tx)
                .await?;
            known.ok_or(Refusal::Missing)?;
            (Some(org.to_owned()), Some(role.to_owned()))
        }
    };
    let secret = bearer_secret()?;
    sqlx::query("INSERT INTO invitations (hash, org_id, role_id, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(bearer_hash(&secret))
        .bind(org)
        .bind(role)
        .bind(now + LIFE)
        .execute(tx)
        .await?;
    Ok(secret)
}

/// A link for the first administrator, if there is no user yet; links made before become void.
pub(crate) async fn founder_link(store: &Store, now: i64) -> Result<Option<String>, Refusal> {
    let mut tx = store.begin().await?;
    let (users,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM users").fetch_one(&mut *tx).await?;
    if users > 0 {
        return Ok(None);
    }
    sqlx::query("DELETE FROM invitations WHERE org_id IS NULL").execute(&mut *tx).await?;
    let secret = create(&mut tx, Invited::Founder, now).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// A new account.
#[derive(Clone, Debug)]
pub(crate) struct NewUser {
    /// The link's secret.
    pub(crate) link: String,
    /// Address, in lower case.
    pub(crate) email: String,
    /// Name.
    pub(crate) name: String,
    /// Name of the organisation, for the first user of one.
    pub(crate) organisation: String,
    /// Hash of the password.
    pub(crate) password_hash: String,
}

/// Whether a link can be used now.
pub(crate) async fn is_valid(connection: &mut Connection, link: &str, now: i64) -> Result<bool, Error> {
    let row: Option<(i64,)> =
        sqlx::query_as("SELECT expires_at FROM invitations WHERE hash = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(bearer_hash(link))
            .bind(now)
            .fetch_optional(connection)
            .await?;
    Ok(row.is_some())
}

/// Uses a link up and makes the account; gives the user's id.
pub(crate) async fn accept(store: &Store, ring: &KeyRing, user: NewUser, now: i64) -> Result<String, Refusal> {
    let mut tx = store.begin().await?;
    let link: Option<(Option<String>, Option<String>)> = sqlx::query_as(
        "UPDATE invitations SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1
         RETURNING org_id, role_id",
    )
    .bind(now)
    .bind(bearer_hash(&user.link))
    .fetch_optional(&mut *tx)
    .await?;
    let (org, role) = if let (Some(org), Some(role)) = link.ok_or(Refusal::Link)? {
        (org, role)
    } else {
        let org = new_id();
        sqlx::query("INSERT INTO organisations (id, name, created_at) VALUES ($1, $2, $3)")
            .bind(org.clone())
            .bind(user.organisation)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let role = roles::create_templates(&mut tx, &org).await?;
        (org, role)
    };
    let id = new_id();
    let inserted = sqlx::query(
        "INSERT INTO users (id, org_id, email, name, password_hash, status, created_at)
         VALUES ($1, $2, $3, $4, $5, 'active', $6)",
    )
    .bind(id.clone())
    .bind(org.clone())
    .bind(user.email)
    .bind(user.name)
    .bind(user.password_hash)
    .bind(now)
    .execute(&mut *tx)
    .await
    .map_err(Error::from);
    match inserted {
        Err(error) if error.is_conflict() => return Err(Refusal::Taken),
        other => other?,
    };
    sqlx::query("INSERT INTO user_roles (user_id, role_id) VALUES ($1, $2)")
        .bind(id.clone())
        .bind(role)
        .execute(&mut *tx)
        .await?;
    audit::append(&mut tx, ring, now, Event::new("user.created").by(&org, &id).on(&id)).await?;
    tx.commit().await?;
    Ok(id)
}
