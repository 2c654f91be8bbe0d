//! One-time links by which accounts are made.

use crate::audit::{Event, Ledger};
use crate::auth::{Refusal, roles};
use crate::crypto::{bearer_hash, bearer_secret};
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::accounts::NewAccount;
use crate::storage::{Accounts as _, Connection, Invitations as _, Roles as _, Store};

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
    let into = match invited {
        Invited::Founder => None,
        Invited::Member { org, role } => {
            if !tx.has_role(org, role).await? {
                return Err(Refusal::Missing);
            }
            Some((org, role))
        }
    };
    let secret = bearer_secret()?;
    tx.insert_link(&bearer_hash(&secret), into, now + LIFE).await?;
    Ok(secret)
}

/// A link for the first administrator, if there is no user yet; links made before become void.
pub(crate) async fn founder_link(store: &Store, now: i64) -> Result<Option<String>, Refusal> {
    let mut tx = store.begin().await?;
    if tx.count_users().await? > 0 {
        return Ok(None);
    }
    tx.drop_founder_links().await?;
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
    connection.is_link_valid(&bearer_hash(link), now).await
}

/// Uses a link up and makes the account; gives the user's id.
pub(crate) async fn accept(ledger: &Ledger, user: NewUser) -> Result<String, Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let link = change.use_link(&bearer_hash(&user.link), now).await?;
    let (org, role) = if let (Some(org), Some(role)) = link.ok_or(Refusal::Link)? {
        (org, role)
    } else {
        let org = new_id();
        change.insert_organisation(&org, &user.organisation, now).await?;
        let role = roles::create_templates(&mut change, &org).await?;
        (org, role)
    };
    let id = new_id();
    let NewUser { email, name, password_hash, .. } = &user;
    match change.insert_user(&NewAccount { id: &id, org: &org, email, name, password_hash }, now).await {
        Err(error) if error.is_conflict() => return Err(Refusal::Taken),
        other => other?,
    }
    change.give_role(&org, &id, &role).await?;
    change.commit_with(Event::new("user.created").by(&org, &id).on(&id)).await?;
    Ok(id)
}
