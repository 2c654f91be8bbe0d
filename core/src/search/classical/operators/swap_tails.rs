//! Exchange of tails (2-opt*): two routes exchange what follows (Potvin & Rousseau 1995, doi:10.1057/jors.1995.204).

use super::{Scratch, backward, forward};
use crate::search::classical::routes::Routes;

/// Drives from `u` to `v` of another route, and from the node before `v` to the one after `u`, where that is better.
pub(crate) fn swap_tails<const TIMED: bool>(
    routes: &mut Routes<'_, TIMED>,
    scratch: &mut Scratch,
    u: usize,
    v: usize,
) -> bool {
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    let (su, pv) = (routes.nodes[u].next as usize, routes.nodes[v].prev as usize);
    let removed = i64::from(routes.nodes[su].arc) + i64::from(routes.nodes[v].arc);
    let added = i64::from(routes.distance(u, v)) + i64::from(routes.distance(pv, su));
    let mut delta = routes.distance_cost(added - removed);
    if !routes.is_stop(pv) && !routes.is_stop(su) {
        delta -= routes.fixed_cost();
    }
    if delta >= 0 {
        return false;
    }
    routes.index(a);
    routes.index(b);
    let (head_a, head_b) = (i64::from(routes.position(u).load), i64::from(routes.position(pv).load));
    let capacity = routes.data.capacity;
    if head_a + routes.info[b].load - head_b > capacity || head_b + routes.info[a].load - head_a > capacity {
        return false;
    }
    if !routes.connects(routes.prefix_to(u), v) || !routes.connects(routes.prefix_to(pv), su) {
        return false;
    }
    scratch.a.clear();
    scratch.b.clear();
    forward(routes, &mut scratch.a, routes.nodes[routes.start(a)].next as usize, su);
    forward(routes, &mut scratch.a, v, routes.end(b));
    forward(routes, &mut scratch.b, routes.nodes[routes.start(b)].next as usize, v);
    forward(routes, &mut scratch.b, su, routes.end(a));
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}

/// Joins the head of the route of `u` with the reversed head of the route of `v`, and their tails likewise, where that is
/// better. For symmetric distances without time windows only.
pub(crate) fn swap_tails_reversed<const TIMED: bool>(
    routes: &mut Routes<'_, TIMED>,
    scratch: &mut Scratch,
    u: usize,
    v: usize,
) -> bool {
    debug_assert!(!TIMED);
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    let (su, sv) = (routes.nodes[u].next as usize, routes.nodes[v].next as usize);
    let removed = i64::from(routes.nodes[su].arc) + i64::from(routes.nodes[sv].arc);
    let added = i64::from(routes.distance(u, v)) + i64::from(routes.distance(su, sv));
    let mut delta = routes.distance_cost(added - removed);
    if !routes.is_stop(su) && !routes.is_stop(sv) {
        delta -= routes.fixed_cost();
    }
    if delta >= 0 {
        return false;
    }
    routes.index(a);
    routes.index(b);
    let heads = i64::from(routes.position(u).load) + i64::from(routes.position(v).load);
    let capacity = routes.data.capacity;
    if heads > capacity || routes.info[a].load + routes.info[b].load - heads > capacity {
        return false;
    }
    scratch.a.clear();
    scratch.b.clear();
    forward(routes, &mut scratch.a, routes.nodes[routes.start(a)].next as usize, su);
    backward(routes, &mut scratch.a, v, routes.start(b));
    backward(routes, &mut scratch.b, routes.nodes[routes.end(a)].prev as usize, u);
    forward(routes, &mut scratch.b, sv, routes.end(b));
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}
