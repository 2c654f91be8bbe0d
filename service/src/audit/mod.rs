//! The audit log, which is append-only. Each entry is signed together with the previous one, in the transaction of the
//! event that it reports: if the entry cannot be written, the event does not happen.

mod checkpoint;
mod ledger;
mod verify;

pub(crate) use checkpoint::{append_if_due, checkpoint_file};
pub(crate) use ledger::{Change, Ledger};
pub(crate) use verify::{Report, verify};

use std::path::Path;

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::crypto::{KeyRing, Purpose};
use crate::error::Error;
use crate::storage::{AuditLog as _, Connection};

pub(crate) use crate::storage::audit::Entry;

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

    /// In which organisation, where no user did it.
    pub(crate) fn of(mut self, org: &'a str) -> Self {
        self.org = Some(org);
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
    let (seq, previous) = tx.next_entry().await?;
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
    tx.insert_entry(&entry).await
}

/// An organisation's own entries after the first `after` of them, in order, numbered from 1 among themselves: the whole log's
/// numbers would tell how much others do. That they were read is written down.
pub(crate) async fn export_own(
    ledger: &Ledger,
    (org, user): (&str, &str),
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    // Whoever writes need not wait for the reading.
    let entries = ledger.connection().await?.own_entries(org, after, limit).await?;
    let event = Event::new("audit.exported").by(org, user).with(json!({"entries": entries.len()}));
    ledger.begin().await?.commit_with(event).await?;
    Ok(entries.into_iter().zip(after + 1..).map(|(entry, seq)| Entry { seq, ..entry }).collect())
}

/// Verifies the whole log; gives what was found, and how many entries are an organisation's own.
pub(crate) async fn verify_for(ledger: &Ledger, org: &str, data: &Path) -> Result<(Report, i64), Error> {
    let mut connection = ledger.connection().await?;
    let report = verify(&mut connection, &ledger.ring, data).await?;
    Ok((report, connection.count_own_entries(org).await?))
}
