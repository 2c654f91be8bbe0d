//! Relocate (or-opt): up to three stops in sequence move elsewhere, in order or reversed (Or 1976).

use super::{Scratch, backward, forward};
use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::Routes;

/// Longest piece that is moved.
const LONGEST: usize = 3;

/// Moves a piece that begins or ends with `u` next to `v`, wherever that is best and better.
pub(crate) fn relocate<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (mut first, mut last) = (u, u);
    // Beside `v`, a piece costs at least the arc between `u` and `v` less the one that it replaces.
    let arc = routes.distance(u, v).min(routes.distance(v, u));
    let replaced = routes.nodes[v].arc.max(routes.nodes[routes.nodes[v].next as usize].arc);
    let least = i64::from(arc) - i64::from(replaced);
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    // Where distance is cheaper on the other route, the piece itself costs less there.
    let is_bounded = routes.has_one_rate() || routes.distance_cost(a, 1) <= routes.distance_cost(b, 1);
    let may_pay = |routes: &Routes<'_, C>, (first, last): (usize, usize), saved: i64| {
        let (before, behind) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
        !is_bounded
            || routes.distance_cost(a, saved) > routes.distance_cost(b, least)
            || (routes.has_fixed_costs() && !routes.is_stop(before) && !routes.is_stop(behind))
    };
    for _ in 0..LONGEST {
        if first == v || last == v {
            break;
        }
        // `u` is the piece's last stop: it goes before `v`, or reversed behind `v`.
        let saved = saving(routes, first, u);
        if may_pay(routes, (first, u), saved)
            && (try_piece(routes, scratch, (first, u, saved), routes.nodes[v].prev as usize, false)
                || try_piece(routes, scratch, (first, u, saved), v, true))
        {
            return true;
        }
        // `u` is the piece's first stop: it goes behind `v`, or reversed before `v`.
        let saved = if first == last { saved } else { saving(routes, u, last) };
        if may_pay(routes, (u, last), saved)
            && (try_piece(routes, scratch, (u, last, saved), v, false)
                || (u != last && try_piece(routes, scratch, (u, last, saved), routes.nodes[v].prev as usize, true)))
        {
            return true;
        }
        let (before, behind) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
        if !routes.is_stop(before) || !routes.is_stop(behind) {
            break;
        }
        (first, last) = (before, behind);
    }
    false
}

/// By how much a route becomes shorter without `first ..= last`.
#[inline]
fn saving<C: Class>(routes: &Routes<'_, C>, first: usize, last: usize) -> i64 {
    let (p, w) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
    i64::from(routes.nodes[first].arc) + i64::from(routes.nodes[w].arc) - i64::from(routes.distance(p, w))
}

/// Moves `first ..= last`, without which their route is shorter by `saved`, behind `after`, where that is better.
fn try_piece<C: Class>(
    routes: &mut Routes<'_, C>,
    scratch: &mut Scratch,
    (first, last, saved): (usize, usize, i64),
    after: usize,
    reversed: bool,
) -> bool {
    let (p, w) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
    let behind = routes.nodes[after].next as usize;
    let (a, b) = (routes.nodes[first].route as usize, routes.nodes[after].route as usize);
    if after == p || (a == b && inside(routes, first, last, after)) {
        return false;
    }
    let (head, tail) = if reversed { (last, first) } else { (first, last) };
    let mut added = i64::from(routes.distance(after, head)) - i64::from(routes.nodes[behind].arc);
    if added >= saved && !routes.has_fixed_costs() && routes.has_one_rate() {
        return false;
    }
    added += i64::from(routes.distance(tail, behind));
    if reversed && first != last && !(routes.is_symmetric() && routes.is_reversible(first, last)) {
        return false;
    }
    let mut delta = routes.distance_cost(b, added) - routes.distance_cost(a, saved);
    if a != b && !routes.is_stop(p) && !routes.is_stop(w) {
        delta -= routes.fixed_cost(a);
    }
    if delta >= 0 && routes.has_one_rate() {
        return false;
    }
    if a != b {
        let Some(inner) = takes(routes, b, first, last) else { return false };
        // Where rates differ, the piece itself costs another price there.
        delta += routes.distance_cost(b, inner) - routes.distance_cost(a, inner);
    }
    if delta >= 0 {
        return false;
    }
    if routes.arcs_break_order([(after, head), (tail, behind)])
        || (routes.is_stop(w) && routes.arcs_break_order([(p, w)]))
    {
        return false;
    }
    if C::TIMED && !in_time(routes, first, last, after, reversed) {
        return false;
    }
    scratch.a.clear();
    scratch.b.clear();
    let list = if a == b { &mut scratch.a } else { &mut scratch.b };
    let mut c = routes.nodes[routes.start(b)].next as usize;
    let mut at = routes.start(b);
    loop {
        if at == after {
            if reversed { backward(routes, list, last, p) } else { forward(routes, list, first, w) }
        }
        if c == first {
            c = w;
        }
        if c == routes.end(b) {
            break;
        }
        list.push(c as u32);
        at = c;
        c = routes.nodes[c].next as usize;
    }
    if a == b {
        // `after` may be the last stop: then the loop has ended before it came back to it.
        routes.rewrite([(a, &scratch.a)]);
    } else {
        forward(routes, &mut scratch.a, routes.nodes[routes.start(a)].next as usize, first);
        forward(routes, &mut scratch.a, w, routes.end(a));
        routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    }
    true
}

