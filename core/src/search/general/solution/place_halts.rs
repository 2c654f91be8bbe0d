//! Routes with their halts placed anew over an order of stops.

use crate::search::general::goals::GoalPrices;
use crate::search::general::halts::{Request, Thoroughness};
use crate::search::general::layout::Element;
use crate::search::general::limits::{MAX_TINY_STOPS, UNLIMITED};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// How often tiny problems try other starts where halts could be placed without.
const STARTS_EVERY: u64 = 4;

/// The cheapest of several routes, each of which may take the place of another.
pub(crate) struct CheapestRoute {
    /// What it adds to the cost; before there is one, what it must stay below.
    added: Cost,
    found: Option<(usize, Route)>,
}

impl CheapestRoute {
    /// None yet: the first must add less than `limit` to the cost.
    pub(crate) fn below(limit: Cost) -> Self {
        Self { added: limit, found: None }
    }

    /// What it adds to the cost, once there is one.
    #[cfg(test)]
    pub(crate) fn added(&self) -> Option<Cost> {
        self.found.as_ref().map(|_| self.added)
    }

    /// Keeps a route that takes the place of another, if it adds less to the cost.
    pub(crate) fn offer(&mut self, added: Cost, route: usize, new: Route) {
        if added < self.added {
            *self = Self { added, found: Some((route, new)) };
        }
    }
}

