//! What is to be sent to outside systems, and what became of it.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::queue::Queue;
use crate::error::Error;
use crate::traces;

/// What waits to be sent, or is being sent. A row that was begun so often ends the process that sends it.
pub(crate) const QUEUE: Queue =
    Queue { table: "outbox", busy: "sending", ready: "state = 'queued' AND due_at <= $3", most_attempts: 100 };

/// What is to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewOutgoing<'a> {
    /// Its id: also the key by which a provider knows it again.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// `message`, `mail`, `webhook`, `invoice` or `route`.
    pub(crate) kind: &'static str,
    /// The endpoint of a webhook, the invoice, or the day and vehicle of a route; else empty.
    pub(crate) target: &'a str,
    /// Names what caused it: the same cause has one row.
    pub(crate) cause: &'a str,
    /// What it says, sealed.
    pub(crate) sealed: &'a [u8],
    /// When it is due, milliseconds since 1970.
    pub(crate) due_at: i64,
}

/// What is sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    /// Its id.
    pub(crate) id: String,
    /// The organisation.
    pub(crate) org: String,
    /// `message`, `mail`, `webhook`, `invoice` or `route`.
    pub(crate) kind: String,
    /// The endpoint of a webhook, the invoice, or the day and vehicle of a route.
    pub(crate) target: String,
    /// What it says, sealed.
    pub(crate) sealed: Vec<u8>,
    /// How often it was begun.
    pub(crate) attempts: i64,
    /// What may be of it at the provider.
    pub(crate) remains: i64,
}

/// Nothing of a row is at the provider.
pub(crate) const NOTHING: i64 = 0;
/// What was sent is there.
pub(crate) const WHAT_WAS_SENT: i64 = 1;
/// What was sent is there, or an attempt whose end is unknown may still bring it.
pub(crate) const UNCERTAIN: i64 = 2;

/// What was or is to be sent, as it is answered: without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Sent {
    /// Its id.
    pub(crate) id: String,
    /// `message`, `mail`, `webhook`, `invoice` or `route`.
    pub(crate) kind: String,
    /// What caused it.
    pub(crate) cause: String,
    /// `queued`, `sending`, `sent` or `dead`.
    pub(crate) state: String,
    /// How often it was begun.
    pub(crate) attempts: i64,
    /// When it is sent next, or was to be, milliseconds since 1970.
    pub(crate) due_at: i64,
    /// Who took it.
    pub(crate) provider: String,
    /// The provider's name for it.
    pub(crate) reference: String,
    /// What the provider has told since: `delivered`, or `failed`: it will never arrive; empty: nothing of the kind.
    pub(crate) delivery: String,
    /// What was wrong last.
    pub(crate) error: Option<String>,
    /// When it was written.
    pub(crate) created_at: i64,
    /// When it was sent, or given up.
    pub(crate) finished_at: Option<i64>,
}

type OutgoingRow = (String, String, String, String, Vec<u8>, i64, i64);

fn outgoing((id, org, kind, target, sealed, attempts, remains): OutgoingRow) -> Outgoing {
    Outgoing { id, org, kind, target, sealed, attempts, remains }
}

type Row = (String, String, String, String, i64, i64, String, String, String, Option<String>, i64, Option<i64>);

/// What becomes of a row that could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Later<'a> {
    /// When it is due again.
    pub(crate) due_at: i64,
    /// Whether the attempt counts.
    pub(crate) counts: bool,
    /// What was wrong.
    pub(crate) error: &'a str,
}

