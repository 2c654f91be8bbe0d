//! Secrets of second factors at rest: from plaintext to encrypted, from key to key, and the proof of both.
//!
//! Releases before encryption stored secrets as base32 text. The steps away from there: the schema makes room
//! (*expand*), [`migrate`] seals row by row while the service runs, [`verify`] proves that all is well, [`finish`] makes
//! plaintext impossible and scrubs the files (*contract*). Until then [`rollback`] leads back.

mod finish;
mod migrate;
mod rotate;
mod scrub;
mod verify;

pub(crate) use finish::{finish, rollback};
pub(crate) use migrate::migrate;
pub(crate) use rotate::rotate;
pub(crate) use scrub::{Keys, scrub_check};
pub(crate) use verify::verify;

use crate::error::Error;
use crate::storage::factors::StoredFactor;
use crate::storage::{Connection, NEWEST, Secrets as _, Store};

/// Rows that one transaction works on.
const BATCH: i64 = 500;

/// Sees to it that plaintext stays impossible where the migration is finished. A database without factors has nothing
/// to migrate: there it is finished from the start.
pub(crate) async fn enforce(store: &Store) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    if tx.count_factors().await? == 0 || tx.is_plaintext_forbidden().await? {
        tx.forbid_plaintext(store, true).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The next factors after the id `after`, in order.
async fn page(connection: &mut Connection, after: &str) -> Result<Vec<StoredFactor>, Error> {
    connection.stored_factors(NEWEST, after, BATCH).await
}

/// How many factors are stored as plaintext, and how many sealed.
pub(crate) async fn counts(connection: &mut Connection) -> Result<(i64, i64), Error> {
    connection.count_secrets().await
}
