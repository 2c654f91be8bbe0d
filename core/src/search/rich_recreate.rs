//! Recreate under the rich rules: single clients, members of groups, shipments, and reloads where a load asks for one.

use crate::search::data::NONE;
use crate::search::neighbours::Approach;
use crate::search::random::{Blinks, Random};
use crate::search::routes::Routes;
use crate::search::rules::Rules;
use crate::units::Cost;

/// How many places of a client are tried with a reload, nearest first.
const RELOAD_PLACES: usize = 12;

/// Where a job goes.
#[derive(Clone, Copy)]
enum Spot {
    Client {
        client: usize,
        after: usize,
    },
    Shipment {
        pickup: usize,
        after: usize,
        delivery_after: usize,
    },
    Reload {
        client: usize,
        after: usize,
        reload: usize,
        client_first: bool,
    },
    /// With the larger vehicle of an unused route.
    Upgrade {
        client: usize,
        after: usize,
        unused: usize,
    },
}

/// The best place found so far.
struct Search {
    cost: Cost,
    spot: Option<Spot>,
    /// Whether a larger vehicle may take a route over.
    upgrades: bool,
}

impl Search {
    fn offer(&mut self, cost: Option<Cost>, spot: Spot) {
        if let Some(cost) = cost.filter(|&c| c < self.cost) {
            (self.cost, self.spot) = (cost, Some(spot));
        }
    }
}

/// Serves the unserved client `c` alone on a route of the given vehicle type, where one is left and may do so.
pub(super) fn open<R: Rules>(routes: &mut Routes<'_, R>, c: usize, kind: usize) -> bool {
    let data = routes.data;
    if data.partner[c] != NONE || data.group[c] != NONE || !data.required[c] {
        return false;
    }
    let Some(route) = routes.unused(kind) else { return false };
    let after = routes.start(route);
    let fits = routes.detour(c, after).and_then(|detour| routes.rich_insertion(c, after, detour));
    if fits.is_some() {
        routes.insert(c, after);
    }
    fits.is_some()
}

/// Serves the unserved stop `c` (with its shipment, or another member of its group instead) where that is best and costs
/// less than `generosity` times what leaving it does.
pub(super) fn insert<R: Rules>(
    routes: &mut Routes<'_, R>,
    blinks: &mut Blinks,
    random: &mut Random,
    c: usize,
    generosity: Cost,
    upgrades: bool,
) {
    let data = routes.data;
    let mut search = Search { cost: routes.penalty[c] * generosity, spot: None, upgrades };
    if data.partner[c] != NONE {
        insert_shipment(routes, blinks, random, c, &mut search);
    } else if data.group[c] != NONE {
        for &member in &data.members[data.group[c] as usize] {
            insert_client(routes, blinks, random, member as usize, &mut search);
        }
    } else {
        insert_client(routes, blinks, random, c, &mut search);
    }
    match search.spot {
        None => {}
        Some(Spot::Client { client, after }) => routes.insert(client, after),
        Some(Spot::Shipment { pickup, after, delivery_after }) => {
            routes.insert(pickup, after);
            routes.insert(data.partner[pickup] as usize, delivery_after);
        }
        Some(Spot::Upgrade { client, after, unused }) => {
            routes.exchange_kinds(routes.nodes[after].route as usize, unused);
            routes.insert(client, after);
        }
        Some(Spot::Reload { client, after, reload, client_first }) => {
            if client_first {
                routes.insert_reload(after, reload);
                routes.insert(client, after);
            } else {
                routes.insert_reload(after, reload);
                let node = routes.nodes[after].next as usize;
                routes.insert(client, node);
            }
        }
    }
}

