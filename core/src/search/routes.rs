//! The working solution: doubly linked routes with what an O(1) evaluation needs at every node, a journal to undo an
//! iteration, and a copy of the best solution that is brought up to date lazily.

use std::marker::PhantomData;

use crate::ids::{DepotId, VehicleTypeId};
use crate::plan::{Activity, RouteStops, TripStops};
use crate::search::data::{Data, NONE};
use crate::search::metric::FORBIDDEN;
use crate::search::pool::Pool;
use crate::search::rich::RichState;
use crate::search::rules::Rules;
use crate::units::{Cost, MAX_COST};

/// One stop or route end: small, so that an evaluation touches one cache line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) prev: u32,
    pub(crate) next: u32,
    /// The route that visits the node, or `NONE`.
    pub(crate) route: u32,
    /// Distance from `prev`.
    pub(crate) arc: i32,
    /// Earliest start of service, given what comes before. Under the rich rules: which of the vehicle's reload depots a
    /// reload node stands for.
    pub(crate) early: i32,
    /// Latest start of service, given what comes after.
    pub(crate) late: i32,
}

/// Where a node stands on its route. Right only while the route is indexed; not journalled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing {
    /// Number of nodes before it.
    pub(crate) pos: u32,
    /// Load of the stops up to and with this one.
    pub(crate) load: i32,
}

/// The end of a piece of route under evaluation.
#[derive(Clone, Copy)]
pub(crate) struct Cursor {
    at: usize,
    /// Earliest start of service there.
    time: i64,
}

/// What is known of a whole route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RouteInfo {
    pub(crate) load: i64,
    pub(crate) size: u32,
    /// Whether its nodes' standings are right.
    pub(crate) indexed: bool,
}

/// A best solution, to go back to.
struct Incumbent {
    cost: Cost,
    nodes: Vec<Node>,
    info: Vec<RouteInfo>,
    /// Nodes and routes that may differ from the working solution.
    stale_nodes: Vec<u32>,
    stale_routes: Vec<u32>,
    is_stale: Vec<bool>,
    is_stale_route: Vec<bool>,
}

/// The working solution.
pub(crate) struct Routes<'a, R> {
    pub(crate) data: &'a Data<'a>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) info: Vec<RouteInfo>,
    standing: Vec<Standing>,
    /// Cost of all routes and of all optional stops left unserved, and penalties for required ones.
    pub(crate) cost: Cost,
    /// Routes not in use, by vehicle type.
    unused: Vec<Pool>,
    num_used: usize,
    /// Stops on no route.
    unserved: Pool,
    /// What leaving a stop (or its group) unserved costs.
    pub(crate) penalty: Vec<Cost>,
    cost_per_distance: Cost,
    fixed_cost: Cost,
    /// What only the rich rules keep.
    pub(crate) rich: RichState,
    journal: Vec<(u32, Node)>,
    route_journal: Vec<(u32, RouteInfo)>,
    stamp: Vec<u32>,
    route_stamp: Vec<u32>,
    epoch: u32,
    cost_before: Cost,
    best: Incumbent,
    rules: PhantomData<R>,
}

