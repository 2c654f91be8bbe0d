//! The moves on routes of nothing but stops and reloads, one after the other.

use super::*;

#[test]
fn they_end_where_none_is_better() {
    let mut better = 0;
    for seed in 0..12 {
        shaken(Kind::Lean, 24, seed, |search, _| {
            assert!(search.solution.layout.is_lean);
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