/// Distance within `first ..= last`, where the vehicle of another route may take that over.
fn takes<C: Class>(routes: &Routes<'_, C>, route: usize, first: usize, last: usize) -> Option<i64> {
    let (mut load, mut inner) = (routes.info[route].load, 0);
    let mut c = first;
    loop {
        load += routes.load_of(c);
        if !routes.may_serve(route, c) {
            return None;
        }
        if c == last {
            return load.fits(routes.capacity(route)).then_some(inner);
        }
        c = routes.nodes[c].next as usize;
        inner += i64::from(routes.nodes[c].arc);
    }
}

/// Whether `node` is one of `first ..= last`.
fn inside<C: Class>(routes: &Routes<'_, C>, first: usize, last: usize, node: usize) -> bool {
    let mut c = first;
    loop {
        if c == node {
            return true;
        }
        if c == last {
            return false;
        }
        c = routes.nodes[c].next as usize;
    }
}

fn in_time<C: Class>(routes: &mut Routes<'_, C>, first: usize, last: usize, after: usize, reversed: bool) -> bool {
    let (p, w) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
    let behind = routes.nodes[after].next as usize;
    let (a, b) = (routes.nodes[first].route as usize, routes.nodes[after].route as usize);
    if a != b {
        let mut cursor = routes.prefix_to(after);
        return visit(routes, &mut cursor, first, last, reversed)
            && routes.connects(cursor, behind)
            && routes.connects(routes.prefix_to(p), w);
    }
    routes.index(a);
    if routes.position(after).pos < routes.position(first).pos {
        // … after [first ..= last] behind … p | w …
        let mut cursor = routes.prefix_to(after);
        visit(routes, &mut cursor, first, last, reversed)
            && run(routes, &mut cursor, behind, first)
            && routes.connects(cursor, w)
    } else {
        // … p | w … after [first ..= last] behind …
        let mut cursor = routes.prefix_to(p);
        run(routes, &mut cursor, w, behind)
            && visit(routes, &mut cursor, first, last, reversed)
            && routes.connects(cursor, behind)
    }
}

/// Goes on over the nodes from `from` up to but without `until`.
fn run<C: Class>(
    routes: &Routes<'_, C>,
    cursor: &mut crate::search::classical::routes::Cursor,
    from: usize,
    until: usize,
) -> bool {
    let mut c = from;
    while c != until {
        if !routes.extend(cursor, c) {
            return false;
        }
        c = routes.nodes[c].next as usize;
    }
    true
}

fn visit<C: Class>(
    routes: &Routes<'_, C>,
    cursor: &mut crate::search::classical::routes::Cursor,
    first: usize,
    last: usize,
    reversed: bool,
) -> bool {
    if !reversed {
        let until = routes.nodes[last].next as usize;
        return run(routes, cursor, first, until);
    }
    let until = routes.nodes[first].prev as usize;
    let mut c = last;
    while c != until {
        if !routes.extend(cursor, c) {
            return false;
        }
        c = routes.nodes[c].prev as usize;
    }
    true
}
