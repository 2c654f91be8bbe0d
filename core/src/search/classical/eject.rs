//! Ejection: where only the load of a stop does not fit, it is inserted all the same, and a smaller stop leaves that route (Glover 1996,
//! doi:10.1016/0166-218X(94)00037-E).

use crate::search::classical::class::Class;
use crate::search::classical::recreate::Recreate;
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;
use crate::search::neighbours::CandidateArc;
use crate::units::Cost;

/// Beside how many neighbours of a stop a place is sought.
const NEAR: usize = 20;

impl Recreate {
    /// Inserts `c` where only its load does not fit, and removes a smaller stop from that route, which is then the next to be
    /// inserted. Whether there is such a place that costs less than `limit`.
    pub(super) fn eject<C: Class>(&mut self, routes: &mut Routes<'_, C>, c: usize, limit: Cost) -> bool {
        let Some(after) = cheapest_overloaded(routes, c, limit) else { return false };
        let Some(ejected) = to_be_ejected(routes, c, after) else { return false };
        let before = routes.nodes[ejected].prev as usize;
        let is_feasible = routes.remove(ejected, ejected);
        // Without the triangle inequality, what is left may be later than before.
        if !is_feasible || !routes.may_stand(c, after, routes.nodes[after].next as usize) {
            routes.insert(ejected, before);
            return false;
        }
        routes.insert(c, after);
        self.ejected.push(ejected as u32);
        true
    }
}

/// Behind which node a stop costs least, of those where it comes in time but its load does not fit.
fn cheapest_overloaded<C: Class>(routes: &Routes<'_, C>, c: usize, limit: Cost) -> Option<usize> {
    let data = routes.data;
    let load = routes.load_of(c);
    let mut best = None;
    let mut least = i64::MAX;
    for &CandidateArc { node: v, distance: to } in data.neighbours.candidate_arcs(c).iter().take(NEAR) {
        let v = v as usize;
        let node = routes.nodes[v];
        let route = node.route as usize;
        if node.route == NONE || routes.fits(route, load) || !routes.may_serve(route, c) {
            continue;
        }
        let weight = routes.weigh(route, routes.insertion(c, v, to));
        if weight < least && routes.may_stand(c, v, node.next as usize) {
            (best, least) = (Some(v), weight);
        }
    }
    best.filter(|_| routes.weighed_cost(least) < limit)
}

/// The stop of the route of `after` whose removal saves most, of those that make room for `c` and are smaller than it: so an end
/// comes. None beside the place of `c`.
fn to_be_ejected<C: Class>(routes: &Routes<'_, C>, c: usize, after: usize) -> Option<usize> {
    let data = routes.data;
    let route = routes.nodes[after].route as usize;
    let behind = routes.nodes[after].next as usize;
    let (load, demand) = (routes.load_of(c), data.demand[c]);
    let (mut chosen, mut most) = (None, i32::MIN);
    let (mut u, end) = (routes.nodes[routes.start(route)].next as usize, routes.end(route));
    while u != end {
        let next = routes.nodes[u].next as usize;
        if u != after && u != behind && data.demand[u] < demand && routes.fits(route, load - routes.load_of(u)) {
            let before = routes.nodes[u].prev as usize;
            let saved = routes.nodes[u].arc + routes.nodes[next].arc - routes.distance(before, next);
            if saved > most {
                (chosen, most) = (Some(u), saved);
            }
        }
        u = next;
    }
    chosen
}
