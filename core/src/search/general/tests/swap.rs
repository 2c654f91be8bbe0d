//! Two stops of different routes in each other's positions.

use super::*;

#[test]
fn stops_are_exchanged_where_that_is_cheaper() {
    let mut made = 0;
    for seed in 0..24 {
        shaken(Kind::Lean, 20, seed, |search, random| {
            for _ in 0..300 {
                let (Some(u), Some(v)) = (served(&search.solution, random), served(&search.solution, random)) else {
                    continue;
                };
                search.solution.begin();
                let (before, old) = (value(&search.solution), elements(&search.solution));
                let (a, b) = (search.solution.place[u as usize], search.solution.place[v as usize]);
                if search.moves.swap(&mut search.solution, u, v) {
                    made += 1;
                    assert!(value(&search.solution) < before, "{seed}");
                    assert_eq!((search.solution.place[u as usize], search.solution.place[v as usize]), (b, a));
                    agrees_with_the_plan(&mut search.solution);
                } else {
                    assert_eq!(elements(&search.solution), old, "{seed}");
                }
            }
        });
    }
    assert!(made > 3, "{made}");
}
