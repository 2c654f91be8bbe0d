//! Which vehicle type drives which route.

use crate::search::fleet::Vehicle;
use crate::search::routes::{Piece, Proposal, RouteInfo, Routes};
use crate::search::rules::Rules;
use crate::units::Cost;

impl<R: Rules> Routes<'_, R> {
    /// What a route would cost with another vehicle type; `None` where that is not less than `limit` or must not be.
    pub(crate) fn cost_with_kind(&self, route: usize, kind: usize, limit: Cost, walk: &mut Vec<u32>) -> Option<Cost> {
        let (start, end) = (self.start(route), self.end(route));
        let whole = [Piece::new(self.nodes[start].next as usize, self.nodes[end].prev as usize)];
        let proposal = Proposal { route, kind, head: start, pieces: &whole, tail: end };
        let distance = self.proposed_distance(&proposal)?;
        if self.least_route_cost(&proposal, distance) >= limit {
            return None;
        }
        self.proposed_cost(&proposal, distance, walk).filter(|&cost| cost < limit)
    }

    /// Two routes exchange their vehicle types. Both must be feasible with the other's.
    pub(crate) fn exchange_kinds(&mut self, a: usize, b: usize) {
        let (info_a, info_b) = (self.info[a], self.info[b]);
        for route in [a, b] {
            self.touch_route(route);
        }
        self.set_info(a, RouteInfo { kind: info_b.kind, ..info_a });
        self.set_info(b, RouteInfo { kind: info_a.kind, ..info_b });
        for route in [a, b] {
            self.place_ends(route);
            let (mut u, end) = (self.start(route), self.end(route));
            while u != end {
                let next = self.nodes[u].next as usize;
                let arc = self.arc_between(u, next);
                if arc != self.nodes[next].arc {
                    self.touch(next);
                    self.nodes[next].arc = arc;
                }
                u = next;
            }
            self.refresh_rich(route);
        }
    }

    /// What it costs to serve the client `c` between `u` and the node after it with a larger vehicle that stands unused;
    /// and a route of that vehicle.
    pub(crate) fn upgrade_insertion(&self, c: usize, u: usize, detour: i64, limit: Cost) -> Option<(Cost, usize)> {
        let route = self.nodes[u].route as usize;
        let vehicle = self.vehicle(route);
        let end = self.end(route);
        let (distance, duration) = (self.rich.spans[end].distance_to, self.rich.spans[end].time_to.duration);
        let mut best = None;
        let mut limit = limit;
        for &kind in &vehicle.larger {
            let Some(slot) = self.spare(kind) else { continue };
            let larger = &self.data.vehicles[kind];
            let mut delta = larger.fixed_cost - vehicle.fixed_cost + larger.cost_per_distance * (distance + detour)
                - vehicle.cost_per_distance * distance;
            if delta >= limit
                || distance + detour > larger.max_distance
                || self.rich.spans[end].trips_to as usize > larger.max_trips
                || !self.insertion_fits(c, u, larger)
                || !self.all_fit(route, larger)
            {
                continue;
            }
            let Some(time) = self.insertion_time(c, u) else { continue };
            if time.duration > larger.max_duration {
                continue;
            }
            delta += larger.cost_per_duration * time.duration - vehicle.cost_per_duration * duration;
            if delta < limit {
                limit = delta;
                best = Some((delta, slot));
            }
        }
        best
    }

    /// Whether another vehicle may serve all stops of a route, and carry all of its trips.
    fn all_fit(&self, route: usize, vehicle: &Vehicle) -> bool {
        let own = self.vehicle(route);
        let one_trip = self.rich.spans[self.end(route)].trips_to == 1;
        let as_large = vehicle.capacity.iter().zip(&own.capacity).all(|(theirs, ours)| theirs >= ours);
        if (one_trip || as_large) && vehicle.allowed.is_empty() {
            return true;
        }
        let dims = self.rich.dimensions;
        let (mut u, end) = (self.start(route), self.end(route));
        while u != end {
            let allowed = !self.is_stop(u) || vehicle.allows(u);
            if !allowed || (0..dims).any(|d| self.rich.load_from[u * dims + d].peak > vehicle.capacity[d]) {
                return false;
            }
            u = self.nodes[u].next as usize;
        }
        true
    }
}
