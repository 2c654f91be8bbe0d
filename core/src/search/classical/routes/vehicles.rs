//! The vehicles of routes: which of them may serve what, and what that costs.

use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::Routes;
use crate::search::data::Data;
use crate::search::random::Random;
use crate::units::Cost;

/// A vehicle type as evaluations read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Where its routes begin and end.
    pub(crate) depot: u32,
    pub(crate) cost_per_distance: Cost,
    pub(crate) fixed_cost: Cost,
    pub(crate) capacity: i64,
    /// When a route has loaded at the earliest, how long loading takes, and when the route begins at the latest.
    pub(super) loaded: i32,
    pub(super) loading: i32,
    pub(super) latest_start: i32,
    /// When a route ends at the latest, and how long it takes at most.
    pub(super) finish: i32,
    pub(super) max_duration: i64,
    /// The first type whose routes end at the same place and hour, and may take as long.
    ends: u32,
    /// The first type whose routes, too, begin at the same hour.
    hours: u32,
}

impl Kind {
    /// All types of a problem.
    pub(super) fn all(data: &Data<'_>) -> Vec<Self> {
        let mut kinds: Vec<Self> = Vec::with_capacity(data.vehicles.len());
        for v in &data.vehicles {
            let at = kinds.len() as u32;
            let kind = Self {
                depot: v.start_point,
                cost_per_distance: v.cost_per_distance,
                fixed_cost: v.fixed_cost,
                capacity: v.capacity.first().copied().unwrap_or(i64::MAX / 4),
                loaded: (v.start_early + v.loading) as i32,
                loading: v.loading as i32,
                latest_start: v.start_late as i32,
                finish: v.end_late as i32,
                max_duration: v.max_duration,
                ends: at,
                hours: at,
            };
            let ends = |k: &Self| (k.depot, k.finish, k.max_duration);
            let hours = |k: &Self| (ends(k), k.loaded, k.loading, k.latest_start);
            let ends = kinds.iter().position(|other| ends(other) == ends(&kind)).unwrap_or(kinds.len());
            let hours = kinds.iter().position(|other| hours(other) == hours(&kind)).unwrap_or(kinds.len());
            kinds.push(Self { ends: ends as u32, hours: hours as u32, ..kind });
        }
        kinds
    }
}

