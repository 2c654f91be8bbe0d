//! Cheap tests before an evaluation: the detour, the least time that it takes, and whether a load can fit at all.

use crate::search::general::layout::Layout;
use crate::search::general::route::Route;
use crate::search::travel_table::FORBIDDEN;
use crate::units::Cost;

impl Layout<'_> {
    /// By how much a path over a chain of points is longer than the arc of a gap; `None`: unreachable.
    #[inline]
    pub(crate) fn detour(&self, route: &Route, position: usize, first: u32, last: u32) -> Option<i64> {
        let vehicle = &self.vehicles[route.vehicle_type];
        let gap = &route.gaps[position];
        let (to, from) = (self.distance(vehicle, gap.from, first), self.distance(vehicle, last, gap.to));
        if gap.closed || to >= i64::from(FORBIDDEN) || from >= i64::from(FORBIDDEN) {
            return None;
        }
        let saved = if route.is_empty() { 0 } else { gap.arc };
        Some(to + from - saved)
    }

    /// A lower bound of what the time of a chain of points in a gap costs: what waiting behind the gap does not absorb.
    #[inline]
    pub(crate) fn least_time(&self, route: &Route, position: usize, first: u32, last: u32) -> Cost {
        let vehicle = &self.vehicles[route.vehicle_type];
        if vehicle.cost_per_duration == 0 || route.is_empty() {
            return 0;
        }
        let gap = &route.gaps[position];
        let drive = self.duration(vehicle, gap.from, first) + self.duration(vehicle, last, gap.to)
            - self.duration(vehicle, gap.from, gap.to);
        let drive = vehicle.speed.shortest(drive);
        let takes = drive + self.service(vehicle, first as usize) - route.suffixes[position + 1].waiting;
        vehicle.cost_per_duration * takes.max(0)
    }

    /// Whether a stop's load may fit anywhere on a route: deliveries have most room at the start of a trip, pickups at its
    /// end. A route with emptyings may always take more.
    #[inline]
    pub(crate) fn may_fit(&self, route: &Route, u: usize) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        if !vehicle.lean || route.last().trips > 1 {
            return true;
        }
        let (dims, last) = (self.dims, (route.elements.len() - 2) * self.residuals());
        (0..dims).all(|d| {
            let at = u * dims + d;
            let delivered = route.residuals[self.residual_delivered() + d];
            self.waste[at] <= route.residuals[last + d] && self.delivery[at] <= vehicle.capacity[d] - delivered
        })
    }

    /// Whether a stop's load would fit at a place of a route of one trip with a vehicle of another type.
    pub(crate) fn would_fit(&self, route: &Route, position: usize, u: usize, vehicle_type: usize) -> bool {
        let (own, vehicle) = (&self.vehicles[route.vehicle_type], &self.vehicles[vehicle_type]);
        let row = &route.residuals[position * self.residuals()..];
        let resources = &route.resources[position * self.resources()..];
        (0..self.dims).all(|d| {
            let at = u * self.dims + d;
            let trip = resources[Self::DELIVERED + d] + row[self.residual_delivered() + d];
            let most = own.capacity[d] - route.residuals[d];
            self.waste[at] <= row[d] + vehicle.capacity[d] - own.capacity[d]
                && trip + resources[self.resource_peak() + d] + self.delivery[at] <= vehicle.capacity[d]
                && most <= vehicle.capacity[d]
        })
    }
}
