//! Earliest and latest starts, and whether pieces of routes can be joined in time. Only timed problems keep them.

use crate::search::classical::routes::Routes;

/// The end of a piece of route under evaluation.
#[derive(Clone, Copy)]
pub(crate) struct Cursor {
    at: usize,
    /// Earliest start of service there.
    time: i64,
}

impl<const TIMED: bool> Routes<'_, TIMED> {
    /// Whether `c` may start between `v` and `w` in time.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every evaluation of a place")]
    pub(crate) fn in_time(&self, c: usize, v: usize, w: usize) -> bool {
        if !TIMED {
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

    /// Recomputes the earliest starts from `u` on, until they no longer change. `u` itself counts as changed.
    pub(super) fn refresh_early(&mut self, mut u: usize) {
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
    pub(super) fn refresh_late(&mut self, mut u: usize) {
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

    /// Recomputes all times of a route.
    pub(super) fn refresh(&mut self, route: usize) {
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
    pub(super) fn early_at(&self, u: usize) -> i32 {
        let p = self.nodes[u].prev as usize;
        let leg = if self.data.travel.one_table() { i64::from(self.nodes[u].arc) } else { self.duration(p, u) };
        let arrival = i64::from(self.nodes[p].early) + self.service(p) + leg;
        if u < self.num_stops() { arrival.max(i64::from(self.data.early[u])) as i32 } else { arrival as i32 }
    }

    /// Latest start at the stop `u`, from what comes after.
    #[inline]
    pub(super) fn late_at(&self, u: usize) -> i32 {
        let w = self.nodes[u].next as usize;
        let leg = if self.data.travel.one_table() { i64::from(self.nodes[w].arc) } else { self.duration(u, w) };
        let latest = i64::from(self.nodes[w].late) - leg - i64::from(self.data.service[u]);
        latest.min(i64::from(self.data.late[u])) as i32
    }

    /// Stands at the end of the piece of route that ends in `u`.
    #[inline]
    pub(crate) fn prefix_to(&self, u: usize) -> Cursor {
        Cursor { at: u, time: i64::from(self.nodes[u].early) }
    }

    /// Goes on to the stop `c`; whether that is in time.
    #[inline]
    pub(crate) fn extend(&self, cursor: &mut Cursor, c: usize) -> bool {
        if TIMED {
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
    pub(crate) fn connects(&self, cursor: Cursor, w: usize) -> bool {
        !TIMED || cursor.time + self.service(cursor.at) + self.duration(cursor.at, w) <= i64::from(self.nodes[w].late)
    }
}
