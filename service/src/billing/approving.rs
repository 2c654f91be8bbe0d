//! Approving a draft: it is sent if it is still what was seen, and what it stands for still holds.

use std::collections::HashMap;

use serde_json::json;

use super::drafting::FIRST;
use super::{lines, money};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::outbox::{self, Content};
use crate::storage::billing::{Invoice, Item, Which};
use crate::storage::{Accounts as _, Billing as _};

/// What was seen of a draft.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approval {
    /// Its version.
    pub(crate) version: i64,
    /// Its total.
    pub(crate) total: i64,
}

/// What became of an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Approved {
    /// It is to be sent.
    Done(Invoice),
    /// There is no such invoice.
    Missing,
    /// It is no draft, but in this state.
    NotADraft(String),
    /// It has another version, or another total, than was seen.
    Stale(Invoice),
    /// Drivers have said something else since it was drafted: it has changed, and is to be approved as it is now. `None`: nothing of it
    /// is left, and it is gone.
    Changed(Option<Invoice>),
}

impl Outcome for Approved {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Missing => "missing",
            Self::NotADraft(_) => "refused",
            Self::Stale(_) | Self::Changed(_) => "stale",
        }
    }
}

/// Approves a draft, if it is what was seen and still holds.
pub(crate) async fn approve(ledger: &Ledger, who: &Identity, id: &str, seen: Approval) -> Result<Approved, Error> {
    watched(Operation::Invoices, || try_approve(ledger, who, id, seen)).await
}

async fn try_approve(ledger: &Ledger, who: &Identity, id: &str, seen: Approval) -> Result<Approved, Error> {
    let mut change = ledger.begin().await?;
    // Who approves the same draft at this moment is waited for: what is read below stays as it is.
    change.hold_organisation(&who.org).await?;
    let now = change.now();
    let Some(mut invoice) = change.invoice(&who.org, id).await? else { return Ok(Approved::Missing) };
    if invoice.state != "draft" {
        return Ok(Approved::NotADraft(invoice.state));
    }
    if (invoice.version, invoice.total) != (seen.version, seen.total) {
        return Ok(Approved::Stale(invoice));
    }
    let items = change.items(id, FIRST, i64::MAX).await?;
    let (confirmed, _) = change.emptyings(&who.org, Which::Of(id), i64::MAX).await?;
    let confirmed: HashMap<(&str, &str), Option<i64>> =
        confirmed.iter().map(|of| ((of.day.as_str(), of.code.as_str()), of.kilograms)).collect();
    let holding = still_holding(&items, &confirmed);
    if holding != items {
        let sums = money::sums(&holding, invoice.tax_basis_points);
        let event = |name| Event::new(name).by(&who.org, &who.user).on(id);
        if sums.net == 0 {
            change.delete_draft(&who.org, id).await?;
            change.commit_with(event("invoice.deleted").with(json!({"why": "nothing of it holds"}))).await?;
            return Ok(Approved::Changed(None));
        }
        change.drop_items(id).await?;
        change.insert_items(&who.org, id, &holding).await?;
        change.set_sums(id, sums, invoice.version + 1).await?;
        let detail = json!({"emptyings": sums.emptyings, "total": sums.net + sums.tax, "before": invoice.total});
        let changed = change.invoice(&who.org, id).await?;
        change.commit_with(event("invoice.redrafted").with(detail)).await?;
        return Ok(Approved::Changed(changed));
    }
    if !change.approve_draft((&who.org, id), invoice.version, &who.user, now).await? {
        // Somebody else was faster.
        return Ok(Approved::Stale(invoice));
    }
    let content = Content::Invoice(Box::new(lines::to_send(&invoice, &items)));
    let cause = format!("invoice {id}");
    outbox::enqueue(&mut change, &ledger.ring, (&who.org, id, &cause), &content, now).await?;
    "approved".clone_into(&mut invoice.state);
    invoice.version += 1;
    (invoice.approved_by, invoice.approved_at) = (Some(who.user.clone()), Some(now));
    let detail = json!({"payer": invoice.payer, "total": invoice.total, "currency": invoice.currency});
    change.commit_with(Event::new("invoice.approved").by(&who.org, &who.user).on(id).with(detail)).await?;
    Ok(Approved::Done(invoice))
}

/// The emptyings that are still confirmed, by the weights that were reported last, at the prices of the draft. What is paid for by weight
/// needs one.
fn still_holding(items: &[Item], confirmed: &HashMap<(&str, &str), Option<i64>>) -> Vec<Item> {
    let hold = |item: &Item| {
        let kilograms = *confirmed.get(&(item.day.as_str(), item.code.as_str()))?;
        if item.tonne_price > 0 && kilograms.is_none() {
            return None;
        }
        let amount = money::of_emptying(item.emptying_price, item.tonne_price, kilograms);
        Some(Item { kilograms, amount, ..item.clone() })
    };
    items.iter().filter_map(hold).collect()
}
