//! SWAP*: two stops of different routes change routes, each going to its best place there (Vidal 2022,
//! doi:10.1016/j.cor.2021.105643).

use super::{Scratch, forward};
use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;

/// The three cheapest positions of a stop in the other route: what they cost, weighed, and the node before.
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
pub(crate) fn swap_star<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, a: usize, b: usize) -> bool {
    let (capacity_a, capacity_b) = (routes.capacity(a), routes.capacity(b));
    let (load_a, load_b) = (routes.info[a].load, routes.info[b].load);
    let (stops_a, stops_b) = (stops(routes, a), stops(routes, b));
    let (places_a, places_b) = (places(routes, &stops_a, b), places(routes, &stops_b, a));
    let load = |u: u32| routes.load_of(u as usize);
    let mut best = (0, 0, 0, (0, NONE), (0, NONE));
    for (i, &u) in stops_a.iter().enumerate() {
        let without_u = removal(routes, u);
        for (j, &v) in stops_b.iter().enumerate() {
            let difference = load(v) - load(u);
            if !(load_a + difference).fits(capacity_a) || !(load_b - difference).fits(capacity_b) {
                continue;
            }
            if !routes.may_serve(a, v as usize) || !routes.may_serve(b, u as usize) {
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
    if routes.sequence_breaks_order(a, &scratch.a) || routes.sequence_breaks_order(b, &scratch.b) {
        return false;
    }
    if C::TIMED && !(in_time(routes, a, &scratch.a) && in_time(routes, b, &scratch.b)) {
        return false;
    }
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}

fn stops<C: Class>(routes: &Routes<'_, C>, route: usize) -> Vec<u32> {
    let mut list = Vec::with_capacity(routes.info[route].size as usize);
    forward(routes, &mut list, routes.nodes[routes.start(route)].next as usize, routes.end(route));
    list
}

/// What it changes, weighed, that `u` is removed.
fn removal<C: Class>(routes: &Routes<'_, C>, u: u32) -> i64 {
    let node = routes.nodes[u as usize];
    let next = node.next as usize;
    let route = node.route as usize;
    routes.weigh(route, routes.distance(node.prev as usize, next) - node.arc - routes.nodes[next].arc)
}

fn places<C: Class>(routes: &Routes<'_, C>, stops: &[u32], route: usize) -> Vec<Positions> {
    let end = routes.end(route);
    let place = |&u: &u32| {
        let mut places = Positions([(i64::MAX, NONE); 3]);
        let mut at = routes.start(route);
        while at != end {
            let next = routes.nodes[at].next as usize;
            let through = routes.distance(at, u as usize) + routes.distance(u as usize, next);
            places.insert(routes.weigh(route, through - routes.nodes[next].arc), at as u32);
            at = next;
        }
        places
    };
    stops.iter().map(place).collect()
}

/// The cheapest position of `u` in the other route once `gone` has left it: what it costs, weighed, and the node before. That node is
/// `gone` itself where `u` takes its place.
fn cheapest<C: Class>(routes: &Routes<'_, C>, places: Positions, u: u32, gone: u32) -> (i64, u32) {
    let node = routes.nodes[gone as usize];
    let (p, n) = (node.prev as usize, node.next as usize);
    let through = routes.distance(p, u as usize) + routes.distance(u as usize, n);
    let instead = (routes.weigh(node.route as usize, through - routes.distance(p, n)), gone);
    let elsewhere = places.0.iter().find(|&&(_, after)| after != gone && after != node.prev && after != NONE);
    elsewhere.copied().filter(|&(cost, _)| cost < instead.0).unwrap_or(instead)
}

/// The route without `out` and with `put` after `after` (in place of `out` where they are the same).
fn exchanged<C: Class>(routes: &Routes<'_, C>, list: &mut Vec<u32>, route: usize, out: u32, put: u32, after: u32) {
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
fn in_time<C: Class>(routes: &Routes<'_, C>, route: usize, list: &[u32]) -> bool {
    let mut cursor = routes.prefix_to(routes.start(route));
    list.iter().all(|&c| routes.extend(&mut cursor, c as usize)) && routes.connects(cursor, routes.end(route))
}
