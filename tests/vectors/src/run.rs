//! Running a case.

use milkrun::document::{ActivityKind, FailureDocument, StopKind};
use milkrun::io::{Format, Instance, read_problem};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{DepotId, Error, Plan, Problem, Rounding, SolveParams, Stop, StopReason, VehicleTypeId};

use crate::answer;
use crate::case::{Case, ErrorRecord, Expected, Parameters, PlanRecord, RouteRecord, TripRecord};

/// The result of a case.
///
/// # Panics
///
/// If the case itself is invalid: cases are data of the project.
pub fn outcome(case: &Case) -> Expected {
    let found = match &case.asked {
        Some(asked) => answer::answer(case, asked).map(Expected::Answer),
        None => plan(case).map(Expected::Plan).map_err(FailureDocument::from),
    };
    found.unwrap_or_else(|failure| {
        Expected::Error(ErrorRecord {
            code: failure.code.to_owned(),
            message: failure.message,
            issues: failure.issues.into_iter().map(|i| [i.path, i.value, i.message, i.remedy]).collect(),
        })
    })
}

fn plan(case: &Case) -> Result<PlanRecord, Error> {
    let problem = problem(case)?;
    if let Some(routes) = &case.plan {
        return Ok(record(&problem, &Plan::new(&problem, routes.iter().map(stops).collect())?));
    }
    let result = milkrun::solve(&problem, &search(case, &problem)?);
    let stopped = word(result.stopped);
    Ok(PlanRecord { stopped: Some(stopped), iterations: Some(result.iterations), ..record(&problem, &result.plan) })
}

/// How to search.
pub(crate) fn search(case: &Case, problem: &Problem) -> Result<SolveParams, Error> {
    let Parameters { seed, threads, max_iterations, no_improvement, target_cost, ref initial } =
        *case.parameters.as_ref().expect("a case without routes to judge has parameters");
    let initial = initial.as_ref().map(|routes| Plan::new(problem, routes.iter().map(stops).collect())).transpose()?;
    let stop = Stop { max_runtime: None, max_iterations: Some(max_iterations), no_improvement, target_cost };
    Ok(SolveParams { stop, seed, threads, initial })
}

/// The problem of a case.
pub(crate) fn problem(case: &Case) -> Result<Problem, Error> {
    let text = match (&case.problem, &case.text) {
        (Some(problem), None) => problem.to_string(),
        (None, Some(text)) => text.clone(),
        _ => panic!("a case has either a problem or a text"),
    };
    let format = case.format.as_deref().map(str::parse::<Format>).transpose()?;
    let rounding = case.rounding.as_deref().map(|name| name.parse::<Rounding>().expect("a known rounding"));
    read_problem(text.as_bytes(), None, format, rounding).map(|Instance { problem, .. }| problem)
}

pub(crate) fn stops(route: &RouteRecord) -> RouteStops {
    let trip = |trip: &TripRecord| TripStops {
        start: trip.start_depot.map(DepotId::new),
        end: trip.end_depot.map(DepotId::new),
        activities: trip.visits.iter().map(activity).collect(),
    };
    RouteStops {
        vehicle_type: VehicleTypeId::new(route.vehicle_type),
        start: route.start,
        trips: route.trips.iter().map(trip).collect(),
    }
}

fn activity((kind, index): &(String, usize)) -> Activity {
    let found = ActivityKind::ALL.into_iter().find(|known| known.name() == kind);
    found.unwrap_or_else(|| panic!("a stop is none of the kinds of activities: {kind}")).with(*index)
}

pub(crate) fn record(problem: &Problem, plan: &Plan) -> PlanRecord {
    let cost = plan.breakdown();
    let violation = |v: &milkrun::plan::Violation| (v.kind().to_owned(), v.route(), v.with_names(problem).to_string());
    let unserved = plan.unserved();
    PlanRecord {
        cost: plan.cost(),
        breakdown: [
            cost.fixed,
            cost.distance,
            cost.duration,
            cost.unserved,
            cost.overtime,
            cost.waiting,
            cost.windows,
            cost.disposal,
            cost.goals,
        ],
        violations: plan.violations().iter().map(violation).collect(),
        unserved: [
            unserved.clients.iter().map(|c| c.index()).collect(),
            unserved.shipments.iter().map(|s| s.index()).collect(),
        ],
        routes: plan.route_stops().iter().map(route).collect(),
        times: plan.routes().iter().map(|r| [r.start, r.end, r.distance]).collect(),
        stopped: None,
        iterations: None,
    }
}

fn route(route: &RouteStops) -> RouteRecord {
    let visit = |&activity: &Activity| {
        let (kind, index) = ActivityKind::of(activity);
        (kind.name().to_owned(), index)
    };
    let trip = |trip: &TripStops| TripRecord {
        start_depot: trip.start.map(DepotId::index),
        end_depot: trip.end.map(DepotId::index),
        visits: trip.activities.iter().map(visit).collect(),
    };
    RouteRecord { vehicle_type: route.vehicle_type.index(), start: None, trips: route.trips.iter().map(trip).collect() }
}

pub(crate) fn word(stopped: StopReason) -> String {
    serde_json::to_value(StopKind::from(stopped))
        .map(|word| word.as_str().unwrap_or_default().to_owned())
        .unwrap_or_default()
}
