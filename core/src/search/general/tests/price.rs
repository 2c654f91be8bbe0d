//! What an insertion costs, against the exact pass.

use super::*;
use crate::search::general::goals::GoalPrices;
use crate::search::general::price::Price;
use crate::search::general::route::{LEAN, PLAIN, Route};

/// Prices every position of stops that are removed, and drives the result. How many prices there were, and how many of them are
/// not the exact difference.
fn priced(kinds: &[Kind]) -> (usize, usize) {
    let (mut priced, mut wrong) = (0, 0);
    each(14, 4, |kind, search, random| {
        if !kinds.contains(&kind) {
            return;
        }
        for _ in 0..8 {
            let Some(u) = served(&search.solution, random) else { continue };
            let layout = search.solution.layout;
            if layout.base.partner[u as usize] != NONE {
                continue;
            }
            search.solution.begin();
            if !search.solution.take_out(search.solution.route_of(u) as usize, &[u]) {
                continue;
            }
            assert_eq!(search.solution.choose_starts(), None);
            let mut row = vec![0; layout.resources()];
            for (r, own) in search.solution.routes.iter().enumerate().filter(|(_, own)| !own.is_empty()) {
                for position in own.fixed - 1..own.elements.len() - 1 {
                    if own.gaps[position].closed {
                        continue;
                    }
                    let goals = GoalPrices::default();
                    let price = layout.price(own, position, &[Element::stop(u)], (&goals, r), &mut row);
                    let mut elements = own.elements.clone();
                    elements.insert(position + 1, Element::stop(u));
                    let mut new =
                        Route { vehicle_type: own.vehicle_type, fixed: own.fixed, elements, ..Route::default() };
                    let exact = layout.evaluate(&mut new, 0, true).then(|| new.cost - own.cost);
                    if let Price::Delta(price) = price {
                        priced += 1;
                        wrong += usize::from(exact != Some(price));
                    }
                    let vehicle = &layout.vehicles[own.vehicle_type];
                    if let (true, Some(detour)) = (vehicle.lean, layout.detour(own, position, u, u)) {
                        let simple = layout.price_stop::<LEAN>(own, position, u as usize, detour);
                        assert_eq!(simple, price, "{kind:?}: both say the same");
                        if layout.is_plain {
                            let plain = layout.price_stop::<PLAIN>(own, position, u as usize, detour);
                            assert_eq!(plain, price, "{kind:?}: and so does the one for plain routes");
                        }
                        let bound = vehicle.cost_per_distance * detour + layout.least_time(own, position, u, u);
                        assert!(exact.is_none_or(|exact| bound <= exact), "{kind:?}: {bound} {exact:?}");
                    }
                }
            }
            search.solution.rollback();
        }
    });
    (priced, wrong)
}

#[test]
fn prices_of_stops_and_reloads_are_exact() {
    let (priced, wrong) = priced(&[Kind::Lean, Kind::Shipments]);
    assert!(priced > 200, "{priced}");
    assert_eq!(wrong, 0, "of {priced}");
}

#[test]
fn most_prices_with_breaks_and_disposal_are_exact() {
    let (priced, wrong) = priced(&[Kind::Waste]);
    assert!(priced > 100, "{priced}");
    assert!(wrong * 4 < priced, "{wrong} of {priced}");
}
