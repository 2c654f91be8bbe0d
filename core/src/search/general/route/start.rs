//! When a route starts: a closed formula where one holds, otherwise a few starts that are driven exactly.

use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::route::state::State;
use crate::units::{Cost, Duration, Time};

impl Layout<'_> {
    /// Chooses the start of the route, and computes its cost. Unless asked for exactly, by a formula that holds without pauses on
    /// the way and changes of speed. Whether the route is feasible.
    pub(crate) fn choose_start(&self, route: &mut Route, exactly: bool) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        let last = *route.last();
        (route.delay, route.end, route.is_start_exact) = (0, last.leave, true);
        if route.is_empty() {
            route.cost = 0;
            return true;
        }
        let late = last.distance > vehicle.max_distance;
        let fixed_part = vehicle.fixed_cost + vehicle.cost_per_distance * last.distance + last.fees + last.assignment;
        if !vehicle.scheduled {
            route.cost = fixed_part;
            return !late;
        }
        if let Some(delay) = route.fixed_delay {
            let mut best = None;
            self.try_start(route, delay, fixed_part, &mut best);
            if let Some((cost, end, delay)) = best {
                (route.cost, route.end, route.delay) = (cost, end, delay);
                return !late;
            }
            route.fixed_delay = None;
        }
        let delay = last.slack.min(last.waited).max(0);
        if vehicle.simple_start || !exactly {
            let duration = last.leave - route.earliest() - delay;
            route.delay = delay;
            route.is_start_exact = vehicle.simple_start;
            route.cost = fixed_part
                + last.soft
                + vehicle.paid_cost(duration - last.unpaid)
                + vehicle.cost_per_waiting * (last.waited - delay);
            return !late && duration <= Layout::longest(vehicle) && !self.misses_break(route);
        }
        let mut best: Option<(Cost, Time, Duration)> = None;
        self.try_start(route, 0, fixed_part, &mut best);
        let as_early = self.try_start(route, delay, fixed_part, &mut best) == Some(last.leave);
        if !vehicle.speed.flat && (last.waited > 0 || self.is_tiny) {
            self.bisect(route, if as_early { delay } else { 0 }, fixed_part, &mut best);
        }
        self.try_others(route, fixed_part, &mut best);
        let Some((cost, end, delay)) = best else { return false };
        (route.cost, route.end, route.delay) = (cost, end, delay);
        !late
    }

    /// The longest duration that the formula may yield: where speeds change, it overestimates.
    pub(crate) fn longest(vehicle: &Vehicle) -> Duration {
        if vehicle.speed.flat || vehicle.max_duration >= UNLIMITED {
            vehicle.max_duration
        } else {
            vehicle.max_duration + vehicle.max_duration / 16
        }
    }

    /// Looks for a later start with which the route ends as early, where speeds change.
    fn bisect(&self, route: &Route, mut low: Duration, fixed_part: Cost, best: &mut Option<(Cost, Time, Duration)>) {
        /// How many starts are tried.
        const BISECTION_STEPS: usize = 7;
        let vehicle = &self.vehicles[route.vehicle_type];
        let last = route.last();
        // At a higher speed, the route may start later by more than it waits.
        let gained = vehicle.speed.highest() / vehicle.speed.lowest() + 1;
        let mut high = ((last.waited + 1) * gained).min(vehicle.start_late - route.earliest());
        for _ in 0..if self.is_tiny { 4 * BISECTION_STEPS } else { BISECTION_STEPS } {
            if high <= low {
                return;
            }
            let middle = high - (high - low) / 2;
            if self.try_start(route, middle, fixed_part, best) == Some(last.leave) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
    }

    /// Starts that pay although the route ends later for them: for soft windows that are not open yet.
    fn try_others(&self, route: &Route, fixed_part: Cost, best: &mut Option<(Cost, Time, Duration)>) {
        /// Most stops whose soft windows are waited for.
        const MAX_SOFT_STOPS: usize = 12;
        let last = route.last();
        let mut tried = 0;
        for p in 1..route.elements.len() {
            let Some(u) = route.elements[p].node() else { continue };
            let stop = &self.stops[u];
            let state = &route.states[p];
            if stop.early_rate > 0 && state.begin < stop.soft_early && tried < MAX_SOFT_STOPS {
                tried += 1;
                let waited = route.states[p - 1].waited;
                self.try_start(route, waited + stop.soft_early - state.arrival, fixed_part, best);
                // As late as all windows allow.
                self.try_start(route, last.slack, fixed_part, best);
            }
        }
    }

    /// Drives the route from a later start, and keeps it where that costs less. When it ends then.
    fn try_start(
        &self,
        route: &Route,
        delay: Duration,
        fixed_part: Cost,
        best: &mut Option<(Cost, Time, Duration)>,
    ) -> Option<Time> {
        let vehicle = &self.vehicles[route.vehicle_type];
        if !(0..UNLIMITED / 2).contains(&delay) || best.is_some_and(|b| b.2 == delay) {
            return None;
        }
        let state = if delay == 0 { *route.last() } else { self.simulate(route, delay)? };
        let (start, end) = (route.earliest() + delay, state.leave);
        let is_due = |b: usize| vehicle.breaks[b].is_due(state.breaks >> b & 1 == 1, start, end);
        // Where the vehicle starts anywhere, the route begins when it first stands.
        let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, delay) };
        let start = start + idle;
        if (0..vehicle.breaks.len()).any(is_due) || end - start > vehicle.max_duration {
            return Some(end);
        }
        let paid = vehicle.paid_cost(end - start - state.unpaid);
        let cost = fixed_part + state.soft + paid + vehicle.cost_per_waiting * (state.waited - idle);
        let rank = |cost: Cost, end: Time, delay: Duration| {
            let late = if self.end_first { end } else { 0 };
            (late, cost + self.end_weight * end, end, -delay)
        };
        if best.is_none_or(|b| rank(cost, end, delay) < rank(b.0, b.1, b.2)) {
            *best = Some((cost, end, delay));
        }
        Some(end)
    }

    /// When the route starts: where nothing depends on it, as late as it can without ending later.
    pub(crate) fn start(&self, route: &Route) -> Time {
        let vehicle = &self.vehicles[route.vehicle_type];
        let last = route.last();
        let mut delay = route.delay;
        let later = last.slack.min(last.waited).max(0);
        if !vehicle.scheduled && later > 0 && self.simulate(route, later).is_some_and(|state| state.leave == last.leave)
        {
            delay = later;
        }
        let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, delay) };
        route.earliest() + delay + idle
    }

    /// How long a vehicle without a start would wait at its first halt.
    pub(crate) fn first_wait(route: &Route, delay: Duration) -> Duration {
        let first = route.states[1];
        (first.begin - first.arrival - delay).max(0)
    }

    /// Drives the route from a start that is `delay` later than possible; `None`: infeasible.
    pub(crate) fn simulate(&self, route: &Route, delay: Duration) -> Option<State> {
        let mut effort = [0_i64; 64];
        let vehicle = &self.vehicles[route.vehicle_type];
        let mut row = [0_i64; 64];
        let width = self.resources();
        let mut long_row = Vec::new();
        let row = if width <= row.len() {
            &mut row[..width]
        } else {
            long_row.resize(width, 0);
            &mut long_row[..]
        };
        let mut state = self.root(vehicle, route.release(0).max(route.not_before), delay, row);
        let rules = vehicle.rules.len();
        effort[..rules].copy_from_slice(&row[self.resource_effort()..self.resource_effort() + rules]);
        if state.begin > vehicle.start_late {
            return None;
        }
        for p in 1..route.elements.len() {
            let own = &route.states[p];
            let step = (
                self.next_point(vehicle, &route.elements, p),
                own.leave - own.begin,
                route.release(p),
                p < route.done(),
            );
            if !self.advance(vehicle, &mut state, &mut effort[..rules], route.elements[p], step) {
                return None;
            }
        }
        Some(state)
    }
}
