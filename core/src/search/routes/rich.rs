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

/// What only the rich rules keep.
#[derive(Default)]
pub(crate) struct RichState {
    pub(crate) first_reload: usize,
    /// Reload nodes on no route.
    pub(crate) free: Pool,
    /// By node.
    pub(super) spans: Vec<Span>,
    /// By node and dimension, row-major: loads of the trip up to and with the node, and from and with it on.
    pub(super) load_to: Vec<LoadSegment>,
    pub(super) load_from: Vec<LoadSegment>,
    /// Load of each stop alone.
    pub(super) load: Vec<LoadSegment>,
    pub(super) cost: Vec<Cost>,
    feasible: Vec<bool>,
    pub(super) dimensions: usize,
}

/// The pieces of a route that end in a node and begin with it.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// Times from the route's start up to and with the node.
    pub(super) time_to: TimeSegment,
    /// Times from and with the node to the route's end.
    pub(super) time_from: TimeSegment,
    /// Times from the trip's first stop up to and with the node.
    pub(super) trip_to: TimeSegment,
    /// Distance from the route's start to the node.
    pub(super) distance_to: i64,
    /// Time spent in service up to and with the node.
    pub(super) service_to: i64,
    /// Where the node's trip starts; of a reload node: itself.
    pub(super) trip_start: u32,
    /// Latest release in the trip, up to the node, and from it on. Of a trip's start: of nothing.
    pub(super) release_to: i32,
    pub(super) release_from: i32,
    /// How many trips the route has begun up to the node.
    pub(super) trips_to: u32,
    /// How many shipments are on board after the node.
    pub(super) on_board: u32,
    /// Whether the trip has a backhaul up to the node, and a linehaul from it on.
    pub(super) backhaul_to: bool,
    pub(super) linehaul_from: bool,
    /// Whether all arcs up to the node may be driven, all stops served by the vehicle, all earlier trips carried.
    fits_to: bool,
}

