//! An invoice as it is sent: some lines that say what was done, which add up to its total.

use std::collections::BTreeMap;

use milkrun_providers as providers;

use crate::outbox::ToInvoice;
use crate::storage::billing::{Invoice, Item};

/// Most lines beside the tax: providers take some hundred.
const MOST: usize = 80;

/// What is sent. Emptyings of one price are one line, and so is the weight of one material at one price: a month has
/// more emptyings than providers take lines. What is too much even so is one line of all the rest. The tax is the last line.
pub(super) fn to_send(invoice: &Invoice, items: &[Item]) -> ToInvoice {
    let period = if invoice.from == invoice.until {
        invoice.from.clone()
    } else {
        format!("{} to {}", invoice.from, invoice.until)
    };
    let mut emptyings: BTreeMap<i64, u32> = BTreeMap::new();
    let mut weights: BTreeMap<(&str, i64), (i64, i64)> = BTreeMap::new();
    for item in items {
        if item.emptying_price > 0 {
            *emptyings.entry(item.emptying_price).or_default() += 1;
        }
        if item.tonne_price > 0 {
            let (kilograms, amount) = weights.entry((item.material.as_str(), item.tonne_price)).or_default();
            *kilograms += item.kilograms.unwrap_or(0);
            *amount += item.amount - item.emptying_price;
        }
    }
    let line = |description, quantity, unit_amount| providers::InvoiceItem { description, quantity, unit_amount };
    let mut lines: Vec<providers::InvoiceItem> =
        emptyings.into_iter().map(|(price, count)| line(format!("Emptyings, {period}"), count, price)).collect();
    lines.extend(weights.into_iter().map(|((material, price), (kilograms, amount))| {
        let what = if material.is_empty() { "Weight" } else { material };
        line(format!("{what}, {kilograms} kg at {price} a tonne, {period}"), 1, amount)
    }));
    if lines.len() > MOST {
        let rest = lines.split_off(MOST - 1);
        let amount = rest.iter().map(|line| line.unit_amount.saturating_mul(i64::from(line.quantity))).sum();
        lines.push(line(format!("Other, {period}"), 1, amount));
    }
    if invoice.tax > 0 {
        lines.push(line(format!("Tax, {}", per_cent(invoice.tax_basis_points)), 1, invoice.tax));
    }
    ToInvoice {
        payer: invoice.payer.clone(),
        name: invoice.name.clone(),
        invoice: providers::Invoice {
            // Known when it is sent.
            customer: String::new(),
            currency: invoice.currency.clone(),
            items: lines,
            days_until_due: u32::try_from(invoice.days_until_due).unwrap_or(14),
        },
    }
}

/// Hundredths of a per cent, as people write them.
fn per_cent(basis_points: i64) -> String {
    match (basis_points / 100, basis_points % 100) {
        (whole, 0) => format!("{whole} %"),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{} %", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::money;

    #[test]
    fn lines_add_up_to_the_total() {
        let item = |i: usize, material: &str, kilograms: Option<i64>, emptying_price, tonne_price| Item {
            day: "2026-12-03".to_owned(),
            code: format!("b{i}"),
            name: String::new(),
            material: material.to_owned(),
            kilograms,
            emptying_price,
            tonne_price,
            amount: money::of_emptying(emptying_price, tonne_price, kilograms),
        };
        let mut items: Vec<Item> = (0..500).map(|i| item(i, "paper", Some(7 * i as i64 % 391), 350, 4_321)).collect();
        items.extend((500..900).map(|i| item(i, "glass", Some(3 * i as i64 % 97), 350, 777)));
        items.extend((900..950).map(|i| item(i, "", None, 200, 0)));
        let sums = money::sums(&items, 1_950);
        let invoice = Invoice {
            id: "i".to_owned(),
            payer: "p".to_owned(),
            name: "Inn".to_owned(),
            from: "2026-12-01".to_owned(),
            until: "2026-12-31".to_owned(),
            currency: "eur".to_owned(),
            emptyings: sums.emptyings,
            net: sums.net,
            tax: sums.tax,
            total: sums.net + sums.tax,
            tax_basis_points: 1_950,
            days_until_due: 30,
            state: "draft".to_owned(),
            version: 1,
            provider: String::new(),
            account: String::new(),
            customer: String::new(),
            reference: String::new(),
            problem: None,
            drafted_by: "u".to_owned(),
            drafted_at: 0,
            approved_by: None,
            approved_at: None,
            sent_at: None,
            settled_at: None,
        };
        let sent = to_send(&invoice, &items).invoice;
        let total_of = |sent: &providers::Invoice| -> i64 {
            sent.items.iter().map(|line| line.unit_amount * i64::from(line.quantity)).sum()
        };
        assert_eq!(total_of(&sent), invoice.total);
        // However many materials there are, the lines are few.
        let many: Vec<Item> = (0..300).map(|i| item(i, &format!("m{i}"), Some(100), 0, 1_000 + i as i64)).collect();
        let sums = money::sums(&many, 1_950);
        let long = to_send(&Invoice { tax: sums.tax, ..invoice.clone() }, &many).invoice;
        assert_eq!((long.items.len(), total_of(&long)), (MOST + 1, sums.net + sums.tax));
        let told: Vec<&str> = sent.items.iter().map(|line| line.description.as_str()).collect();
        assert_eq!(told.len(), 5, "{told:?}");
        assert_eq!(told[0], "Emptyings, 2026-12-01 to 2026-12-31");
        assert!(told[2].starts_with("glass, ") && told[2].contains(" kg at 777 a tonne"), "{told:?}");
        assert_eq!(told[4], "Tax, 19.5 %");
        assert_eq!((per_cent(1_900), per_cent(705), per_cent(5)), ("19 %".into(), "7.05 %".into(), "0.05 %".into()));
    }
}
