//! Routes with their halts placed anew over an order of stops.

use crate::search::general::halts::{Effort, Request};
use crate::search::general::limits::{TINY, UNLIMITED};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// How often tiny problems try other starts where halts could be placed without.
const STARTS_EVERY: u64 = 4;

impl<'a> Solution<'a> {
    /// Drives the stops of a route in a new order, with halts placed anew, where that costs less than `limit`.
    pub(crate) fn replace_order(&mut self, route: usize, kind: usize, order: &[u32], limit: Cost) -> bool {
        let Some(new) = self.placed(route, kind, order, limit) else { return false };
        self.install(route, new);
        true
    }

    /// The best way to drive an order of stops in the place of a route: what follows the fixed part.
    pub(crate) fn placed(&mut self, route: usize, kind: usize, order: &[u32], limit: Cost) -> Option<Route> {
        self.placed_behind(route, kind, self.routes[route].fixed, order, limit)
    }

    /// Where halts need to be placed anew from when a route changes behind a position: from the last emptying before it.
    pub(crate) fn window(&self, route: usize, position: usize) -> usize {
        let own = &self.routes[route];
        if self.layout.is_tiny || self.layout.has_releases {
            return own.fixed;
        }
        let emptying = (own.fixed..=position).rev().find(|&p| own.elements[p].is_emptying());
        emptying.map_or(own.fixed, |p| p + 1)
    }

    /// As [`placed`](Self::placed), with the elements before position `keep` as they are: `order` begins with their stops.
    pub(crate) fn placed_behind(
        &mut self,
        route: usize,
        kind: usize,
        keep: usize,
        order: &[u32],
        limit: Cost,
    ) -> Option<Route> {
        let mut new = self.take_spare();
        let mut room = std::mem::take(&mut self.room);
        self.room_beside(route, &mut room);
        let own = &self.routes[route];
        let tiny = self.layout.num_stops() <= TINY;
        let kept = own.elements[own.fixed..keep].iter().filter(|e| e.is_stop()).count();
        let request = Request {
            kind,
            prefix: &own.elements[..keep],
            fixed: own.fixed,
            order: &order[kept..],
            limit,
            site_room: &room,
            effort: if tiny { Effort::THOROUGH } else { Effort::QUICK },
            not_before: i64::MIN,
            is_lenient: own.is_lenient,
        };
        let mut found = self.halts.place(self.layout, request, &mut new);
        self.placings += 1;
        let starts = if tiny { self.layout.vehicles[kind].starts() } else { Vec::new() };
        if !starts.is_empty() && (!found || self.placings.is_multiple_of(STARTS_EVERY)) {
            // Where the speed changes, the rests that are due depend on the start; so do breaks.
            for not_before in starts {
                let limit = if found && !self.layout.end_first { new.cost } else { limit };
                let mut other = self.spare.pop().unwrap_or_default();
                let ends = |route: &Route| if self.layout.end_first { route.end } else { 0 };
                if self.halts.place(self.layout, Request { limit, not_before, ..request }, &mut other)
                    && (!found || (ends(&other), other.cost) < (ends(&new), new.cost))
                {
                    std::mem::swap(&mut new, &mut other);
                    found = true;
                }
                self.spare.push(other);
            }
        }
        self.room = room;
        if found && self.sites_take(route, &new) {
            return Some(new);
        }
        self.give_back(new);
        None
    }

    /// What the stops of a new sequence cost at least in the place of a route.
    pub(crate) fn least(&mut self, route: usize, kind: usize, order: &[u32]) -> Cost {
        let own = &self.routes[route];
        let effort = if self.layout.num_stops() <= TINY { Effort::THOROUGH } else { Effort::QUICK };
        let prefix = &own.elements[..own.fixed];
        let (not_before, is_lenient) = (i64::MIN, own.is_lenient);
        let fixed = own.fixed;
        let request =
            Request { kind, prefix, fixed, order, limit: UNLIMITED, site_room: &[], effort, not_before, is_lenient };
        self.halts.least(self.layout, request)
    }

    /// Places the halts of a route anew, where that is better: all of them, or those behind where it has changed.
    pub(crate) fn replace_halts(&mut self, route: usize, all: bool) -> bool {
        let kind = self.routes[route].kind;
        if self.routes[route].is_empty() || !self.layout.vehicles[kind].has_halts {
            return false;
        }
        let mut order = std::mem::take(&mut self.order);
        self.free_order(route, &mut order);
        let own = &self.routes[route];
        let (end, cost) = (own.end, own.cost);
        let keep = if all { own.fixed } else { self.window(route, self.first_change(route)) };
        // Where an earlier end counts first, it is worth any cost.
        let end_first = self.layout.end_first;
        let new = self.placed_behind(route, kind, keep, &order, if end_first { UNLIMITED } else { cost });
        let new = new.filter(|new| !end_first || (new.end, new.cost) < (end, cost));
        let found = new.is_some();
        if let Some(new) = new {
            self.install(route, new);
        }
        self.order = order;
        found
    }

    /// The last position up to which a route is as it was when the iteration began.
    fn first_change(&self, route: usize) -> usize {
        let own = &self.routes[route];
        let old = self.saved.iter().find(|saved| saved.0 == route && saved.1.kind == own.kind);
        let same = |old: &Route| own.elements.iter().zip(&old.elements).take_while(|(a, b)| a == b).count();
        old.map_or(0, |(_, old)| same(old)).saturating_sub(1)
    }
}
