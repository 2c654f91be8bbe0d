//! Greedy insertion.

use super::*;

#[test]
fn what_it_says_is_what_it_costs() {
    let mut inserted = 0;
    each(14, 4, |kind, search, random| {
        let mut removed = Vec::new();
        for _ in 0..15 {
            search.solution.begin();
            search.ruin.run(&mut search.solution, random, None, &mut removed);
            for &u in &removed {
                let node = u as usize;
                if search.solution.route_of(u) != NONE
                    || !search.is_representative(node)
                    || search.solution.layout.relations.set_of[node] != NONE
                {
                    continue;
                }
                let limit = search.insert.scaled_prize(&search.solution, node);
                let (cost, missing) = (search.solution.cost, search.solution.missing);
                let old = elements(&search.solution);
                match search.insert.run(&mut search.solution, random, node, limit) {
                    Some(said) => {
                        let data = search.solution.layout.base;
                        let prize = if data.required[node] { 0 } else { data.prize[node] };
                        assert!(search.solution.route_of(u) != NONE, "{kind:?}");
                        assert!(said < limit, "{kind:?}: no more than it is worth");
                        assert_eq!(search.solution.cost - cost, said - prize, "{kind:?}");
                        assert_eq!(missing - search.solution.missing, i64::from(data.required[node]));
                        inserted += 1;
                    }
                    None => assert_eq!(elements(&search.solution), old, "{kind:?}"),
                }
            }
            search.drop_incomplete();
            search.choose_starts_or_drop();
            agrees_with_the_plan(&mut search.solution);
        }
    });
    assert!(inserted > 300, "{inserted}");
}

#[test]
fn an_insertion_that_is_too_dear_is_not_made() {
    each(12, 2, |kind, search, random| {
        let Some(u) = served(&search.solution, random) else { return };
        let mut out = search.removed_with(u);
        search.ruin.take(&mut search.solution, &mut out);
        let old = elements(&search.solution);
        assert_eq!(search.insert.run(&mut search.solution, random, u as usize, -100_000), None, "{kind:?}");
        assert_eq!(elements(&search.solution), old);
    });
}
