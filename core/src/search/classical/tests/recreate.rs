//! Greedy insertion.

use super::*;
use crate::search::classical::recreate::Recreate;

fn inserts<C: Class>() {
    let (mut tried, mut inserted) = (0, 0);
    each::<C>(30, |routes, random| {
        // Without blinks, and with no more routes to open, a single stop goes to its cheapest position.
        for u in 0..routes.num_stops() {
            if routes.nodes[u].route == NONE || !routes.data.required[u] {
                continue;
            }
            routes.begin();
            if !routes.remove(u, u) || routes.is_out_of_order() {
                routes.rollback();
                continue;
            }
            let (old, before) = (sequences(routes), routes.cost);
            // As things are, and where another vehicle may take a route over.
            let (mut best, mut least): (Option<Cost>, Option<Cost>) = (None, None);
            for (r, list) in old.iter().enumerate() {
                for p in 0..=list.len() {
                    let mut new = old.clone();
                    new[r].insert(p, u as u32);
                    best = [best, cost(routes.data, &new)].into_iter().flatten().min();
                    for other in (0..new.len()).filter(|&other| C::FLEET && old[other].is_empty()) {
                        let mut new = new.clone();
                        new.swap(r, other);
                        least = [least, cost(routes.data, &new)].into_iter().flatten().min();
                    }
                }
            }
            least = [least, best].into_iter().flatten().min();
            let mut recreate = Recreate::new(0.0, random);
            recreate.run_at_any_price(routes, random, &[u as u32]);
            agrees_with_the_plan(routes);
            if !recreate.ejected().is_empty() {
                // Others have moved, too.
                routes.rollback();
                continue;
            }
            let after = plan(routes.data, &sequences(routes)).cost();
            assert!(routes.cost < before && least.is_some_and(|least| after >= least));
            tried += 1;
            inserted += usize::from(best.is_none_or(|best| after <= best));
            routes.rollback();
        }
    });
    // A position in a hundred is skipped.
    assert!(tried > 150 && inserted * 20 > tried * 19, "{inserted} of {tried}");
}

#[test]
fn a_stop_goes_to_its_cheapest_position() {
    inserts::<Capacity>();
    inserts::<Windows>();
    inserts::<Fleet>();
    inserts::<TimedFleet>();
    inserts::<CapacityWithBackhauls>();
    inserts::<FleetWithBackhauls>();
    inserts::<TimedFleetWithBackhauls>();
}

#[test]
fn what_does_not_pay_stays_unserved() {
    each::<Capacity>(20, |routes, random| {
        let optional: Vec<u32> = (0..10).filter(|&u| !routes.data.required[u as usize]).collect();
        for _ in 0..20 {
            routes.begin();
            for &u in &optional {
                if routes.nodes[u as usize].route != NONE {
                    routes.remove(u as usize, u as usize);
                }
            }
            let before = routes.cost;
            Recreate::new(0.0, random).run(routes, random, &optional);
            agrees_with_the_plan(routes);
            for &u in optional.iter().filter(|&&u| routes.nodes[u as usize].route != NONE) {
                let mut without = sequences(routes);
                for list in &mut without {
                    list.retain(|&v| v != u);
                }
                let cost_without = plan(routes.data, &without).cost();
                let saves_vehicle = without.iter().filter(|list| !list.is_empty()).count() < routes.num_used();
                let with = plan(routes.data, &sequences(routes)).cost();
                assert!(saves_vehicle || with <= cost_without, "an optional stop that costs more than its prize");
            }
            assert!(routes.cost <= before + 7 * 2, "but for vehicles, no worse");
            routes.rollback();
        }
    });
}
