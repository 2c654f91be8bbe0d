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

use crate::auth::factors::{Factor, is_plaintext_forbidden};
use crate::error::Error;
use crate::storage::{Connection, NEWEST, Store};

/// Rows that one transaction works on.
const BATCH: i64 = 500;

/// Stores whether plaintext secrets may be, and lets the database see to it.
async fn set_forbidden(tx: &mut Connection, store: &Store, forbidden: bool) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ('mfa_plaintext', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(if forbidden { "forbidden" } else { "allowed" })
    .execute(&mut *tx)
    .await?;
    let backend = store.backend();
    for statement in if forbidden { backend.forbid_plaintext() } else { backend.allow_plaintext() } {
        sqlx::query(*statement).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Sees to it that plaintext stays impossible where the migration is finished. A database without factors has nothing
/// to migrate: there it is finished from the start.
pub(crate) async fn enforce(store: &Store) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    let (factors,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM factors").fetch_one(&mut *tx).await?;
    if factors == 0 || is_plaintext_forbidden(&mut tx).await? {
        set_forbidden(&mut tx, store, true).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// How many factors are stored as plaintext, and how many sealed.
pub(crate) async fn counts(connection: &mut Connection) -> Result<(i64, i64), Error> {
    let row = sqlx::query_as("SELECT COUNT(secret_plain), COUNT(secret_ct) FROM factors").fetch_one(connection).await?;
    Ok(row)
}

/// A factor with how it is stored.
struct Stored {
    factor: Factor,
    plain: Option<String>,
    sealed: Option<Vec<u8>>,
    key_id: Option<Vec<u8>>,
}

/// The next factors after the id `after`, in order.
async fn page(connection: &mut Connection, after: &str) -> Result<Vec<Stored>, Error> {
    page_of(connection, NEWEST, after).await
}

/// The same at a version of the schema: the first one has no sealed secrets.
async fn page_of(connection: &mut Connection, version: i64, after: &str) -> Result<Vec<Stored>, Error> {
    type Row = (String, String, String, Option<String>, Option<Vec<u8>>, Option<Vec<u8>>);
    let statement = if version < 2 {
        "SELECT id, org_id, user_id, secret_plain, NULL, NULL FROM factors WHERE id > $1 ORDER BY id LIMIT $2"
    } else {
        "SELECT id, org_id, user_id, secret_plain, secret_ct, key_id FROM factors WHERE id > $1 ORDER BY id LIMIT $2"
    };
    let rows: Vec<Row> = sqlx::query_as(statement).bind(after.to_owned()).bind(BATCH).fetch_all(connection).await?;
    let stored =
        |(id, org, user, plain, sealed, key_id)| Stored { factor: Factor { id, org, user }, plain, sealed, key_id };
    Ok(rows.into_iter().map(stored).collect())
}
