//! 2-opt: a segment of one route is driven in the opposite direction (Croes 1958, doi:10.1287/opre.6.6.791).

use super::{Scratch, backward, forward};
use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;

/// Replaces the arcs behind `u` and behind `v`, of one route, by one from `u` to `v` and one between the stops after them, and
/// reverses the segment between, where that is shorter. For symmetric distances only.
pub(crate) fn two_opt<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (su, sv) = (routes.nodes[u].next as usize, routes.nodes[v].next as usize);
    let removed = i64::from(routes.nodes[su].arc) + i64::from(routes.nodes[sv].arc);
    let added = between(routes, u, v) + between(routes, su, sv);
    if su == v || sv == u || added >= removed {
        return false;
    }
    let route = routes.nodes[u].route as usize;
    routes.index(route);
    let (u, v) = if routes.position(u).pos < routes.position(v).pos { (u, v) } else { (v, u) };
    let (su, sv) = (routes.nodes[u].next as usize, routes.nodes[v].next as usize);
    if !routes.is_reversible(su, v) {
        return false;
    }
    if C::TIMED {
        let mut cursor = routes.prefix_to(u);
        let mut c = v;
        while c != u {
            if !routes.extend(&mut cursor, c) {
                return false;
            }
            c = routes.nodes[c].prev as usize;
        }
        if !routes.connects(cursor, sv) {
            return false;
        }
    }
    scratch.a.clear();
    forward(routes, &mut scratch.a, routes.nodes[routes.start(route)].next as usize, su);
    backward(routes, &mut scratch.a, v, u);
    forward(routes, &mut scratch.a, sv, routes.end(route));
    routes.rewrite([(route, &scratch.a)]);
    true
}

/// Distance between two nodes, whichever of them is first.
#[inline]
fn between<C: Class>(routes: &Routes<'_, C>, u: usize, v: usize) -> i64 {
    let distance = routes.distance(u, v);
    i64::from(if C::ORDERED { distance.min(routes.distance(v, u)) } else { distance })
}
