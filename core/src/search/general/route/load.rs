//! Loads along a route: what a stop, a disposal visit and a reload change on board.

use crate::search::data::{BackhaulOrder, NONE};
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::route::kind::{LEAN, PLAIN};
use crate::search::general::route::state::State;
use crate::units::Duration;

impl Layout<'_> {
    /// Takes a stop's amounts on board. Whether they fit.
    #[inline]
    pub(super) fn load<const KIND: u8>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        resources: &mut [i64],
        u: usize,
    ) -> bool {
        let (is_lean, is_plain) = (KIND >= LEAN, KIND == PLAIN);
        let (dims, stop) = (if is_plain { 1 } else { self.dims }, &self.stops[u]);
        let (net_at, peak_at, total_at) =
            if is_plain { (1, 2, 3) } else { (self.resource_net(), self.resource_peak(), self.resource_total()) };
        let mut fits = true;
        for d in 0..dims {
            let at = u * dims + d;
            let (delivery, waste) = (self.delivery[at], self.waste[at]);
            let shipped = if is_plain { 0 } else { self.shipped[at] };
            let net = resources[net_at + d] + waste + shipped - delivery;
            resources[Self::DELIVERED + d] += delivery;
            resources[net_at + d] = net;
            let peak = resources[peak_at + d].max(net);
            resources[peak_at + d] = peak;
            let total = resources[total_at + d] + delivery + waste + shipped.max(0);
            resources[total_at + d] = total;
            fits &= resources[Self::DELIVERED + d] + peak <= vehicle.capacity[d] && total <= vehicle.max_route_load[d];
        }
        if !is_lean && self.waste_classes > 0 {
            fits &= self.fill(vehicle, resources, stop.waste_class, u);
        }
        state.stops += 1;
        if !is_lean {
            state.assignment += vehicle.assignment_cost(u);
        }
        state.loads += std::mem::take(&mut state.emptied);
        if self.has_order {
            fits &= match stop.order {
                BackhaulOrder::Any => true,
                BackhaulOrder::Linehaul => !state.backhaul,
                BackhaulOrder::Backhaul => state.trip_stops > 0,
            };
            state.backhaul |= stop.order == BackhaulOrder::Backhaul;
        }
        state.trip_stops += 1;
        if !is_plain && self.base.partner[u] != NONE {
            if self.base.is_pickup(u) {
                state.on_board += 1;
            } else if state.on_board == 0 {
                fits = false;
            } else {
                state.on_board -= 1;
            }
        }
        fits && vehicle.may_stop(state.stops) && (state.trips + state.loads) as usize <= vehicle.max_trips
    }

    /// Puts a stop's waste with the waste of its class. Whether it may be there.
    fn fill(&self, vehicle: &Vehicle, resources: &mut [i64], waste_class: usize, u: usize) -> bool {
        let dims = self.dims;
        let row = self.resource_waste();
        let mut any = false;
        for d in 0..dims {
            let own = &mut resources[row + waste_class * dims + d];
            *own += self.waste[u * dims + d];
            any |= *own > 0;
        }
        let part = vehicle.compartment[waste_class];
        if part != NONE {
            for d in 0..dims {
                let together = (0..self.waste_classes).filter(|&h| vehicle.compartment[h] == part);
                let load: i64 = together.map(|h| resources[row + h * dims + d]).sum();
                if load > vehicle.compartments[part as usize][d] {
                    return false;
                }
            }
        }
        let present = |h: usize| (0..dims).any(|d| resources[row + h * dims + d] > 0);
        !any || !vehicle.apart[waste_class].iter().any(|&h| present(h))
    }

    /// Empties at a disposal site. How long that takes.
    pub(super) fn empty(&self, state: &mut State, resources: &mut [i64], k: usize) -> Duration {
        let (dims, site) = (self.dims, &self.sites[k]);
        let mut takes = site.service;
        state.fees += site.visit_cost;
        for d in 0..dims {
            let mut amount = 0;
            for h in (0..self.waste_classes).filter(|&h| site.accepts[h]) {
                amount += std::mem::take(&mut resources[self.resource_waste() + h * dims + d]);
            }
            resources[self.resource_net() + d] -= amount;
            takes += site.unloading.get(d).map_or(0, |rate| rate.of(amount));
            state.fees += site.fee.get(d).map_or(0, |rate| rate.of(amount));
        }
        state.emptied += 1;
        takes
    }

    /// Whether the vehicle may end a trip with what is on board.
    #[inline]
    pub(super) fn is_emptied(&self, vehicle: &Vehicle, resources: &[i64]) -> bool {
        !vehicle.end_empty || resources[self.resource_waste()..self.resource_effort()].iter().all(|&load| load == 0)
    }

    pub(super) fn begin_trip(&self, state: &mut State, resources: &mut [i64]) {
        resources[..self.resource_total()].fill(0);
        resources[self.resource_waste()..self.resource_effort()].fill(0);
        state.trips += 1;
        (state.emptied, state.trip_stops, state.backhaul) = (0, 0, false);
    }
}
