//! Members of groups stand in for each other.

use super::*;
use crate::search::Searcher;

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

#[test]
fn a_member_takes_the_place_of_a_dearer_one() {
    let mut made = 0;
    for seed in 0..6 {
        let mut b = problem(Kind::Lean, 12, &mut Random::new(50 + seed)).to_builder();
        let group = b.add_group(crate::model::ClientGroup::required());
        for x in [-40, 0, 45] {
            b.add_client(Client::at(Coord::new(f64::from(x), 30.0)).delivery([1]).group(group));
        }
        let problem = b.build().expect("a valid problem");
        search(&problem, seed, |search, _| {
            let data = search.solution.layout.base;
            let members = data.members[0].clone();
            let Some(&u) = members.iter().find(|&&u| search.solution.route_of(u) != NONE) else { return };
            let (route, mut order) = (search.solution.route_of(u) as usize, Vec::new());
            let kind = search.solution.routes[route].vehicle_type;
            search.solution.free_order(route, &mut order);
            for &v in &members {
                search.solution.begin();
                let other: Vec<u32> = order.iter().map(|&w| if w == u { v } else { w }).collect();
                let Some(new) = search.solution.with_halts_placed(route, kind, &other, 1_000_000) else { continue };
                search.solution.install(route, new);
                let (before, old) = (value(&search.solution), elements(&search.solution));
                search.moves.queued.resize(data.num_stops(), false);
                if search.moves.replace_member(&mut search.solution, v) {
                    made += 1;
                    assert!(value(&search.solution) < before, "{seed}");
                    assert_eq!(search.solution.route_of(v), NONE);
                    assert!(members.iter().any(|&w| search.solution.route_of(w) == route as u32));
                } else {
                    assert_eq!(elements(&search.solution), old, "{seed}");
                }
                agrees_with_the_plan(&mut search.solution);
                search.solution.rollback();
            }
        });
    }
    assert!(made > 3, "{made}");
}