const NO_SPAN: Span = Span {
    time_to: NO_TIME,
    time_from: NO_TIME,
    trip_to: NO_TIME,
    distance_to: 0,
    service_to: 0,
    trip_start: NONE,
    release_to: i32::MIN,
    release_from: i32::MIN,
    trips_to: 1,
    on_board: 0,
    backhaul_to: false,
    linehaul_from: false,
    fits_to: true,
};

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
                    _ => LoadSegment::default(),
                });
            }
        }
        Self {
            first_reload: nodes - reloads,
            free: Pool::full(reloads),
            spans: vec![NO_SPAN; nodes],
            load_to: vec![LoadSegment::default(); nodes * dims],
            load_from: vec![LoadSegment::default(); nodes * dims],
            load,
            cost: vec![0; routes],
            feasible: vec![true; routes],
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
            self.rich.spans[p].time_to.then(self.duration(p, u), station)
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
        self.refresh_around(self.end(route), self.start(route));
    }

    /// Recomputes the segments of a route that end in `first` or a later node, or begin with `last` or an earlier one, and
    /// the route's share of the cost.
    pub(super) fn refresh_around(&mut self, last: usize, first: usize) {
        let route = self.nodes[first].route as usize;
        self.refresh_backwards(route, last);
        // A release moves the whole trip.
        let from = if self.data.has_releases && first != self.start(route) {
            self.rich.spans[self.nodes[first].prev as usize].trip_start as usize
        } else {
            first
        };
        self.refresh_forwards(route, from);
        let vehicle = &self.data.vehicles[self.kind(route)];
        let span = &self.rich.spans[self.end(route)];
        let empty = self.info[route].size == 0;
        let (time, distance) = (span.time_to, span.distance_to);
        let feasible = empty
            || span.fits_to
                && time.time_warp == 0
                && time.duration <= vehicle.max_duration
                && distance <= vehicle.max_distance
                && span.trips_to as usize <= vehicle.max_trips;
        let cost = if empty {
            0
        } else {
            vehicle.fixed_cost + vehicle.cost_per_distance * distance + vehicle.cost_per_duration * time.duration
        };
        self.cost += cost - self.rich.cost[route];
        self.rich.cost[route] = cost;
        self.rich.feasible[route] = feasible;
    }

    /// What comes after: from `last` to the route's start.
    fn refresh_backwards(&mut self, route: usize, last: usize) {
        let (start, end) = (self.start(route), self.end(route));
        let m = self.num_stops();
        let dims = self.rich.dimensions;
        let (timed, released, ordered) = (self.data.timed, self.data.has_releases, self.data.has_order);
        let mut u = last;
        loop {
            let w = self.nodes[u].next as usize;
            let mut time = NO_TIME;
            let (mut release, mut linehaul) = (i32::MIN, false);
            if u < m {
                if timed {
                    time = self.stop_time(u).then(self.duration(u, w), self.rich.spans[w].time_from);
                }
                if released {
                    release = self.rich.spans[w].release_from.max(self.data.release[u]);
                }
                if ordered {
                    linehaul = self.rich.spans[w].linehaul_from || self.data.order[u] == Order::Linehaul;
                }
                for d in 0..dims {
                    self.rich.load_from[u * dims + d] =
                        self.rich.load[u * dims + d].then(self.rich.load_from[w * dims + d]);
                }
            } else {
                // Seen from the trip before, nothing follows.
                if timed && u == end {
                    time = self.station(u);
                } else if timed {
                    let next = &self.rich.spans[w];
                    let station = self.station(u).not_before(i64::from(next.release_from));
                    time = station.then(self.duration(u, w), next.time_from);
                }
                self.rich.load_from[u * dims..(u + 1) * dims].fill(LoadSegment::default());
            }
            let span = &mut self.rich.spans[u];
            (span.time_from, span.release_from, span.linehaul_from) = (time, release, linehaul);
            if u == start {
                return;
            }
            u = self.nodes[u].prev as usize;
        }
    }

    /// What comes before: from `first` to the route's end.
    fn refresh_forwards(&mut self, route: usize, first: usize) {
        let (start, end) = (self.start(route), self.end(route));
        let m = self.num_stops();
        let dims = self.rich.dimensions;
        let timed = self.data.timed;
        let vehicle = &self.data.vehicles[self.kind(route)];
        let mut u = first;
        loop {
            let p = self.nodes[u].prev as usize;
            let mut span = if u == start { NO_SPAN } else { self.rich.spans[p] };
            (span.time_from, span.release_from, span.linehaul_from) = {
                let own = &self.rich.spans[u];
                (own.time_from, own.release_from, own.linehaul_from)
            };
            if u != start {
                let arc = self.nodes[u].arc;
                span.distance_to += i64::from(arc);
                span.fits_to &= arc < FORBIDDEN;
            }
            if u < m {
                let leg = if timed { self.duration(p, u) } else { 0 };
                let stop = self.stop_time(u);
                span.service_to += stop.duration;
                if timed {
                    span.time_to = span.time_to.then(leg, stop);
                    span.trip_to = if self.is_stop(p) { span.trip_to.then(leg, stop) } else { stop };
                }
                span.release_to = span.release_to.max(self.data.release[u]);
                for d in 0..dims {
                    self.rich.load_to[u * dims + d] =
                        self.rich.load_to[p * dims + d].then(self.rich.load[u * dims + d]);
                }
                span.fits_to &= vehicle.allows(u) && !(span.backhaul_to && self.data.order[u] == Order::Linehaul);
                span.backhaul_to |= self.data.order[u] == Order::Backhaul;
                if self.data.partner[u] != NONE {
                    span.on_board = if self.data.is_pickup(u) { span.on_board + 1 } else { span.on_board.max(1) - 1 };
                }
            } else {
                if u != start {
                    span.fits_to &= (0..dims).all(|d| self.rich.load_to[p * dims + d].peak <= vehicle.capacity[d]);
                }
                if timed && u == end {
                    span.time_to = span.time_to.then(self.duration(p, u), self.station(u));
                } else if u != end {
                    let w = self.nodes[u].next as usize;
                    span.trips_to += u32::from(u != start);
                    span.trip_start = u as u32;
                    if timed {
                        span.time_to = self.time_at_depot(u, self.rich.spans[w].release_from);
                    }
                }
                (span.release_to, span.backhaul_to) = (i32::MIN, false);
                self.rich.load_to[u * dims..(u + 1) * dims].fill(LoadSegment::default());
            }
            self.rich.spans[u] = span;
            if u == end {
                return;
            }
            u = self.nodes[u].next as usize;
        }
    }

    /// What all routes cost together.
    #[cfg(debug_assertions)]
    pub(crate) fn rich_cost(&self) -> Cost {
        self.rich.cost.iter().sum()
    }

    /// Times from the route's start to `u` where the trip that `u` belongs to is released at `release`.
    pub(super) fn time_to(&self, u: usize, release: i32, whole_trip: bool) -> TimeSegment {
        let start = self.rich.spans[u].trip_start as usize;
        let first = self.nodes[start].next as usize;
        let current = self.rich.spans[first].release_from;
        let release = if whole_trip { release.max(current) } else { release };
        if release == current {
            return self.rich.spans[u].time_to;
        }
        let depot = self.time_at_depot(start, release);
        if u == start { depot } else { depot.then(self.duration(start, first), self.rich.spans[u].trip_to) }
    }

    /// Cost of a route whose distance changes by `detour` and whose times become `time`; `None` where it would break a
    /// limit.
    fn settle_cost(&self, route: usize, detour: i64, time: TimeSegment) -> Option<Cost> {
        let vehicle = self.vehicle(route);
        if time.time_warp > 0 || time.duration > vehicle.max_duration {
            return None;
        }
        if self.rich.spans[self.end(route)].distance_to + detour > vehicle.max_distance {
            return None;
        }
        let mut delta = vehicle.cost_per_distance * detour;
        let end = self.end(route);
        if self.info[route].size == 0 {
            delta += vehicle.fixed_cost + vehicle.cost_per_duration * time.duration;
        } else {
            delta += vehicle.cost_per_duration * (time.duration - self.rich.spans[end].time_to.duration);
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
        let time = self.ride(vehicle, time, c, w, self.rich.spans[w].time_from);
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
        if self.rich.spans[self.end(route)].trips_to as usize >= vehicle.max_trips || !vehicle.allows(c) {
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
        let (before, after) = (self.rich.spans[u].release_to, self.rich.spans[w].release_from);
        let time = if client_first {
            let head = self.time_to(u, before.max(own), false).then(leg(pu, c), stop);
            head.then(leg(c, k), station.not_before(i64::from(after))).then(leg(k, pw), self.rich.spans[w].time_from)
        } else {
            let head = self.time_to(u, before, false).then(leg(pu, k), station.not_before(i64::from(after.max(own))));
            head.then(leg(k, c), stop).then(leg(c, pw), self.rich.spans[w].time_from)
        };
        self.settle_cost(route, detour, time)
    }

    /// Whether `c` between `u` and `w` keeps linehauls before backhauls.
    pub(super) fn in_order(&self, c: usize, u: usize, w: usize) -> bool {
        match self.data.order[c] {
            Order::Any => true,
            Order::Linehaul => !self.rich.spans[u].backhaul_to,
            Order::Backhaul => !self.rich.spans[w].linehaul_from,
        }
    }

    /// Whether a shipment is on board between `u` and the node after it.
    fn splits_shipment(&self, u: usize, w: usize) -> bool {
        if self.data.problem.shipments().is_empty() || !self.is_stop(u) || !self.is_stop(w) {
            return false;
        }
        let mut open = 0;
        let mut x = self.rich.spans[u].trip_start as usize;
        while x != w {
            if self.is_stop(x) {
                match self.data.activity[x] {
                    Activity::Pickup(_) => open += 1,
                    Activity::Delivery(_) => open -= 1,
                    _ => {}
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
        self.refresh_around(k, k);
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
                self.refresh_around(p, w);
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
        let in_order = !(self.rich.spans[p].backhaul_to && self.rich.spans[w].linehaul_from);
        if !fits || !in_order || self.data.metric.distance(vehicle.profile, p, w) >= FORBIDDEN {
            return false;
        }
        let time = self.time_to(p, self.rich.spans[w].release_from, true);
        let time = self.ride(vehicle, time, p, w, self.rich.spans[w].time_from);
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
        let mut time = self.ride(vehicle, self.rich.spans[u].time_to, u, pickup, self.stop_time(pickup));
        if time.time_warp > 0 {
            return None;
        }
        // At once.
        let direct = d(u, pickup) + d(pickup, delivery) + d(delivery, w) - i64::from(self.nodes[w].arc);
        if direct < NEVER / 2 && self.least_cost(route, direct) < limit {
            let t = self.ride(vehicle, time, pickup, delivery, self.stop_time(delivery));
            let t = self.ride(vehicle, t, delivery, w, self.rich.spans[w].time_from);
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
                let t = self.ride(vehicle, t, delivery, next, self.rich.spans[next].time_from);
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
