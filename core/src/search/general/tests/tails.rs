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