impl Solution<'_> {
    /// Drives the stops of a route in a new order, with halts placed anew, where that costs less than `limit`.
    pub(crate) fn replace_order(&mut self, route: usize, vehicle_type: usize, order: &[u32], limit: Cost) -> bool {
        let Some(new) = self.with_halts_placed(route, vehicle_type, order, limit) else { return false };
        self.install(route, new);
        true
    }

    /// The cheapest route over an order of stops, which follow the fixed part, in place of a route.
    pub(crate) fn with_halts_placed(
        &mut self,
        route: usize,
        vehicle_type: usize,
        order: &[u32],
        limit: Cost,
    ) -> Option<Route> {
        self.with_halts_placed_behind(route, vehicle_type, self.routes[route].fixed, order, limit)
    }

    /// The position from which on halts are placed anew when a route changes behind a position: behind the last emptying.
    pub(crate) fn replacement_start(&self, route: usize, position: usize) -> usize {
        let own = &self.routes[route];
        if self.layout.is_tiny || self.layout.has_releases {
            return own.fixed;
        }
        let emptying = (own.fixed..=position).rev().find(|&p| own.elements[p].is_emptying());
        emptying.map_or(own.fixed, |p| p + 1)
    }

    /// As [`with_halts_placed`](Self::with_halts_placed), with the elements before position `keep` as they are: `order` begins with their stops.
    pub(crate) fn with_halts_placed_behind(
        &mut self,
        route: usize,
        vehicle_type: usize,
        keep: usize,
        order: &[u32],
        limit: Cost,
    ) -> Option<Route> {
        let mut new = self.take_spare();
        let mut room = std::mem::take(&mut self.room);
        self.site_room_without(route, &mut room);
        let own = &self.routes[route];
        let tiny = self.layout.num_stops() <= MAX_TINY_STOPS;
        let kept = own.elements[own.fixed..keep].iter().filter(|e| e.is_stop()).count();
        let request = Request {
            vehicle_type,
            prefix: &own.elements[..keep],
            fixed: own.fixed,
            order: &order[kept..],
            limit,
            site_room: &room,
            thoroughness: if tiny { Thoroughness::THOROUGH } else { Thoroughness::QUICK },
            not_before: i64::MIN,
            is_lenient: own.is_lenient,
            drops_late: self.missing > 0,
        };
        let mut found = self.halts.place(self.layout, request, &mut new);
        self.placings += 1;
        let starts = if tiny { self.layout.vehicles[vehicle_type].starts() } else { Vec::new() };
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
        if found && self.fits_sites(route, &new) {
            return Some(new);
        }
        self.give_back(new);
        None
    }

    /// Drives an order of stops in place of a route's own, its halts placed anew behind the elements before position `keep`, and
    /// keeps the result where relations hold and it is the cheapest so far.
    pub(crate) fn consider_order(
        &mut self,
        route: usize,
        keep: usize,
        order: &[u32],
        goals: &GoalPrices,
        cheapest: &mut CheapestRoute,
    ) {
        let own = &self.routes[route];
        let (vehicle_type, cost) = (own.vehicle_type, own.cost);
        let mut all = std::mem::take(&mut self.sequence);
        all.clear();
        all.extend(own.elements[..own.fixed].iter().filter_map(|e| e.node()).map(|u| u as u32));
        all.extend_from_slice(order);
        let holds = self.relations_hold(&all);
        self.sequence = all;
        if !holds {
            return;
        }
        let limit = cost.saturating_add(cheapest.added);
        let Some(new) = self.with_halts_placed_behind(route, vehicle_type, keep, order, limit) else { return };
        let added = new.cost - cost + goals.change_by(self.layout, route, &new);
        cheapest.offer(added, route, new);
    }

    /// Installs the cheapest route, if there is one. Returns what it adds to the cost.
    pub(crate) fn install_cheapest(&mut self, cheapest: CheapestRoute) -> Option<Cost> {
        let (route, new) = cheapest.found?;
        self.install(route, new);
        Some(cheapest.added)
    }

    /// The stops of a route behind its fixed part, with others inserted behind a position.
    pub(crate) fn free_order_with(
        &self,
        route: usize,
        position: usize,
        others: impl Iterator<Item = u32>,
        order: &mut Vec<u32>,
    ) {
        let own = &self.routes[route];
        let stops = |elements: &[Element], order: &mut Vec<u32>| {
            order.extend(elements.iter().filter_map(|e| e.node()).map(|u| u as u32));
        };
        let split = (position + 1).max(own.fixed);
        order.clear();
        stops(&own.elements[own.fixed..split], order);
        order.extend(others);
        stops(&own.elements[split..], order);
    }

    /// A lower bound of what an order of stops costs in place of a route.
    pub(crate) fn lower_bound(&mut self, route: usize, vehicle_type: usize, order: &[u32]) -> Cost {
        let own = &self.routes[route];
        let thoroughness =
            if self.layout.num_stops() <= MAX_TINY_STOPS { Thoroughness::THOROUGH } else { Thoroughness::QUICK };
        let prefix = &own.elements[..own.fixed];
        let (not_before, is_lenient) = (i64::MIN, own.is_lenient);
        let fixed = own.fixed;
        let request = Request {
            vehicle_type,
            prefix,
            fixed,
            order,
            limit: UNLIMITED,
            site_room: &[],
            thoroughness,
            not_before,
            is_lenient,
            drops_late: false,
        };
        self.halts.lower_bound(self.layout, request)
    }

    /// Places the halts of a route anew, where that is better: all of them, or those behind where it has changed.
    pub(crate) fn replace_halts(&mut self, route: usize, all: bool) -> bool {
        let vehicle_type = self.routes[route].vehicle_type;
        if self.routes[route].is_empty() || !self.layout.vehicles[vehicle_type].has_halts {
            return false;
        }
        let mut order = std::mem::take(&mut self.order);
        self.free_order(route, &mut order);
        let own = &self.routes[route];
        let (end, cost) = (own.end, own.cost);
        let keep = if all { own.fixed } else { self.replacement_start(route, self.first_change(route)) };
        // Where an earlier end counts first, it may cost anything.
        let end_first = self.layout.end_first;
        let new =
            self.with_halts_placed_behind(route, vehicle_type, keep, &order, if end_first { UNLIMITED } else { cost });
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
        let old = self.saved.iter().find(|saved| saved.0 == route && saved.1.vehicle_type == own.vehicle_type);
        let same = |old: &Route| own.elements.iter().zip(&old.elements).take_while(|(a, b)| a == b).count();
        old.map_or(0, |(_, old)| same(old)).saturating_sub(1)
    }
}
