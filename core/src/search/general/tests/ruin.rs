//! Ruin: strings, trips, whole routes.

use super::*;
use crate::search::general::ruin::Ruin;
use crate::search::ruin_size::RuinParams;

/// Takes out what the parameters say, and holds it against what is left.
fn takes_out(whole_route: f64, trip: f64) -> usize {
    let mut removed = Vec::new();
    let mut most = 0;
    each(14, 3, |kind, search, random| {
        let mut ruin = Ruin::new(RuinParams { removed: 5.0, removed_from_short: 5.0, whole_route, trip, sort: 0.0 });
        for _ in 0..20 {
            let solution = &mut search.solution;
            solution.begin();
            let before: Vec<u32> = (0..solution.place.len() as u32).filter(|&u| solution.route_of(u) != NONE).collect();
            let old = value(solution);
            ruin.run(solution, random, None, &mut removed);
            for &u in &before {
                let out = removed.contains(&u);
                assert_eq!(solution.route_of(u) == NONE, out, "{kind:?}: what is out is listed, and nothing else");
            }
            for &u in &removed {
                let partner = solution.layout.base.partner[u as usize];
                assert!(partner == NONE || removed.contains(&partner), "{kind:?}: shipments go as wholes");
            }
            most = most.max(removed.len());
            // What is left of sets goes after the recreation.
            search.drop_incomplete();
            agrees_with_the_plan(&mut search.solution);
            search.solution.rollback();
            assert_eq!(value(&search.solution), old);
        }
    });
    most
}

#[test]
fn strings() {
    assert!(takes_out(0.0, 0.0) >= 3);
}

#[test]
fn trips() {
    assert!(takes_out(0.0, 1.0) >= 3);
}

#[test]
fn whole_routes() {
    assert!(takes_out(1.0, 0.0) >= 3);
}

#[test]
fn the_route_of_the_seed_is_ruined() {
    each(14, 2, |kind, search, random| {
        let Some(u) = served(&search.solution, random) else { return };
        let mut ruin =
            Ruin::new(RuinParams { removed: 5.0, removed_from_short: 5.0, whole_route: 0.0, trip: 0.0, sort: 0.0 });
        let mut removed = Vec::new();
        let route = search.solution.route_of(u);
        let before: Vec<u32> = search.solution.routes[route as usize].stops().collect();
        ruin.run(&mut search.solution, random, Some(u as usize), &mut removed);
        assert!(before.iter().any(|v| removed.contains(v)), "{kind:?}");
    });
}
