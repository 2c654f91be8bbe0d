//! Networks that wait to be prepared.

use super::Format;
use crate::audit::{self, Event};
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::queue::Queue;
use crate::storage::Store;

/// The networks that wait or are being prepared.
pub(crate) const QUEUE: Queue = Queue { table: "networks", busy: "preparing", most_attempts: 3 };

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
pub(super) async fn claim(
    store: &Store,
    ring: &KeyRing,
    worker: &str,
    now: i64,
    lease: i64,
) -> Result<Option<Claimed>, Error> {
    loop {
        let mut tx = store.begin().await?;
        let Some(claim) = QUEUE.claim(&mut tx, store, worker, (now, now + lease)).await? else { return Ok(None) };
        let id = claim.id;
        let (org, format, profile_toml, upload_sha256): (String, String, String, String) =
            sqlx::query_as("SELECT org_id, format, profile_toml, upload_sha256 FROM networks WHERE id = $1")
                .bind(id.clone())
                .fetch_one(&mut *tx)
                .await?;
        tx.commit().await?;
        match Format::of_name(&format) {
            Some(format) if !claim.is_hopeless => {
                return Ok(Some(Claimed { id, org, format, profile_toml, upload_sha256 }));
            }
            _ => {
                let why =
                    "preparing it was begun several times and never ended: is the map too large for this machine?";
                fail(store, ring, worker, (&org, &id), why, now).await?;
            }
        }
    }
}

/// Says that the preparer is alive, and how far it is. Gives whether the network is still its own.
pub(super) async fn report(
    store: &Store,
    worker: &str,
    id: &str,
    progress: &str,
    lease_until: i64,
) -> Result<bool, Error> {
    let mut tx = store.begin().await?;
    let is_own = QUEUE.report(&mut tx, (worker, id), progress, lease_until).await?;
    tx.commit().await?;
    Ok(is_own)
}

/// The network is ready, and replaces earlier versions. Gives whether it was still the preparer's own, and had room.
pub(super) async fn ready(
    store: &Store,
    ring: &KeyRing,
    (worker, claimed): (&str, &Claimed),
    made: &Made,
    (most_bytes, now): (u64, i64),
) -> Result<Result<(), &'static str>, Error> {
    let mut tx = store.begin().await?;
    let mut event = Event::new("network.ready").on(&claimed.id);
    event.org = Some(&claimed.org);
    audit::append(&mut tx, ring, now, event).await?;
    let (others,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(stored_bytes), 0) AS BIGINT) FROM networks WHERE org_id = $1 AND id <> $2",
    )
    .bind(claimed.org.clone())
    .bind(claimed.id.clone())
    .fetch_one(&mut *tx)
    .await?;
    if others.cast_unsigned().saturating_add(made.bytes) > most_bytes {
        return Ok(Err("the prepared network has no room beside the organisation's others: delete one"));
    }
    let done: Option<(String, i64)> = sqlx::query_as(
        "UPDATE networks SET state = 'ready', profile = $1, file_sha256 = $2, stored_bytes = $3, data_date = $4,
                             report = $5, finished_at = $6, progress = '{}'
         WHERE id = $7 AND worker = $8 AND state = 'preparing' RETURNING code, version",
    )
    .bind(made.profile.clone())
    .bind(made.sha256.clone())
    .bind(made.bytes.cast_signed())
    .bind(made.data_date)
    .bind(made.report.clone())
    .bind(now)
    .bind(claimed.id.clone())
    .bind(worker.to_owned())
    .fetch_optional(&mut *tx)
    .await?;
    let Some((code, version)) = done else { return Ok(Err("")) };
    sqlx::query(
        "UPDATE networks SET superseded = 1 WHERE org_id = $1 AND code = $2 AND version < $3 AND state = 'ready'",
    )
    .bind(claimed.org.clone())
    .bind(code)
    .bind(version)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The network cannot be prepared.
pub(super) async fn fail(
    store: &Store,
    ring: &KeyRing,
    worker: &str,
    (org, id): (&str, &str),
    why: &str,
    now: i64,
) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    let mut event = Event::new("network.failed").on(id);
    event.org = Some(org);
    audit::append(&mut tx, ring, now, event).await?;
    // No longer its own: nothing happened.
    if QUEUE.end(&mut tx, (worker, id), ("failed", Some(why)), now).await? {
        sqlx::query("UPDATE networks SET stored_bytes = 0, progress = '{}' WHERE id = $1")
            .bind(id.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}
