//! Amounts, and how they are rounded: to the nearest whole number of the currency's smallest unit, halves up. It is done twice, and
//! nowhere else: the price of the weight of one emptying, and the tax of a whole invoice.

use crate::storage::billing::{Item, Sums};

/// Kilograms of a tonne.
const TONNE: i64 = 1_000;
/// Hundredths of a per cent of the whole.
const WHOLE: i64 = 10_000;

/// The nearest whole number to a product of two numbers, neither of which is negative, divided by a third; halves up.
fn share(value: i64, times: i64, of: i64) -> i64 {
    let (value, times, of) = (i128::from(value), i128::from(times), i128::from(of));
    // What does not fit was never a price: fleets are checked when they are read.
    i64::try_from((2 * value * times + of) / (2 * of)).unwrap_or(i64::MAX)
}

/// What so many kilograms cost at the price of a tonne.
fn by_weight(kilograms: i64, tonne_price: i64) -> i64 {
    share(kilograms, tonne_price, TONNE)
}

/// What an emptying costs, without tax.
pub(super) fn of_emptying(emptying_price: i64, tonne_price: i64, kilograms: Option<i64>) -> i64 {
    emptying_price.saturating_add(by_weight(kilograms.unwrap_or(0), tonne_price))
}

/// What an invoice comes to: the tax is that of the sum.
pub(super) fn sums(items: &[Item], tax_basis_points: i64) -> Sums {
    let net = items.iter().fold(0_i64, |sum, item| sum.saturating_add(item.amount));
    Sums { emptyings: items.len() as i64, net, tax: share(net, tax_basis_points, WHOLE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_everything_else_to_the_nearest() {
        for (kilograms, price, expected) in [
            (0, 12_345, 0),
            (499, 1, 0),
            (500, 1, 1),
            (1_499, 1, 1),
            (1_500, 1, 2),
            (120, 12_345, 1_481),
            (333, 10_000, 3_330),
            (1_000_000, 1_000_000_000, 1_000_000_000_000),
        ] {
            assert_eq!(by_weight(kilograms, price), expected, "{kilograms} kg at {price}");
        }
        // Against the definition: twice the distance to the exact value is at most one, and a half was not rounded down.
        for (value, times, of) in (0..60).flat_map(|v| (0..60).flat_map(move |t| [1, 2, 3, 7, 10].map(|of| (v, t, of))))
        {
            let distance = 2 * (share(value, times, of) * of - value * times);
            assert!((-of < distance) && (distance <= of), "{value} × {times} / {of}");
        }
    }

    #[test]
    fn the_tax_is_that_of_the_sum() {
        let item = |amount| Item {
            day: "2026-12-03".to_owned(),
            code: "b1".to_owned(),
            name: String::new(),
            material: String::new(),
            kilograms: None,
            emptying_price: amount,
            tonne_price: 0,
            amount,
        };
        // 19 % of 3 are 0.57, of three times 3 together 1.71: not 3.
        let items = [item(3), item(3), item(3)];
        assert_eq!(sums(&items, 1_900), Sums { emptyings: 3, net: 9, tax: 2 });
        assert_eq!(sums(&items, 0), Sums { emptyings: 3, net: 9, tax: 0 });
        assert_eq!(sums(&[], 1_900), Sums { emptyings: 0, net: 0, tax: 0 });
        // Half a cent.
        assert_eq!(sums(&[item(50)], 100).tax, 1);
        assert_eq!(sums(&[item(49)], 100).tax, 0);
        assert_eq!(of_emptying(350, 12_345, Some(120)), 350 + 1_481);
        assert_eq!(of_emptying(350, 12_345, None), 350);
    }
}
