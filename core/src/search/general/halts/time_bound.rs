//! Which labels are too late: what the rest of an order takes at least, in time and in work.

#[cfg(test)]
use crate::search::general::halts::Thoroughness;
use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Element, Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
#[cfg(test)]
use crate::search::general::route::Route;
use crate::search::general::route::State;
use crate::search::travel_table::FORBIDDEN;

impl Halts {
    /// Computes until when the vehicle must leave each stop of the order, and how much work there is behind it, if it halts no more.
    pub(super) fn compute_time_bounds(&mut self, layout: &Layout<'_>, request: Request<'_>) {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let n = request.order.len();
        self.latest.clear();
        self.work.clear();
        // As the bounds of costs, these assume the triangle inequality.
        if !request.drops_late || request.thoroughness.thorough {
            return;
        }
        // Before a stop that opens too late for those behind it, nothing is early enough.
        self.latest.resize(n, -UNLIMITED);
        self.work.resize(n, 0);
        let (mut to, mut latest, mut work) = (vehicle.end_point, vehicle.end_late, 0);
        for (position, &u) in request.order.iter().enumerate().rev() {
            // A halt at the same place may save the set-up.
            let (drive, _) = layout.drive_and_setup(vehicle, u, to);
            let mut leave = latest;
            // What cannot be driven directly may be driven over a disposal site.
            if drive < i64::from(FORBIDDEN) {
                leave = vehicle.speed.latest_departure(latest, vehicle.speed.whole(drive));
                work += vehicle.speed.shortest(drive);
            }
            self.latest[position] = leave;
            self.work[position] = work;
            let service = layout.service(vehicle, u as usize);
            latest = layout.latest_arrival_at(vehicle, Element::stop(u), leave - service);
            if latest <= -UNLIMITED {
                break;
            }
            work += service;
            to = u;
        }
    }

    /// Whether the vehicle leaves the stop at a position too late for the rest of the order, or for that and so many disposal visits
    /// before its day ends, or with too little work left for them.
    #[inline]
    pub(super) fn is_too_late(&self, vehicle: &Vehicle, position: usize, visits: i64, state: &State) -> bool {
        let Some(&latest) = self.latest.get(position) else { return false };
        let rest = self.work[position] + if visits > 0 { visits * self.least_stay[position] } else { 0 };
        state.leave > latest || state.leave + rest > vehicle.end_late || state.work + rest > vehicle.max_work
    }

    /// Of the stops of a route, in their order: whether the vehicle leaves each too late.
    #[cfg(test)]
    pub(crate) fn too_late_on(&mut self, layout: &Layout<'_>, route: &Route) -> Vec<bool> {
        let vehicle = &layout.vehicles[route.vehicle_type];
        let order: Vec<u32> = route.stops().collect();
        let request = Request {
            vehicle_type: route.vehicle_type,
            prefix: &route.elements[..1],
            fixed: 1,
            order: &order,
            limit: UNLIMITED,
            site_room: &[],
            thoroughness: Thoroughness::QUICK,
            not_before: i64::MIN,
            is_lenient: false,
            drops_late: true,
        };
        self.compute_bounds(layout, request);
        self.compute_time_bounds(layout, request);
        self.rows.clone_from(&route.resources);
        let stops = (0..route.elements.len()).filter(|&p| route.elements[p].is_stop());
        let is_too_late = |(position, p): (usize, usize)| {
            let (_, visits) = self.emptying_bound(layout, vehicle, position, p * layout.resources());
            self.is_too_late(vehicle, position, visits, &route.states[p])
        };
        stops.enumerate().map(is_too_late).collect()
    }
}
