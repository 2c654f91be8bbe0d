//! Pickups and deliveries that name each other, as Li & Lim's and VRPLIB's rows do.

use crate::ids::LocationId;
use crate::io::FaultKind;
use crate::io::fault::Faults;
use crate::io::quantity::{Place, Quantity};
use crate::io::text;
use crate::model::{Shipment, ShipmentStop};
use crate::travel::Rounding;

/// How a file numbers its stops and rounds its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairRules<'a> {
    /// The number of the first location: 0 or 1.
    pub(super) first: usize,
    /// Number of depots, which come first among the locations.
    pub(super) depots: usize,
    /// The name of the section.
    pub(super) section: &'a str,
    /// How decimals become integers.
    pub(super) rounding: Rounding,
}

/// One row: line, demand, earliest, latest, service, pickup, delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairRow {
    pub(super) line: usize,
    pub(super) columns: [f64; 6],
}

/// The shipments of `rows`, one row for each location (depots first), in the order of their pickups.
pub(super) fn shipments(rows: &[PairRow], rules: PairRules<'_>, faults: &mut Faults) -> Vec<Shipment> {
    let partners: Vec<Option<Partner>> = (0..rows.len()).map(|i| partner(rows, i, rules, faults)).collect();
    let mut shipments = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(partner) = partners[i] else { continue };
        let place = Place { line: row.line, section: rules.section };
        let (other, back) = match partner {
            Partner::Delivery(d) => (d, Partner::Pickup(i)),
            Partner::Pickup(p) => (p, Partner::Delivery(i)),
        };
        if partners[other].is_some_and(|found| found != back) {
            let text = (i + rules.first).to_string();
            place.fault(faults, text, FaultKind::OneSidedPair { partner: other + rules.first });
        }
        if partner == Partner::Delivery(other) {
            let amount = place.integer(faults, Quantity::Amount, row.columns[0], rules.rounding);
            let (expected, found) = (-row.columns[0], rows[other].columns[0]);
            if (expected - found).abs() > 0.0 {
                let kind = FaultKind::PairAmount { expected: text::show_number(expected) };
                let there = Place { line: rows[other].line, section: rules.section };
                there.fault(faults, text::show_number(found), kind);
            }
            let (pickup, delivery) = (stop(rows, i, rules, faults), stop(rows, other, rules, faults));
            shipments.push(Shipment::new(pickup, delivery).amount([amount]));
        }
    }
    shipments
}

/// The other end of a stop, as index of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Partner {
    Pickup(usize),
    Delivery(usize),
}

/// The counterpart that the row names; `None` for a depot, or if a fault is reported.
fn partner(rows: &[PairRow], i: usize, rules: PairRules<'_>, faults: &mut Faults) -> Option<Partner> {
    let place = Place { line: rows[i].line, section: rules.section };
    let [.., pickup, delivery] = rows[i].columns;
    if i < rules.depots || pickup.is_nan() || delivery.is_nan() {
        return None;
    }
    let (raw, is_pickup) = match (pickup == 0.0, delivery == 0.0) {
        (true, false) => (delivery, true),
        (false, true) => (pickup, false),
        _ => {
            place.fault(faults, format!("{pickup} {delivery}"), FaultKind::Unpaired);
            return None;
        }
    };
    let low = rules.first + rules.depots;
    let other = place.index(faults, raw, "stop", low, rows.len() + rules.first - 1)? + rules.depots;
    if other == i {
        place.fault(faults, text::show_number(raw), FaultKind::Unpaired);
        return None;
    }
    Some(if is_pickup { Partner::Delivery(other) } else { Partner::Pickup(other) })
}

fn stop(rows: &[PairRow], i: usize, rules: PairRules<'_>, faults: &mut Faults) -> ShipmentStop {
    let [_, early, late, service, ..] = rows[i].columns;
    let place = Place { line: rows[i].line, section: rules.section };
    let window = place.window(faults, early, late, rules.rounding);
    let service = place.integer(faults, Quantity::Amount, service, rules.rounding);
    ShipmentStop::at(LocationId::new(i)).time_window(window.early, window.late).service(service)
}
