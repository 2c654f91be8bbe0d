//! What it costs to go on behind the inserted elements with the rest of the route as it is.

use crate::model::Effort;
use crate::search::general::goals::{Figures, GoalPrices};
use crate::search::general::layout::{Layout, Role, Vehicle};
use crate::search::general::route::{Route, State};
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Duration};

impl Layout<'_> {
    /// Joins what is known up to the gap's new elements with the rest of the route from position `next` on.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "the two sides of a gap")]
    pub(super) fn join_rest(
        &self,
        vehicle: &Vehicle,
        route: &Route,
        position: usize,
        next: usize,
        state: &State,
        row: &[i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Option<Cost> {
        let (gap, suffix, old, last) =
            (&route.gaps[position], &route.suffixes[next], &route.states[next], route.last());
        let from = &route.states[position];
        let arc = self.distance(vehicle, state.point, gap.to);
        let (drive, setup) = self.drive_and_setup(vehicle, state.point, gap.to);
        let left = if state.left >= 0 { state.left } else { vehicle.speed.whole(drive) };
        if arc >= i64::from(FORBIDDEN) {
            return None;
        }
        let arrival = vehicle.speed.arrival(state.leave, left) + setup;
        let distance = state.distance + arc - old.distance;
        let stops = (state.stops - from.stops) + last.stops;
        let pending = if gap.serves { state.emptied } else { 0 };
        let loads = state.loads + pending + gap.loads + state.trips - from.trips + last.trips;
        if (self.timed && arrival > suffix.latest)
            || last.distance + distance > vehicle.max_distance
            || !vehicle.may_stop(stops)
            || loads as usize > vehicle.max_trips
            || (gap.linehaul && state.backhaul)
        {
            return None;
        }
        let (fees, unloading) = self.loads_ahead(vehicle, route, position, row)?;
        let drive = arrival - setup - state.leave + state.driving - old.driving;
        let stay = if matches!(route.elements[next].role(), Role::Break(_)) { 0 } else { old.leave - old.begin };
        let work = arrival - state.leave + state.work - (old.work - stay) + unloading;
        if last.driving + drive > vehicle.max_driving || last.work + work > vehicle.max_work {
            return None;
        }
        let resources = self.resources();
        let old_setup = self.setup(vehicle, gap.from, gap.to);
        for (r, rule) in vehicle.rules.iter().enumerate() {
            let effort = self.resource_effort() + r;
            let counts = |setup: Duration| if rule.effort == Effort::Work { setup } else { 0 };
            // More effort at the arrival than before, against what may be added there.
            let before =
                route.resources[position * resources + effort] + old.driving - from.driving + counts(old_setup);
            let added = row[effort] + (arrival - setup - state.leave) + counts(setup) - before;
            let room = route.residuals[position * self.residuals() + self.residual_effort() + r]
                - route.resources[position * resources + effort];
            if added > room {
                return None;
            }
        }
        let mut delta = vehicle.cost_per_distance * distance + fees + state.assignment - from.assignment;
        if !vehicle.scheduled && goals.is_empty() {
            return Some(delta);
        }
        let times = (state.waited, state.slack);
        let delay = arrival - old.arrival;
        delta += self.price_of_time(route, suffix, delay, times, unloading)? + state.soft - from.soft;
        let (end, duration, ..) = self.propagate_delay(route, suffix, delay, times, unloading);
        let figures = || {
            let total = self.resource_total();
            let load = if self.dims == 0 {
                0
            } else {
                row[total] - route.resources[position * resources + total]
                    + route.resources[(route.elements.len() - 1) * resources + total]
            };
            Figures { end, duration, load, stops: stops.into(), scatter: 0, emitted: 0, distance: 0 }
        };
        Some(delta.saturating_add(goals.change(own, figures)))
    }

    /// Whether what is on board now fits the rest of the trip; what it changes of fees, and of time spent unloading.
    #[inline]
    fn loads_ahead(&self, vehicle: &Vehicle, route: &Route, position: usize, row: &[i64]) -> Option<(Cost, Duration)> {
        let (dims, residuals, resources) = (self.dims, self.residuals(), self.resources());
        let room = &route.residuals[position * residuals..(position + 1) * residuals];
        for d in 0..dims {
            let trip = row[Self::DELIVERED + d] + room[self.residual_delivered() + d];
            let total = row[self.resource_total() + d]
                - route.resources[position * resources + self.resource_total() + d]
                + route.resources[(route.elements.len() - 1) * resources + self.resource_total() + d];
            if trip + row[self.resource_peak() + d] > vehicle.capacity[d] || total > vehicle.max_route_load[d] {
                return None;
            }
        }
        let (mut fees, mut unloading) = (0, 0);
        for h in 0..self.waste_classes {
            let mut any = false;
            for d in 0..dims {
                let at = self.resource_waste() + h * dims + d;
                let added = row[at] - route.resources[position * resources + at];
                any |= row[at] > 0;
                if added == 0 {
                    continue;
                }
                if added > room[h * dims + d] {
                    return None;
                }
                let site = room[self.residual_site() + h];
                if site >= 0 {
                    let site = &self.sites[site as usize];
                    let sign = added.signum();
                    fees += site.fee.get(d).map_or(0, |rate| sign * rate.of(added.abs()));
                    unloading += site.unloading.get(d).map_or(0, |rate| sign * rate.of(added.abs()));
                }
            }
            let nowhere = room[self.residual_site() + h] < 0;
            if any && nowhere && vehicle.end_empty {
                return None;
            }
            if any
                && h < 64
                && vehicle.apart[h].iter().any(|_| route.gaps[position].blocked >> h & 1 == 1)
                && !self.was_present(route, position, h)
            {
                return None;
            }
        }
        Some((fees, unloading))
    }

    fn was_present(&self, route: &Route, position: usize, waste_class: usize) -> bool {
        let at = position * self.resources() + self.resource_waste() + waste_class * self.dims;
        route.resources[at..at + self.dims].iter().any(|&load| load > 0)
    }
}
