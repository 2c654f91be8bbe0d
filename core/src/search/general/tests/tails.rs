//! Tails of routes exchanged.

use super::*;

#[test]
fn tails_change_routes() {
    let made = never_worse(16, 200, |search, _, u, v| {
        let (a, b) = (search.solution.place[u as usize], search.solution.place[v as usize]);
        a.0 != b.0
            && search.moves.swap_tails(
                &mut search.solution,
                (a.0 as usize, a.1 as usize),
                (b.0 as usize, b.1 as usize - 1),
            )
    });
    assert!(made > 0, "{made}");
}

#[test]
fn heads_are_joined() {
    let mut made = 0;
    for seed in 0..90 {
        shaken(Kind::Lean, 20, seed, |search, random| {
            for _ in 0..500 {
                let (Some(u), Some(v)) = (served(&search.solution, random), served(&search.solution, random)) else {
                    continue;
                };
                let (a, b) = (search.solution.place[u as usize], search.solution.place[v as usize]);
                if a.0 == b.0 {
                    continue;
                }
                search.solution.begin();
                let (before, old) = (value(&search.solution), elements(&search.solution));
                let (a, b) = ((a.0 as usize, a.1 as usize), (b.0 as usize, b.1 as usize));
                if search.moves.swap_tails_reversed(&mut search.solution, a, b) {
                    made += 1;
                    assert!(value(&search.solution) < before, "{seed}");
                    let new = elements(&search.solution);
                    let heads: Vec<Element> =
                        old[a.0][..=a.1].iter().copied().chain(old[b.0][1..=b.1].iter().rev().copied()).collect();
                    assert!(new[a.0].starts_with(&heads), "the second head is reversed behind the first");
                    agrees_with_the_plan(&mut search.solution);
                } else {
                    assert_eq!(elements(&search.solution), old, "{seed}");
                }
            }
        });
    }
    assert!(made > 1, "{made}");
}
