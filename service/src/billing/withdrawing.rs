//! Invoices that were approved and are not sent: withdrawn, where no provider has anything of them; or resolved, where an administrator has
//! seen what became of them at an account that is not asked any longer.

use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, Outcome, watched};
use crate::outbox::invoice_sent;
use crate::storage::billing::Invoice;
use crate::storage::{Accounts as _, BegunInvoices as _, Billing as _, Outbox as _};

/// The outbox's kind of invoices.
const KIND: &str = "invoice";

/// What became of a request about an invoice that was approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It is as it was asked for.
    Done(Invoice),
    /// There is no such invoice.
    Missing,
    /// It is not approved, but in this state.
    NotApproved(String),
    /// It has another version than was seen.
    Stale(Invoice),
    /// It is being sent, or will be tried again.
    UnderWay,
    /// Something of it may be at a provider.
    MayBeMade(Invoice),
    /// It was begun nowhere: there is nothing to be resolved.
    NotBegun,
    /// Another invoice has this name at the provider.
    Taken,
}

impl Outcome for Left {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Missing => "missing",
            Self::Stale(_) => "stale",
            Self::NotApproved(_) | Self::UnderWay | Self::MayBeMade(_) | Self::NotBegun | Self::Taken => "refused",
        }
    }
}

/// Why an invoice is not to be withdrawn or resolved.
fn refusal(invoice: &Invoice, version: i64) -> Option<Left> {
    if invoice.state != "approved" {
        return Some(Left::NotApproved(invoice.state.clone()));
    }
    (invoice.version != version).then(|| Left::Stale(invoice.clone()))
}

/// Withdraws an approved invoice of a version, if no provider has anything of it and it is not being sent: it is void, and its emptyings
/// can be billed again.
pub(crate) async fn withdraw(ledger: &Ledger, who: &Identity, id: &str, version: i64) -> Result<Left, Error> {
    watched(Operation::Invoices, || try_withdraw(ledger, who, id, version)).await
}

async fn try_withdraw(ledger: &Ledger, who: &Identity, id: &str, version: i64) -> Result<Left, Error> {
    let mut change = ledger.begin().await?;
    change.hold_organisation(&who.org).await?;
    let now = change.now();
    let Some(invoice) = change.invoice(&who.org, id).await? else { return Ok(Left::Missing) };
    if let Some(refusal) = refusal(&invoice, version) {
        return Ok(refusal);
    }
    // Without a customer, nothing of it is anywhere.
    if !invoice.customer.is_empty() {
        let is_given_up = change.hold_dead(&who.org, KIND, id).await?.is_some();
        return Ok(if is_given_up { Left::MayBeMade(invoice) } else { Left::UnderWay });
    }
    // Whoever takes it up to send it waits, or has done so.
    if !change.take_out(&who.org, KIND, id).await? || !change.withdraw_invoice((&who.org, id), version, now).await? {
        return Ok(Left::UnderWay);
    }
    let Some(withdrawn) = change.invoice(&who.org, id).await? else { return Ok(Left::Missing) };
    let detail = json!({"payer": invoice.payer, "total": invoice.total, "currency": invoice.currency,
                        "emptyings": invoice.emptyings, "problem": invoice.problem});
    change.commit_with(Event::new("invoice.withdrawn").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(Left::Done(withdrawn))
}

/// Says what became of an invoice where it was begun: there it has the name `reference`, or nothing of it is there. In the first case it
/// was sent; in the other one it can be sent anew, or withdrawn.
pub(crate) async fn resolve(
    ledger: &Ledger,
    who: &Identity,
    id: &str,
    (version, reference): (i64, Option<&str>),
) -> Result<Left, Error> {
    watched(Operation::Invoices, || try_resolve(ledger, who, id, (version, reference))).await
}

async fn try_resolve(
    ledger: &Ledger,
    who: &Identity,
    id: &str,
    (version, reference): (i64, Option<&str>),
) -> Result<Left, Error> {
    let mut change = ledger.begin().await?;
    change.hold_organisation(&who.org).await?;
    let now = change.now();
    let Some(invoice) = change.invoice(&who.org, id).await? else { return Ok(Left::Missing) };
    if let Some(refusal) = refusal(&invoice, version) {
        return Ok(refusal);
    }
    if invoice.customer.is_empty() {
        return Ok(Left::NotBegun);
    }
    let Some(row) = change.hold_dead(&who.org, KIND, id).await? else { return Ok(Left::UnderWay) };
    let Invoice { provider, account, .. } = &invoice;
    if let Some(reference) = reference {
        if change.has_reference(&who.org, provider, reference).await? {
            return Ok(Left::Taken);
        }
        change.dead_was_sent(&row, provider, reference, now).await?;
        invoice_sent(&mut change, (&who.org, id), (provider, reference), now).await?;
    } else {
        let why = format!("it is not at {provider}, account {account}: it is to be sent anew, or withdrawn");
        change.invoice_given_up(id, &why).await?;
        change.forget_beginning(id, &new_id()).await?;
    }
    let Some(resolved) = change.invoice(&who.org, id).await? else { return Ok(Left::Missing) };
    let detail = json!({"provider": provider, "account": account, "reference": reference});
    change.commit_with(Event::new("invoice.resolved").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(Left::Done(resolved))
}
