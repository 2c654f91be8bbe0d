//! A few stops moved next to others, and pieces turned round.

use super::*;

#[test]
fn relocation() {
    let made = never_worse(16, 120, |search, _, u, v| {
        search.solution.route_of(u) != search.solution.route_of(v) && search.moves.relocate(&mut search.solution, u, v)
    });
    assert!(made > 0, "{made}");
}

#[test]
fn reversal() {
    let made = never_worse(16, 200, |search, _, u, v| {
        let (a, b) = (search.solution.place[u as usize], search.solution.place[v as usize]);
        a.0 == b.0 && a.1 != b.1 && search.moves.reverse(&mut search.solution, a.0 as usize, a.1 as usize, b.1 as usize)
    });
    assert!(made > 0, "{made}");
}

#[test]
fn dropping_what_does_not_pay() {
    each(16, 3, |kind, search, random| {
        // Whatever it costs, everything is served.
        search.jobs = search.solution.unserved.items().to_vec();
        search.solution.begin();
        search.recreate_with(random, Some(1_000_000));
        search.choose_starts_or_drop();
        let before = value(&search.solution);
        let all: Vec<u32> = (0..search.solution.place.len() as u32).collect();
        crate::search::general::moves::Moves::drop_unpaid(&mut search.solution, &all);
        search.solution.choose_starts();
        assert!(value(&search.solution) <= before, "{kind:?}");
        agrees_with_the_plan(&mut search.solution);
    });
}
