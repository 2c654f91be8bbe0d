//! The moves under the rich rules: each proposes new sequences for one or two routes, and [`Routes`] says what they cost.

use super::Scratch;
use crate::search::data::NONE;
use crate::search::local_search::LocalSearchParams;
use crate::search::routes::{Piece, Proposal, Routes};
use crate::search::rules::Rules;
use crate::units::Cost;

/// Longest piece that is moved.
const LONGEST: usize = 3;

/// Makes the first better move that puts `u` and `v`, a near stop, next to each other.
pub(crate) fn improve<R: Rules>(
    routes: &mut Routes<'_, R>,
    scratch: &mut Scratch,
    u: usize,
    v: usize,
    params: LocalSearchParams,
) -> bool {
    if routes.nodes[u].route == routes.nodes[v].route {
        return reverse(routes, scratch, u, v) || (params.relocate && relocate_within(routes, scratch, u, v));
    }
    swap_tails(routes, scratch, u, v)
        || swap_tails(routes, scratch, v, u)
        || (!routes.data.timed && swap_tails_reversed(routes, scratch, u, v))
        || (params.relocate && relocate(routes, scratch, u, v))
        || (params.swap && swap(routes, scratch, u, v))
}

/// Makes the proposed change where it is better and breaks nothing.
fn attempt<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, proposals: &[Proposal<'_>]) -> bool {
    let before: Cost = proposals.iter().map(|p| routes.route_cost(p.route)).sum();
    let mut distances = [0; 2];
    let mut least = routes.least_service_cost(proposals);
    for (p, distance) in proposals.iter().zip(&mut distances) {
        let Some(proposed) = routes.proposed_distance(p) else { return false };
        *distance = proposed;
        least += routes.least_route_cost(p, proposed);
    }
    if least >= before {
        return false;
    }
    let mut after = 0;
    for (p, &distance) in proposals.iter().zip(&distances) {
        let Some(cost) = routes.proposed_cost(p, distance, &mut scratch.walk) else { return false };
        after += cost;
    }
    if after >= before {
        return false;
    }
    let Scratch { a, b, .. } = scratch;
    routes.list(&proposals[0], a);
    if !routes.pairs_hold(a) {
        return false;
    }
    if let Some(second) = proposals.get(1) {
        routes.list(second, b);
        if !routes.pairs_hold(b) {
            return false;
        }
        routes.rewrite([(proposals[0].route, a), (second.route, b)]);
    } else {
        routes.rewrite([(proposals[0].route, a)]);
    }
    for p in proposals {
        routes.drop_idle_reloads(p.route);
    }
    true
}

/// Whether exchanging arcs of one length for others can be better at all. `empties` says that a route would be left empty.
#[inline]
fn may_gain<R: Rules>(routes: &Routes<'_, R>, removed: [usize; 4], added: [(usize, usize); 4], empties: bool) -> bool {
    if !routes.data.one_rate || empties {
        return true;
    }
    let arc = |u: usize| if u == NONE as usize { 0 } else { i64::from(routes.nodes[u].arc) };
    let mut left: i64 = removed.into_iter().map(arc).sum();
    for (u, v) in added {
        if u != NONE as usize {
            left -= i64::from(routes.distance(u, v));
        }
        if left <= 0 {
            return false;
        }
    }
    true
}

const NO_ARC: (usize, usize) = (NONE as usize, NONE as usize);
const NO_NODE: usize = NONE as usize;

/// Exchange of tails: from `u` to `v`, and from the node before `v` to the one after `u`.
fn swap_tails<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (su, pv) = (routes.nodes[u].next as usize, routes.nodes[v].prev as usize);
    let empties = !routes.is_stop(su) && !routes.is_stop(pv);
    if !may_gain(routes, [su, v, NO_NODE, NO_NODE], [(u, v), (pv, su), NO_ARC, NO_ARC], empties)
        || routes.on_board(u) > 0
        || routes.on_board(pv) > 0
    {
        return false;
    }
    let proposals = [routes.propose(u, &[], v), routes.propose(pv, &[], su)];
    attempt(routes, scratch, &proposals)
}

/// Joins the head of one route with the reversed head of the other, and their tails likewise.
fn swap_tails_reversed<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[v].route as usize);
    let (su, sv) = (routes.nodes[u].next as usize, routes.nodes[v].next as usize);
    let empties = !routes.is_stop(su) && !routes.is_stop(sv);
    if !may_gain(routes, [su, sv, NO_NODE, NO_NODE], [(u, v), (su, sv), NO_ARC, NO_ARC], empties) {
        return false;
    }
    let first_b = routes.nodes[routes.start(b)].next as usize;
    let last_a = routes.nodes[routes.end(a)].prev as usize;
    let heads = [Piece::reversed(first_b, v)];
    let tails = [Piece::reversed(su, last_a)];
    let tails: &[Piece] = if su == routes.end(a) { &[] } else { &tails };
    let proposals = [routes.propose(u, &heads, routes.end(a)), routes.propose(routes.start(b), tails, sv)];
    attempt(routes, scratch, &proposals)
}

