//! Takes a plan into the working solution.

use crate::ids::DepotId;
use crate::plan::RouteStops;
use crate::search::data::NONE;
use crate::search::routes::Routes;
use crate::search::ruin::clear;
use crate::search::rules::Rules;

/// Loads what can be loaded: a route that no vehicle is left for, or that would break a constraint, is dropped, and its
/// stops are left to be inserted anew.
pub(crate) fn load<R: Rules>(routes: &mut Routes<'_, R>, plan: &[RouteStops]) {
    let node_of = routes.data.node_of();
    let mut dropped = Vec::new();
    routes.begin();
    for source in plan {
        let kind = source.vehicle_type.index();
        if kind >= routes.data.vehicles.len() {
            continue;
        }
        let Some(route) = routes.unused(kind) else { continue };
        let mut at = routes.start(route);
        for (t, trip) in source.trips.iter().enumerate() {
            if t > 0 {
                let reloads = &routes.data.vehicles[kind].reload;
                let Some(reload) = reloads.iter().position(|r| Some(r.depot) == trip.start.map(DepotId::index)) else {
                    break;
                };
                routes.insert_reload(at, reload);
                at = routes.nodes[at].next as usize;
            }
            for &activity in &trip.activities {
                let c = node_of.get(activity) as usize;
                if routes.nodes[c].route == NONE && routes.may_visit(c, at) {
                    routes.insert(c, at);
                    at = c;
                }
            }
        }
        let complete = |routes: &Routes<'_, R>| routes.is_feasible(route) && routes.pairs_are_complete(route);
        if !complete(routes) {
            clear(routes, route, &mut dropped);
        }
        if R::RICH {
            routes.drop_idle_reloads(route);
        }
    }
    routes.commit();
}