impl<'a, R: Rules> Routes<'a, R> {
    /// A solution that serves nobody.
    pub(crate) fn new(data: &'a Data<'a>) -> Self {
        let m = data.num_stops();
        let vehicle = &data.vehicles[0];
        let kinds: Vec<usize> =
            data.vehicles.iter().enumerate().flat_map(|(t, v)| std::iter::repeat_n(t, v.count)).collect();
        let count = kinds.len();
        let unrouted = Node { prev: NONE, next: NONE, route: NONE, arc: 0, early: 0, late: 0 };
        let reloads = if R::RICH && data.vehicles.iter().any(|v| !v.reload.is_empty()) { m } else { 0 };
        let mut nodes = vec![unrouted; m + 2 * count + reloads];
        let begin = (vehicle.start_early + vehicle.loading) as i32;
        let finish = vehicle.end_late as i32;
        for r in 0..count {
            let (start, end) = (m + 2 * r, m + 2 * r + 1);
            nodes[start] = Node { next: end as u32, route: r as u32, early: begin, late: finish, ..unrouted };
            nodes[end] = Node { prev: start as u32, route: r as u32, early: begin, late: finish, ..unrouted };
        }
        let info = vec![RouteInfo { load: 0, size: 0, indexed: false }; count];
        let mut unused = vec![Pool::full(count); data.vehicles.len()];
        for (r, &kind) in kinds.iter().enumerate() {
            unused.iter_mut().enumerate().filter(|&(t, _)| t != kind).for_each(|(_, pool)| pool.set(r, false));
        }
        let mut routes = Self {
            data,
            best: Incumbent {
                cost: Cost::MAX,
                nodes: nodes.clone(),
                info: info.clone(),
                stale_nodes: Vec::new(),
                stale_routes: Vec::new(),
                is_stale: vec![false; nodes.len()],
                is_stale_route: vec![false; count],
            },
            standing: vec![Standing::default(); nodes.len()],
            stamp: vec![0; nodes.len()],
            route_stamp: vec![0; count],
            rich: if R::RICH { RichState::new(data, &kinds, nodes.len(), reloads) } else { RichState::default() },
            nodes,
            info,
            cost: 0,
            unused,
            num_used: 0,
            unserved: Pool::full(m),
            penalty: unserved_penalties(data),
            // Under the rich rules, each route's own segments say what it costs.
            cost_per_distance: if R::RICH { 0 } else { vehicle.cost_per_distance },
            fixed_cost: if R::RICH { 0 } else { vehicle.fixed_cost },
            journal: Vec::new(),
            route_journal: Vec::new(),
            epoch: 1,
            cost_before: 0,
            rules: PhantomData,
        };
        routes.cost = routes.unserved_cost();
        if R::RICH {
            for r in 0..count {
                routes.refresh_rich(r);
            }
        }
        routes
    }

    /// What all unserved stops and groups cost together.
    pub(crate) fn unserved_cost(&self) -> Cost {
        let data = self.data;
        let alone: Cost = (0..self.num_stops())
            .filter(|&u| data.group[u] == NONE && self.nodes[u].route == NONE)
            .map(|u| self.penalty[u])
            .sum();
        let groups: Cost = data
            .members
            .iter()
            .filter(|members| members.iter().all(|&u| self.nodes[u as usize].route == NONE))
            .filter_map(|members| members.first())
            .map(|&u| self.penalty[u as usize])
            .sum();
        alone + groups
    }

    /// What the routes cost, and the prizes left behind, but no penalties for required stops.
    pub(crate) fn served_cost(&self) -> Cost {
        self.cost - self.unserved_cost()
    }

    /// Raises the price of leaving out required stops that are left out for long, so that in the end others make room.
    pub(crate) fn press_unserved(&mut self) {
        for i in 0..self.unserved().len() {
            let u = self.unserved()[i] as usize;
            let data = self.data;
            if !data.required[u] || data.group[u] != NONE || matches!(data.activity[u], Activity::Delivery(_)) {
                continue;
            }
            let rise = self.penalty[u] / 64 + 1;
            if self.penalty[u] + rise > MAX_COST {
                continue;
            }
            self.penalty[u] += rise;
            self.cost += rise;
            if self.best.nodes[u].route == NONE {
                self.best.cost += rise;
            }
        }
    }

    pub(crate) fn num_stops(&self) -> usize {
        self.data.num_stops()
    }

    /// Start node of a route.
    #[inline]
    pub(crate) fn start(&self, route: usize) -> usize {
        self.num_stops() + 2 * route
    }

    /// End node of a route.
    #[inline]
    pub(crate) fn end(&self, route: usize) -> usize {
        self.num_stops() + 2 * route + 1
    }

    /// Whether a node is a stop, and neither a route's end nor a reload.
    #[inline]
    pub(crate) fn is_stop(&self, node: usize) -> bool {
        node < self.num_stops()
    }

    /// How many routes are in use.
    pub(crate) fn num_used(&self) -> usize {
        self.num_used
    }

