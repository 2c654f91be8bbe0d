//! Drafts of invoices for a period.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::money;
use crate::audit::{Change, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::fleet::{self, Kind, Record, prices};
use crate::ids::new_id;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::Billing as _;
use crate::storage::billing::{Emptying, Invoice, Item, Which};

/// Most reports that one request looks at.
const MOST: i64 = 100_000;
/// Most invoices that one request drafts, or fails to: so many are made well before its time is over.
const MOST_PAYERS: usize = 200;

/// Drafts in a row that fail since the database does not answer, after which it is not asked again.
const MOST_OUTAGES: usize = 2;

/// What is to be billed.
#[derive(Clone, Debug)]
pub(crate) struct Period {
    /// The first day, as `2026-12-03`.
    pub(crate) from: String,
    /// The last day.
    pub(crate) until: String,
    /// Who pays; empty: everybody.
    pub(crate) payer: String,
}

/// Confirmed emptyings of the period that are on no invoice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_field_names, reason = "part of the interface")]
pub(crate) struct LeftOut {
    /// Their bin is gone, or names no payer that there is.
    pub(crate) without_payer: usize,
    /// They are paid for by weight, and their weight was not reported.
    pub(crate) without_weight: usize,
    /// They cost nothing.
    pub(crate) without_price: usize,
}

/// What was drafted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Drafted {
    /// The drafts, one for each payer who owes something.
    pub(crate) invoices: Vec<Invoice>,
    /// Payers who owe something and have no draft yet: ask again, and they have theirs. What is drafted already stays.
    pub(crate) payers_left: usize,
    /// What is on none of them, though it was confirmed and was not billed before.
    pub(crate) left_out: LeftOut,
}

/// What became of a request for drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Draft {
    /// They are there.
    Done(Drafted),
    /// There is too much: a shorter period is to be asked for.
    TooMuch,
}

impl Outcome for Draft {
    fn word(&self) -> &'static str {
        if matches!(self, Self::Done(_)) { "done" } else { "refused" }
    }
}

/// Before all days and bins.
pub(super) const FIRST: (&str, &str) = ("", "");

/// Why an emptying is on no invoice.
enum Left {
    Payer,
    Weight,
    Price,
}

/// An emptying as a payer pays for it.
fn item(emptying: &Emptying, payer: Option<&Record>) -> Result<Item, Left> {
    let payer = payer.ok_or(Left::Payer)?;
    let of = |name: &str| payer.get(Kind::Payer, name);
    let by_material = prices::read(of("material_prices").text()).unwrap_or_default();
    let own = by_material.iter().find(|(material, _)| *material == emptying.material);
    let tonne_price = own.map_or_else(|| of("price_per_tonne").integer(), |(_, price)| *price);
    let emptying_price = of("price_per_emptying").integer();
    if tonne_price > 0 && emptying.kilograms.is_none() {
        return Err(Left::Weight);
    }
    if emptying_price == 0 && tonne_price == 0 {
        return Err(Left::Price);
    }
    Ok(Item {
        day: emptying.day.clone(),
        code: emptying.code.clone(),
        name: emptying.name.clone(),
        material: emptying.material.clone(),
        kilograms: emptying.kilograms,
        emptying_price,
        tonne_price,
        amount: money::of_emptying(emptying_price, tonne_price, emptying.kilograms),
    })
}

/// Drafts an invoice for each payer who owes something for the period.
pub(crate) async fn draft(ledger: &Ledger, who: &Identity, period: &Period) -> Result<Draft, Error> {
    watched(Operation::Invoices, || try_draft(ledger, who, period)).await
}

