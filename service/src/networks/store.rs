//! Networks that are added, chosen and deleted.

use serde_json::json;

use super::Format;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::storage::networks::NewNetwork;
use crate::storage::{Connection, Networks as _};

pub(crate) use crate::storage::networks::{Found, Network};

/// Whether a code can be planned with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Usable {
    /// By this version.
    Ready(Found),
    /// Not yet: the first version is being prepared.
    Pending,
    /// No: no version is ready, and the last one failed with this.
    Failed(String),
    /// There is none of this code.
    Missing,
}

/// A network to be made.
#[derive(Clone, Debug)]
pub(crate) struct Order<'a> {
    /// The organisation, and who uploads.
    pub(crate) by: (&'a str, &'a str),
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation's own name for it.
    pub(crate) code: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// What was uploaded.
    pub(crate) format: Format,
    /// The profile's name and definition.
    pub(crate) profile: (&'a str, &'a str),
    /// Bytes of the upload, and SHA-256 of it.
    pub(crate) upload: (u64, &'a str),
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Too many networks.
    TooMany,
    /// No room for so many bytes.
    NoRoom,
    /// There is no such network.
    Missing,
    /// Something needs it: what.
    InUse(String),
}

/// Makes a network that waits to be prepared, as the next version of its code. Failed versions of the code go.
pub(crate) async fn add(
    ledger: &Ledger,
    order: &Order<'_>,
    (most, most_bytes): (i64, u64),
) -> Result<Result<Network, Refused>, Error> {
    let (org, user) = order.by;
    let mut change = ledger.begin().await?;
    // Whoever else appends waits here: no two uploads share the last room.
    let detail = json!({"code": order.code, "bytes": order.upload.0, "sha256": order.upload.1});
    change.note(Event::new("network.uploaded").by(org, user).on(order.id).with(detail)).await?;
    change.drop_failed_networks(org, order.code).await?;
    let (bytes, count) = change.network_room(org).await?;
    if count >= most {
        return Ok(Err(Refused::TooMany));
    }
    if bytes.cast_unsigned().saturating_add(order.upload.0) > most_bytes {
        return Ok(Err(Refused::NoRoom));
    }
    let new = NewNetwork {
        by: order.by,
        id: order.id,
        code: order.code,
        name: order.name,
        format: order.format.name(),
        profile: order.profile,
        upload: (order.upload.0.cast_signed(), order.upload.1),
        created_at: change.now(),
    };
    change.insert_network(&new).await?;
    let made = change.network(org, order.code).await?;
    change.commit().await?;
    Ok(made.ok_or(Refused::Missing))
}

/// Bytes that an organisation's networks have in the data folder.
pub(crate) async fn bytes_of(ledger: &Ledger, org: &str) -> Result<u64, Error> {
    Ok(ledger.connection().await?.network_room(org).await?.0.cast_unsigned())
}

/// All networks of an organisation, by code, the newest version first.
pub(crate) async fn list(ledger: &Ledger, org: &str) -> Result<Vec<Network>, Error> {
    ledger.connection().await?.networks(org).await
}

/// The newest version of an organisation's network.
pub(crate) async fn find(ledger: &Ledger, org: &str, code: &str) -> Result<Option<Network>, Error> {
    ledger.connection().await?.network(org, code).await
}

/// What plans would use of a code.
pub(crate) async fn usable(connection: &mut Connection, org: &str, code: &str) -> Result<Usable, Error> {
    if let Some(ready) = connection.ready_network(org, code).await? {
        return Ok(Usable::Ready(ready));
    }
    Ok(match connection.network(org, code).await? {
        None => Usable::Missing,
        Some(Network { state, error, .. }) if state == "failed" => Usable::Failed(error.unwrap_or_default()),
        Some(_) => Usable::Pending,
    })
}

/// The code of the organisation's usual network; empty if it has none.
pub(crate) async fn usual(ledger: &Ledger, org: &str) -> Result<String, Error> {
    ledger.connection().await?.usual_network(org).await
}

/// Makes a network the organisation's usual one; none, if the code is empty. Gives whether there is such a network.
pub(crate) async fn choose_usual(ledger: &Ledger, who: &Identity, code: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    if !code.is_empty() && change.network(&who.org, code).await?.is_none() {
        return Ok(false);
    }
    change.set_usual_network(&who.org, code).await?;
    let event = Event::new("network.usual").by(&who.org, &who.user).with(json!({"code": code}));
    change.commit_with(event).await?;
    Ok(true)
}

/// What needs a network, in words; nothing if it may be deleted.
async fn users_of(connection: &mut Connection, org: &str, code: &str) -> Result<Option<String>, Error> {
    const NAMED: usize = 10;
    let depots = connection.depots_on_network(org, code, NAMED as i64 + 1).await?;
    if !depots.is_empty() {
        let more = if depots.len() > NAMED { ", and others" } else { "" };
        let named = depots[..depots.len().min(NAMED)].join(", ");
        return Ok(Some(format!("vehicles of the depots {named}{more} drive on it: choose another for them")));
    }
    if connection.usual_network(org).await? == code {
        return Ok(Some("it is the organisation's usual network: choose another first".to_owned()));
    }
    let jobs = connection.jobs_on_network(org, code).await?;
    Ok((jobs > 0).then(|| "a plan is being made on it: wait for it, or cancel it".to_owned()))
}

/// Deletes all versions of a network, unless something needs it; gives their ids, whose files are then to be removed.
pub(crate) async fn delete(ledger: &Ledger, who: &Identity, code: &str) -> Result<Result<Vec<String>, Refused>, Error> {
    let mut change = ledger.begin().await?;
    if change.network(&who.org, code).await?.is_none() {
        return Ok(Err(Refused::Missing));
    }
    if let Some(users) = users_of(&mut change, &who.org, code).await? {
        return Ok(Err(Refused::InUse(users)));
    }
    let ids = change.delete_networks(&who.org, code).await?;
    change.commit_with(Event::new("network.deleted").by(&who.org, &who.user).on(code)).await?;
    Ok(Ok(ids))
}

/// Deletes versions that a newer one has replaced and that no job needs; gives their organisations and ids, and the ids of all
/// that have files.
pub(crate) async fn sweep(ledger: &Ledger) -> Result<(Vec<(String, String)>, Vec<String>), Error> {
    let mut change = ledger.begin().await?;
    let gone = change.sweep_networks().await?;
    let left = change.networks_with_files().await?;
    change.commit().await?;
    Ok((gone, left))
}
