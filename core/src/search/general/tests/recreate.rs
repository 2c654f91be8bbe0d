//! What was removed is inserted again.

use super::*;

#[test]
fn what_finds_a_position_is_inserted_once() {
    let (mut removed, mut back) = (0, 0);
    each(14, 4, |kind, search, random| {
        for _ in 0..10 {
            search.solution.begin();
            let before: Vec<bool> = search.solution.place.iter().map(|place| place.0 != NONE).collect();
            let centre = search.ruin.run(&mut search.solution, random, None, &mut search.jobs);
            let out = search.jobs.clone();
            search.add_unserved(random, centre);
            assert!(search.jobs.starts_with(&out), "{kind:?}: what was removed comes first");
            for &u in &search.jobs {
                assert_eq!(search.solution.route_of(u), NONE, "{kind:?}: what is listed is unserved");
                assert_eq!(search.jobs.iter().filter(|&&v| v == u).count(), 1, "{kind:?}: and listed once");
            }
            search.recreate(random);
            search.drop_incomplete();
            if search.choose_starts_or_drop() {
                removed += out.len();
                back += out.iter().filter(|&&u| search.solution.route_of(u) != NONE).count();
                let kept = |u: usize| !before[u] || out.contains(&(u as u32)) || kind == Kind::Relations;
                let lost = (0..before.len()).filter(|&u| search.solution.place[u].0 == NONE && !kept(u)).count();
                assert!(lost <= 2, "{kind:?}: {lost}");
                agrees_with_the_plan(&mut search.solution);
            } else {
                search.solution.rollback();
            }
        }
    });
    assert!(back * 10 > removed * 7, "{back} of {removed}");
}

#[test]
fn at_any_price_optional_stops_are_served_too() {
    let (mut cheap, mut any) = (0, 0);
    each(14, 3, |_, search, random| {
        for (factor, count) in [(0, &mut cheap), (1_000_000, &mut any)] {
            search.solution.begin();
            let data = search.solution.layout.base;
            let is_optional = |&u: &u32| {
                let node = u as usize;
                let single = data.partner[node] == NONE && search.solution.layout.relations.set_of[node] == NONE;
                single && !data.required[node] && search.solution.route_of(u) != NONE
            };
            let mut optional: Vec<u32> = (0..search.solution.place.len() as u32).filter(is_optional).collect();
            search.ruin.take(&mut search.solution, &mut optional);
            search.jobs = search.solution.unserved.items().to_vec();
            search.recreate_with(random, Some(factor));
            *count += search.jobs.iter().filter(|&&u| search.solution.route_of(u) != NONE).count();
            search.drop_incomplete();
            search.choose_starts_or_drop();
            search.solution.rollback();
        }
    });
    assert!(any > 3 * cheap, "{any} {cheap}");
}
