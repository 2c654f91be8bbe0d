//! The moves on routes of nothing but stops and reloads: exchanges, reversals, pieces moved, members of groups replaced.

use super::*;
use crate::search::Searcher;

#[test]
fn they_end_where_none_is_better() {
    let mut better = 0;
    for seed in 0..12 {
        shaken(Kind::Lean, 24, seed, |search, _| {
            assert!(search.is_lean());
            let before = value(&search.solution);
            let all: Vec<u32> = (0..search.solution.place.len() as u32).collect();
            search.moves.run(&mut search.solution, &all);
            agrees_with_the_plan(&mut search.solution);
            let after = value(&search.solution);
            assert!(after <= before, "{seed}");
            better += usize::from(after < before);
            let old = elements(&search.solution);
            search.moves.run(&mut search.solution, &all);
            agrees_with_the_plan(&mut search.solution);
            assert!(value(&search.solution) <= after);
            assert!(value(&search.solution) < after || elements(&search.solution) == old, "{seed}");
        });
    }
    assert!(better > 0);
}

#[test]
fn the_cheaper_member_of_a_group_is_served() {
    let mut b = problem(Kind::Lean, 12, &mut Random::new(9)).to_builder();
    let group = b.add_group(crate::model::ClientGroup::required());
    for x in [40, 41, 45] {
        b.add_client(Client::at(Coord::new(f64::from(x), 30.0)).delivery([1]).group(group));
    }
    let problem = b.build().expect("a valid problem");
    search(&problem, 3, |search, random| {
        for _ in 0..60 {
            search.iterate(random, 20.0);
            let data = search.solution.layout.base;
            let members = (0..data.num_stops()).filter(|&u| data.group[u] != NONE);
            let served = members.filter(|&u| search.solution.route_of(u as u32) != NONE).count();
            assert!(served <= 1, "one member is enough");
            agrees_with_the_plan(&mut search.solution);
        }
        assert_eq!(search.best().missing, 0);
    });
}
