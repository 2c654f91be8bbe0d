//! A few stops moved next to others.

use super::*;

#[test]
fn relocation() {
    let made = never_worse(16, 120, |search, _, u, v| {
        search.solution.route_of(u) != search.solution.route_of(v) && search.moves.relocate(&mut search.solution, u, v)
    });
    assert!(made > 0, "{made}");
}
