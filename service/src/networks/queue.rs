//! Networks that wait to be prepared.

use super::Format;
use crate::audit::{Event, Ledger};
use crate::error::Error;
use crate::storage::Networks as _;
use crate::storage::networks::{QUEUE, ReadyNetwork};

/// A network that a preparer has claimed.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) id: String,
    pub(super) org: String,
    pub(super) format: Format,
    /// The profile's definition; empty where the network has its own.
    pub(super) profile_toml: String,
    /// SHA-256 of what was uploaded.
    pub(super) upload_sha256: String,
    /// What asked for it, if that was traced.
    pub(super) trace: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// The name of the profile.
    pub(super) profile: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) data_date: Option<i64>,
    /// What it has, as JSON.
    pub(super) report: String,
}

/// Claims the oldest network that waits, or whose preparer has not been heard of.
pub(super) async fn claim(ledger: &Ledger, worker: &str, lease: i64) -> Result<Option<Claimed>, Error> {
    loop {
        let mut change = ledger.begin().await?;
        let now = change.now();
        let claim = QUEUE.claim(&mut change, &ledger.store, worker, (now, now + lease)).await?;
        let Some(claim) = claim else { return Ok(None) };
        let id = claim.id;
        let (org, format, profile_toml, upload_sha256) = change.network_task(&id).await?;
        change.commit().await?;
        match Format::of_name(&format) {
            Some(format) if !claim.is_hopeless => {
                return Ok(Some(Claimed { id, org, format, profile_toml, upload_sha256, trace: claim.trace }));
            }
            _ => {
                let why =
                    "preparing it was begun several times and never ended: is the map too large for this machine?";
                fail(ledger, worker, (&org, &id), why).await?;
            }
        }
    }
}

/// Says that the preparer is alive, and how far it is. Gives whether the network is still its own.
pub(super) async fn report(ledger: &Ledger, worker: &str, id: &str, progress: &str, lease: i64) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    let until = change.now() + lease;
    let is_own = QUEUE.report(&mut change, (worker, id), progress, until).await?;
    change.commit().await?;
    Ok(is_own)
}

/// The network is ready, and replaces earlier versions. Gives whether it was still the preparer's own, and had room.
pub(super) async fn ready(
    ledger: &Ledger,
    (worker, claimed): (&str, &Claimed),
    made: &Made,
    most_bytes: u64,
) -> Result<Result<(), &'static str>, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    // Whoever else appends waits here: no two networks share the last room.
    change.note(Event::new("network.ready").of(&claimed.org).on(&claimed.id)).await?;
    let others = change.network_bytes_beside(&claimed.org, &claimed.id).await?;
    if others.cast_unsigned().saturating_add(made.bytes) > most_bytes {
        return Ok(Err("the prepared network has no room beside the organisation's others: delete one"));
    }
    let row = ReadyNetwork {
        profile: &made.profile,
        file: (&made.sha256, made.bytes.cast_signed()),
        data_date: made.data_date,
        report: &made.report,
    };
    let done = change.finish_network((worker, &claimed.id), &row, now).await?;
    let Some((code, version)) = done else { return Ok(Err("")) };
    change.supersede_networks(&claimed.org, &code, version).await?;
    change.commit().await?;
    Ok(Ok(()))
}

/// The network cannot be prepared.
pub(super) async fn fail(ledger: &Ledger, worker: &str, (org, id): (&str, &str), why: &str) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    // No longer its own: nothing happened.
    if QUEUE.end(&mut change, (worker, id), ("failed", Some(why)), now).await? {
        change.clear_network(id).await?;
        change.commit_with(Event::new("network.failed").of(org).on(id)).await?;
    }
    Ok(())
}