/// Drives what lies between `u` and `v` the other way round, so that `u` and `v` come next to each other.
fn reverse<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    routes.index(routes.nodes[u].route as usize);
    let (u, v) = if routes.standing(u).pos < routes.standing(v).pos { (u, v) } else { (v, u) };
    let (su, pv) = (routes.nodes[u].next as usize, routes.nodes[v].prev as usize);
    if su == v {
        return false;
    }
    let (pu, sv) = (routes.nodes[u].prev as usize, routes.nodes[v].next as usize);
    if may_gain(routes, [su, sv, NO_NODE, NO_NODE], [(u, v), (su, sv), NO_ARC, NO_ARC], false) {
        let piece = [Piece::reversed(su, v)];
        let proposal = routes.propose(u, &piece, sv);
        if attempt(routes, scratch, &[proposal]) {
            return true;
        }
    }
    if !may_gain(routes, [u, v, NO_NODE, NO_NODE], [(u, v), (pu, pv), NO_ARC, NO_ARC], false) {
        return false;
    }
    let piece = [Piece::reversed(u, pv)];
    let proposal = routes.propose(pu, &piece, v);
    attempt(routes, scratch, &[proposal])
}

/// Moves a piece of up to three stops that begins or ends with `u` next to `v` of another route.
fn relocate<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (pv, sv) = (routes.nodes[v].prev as usize, routes.nodes[v].next as usize);
    let (mut first, mut last) = (u, u);
    for length in 1..=LONGEST {
        for (piece, after) in [
            (Piece::new(first, u), pv),
            (Piece::reversed(first, u), v),
            (Piece::new(u, last), v),
            (Piece::reversed(u, last), pv),
        ] {
            if length == 1 && piece.reversed {
                continue;
            }
            let before = if after == v { sv } else { v };
            let (p, w) = (routes.nodes[piece.first].prev as usize, routes.nodes[piece.last].next as usize);
            let (head, tail) = if piece.reversed { (piece.last, piece.first) } else { (piece.first, piece.last) };
            let empties = !routes.is_stop(p) && !routes.is_stop(w);
            let added = [(after, head), (p, w), (tail, before), NO_ARC];
            if !may_gain(routes, [piece.first, w, before, NO_NODE], added, empties) {
                continue;
            }
            let (from, to) = (routes.propose(p, &[], w), [piece]);
            let proposals = [from, routes.propose(after, &to, before)];
            if attempt(routes, scratch, &proposals) {
                return true;
            }
        }
        let (before, behind) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
        if !routes.is_stop(before) || !routes.is_stop(behind) || has_pair(routes, u) {
            break;
        }
        (first, last) = (before, behind);
    }
    false
}

/// Moves a piece of up to three stops that begins or ends with `u` next to `v` of the same route.
fn relocate_within<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (mut first, mut last) = (u, u);
    for length in 1..=LONGEST {
        if first == v || last == v {
            break;
        }
        for (piece, after) in [
            (Piece::new(first, u), routes.nodes[v].prev as usize),
            (Piece::reversed(first, u), v),
            (Piece::new(u, last), v),
            (Piece::reversed(u, last), routes.nodes[v].prev as usize),
        ] {
            if (length > 1 || !piece.reversed) && move_within(routes, scratch, piece, after) {
                return true;
            }
        }
        let (before, behind) = (routes.nodes[first].prev as usize, routes.nodes[last].next as usize);
        if !routes.is_stop(before) || !routes.is_stop(behind) {
            break;
        }
        (first, last) = (before, behind);
    }
    false
}

