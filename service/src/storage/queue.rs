//! Queues that are tables, so that what waits outlives the process that accepted it and the one that works on it. Whoever works
//! on a row claims it for a while, and again and again; if that ends, another one takes it up.

use sqlx::AssertSqlSafe;

use super::{Connection, Store};
use crate::error::Error;

/// A table with the columns `id`, `state`, `worker`, `lease_until`, `attempts`, `progress`, `error`, `trace`, `created_at`
/// and `finished_at`, whose rows wait in the state `queued`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue {
    /// The table's name.
    pub(crate) table: &'static str,
    /// Which rows wait, as a condition; `$3` is now.
    pub(crate) ready: &'static str,
    /// The state of a row that is worked on.
    pub(crate) busy: &'static str,
    /// A row that was begun so often, and never ended, ends the process that works on it: it is to be given up.
    pub(crate) most_attempts: i64,
}

/// Every row in the state `queued` waits.
pub(crate) const ANY: &str = "state = 'queued'";

/// A row that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Its id.
    pub(crate) id: String,
    /// Whether it has been begun too often.
    pub(crate) is_hopeless: bool,
    /// What asked for it, if that was traced: see [`traces::current`](crate::traces::current).
    pub(crate) trace: Option<String>,
}

impl Queue {
    /// Claims the oldest row that waits, or whose worker has not been heard of since its time was over, until `until`.
    pub(crate) async fn claim(
        &self,
        tx: &mut Connection,
        store: &Store,
        worker: &str,
        (now, until): (i64, i64),
    ) -> Result<Option<Claim>, Error> {
        let Self { table, ready, busy, most_attempts } = self;
        let statement = format!(
            "UPDATE {table} SET state = '{busy}', worker = $1, lease_until = $2, attempts = attempts + 1
             WHERE id = (SELECT id FROM {table}
                         WHERE ({ready}) OR (state = '{busy}' AND lease_until < $3)
                         ORDER BY created_at, id LIMIT 1 {})
             RETURNING id, attempts, trace",
            store.backend().skip_locked()
        );
        let row: Option<(String, i64, Option<String>)> = sqlx::query_as(AssertSqlSafe(statement))
            .bind(worker.to_owned())
            .bind(until)
            .bind(now)
            .fetch_optional(tx)
            .await?;
        Ok(row.map(|(id, attempts, trace)| Claim { id, is_hopeless: attempts > *most_attempts, trace }))
    }

    /// Says that the worker is alive, and how far it is. Gives whether the row is still its own.
    pub(crate) async fn report(
        &self,
        tx: &mut Connection,
        (worker, id): (&str, &str),
        progress: &str,
        until: i64,
    ) -> Result<bool, Error> {
        self.update(tx, "progress = $3, lease_until = $4", (worker, id), progress, until).await
    }

    /// Ends the worker's row in a state, with the reason if it is not done. Gives whether it was still its own.
    pub(crate) async fn end(
        &self,
        tx: &mut Connection,
        (worker, id): (&str, &str),
        (state, error): (&'static str, Option<&str>),
        now: i64,
    ) -> Result<bool, Error> {
        let set = format!("state = '{state}', error = NULLIF($3, ''), finished_at = $4");
        self.update(tx, &set, (worker, id), error.unwrap_or_default(), now).await
    }

    async fn update(
        &self,
        tx: &mut Connection,
        set: &str,
        (worker, id): (&str, &str),
        text: &str,
        number: i64,
    ) -> Result<bool, Error> {
        let Self { table, busy, .. } = self;
        // Names and states are constants of this program; values are bound.
        let statement = format!("UPDATE {table} SET {set} WHERE id = $1 AND worker = $2 AND state = '{busy}'");
        let query = sqlx::query(AssertSqlSafe(statement)).bind(id.to_owned()).bind(worker.to_owned());
        let done = query.bind(text.to_owned()).bind(number).execute(tx).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives the worker's row back: the process stops. It does not count as an attempt.
    pub(crate) async fn give_back(&self, store: &Store, worker: &str, id: &str) -> Result<(), Error> {
        let Self { table, busy, .. } = self;
        let statement = format!(
            "UPDATE {table} SET state = 'queued', worker = NULL, lease_until = 0, attempts = attempts - 1
             WHERE id = $1 AND worker = $2 AND state = '{busy}'"
        );
        let mut tx = store.begin().await?;
        sqlx::query(AssertSqlSafe(statement)).bind(id.to_owned()).bind(worker.to_owned()).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Rows that wait, and rows that are worked on, of all organisations.
    pub(crate) async fn length(&self, store: &Store) -> Result<(i64, i64), Error> {
        let Self { table, busy, .. } = self;
        let statement = format!(
            "SELECT COUNT(CASE WHEN state = 'queued' THEN 1 END), COUNT(CASE WHEN state = '{busy}' THEN 1 END)
             FROM {table} WHERE state IN ('queued', '{busy}')"
        );
        Ok(sqlx::query_as(AssertSqlSafe(statement)).fetch_one(&mut *store.connection().await?).await?)
    }
}
