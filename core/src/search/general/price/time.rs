//! What a delay of the rest of a route costs.

use crate::search::general::layout::Layout;
use crate::search::general::route::{Route, Suffix};
use crate::units::{Cost, Duration, Time};

impl Layout<'_> {
    /// What time costs more with the next element reached so much later, `waited` and `slack` as they are before it; `None`:
    /// the route takes too long.
    #[inline]
    pub(super) fn price_of_time(
        &self,
        route: &Route,
        suffix: &Suffix,
        delay: Duration,
        (waited, slack): (Duration, Duration),
        unloading: Duration,
    ) -> Option<Cost> {
        let (vehicle, last) = (&self.vehicles[route.vehicle_type], route.last());
        let (_, duration, later, waited) = self.propagate_delay(route, suffix, delay, (waited, slack), unloading);
        if duration > Layout::longest(vehicle) {
            return None;
        }
        let old_duration = route.end - route.earliest() - route.delay;
        let mut delta = vehicle.paid_cost(duration - last.unpaid) - vehicle.paid_cost(old_duration - last.unpaid)
            + vehicle.cost_per_waiting * ((waited - later) - (last.waited - route.delay));
        if delay > 0 {
            delta += suffix.late_rate * delay;
        }
        if delay > suffix.late_slack {
            delta += suffix.next_late_rate * (delay - suffix.late_slack);
        }
        Some(delta)
    }

    /// When the route ends with the next element reached so much later, how long it takes, how much later than possible it
    /// starts, and how long it waits.
    #[inline]
    pub(super) fn propagate_delay(
        &self,
        route: &Route,
        suffix: &Suffix,
        delay: Duration,
        (waited, slack): (Duration, Duration),
        unloading: Duration,
    ) -> (Time, Duration, Duration, Duration) {
        let (vehicle, last) = (&self.vehicles[route.vehicle_type], route.last());
        let through = if delay >= 0 {
            (delay - suffix.waiting).max(0)
        } else if suffix.waiting == 0 {
            delay
        } else {
            0
        };
        let moved = if vehicle.speed.flat { through } else { (through as f32 * suffix.slope) as Duration } + unloading;
        let end = route.end.max(last.leave) + moved;
        let later = slack.min(waited + suffix.slack - delay);
        let waited = waited + (suffix.waiting - delay).max(0);
        let later = later.min(waited).max(0);
        // What the formula for the start misses for the route as it is, it is taken to miss for the new one, too.
        let missed = route.delay - last.slack.min(last.waited).max(0);
        let later = (later + missed).max(0);
        (end, end - route.earliest() - later, later, waited)
    }
}