    /// A route of the given vehicle type that is not in use.
    pub(crate) fn unused(&self, kind: usize) -> Option<usize> {
        self.unused[kind].last()
    }

    /// Stops on no route.
    pub(crate) fn unserved(&self) -> &[u32] {
        self.unserved.items()
    }

    pub(crate) fn served(&self) -> usize {
        self.num_stops() - self.unserved().len()
    }

    /// The vehicle type that drives a route.
    #[inline]
    pub(crate) fn kind(&self, route: usize) -> usize {
        if R::RICH { self.rich.kind[route] as usize } else { 0 }
    }

    #[inline(always)]
    fn profile(&self, node: usize) -> usize {
        if R::RICH { self.data.vehicles[self.kind(self.nodes[node].route as usize)].profile } else { 0 }
    }

    /// The point of the metric where a node is.
    #[inline(always)]
    pub(crate) fn point(&self, node: usize) -> usize {
        if node < self.data.num_stops() {
            node
        } else if R::RICH {
            self.rich_point(node)
        } else {
            self.data.vehicles[0].start_point as usize
        }
    }

    /// Distance from a node on a route to any node, for the vehicle of that route.
    #[inline(always)]
    pub(crate) fn distance(&self, from: usize, to: usize) -> i32 {
        self.data.metric.distance(self.profile(from), self.point(from), self.point(to))
    }

    #[inline(always)]
    pub(crate) fn duration(&self, from: usize, to: usize) -> i64 {
        i64::from(self.data.metric.duration(self.profile(from), self.point(from), self.point(to)))
    }

    #[inline]
    pub(crate) fn service(&self, node: usize) -> i64 {
        if node < self.data.num_stops() { i64::from(self.data.service[node]) } else { 0 }
    }

    /// What a difference of distance costs on the simple problems' only vehicle type.
    #[inline]
    pub(crate) fn price(&self, distance: i64) -> Cost {
        self.cost_per_distance * distance
    }

    /// What it costs to use one more route, on the simple problems' only vehicle type.
    #[inline]
    pub(crate) fn fixed_cost(&self) -> Cost {
        self.fixed_cost
    }

    // ---- undo -------------------------------------------------------------------------------------------------

