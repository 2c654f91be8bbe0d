//! Changing the working solution: stops come in and go out, and routes get new sequences.

use crate::search::classical::class::Class;
use crate::search::classical::routes::{RouteInfo, Routes};
use crate::search::data::NONE;

impl<C: Class> Routes<'_, C> {
    /// What it would cost to serve the unserved stop `c` between `v` and the node after it; `None` where it must not be.
    /// `to` is the distance from `v` to `c`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    pub(crate) fn insertion(&self, c: usize, v: usize, to: i32) -> i32 {
        let w = self.nodes[v].next as usize;
        to + self.distance(c, w) - self.nodes[w].arc
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
        self.note_arcs([old], [self.nodes[c].arc, self.nodes[w].arc]);
        self.record_membership(c, false);
        self.cost += self.distance_cost(route, delta) - self.penalty[c];
        let load = self.load_of(c);
        let info = &mut self.info[route];
        info.size += 1;
        if C::FLEET {
            info.distance += delta;
        }
        info.load += load;
        self.indexed[route] = false;
        if info.size == 1 {
            self.cost += self.fixed_cost(route);
            self.set_used(route, true);
        }
        if C::TIMED {
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
        self.note_arcs([self.nodes[w].arc], []);
        let (mut u, mut count, mut load) = (first, 0, C::Load::default());
        while u != w {
            self.touch(u);
            removed += i64::from(self.nodes[u].arc);
            self.note_arcs([self.nodes[u].arc], []);
            load += self.load_of(u);
            count += 1;
            self.nodes[u].route = NONE;
            self.record_membership(u, true);
            self.cost += self.penalty[u];
            u = self.nodes[u].next as usize;
        }
        self.bridge(p, w);
        self.note_arcs([], [self.nodes[w].arc]);
        let delta = i64::from(self.nodes[w].arc) - removed;
        self.cost += self.distance_cost(route, delta);
        let info = &mut self.info[route];
        info.size -= count;
        if C::FLEET {
            info.distance += delta;
        }
        info.load = info.load - load;
        self.indexed[route] = false;
        if info.size == 0 {
            self.cost -= self.fixed_cost(route);
            self.set_used(route, false);
        }
        if C::TIMED {
            self.refresh_early(w);
            self.refresh_late(p);
            return self.nodes[w].early <= self.nodes[w].late && self.is_short_enough(route);
        }
        self.is_feasible(route)
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

    /// Links `v` behind `u`; both are on a route, before and after. Costs are left to the caller where vehicles may differ.
    fn link(&mut self, u: usize, v: usize) {
        if self.nodes[u].next == v as u32 && self.nodes[v].prev == u as u32 {
            return;
        }
        self.touch(u);
        self.touch(v);
        let arc = self.arc_between(u, v);
        if !C::FLEET {
            self.cost += self.cost_per_distance * (i64::from(arc) - i64::from(self.nodes[v].arc));
        }
        self.note_arcs([self.nodes[v].arc], [arc]);
        self.nodes[u].next = v as u32;
        self.nodes[v].prev = u as u32;
        self.nodes[v].arc = arc;
    }

    /// Gives routes new sequences of stops. All were served before and are served after, by the given routes.
    pub(crate) fn rewrite<const N: usize>(&mut self, changes: [(usize, &[u32]); N]) {
        for (route, nodes) in changes {
            let mut at = self.start(route);
            let mut info = RouteInfo::default();
            for &c in nodes {
                let c = c as usize;
                if self.nodes[c].route != route as u32 {
                    self.touch(c);
                    self.nodes[c].route = route as u32;
                }
                self.link(at, c);
                info.load += self.load_of(c);
                info.size += 1;
                if C::FLEET {
                    info.distance += i64::from(self.nodes[c].arc);
                }
                at = c;
            }
            self.link(at, self.end(route));
            self.touch_route(route);
            if C::FLEET {
                info.distance += i64::from(self.nodes[self.end(route)].arc);
                self.cost += self.distance_cost(route, info.distance - self.info[route].distance);
            }
            let was_used = self.info[route].size > 0;
            let is_used = info.size > 0;
            self.info[route] = info;
            self.indexed[route] = false;
            if is_used != was_used {
                let fixed_cost = self.fixed_cost(route);
                self.cost += if is_used { fixed_cost } else { -fixed_cost };
                self.set_used(route, is_used);
            }
        }
        for (route, _) in changes {
            if C::TIMED {
                self.refresh(route);
            }
        }
    }
}
