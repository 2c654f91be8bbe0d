//! Accounts, as administrators see them.

use std::collections::BTreeSet;

use serde_json::json;

use crate::audit::{self, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, factors, roles};
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::notices::{self, Changed};
use crate::storage::{Accounts as _, Connection, Roles as _, Sessions as _, Store};

pub(crate) use crate::storage::accounts::User;

const ACTIVE: &str = "active";
const DISABLED: &str = "disabled";

/// The accounts of an organisation, after the id `after`.
pub(crate) async fn list(ledger: &Ledger, org: &str, after: &str, limit: i64) -> Result<Vec<User>, Error> {
    ledger.connection().await?.users(org, after, limit).await
}

/// One account of an organisation.
async fn find(connection: &mut Connection, org: &str, id: &str) -> Result<User, Refusal> {
    connection.user(org, id).await?.ok_or(Refusal::Missing)
}

/// What is to be changed about an account.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Whether it is to be active.
    pub(crate) active: Option<bool>,
    /// The ids of its roles: exactly these.
    pub(crate) roles: Option<Vec<String>>,
}

/// Enables or disables an account of the caller's organisation, or gives it other roles. Nobody changes an account
/// that may do more than themselves, and an administrator remains.
pub(crate) async fn change(ledger: &Ledger, who: &Identity, id: &str, wanted: &Wanted) -> Result<User, Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let before = administrators(&mut change, &who.org).await?;
    must_be_within(&mut change, &who.org, id, &who.permissions).await?;
    if let Some(active) = wanted.active {
        set_active(&mut change, &who.org, id, active, now).await?;
    }
    if let Some(chosen) = &wanted.roles {
        roles::must_be_within(&mut change, &who.org, chosen, &who.permissions).await?;
        set_roles(&mut change, &who.org, id, chosen).await?;
    }
    let user = find(&mut change, &who.org, id).await?;
    an_administrator_remains(&mut change, &who.org, before).await?;
    let status = wanted.active.map(|active| if active { ACTIVE } else { DISABLED });
    let detail = json!({"status": status, "roles": wanted.roles});
    change.commit_with(Event::new("user.changed").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(user)
}

/// Removes the second factor of a user who has lost it. All sessions of the user end.
pub(crate) async fn reset_factor(ledger: &Ledger, who: &Identity, id: &str) -> Result<(), Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    must_be_within(&mut change, &who.org, id, &who.permissions).await?;
    factors::remove(&mut change, id, None, now).await?;
    notices::tell(&mut change, &ledger.ring, (&who.org, id), Changed::FactorReset, now).await?;
    Ok(change.commit_with(Event::new("factor.reset").by(&who.org, &who.user).on(id)).await?)
}

/// Refuses an account of the organisation that may do more than `own` allows.
pub(crate) async fn must_be_within(
    connection: &mut Connection,
    org: &str,
    id: &str,
    own: &BTreeSet<String>,
) -> Result<(), Refusal> {
    find(connection, org, id).await?;
    let theirs = connection.permissions(id).await?;
    if theirs.is_subset(own) { Ok(()) } else { Err(Refusal::Beyond) }
}

/// Enables or disables an account of the organisation. A disabled account's sessions end.
async fn set_active(tx: &mut Connection, org: &str, id: &str, active: bool, now: i64) -> Result<(), Refusal> {
    if !tx.set_status(org, id, if active { ACTIVE } else { DISABLED }).await? {
        return Err(Refusal::Missing);
    }
    if !active {
        tx.end_sessions(id, None, now).await?;
    }
    Ok(())
}

/// Gives an account of the organisation exactly these roles of it.
async fn set_roles(tx: &mut Connection, org: &str, id: &str, roles: &[String]) -> Result<(), Refusal> {
    find(tx, org, id).await?;
    tx.take_roles(id).await?;
    for role in roles {
        if !tx.give_role(org, id, role).await? {
            return Err(Refusal::Missing);
        }
    }
    Ok(())
}

/// The active users who have the role `admin`: nobody else can give all permissions. Whoever else changes the organisation's
/// users waits until this transaction has ended, so that two changes do not each rely on what the other takes away.
pub(crate) async fn administrators(tx: &mut Connection, org: &str) -> Result<i64, Error> {
    tx.hold_organisation(org).await?;
    tx.count_with_role(org, roles::ADMIN).await
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
    let account = tx.account(email).await?.ok_or(Refusal::Missing)?;
    let (id, org) = (account.user, account.org);
    let admin = roles::restore_templates(&mut tx, &org, all).await?;
    tx.set_status(&org, &id, ACTIVE).await?;
    tx.give_role(&org, &id, &admin).await?;
    let event = Event::new("organisation.restored").of(&org).on(&id).with(json!({"roles": all}));
    audit::append(&mut tx, ring, now, event).await?;
    let user = find(&mut tx, &org, &id).await?;
    tx.commit().await?;
    Ok(user)
}