fn move_within<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, piece: Piece, after: usize) -> bool {
    routes.index(routes.nodes[piece.first].route as usize);
    let (p, w) = (routes.nodes[piece.first].prev as usize, routes.nodes[piece.last].next as usize);
    let behind = routes.nodes[after].next as usize;
    let (at, from, to) =
        (routes.standing(after).pos, routes.standing(piece.first).pos, routes.standing(piece.last).pos);
    let (head, tail) = if piece.reversed { (piece.last, piece.first) } else { (piece.first, piece.last) };
    if after == p
        || (from <= at && at <= to)
        || !may_gain(routes, [piece.first, w, behind, NO_NODE], [(after, head), (p, w), (tail, behind), NO_ARC], false)
    {
        return false;
    }
    if at < from {
        // … after [piece] behind … p | w …
        let pieces = [piece, Piece::new(behind, p)];
        let proposal = routes.propose(after, &pieces, w);
        attempt(routes, scratch, &[proposal])
    } else {
        // … p | w … after [piece] behind …
        let pieces = [Piece::new(w, after), piece];
        let proposal = routes.propose(p, &pieces, behind);
        attempt(routes, scratch, &[proposal])
    }
}

/// Puts `u` in the place of the stop after `v` or before `v`, and that stop in the place of `u`.
fn swap<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    if has_pair(routes, u) {
        return false;
    }
    for x in [routes.nodes[v].next as usize, routes.nodes[v].prev as usize] {
        if !routes.is_stop(x) || has_pair(routes, x) {
            continue;
        }
        let (pu, su) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        let (px, sx) = (routes.nodes[x].prev as usize, routes.nodes[x].next as usize);
        if !may_gain(routes, [u, su, x, sx], [(px, u), (pu, x), (x, su), (u, sx)], false) {
            continue;
        }
        let (to_a, to_b) = ([Piece::new(x, x)], [Piece::new(u, u)]);
        let proposals = [routes.propose(pu, &to_a, su), routes.propose(px, &to_b, sx)];
        if attempt(routes, scratch, &proposals) {
            return true;
        }
    }
    false
}

fn has_pair<R: Rules>(routes: &Routes<'_, R>, u: usize) -> bool {
    routes.data.partner[u] != NONE
}

/// Serves another member of a group instead of `u`, in the same place, where that is better.
pub(crate) fn replace<R: Rules>(routes: &mut Routes<'_, R>, u: usize) -> bool {
    let data = routes.data;
    if data.group[u] == NONE {
        return false;
    }
    let (p, route) = (routes.nodes[u].prev as usize, routes.nodes[u].route as usize);
    let s = routes.nodes[u].next as usize;
    let mut best: Option<(i64, usize)> = None;
    let now = i64::from(routes.nodes[u].arc) + i64::from(routes.nodes[s].arc);
    for &member in &data.members[data.group[u] as usize] {
        let m = member as usize;
        let way =
            i64::from(routes.distance(p, m)) + i64::from(data.metric.distance(routes.profile(p), m, routes.point(s)));
        if m != u && way < best.map_or(now, |b| b.0) {
            best = Some((way, m));
        }
    }
    let Some((_, m)) = best else { return false };
    let before = routes.cost;
    let was_single = routes.info[route].size == 1;
    if was_single || !routes.remove(u, u) {
        if !was_single {
            routes.insert(u, p);
        }
        return false;
    }
    let saved = before - routes.cost + routes.penalty[u];
    let cost = routes.detour(m, p).and_then(|detour| routes.rich_insertion(m, p, detour));
    let better = cost.is_some_and(|cost| cost < saved);
    routes.insert(if better { m } else { u }, p);
    better
}

/// Gives a route the unused vehicle that makes it cheapest, where it is cheaper than its own.
pub(crate) fn change_kind<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, route: usize) -> bool {
    if routes.info[route].size == 0 {
        return false;
    }
    let mut limit = routes.route_cost(route);
    let mut best = None;
    for kind in 0..routes.data.vehicles.len() {
        if kind == routes.kind(route) {
            continue;
        }
        if let Some(slot) = routes.spare(kind)
            && let Some(cost) = routes.cost_with_kind(route, kind, limit, &mut scratch.walk)
        {
            limit = cost;
            best = Some(slot);
        }
    }
    if let Some(slot) = best {
        routes.exchange_kinds(route, slot);
    }
    best.is_some()
}

/// Two routes exchange their vehicles, where that is better for both together.
pub(crate) fn swap_kinds<R: Rules>(routes: &mut Routes<'_, R>, scratch: &mut Scratch, a: usize, b: usize) -> bool {
    let (kind_a, kind_b) = (routes.kind(a), routes.kind(b));
    if kind_a == kind_b || routes.info[a].size == 0 || routes.info[b].size == 0 {
        return false;
    }
    let limit = routes.route_cost(a) + routes.route_cost(b);
    let Some(cost_a) = routes.cost_with_kind(a, kind_b, limit, &mut scratch.walk) else { return false };
    if routes.cost_with_kind(b, kind_a, limit - cost_a, &mut scratch.walk).is_none() {
        return false;
    }
    routes.exchange_kinds(a, b);
    true
}