impl<C: Class> Routes<'_, C> {
    /// The vehicle type of a route.
    #[inline]
    pub(crate) fn vehicle_type(&self, route: usize) -> usize {
        if C::FLEET { self.kind_of[route] as usize } else { 0 }
    }

    #[inline]
    pub(crate) fn kind(&self, route: usize) -> &Kind {
        &self.kinds[self.vehicle_type(route)]
    }

    /// How much a route may load.
    #[inline]
    pub(crate) fn capacity(&self, route: usize) -> i64 {
        if C::FLEET { self.kind(route).capacity } else { self.data.capacity }
    }

    /// What a difference of distance on a route costs.
    #[inline]
    pub(crate) fn distance_cost(&self, route: usize, distance: i64) -> Cost {
        (if C::FLEET { self.kind(route).cost_per_distance } else { self.cost_per_distance }) * distance
    }

    /// What it costs to use a route.
    #[inline]
    pub(crate) fn fixed_cost(&self, route: usize) -> Cost {
        if C::FLEET { self.kind(route).fixed_cost } else { self.fixed_cost }
    }

    /// Distances on a route in what distances on different routes are compared by: costs, where vehicles may differ in them.
    #[inline]
    pub(crate) fn weigh(&self, route: usize, distance: i32) -> i64 {
        let distance = i64::from(distance);
        if self.has_one_rate() { distance } else { self.distance_cost(route, distance) }
    }

    /// The cost of what was weighed.
    #[inline]
    pub(crate) fn weighed_cost(&self, weight: i64) -> Cost {
        if self.has_one_rate() { self.cost_per_distance * weight } else { weight }
    }

    /// Whether all vehicles share what distance costs.
    #[inline]
    pub(crate) fn has_one_rate(&self) -> bool {
        !C::FLEET || self.one_rate
    }

    /// Whether an arc costs more, by whichever vehicle, than another one on the route of `u`.
    #[inline]
    pub(crate) fn costs_more(&self, arc: i32, other: i32, u: usize) -> bool {
        let route = self.nodes[u].route as usize;
        self.least_rate * i64::from(arc) >= self.distance_cost(route, i64::from(other))
    }

    /// Whether using a vehicle costs anything.
    #[inline]
    pub(crate) fn has_fixed_costs(&self) -> bool {
        self.most_fixed_cost > 0
    }

    /// Whether a route's vehicle may serve a stop.
    #[inline]
    pub(crate) fn may_serve(&self, route: usize, c: usize) -> bool {
        !C::FLEET || !self.is_restricted || self.data.vehicles[self.vehicle_type(route)].allows(c)
    }

    /// Whether a route's vehicle may serve the stops from `from` on, up to but without `until`.
    pub(crate) fn may_serve_all(&self, route: usize, from: usize, until: usize) -> bool {
        if !C::FLEET || !self.is_restricted {
            return true;
        }
        let mut c = from;
        while c != until {
            if self.is_stop(c) && !self.may_serve(route, c) {
                return false;
            }
            c = self.nodes[c].next as usize;
        }
        true
    }

    /// Whether the last arcs of two routes lead to the same depot, and cost the same.
    #[inline]
    pub(crate) fn exchange_ends_freely(&self, a: usize, b: usize) -> bool {
        !C::FLEET || (self.one_rate && self.kind(a).depot == self.kind(b).depot)
    }

    /// Whether two routes end at the same place and hour, and may take as long: a tail that one can drive, the other can.
    #[inline]
    pub(crate) fn end_alike(&self, a: usize, b: usize) -> bool {
        !C::FLEET || self.kind(a).ends == self.kind(b).ends
    }

    /// Whether two routes can be driven at the same times.
    #[inline]
    pub(crate) fn drive_alike(&self, a: usize, b: usize) -> bool {
        !C::FLEET || self.kind(a).hours == self.kind(b).hours
    }

    /// A route of a vehicle type that is not in use and may be.
    #[inline]
    pub(crate) fn unused_of(&self, vehicle_type: usize) -> Option<usize> {
        if self.num_used >= self.limit {
            return None;
        }
        let slot = self.unused[vehicle_type].last()?;
        Some(if C::FLEET { self.first_of[vehicle_type] as usize + slot } else { slot })
    }

    /// As [`unused_of`](Self::unused_of), where another route is no longer used for it.
    #[inline]
    pub(crate) fn unused_beside(&self, vehicle_type: usize) -> Option<usize> {
        self.unused[vehicle_type].last().map(|slot| self.first_of[vehicle_type] as usize + slot)
    }

    /// How many vehicle types there are.
    pub(crate) fn num_types(&self) -> usize {
        self.kinds.len()
    }

    /// The unused route on which it costs least to serve a stop alone, and that cost; `None`: on none that may serve it, it costs less
    /// than `limit`.
    pub(crate) fn cheapest_unused(&self, c: usize, limit: Cost) -> Option<(usize, Cost)> {
        let (mut best, mut least) = (None, limit);
        for vehicle_type in 0..self.kinds.len() {
            let Some(route) = self.unused_of(vehicle_type) else { continue };
            let cost = self.cost_alone(route, c);
            if cost < least
                && self.load_of(c).fits(self.capacity(route))
                && self.may_serve(route, c)
                && self.may_stand(c, self.start(route), self.end(route))
            {
                (best, least) = (Some((route, cost)), cost);
            }
        }
        best
    }

    /// What it costs to serve a stop alone on an unused route.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every insertion")]
    pub(crate) fn cost_alone(&self, route: usize, c: usize) -> Cost {
        let there = self.distance(self.start(route), c);
        let back = self.distance(c, self.end(route));
        self.distance_cost(route, i64::from(there) + i64::from(back)) + self.fixed_cost(route)
    }

    /// An unused route of a random vehicle type, if it may serve a stop alone, and what that costs.
    pub(crate) fn any_unused(&self, c: usize, random: &mut Random) -> Option<(usize, Cost)> {
        let (first, types) = (random.below(self.kinds.len()), self.kinds.len());
        let route = (first..first + types).find_map(|t| self.unused_of(t % types))?;
        let takes = self.load_of(c).fits(self.capacity(route)) && self.may_serve(route, c);
        let takes = takes && self.may_stand(c, self.start(route), self.end(route));
        takes.then(|| (route, self.cost_alone(route, c)))
    }

    /// Whether any vehicle type could take over the routes of another, and carries more.
    pub(crate) fn has_larger(&self) -> bool {
        self.data.vehicles.iter().any(|v| !v.larger.is_empty())
    }

    /// The cheapest unused route that could take a route over and carry a further stop, and what that change costs, weighed: where
    /// all rates are equal, in distance, rounded up.
    pub(crate) fn larger_vehicle(&self, route: usize, c: usize) -> Option<(usize, Cost)> {
        let load = self.info[route].load + self.load_of(c);
        let (first, end) = (self.nodes[self.start(route)].next as usize, self.end(route));
        let own = self.kind(route);
        let mut best = None;
        for &vehicle_type in &self.data.vehicles[self.vehicle_type(route)].larger {
            let kind = &self.kinds[vehicle_type];
            if !load.fits(kind.capacity) {
                continue;
            }
            let Some(unused) = self.unused_beside(vehicle_type) else { continue };
            let rate = kind.cost_per_distance - own.cost_per_distance;
            let cost = kind.fixed_cost - own.fixed_cost + rate * self.info[route].distance;
            if best.is_none_or(|(_, least)| cost < least)
                && self.drive_alike(route, unused)
                && self.may_serve(unused, c)
                && self.may_serve_all(unused, first, end)
            {
                best = Some((unused, cost));
            }
        }
        let (unused, cost) = best?;
        let weight = if self.has_one_rate() {
            (cost + self.cost_per_distance - 1).div_euclid(self.cost_per_distance)
        } else {
            cost
        };
        Some((unused, weight))
    }

    /// Appends the stops of a route.
    pub(crate) fn list_stops(&self, route: usize, list: &mut Vec<u32>) {
        let mut u = self.nodes[self.start(route)].next as usize;
        while self.is_stop(u) {
            list.push(u as u32);
            u = self.nodes[u].next as usize;
        }
    }

    /// What a route costs.
    pub(crate) fn cost_of(&self, route: usize) -> Cost {
        self.distance_cost(route, self.info[route].distance) + self.fixed_cost(route)
    }

    /// What a route would cost with the vehicle of another one; `None`: that vehicle does not carry its load.
    pub(crate) fn cost_with(&self, route: usize, other: usize) -> Option<Cost> {
        let kind = self.kind(other);
        if !self.info[route].load.fits(kind.capacity) {
            return None;
        }
        let mut distance = self.info[route].distance;
        if kind.depot != self.kind(route).depot {
            let (start, end) = (self.start(route), self.end(route));
            let (first, last) = (self.nodes[start].next as usize, self.nodes[end].prev as usize);
            distance -= i64::from(self.nodes[first].arc) + i64::from(self.nodes[end].arc);
            distance += i64::from(self.distance(self.start(other), first));
            distance += i64::from(self.distance(last, self.end(other)));
        }
        Some(kind.cost_per_distance * distance + kind.fixed_cost)
    }

    /// Whether the vehicle of another route may drive this one.
    pub(crate) fn may_drive(&self, route: usize, other: usize) -> bool {
        let (first, end) = (self.nodes[self.start(route)].next as usize, self.end(route));
        if !self.may_serve_all(other, first, end) {
            return false;
        }
        !C::TIMED || self.drive_alike(route, other) || self.connects(self.prefix_to(self.start(other)), first)
    }
}
