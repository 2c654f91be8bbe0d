//! Undoing an iteration, and keeping the best solution: every node and route is noted before its first change, and the
//! copy of the best solution is brought up to date only where something changed.

use crate::search::Measures;
use crate::search::classical::class::Class;
use crate::search::classical::routes::{Node, RouteInfo, Routes};
use crate::search::data::NONE;
use crate::units::Cost;

/// A best solution, to go back to.
pub(super) struct Incumbent<C: Class> {
    pub(super) cost: Cost,
    /// Required stops left unserved.
    pub(super) missing: usize,
    /// Routes in use.
    pub(super) used: usize,
    pub(super) nodes: Vec<Node<C::Span>>,
    pub(super) info: Vec<RouteInfo<C::Load>>,
    /// Nodes and routes that may differ from the working solution.
    stale_nodes: Vec<u32>,
    stale_routes: Vec<u32>,
    is_stale: Vec<bool>,
    is_stale_route: Vec<bool>,
}

impl<C: Class> Incumbent<C> {
    /// No solution yet.
    pub(super) fn new(nodes: &[Node<C::Span>], info: &[RouteInfo<C::Load>]) -> Self {
        Self {
            cost: Cost::MAX,
            missing: usize::MAX,
            used: usize::MAX,
            nodes: nodes.to_vec(),
            info: info.to_vec(),
            stale_nodes: Vec::new(),
            stale_routes: Vec::new(),
            is_stale: vec![false; nodes.len()],
            is_stale_route: vec![false; info.len()],
        }
    }
}

impl<C: Class> Routes<'_, C> {
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
            self.record_membership(u, node.route == NONE);
            self.nodes[u] = node;
        }
        journal.clear();
        self.journal = journal;
        let mut routes = std::mem::take(&mut self.route_journal);
        for &(r, info) in &routes {
            self.set_info(r as usize, info);
        }
        routes.clear();
        self.route_journal = routes;
        self.cost = self.cost_before;
        self.num_out_of_order = 0;
    }

    /// Keeps all since [`begin`](Self::begin), and the result as the best where it is.
    pub(crate) fn commit(&mut self) -> bool {
        debug_assert!(!self.is_out_of_order());
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
        if !self.is_best() {
            return false;
        }
        self.best.cost = self.cost;
        self.best.missing = self.missing;
        self.best.used = self.num_used;
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
            self.record_membership(u, node.route == NONE);
            self.nodes[u] = node;
            self.best.is_stale[u] = false;
        }
        let stale = std::mem::take(&mut self.best.stale_routes);
        for &r in &stale {
            let info = self.best.info[r as usize];
            self.set_info(r as usize, info);
            self.best.is_stale_route[r as usize] = false;
        }
        self.cost = self.best.cost;
        self.num_out_of_order = 0;
    }

    /// Whether the working solution is better than the best: complete, or cheaper.
    pub(crate) fn is_best(&self) -> bool {
        let complete = self.missing == 0;
        if complete != (self.best.missing == 0) {
            return complete;
        }
        if self.data.vehicles_first && complete && self.num_used != self.best.used {
            return self.num_used < self.best.used;
        }
        self.cost < self.best.cost
    }

    /// The best solution's measures.
    pub(crate) fn best(&self) -> Measures {
        Measures { missing: self.best.missing, used: self.best.used, cost: self.best.cost }
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

    /// The routes that were touched since [`begin`](Self::begin).
    pub(crate) fn touched_routes(&self, list: &mut Vec<u32>) {
        list.clear();
        list.extend(self.route_journal.iter().map(|&(route, _)| route));
    }

    /// Appends the routes in use.
    pub(crate) fn used_routes(&self, list: &mut Vec<u32>) {
        list.extend_from_slice(self.used.items());
    }

    /// Gives a route another load and size.
    pub(super) fn set_info(&mut self, route: usize, info: RouteInfo<C::Load>) {
        self.info[route] = info;
        self.indexed[route] = false;
        self.set_used(route, info.size > 0);
    }

    pub(super) fn set_used(&mut self, route: usize, used: bool) {
        let vehicle_type = self.vehicle_type(route);
        let slot = if C::FLEET { route - self.first_of[vehicle_type] as usize } else { route };
        if self.unused[vehicle_type].set(slot, !used) {
            self.num_used = if used { self.num_used + 1 } else { self.num_used - 1 };
            if C::FLEET {
                self.used.set(route, used);
            }
        }
    }

    /// Records whether a stop is unserved.
    pub(crate) fn record_membership(&mut self, u: usize, off_route: bool) {
        if self.is_stop(u) && self.unserved.set(u, off_route) && self.data.is_required_job(u) {
            self.missing = if off_route { self.missing + 1 } else { self.missing - 1 };
        }
    }
}
