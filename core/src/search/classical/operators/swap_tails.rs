//! Exchange of tails (2-opt*): two routes exchange what follows (Potvin & Rousseau 1995, doi:10.1057/jors.1995.204).

use super::{Scratch, backward, forward};
use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::Routes;
use crate::units::Cost;

/// Drives from `u` to `v` of another route, and from the node before `v` to the one after `u`, where that is better.
pub(crate) fn swap_tails<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    let (su, pv) = (routes.nodes[u].next as usize, routes.nodes[v].prev as usize);
    let removed = i64::from(routes.nodes[su].arc) + i64::from(routes.nodes[v].arc);
    let added = i64::from(routes.distance(u, v)) + i64::from(routes.distance(pv, su));
    let mut delta = if routes.exchange_ends_freely(a, b) {
        routes.distance_cost(a, added - removed)
    } else {
        // The last arcs cannot save more than all that they are; where a tail is empty, no arc leads to it.
        let ends = i64::from(routes.nodes[routes.end(a)].arc) + i64::from(routes.nodes[routes.end(b)].arc);
        let least = if routes.is_stop(su) { added } else { i64::from(routes.distance(u, v)) };
        if least >= removed + ends && routes.has_one_rate() && !routes.has_fixed_costs() {
            return false;
        }
        change_by_types(routes, (u, su), (pv, v))
    };
    if !routes.is_stop(pv) && !routes.is_stop(su) {
        delta -= routes.fixed_cost(b);
    }
    if delta >= 0 {
        return false;
    }
    if routes.arcs_break_order([(u, v)]) || (routes.is_stop(su) && routes.arcs_break_order([(pv, su)])) {
        return false;
    }
    routes.index(a);
    routes.index(b);
    let (head_a, head_b) = (routes.position(u).load, routes.position(pv).load);
    let (load_a, load_b) = (head_a + (routes.info[b].load - head_b), head_b + (routes.info[a].load - head_a));
    if !load_a.fits(routes.capacity(a)) || !load_b.fits(routes.capacity(b)) {
        return false;
    }
    if !routes.may_serve_all(a, v, routes.end(b)) || !routes.may_serve_all(b, su, routes.end(a)) {
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

/// What it costs in distance that two routes with vehicles of different types exchange their tails: those behind `u` and `p`.
fn change_by_types<C: Class>(routes: &mut Routes<'_, C>, (u, su): (usize, usize), (p, v): (usize, usize)) -> Cost {
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[p].route as usize);
    if !routes.has_one_rate() {
        routes.index(a);
        routes.index(b);
    }
    let change_a = with_tail(routes, u, v) - with_tail(routes, u, su);
    let change_b = with_tail(routes, p, su) - with_tail(routes, p, v);
    routes.distance_cost(a, change_a) + routes.distance_cost(b, change_b)
}

/// Distance from `u` to the end of its route where that goes on with the tail that begins with `first`. Where all rates are equal,
/// what lies within the tail does not matter, and is not counted.
fn with_tail<C: Class>(routes: &Routes<'_, C>, u: usize, first: usize) -> i64 {
    let end = routes.end(routes.nodes[u].route as usize);
    if !routes.is_stop(first) {
        return routes.arc_between(u, end).into();
    }
    let last = routes.nodes[routes.end(routes.nodes[first].route as usize)].prev as usize;
    let within =
        if routes.has_one_rate() { 0 } else { routes.position(last).distance - routes.position(first).distance };
    i64::from(routes.distance(u, first)) + within + i64::from(routes.distance(last, end))
}

/// Joins the head of the route of `u` with the reversed head of the route of `v`, and their tails likewise, where that is
/// better. For symmetric distances without time windows only.
pub(crate) fn swap_tails_reversed<C: Class>(
    routes: &mut Routes<'_, C>,
    scratch: &mut Scratch,
    u: usize,
    v: usize,
) -> bool {
    debug_assert!(!C::TIMED);
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    let (su, sv) = (routes.nodes[u].next as usize, routes.nodes[v].next as usize);
    if C::FLEET && routes.vehicle_type(a) != routes.vehicle_type(b) {
        return false;
    }
    let removed = i64::from(routes.nodes[su].arc) + i64::from(routes.nodes[sv].arc);
    let added = i64::from(routes.distance(u, v)) + i64::from(routes.distance(su, sv));
    let mut delta = routes.distance_cost(a, added - removed);
    if !routes.is_stop(su) && !routes.is_stop(sv) {
        delta -= routes.fixed_cost(a);
    }
    if delta >= 0 {
        return false;
    }
    routes.index(a);
    routes.index(b);
    let (head_a, head_b) = (routes.position(u).load, routes.position(v).load);
    let tails = (routes.info[a].load - head_a) + (routes.info[b].load - head_b);
    let capacity = routes.capacity(a);
    if !(head_a + head_b).fits(capacity) || !tails.fits(capacity) {
        return false;
    }
    // The second head, and the first tail, are driven in the opposite direction.
    let last = routes.nodes[routes.end(a)].prev as usize;
    if routes.is_backhaul(v) || (last != u && routes.is_backhaul(last)) || routes.arcs_break_order([(u, v), (su, sv)]) {
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
