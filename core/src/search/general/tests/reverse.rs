//! Segments driven in the opposite direction.

use super::*;

#[test]
fn reversal() {
    let made = never_worse(16, 200, |search, _, u, v| {
        let (a, b) = (search.solution.place[u as usize], search.solution.place[v as usize]);
        a.0 == b.0 && a.1 != b.1 && search.moves.reverse(&mut search.solution, a.0 as usize, a.1 as usize, b.1 as usize)
    });
    assert!(made > 0, "{made}");
}
