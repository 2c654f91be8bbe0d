//! Invoices on their way: who pays is made known to the provider first, once.

use milkrun_providers::{Customer, Invoice};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{Change, Event, Ledger};
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::storage::billing::Settled;
use crate::storage::payers::KnownPayer;
use crate::storage::{Accounts as _, Billing as _, Payers as _};

/// An invoice that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ToInvoice {
    /// Who pays.
    pub(crate) payer: String,
    /// The payer's name.
    pub(crate) name: String,
    /// What is to be paid; who the customer is, is known when it is sent.
    pub(crate) invoice: Invoice,
}

/// Who pays, towards the provider.
pub(super) enum Payer {
    /// A customer that it knows.
    Known(String),
    /// One that is to be made known, under this key.
    New { row: String, customer: Customer, key: String },
    /// The payer is gone.
    Gone,
}

/// Looks up who pays, as that stands now: what was wrong with it may have been mended since the invoice was approved.
pub(super) async fn payer(ledger: &Ledger, org: &str, code: &str) -> Result<Payer, Error> {
    let found = ledger.connection().await?.known_payer(org, code).await?;
    let Some(KnownPayer { id, name, email, customer }) = found else { return Ok(Payer::Gone) };
    if !customer.is_empty() {
        return Ok(Payer::Known(customer));
    }
    // The same customer is made once, whichever invoice comes first, and how often that is tried.
    let of = [org, code, &name, &email].join("\u{1f}");
    let key = format!("customer-{}", fingerprint(of.as_bytes()));
    let name = if name.is_empty() { code.to_owned() } else { name };
    Ok(Payer::New { row: id, customer: Customer { code: code.to_owned(), name, email }, key })
}

/// Remembers a customer that was made.
pub(super) async fn remember(ledger: &Ledger, row: &str, customer: &str) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    change.set_known_payer(row, customer).await?;
    change.commit().await
}

/// Says within a transaction that an invoice was sent, and what the provider has told of it already.
pub(super) async fn sent(
    change: &mut Change<'_>,
    (org, id): (&str, &str),
    (provider, reference): (&str, &str),
    now: i64,
) -> Result<(), Error> {
    // What the provider tells at this very moment waits, or is there already.
    change.hold_organisation(org).await?;
    change.invoice_sent(id, provider, reference, now).await?;
    for word in change.told_before(org, provider, reference).await? {
        if let Some(settled) = Settled::of(&word)
            && change.settle(org, (provider, reference), settled, now).await?.is_some()
        {
            let event = Event::new("invoice.settled").of(org).on(id).with(json!({"state": word}));
            change.note(event).await?;
        }
    }
    Ok(())
}
