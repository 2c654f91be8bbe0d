//! The outbox: what is to be sent to outside systems is written in the transaction that causes it, and sent afterwards, at least once,
//! under a key that stays the same.
//!
//! Between any two statements the process may end: before the commit, nothing was caused and nothing is sent; after it, the row is
//! there until the provider has taken it. A row that was sent and could not be marked is sent again, and a provider that
//! honours keys does it once.

mod deliverer;
mod invoices;
mod routes;

pub(crate) use deliverer::Deliverer;
pub(crate) use invoices::{ToInvoice, sent as invoice_sent};

use milkrun_providers::{Dispatch, Letter, Message};
use serde::{Deserialize, Serialize};

use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::crypto::{Context, KeyRing, Purpose};
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::outbox::{NewOutgoing, Outgoing, Sent};
use crate::storage::{Connection, Outbox as _};

/// The event of a day's plan that changed.
pub(crate) const DAY_CHANGED: &str = "day.plan_changed";

/// What is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// A short message.
    Message(Message),
    /// An e-mail.
    Mail(Letter),
    /// The body of a webhook.
    Webhook(String),
    /// An invoice.
    Invoice(Box<ToInvoice>),
    /// A route for a vehicle's device.
    Route(Box<Dispatch>),
}

impl Content {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Mail(_) => "mail",
            Self::Webhook(_) => "webhook",
            Self::Invoice(_) => "invoice",
            Self::Route(_) => "route",
        }
    }
}

/// Writes what is to be sent, within the transaction that causes it. The same cause is sent once.
pub(crate) async fn enqueue(
    tx: &mut Connection,
    ring: &KeyRing,
    (org, target, cause): (&str, &str, &str),
    content: &Content,
    now: i64,
) -> Result<(), Error> {
    let id = new_id();
    let text = serde_json::to_vec(content).map_err(|error| Error::Stored(error.to_string()))?;
    let place = ["outbox/v1", org, id.as_str()];
    let (sealed, _) = ring.seal(tx, Purpose::Providers, Context(&place), &text).await?;
    let kind = content.kind();
    tx.enqueue(NewOutgoing { id: &id, org, kind, target, cause, sealed: &sealed, due_at: now }, now).await?;
    Ok(())
}

/// What a row says.
async fn content(connection: &mut Connection, ring: &KeyRing, row: &Outgoing) -> Result<Content, Error> {
    let place = ["outbox/v1", row.org.as_str(), row.id.as_str()];
    let text = ring.open_fresh(connection, Purpose::Providers, Context(&place), &row.sealed).await?;
    serde_json::from_slice(&text).map_err(|_| Error::Stored("a row of the outbox cannot be read".to_owned()))
}

/// Sends an invitation, within the transaction that makes it. `cause` names the invitation, and nothing of its link.
pub(crate) async fn invited(
    tx: &mut Connection,
    ring: &KeyRing,
    (org, cause): (&str, &str),
    (to, link): (&str, &str),
    now: i64,
) -> Result<(), Error> {
    let text = format!(
        "You are invited to plan and drive with milkrun.\n\nSign up with this link, once, within three days:\n{link}\n"
    );
    let letter = Letter { to: to.to_owned(), subject: "Your invitation to milkrun".to_owned(), text };
    enqueue(tx, ring, (org, "", cause), &Content::Mail(letter), now).await
}

/// What was sent, waits to be sent, or was given up: in a state, or in any if it is empty; the newest first.
pub(crate) async fn list(ledger: &Ledger, org: &str, state: &str, limit: i64) -> Result<Vec<Sent>, Error> {
    ledger.connection().await?.outbox_rows(org, state, limit).await
}

/// Has something sent again that was given up. Gives whether there was such a thing.
pub(crate) async fn revive(ledger: &Ledger, who: &Identity, id: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    if !change.revive_outgoing(&who.org, id, now).await? {
        return Ok(false);
    }
    change.commit_with(Event::new("outbox.revived").by(&who.org, &who.user).on(id)).await?;
    Ok(true)
}

/// Id and subject of the letters to an address that wait to be sent or were given up.
pub(crate) async fn letters_to(
    connection: &mut Connection,
    ring: &KeyRing,
    org: &str,
    address: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut letters = Vec::new();
    for row in connection.unsent_letters(org).await? {
        if let Content::Mail(letter) = content(connection, ring, &row).await?
            && letter.to.eq_ignore_ascii_case(address)
        {
            letters.push((row.id, letter.subject));
        }
    }
    Ok(letters)
}