fn insert_client<R: Rules>(
    routes: &Routes<'_, R>,
    blinks: &mut Blinks,
    random: &mut Random,
    c: usize,
    search: &mut Search,
) {
    let data = routes.data;
    let mut tried = 0;
    let upgrades = search.upgrades;
    let mut at = |after: usize, detour: Option<i64>, search: &mut Search, random: &mut Random| {
        let Some(detour) = detour else { return };
        let route = routes.nodes[after].route as usize;
        if routes.least_cost(route, detour) >= search.cost || blinks.next(random) {
            return;
        }
        let cost = routes.rich_insertion(c, after, detour);
        search.offer(cost, Spot::Client { client: c, after });
        if cost.is_some() {
            return;
        }
        if upgrades && let Some((cost, unused)) = routes.upgrade_insertion(c, after, detour, search.cost) {
            search.offer(Some(cost), Spot::Upgrade { client: c, after, unused });
        }
        let reloads = data.vehicles[routes.kind(route)].reload.len();
        if reloads > 0 && tried < RELOAD_PLACES {
            tried += 1;
            for reload in 0..reloads {
                for client_first in [false, true] {
                    let cost = routes.reload_insertion(c, after, reload, client_first);
                    search.offer(cost, Spot::Reload { client: c, after, reload, client_first });
                }
            }
        }
    };
    let one_profile = data.problem.travel().num_profiles() == 1;
    for (i, &Approach { node: v, distance }) in data.neighbours.approaches(c).iter().enumerate() {
        let v = v as usize;
        if routes.nodes[v].route == NONE {
            continue;
        }
        let detour = if one_profile { routes.detour_from(c, v, distance) } else { routes.detour(c, v) };
        at(v, detour, search, random);
        // The place before `v` is the place after another candidate, unless that is no stop.
        let before = routes.nodes[v].prev as usize;
        if i == 0 || !routes.is_stop(before) {
            at(before, routes.detour(c, before), search, random);
        }
    }
    let nobody_near = || data.neighbours.candidates(c).iter().all(|&v| routes.nodes[v as usize].route == NONE);
    if search.spot.is_none() && nobody_near() {
        insert_far(routes, c, search);
    }
    for (kind, vehicle) in data.vehicles.iter().enumerate() {
        if let Some(route) = routes.unused(kind) {
            let after = routes.start(route);
            if let Some(detour) = routes.detour(c, after) {
                search.offer(routes.rich_insertion(c, after, detour), Spot::Client { client: c, after });
            }
        } else if search.spot.is_none() && !vehicle.reload.is_empty() {
            append_trip(routes, kind, c, search);
        }
    }
}

/// Where no candidate has a place: the beginning or the end of any route.
fn insert_far<R: Rules>(routes: &Routes<'_, R>, c: usize, search: &mut Search) {
    for route in (0..routes.info.len()).filter(|&r| routes.info[r].size > 0) {
        for after in [routes.start(route), routes.nodes[routes.end(route)].prev as usize] {
            if let Some(detour) = routes.detour(c, after) {
                search.offer(routes.rich_insertion(c, after, detour), Spot::Client { client: c, after });
            }
        }
    }
}

/// Where no candidate has a place: a new trip at the end or the beginning of any route of the given type.
fn append_trip<R: Rules>(routes: &Routes<'_, R>, kind: usize, c: usize, search: &mut Search) {
    let reloads = routes.data.vehicles[kind].reload.len();
    for route in (0..routes.info.len()).filter(|&r| routes.kind(r) == kind && routes.info[r].size > 0) {
        let last = routes.nodes[routes.end(route)].prev as usize;
        for reload in 0..reloads {
            for (after, client_first) in [(last, false), (routes.start(route), true)] {
                let cost = routes.reload_insertion(c, after, reload, client_first);
                search.offer(cost, Spot::Reload { client: c, after, reload, client_first });
            }
        }
    }
}

fn insert_shipment<R: Rules>(
    routes: &Routes<'_, R>,
    blinks: &mut Blinks,
    random: &mut Random,
    pickup: usize,
    search: &mut Search,
) {
    let data = routes.data;
    let delivery = data.partner[pickup] as usize;
    let mut seen: Vec<u32> = Vec::new();
    let near = data.neighbours.candidates(pickup).iter().chain(data.neighbours.candidates(delivery));
    for &v in near {
        let route = routes.nodes[v as usize].route;
        if route != NONE && !seen.contains(&route) {
            seen.push(route);
        }
    }
    for kind in 0..data.vehicles.len() {
        if let Some(route) = routes.unused(kind) {
            seen.push(route as u32);
        }
    }
    for &route in &seen {
        let route = route as usize;
        let mut after = routes.start(route);
        while after != routes.end(route) {
            let promising = routes.detour(pickup, after).is_some_and(|d| routes.least_cost(route, d) < search.cost);
            if promising
                && !blinks.next(random)
                && let Some((cost, delivery_after)) = routes.pair_insertion(pickup, after, search.cost)
            {
                search.offer(Some(cost), Spot::Shipment { pickup, after, delivery_after });
            }
            after = routes.nodes[after].next as usize;
        }
    }
}
