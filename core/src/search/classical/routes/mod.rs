//! The working solution: doubly linked routes with what an O(1) evaluation needs at every node, a journal to undo an
//! iteration, and a copy of the best solution that is brought up to date lazily.

mod change;
mod journal;
mod load;
mod order;
mod times;
mod unserved_penalty;
mod vehicles;
#[cfg(debug_assertions)]
mod verify;

pub(crate) use times::Cursor;

use journal::Incumbent;
use unserved_penalty::unserved_penalties;
use vehicles::Kind;

use crate::search::block::Block;
use crate::search::classical::class::{Class, Durations, Load, Span};
use crate::search::data::{Data, NONE};
use crate::search::random::Random;
use crate::search::sparse_set::SparseSet;
use crate::units::Cost;

/// One stop or route end: small, so that an evaluation touches one cache line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<S> {
    pub(crate) prev: u32,
    pub(crate) next: u32,
    /// The route that visits the node, or `NONE`.
    pub(crate) route: u32,
    /// Distance from `prev`.
    pub(crate) arc: i32,
    /// Earliest start of service, given what comes before.
    pub(crate) early: i32,
    /// Latest start of service, given what comes after.
    pub(crate) late: i32,
    /// How long the route takes before and behind, where that may be limited.
    pub(crate) span: S,
}

/// Where a node stands on its route. Right only while the route is indexed; not journalled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RoutePosition<L> {
    /// Number of nodes before it.
    pub(crate) pos: u32,
    /// Load of the stops up to and with this one.
    pub(crate) load: L,
    /// Distance from the route's start, where vehicles may differ.
    pub(crate) distance: i64,
}

/// What is known of a whole route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RouteInfo<L> {
    pub(crate) load: L,
    pub(crate) size: u32,
    /// How long it is, where vehicles may differ.
    pub(crate) distance: i64,
}

/// The working solution.
pub(crate) struct Routes<'a, C: Class> {
    pub(crate) data: &'a Data<'a>,
    pub(crate) nodes: Vec<Node<C::Span>>,
    pub(crate) info: Vec<RouteInfo<C::Load>>,
    position: Vec<RoutePosition<C::Load>>,
    /// Routes whose nodes' positions are right.
    indexed: Vec<bool>,
    /// Cost of all routes and of all optional stops left unserved, and penalties for required ones.
    pub(crate) cost: Cost,
    /// Routes not in use, by vehicle type, counted from its first; and those in use, where vehicles may differ.
    unused: Vec<SparseSet>,
    used: SparseSet,
    /// The first route of each vehicle type, and the type of each route.
    first_of: Vec<u32>,
    kind_of: Vec<u32>,
    kinds: Vec<Kind>,
    one_rate: bool,
    least_rate: Cost,
    most_fixed_cost: Cost,
    is_restricted: bool,
    limits_duration: bool,
    num_used: usize,
    /// Most routes that may be in use.
    pub(crate) limit: usize,
    /// Stops on no route.
    unserved: SparseSet,
    /// The stops that may be visited; empty: all.
    own: Vec<u32>,
    /// How many of them must be served.
    pub(crate) missing: usize,
    /// What leaving a stop (or its group) unserved costs.
    pub(crate) penalty: Vec<Cost>,
    cost_per_distance: Cost,
    fixed_cost: Cost,
    journal: Vec<(u32, Node<C::Span>)>,
    route_journal: Vec<(u32, RouteInfo<C::Load>)>,
    stamp: Vec<u32>,
    route_stamp: Vec<u32>,
    epoch: u32,
    cost_before: Cost,
    /// How many arcs lead from a depot or a backhaul to where such an arc must not lead. Only while an iteration is under way are there any.
    num_out_of_order: i32,
    best: Incumbent<C>,
}