/// The outbox.
pub(crate) trait Outbox {
    /// Writes what is to be sent. What has the same cause is there already, and nothing changes. Gives whether it is new.
    async fn enqueue(&mut self, new: NewOutgoing<'_>, now: i64) -> Result<bool, Error>;

    /// A row that was claimed.
    async fn outgoing(&mut self, id: &str) -> Result<Option<Outgoing>, Error>;

    /// Whether something of the same kind for the same target was written after a row.
    async fn is_superseded(&mut self, row: &Outgoing) -> Result<bool, Error>;

    /// Whether an older row of the same kind for the same target is being sent at this time.
    async fn is_preceded(&mut self, row: &Outgoing, now: i64) -> Result<bool, Error>;

    /// Says that the worker's row is about to be sent, so that something of it may be at the provider from now on. Gives whether it was still
    /// its own.
    async fn begin_outgoing(&mut self, of: (&str, &str)) -> Result<bool, Error>;

    /// Older rows of the same kind for the same target of which something may be at the provider, and what: first those of which
    /// that is certain, then the newest.
    async fn remaining(&mut self, row: &Outgoing, limit: i64) -> Result<Vec<(String, i64)>, Error>;

    /// Says what may be at the provider of a row, which was sent, and that what was sent of older ones is gone.
    async fn set_remains(&mut self, row: &Outgoing, remains: i64) -> Result<(), Error>;

    /// Takes out what waits to be sent, or was given up, of a kind for a target. Gives whether nothing of it is being sent.
    async fn take_out(&mut self, org: &str, kind: &str, target: &str) -> Result<bool, Error>;

    /// Holds what was given up of a kind for a target until the transaction ends: nobody has it sent again meanwhile. Gives its id.
    async fn hold_dead(&mut self, org: &str, kind: &str, target: &str) -> Result<Option<String>, Error>;

    /// Says that a row that was given up was sent after all.
    async fn dead_was_sent(&mut self, id: &str, provider: &str, reference: &str, now: i64) -> Result<(), Error>;

    /// Says that the worker's row was sent. Gives whether it was still its own.
    async fn mark_sent(&mut self, of: (&str, &str), provider: &str, reference: &str, now: i64) -> Result<bool, Error>;

    /// Puts the worker's row off. Gives whether it was still its own.
    async fn put_off_outgoing(&mut self, of: (&str, &str), later: Later<'_>) -> Result<bool, Error>;

    /// Rows of an organisation in a state, or in any if it is empty, the newest first.
    async fn outbox_rows(&mut self, org: &str, state: &str, limit: i64) -> Result<Vec<Sent>, Error>;

    /// Has a row that was given up sent again. Gives whether there was such a row.
    async fn revive_outgoing(&mut self, org: &str, id: &str, now: i64) -> Result<bool, Error>;

    /// Rows of an organisation that wait, by kind, and that were given up.
    async fn outbox_counts(&mut self, org: &str) -> Result<Vec<(String, i64, i64)>, Error>;

    /// Code, vehicle and telephone of the drivers who have both.
    async fn reachable_drivers(&mut self, org: &str) -> Result<Vec<(String, String, String)>, Error>;

    /// Rows of an organisation that are letters, and were not sent.
    async fn unsent_letters(&mut self, org: &str) -> Result<Vec<Outgoing>, Error>;

    /// Forgets a row.
    async fn drop_outgoing(&mut self, id: &str) -> Result<(), Error>;

    /// Rows of all organisations that were given up.
    async fn count_dead(&mut self) -> Result<i64, Error>;
}

impl Outbox for Connection {
    async fn enqueue(&mut self, new: NewOutgoing<'_>, now: i64) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO outbox (id, org_id, kind, target, cause, sealed, state, due_at, created_at, trace)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(new.id.to_owned())
        .bind(new.org.to_owned())
        .bind(new.kind)
        .bind(new.target.to_owned())
        .bind(new.cause.to_owned())
        .bind(new.sealed.to_vec())
        .bind(new.due_at)
        .bind(now)
        .bind(traces::current())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn outgoing(&mut self, id: &str) -> Result<Option<Outgoing>, Error> {
        let text = "SELECT id, org_id, kind, target, sealed, attempts, remains FROM outbox WHERE id = $1";
        let row: Option<OutgoingRow> = sqlx::query_as(text).bind(id.to_owned()).fetch_optional(self).await?;
        Ok(row.map(outgoing))
    }

    async fn is_superseded(&mut self, row: &Outgoing) -> Result<bool, Error> {
        let found: Option<(i64,)> = sqlx::query_as(
            "SELECT CAST(1 AS BIGINT) FROM outbox o JOIN outbox newer
                 ON newer.org_id = o.org_id AND newer.kind = o.kind AND newer.target = o.target AND newer.created_at > o.created_at
             WHERE o.id = $1 LIMIT 1",
        )
        .bind(row.id.clone())
        .fetch_optional(self)
        .await?;
        Ok(found.is_some())
    }

    async fn is_preceded(&mut self, row: &Outgoing, now: i64) -> Result<bool, Error> {
        let found: Option<(i64,)> = sqlx::query_as(
            "SELECT CAST(1 AS BIGINT) FROM outbox o JOIN outbox older
                 ON older.org_id = o.org_id AND older.kind = o.kind AND older.target = o.target AND older.created_at < o.created_at
             WHERE o.id = $1 AND older.state = 'sending' AND older.lease_until >= $2 LIMIT 1",
        )
        .bind(row.id.clone())
        .bind(now)
        .fetch_optional(self)
        .await?;
        Ok(found.is_some())
    }

    async fn begin_outgoing(&mut self, (worker, id): (&str, &str)) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE outbox SET remains = $3 WHERE id = $1 AND worker = $2 AND state = 'sending'");
        let done = query.bind(id.to_owned()).bind(worker.to_owned()).bind(UNCERTAIN).execute(self).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn remaining(&mut self, row: &Outgoing, limit: i64) -> Result<Vec<(String, i64)>, Error> {
        let rows = sqlx::query_as(
            "SELECT older.id, older.remains FROM outbox o JOIN outbox older
                 ON older.org_id = o.org_id AND older.kind = o.kind AND older.target = o.target AND older.created_at < o.created_at
             WHERE o.id = $1 AND older.remains > 0 ORDER BY older.remains, older.created_at DESC LIMIT $2",
        )
        .bind(row.id.clone())
        .bind(limit)
        .fetch_all(self)
        .await?;
        Ok(rows)
    }

    async fn set_remains(&mut self, row: &Outgoing, remains: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE outbox SET remains = $2 WHERE id = $1").bind(row.id.clone()).bind(remains);
        query.execute(&mut *self).await?;
        sqlx::query(
            "UPDATE outbox SET remains = $5 WHERE org_id = $1 AND kind = $2 AND target = $3 AND remains = $6
                 AND created_at < (SELECT created_at FROM outbox WHERE id = $4)",
        )
        .bind(row.org.clone())
        .bind(row.kind.clone())
        .bind(row.target.clone())
        .bind(row.id.clone())
        .bind(NOTHING)
        .bind(WHAT_WAS_SENT)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn take_out(&mut self, org: &str, kind: &str, target: &str) -> Result<bool, Error> {
        let of = "org_id = $1 AND kind = $2 AND target = $3 AND state";
        let out = AssertSqlSafe(format!("DELETE FROM outbox WHERE {of} IN ('queued', 'dead')"));
        let query = sqlx::query(out).bind(org.to_owned()).bind(kind.to_owned()).bind(target.to_owned());
        query.execute(&mut *self).await?;
        let left = AssertSqlSafe(format!("SELECT COUNT(*) FROM outbox WHERE {of} <> 'sent'"));
        let query = sqlx::query_as(left).bind(org.to_owned()).bind(kind.to_owned()).bind(target.to_owned());
        let (left,): (i64,) = query.fetch_one(self).await?;
        Ok(left == 0)
    }

    async fn hold_dead(&mut self, org: &str, kind: &str, target: &str) -> Result<Option<String>, Error> {
        let row: Option<(String,)> = sqlx::query_as(
            "UPDATE outbox SET state = state WHERE org_id = $1 AND kind = $2 AND target = $3 AND state = 'dead' RETURNING id",
        )
        .bind(org.to_owned())
        .bind(kind.to_owned())
        .bind(target.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(|(id,)| id))
    }

    async fn dead_was_sent(&mut self, id: &str, provider: &str, reference: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE outbox SET state = 'sent', provider = $2, reference = $3, error = NULL, finished_at = $4, sealed = $5
             WHERE id = $1 AND state = 'dead'",
        )
        .bind(id.to_owned())
        .bind(provider.to_owned())
        .bind(reference.to_owned())
        .bind(now)
        .bind(Vec::<u8>::new())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn mark_sent(
        &mut self,
        (worker, id): (&str, &str),
        provider: &str,
        reference: &str,
        now: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE outbox SET state = 'sent', provider = $3, reference = $4, error = NULL, finished_at = $5, sealed = $6
             WHERE id = $1 AND worker = $2 AND state = 'sending'",
        )
        .bind(id.to_owned())
        .bind(worker.to_owned())
        .bind(provider.to_owned())
        .bind(reference.to_owned())
        .bind(now)
        // It may name people, and is needed no longer.
        .bind(Vec::<u8>::new())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn put_off_outgoing(&mut self, (worker, id): (&str, &str), later: Later<'_>) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE outbox SET state = 'queued', worker = NULL, lease_until = 0, due_at = $3, attempts = attempts - $4,
                               error = $5
             WHERE id = $1 AND worker = $2 AND state = 'sending'",
        )
        .bind(id.to_owned())
        .bind(worker.to_owned())
        .bind(later.due_at)
        .bind(i64::from(!later.counts))
        .bind(later.error.to_owned())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn outbox_rows(&mut self, org: &str, state: &str, limit: i64) -> Result<Vec<Sent>, Error> {
        // What the provider tells may come before it is noted here that it was sent: so it is joined when it is read. Where it tells both,
        // the worse word counts: it comes later in the alphabet.
        let text = "SELECT id, kind, cause, state, attempts, due_at, provider, reference,
                           COALESCE((SELECT MAX(e.fate) FROM webhook_events e
                                     WHERE e.org_id = o.org_id AND e.provider = o.provider AND e.reference = o.reference
                                       AND e.fate IN ('delivered', 'failed')), ''),
                           error, created_at, finished_at
                    FROM outbox o WHERE org_id = $1 AND ($2 = '' OR state = $2) ORDER BY created_at DESC, id DESC LIMIT $3";
        let rows: Vec<Row> =
            sqlx::query_as(text).bind(org.to_owned()).bind(state.to_owned()).bind(limit).fetch_all(self).await?;
        let read = |row: Row| {
            let (
                id,
                kind,
                cause,
                state,
                attempts,
                due_at,
                provider,
                reference,
                delivery,
                error,
                created_at,
                finished_at,
            ) = row;
            Sent {
                id,
                kind,
                cause,
                state,
                attempts,
                due_at,
                provider,
                reference,
                delivery,
                error,
                created_at,
                finished_at,
            }
        };
        Ok(rows.into_iter().map(read).collect())
    }

    async fn revive_outgoing(&mut self, org: &str, id: &str, now: i64) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE outbox SET state = 'queued', worker = NULL, lease_until = 0, attempts = 0, due_at = $3,
                               finished_at = NULL
             WHERE org_id = $1 AND id = $2 AND state = 'dead'",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn outbox_counts(&mut self, org: &str) -> Result<Vec<(String, i64, i64)>, Error> {
        Ok(sqlx::query_as(
            "SELECT kind, COUNT(CASE WHEN state IN ('queued', 'sending') THEN 1 END), COUNT(CASE WHEN state = 'dead' THEN 1 END)
             FROM outbox WHERE org_id = $1 AND state <> 'sent' GROUP BY kind",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?)
    }

    async fn reachable_drivers(&mut self, org: &str) -> Result<Vec<(String, String, String)>, Error> {
        Ok(sqlx::query_as(
            "SELECT code, vehicle, phone FROM drivers WHERE org_id = $1 AND vehicle <> '' AND phone <> '' ORDER BY code",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?)
    }

    async fn unsent_letters(&mut self, org: &str) -> Result<Vec<Outgoing>, Error> {
        let rows: Vec<OutgoingRow> = sqlx::query_as(
            "SELECT id, org_id, kind, target, sealed, attempts, remains FROM outbox
             WHERE org_id = $1 AND kind = 'mail' AND state <> 'sent' ORDER BY id",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(outgoing).collect())
    }

    async fn drop_outgoing(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn count_dead(&mut self) -> Result<i64, Error> {
        let (dead,) = sqlx::query_as("SELECT COUNT(*) FROM outbox WHERE state = 'dead'").fetch_one(self).await?;
        Ok(dead)
    }
}
