//! What a route might become: pieces of routes in a new sequence, priced under the rich rules.

use crate::schedule::LoadSegment;
use crate::search::data::{NONE, Order};
use crate::search::metric::FORBIDDEN;
use crate::search::routes::Routes;
use crate::search::rules::Rules;
use crate::units::Cost;

/// Nodes of a route in sequence, first to last, or the other way round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) reversed: bool,
}

impl Piece {
    pub(crate) fn new(first: usize, last: usize) -> Self {
        Self { first, last, reversed: false }
    }

    pub(crate) fn reversed(first: usize, last: usize) -> Self {
        Self { first, last, reversed: true }
    }

    fn entry(&self) -> usize {
        if self.reversed { self.last } else { self.first }
    }

    fn exit(&self) -> usize {
        if self.reversed { self.first } else { self.last }
    }
}

/// A new sequence for a route: its own nodes up to and with `head`, then pieces, then all that follows from `tail` on. A
/// route's end as tail means that nothing follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proposal<'p> {
    pub(crate) route: usize,
    /// The vehicle type that is to drive it; another than the route's own only with the route's start as head.
    pub(crate) kind: usize,
    pub(crate) head: usize,
    pub(crate) pieces: &'p [Piece],
    pub(crate) tail: usize,
}

impl<R: Rules> Routes<'_, R> {
    /// What the route costs now.
    pub(crate) fn route_cost(&self, route: usize) -> Cost {
        self.rich.cost[route]
    }

    /// A proposal for a route that keeps its vehicle.
    pub(crate) fn propose<'p>(&self, head: usize, pieces: &'p [Piece], tail: usize) -> Proposal<'p> {
        let route = self.nodes[head].route as usize;
        Proposal { route, kind: self.kind(route), head, pieces, tail }
    }

    /// Whether the proposal's last stretch is as it is on the route that it is taken from, vehicle and all.
    fn keeps_tail(&self, p: &Proposal<'_>) -> bool {
        !self.is_stop(p.tail) && !self.is_reload(p.tail) || self.kind(self.nodes[p.tail].route as usize) == p.kind
    }

    fn is_empty(&self, p: &Proposal<'_>) -> bool {
        p.pieces.is_empty() && p.head == self.start(p.route) && p.tail >= self.num_stops() && !self.is_reload(p.tail)
    }

    /// Length of the proposed route; `None` where it drives a forbidden arc or its pieces need another table.
    pub(crate) fn proposed_distance(&self, p: &Proposal<'_>) -> Option<i64> {
        if self.is_empty(p) {
            return Some(0);
        }
        let vehicle = &self.data.vehicles[p.kind];
        let metric = &self.data.metric;
        let mut at = if p.head == self.start(p.route) { vehicle.start_point as usize } else { self.point(p.head) };
        let mut total = self.rich.spans[p.head].distance_to;
        let drive = |from: usize, to: usize| {
            let arc = metric.distance(vehicle.profile, from, to);
            (arc < FORBIDDEN).then_some(i64::from(arc))
        };
        let mut before = p.head;
        for piece in p.pieces {
            if self.is_idle_trip(before, piece.entry()) {
                return None;
            }
            before = piece.exit();
            total += drive(at, self.point(piece.entry()))?;
            at = self.point(piece.exit());
            let same_table = self.profile(piece.first) == vehicle.profile;
            if same_table && (!piece.reversed || metric.is_symmetric()) {
                total += self.rich.spans[piece.last].distance_to - self.rich.spans[piece.first].distance_to;
            } else {
                let mut u = piece.entry();
                while u != piece.exit() {
                    let next = if piece.reversed { self.nodes[u].prev } else { self.nodes[u].next } as usize;
                    total += drive(self.point(u), self.point(next))?;
                    u = next;
                }
            }
        }
        if self.is_idle_trip(before, p.tail) {
            return None;
        }
        if self.is_stop(p.tail) || self.is_reload(p.tail) {
            let from = self.nodes[p.tail].route as usize;
            let end = self.end(from);
            total += drive(at, self.point(p.tail))?;
            if self.profile(p.tail) == vehicle.profile {
                let last = self.nodes[end].prev as usize;
                total += self.rich.spans[last].distance_to - self.rich.spans[p.tail].distance_to;
                total += drive(self.point(last), vehicle.end_point as usize)?;
            } else {
                let mut u = p.tail;
                while u != end {
                    let next = self.nodes[u].next as usize;
                    let to = if next == end { vehicle.end_point as usize } else { self.point(next) };
                    total += drive(self.point(u), to)?;
                    u = next;
                }
            }
        } else {
            total += drive(at, vehicle.end_point as usize)?;
        }
        Some(total)
    }

    /// Whether a trip that ends with `v` right after `u` would serve nobody.
    fn is_idle_trip(&self, u: usize, v: usize) -> bool {
        !self.is_stop(u) && !self.is_stop(v) && (self.is_reload(u) || self.is_reload(v))
    }

    /// What a route of that length costs at least.
    #[inline]
    pub(crate) fn least_route_cost(&self, p: &Proposal<'_>, distance: i64) -> Cost {
        let vehicle = &self.data.vehicles[p.kind];
        if self.is_empty(p) {
            return 0;
        }
        let driving = if self.data.metric.one_table() { distance } else { 0 };
        vehicle.fixed_cost + vehicle.cost_per_distance * distance + vehicle.cost_per_duration * driving
    }

    /// What service costs on the proposed routes at least, where duration costs: whoever drives, all are served.
    pub(crate) fn least_service_cost(&self, proposals: &[Proposal<'_>]) -> Cost {
        let rate = proposals.iter().map(|p| self.data.vehicles[p.kind].cost_per_duration).min().unwrap_or(0);
        if rate == 0 {
            0
        } else {
            rate * proposals.iter().map(|p| self.rich.spans[self.end(p.route)].service_to).sum::<i64>()
        }
    }

    /// How many shipments are on board after a node.
    pub(crate) fn on_board(&self, node: usize) -> u32 {
        self.rich.spans[node].on_board
    }

    /// Cost of the proposed route, which is `distance` long; `None` where it would break a constraint. Shipments are not
    /// looked at. `walk` is space for nodes.
    pub(crate) fn proposed_cost(&self, p: &Proposal<'_>, distance: i64, walk: &mut Vec<u32>) -> Option<Cost> {
        if self.is_empty(p) {
            return Some(0);
        }
        let vehicle = &self.data.vehicles[p.kind];
        if distance > vehicle.max_distance {
            return None;
        }
        self.expand(p, walk);
        // The tail from here on is as it was.
        let tail =
            if self.keeps_tail(p) && (self.is_stop(p.tail) || self.is_reload(p.tail)) { p.tail } else { NONE as usize };
        if !self.walk_is_allowed(p, walk) || !self.walk_fits(p, walk, tail) || !self.walk_is_in_order(p, walk, tail) {
            return None;
        }
        let reloads = walk.iter().filter(|&&u| self.is_reload(u as usize)).count() as u32;
        let mut trips = self.rich.spans[p.head].trips_to + reloads;
        if tail != NONE as usize {
            let end = self.end(self.nodes[tail].route as usize);
            trips += self.rich.spans[end].trips_to - self.rich.spans[tail].trips_to + u32::from(self.is_reload(tail));
        }
        if trips as usize > vehicle.max_trips {
            return None;
        }
        let duration = self.walk_duration(p, walk, tail)?;
        Some(vehicle.fixed_cost + vehicle.cost_per_distance * distance + vehicle.cost_per_duration * duration)
    }

    /// Lists the nodes between the head and the part of the tail that stays as it is.
    fn expand(&self, p: &Proposal<'_>, walk: &mut Vec<u32>) {
        walk.clear();
        for piece in p.pieces {
            let mut u = piece.entry();
            walk.push(u as u32);
            while u != piece.exit() {
                u = if piece.reversed { self.nodes[u].prev } else { self.nodes[u].next } as usize;
                walk.push(u as u32);
            }
        }
        if !self.keeps_tail(p) {
            let (mut u, end) = (p.tail, self.end(self.nodes[p.tail].route as usize));
            while u != end {
                walk.push(u as u32);
                u = self.nodes[u].next as usize;
            }
        }
    }

    fn walk_is_allowed(&self, p: &Proposal<'_>, walk: &[u32]) -> bool {
        let vehicle = &self.data.vehicles[p.kind];
        walk.iter().all(|&u| {
            let u = u as usize;
            if self.is_stop(u) {
                vehicle.allows(u)
            } else {
                vehicle.reloads_like(self.vehicle(self.nodes[u].route as usize))
            }
        })
    }

    fn walk_fits(&self, p: &Proposal<'_>, walk: &[u32], tail: usize) -> bool {
        let dims = self.rich.dimensions;
        let capacity = &self.data.vehicles[p.kind].capacity;
        (0..dims).all(|d| {
            let mut load = self.rich.load_to[p.head * dims + d];
            for &u in walk {
                let u = u as usize;
                if self.is_stop(u) {
                    load = load.then(self.rich.load[u * dims + d]);
                } else {
                    if load.peak > capacity[d] {
                        return false;
                    }
                    load = LoadSegment::default();
                }
            }
            if tail != NONE as usize {
                load = load.then(self.rich.load_from[tail * dims + d]);
            }
            load.peak <= capacity[d]
        })
    }

    fn walk_is_in_order(&self, p: &Proposal<'_>, walk: &[u32], tail: usize) -> bool {
        if !self.data.has_order {
            return true;
        }
        let mut backhauls = self.rich.spans[p.head].backhaul_to;
        for &u in walk {
            let u = u as usize;
            if !self.is_stop(u) {
                backhauls = false;
            } else if self.data.order[u] == Order::Linehaul && backhauls {
                return false;
            } else {
                backhauls |= self.data.order[u] == Order::Backhaul;
            }
        }
        tail == NONE as usize || !(backhauls && self.rich.spans[tail].linehaul_from)
    }

    /// Latest release of the trip whose next nodes are those of the walk.
    fn walk_release(&self, walk: &[u32], tail: usize) -> i32 {
        let mut release = i32::MIN;
        for &u in walk {
            if !self.is_stop(u as usize) {
                return release;
            }
            release = release.max(self.data.release[u as usize]);
        }
        if tail == NONE as usize { release } else { release.max(self.rich.spans[tail].release_from) }
    }

    fn walk_duration(&self, p: &Proposal<'_>, walk: &[u32], tail: usize) -> Option<i64> {
        if !self.data.timed {
            return Some(0);
        }
        let vehicle = &self.data.vehicles[p.kind];
        let metric = &self.data.metric;
        let released = self.data.has_releases;
        let release =
            if released { self.walk_release(walk, tail).max(self.rich.spans[p.head].release_to) } else { i32::MIN };
        let (mut time, mut at) = if p.head == self.start(p.route) {
            (vehicle.start_station().not_before(i64::from(release)), vehicle.start_point as usize)
        } else if released {
            (self.time_to(p.head, release, false), self.point(p.head))
        } else {
            (self.rich.spans[p.head].time_to, self.point(p.head))
        };
        for (i, &u) in walk.iter().enumerate() {
            let u = u as usize;
            let here = if self.is_stop(u) {
                self.stop_time(u)
            } else if released {
                self.station(u).not_before(i64::from(self.walk_release(&walk[i + 1..], tail)))
            } else {
                self.station(u)
            };
            time = time.then(i64::from(metric.duration(vehicle.profile, at, self.point(u))), here);
            if time.time_warp > 0 {
                return None;
            }
            at = self.point(u);
        }
        let (to, rest) = if tail == NONE as usize {
            (vehicle.end_point as usize, vehicle.end_station())
        } else {
            (self.point(tail), self.rich.spans[tail].time_from)
        };
        time = time.then(i64::from(metric.duration(vehicle.profile, at, to)), rest);
        (time.time_warp == 0 && time.duration <= vehicle.max_duration).then_some(time.duration)
    }

    /// Lists all nodes of the proposed route.
    pub(crate) fn list(&self, p: &Proposal<'_>, list: &mut Vec<u32>) {
        list.clear();
        let mut u = self.start(p.route);
        while u != p.head {
            u = self.nodes[u].next as usize;
            list.push(u as u32);
        }
        for piece in p.pieces {
            let mut u = piece.entry();
            list.push(u as u32);
            while u != piece.exit() {
                u = if piece.reversed { self.nodes[u].prev } else { self.nodes[u].next } as usize;
                list.push(u as u32);
            }
        }
        let (mut u, end) = (p.tail, self.end(self.nodes[p.tail].route as usize));
        while u != end {
            list.push(u as u32);
            u = self.nodes[u].next as usize;
        }
    }

    /// Whether each shipment in a list of nodes is loaded before it is unloaded, on the same trip.
    pub(crate) fn pairs_hold(&self, list: &[u32]) -> bool {
        if self.data.problem.shipments().is_empty() {
            return true;
        }
        let mut open: Vec<u32> = Vec::new();
        for &u in list {
            let partner = if self.is_stop(u as usize) { self.data.partner[u as usize] } else { NONE };
            if !self.is_stop(u as usize) {
                if !open.is_empty() {
                    return false;
                }
            } else if partner != NONE && self.data.is_pickup(u as usize) {
                open.push(partner);
            } else if partner != NONE {
                let Some(at) = open.iter().position(|&d| d == u) else { return false };
                open.swap_remove(at);
            }
        }
        open.is_empty()
    }
}
