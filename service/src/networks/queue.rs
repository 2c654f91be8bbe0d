//! Networks that wait to be prepared: rows, so that they outlive the process that accepted them and the one that prepares them.

use super::Format;
use crate::audit::{self, Event};
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{Connection, Store};

/// A network that was begun so often, and never ended, ends the process that prepares it: it is given up.
const MOST_ATTEMPTS: i64 = 3;

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

type Row = (String, String, String, String, String, i64);

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
        let oldest: Option<(String,)> = sqlx::query_as(
            "SELECT id FROM networks WHERE state = 'queued' OR (state = 'preparing' AND lease_until < $1)
             ORDER BY created_at, id LIMIT 1",
        )
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id,)) = oldest else { return Ok(None) };
        // Another one may have claimed it since: then there is no longer such a row.
        let row: Option<Row> = sqlx::query_as(
            "UPDATE networks SET state = 'preparing', worker = $1, lease_until = $2, attempts = attempts + 1
             WHERE id = $3 AND (state = 'queued' OR (state = 'preparing' AND lease_until < $4))
             RETURNING id, org_id, format, profile_toml, upload_sha256, attempts",
        )
        .bind(worker.to_owned())
        .bind(now + lease)
        .bind(id)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        let Some((id, org, format, profile_toml, upload_sha256, attempts)) = row else { continue };
        match Format::of_name(&format) {
            Some(format) if attempts <= MOST_ATTEMPTS => {
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
    let done = sqlx::query(
        "UPDATE networks SET progress = $1, lease_until = $2 WHERE id = $3 AND worker = $4 AND state = 'preparing'",
    )
    .bind(progress.to_owned())
    .bind(lease_until)
    .bind(id.to_owned())
    .bind(worker.to_owned())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
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
    let done = sqlx::query(
        "UPDATE networks SET state = 'failed', error = $1, finished_at = $2, stored_bytes = 0, progress = '{}'
         WHERE id = $3 AND worker = $4 AND state = 'preparing'",
    )
    .bind(why.to_owned())
    .bind(now)
    .bind(id.to_owned())
    .bind(worker.to_owned())
    .execute(&mut *tx)
    .await?;
    // No longer its own: nothing happened.
    if done.rows_affected() == 1 {
        tx.commit().await?;
    }
    Ok(())
}

/// Gives a network back to the queue: the process stops.
pub(super) async fn give_back(store: &Store, worker: &str, id: &str) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    sqlx::query(
        "UPDATE networks SET state = 'queued', worker = NULL, lease_until = 0, attempts = attempts - 1
         WHERE id = $1 AND worker = $2 AND state = 'preparing'",
    )
    .bind(id.to_owned())
    .bind(worker.to_owned())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Networks that wait, and networks that are being prepared, of all organisations.
pub(crate) async fn queue_length(connection: &mut Connection) -> Result<(i64, i64), Error> {
    let count =
        |state: &'static str| sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM networks WHERE state = $1").bind(state);
    let (queued,) = count("queued").fetch_one(&mut *connection).await?;
    let (preparing,) = count("preparing").fetch_one(connection).await?;
    Ok((queued, preparing))
}
