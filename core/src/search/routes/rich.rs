//! What the rich rules keep of every node: segments of the pieces of route before and after it, for every constraint.

use crate::plan::Activity;
use crate::schedule::{LoadSegment, TimeSegment};
use crate::search::data::{Data, NONE, Order};
use crate::search::fleet::{Reload, Vehicle};
use crate::search::metric::FORBIDDEN;
use crate::search::pool::Pool;
use crate::search::routes::Routes;
use crate::search::rules::Rules;
use crate::units::Cost;

/// Segments by node; loads by node and dimension, row-major.
#[derive(Default)]
pub(crate) struct RichState {
    pub(crate) first_reload: usize,
    /// Reload nodes on no route.
    pub(crate) free: Pool,
    /// Times from the route's start up to and with the node.
    pub(super) time_to: Vec<TimeSegment>,
    /// Times from and with the node to the route's end.
    pub(super) time_from: Vec<TimeSegment>,
    /// Times from the trip's first stop up to and with the node.
    pub(super) trip_to: Vec<TimeSegment>,
    /// Where the node's trip starts; of a reload node: itself.
    pub(super) trip_start: Vec<u32>,
    /// Latest release in the trip, from the node on. Of a trip's start: of the whole trip.
    pub(super) release_from: Vec<i32>,
    /// Latest release in the trip, up to the node.
    pub(super) release_to: Vec<i32>,
    pub(super) load_to: Vec<LoadSegment>,
    pub(super) load_from: Vec<LoadSegment>,
    /// Load of each stop alone.
    pub(super) load: Vec<LoadSegment>,
    /// Whether the trip has a backhaul up to the node, and a linehaul from it on.
    pub(super) backhaul_to: Vec<bool>,
    pub(super) linehaul_from: Vec<bool>,
    /// Distance from the route's start to the node.
    pub(super) distance_to: Vec<i64>,
    /// How many trips the route has begun up to the node.
    pub(super) trips_to: Vec<u32>,
    /// How many shipments are on board after the node.
    pub(super) on_board: Vec<u32>,
    pub(super) cost: Vec<Cost>,
    /// Time spent in service on each route.
    pub(super) service: Vec<i64>,
    feasible: Vec<bool>,
    /// Number of trips of each route.
    trips: Vec<u32>,
    pub(super) dimensions: usize,
}

impl Default for Pool {
    fn default() -> Self {
        Self::full(0)
    }
}

/// Stands for the length of a forbidden arc in sums.
const NEVER: i64 = 1 << 40;

const NO_TIME: TimeSegment = TimeSegment::stop(0, 0, 0);

impl RichState {
    pub(crate) fn new(data: &Data<'_>, routes: usize, nodes: usize, reloads: usize) -> Self {
        let m = data.num_stops();
        let dims = data.dimensions;
        let mut load = Vec::with_capacity(m * dims);
        for u in 0..m {
            for d in 0..dims {
                load.push(match data.activity[u] {
                    Activity::Client(_) => LoadSegment::client(data.delivery[u * dims + d], data.pickup[u * dims + d]),
                    Activity::Pickup(s) => LoadSegment::shipment(shipped(data, s, d)),
                    Activity::Delivery(s) => LoadSegment::shipment(-shipped(data, s, d)),
                });
            }
        }
        Self {
            first_reload: nodes - reloads,
            free: Pool::full(reloads),
            time_to: vec![NO_TIME; nodes],
            time_from: vec![NO_TIME; nodes],
            trip_to: vec![NO_TIME; nodes],
            trip_start: vec![NONE; nodes],
            release_from: vec![0; nodes],
            release_to: vec![0; nodes],
            load_to: vec![LoadSegment::default(); nodes * dims],
            load_from: vec![LoadSegment::default(); nodes * dims],
            load,
            backhaul_to: vec![false; nodes],
            linehaul_from: vec![false; nodes],
            distance_to: vec![0; nodes],
            trips_to: vec![1; nodes],
            on_board: vec![0; nodes],
            cost: vec![0; routes],
            service: vec![0; routes],
            feasible: vec![true; routes],
            trips: vec![1; routes],
            dimensions: dims,
        }
    }
}

fn shipped(data: &Data<'_>, shipment: crate::ids::ShipmentId, dimension: usize) -> i64 {
    data.problem.shipment(shipment).amount.get(dimension).copied().unwrap_or(0)
}

