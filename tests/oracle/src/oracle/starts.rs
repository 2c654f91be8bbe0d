//! When a route may start.
//!
//! By itself a route ends as early as it can, and starts as late as that allows. Another start may be better: a later one that
//! meets a soft window or faster hours, or after which no break is due, an earlier one that makes a route as long as the others.
//! Times are whole numbers, so that all starts can be tried.

use milkrun::plan::Route;
use milkrun::{Measure, Problem, TimeWindow, VehicleType, ZoneRule};

/// The starts that may matter to the routes of a vehicle type.
pub(super) struct Starts {
    /// Whether a route may cost less with a start later than its own.
    pub(super) later: bool,
    /// Whether it may pay that a route starts earlier, and lasts longer, than it must.
    pub(super) earlier: bool,
    /// From then on, nothing depends on the time of the day but what comes too late.
    last: i64,
    /// Where nothing but breaks depends on the start: the first times at which they are no longer due.
    behind_breaks: Option<Vec<i64>>,
    /// What a unit of time costs at least, where no route can be driven in less time than it works and pauses.
    rate: i64,
}

impl Starts {
    pub(super) fn new(problem: &Problem, vehicle_type: &VehicleType) -> Self {
        let curve = problem.speed(vehicle_type.profile);
        let soft = problem.clients().iter().any(|client| client.soft_window.is_some());
        let later = soft || curve.is_some() || !vehicle_type.breaks.is_empty();
        let earlier = problem.goals().iter().any(|goal| goal.measure == Measure::DurationSpread);
        let mut events = vec![vehicle_type.shift.early];
        let windows = |windows: &[TimeWindow]| windows.iter().map(|window| window.early).collect::<Vec<_>>();
        for client in problem.clients() {
            events.extend([client.time_window.early, client.release]);
            events.extend(windows(&client.more_windows));
            events.extend(client.soft_window.map(|soft| soft.early));
        }
        for shipment in problem.shipments() {
            events.extend(windows(&[shipment.pickup.time_window, shipment.delivery.time_window]));
        }
        events.extend(problem.depots().iter().map(|depot| depot.time_window.early));
        events.extend(problem.disposal_sites().iter().flat_map(|site| windows(&site.hours)));
        // Zones that open again.
        events.extend(vehicle_type.zones.iter().flat_map(|rule| match rule {
            ZoneRule::ClosedDuring(_, during) => during.iter().map(|hours| hours.late).collect(),
            _ => Vec::new(),
        }));
        // A break is no longer due for who starts behind it.
        let behind: Vec<i64> = vehicle_type.breaks.iter().map(|pause| pause.start.late + 1).collect();
        events.extend(&behind);
        events.extend(curve.into_iter().flat_map(|curve| curve.steps.iter().map(|step| step.from)));
        let last = events.into_iter().filter(|&time| time < TimeWindow::UNBOUNDED_LATE).max().unwrap_or(0);
        let rate = if curve.is_some() { 0 } else { vehicle_type.cost_per_duration };
        let only_breaks = !soft && curve.is_none() && vehicle_type.driver_rules.is_empty() && !earlier;
        Self { later, earlier, last, behind_breaks: only_breaks.then_some(behind), rate }
    }

    /// The starts to try besides a route's own.
    pub(super) fn beside(&self, earliest: i64, own: i64) -> Vec<i64> {
        if let Some(behind) = &self.behind_breaks {
            return behind.iter().copied().filter(|&start| start > own).collect();
        }
        let first = if self.earlier { earliest } else { own + 1 };
        let last = if self.later { self.last } else { own - 1 };
        (first..=last).filter(|&start| start != own).collect()
    }

    /// What the route costs at least, whenever it starts.
    pub(super) fn least(&self, route: &Route) -> i64 {
        let paid = route.paid - route.waiting;
        route.fixed_cost + route.distance_cost + route.disposal_cost + self.rate * paid.max(0)
    }
}