async fn try_draft(ledger: &Ledger, who: &Identity, period: &Period) -> Result<Draft, Error> {
    let mut connection = ledger.connection().await?;
    let which = Which::Unbilled(&period.from, &period.until, &period.payer);
    let (emptyings, looked_at) = connection.emptyings(&who.org, which, MOST + 1).await?;
    if looked_at > MOST {
        return Ok(Draft::TooMuch);
    }
    let codes: BTreeSet<&str> = emptyings.iter().map(|emptying| emptying.payer.as_str()).collect();
    let codes: Vec<String> = codes.into_iter().filter(|code| !code.is_empty()).map(str::to_owned).collect();
    let payers = fleet::payers_of(&mut connection, &who.org, &codes).await?;
    drop(connection);
    let payers: BTreeMap<&str, &Record> = payers.iter().map(|payer| (payer.code(), payer)).collect();
    let (mut owed, mut left_out) = (BTreeMap::<&str, Vec<Item>>::new(), LeftOut::default());
    for emptying in &emptyings {
        let payer = payers.get(emptying.payer.as_str()).copied();
        match item(emptying, payer) {
            Ok(item) => owed.entry(emptying.payer.as_str()).or_default().push(item),
            Err(Left::Payer) => left_out.without_payer += 1,
            Err(Left::Weight) => left_out.without_weight += 1,
            Err(Left::Price) => left_out.without_price += 1,
        }
    }
    owed.retain(|_, items| items.iter().any(|item| item.amount > 0));
    let mut drafted = Drafted { invoices: Vec::new(), payers_left: 0, left_out };
    let (mut failures, mut outages) = (Vec::new(), 0);
    let mut owed = owed.into_iter();
    while drafted.invoices.len() + failures.len() < MOST_PAYERS
        && outages < MOST_OUTAGES
        && let Some((code, items)) = owed.next()
    {
        // What others write waits for one payer, and not for all. What changed since it was read is found when the draft is approved.
        match draft_one(ledger, who, period, (payers[code], &items)).await {
            Ok(invoice) => {
                outages = 0;
                drafted.invoices.extend(invoice);
            }
            Err(error) => {
                tracing::warn!(payer = code, %error, "a payer has no draft");
                outages = if error.is_outage() { outages + 1 } else { 0 };
                failures.push(error);
            }
        }
    }
    drafted.payers_left = failures.len() + owed.len();
    match failures.pop() {
        Some(error) if drafted.invoices.is_empty() => Err(error),
        _ => Ok(Draft::Done(drafted)),
    }
}

/// Drafts the invoice of one payer: the whole of it, or nothing.
async fn draft_one(
    ledger: &Ledger,
    who: &Identity,
    period: &Period,
    owed: (&Record, &[Item]),
) -> Result<Option<Invoice>, Error> {
    let mut change = ledger.begin().await?;
    let Some(invoice) = insert(&mut change, who, period, owed).await? else { return Ok(None) };
    let detail = json!({"payer": invoice.payer, "from": invoice.from, "until": invoice.until,
                        "emptyings": invoice.emptyings, "total": invoice.total, "currency": invoice.currency});
    change.commit_with(Event::new("invoice.drafted").by(&who.org, &who.user).on(&invoice.id).with(detail)).await?;
    Ok(Some(invoice))
}

/// Stores a draft with the emptyings that no other invoice has by now; none, if nothing is left to be paid.
async fn insert(
    change: &mut Change<'_>,
    who: &Identity,
    period: &Period,
    (payer, items): (&Record, &[Item]),
) -> Result<Option<Invoice>, Error> {
    let of = |name: &str| payer.get(Kind::Payer, name);
    let mut invoice = Invoice {
        id: new_id(),
        payer: payer.code().to_owned(),
        name: of("name").text().to_owned(),
        from: period.from.clone(),
        until: period.until.clone(),
        currency: of("currency").text().to_owned(),
        emptyings: 0,
        net: 0,
        tax: 0,
        total: 0,
        tax_basis_points: of("tax_basis_points").integer(),
        days_until_due: of("days_until_due").integer(),
        state: "draft".to_owned(),
        version: 1,
        provider: String::new(),
        account: String::new(),
        customer: String::new(),
        reference: String::new(),
        problem: None,
        drafted_by: who.user.clone(),
        drafted_at: change.now(),
        approved_by: None,
        approved_at: None,
        sent_at: None,
        settled_at: None,
    };
    change.insert_draft(&who.org, &invoice).await?;
    change.insert_items(&who.org, &invoice.id, items).await?;
    // Another request may have been faster with some of them.
    let sums = money::sums(&change.items(&invoice.id, FIRST, i64::MAX).await?, invoice.tax_basis_points);
    if sums.net == 0 {
        // Nothing of it is stored: the transaction ends here.
        return Ok(None);
    }
    change.set_sums(&invoice.id, sums, 1).await?;
    (invoice.emptyings, invoice.net, invoice.tax) = (sums.emptyings, sums.net, sums.tax);
    invoice.total = sums.net + sums.tax;
    Ok(Some(invoice))
}