/// Evaluation under the rich rules.
impl<R: Rules> Routes<'_, R> {
    #[inline]
    pub(super) fn vehicle(&self, route: usize) -> &Vehicle {
        &self.data.vehicles[self.kind(route)]
    }

    /// Whether all constraints of a route hold.
    pub(crate) fn is_feasible(&self, route: usize) -> bool {
        if R::RICH {
            return self.rich.feasible[route];
        }
        let mut u = self.start(route);
        while R::TIMED && u != self.end(route) {
            u = self.nodes[u].next as usize;
            if self.nodes[u].early > self.nodes[u].late {
                return false;
            }
        }
        true
    }

    /// Whether a vehicle could visit the stop `c` right after `v`, as far as the simple rules can tell beforehand.
    pub(crate) fn may_visit(&self, c: usize, v: usize) -> bool {
        if R::RICH {
            return true;
        }
        let route = self.nodes[v].route as usize;
        let fits = self.info[route].load + i64::from(self.data.demand[c]) <= self.data.capacity;
        fits && self.in_time(c, v, self.nodes[v].next as usize)
    }

    /// Whether every shipment on a route is loaded before it is unloaded, on the same trip.
    pub(crate) fn pairs_are_complete(&self, route: usize) -> bool {
        let mut open: Vec<u32> = Vec::new();
        let mut u = self.start(route);
        while u != self.end(route) {
            if !self.is_stop(u) {
                if !open.is_empty() {
                    return false;
                }
            } else if self.data.partner[u] != NONE {
                let partner = self.data.partner[u];
                if let Activity::Pickup(_) = self.data.activity[u] {
                    open.push(partner);
                } else if let Some(at) = open.iter().position(|&d| d == u as u32) {
                    open.swap_remove(at);
                } else {
                    return false;
                }
            }
            u = self.nodes[u].next as usize;
        }
        open.is_empty()
    }

    pub(super) fn is_reload(&self, node: usize) -> bool {
        R::RICH && node >= self.rich.first_reload
    }

    fn reload_depot(&self, node: usize) -> Reload {
        self.vehicle(self.nodes[node].route as usize).reload[self.nodes[node].early as usize]
    }

    /// Puts a route's ends where its vehicle starts and ends.
    pub(super) fn place_ends(&mut self, route: usize) {
        let vehicle = self.vehicle(route);
        let points = [vehicle.start_point, vehicle.end_point];
        for (node, point) in [self.start(route), self.end(route)].into_iter().zip(points) {
            if self.nodes[node].late != point as i32 {
                self.touch(node);
                self.nodes[node].late = point as i32;
            }
        }
    }

    /// The times of a node that is no stop, releases left out.
    pub(super) fn station(&self, node: usize) -> TimeSegment {
        if self.is_reload(node) {
            let depot = self.reload_depot(node);
            TimeSegment::stop(depot.early, depot.late, depot.loading)
        } else {
            let vehicle = self.vehicle(self.nodes[node].route as usize);
            let is_end = (node - self.num_stops()) % 2 == 1;
            if is_end { vehicle.end_station() } else { vehicle.start_station() }
        }
    }

    /// The trip's start at the depot node `u` where it is released at `release`: what lies before it, and its own window.
    fn time_at_depot(&self, u: usize, release: i32) -> TimeSegment {
        let station = self.station(u).not_before(i64::from(release));
        if self.is_reload(u) {
            let p = self.nodes[u].prev as usize;
            self.rich.time_to[p].then(self.duration(p, u), station)
        } else {
            station
        }
    }

    #[inline]
    pub(super) fn stop_time(&self, c: usize) -> TimeSegment {
        let data = self.data;
        TimeSegment::stop(i64::from(data.early[c]), i64::from(data.late[c]), i64::from(data.service[c]))
    }

    /// Recomputes all segments of a route, and its share of the cost.
    pub(crate) fn refresh_rich(&mut self, route: usize) {
        let (start, end) = (self.start(route), self.end(route));
        let m = self.num_stops();
        let dims = self.rich.dimensions;
        // Backwards: what comes after.
        let mut u = end;
        loop {
            let w = self.nodes[u].next as usize;
            if u >= m {
                let station = self.station(u);
                let release = if u == end { i32::MIN } else { self.rich.release_from[w] };
                self.rich.time_from[u] = if u == end {
                    station
                } else {
                    station.not_before(i64::from(release)).then(self.duration(u, w), self.rich.time_from[w])
                };
                // Seen from the trip before, nothing follows.
                self.rich.release_from[u] = i32::MIN;
                self.rich.linehaul_from[u] = false;
                self.rich.load_from[u * dims..(u + 1) * dims].fill(LoadSegment::default());
            } else {
                self.rich.time_from[u] = self.stop_time(u).then(self.duration(u, w), self.rich.time_from[w]);
                self.rich.release_from[u] = self.rich.release_from[w].max(self.data.release[u]);
                self.rich.linehaul_from[u] = self.rich.linehaul_from[w] || self.data.order[u] == Order::Linehaul;
                for d in 0..dims {
                    self.rich.load_from[u * dims + d] =
                        self.rich.load[u * dims + d].then(self.rich.load_from[w * dims + d]);
                }
            }
            if u == start {
                break;
            }
            u = self.nodes[u].prev as usize;
        }
        // Forwards: what comes before.
        let vehicle = &self.data.vehicles[self.kind(route)];
        let (mut distance, mut trips, mut fits) = (0i64, 1u32, true);
        let (mut trip_start, mut on_board, mut service) = (start, 0, 0);
        loop {
            let p = self.nodes[u].prev as usize;
            if u != start {
                let arc = self.nodes[u].arc;
                distance += i64::from(arc);
                fits &= arc < FORBIDDEN;
            }
            if u == end {
                let leg = self.duration(p, u);
                self.rich.time_to[u] = self.rich.time_to[p].then(leg, self.station(u));
            } else if u >= m {
                trip_start = u;
                trips += u32::from(u != start);
                let w = self.nodes[u].next as usize;
                self.rich.time_to[u] = self.time_at_depot(u, self.rich.release_from[w]);
                self.rich.release_to[u] = i32::MIN;
                self.rich.backhaul_to[u] = false;
                self.rich.load_to[u * dims..(u + 1) * dims].fill(LoadSegment::default());
                fits &= (0..dims).all(|d| self.rich.load_from[w * dims + d].peak <= vehicle.capacity[d]);
            } else {
                let (leg, stop) = (self.duration(p, u), self.stop_time(u));
                service += stop.duration;
                self.rich.time_to[u] = self.rich.time_to[p].then(leg, stop);
                self.rich.trip_to[u] = if p == trip_start { stop } else { self.rich.trip_to[p].then(leg, stop) };
                self.rich.release_to[u] = self.rich.release_to[p].max(self.data.release[u]);
                for d in 0..dims {
                    self.rich.load_to[u * dims + d] =
                        self.rich.load_to[p * dims + d].then(self.rich.load[u * dims + d]);
                }
                self.rich.backhaul_to[u] = self.rich.backhaul_to[p] || self.data.order[u] == Order::Backhaul;
                fits &= vehicle.allows(u) && !(self.rich.backhaul_to[p] && self.data.order[u] == Order::Linehaul);
            }
            self.rich.trip_start[u] = trip_start as u32;
            self.rich.distance_to[u] = distance;
            self.rich.trips_to[u] = trips;
            if u < m && self.data.partner[u] != NONE {
                on_board = if self.data.is_pickup(u) { on_board + 1 } else { on_board.max(1) - 1 };
            }
            self.rich.on_board[u] = on_board;
            if u == end {
                break;
            }
            u = self.nodes[u].next as usize;
        }
        let time = self.rich.time_to[end];
        let cost = if self.info[route].size == 0 {
            0
        } else {
            vehicle.fixed_cost + vehicle.cost_per_distance * distance + vehicle.cost_per_duration * time.duration
        };
        self.cost += cost - self.rich.cost[route];
        self.rich.cost[route] = cost;
        self.rich.service[route] = service;
        self.rich.trips[route] = trips;
        self.rich.feasible[route] = self.info[route].size == 0
            || fits
                && time.time_warp == 0
                && time.duration <= vehicle.max_duration
                && distance <= vehicle.max_distance
                && trips as usize <= vehicle.max_trips;
    }

    /// What all routes cost together.
    #[cfg(debug_assertions)]
    pub(crate) fn rich_cost(&self) -> Cost {
        self.rich.cost.iter().sum()
    }

    /// Times from the route's start to `u` where the trip that `u` belongs to is released at `release`.
    pub(super) fn time_to(&self, u: usize, release: i32, whole_trip: bool) -> TimeSegment {
        let start = self.rich.trip_start[u] as usize;
        let first = self.nodes[start].next as usize;
        let current = self.rich.release_from[first];
        let release = if whole_trip { release.max(current) } else { release };
        if release == current {
            return self.rich.time_to[u];
        }
        let depot = self.time_at_depot(start, release);
        if u == start { depot } else { depot.then(self.duration(start, first), self.rich.trip_to[u]) }
    }

    /// Cost of a route whose distance changes by `detour` and whose times become `time`; `None` where it would break a
    /// limit.
    fn settle_cost(&self, route: usize, detour: i64, time: TimeSegment) -> Option<Cost> {
        let vehicle = self.vehicle(route);
        if time.time_warp > 0 || time.duration > vehicle.max_duration {
            return None;
        }
        if self.rich.distance_to[self.end(route)] + detour > vehicle.max_distance {
            return None;
        }
        let mut delta = vehicle.cost_per_distance * detour;
        let end = self.end(route);
        if self.info[route].size == 0 {
            delta += vehicle.fixed_cost + vehicle.cost_per_duration * time.duration;
        } else {
            delta += vehicle.cost_per_duration * (time.duration - self.rich.time_to[end].duration);
        }
        Some(delta)
    }

    /// By how much the way over `c` between `u` and the node after it is longer than the arc there; `None` where it is
    /// forbidden.
    #[inline]
    pub(crate) fn detour(&self, c: usize, u: usize) -> Option<i64> {
        let profile = self.vehicle(self.nodes[u].route as usize).profile;
        self.detour_from(c, u, self.data.metric.distance(profile, self.point(u), c))
    }

    /// As [`detour`](Self::detour), where the distance `to` from `u` to `c` is known.
    #[inline]
    pub(crate) fn detour_from(&self, c: usize, u: usize, to: i32) -> Option<i64> {
        let w = self.nodes[u].next as usize;
        let profile = self.vehicle(self.nodes[u].route as usize).profile;
        let from = self.data.metric.distance(profile, c, self.point(w));
        (to < FORBIDDEN && from < FORBIDDEN).then(|| i64::from(to) + i64::from(from) - i64::from(self.nodes[w].arc))
    }

    /// Lower bound of what [`rich_insertion`](Self::rich_insertion) can return.
    #[inline]
    pub(crate) fn least_cost(&self, route: usize, detour: i64) -> Cost {
        let vehicle = self.vehicle(route);
        let fixed = if self.info[route].size == 0 { vehicle.fixed_cost } else { 0 };
        vehicle.cost_per_distance * detour + fixed
    }

    /// What it costs to serve the client `c` between `u` and the node after it; `None` where it must not be.
    pub(crate) fn rich_insertion(&self, c: usize, u: usize, detour: i64) -> Option<Cost> {
        let route = self.nodes[u].route as usize;
        if !self.insertion_fits(c, u, self.vehicle(route)) {
            return None;
        }
        self.settle_cost(route, detour, self.insertion_time(c, u)?)
    }

    /// Whether a vehicle could serve the client `c` between `u` and the node after it, times left out.
    pub(super) fn insertion_fits(&self, c: usize, u: usize, vehicle: &Vehicle) -> bool {
        let w = self.nodes[u].next as usize;
        let dims = self.rich.dimensions;
        let fits = (0..dims).all(|d| {
            let before = self.rich.load_to[u * dims + d].then(self.rich.load[c * dims + d]);
            before.then(self.rich.load_from[w * dims + d]).peak <= vehicle.capacity[d]
        });
        fits && vehicle.allows(c) && self.in_order(c, u, w)
    }

    /// Times of the route with the client `c` between `u` and the node after it; `None` where a time window closes before.
    pub(super) fn insertion_time(&self, c: usize, u: usize) -> Option<TimeSegment> {
        let vehicle = self.vehicle(self.nodes[u].route as usize);
        if !self.data.timed {
            return Some(NO_TIME);
        }
        let w = self.nodes[u].next as usize;
        let time = self.time_to(u, self.data.release[c], true);
        let time = self.ride(vehicle, time, u, c, self.stop_time(c));
        if time.time_warp > 0 {
            return None;
        }
        let time = self.ride(vehicle, time, c, w, self.rich.time_from[w]);
        (time.time_warp == 0).then_some(time)
    }

    #[inline]
    pub(super) fn ride(
        &self,
        vehicle: &Vehicle,
        time: TimeSegment,
        from: usize,
        to: usize,
        next: TimeSegment,
    ) -> TimeSegment {
        let leg = self.data.metric.duration(vehicle.profile, self.point(from), self.point(to));
        time.then(i64::from(leg), next)
    }

    /// What it costs to serve the client `c` and reload between `u` and the node after it: first `c` where `client_first`,
    /// else first the reload. `None` where it must not be.
    pub(crate) fn reload_insertion(&self, c: usize, u: usize, reload: usize, client_first: bool) -> Option<Cost> {
        let route = self.nodes[u].route as usize;
        let vehicle = self.vehicle(route);
        if self.rich.trips[route] as usize >= vehicle.max_trips || !vehicle.allows(c) {
            return None;
        }
        let depot = vehicle.reload[reload];
        let w = self.nodes[u].next as usize;
        let (pu, pw, k) = (self.point(u), self.point(w), depot.point as usize);
        let dims = self.rich.dimensions;
        let fits = (0..dims).all(|d| {
            let load = self.rich.load[c * dims + d];
            let (before, after) = (self.rich.load_to[u * dims + d], self.rich.load_from[w * dims + d]);
            let peak = if client_first { before.then(load).peak } else { load.then(after).peak };
            peak <= vehicle.capacity[d]
        });
        // A trip without stops would be left over.
        if !fits || (!client_first && !self.is_stop(u)) || (client_first && !self.is_stop(w)) {
            return None;
        }
        let (before, after) = if client_first { (u, self.end(route)) } else { (self.start(route), w) };
        if self.splits_shipment(u, w) || !self.in_order(c, before, after) {
            return None;
        }
        let metric = &self.data.metric;
        let via = if client_first { [pu, c, k, pw] } else { [pu, k, c, pw] };
        let mut detour = -i64::from(self.nodes[w].arc);
        for pair in via.windows(2) {
            let arc = metric.distance(vehicle.profile, pair[0], pair[1]);
            if arc >= FORBIDDEN {
                return None;
            }
            detour += i64::from(arc);
        }
        let leg = |from: usize, to: usize| i64::from(metric.duration(vehicle.profile, from, to));
        let own = self.data.release[c];
        let station = TimeSegment::stop(depot.early, depot.late, depot.loading);
        let stop = self.stop_time(c);
        let (before, after) = (self.rich.release_to[u], self.rich.release_from[w]);
        let time = if client_first {
            let head = self.time_to(u, before.max(own), false).then(leg(pu, c), stop);
            head.then(leg(c, k), station.not_before(i64::from(after))).then(leg(k, pw), self.rich.time_from[w])
        } else {
            let head = self.time_to(u, before, false).then(leg(pu, k), station.not_before(i64::from(after.max(own))));
            head.then(leg(k, c), stop).then(leg(c, pw), self.rich.time_from[w])
        };
        self.settle_cost(route, detour, time)
    }

    /// Whether `c` between `u` and `w` keeps linehauls before backhauls.
    pub(super) fn in_order(&self, c: usize, u: usize, w: usize) -> bool {
        match self.data.order[c] {
            Order::Any => true,
            Order::Linehaul => !self.rich.backhaul_to[u],
            Order::Backhaul => !self.rich.linehaul_from[w],
        }
    }

    /// Whether a shipment is on board between `u` and the node after it.
    fn splits_shipment(&self, u: usize, w: usize) -> bool {
        if self.data.problem.shipments().is_empty() || !self.is_stop(u) || !self.is_stop(w) {
            return false;
        }
        let mut open = 0;
        let mut x = self.rich.trip_start[u] as usize;
        while x != w {
            if self.is_stop(x) {
                match self.data.activity[x] {
                    Activity::Pickup(_) => open += 1,
                    Activity::Delivery(_) => open -= 1,
                    Activity::Client(_) => {}
                }
            }
            x = self.nodes[x].next as usize;
        }
        open > 0
    }

    /// Puts a reload between `u` and the node after it.
    pub(crate) fn insert_reload(&mut self, u: usize, reload: usize) {
        let Some(free) = self.rich.free.last() else { return };
        let k = self.rich.first_reload + free;
        let route = self.nodes[u].route as usize;
        self.touch(k);
        self.touch_route(route);
        self.settle(k, false);
        self.nodes[k].route = route as u32;
        self.nodes[k].early = reload as i32;
        self.nodes[k].late = self.vehicle(route).reload[reload].point as i32;
        let w = self.nodes[u].next as usize;
        self.splice(u, k, w);
        self.refresh_rich(route);
    }

    /// Takes out the reloads of a route that a trip without stops, or none, makes useless.
    pub(crate) fn drop_idle_reloads(&mut self, route: usize) {
        let mut u = self.nodes[self.start(route)].next as usize;
        let mut changed = false;
        while u != self.end(route) {
            let (p, w) = (self.nodes[u].prev as usize, self.nodes[u].next as usize);
            if self.is_reload(u) && (!self.is_stop(p) || !self.is_stop(w) || self.fits_without(route, p, w)) {
                self.touch(u);
                self.touch_route(route);
                self.settle(u, true);
                self.nodes[u].route = NONE;
                self.bridge(p, w);
                changed = true;
                self.refresh_rich(route);
            }
            u = w;
        }
        if changed {
            self.indexed[route] = false;
        }
    }

    /// Whether the trips that end in `p` and begin with `w` could be one, feasibly and without being longer.
    fn fits_without(&self, route: usize, p: usize, w: usize) -> bool {
        let vehicle = self.vehicle(route);
        let dims = self.rich.dimensions;
        let fits = (0..dims).all(|d| {
            self.rich.load_to[p * dims + d].then(self.rich.load_from[w * dims + d]).peak <= vehicle.capacity[d]
        });
        let in_order = !(self.rich.backhaul_to[p] && self.rich.linehaul_from[w]);
        if !fits || !in_order || self.data.metric.distance(vehicle.profile, p, w) >= FORBIDDEN {
            return false;
        }
        let time = self.time_to(p, self.rich.release_from[w], true);
        let time = self.ride(vehicle, time, p, w, self.rich.time_from[w]);
        let reload = self.nodes[p].next as usize;
        let direct = i64::from(self.distance(p, w));
        let detour = direct - i64::from(self.nodes[reload].arc) - i64::from(self.nodes[w].arc);
        self.settle_cost(route, detour, time).is_some_and(|delta| delta <= 0)
    }

    /// What it costs to carry the shipment `pickup` → `delivery` with the pickup after `u` and the delivery at the best
    /// place from there on; returns that cost and the node that the delivery comes after (`pickup` itself: at once).
    pub(crate) fn pair_insertion(&self, pickup: usize, u: usize, limit: Cost) -> Option<(Cost, usize)> {
        let delivery = self.data.partner[pickup] as usize;
        let route = self.nodes[u].route as usize;
        let vehicle = self.vehicle(route);
        let w = self.nodes[u].next as usize;
        let detour = self.detour(pickup, u)?;
        let mut best: Option<(Cost, usize)> = None;
        let mut limit = limit;
        let dims = self.rich.dimensions;
        let carries = |before: usize, after: usize| {
            (0..dims).all(|d| {
                let on_board =
                    self.rich.load_to[before * dims + d].pickup + self.rich.load_from[after * dims + d].delivery;
                on_board + self.rich.load[pickup * dims + d].pickup <= vehicle.capacity[d]
            })
        };
        if !carries(u, w) {
            return None;
        }
        let metric = &self.data.metric;
        let d = |from: usize, to: usize| {
            let arc = metric.distance(vehicle.profile, self.point(from), self.point(to));
            if arc < FORBIDDEN { i64::from(arc) } else { NEVER }
        };
        let mut time = self.ride(vehicle, self.rich.time_to[u], u, pickup, self.stop_time(pickup));
        if time.time_warp > 0 {
            return None;
        }
        // At once.
        let direct = d(u, pickup) + d(pickup, delivery) + d(delivery, w) - i64::from(self.nodes[w].arc);
        if direct < NEVER / 2 && self.least_cost(route, direct) < limit {
            let t = self.ride(vehicle, time, pickup, delivery, self.stop_time(delivery));
            let t = self.ride(vehicle, t, delivery, w, self.rich.time_from[w]);
            if let Some(cost) = self.settle_cost(route, direct, t).filter(|&c| c < limit) {
                limit = cost;
                best = Some((cost, pickup));
            }
        }
        // After `x`.
        let (mut at, mut x) = (pickup, w);
        while self.is_stop(x) {
            let next = self.nodes[x].next as usize;
            time = self.ride(vehicle, time, at, x, self.stop_time(x));
            if time.time_warp > 0 || !carries(x, next) {
                break;
            }
            let total = detour + d(x, delivery) + d(delivery, next) - i64::from(self.nodes[next].arc);
            if total < NEVER / 2 && self.least_cost(route, total) < limit {
                let t = self.ride(vehicle, time, x, delivery, self.stop_time(delivery));
                let t = self.ride(vehicle, t, delivery, next, self.rich.time_from[next]);
                if let Some(cost) = self.settle_cost(route, total, t).filter(|&c| c < limit) {
                    limit = cost;
                    best = Some((cost, x));
                }
            }
            (at, x) = (x, next);
        }
        best
    }
}