impl<'a, C: Class> Routes<'a, C> {
    /// A solution that serves no client.
    pub(crate) fn new(data: &'a Data<'a>) -> Self {
        let m = data.num_stops();
        let kinds = Kind::all(data);
        let counts: Vec<usize> = data.vehicles.iter().map(|v| v.count).collect();
        let count = counts.iter().sum();
        let kind_of: Vec<u32> = (0..kinds.len() as u32).zip(&counts).flat_map(|(t, &n)| vec![t; n]).collect();
        let first_of = counts.iter().scan(0, |next, &n| Some(std::mem::replace(next, *next + n as u32))).collect();
        let span = C::Span::default();
        let unrouted = Node { prev: NONE, next: NONE, route: NONE, arc: 0, early: 0, late: 0, span };
        let mut nodes = vec![unrouted; m + 2 * count];
        for r in 0..count {
            let kind = kinds[kind_of[r] as usize];
            let (start, end) = (m + 2 * r, m + 2 * r + 1);
            let mut node = Node { route: r as u32, early: kind.loaded, late: kind.finish, ..unrouted };
            // A route may end at any time before.
            let (latest_start, earliest) = (kind.latest_start, i32::MIN / 2);
            node.span.set(Durations { ahead: kind.loading, latest_start, behind: 0, earliest });
            nodes[start] = Node { next: end as u32, ..node };
            nodes[end] = Node { prev: start as u32, ..node };
        }
        let info = vec![RouteInfo::default(); count];
        let mut routes = Self {
            data,
            best: Incumbent::new(&nodes, &info),
            position: vec![RoutePosition::default(); nodes.len()],
            indexed: vec![false; count],
            stamp: vec![0; nodes.len()],
            route_stamp: vec![0; count],
            nodes,
            info,
            cost: 0,
            unused: counts.iter().map(|&n| SparseSet::full(n)).collect(),
            used: SparseSet::empty(count),
            first_of,
            kind_of,
            one_rate: kinds.iter().all(|kind| kind.cost_per_distance == kinds[0].cost_per_distance),
            least_rate: kinds.iter().map(|kind| kind.cost_per_distance).min().unwrap_or(0),
            most_fixed_cost: kinds.iter().map(|kind| kind.fixed_cost).max().unwrap_or(0),
            is_restricted: data.vehicles.iter().any(|v| !v.allowed.is_empty()),
            limits_duration: C::Span::KEPT && data.vehicles.iter().any(|v| v.max_duration < i64::MAX / 4),
            num_used: 0,
            limit: usize::MAX,
            unserved: SparseSet::full(m),
            own: Vec::new(),
            missing: (0..m).filter(|&u| data.is_required_job(u)).count(),
            penalty: unserved_penalties(data),
            cost_per_distance: kinds[0].cost_per_distance,
            fixed_cost: kinds[0].fixed_cost,
            kinds,
            journal: Vec::new(),
            route_journal: Vec::new(),
            epoch: 1,
            cost_before: 0,
            num_out_of_order: 0,
        };
        routes.cost = routes.unserved_cost();
        routes
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

    /// Whether a node is a stop, and no route's end.
    #[inline]
    pub(crate) fn is_stop(&self, node: usize) -> bool {
        node < self.num_stops()
    }

    /// How many routes are in use.
    pub(crate) fn num_used(&self) -> usize {
        self.num_used
    }

    /// Stops on no route.
    pub(crate) fn unserved(&self) -> &[u32] {
        self.unserved.items()
    }

    /// Whether a stop waits for a route.
    #[inline]
    pub(crate) fn is_unserved(&self, u: usize) -> bool {
        self.unserved.contains(u)
    }

    pub(crate) fn served(&self) -> usize {
        let own = if self.own.is_empty() { self.num_stops() } else { self.own.len() };
        own - self.unserved().len()
    }

    /// A random stop.
    #[inline]
    pub(crate) fn draw_stop(&self, random: &mut Random) -> usize {
        if self.own.is_empty() {
            random.below(self.num_stops())
        } else {
            self.own[random.below(self.own.len())] as usize
        }
    }

    /// A solution that serves no client, where leaving stops unserved costs this.
    pub(crate) fn with_penalties(data: &'a Data<'a>, penalty: Vec<Cost>) -> Self {
        let mut routes = Self::new(data);
        routes.penalty = penalty;
        routes.cost = routes.unserved_cost();
        routes
    }

    /// A solution that serves no client, of a problem that has no other stops than those of a block.
    pub(crate) fn of_block(data: &'a Data<'a>, block: &Block, penalty: Vec<Cost>) -> Self {
        let mut routes = Self::new(data);
        routes.own.clone_from(&block.stops);
        let mut is_own = vec![false; data.num_stops()];
        block.stops.iter().for_each(|&u| is_own[u as usize] = true);
        for u in (0..data.num_stops()).filter(|&u| !is_own[u]) {
            routes.record_membership(u, false);
        }
        routes.penalty = penalty;
        routes.cost = routes.unserved_cost();
        routes.limit = block.routes.len() + block.unused.iter().sum::<usize>();
        for (vehicle_type, unused) in routes.unused.iter_mut().enumerate().filter(|_| C::FLEET) {
            let used = block.routes.iter().filter(|route| route.vehicle_type.index() == vehicle_type).count();
            for slot in used + block.unused[vehicle_type]..data.vehicles[vehicle_type].count {
                unused.set(slot, false);
            }
        }
        routes
    }

    /// The point of the travel table where a node is.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    fn point(&self, node: usize) -> usize {
        match node.checked_sub(self.data.num_stops()) {
            None => node,
            Some(end) if C::FLEET => self.kind(end / 2).depot as usize,
            Some(_) => self.data.vehicles[0].start_point as usize,
        }
    }

