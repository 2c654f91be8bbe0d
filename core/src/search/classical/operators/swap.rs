//! Swap (exchange): two stops of different routes change places (Osman 1993, doi:10.1007/BF02023004).

use super::{Scratch, forward};
use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;

/// Puts `u` in the place of the stop after `v` or before `v`, and that stop in the place of `u`, where that is better.
pub(crate) fn swap<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: usize, v: usize) -> bool {
    let (behind, before) = (routes.nodes[v].next as usize, routes.nodes[v].prev as usize);
    (routes.is_stop(behind) && try_pair(routes, scratch, u, behind))
        || (routes.is_stop(before) && try_pair(routes, scratch, u, before))
}

fn try_pair<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, u: usize, x: usize) -> bool {
    let (a, b) = (routes.nodes[u].route as usize, routes.nodes[x].route as usize);
    if a == b {
        return false;
    }
    let (pu, su) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
    let (px, sx) = (routes.nodes[x].prev as usize, routes.nodes[x].next as usize);
    let arc = |n: usize| i64::from(routes.nodes[n].arc);
    let d = |from: usize, to: usize| i64::from(routes.distance(from, to));
    let (change_a, change_b) = (d(pu, x) + d(x, su) - arc(u) - arc(su), d(px, u) + d(u, sx) - arc(x) - arc(sx));
    if routes.distance_cost(a, change_a) + routes.distance_cost(b, change_b) >= 0 {
        return false;
    }
    let difference = routes.load_of(x) - routes.load_of(u);
    if !routes.fits(a, difference) || !routes.fits(b, routes.load_of(u) - routes.load_of(x)) {
        return false;
    }
    if !routes.may_serve(a, x) || !routes.may_serve(b, u) {
        return false;
    }
    if !(routes.may_stand(x, pu, su) && routes.may_stand(u, px, sx)) {
        return false;
    }
    scratch.a.clear();
    scratch.b.clear();
    forward(routes, &mut scratch.a, routes.nodes[routes.start(a)].next as usize, u);
    scratch.a.push(x as u32);
    forward(routes, &mut scratch.a, su, routes.end(a));
    forward(routes, &mut scratch.b, routes.nodes[routes.start(b)].next as usize, x);
    scratch.b.push(u as u32);
    forward(routes, &mut scratch.b, sx, routes.end(b));
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}
