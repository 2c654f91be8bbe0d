//! SWAP*: two stops of different routes change routes, each going to its best place there (Vidal 2022,
//! doi:10.1016/j.cor.2021.105643).

use super::{Scratch, forward};
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;

/// The three cheapest positions of a stop in the other route: extra distance, and the node before.
#[derive(Clone, Copy)]
struct Positions([(i64, u32); 3]);

impl Positions {
    fn insert(&mut self, cost: i64, after: u32) {
        let Some(at) = self.0.iter().position(|&(c, _)| cost < c) else { return };
        self.0[at..].rotate_right(1);
        self.0[at] = (cost, after);
    }
}

/// Makes the best such exchange between routes `a` and `b`, where there is one.
pub(crate) fn swap_star<const TIMED: bool>(
    routes: &mut Routes<'_, TIMED>,
    scratch: &mut Scratch,
    a: usize,
    b: usize,
) -> bool {
    let capacity = routes.data.capacity;
    let (load_a, load_b) = (routes.info[a].load, routes.info[b].load);
    let (stops_a, stops_b) = (stops(routes, a), stops(routes, b));
    let (places_a, places_b) = (places(routes, &stops_a, b), places(routes, &stops_b, a));
    let demand = |u: u32| i64::from(routes.data.demand[u as usize]);
    let mut best = (0, 0, 0, (0, NONE), (0, NONE));
    for (i, &u) in stops_a.iter().enumerate() {
        let without_u = removal(routes, u);
        for (j, &v) in stops_b.iter().enumerate() {
            let difference = demand(v) - demand(u);
            if load_a + difference > capacity || load_b - difference > capacity {
                continue;
            }
            let to_b = cheapest(routes, places_a[i], u, v);
            let to_a = cheapest(routes, places_b[j], v, u);
            let delta = without_u + removal(routes, v) + to_b.0 + to_a.0;
            if delta < best.0 {
                best = (delta, u, v, to_b, to_a);
            }
        }
    }
    let (delta, u, v, to_b, to_a) = best;
    if delta == 0 {
        return false;
    }
    exchanged(routes, &mut scratch.a, a, u, v, to_a.1);
    exchanged(routes, &mut scratch.b, b, v, u, to_b.1);
    if TIMED && !(in_time(routes, a, &scratch.a) && in_time(routes, b, &scratch.b)) {
        return false;
    }
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}

fn stops<const TIMED: bool>(routes: &Routes<'_, TIMED>, route: usize) -> Vec<u32> {
    let mut list = Vec::with_capacity(routes.info[route].size as usize);
    forward(routes, &mut list, routes.nodes[routes.start(route)].next as usize, routes.end(route));
    list
}

/// By how much the distance changes when `u` is removed.
fn removal<const TIMED: bool>(routes: &Routes<'_, TIMED>, u: u32) -> i64 {
    let node = routes.nodes[u as usize];
    let next = node.next as usize;
    i64::from(routes.distance(node.prev as usize, next)) - i64::from(node.arc) - i64::from(routes.nodes[next].arc)
}

fn places<const TIMED: bool>(routes: &Routes<'_, TIMED>, stops: &[u32], route: usize) -> Vec<Positions> {
    let end = routes.end(route);
    let place = |&u: &u32| {
        let mut places = Positions([(i64::from(i32::MAX), NONE); 3]);
        let mut at = routes.start(route);
        while at != end {
            let next = routes.nodes[at].next as usize;
            let through = i64::from(routes.distance(at, u as usize)) + i64::from(routes.distance(u as usize, next));
            places.insert(through - i64::from(routes.nodes[next].arc), at as u32);
            at = next;
        }
        places
    };
    stops.iter().map(place).collect()
}

/// The cheapest position of `u` in the other route once `gone` has left it: extra distance, and the node before. That node is
/// `gone` itself where `u` takes its place.
fn cheapest<const TIMED: bool>(routes: &Routes<'_, TIMED>, places: Positions, u: u32, gone: u32) -> (i64, u32) {
    let node = routes.nodes[gone as usize];
    let (p, n) = (node.prev as usize, node.next as usize);
    let through = i64::from(routes.distance(p, u as usize)) + i64::from(routes.distance(u as usize, n));
    let instead = (through - i64::from(routes.distance(p, n)), gone);
    let elsewhere = places.0.iter().find(|&&(_, after)| after != gone && after != node.prev && after != NONE);
    elsewhere.copied().filter(|&(cost, _)| cost < instead.0).unwrap_or(instead)
}

/// The route without `out` and with `put` after `after` (in place of `out` where they are the same).
fn exchanged<const TIMED: bool>(
    routes: &Routes<'_, TIMED>,
    list: &mut Vec<u32>,
    route: usize,
    out: u32,
    put: u32,
    after: u32,
) {
    list.clear();
    if after as usize == routes.start(route) {
        list.push(put);
    }
    let mut u = routes.nodes[routes.start(route)].next as usize;
    while u != routes.end(route) {
        if u as u32 != out {
            list.push(u as u32);
        }
        if u as u32 == after {
            list.push(put);
        }
        u = routes.nodes[u].next as usize;
    }
}

/// Whether a sequence of stops keeps all time windows on a route.
fn in_time<const TIMED: bool>(routes: &Routes<'_, TIMED>, route: usize, list: &[u32]) -> bool {
    let mut cursor = routes.prefix_to(routes.start(route));
    list.iter().all(|&c| routes.extend(&mut cursor, c as usize)) && routes.connects(cursor, routes.end(route))
}