    /// Starts an iteration that [`rollback`](Self::rollback) can undo.
    pub(crate) fn begin(&mut self) {
        self.journal.clear();
        self.route_journal.clear();
        self.cost_before = self.cost;
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.stamp.fill(0);
            self.route_stamp.fill(0);
            self.epoch = 1;
        }
    }

    /// Undoes all since [`begin`](Self::begin).
    pub(crate) fn rollback(&mut self) {
        let mut journal = std::mem::take(&mut self.journal);
        for &(u, node) in &journal {
            let u = u as usize;
            self.settle(u, node.route == NONE);
            self.nodes[u] = node;
        }
        journal.clear();
        self.journal = journal;
        let mut routes = std::mem::take(&mut self.route_journal);
        for &(r, info) in &routes {
            self.info[r as usize] = RouteInfo { indexed: false, ..info };
            self.set_used(r as usize, info.size > 0);
            if R::RICH {
                self.refresh_rich(r as usize);
            }
        }
        routes.clear();
        self.route_journal = routes;
        self.cost = self.cost_before;
    }

    /// Keeps all since [`begin`](Self::begin), and the result as the best where it is.
    pub(crate) fn commit(&mut self) -> bool {
        for &(u, _) in &self.journal {
            if !self.best.is_stale[u as usize] {
                self.best.is_stale[u as usize] = true;
                self.best.stale_nodes.push(u);
            }
        }
        for &(r, _) in &self.route_journal {
            if !self.best.is_stale_route[r as usize] {
                self.best.is_stale_route[r as usize] = true;
                self.best.stale_routes.push(r);
            }
        }
        if self.cost >= self.best.cost {
            return false;
        }
        self.best.cost = self.cost;
        for u in self.best.stale_nodes.drain(..) {
            self.best.nodes[u as usize] = self.nodes[u as usize];
            self.best.is_stale[u as usize] = false;
        }
        for r in self.best.stale_routes.drain(..) {
            self.best.info[r as usize] = self.info[r as usize];
            self.best.is_stale_route[r as usize] = false;
        }
        true
    }

    /// Goes back to the best solution.
    pub(crate) fn restore_best(&mut self) {
        let stale = std::mem::take(&mut self.best.stale_nodes);
        for &u in &stale {
            let u = u as usize;
            let node = self.best.nodes[u];
            self.settle(u, node.route == NONE);
            self.nodes[u] = node;
            self.best.is_stale[u] = false;
        }
        let stale = std::mem::take(&mut self.best.stale_routes);
        for &r in &stale {
            let info = self.best.info[r as usize];
            self.info[r as usize] = RouteInfo { indexed: false, ..info };
            self.set_used(r as usize, info.size > 0);
            self.best.is_stale_route[r as usize] = false;
            if R::RICH {
                self.refresh_rich(r as usize);
            }
        }
        self.cost = self.best.cost;
    }

    pub(crate) fn best_cost(&self) -> Cost {
        self.best.cost
    }

    #[inline]
    pub(crate) fn touch(&mut self, u: usize) {
        if self.stamp[u] != self.epoch {
            self.stamp[u] = self.epoch;
            self.journal.push((u as u32, self.nodes[u]));
        }
    }

    #[inline]
    pub(crate) fn touch_route(&mut self, r: usize) {
        if self.route_stamp[r] != self.epoch {
            self.route_stamp[r] = self.epoch;
            self.route_journal.push((r as u32, self.info[r]));
        }
    }

    fn set_used(&mut self, route: usize, used: bool) {
        let kind = self.kind(route);
        let before = self.unused[kind].items().len();
        self.unused[kind].set(route, !used);
        self.num_used = self.num_used + before - self.unused[kind].items().len();
    }

    /// Notes whether a stop is unserved, or a reload node free.
    pub(crate) fn settle(&mut self, u: usize, off_route: bool) {
        if self.is_stop(u) {
            self.unserved.set(u, off_route);
        } else if R::RICH && u >= self.rich.first_reload {
            self.rich.free.set(u - self.rich.first_reload, off_route);
        }
    }

    // ---- changes ----------------------------------------------------------------------------------------------

    /// What it would cost to serve the unserved stop `c` between `v` and the node after it; `None` where it must not be.
    /// `to` is the distance from `v` to `c`.
    #[inline(always)]
    pub(crate) fn insertion(&self, c: usize, v: usize, to: i32) -> i32 {
        let w = self.nodes[v].next as usize;
        to + self.distance(c, w) - self.nodes[w].arc
    }

    /// Whether `c` may start between `v` and `w` in time.
    #[inline(always)]
    pub(crate) fn in_time(&self, c: usize, v: usize, w: usize) -> bool {
        if !R::TIMED {
            return true;
        }
        let data = self.data;
        let arrival = i64::from(self.nodes[v].early) + self.service(v) + self.duration(v, c);
        if arrival > i64::from(data.late[c]) {
            return false;
        }
        let start = arrival.max(i64::from(data.early[c]));
        start + i64::from(data.service[c]) + self.duration(c, w) <= i64::from(self.nodes[w].late)
    }

    /// Serves the unserved stop `c` after `v`.
    pub(crate) fn insert(&mut self, c: usize, v: usize) {
        let w = self.nodes[v].next as usize;
        let route = self.nodes[v].route as usize;
        self.touch(c);
        self.touch_route(route);
        self.nodes[c].route = route as u32;
        let old = self.nodes[w].arc;
        self.splice(v, c, w);
        let delta = i64::from(self.nodes[c].arc) + i64::from(self.nodes[w].arc) - i64::from(old);
        self.settle(c, false);
        self.cost += self.price(delta) - self.penalty[c];
        let info = &mut self.info[route];
        info.size += 1;
        info.load += i64::from(self.data.demand[c]);
        info.indexed = false;
        if info.size == 1 {
            self.cost += self.fixed_cost;
            self.set_used(route, true);
        }
        if R::RICH {
            self.refresh_rich(route);
        }
        if R::TIMED {
            self.refresh_early(c);
            self.refresh_late(c);
        }
    }

    /// Takes the stops from `first` to `last`, in sequence on one route, out of it. Returns whether what is left is
    /// feasible: without the triangle inequality, less to visit can take longer.
    pub(crate) fn remove(&mut self, first: usize, last: usize) -> bool {
        let route = self.nodes[first].route as usize;
        let (p, w) = (self.nodes[first].prev as usize, self.nodes[last].next as usize);
        self.touch_route(route);
        let mut removed = i64::from(self.nodes[w].arc);
        let (mut u, mut count, mut load) = (first, 0, 0);
        while u != w {
            self.touch(u);
            removed += i64::from(self.nodes[u].arc);
            load += i64::from(self.data.demand[u]);
            count += 1;
            self.nodes[u].route = NONE;
            self.settle(u, true);
            self.cost += self.penalty[u];
            u = self.nodes[u].next as usize;
        }
        self.bridge(p, w);
        self.cost += self.price(i64::from(self.nodes[w].arc) - removed);
        let info = &mut self.info[route];
        info.size -= count;
        info.load -= load;
        info.indexed = false;
        if info.size == 0 {
            self.cost -= self.fixed_cost;
            self.set_used(route, false);
        }
        if R::RICH {
            self.refresh_rich(route);
        }
        if R::TIMED {
            self.refresh_early(w);
            self.refresh_late(p);
            return self.nodes[w].early <= self.nodes[w].late;
        }
        self.is_feasible(route)
    }

    /// Recomputes the earliest starts from `u` on, until they no longer change. `u` itself counts as changed.
    fn refresh_early(&mut self, mut u: usize) {
        let from = u;
        loop {
            let early = self.early_at(u);
            if early == self.nodes[u].early && u != from {
                return;
            }
            self.touch(u);
            self.nodes[u].early = early;
            if u >= self.num_stops() {
                return;
            }
            u = self.nodes[u].next as usize;
        }
    }

    /// Recomputes the latest starts from `u` backwards, until they no longer change. `u` itself counts as changed.
    fn refresh_late(&mut self, mut u: usize) {
        let from = u;
        // Nothing depends on how late a route might leave its start.
        while u < self.num_stops() {
            let late = self.late_at(u);
            if late == self.nodes[u].late && u != from {
                return;
            }
            self.touch(u);
            self.nodes[u].late = late;
            u = self.nodes[u].prev as usize;
        }
    }

    /// Brings the standings of a route's nodes up to date.
    pub(crate) fn index(&mut self, route: usize) {
        if self.info[route].indexed {
            return;
        }
        self.info[route].indexed = true;
        let (mut u, end) = (self.start(route), self.end(route));
        let mut standing = Standing::default();
        loop {
            if u < self.num_stops() {
                standing.load += self.data.demand[u];
            }
            self.standing[u] = standing;
            if u == end {
                return;
            }
            standing.pos += 1;
            u = self.nodes[u].next as usize;
        }
    }

    /// Where a node of an indexed route stands.
    #[inline]
    pub(crate) fn standing(&self, u: usize) -> Standing {
        debug_assert!(self.info[self.nodes[u].route as usize].indexed);
        self.standing[u]
    }

    // ---- joining pieces ---------------------------------------------------------------------------------------

    /// Stands at the end of the piece of route that ends in `u`.
    #[inline]
    pub(crate) fn piece_to(&self, u: usize) -> Cursor {
        Cursor { at: u, time: i64::from(self.nodes[u].early) }
    }

    /// Goes on to the stop `c`; whether that is in time.
    #[inline]
    pub(crate) fn go_on(&self, cursor: &mut Cursor, c: usize) -> bool {
        if R::TIMED {
            let arrival = cursor.time + self.service(cursor.at) + self.duration(cursor.at, c);
            if arrival > i64::from(self.data.late[c]) {
                return false;
            }
            cursor.time = arrival.max(i64::from(self.data.early[c]));
        }
        cursor.at = c;
        true
    }

    /// Whether the piece of route that begins with `w` can follow.
    #[inline]
    pub(crate) fn close(&self, cursor: Cursor, w: usize) -> bool {
        !R::TIMED
            || cursor.time + self.service(cursor.at) + self.duration(cursor.at, w) <= i64::from(self.nodes[w].late)
    }

    /// Puts `k`, whose route is set, between `u` and `w`. Costs are left to the caller.
    pub(crate) fn splice(&mut self, u: usize, k: usize, w: usize) {
        self.touch(u);
        self.touch(w);
        let (to, from) = (self.distance(u, k), self.distance(k, w));
        self.nodes[u].next = k as u32;
        self.nodes[k].prev = u as u32;
        self.nodes[k].next = w as u32;
        self.nodes[k].arc = to;
        self.nodes[w].prev = k as u32;
        self.nodes[w].arc = from;
    }

    /// Distance from `u` to `v` on a route; none where they are its two ends, since an empty route is not driven.
    pub(crate) fn arc_between(&self, u: usize, v: usize) -> i32 {
        let route = self.nodes[u].route as usize;
        if u == self.start(route) && v == self.end(route) { 0 } else { self.distance(u, v) }
    }

    /// Links `w` behind `p`, over what lay between. Costs are left to the caller.
    pub(crate) fn bridge(&mut self, p: usize, w: usize) {
        self.touch(p);
        self.touch(w);
        let arc = self.arc_between(p, w);
        self.nodes[p].next = w as u32;
        self.nodes[w].prev = p as u32;
        self.nodes[w].arc = arc;
    }

    /// Links `v` behind `u`; both are on a route, before and after.
    fn link(&mut self, u: usize, v: usize) {
        if self.nodes[u].next == v as u32 && self.nodes[v].prev == u as u32 && !R::RICH {
            return;
        }
        self.touch(u);
        self.touch(v);
        let arc = self.arc_between(u, v);
        self.cost += self.price(i64::from(arc) - i64::from(self.nodes[v].arc));
        self.nodes[u].next = v as u32;
        self.nodes[v].prev = u as u32;
        self.nodes[v].arc = arc;
    }

    /// Gives routes new sequences of stops. All stops were served before and are served after, by the given routes.
    pub(crate) fn rewrite<const N: usize>(&mut self, changes: [(usize, &[u32]); N]) {
        for (route, stops) in changes {
            let mut at = self.start(route);
            let mut load = 0;
            for &c in stops {
                let c = c as usize;
                self.link(at, c);
                if self.nodes[c].route != route as u32 {
                    self.touch(c);
                    self.nodes[c].route = route as u32;
                }
                load += i64::from(self.data.demand[c]);
                at = c;
            }
            self.link(at, self.end(route));
            self.touch_route(route);
            let was_used = self.info[route].size > 0;
            self.info[route] = RouteInfo { load, size: stops.len() as u32, indexed: false };
            let is_used = !stops.is_empty();
            if is_used != was_used {
                self.cost += if is_used { self.fixed_cost } else { -self.fixed_cost };
                self.set_used(route, is_used);
            }
        }
        for (route, _) in changes {
            if R::TIMED {
                self.refresh(route);
            }
            if R::RICH {
                self.refresh_rich(route);
            }
        }
    }

    /// Recomputes all times of a route.
    fn refresh(&mut self, route: usize) {
        let (start, end) = (self.start(route), self.end(route));
        let mut u = self.nodes[start].next as usize;
        loop {
            let early = self.early_at(u);
            if early != self.nodes[u].early {
                self.touch(u);
                self.nodes[u].early = early;
            }
            if u == end {
                break;
            }
            u = self.nodes[u].next as usize;
        }
        u = self.nodes[end].prev as usize;
        while u != start {
            let late = self.late_at(u);
            if late != self.nodes[u].late {
                self.touch(u);
                self.nodes[u].late = late;
            }
            u = self.nodes[u].prev as usize;
        }
    }

    /// Earliest start at `u`, from what comes before.
    #[inline]
    pub(crate) fn early_at(&self, u: usize) -> i32 {
        let p = self.nodes[u].prev as usize;
        let leg = if self.data.metric.one_table() { i64::from(self.nodes[u].arc) } else { self.duration(p, u) };
        let arrival = i64::from(self.nodes[p].early) + self.service(p) + leg;
        if u < self.num_stops() { arrival.max(i64::from(self.data.early[u])) as i32 } else { arrival as i32 }
    }

    /// Latest start at the stop `u`, from what comes after.
    #[inline]
    pub(crate) fn late_at(&self, u: usize) -> i32 {
        let w = self.nodes[u].next as usize;
        let leg = if self.data.metric.one_table() { i64::from(self.nodes[w].arc) } else { self.duration(u, w) };
        let latest = i64::from(self.nodes[w].late) - leg - i64::from(self.data.service[u]);
        latest.min(i64::from(self.data.late[u])) as i32
    }

    // ---- reading out ------------------------------------------------------------------------------------------

    /// The routes of the best solution.
    pub(crate) fn best_routes(&self) -> Vec<RouteStops> {
        (0..self.info.len()).filter(|&r| self.best.info[r].size > 0).map(|r| self.best_route(r)).collect()
    }

    fn best_route(&self, route: usize) -> RouteStops {
        let kind = self.kind(route);
        let (vehicle, search_vehicle) = (self.data.vehicle_type(kind), &self.data.vehicles[kind]);
        let mut trips = vec![TripStops { start: vehicle.start, activities: Vec::new(), end: vehicle.end }];
        let mut u = self.best.nodes[self.start(route)].next as usize;
        while u != self.end(route) {
            let node = self.best.nodes[u];
            if let Some(trip) = trips.last_mut() {
                if self.is_stop(u) {
                    trip.activities.push(self.data.activity[u]);
                } else {
                    let depot = DepotId::new(search_vehicle.reload[node.early as usize].depot);
                    trip.end = Some(depot);
                    trips.push(TripStops { start: Some(depot), activities: Vec::new(), end: vehicle.end });
                }
            }
            u = node.next as usize;
        }
        RouteStops { vehicle_type: VehicleTypeId::new(kind), trips }
    }

    /// How many required stops and groups the best solution leaves unserved.
    pub(crate) fn best_unserved_required(&self) -> usize {
        let data = self.data;
        let off = |u: usize| self.best.nodes[u].route == NONE;
        let alone = (0..self.num_stops()).filter(|&u| data.group[u] == NONE && data.required[u] && off(u)).count();
        let groups = data.members.iter().filter(|members| {
            members.first().is_some_and(|&u| data.required[u as usize]) && members.iter().all(|&u| off(u as usize))
        });
        alone + groups.count()
    }
}

/// What leaving each stop unserved costs. Required stops: more than any route that serves only one of them. Members of a
/// group carry the price of the whole group; of a shipment, the pickup carries all.
fn unserved_penalties(data: &Data<'_>) -> Vec<Cost> {
    let m = data.num_stops();
    let far = |profile: usize, from: u32| (0..m).map(|u| data.metric.distance(profile, from as usize, u)).max();
    let required = data
        .vehicles
        .iter()
        .map(|v| {
            let way = i64::from(far(v.profile, v.start_point).unwrap_or(0).min(FORBIDDEN)) + 1;
            let rate = v.cost_per_distance.max(1) + v.cost_per_duration;
            (10 * way).saturating_mul(rate).saturating_add(v.fixed_cost)
        })
        .max()
        .unwrap_or(1)
        .min(MAX_COST / 8);
    (0..m)
        .map(|u| match data.activity[u] {
            Activity::Delivery(_) => 0,
            _ if data.required[u] => required.max(data.prize[u]),
            _ if data.group[u] != NONE => {
                data.members[data.group[u] as usize].iter().map(|&v| data.prize[v as usize]).sum()
            }
            _ => data.prize[u],
        })
        .collect()
}
