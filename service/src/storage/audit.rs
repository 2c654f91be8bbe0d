//! The audit log. What it must say, and how it is signed, is the business of [`crate::audit`].

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Connection;
use crate::error::Error;

/// An entry as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Entry {
    /// Place in the log, or among the organisation's own entries: from 1, without gaps.
    pub(crate) seq: i64,
    /// When, milliseconds since 1970.
    pub(crate) at: i64,
    /// The organisation.
    pub(crate) org_id: Option<String>,
    /// The user who did it.
    pub(crate) actor: Option<String>,
    /// What was done.
    pub(crate) action: String,
    /// To whom or what.
    pub(crate) subject: Option<String>,
    /// What else is to be said, as JSON.
    pub(crate) detail: String,
    /// The signature over the entry and the one before it.
    #[serde(serialize_with = "hex")]
    #[schema(value_type = String)]
    pub(crate) mac: Vec<u8>,
}

fn hex<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&data_encoding::HEXLOWER.encode(bytes))
}

const COLUMNS: &str = "seq, at, org_id, actor, action, subject, detail, mac";

type Row = (i64, i64, Option<String>, Option<String>, String, Option<String>, String, Vec<u8>);

fn entry((seq, at, org_id, actor, action, subject, detail, mac): Row) -> Entry {
    Entry { seq, at, org_id, actor, action, subject, detail, mac }
}

/// The audit log, to whose end entries come.
pub(crate) trait AuditLog {
    /// Takes the next number; gives it and the signature of the entry before. Whoever else takes one waits until this transaction has
    /// ended.
    async fn next_entry(&mut self) -> Result<(i64, Vec<u8>), Error>;

    /// Writes the entry of the number that was taken.
    async fn insert_entry(&mut self, entry: &Entry) -> Result<(), Error>;

    /// Number and signature of the last entry.
    async fn last_entry(&mut self) -> Result<(i64, Vec<u8>), Error>;

    /// Entries of the whole log after the number `after`, in order.
    async fn entries(&mut self, after: i64, limit: i64) -> Result<Vec<Entry>, Error>;

    /// An organisation's own entries after the first `after` of them, in order.
    async fn own_entries(&mut self, org: &str, after: i64, limit: i64) -> Result<Vec<Entry>, Error>;

    /// How many entries are an organisation's own.
    async fn count_own_entries(&mut self, org: &str) -> Result<i64, Error>;
}

impl AuditLog for Connection {
    async fn next_entry(&mut self) -> Result<(i64, Vec<u8>), Error> {
        let query = sqlx::query_as("UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, mac");
        Ok(query.fetch_one(self).await?)
    }

    async fn insert_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        let text = format!("INSERT INTO audit_log ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        sqlx::query(AssertSqlSafe(text))
            .bind(entry.seq)
            .bind(entry.at)
            .bind(entry.org_id.clone())
            .bind(entry.actor.clone())
            .bind(entry.action.clone())
            .bind(entry.subject.clone())
            .bind(entry.detail.clone())
            .bind(entry.mac.clone())
            .execute(&mut *self)
            .await?;
        sqlx::query("UPDATE audit_head SET mac = $1 WHERE id = 1").bind(entry.mac.clone()).execute(self).await?;
        Ok(())
    }

    async fn last_entry(&mut self) -> Result<(i64, Vec<u8>), Error> {
        Ok(sqlx::query_as("SELECT seq, mac FROM audit_head WHERE id = 1").fetch_one(self).await?)
    }

    async fn entries(&mut self, after: i64, limit: i64) -> Result<Vec<Entry>, Error> {
        let text = format!("SELECT {COLUMNS} FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2");
        let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(text)).bind(after).bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(entry).collect())
    }

    async fn own_entries(&mut self, org: &str, after: i64, limit: i64) -> Result<Vec<Entry>, Error> {
        let text = format!("SELECT {COLUMNS} FROM audit_log WHERE org_id = $1 ORDER BY seq LIMIT $2 OFFSET $3");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(limit).bind(after);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(entry).collect())
    }

    async fn count_own_entries(&mut self, org: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM audit_log WHERE org_id = $1").bind(org.to_owned());
        let (count,) = query.fetch_one(self).await?;
        Ok(count)
    }
}
