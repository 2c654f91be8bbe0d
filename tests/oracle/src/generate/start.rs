//! Plans to start from.

use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{ClientId, Plan, Problem, ShipmentId, VehicleTypeId};

use crate::factor::{Choice, Factor};
use crate::source::Source;

/// The plan to start from that the choice asks for.
pub(super) fn initial(problem: &Problem, choice: &Choice, source: &mut Source) -> Option<Vec<RouteStops>> {
    match choice.of(Factor::Initial) {
        "sensible" => Some(sensible(problem)),
        "random" => Some(random(problem, source)),
        _ => None,
    }
}

fn route(problem: &Problem, t: usize, activities: Vec<Activity>) -> RouteStops {
    let vehicle_type = problem.vehicle_type(VehicleTypeId::new(t));
    let trip = TripStops { start: vehicle_type.start, activities, end: vehicle_type.end };
    RouteStops { vehicle_type: VehicleTypeId::new(t), trips: vec![trip], start: None }
}

/// What each client or shipment asks for.
fn jobs(problem: &Problem) -> Vec<Vec<Activity>> {
    let clients = (0..problem.clients().len()).map(|c| vec![Activity::Client(ClientId::new(c))]);
    let shipments = (0..problem.shipments().len()).map(ShipmentId::new);
    clients.chain(shipments.map(|s| vec![Activity::Pickup(s), Activity::Delivery(s)])).collect()
}

/// One after the other at the end of the first route that breaks nothing more with it.
fn sensible(problem: &Problem) -> Vec<RouteStops> {
    let mut routes: Vec<RouteStops> = problem
        .vehicle_types()
        .iter()
        .enumerate()
        .flat_map(|(t, vehicle_type)| {
            (0..vehicle_type.count).map(move |_| route(problem, t, vehicle_type.executed.clone()))
        })
        .collect();
    let broken =
        |routes: &[RouteStops]| Plan::new(problem, routes.to_vec()).map_or(usize::MAX, |plan| plan.violations().len());
    for job in jobs(problem) {
        let is_executed = problem.vehicle_types().iter().any(|v| v.executed.contains(&job[0]));
        let before = broken(&routes);
        for r in 0..routes.len() {
            if is_executed {
                break;
            }
            routes[r].trips[0].activities.extend(&job);
            if broken(&routes) <= before {
                break;
            }
            let kept = routes[r].trips[0].activities.len() - job.len();
            routes[r].trips[0].activities.truncate(kept);
        }
    }
    routes
}

/// Anything anywhere, some of it twice or not at all, with superfluous halts, reloads in odd places, and starts at any
/// time.
fn random(problem: &Problem, source: &mut Source) -> Vec<RouteStops> {
    let types = problem.vehicle_types().len();
    let mut routes: Vec<RouteStops> =
        (0..source.number(1, 3)).map(|_| route(problem, source.index(types), Vec::new())).collect();
    for job in jobs(problem) {
        for activity in job {
            let times = source.pick(&[0, 1, 1, 1, 1, 1, 2]);
            for _ in 0..times {
                let r = source.index(routes.len());
                let activities = &mut routes[r].trips[0].activities;
                activities.insert(source.index(activities.len() + 1), activity);
            }
        }
    }
    for route in &mut routes {
        let vehicle_type = problem.vehicle_type(route.vehicle_type);
        let activities = &mut route.trips[0].activities;
        if !vehicle_type.disposal_sites.is_empty() && source.percent(60) {
            let site = source.pick(&vehicle_type.disposal_sites);
            activities.insert(source.index(activities.len() + 1), Activity::Dispose(site));
        }
        if !vehicle_type.breaks.is_empty() && source.percent(60) {
            let pause = Activity::Break(source.index(vehicle_type.breaks.len()));
            activities.insert(source.index(activities.len() + 1), pause);
        }
        if source.percent(15) {
            activities.insert(source.index(activities.len() + 1), Activity::Rest(source.number(1, 20)));
        }
        if !vehicle_type.reload_depots.is_empty() && source.percent(50) {
            let depot = Some(source.pick(&vehicle_type.reload_depots));
            let first = &mut route.trips[0];
            let rest = first.activities.split_off(source.index(first.activities.len() + 1));
            let end = std::mem::replace(&mut first.end, depot);
            route.trips.push(TripStops { start: depot, activities: rest, end });
        }
        if source.percent(25) {
            route.start = Some(source.number(-20, 200));
        }
    }
    routes
}
