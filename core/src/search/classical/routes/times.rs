//! Earliest and latest starts, and whether pieces of routes can be joined in time. Only timed problems keep them.

use crate::search::classical::class::{Class, Durations, Span as _};
use crate::search::classical::routes::Routes;

/// The end of a piece of route under evaluation.
#[derive(Clone, Copy)]
pub(crate) struct Cursor {
    at: usize,
    /// Earliest start of service there.
    time: i64,
    /// The route that the piece begins.
    route: u32,
    /// How long it takes at least, and the latest start at which it does, where the duration may be limited.
    duration: i64,
    latest_start: i64,
}

impl<C: Class> Routes<'_, C> {
    /// Whether `c` may be served between `v` and `w` in time, and in order.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    pub(crate) fn may_stand(&self, c: usize, v: usize, w: usize) -> bool {
        if !self.is_in_order(c, v, w) {
            return false;
        }
        if !C::TIMED {
            return true;
        }
        let data = self.data;
        let arrival = i64::from(self.nodes[v].early) + self.service(v) + self.duration(v, c);
        if arrival > i64::from(data.late[c]) {
            return false;
        }
        let start = arrival.max(i64::from(data.early[c]));
        if start + i64::from(data.service[c]) + self.duration(c, w) > i64::from(self.nodes[w].late) {
            return false;
        }
        !self.limits_duration() || {
            let mut cursor = self.prefix_to(v);
            self.extend(&mut cursor, c) && self.is_short_enough_with(cursor, w)
        }
    }

    /// Whether any vehicle limits how long its route takes.
    #[inline]
    fn limits_duration(&self) -> bool {
        C::Span::KEPT && self.limits_duration
    }

    /// Whether a route takes no longer than its vehicle may.
    #[inline]
    pub(super) fn is_short_enough(&self, route: usize) -> bool {
        let duration = self.nodes[self.end(route)].span.get().ahead;
        !self.limits_duration() || self.info[route].size == 0 || i64::from(duration) <= self.kind(route).max_duration
    }

    /// Whether a route takes no longer than its vehicle may where the piece that begins with `w` follows.
    #[inline]
    fn is_short_enough_with(&self, cursor: Cursor, w: usize) -> bool {
        let behind = self.nodes[w].span.get();
        let arrival = cursor.duration + self.service(cursor.at) + self.duration(cursor.at, w);
        let waiting = (i64::from(behind.earliest) - arrival - cursor.latest_start).max(0);
        arrival + i64::from(behind.behind) + waiting <= self.kind(cursor.route as usize).max_duration
    }

    /// Recomputes the earliest starts from `u` on, until they no longer change. `u` itself counts as changed.
    pub(super) fn refresh_early(&mut self, mut u: usize) {
        let from = u;
        loop {
            let (early, ahead) = (self.early_at(u), self.ahead_at(u));
            if early == self.nodes[u].early && u != from && ahead == self.ahead_of(u) {
                return;
            }
            self.touch(u);
            self.nodes[u].early = early;
            self.set_ahead(u, ahead);
            if u >= self.num_stops() {
                return;
            }
            u = self.nodes[u].next as usize;
        }
    }

    /// Recomputes the latest starts from `u` backwards, until they no longer change. `u` itself counts as changed.
    pub(super) fn refresh_late(&mut self, mut u: usize) {
        let from = u;
        // Nothing depends on how late a route might leave its start.
        while u < self.num_stops() {
            let (late, behind) = (self.late_at(u), self.behind_at(u));
            if late == self.nodes[u].late && u != from && behind == self.behind_of(u) {
                return;
            }
            self.touch(u);
            self.nodes[u].late = late;
            self.set_behind(u, behind);
            u = self.nodes[u].prev as usize;
        }
    }

    /// Recomputes all times of a route.
    pub(super) fn refresh(&mut self, route: usize) {
        let (start, end) = (self.start(route), self.end(route));
        let mut u = self.nodes[start].next as usize;
        loop {
            let (early, ahead) = (self.early_at(u), self.ahead_at(u));
            if early != self.nodes[u].early || ahead != self.ahead_of(u) {
                self.touch(u);
                self.nodes[u].early = early;
                self.set_ahead(u, ahead);
            }
            if u == end {
                break;
            }
            u = self.nodes[u].next as usize;
        }
        u = self.nodes[end].prev as usize;
        while u != start {
            let (late, behind) = (self.late_at(u), self.behind_at(u));
            if late != self.nodes[u].late || behind != self.behind_of(u) {
                self.touch(u);
                self.nodes[u].late = late;
                self.set_behind(u, behind);
            }
            u = self.nodes[u].prev as usize;
        }
    }

    /// How long it takes from `u` to the node `v` after it.
    #[inline]
    fn leg(&self, u: usize, v: usize) -> i64 {
        if self.data.travel.one_table() { i64::from(self.nodes[v].arc) } else { self.duration(u, v) }
    }

    /// Earliest start at `u`, from what comes before.
    #[inline]
    pub(super) fn early_at(&self, u: usize) -> i32 {
        let p = self.nodes[u].prev as usize;
        let arrival = i64::from(self.nodes[p].early) + self.service(p) + self.leg(p, u);
        if u < self.num_stops() { arrival.max(i64::from(self.data.early[u])) as i32 } else { arrival as i32 }
    }

    /// Latest start at the stop `u`, from what comes after.
    #[inline]
    pub(super) fn late_at(&self, u: usize) -> i32 {
        let w = self.nodes[u].next as usize;
        let latest = i64::from(self.nodes[w].late) - self.leg(u, w) - i64::from(self.data.service[u]);
        latest.min(i64::from(self.data.late[u])) as i32
    }

    /// How long it takes at least to come to `u` and begin service, and the latest start at which it does.
    #[inline]
    pub(super) fn ahead_at(&self, u: usize) -> (i32, i32) {
        if !self.limits_duration() {
            return (0, 0);
        }
        let p = self.nodes[u].prev as usize;
        let before = self.nodes[p].span.get();
        let arrival = i64::from(before.ahead) + self.service(p) + self.leg(p, u);
        let latest_start = i64::from(before.latest_start);
        let (waiting, latest_start) = if u < self.num_stops() {
            let waiting = (i64::from(self.data.early[u]) - arrival - latest_start).max(0);
            (waiting, latest_start.min(i64::from(self.data.late[u]) - arrival))
        } else {
            (0, latest_start.min(i64::from(self.nodes[u].late) - arrival))
        };
        ((arrival + waiting) as i32, latest_start as i32)
    }

    #[inline]
    pub(super) fn ahead_of(&self, u: usize) -> (i32, i32) {
        if !self.limits_duration() {
            return (0, 0);
        }
        let span = self.nodes[u].span.get();
        (span.ahead, span.latest_start)
    }

    #[inline]
    fn set_ahead(&mut self, u: usize, (ahead, latest_start): (i32, i32)) {
        let span = &mut self.nodes[u].span;
        span.set(Durations { ahead, latest_start, ..span.get() });
    }

    /// How long it takes at least from the begin of service at the stop `u` to the end, and the earliest begin at which it does.
    #[inline]
    pub(super) fn behind_at(&self, u: usize) -> (i32, i32) {
        if !self.limits_duration() {
            return (0, 0);
        }
        let w = self.nodes[u].next as usize;
        let behind = self.nodes[w].span.get();
        let arrival = i64::from(self.data.service[u]) + self.leg(u, w);
        let earliest = i64::from(behind.earliest) - arrival;
        let waiting = (earliest - i64::from(self.data.late[u])).max(0);
        let earliest = earliest.max(i64::from(self.data.early[u])) - waiting;
        ((arrival + i64::from(behind.behind) + waiting) as i32, earliest as i32)
    }

    #[inline]
    pub(super) fn behind_of(&self, u: usize) -> (i32, i32) {
        if !self.limits_duration() {
            return (0, 0);
        }
        let span = self.nodes[u].span.get();
        (span.behind, span.earliest)
    }

    #[inline]
    fn set_behind(&mut self, u: usize, (behind, earliest): (i32, i32)) {
        let span = &mut self.nodes[u].span;
        span.set(Durations { behind, earliest, ..span.get() });
    }

    /// Stands at the end of the piece of route that ends in `u`.
    #[inline]
    pub(crate) fn prefix_to(&self, u: usize) -> Cursor {
        let (node, (ahead, latest_start)) = (&self.nodes[u], self.ahead_of(u));
        Cursor {
            at: u,
            time: i64::from(node.early),
            route: node.route,
            duration: ahead.into(),
            latest_start: latest_start.into(),
        }
    }

    /// Goes on to the stop `c`; whether that is in time.
    #[inline]
    pub(crate) fn extend(&self, cursor: &mut Cursor, c: usize) -> bool {
        if C::TIMED {
            let leg = self.service(cursor.at) + self.duration(cursor.at, c);
            let arrival = cursor.time + leg;
            let (early, late) = (i64::from(self.data.early[c]), i64::from(self.data.late[c]));
            if arrival > late {
                return false;
            }
            cursor.time = arrival.max(early);
            if self.limits_duration() {
                let arrival = cursor.duration + leg;
                cursor.duration = arrival + (early - arrival - cursor.latest_start).max(0);
                cursor.latest_start = cursor.latest_start.min(late - arrival);
            }
        }
        cursor.at = c;
        true
    }

    /// Whether the piece of route that begins with `w` can follow.
    #[inline]
    pub(crate) fn connects(&self, cursor: Cursor, w: usize) -> bool {
        if !C::TIMED {
            return true;
        }
        let route = self.nodes[w].route;
        if C::FLEET && route != cursor.route && !self.end_alike(route as usize, cursor.route as usize) {
            return self.drives(cursor, w);
        }
        cursor.time + self.service(cursor.at) + self.duration(cursor.at, w) <= i64::from(self.nodes[w].late)
            && (!self.limits_duration() || self.is_short_enough_with(cursor, w))
    }

    /// Whether the stops from `w` on can follow, and the end of the route that the piece so far begins.
    fn drives(&self, mut cursor: Cursor, w: usize) -> bool {
        let mut c = w;
        while self.is_stop(c) {
            if !self.extend(&mut cursor, c) {
                return false;
            }
            c = self.nodes[c].next as usize;
        }
        self.connects(cursor, self.end(cursor.route as usize))
    }
}
