//! What grows with every day, and its end.

use std::collections::BTreeMap;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// What grows old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aged {
    /// Readings of fill levels.
    Readings,
    /// Jobs that have ended.
    Jobs,
    /// Sessions that are over, with their refresh tokens.
    SignIns,
    /// What was new or odd about sign-ins.
    SignInHistory,
    /// Rows of the outbox that were sent or given up.
    Messages,
    /// What providers have told.
    Events,
    /// Invoices that were sent.
    Invoices,
}

impl Aged {
    /// The table, the columns of its key, and which rows of an organisation (`$1`) are older than a time (`$2`). Readings are
    /// found bin by bin.
    const fn rows(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Readings => ("readings", "at", "org_id = $1 AND at < $2 AND bin_code = $4"),
            Self::Jobs => (
                "plan_jobs",
                "id",
                "org_id = $1 AND created_at < $2 AND finished_at < $2 AND state IN ('done', 'failed', 'cancelled')",
            ),
            Self::SignIns => (
                "sessions",
                "id",
                "user_id IN (SELECT id FROM users WHERE org_id = $1) AND (expires_at < $2 OR revoked_at < $2)",
            ),
            Self::SignInHistory => ("sign_ins", "id", "org_id = $1 AND at < $2"),
            // An invoice that was refused is sent again from there, once what was wrong is mended.
            Self::Messages => (
                "outbox",
                "id",
                "org_id = $1 AND state IN ('sent', 'dead') AND finished_at < $2 AND (kind <> 'invoice' OR state = 'sent')",
            ),
            // One that was withdrawn was never sent.
            Self::Invoices => {
                ("invoices", "id", "org_id = $1 AND (sent_at < $2 OR (sent_at IS NULL AND settled_at < $2))")
            }
            Self::Events => ("webhook_events", "account_id, event_id", "org_id = $1 AND received_at < $2"),
        }
    }
}

/// Bins whose readings are examined in one transaction.
const BINS: usize = 1_000;

/// For how long things are kept, and their end.
pub(crate) trait Retention {
    /// The ids of all organisations.
    async fn organisation_ids(&mut self) -> Result<Vec<String>, Error>;

    /// For how many days an organisation keeps things, by kind, where it has said so.
    async fn retention(&mut self, org: &str) -> Result<BTreeMap<String, i64>, Error>;

    /// Replaces that.
    async fn set_retention(&mut self, org: &str, days: &BTreeMap<String, i64>) -> Result<(), Error>;

    /// Whether an organisation has something from before a time. Readings are those of bins after the code `after`.
    async fn has_aged(&mut self, aged: Aged, org: &str, before: i64, after: &str) -> Result<bool, Error>;

    /// Deletes about so many rows of an organisation from before a time. Gives how many, and of readings the last bin that has
    /// none left; `None`: of others.
    async fn delete_aged(
        &mut self,
        aged: Aged,
        org: &str,
        from: (i64, &str),
        limit: i64,
    ) -> Result<(u64, Option<String>), Error>;
}

impl Retention for Connection {
    async fn organisation_ids(&mut self) -> Result<Vec<String>, Error> {
        let ids: Vec<(String,)> = sqlx::query_as("SELECT id FROM organisations ORDER BY id").fetch_all(self).await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    async fn retention(&mut self, org: &str) -> Result<BTreeMap<String, i64>, Error> {
        let query = sqlx::query_as("SELECT kind, days FROM retention WHERE org_id = $1").bind(org.to_owned());
        let rows: Vec<(String, i64)> = query.fetch_all(self).await?;
        Ok(rows.into_iter().collect())
    }

    async fn set_retention(&mut self, org: &str, days: &BTreeMap<String, i64>) -> Result<(), Error> {
        sqlx::query("DELETE FROM retention WHERE org_id = $1").bind(org.to_owned()).execute(&mut *self).await?;
        let rows: Vec<[Value; 3]> = days.iter().map(|(kind, days)| [org.into(), kind.into(), (*days).into()]).collect();
        rows::insert(self, "retention (org_id, kind, days)", "", &rows).await
    }

    async fn has_aged(&mut self, aged: Aged, org: &str, before: i64, after: &str) -> Result<bool, Error> {
        if aged == Aged::Readings {
            return Ok(next_bin(self, org, before, after).await?.is_some());
        }
        let (table, _, which) = aged.rows();
        let statement = format!("SELECT CAST(1 AS BIGINT) FROM {table} WHERE {which} LIMIT 1");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).bind(before);
        let row: Option<(i64,)> = query.fetch_optional(self).await?;
        Ok(row.is_some())
    }

    async fn delete_aged(
        &mut self,
        aged: Aged,
        org: &str,
        (before, after): (i64, &str),
        limit: i64,
    ) -> Result<(u64, Option<String>), Error> {
        if aged != Aged::Readings {
            return Ok((delete(self, aged, org, (before, ""), limit).await?, None));
        }
        let (mut deleted, mut after) = (0, after.to_owned());
        for _ in 0..BINS {
            let Some(bin) = next_bin(self, org, before, &after).await? else { break };
            let left = limit - deleted as i64;
            let now = delete(self, aged, org, (before, &bin), left).await?;
            deleted += now;
            if now as i64 == left {
                // It may have more.
                break;
            }
            after = bin;
        }
        Ok((deleted, Some(after)))
    }
}

/// The next bin of an organisation, by code, that has a reading from before a time. The first reading of each bin is its oldest:
/// no others are read.
async fn next_bin(connection: &mut Connection, org: &str, before: i64, after: &str) -> Result<Option<String>, Error> {
    let mut after = after.to_owned();
    loop {
        let query = sqlx::query_as(
            "SELECT bin_code, at FROM readings WHERE org_id = $1 AND bin_code > $2 ORDER BY bin_code, at LIMIT 1",
        );
        let row: Option<(String, i64)> =
            query.bind(org.to_owned()).bind(after).fetch_optional(&mut *connection).await?;
        match row {
            None => return Ok(None),
            Some((bin, at)) if at < before => return Ok(Some(bin)),
            Some((bin, _)) => after = bin,
        }
    }
}

async fn delete(
    connection: &mut Connection,
    aged: Aged,
    org: &str,
    (before, bin): (i64, &str),
    limit: i64,
) -> Result<u64, Error> {
    let (table, key, which) = aged.rows();
    let of_bin = if aged == Aged::Readings { "org_id = $1 AND bin_code = $4 AND" } else { "" };
    let statement =
        format!("DELETE FROM {table} WHERE {of_bin} ({key}) IN (SELECT {key} FROM {table} WHERE {which} LIMIT $3)");
    let mut query = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).bind(before).bind(limit);
    if aged == Aged::Readings {
        query = query.bind(bin.to_owned());
    }
    Ok(query.execute(connection).await?.rows_affected())
}