    /// Distance between two nodes.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    pub(crate) fn distance(&self, from: usize, to: usize) -> i32 {
        self.data.travel.distance(0, self.point(from), self.point(to))
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    pub(crate) fn duration(&self, from: usize, to: usize) -> i64 {
        i64::from(self.data.travel.duration(0, self.point(from), self.point(to)))
    }

    #[inline]
    pub(crate) fn service(&self, node: usize) -> i64 {
        if node < self.data.num_stops() { i64::from(self.data.service[node]) } else { 0 }
    }

    /// Whether all constraints of a route hold but capacity and the order of linehauls and backhauls, which no move breaks.
    pub(crate) fn is_feasible(&self, route: usize) -> bool {
        let mut u = self.start(route);
        while C::TIMED && u != self.end(route) {
            u = self.nodes[u].next as usize;
            if self.nodes[u].early > self.nodes[u].late {
                return false;
            }
        }
        self.is_short_enough(route)
    }

    /// Whether a vehicle could visit the stop `c` right after `v`.
    pub(crate) fn may_visit(&self, c: usize, v: usize) -> bool {
        let route = self.nodes[v].route as usize;
        self.fits(route, self.load_of(c))
            && self.may_serve(route, c)
            && self.may_stand(c, v, self.nodes[v].next as usize)
    }

    /// What a stop takes of its vehicle.
    #[inline]
    pub(crate) fn load_of(&self, c: usize) -> C::Load {
        C::Load::of(self.data, c)
    }

    /// Whether the vehicle of a route takes more.
    #[inline]
    pub(crate) fn fits(&self, route: usize, more: C::Load) -> bool {
        (self.info[route].load + more).fits(self.capacity(route))
    }

    /// Brings the standings of a route's nodes up to date.
    pub(crate) fn index(&mut self, route: usize) {
        if std::mem::replace(&mut self.indexed[route], true) {
            return;
        }
        let (mut u, end) = (self.start(route), self.end(route));
        let mut position = RoutePosition::default();
        loop {
            if u < self.num_stops() {
                position.load += self.load_of(u);
            }
            if C::FLEET && position.pos > 0 {
                position.distance += i64::from(self.nodes[u].arc);
            }
            self.position[u] = position;
            if u == end {
                return;
            }
            position.pos += 1;
            u = self.nodes[u].next as usize;
        }
    }

    /// Where a node of an indexed route stands.
    #[inline]
    pub(crate) fn position(&self, u: usize) -> RoutePosition<C::Load> {
        debug_assert!(self.indexed[self.nodes[u].route as usize]);
        self.position[u]
    }
}
