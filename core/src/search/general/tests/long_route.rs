//! Places on long routes: what is found is sound, and hardly anything is missed or dearer than with halts placed anew everywhere.

use super::*;
use crate::search::general::insert::Wanted;
use crate::search::general::solution::CheapestRoute;

const LIMIT: i64 = 1_000_000;

#[test]
fn what_few_places_find_is_nearly_what_all_find() {
    let (mut found, mut missed, mut more) = (0, 0, 0);
    let (mut cost, mut least) = (0, 0);
    each(24, 4, |kind, search, random| {
        for _ in 0..4 {
            let Some(u) = served(&search.solution, random).filter(|_| kind != Kind::Relations) else { continue };
            let layout = search.solution.layout;
            let base = layout.base;
            let first = if base.is_pickup(u as usize) { u } else { base.partner[u as usize].min(u) };
            let stops: Vec<u32> = [first, base.partner[first as usize]].into_iter().filter(|&u| u != NONE).collect();
            search.solution.begin();
            if !search.solution.take_out(search.solution.route_of(first) as usize, &stops) {
                search.solution.rollback();
                continue;
            }
            search.solution.begin();
            for route in 0..search.solution.routes.len() {
                let (mut all, mut few) = (CheapestRoute::below(LIMIT), CheapestRoute::below(LIMIT));
                let (solution, node) = (&mut search.solution, first as usize);
                search.insert.try_route(solution, route, node, (&mut Random::new(0), 0.0), &mut all);
                search.insert.try_long_route(solution, route, node, Wanted::Cheapest, &mut few);
                match (all.added(), few.added()) {
                    (Some(all), Some(few)) => (found, cost, least) = (found + 1, cost + few, least + all),
                    (Some(_), None) => missed += 1,
                    (None, Some(_)) => more += 1,
                    (None, None) => {}
                }
                if few.added().is_some() {
                    search.solution.install_cheapest(few);
                    let plan = Plan::of_known(layout.problem, loading::unload(&search.solution));
                    assert!(
                        !plan.violations().iter().any(|v| v.route().is_some()),
                        "{kind:?}: {:?}",
                        plan.violations()
                    );
                    search.solution.rollback();
                }
            }
        }
    });
    eprintln!("{found} found, {missed} missed, {more} more; {:.4} of the cost", cost as f64 / least as f64);
    assert!(found > 200 && missed * 20 < found, "{found} {missed}");
    assert!(cost * 100 < least * 105, "{cost} {least}");
}
