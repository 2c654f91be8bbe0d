//! Invoices while they are sent. Where each is begun, for which customer, and under which key, is written on it before anything of it is
//! made there; every later attempt goes by what is written. Another account is not sent it: an administrator says what became of it.

use milkrun_providers::{Customer, Invoice, Remains};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{Change, Event, Ledger};
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::begun::Begun;
use crate::storage::billing::Settled;
use crate::storage::outbox::Outgoing;
use crate::storage::payers::KnownPayer;
use crate::storage::{Accounts as _, BegunInvoices as _, Billing as _, Payers as _};

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

/// What an attempt goes by.
pub(super) enum Beginning {
    /// What is written, with the customer.
    Ready(Begun),
    /// A customer is to be made known first, under this key; it is remembered in this row.
    New { begun: Begun, row: String, customer: Customer, key: String },
    /// It cannot be sent, for this reason; and what there is of it.
    Not(String, Remains),
}

/// Begins an invoice at an account, or finds where it was begun. Who pays is looked up as that stands now, unless it is written: what was
/// wrong with it may have been mended since the invoice was approved.
pub(super) async fn begin(
    ledger: &Ledger,
    row: &Outgoing,
    code: &str,
    (provider, account): (&str, &str),
) -> Result<Beginning, Error> {
    let mut change = ledger.begin().await?;
    let Some(mut begun) = change.begin_invoice(&row.target, (provider, account), &row.id).await? else {
        return Ok(Beginning::Not("the invoice is not approved".to_owned(), Remains::Nothing));
    };
    let is_other = |begun: &Begun| (begun.provider.as_str(), begun.account.as_str()) != (provider, account);
    if is_other(&begun) && begun.customer.is_empty() {
        // For want of a customer, nothing of it is there.
        change.forget_beginning(&row.target, &begun.key).await?;
        begun = change.begin_invoice(&row.target, (provider, account), &row.id).await?.unwrap_or(begun);
    }
    if is_other(&begun) {
        let Begun { provider: first, account: known, .. } = begun;
        let why = format!(
            "an attempt may have made it at {first}, account {known}, and another account ({provider}, {account}) is set up now: set the first \
             one up again and retry, or look there, and say what became of it"
        );
        return Ok(Beginning::Not(why, Remains::Unknown));
    }
    if !begun.customer.is_empty() {
        return Ok(Beginning::Ready(begun));
    }
    let Some(KnownPayer { id, name, email, customer, former }) = change.known_payer(&row.org, code, account).await?
    else {
        let why = format!("the payer {code:?} is no longer there: import it again, and retry");
        return Ok(Beginning::Not(why, Remains::Nothing));
    };
    if customer.is_empty() {
        change.commit().await?;
        // The same customer is made once, whichever invoice comes first, and how often that is tried; and once more where it was deleted.
        let mut of = [&row.org, code, &name, &email].join("\u{1f}");
        if !former.is_empty() {
            of.extend(["\u{1f}", &former]);
        }
        let key = format!("customer-{}", fingerprint(of.as_bytes()));
        let name = if name.is_empty() { code.to_owned() } else { name };
        return Ok(Beginning::New { begun, row: id, customer: Customer { code: code.to_owned(), name, email }, key });
    }
    let at = (account, begun.key.as_str());
    let Some(customer) = change.set_begun_customer(&row.target, at, &customer).await? else {
        return Ok(Beginning::Not("it was withdrawn or begun anew meanwhile".to_owned(), Remains::Unknown));
    };
    begun.customer = customer;
    change.commit().await?;
    Ok(Beginning::Ready(begun))
}

/// Remembers a customer that was made, and writes it on the invoice that is for it. Gives the customer that is written there; `None`: the
/// invoice was begun elsewhere or anew meanwhile.
pub(super) async fn remember(
    ledger: &Ledger,
    (invoice, account, key): (&str, &str, &str),
    row: &str,
    customer: &str,
) -> Result<Option<String>, Error> {
    let mut change = ledger.begin().await?;
    change.set_known_payer(row, customer, account).await?;
    let customer = change.set_begun_customer(invoice, (account, key), customer).await?;
    change.commit().await?;
    Ok(customer)
}

/// Says within a transaction why an invoice is not sent. Where nothing of it is anywhere, it can begin anew: under another key, since a
/// provider answers the first one as it did; and for another customer, where that one is no longer there.
pub(super) async fn given_up(change: &mut Change<'_>, id: &str, why: &str, remains: Remains) -> Result<(), Error> {
    change.invoice_given_up(id, why).await?;
    if remains == Remains::NoCustomer {
        change.forget_known_payer(id).await?;
    }
    if remains == Remains::Unknown { Ok(()) } else { change.forget_beginning(id, &new_id()).await }
}

/// Says within a transaction that an invoice was sent, and what the provider has told of it already.
pub(crate) async fn sent(
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
