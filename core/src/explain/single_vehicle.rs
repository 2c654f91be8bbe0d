//! The rules that a vehicle violates when it serves a single job by the best of a few simple routes. This is a hint,
//! not a proof: another route may be feasible.

use super::Job;
use crate::ids::VehicleTypeId;
use crate::model::Problem;
use crate::plan::{Activity, Plan, RouteStops, TripStops, Violation};

/// The rules that the best simple route for the job alone violates.
pub(super) fn violated(problem: &Problem, vehicle_type: VehicleTypeId, job: Job) -> Vec<Violation> {
    let v = problem.vehicle_type(vehicle_type);
    let stops = match job {
        Job::Client(id) => vec![Activity::Client(id)],
        Job::Shipment(id) => vec![Activity::Pickup(id), Activity::Delivery(id)],
    };
    let mut ends: Vec<Vec<Activity>> = vec![Vec::new()];
    ends.extend(v.disposal_sites.iter().map(|&site| vec![Activity::Dispose(site)]));
    let pauses: Vec<Activity> = (0..v.breaks.len()).map(Activity::Break).collect();
    let mut best: Option<Vec<Violation>> = None;
    for end in ends {
        // All breaks before the stop, all after it, or none.
        let orders = [
            [stops.clone(), end.clone()].concat(),
            [pauses.clone(), stops.clone(), end.clone()].concat(),
            [stops.clone(), pauses.clone(), end.clone()].concat(),
        ];
        for activities in orders {
            let trip = TripStops { start: v.start, activities, end: v.end };
            let plan = Plan::of_known(problem, vec![RouteStops { vehicle_type, start: None, trips: vec![trip] }]);
            let own: Vec<Violation> = plan.violations().iter().filter(|v| v.route().is_some()).cloned().collect();
            if best.as_ref().is_none_or(|best| own.len() < best.len()) {
                best = Some(own);
            }
        }
    }
    let mut found = best.unwrap_or_default();
    // If a location is unreachable, times and distances are meaningless.
    if found.iter().any(|violation| matches!(violation, Violation::Unreachable { .. })) {
        found.retain(|violation| matches!(violation, Violation::Unreachable { .. }));
    }
    found
}