/// Invoices in a state and of a payer, or all where these are empty, the newest first: those older than `after`, unless that is empty.
pub(crate) async fn list(
    ledger: &Ledger,
    org: &str,
    of: (&str, &str),
    (after, limit): (&str, i64),
) -> Result<Vec<Invoice>, Error> {
    let read = || async move { ledger.connection().await?.invoices(org, of, after, limit).await };
    watched(Operation::Invoices, read).await
}

/// One invoice with its emptyings after a day and bin.
pub(crate) async fn find(
    ledger: &Ledger,
    org: &str,
    id: &str,
    (after, limit): ((&str, &str), i64),
) -> Result<Option<(Invoice, Vec<Item>)>, Error> {
    let read = || async move {
        let mut connection = ledger.connection().await?;
        let Some(invoice) = connection.invoice(org, id).await? else { return Ok(None) };
        let items = connection.items(id, after, limit).await?;
        Ok(Some((invoice, items)))
    };
    watched(Operation::Invoices, read).await
}

/// Deletes a draft: its emptyings can be billed again. Gives whether it was one; `None`: there is no such invoice.
pub(crate) async fn delete(ledger: &Ledger, who: &Identity, id: &str) -> Result<Option<bool>, Error> {
    let delete = || async move {
        let mut change = ledger.begin().await?;
        if change.invoice(&who.org, id).await?.is_none() {
            return Ok(None);
        }
        if !change.delete_draft(&who.org, id).await? {
            return Ok(Some(false));
        }
        change.commit_with(Event::new("invoice.deleted").by(&who.org, &who.user).on(id)).await?;
        Ok(Some(true))
    };
    watched(Operation::Invoices, delete).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Format, read};

    #[test]
    fn prices_are_those_of_the_material() {
        let body = br#"[{"code": "p", "email": "a@example.org", "currency": "eur", "price_per_emptying": 100,
                        "price_per_tonne": 9000, "material_prices": "paper=4000 glass=0"}]"#;
        let payers = read(Kind::Payer, Format::Json, body).unwrap();
        let emptying = |material: &str, kilograms| Emptying {
            day: "2026-12-03".to_owned(),
            code: "b".to_owned(),
            name: String::new(),
            material: material.to_owned(),
            payer: "p".to_owned(),
            kilograms,
        };
        let amount = |material: &str, kilograms| {
            item(&emptying(material, kilograms), payers.first()).map(|item| (item.tonne_price, item.amount)).ok()
        };
        assert_eq!(amount("paper", Some(250)), Some((4_000, 1_100)));
        assert_eq!(amount("", Some(250)), Some((9_000, 2_350)));
        // Without a weight, only what is not paid for by weight.
        assert_eq!(amount("paper", None), None);
        assert_eq!(amount("glass", None), Some((0, 100)));
        assert!(matches!(item(&emptying("paper", Some(1)), None), Err(Left::Payer)));
    }

    #[test]
    fn payers_must_be_reachable() {
        let faults = |text: &str| {
            let faults = read(Kind::Payer, Format::Json, text.as_bytes()).unwrap_err();
            faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
        };
        assert_eq!(faults(r#"[{"code": "p", "currency": "eur"}]"#), ["$[0].email"]);
        assert_eq!(faults(r#"[{"code": "p", "currency": "eur", "email": "nobody"}]"#), ["$[0].email"]);
        assert_eq!(
            faults(r#"[{"code": "p", "customer": "cus_1", "currency": "EUR", "material_prices": "x"}]"#),
            ["$[0].currency", "$[0].material_prices"]
        );
        let right = br#"[{"code": "p", "currency": "eur", "customer": "cus_1"}]"#;
        assert_eq!(read(Kind::Payer, Format::Json, right).unwrap().len(), 1);
    }
}
