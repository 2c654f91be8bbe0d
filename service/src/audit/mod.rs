//! The audit log, which is append-only. Each entry is signed together with the previous one, in the transaction of the
//! event that it reports: if the entry cannot be written, the event does not happen.

mod checkpoint;
mod verify;

pub(crate) use checkpoint::append_if_due;
pub(crate) use verify::verify;

use aws_lc_rs::hmac;
use serde::Serialize;
use serde_json::Value;

use crate::crypto::{KeyRing, Purpose};
use crate::error::Error;
use crate::storage::Connection;

/// What is to be written down. No secret belongs into any part of it.
#[derive(Clone, Debug)]
pub(crate) struct Event<'a> {
    /// The organisation, if it is one's.
    pub(crate) org: Option<&'a str>,
    /// The user who did it, if it was one.
    pub(crate) actor: Option<&'a str>,
    /// What was done: `factor.enrolled`.
    pub(crate) action: &'static str,
    /// To whom or what.
    pub(crate) subject: Option<&'a str>,
    /// What else is to be said.
    pub(crate) detail: Value,
}

impl<'a> Event<'a> {
    /// An event without an actor.
    pub(crate) fn new(action: &'static str) -> Self {
        Self { org: None, actor: None, action, subject: None, detail: Value::Null }
    }

    /// Whose it is.
    pub(crate) fn by(mut self, org: &'a str, actor: &'a str) -> Self {
        self.org = Some(org);
        self.actor = Some(actor);
        self
    }

    /// To whom or what it was done.
    pub(crate) fn on(mut self, subject: &'a str) -> Self {
        self.subject = Some(subject);
        self
    }

    /// What else is to be said.
    pub(crate) fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

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

/// Signs `previous ‖ entry`. Lengths and JSON's quoting keep the parts apart.
fn sign(key: &hmac::Key, previous: &[u8], entry: &Entry) -> Result<Vec<u8>, Error> {
    let Entry { seq, at, org_id, actor, action, subject, detail, .. } = entry;
    let text = serde_json::to_string(&(seq, at, org_id, actor, action, subject, detail))
        .map_err(|error| Error::Stored(error.to_string()))?;
    let mut context = hmac::Context::with_key(key);
    context.update(&(previous.len() as u64).to_be_bytes());
    context.update(previous);
    context.update(text.as_bytes());
    Ok(context.sign().as_ref().to_vec())
}

fn signing_key(ring: &KeyRing) -> Result<hmac::Key, Error> {
    let bytes = ring.primary_bytes(Purpose::Audit)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, bytes.as_ref().as_ref()))
}

/// Writes an event within the transaction of what it reports.
pub(crate) async fn append(tx: &mut Connection, ring: &KeyRing, now: i64, event: Event<'_>) -> Result<(), Error> {
    // Whoever else appends waits here until this transaction has ended.
    let (seq, previous): (i64, Vec<u8>) =
        sqlx::query_as("UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, mac")
            .fetch_one(&mut *tx)
            .await?;
    let mut entry = Entry {
        seq,
        at: now,
        org_id: event.org.map(str::to_owned),
        actor: event.actor.map(str::to_owned),
        action: event.action.to_owned(),
        subject: event.subject.map(str::to_owned),
        detail: event.detail.to_string(),
        mac: Vec::new(),
    };
    entry.mac = sign(&signing_key(ring)?, &previous, &entry)?;
    sqlx::query(
        "INSERT INTO audit_log (seq, at, org_id, actor, action, subject, detail, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(entry.seq)
    .bind(entry.at)
    .bind(entry.org_id)
    .bind(entry.actor)
    .bind(entry.action)
    .bind(entry.subject)
    .bind(entry.detail)
    .bind(entry.mac.clone())
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE audit_head SET mac = $1 WHERE id = 1").bind(entry.mac).execute(tx).await?;
    Ok(())
}

/// An organisation's own entries after the first `after` of them, in order, numbered from 1 among themselves: the whole log's
/// numbers would tell how much others do.
pub(crate) async fn own_entries(
    connection: &mut Connection,
    org: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT seq, at, org_id, actor, action, subject, detail, mac FROM audit_log
         WHERE org_id = $1 ORDER BY seq LIMIT $2 OFFSET $3",
    )
    .bind(org.to_owned())
    .bind(limit)
    .bind(after)
    .fetch_all(connection)
    .await?;
    let numbered = rows.into_iter().map(entry).zip(after + 1..);
    Ok(numbered.map(|(entry, seq)| Entry { seq, ..entry }).collect())
}

/// How many entries of the log are an organisation's own.
pub(crate) async fn count_own(connection: &mut Connection, org: &str) -> Result<i64, Error> {
    let query = sqlx::query_as("SELECT COUNT(*) FROM audit_log WHERE org_id = $1").bind(org.to_owned());
    let (count,) = query.fetch_one(connection).await?;
    Ok(count)
}

type Row = (i64, i64, Option<String>, Option<String>, String, Option<String>, String, Vec<u8>);

fn entry((seq, at, org_id, actor, action, subject, detail, mac): Row) -> Entry {
    Entry { seq, at, org_id, actor, action, subject, detail, mac }
}

/// Entries of the whole log after the number `after`, in order.
pub(crate) async fn entries(connection: &mut Connection, after: i64, limit: i64) -> Result<Vec<Entry>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT seq, at, org_id, actor, action, subject, detail, mac FROM audit_log
         WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(entry).collect())
}
