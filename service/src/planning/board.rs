//! A plan as a dispatcher sees it: map and timeline, drawn by the crate of reports; routes with their stops; what is unserved and why.

use std::time::Duration;

use milkrun::explain::{ExplainParams, Job, explain_with};
use milkrun::plan::{Activity, Route, Visit};
use milkrun::{CancelToken, ClientId, Plan, Problem, VehicleTypeId};
use milkrun_report::{Report, ReportOptions};
use serde::Serialize;
use utoipa::ToSchema;

use super::plans::{load_of, named};
use super::ready::Ready;
use crate::operations::Outcome;

/// For how long reasons are looked for.
const REASONS: Duration = Duration::from_secs(3);

/// A plan, laid out.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Board {
    /// The stored plan that it shows, or from which the moves start.
    pub(crate) plan_id: String,
    /// The name of the plan.
    pub(crate) name: String,
    /// Map and timeline, as HTML that goes with `/drawing.css` and `/drawing.js`.
    pub(crate) drawing: String,
    /// What the plan costs and does.
    pub(crate) figures: BoardFigures,
    /// The rules that it violates, in words.
    pub(crate) violations: Vec<String>,
    /// Its routes.
    pub(crate) routes: Vec<BoardRoute>,
    /// The vehicles.
    pub(crate) vehicles: Vec<BoardVehicle>,
    /// What is unserved.
    pub(crate) unserved: Vec<BoardUnserved>,
}

impl Outcome for Board {}

/// What a plan costs and does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardFigures {
    /// What it costs, without what is forgone for what is unserved.
    pub(crate) cost: i64,
    /// What is forgone for what is unserved.
    pub(crate) forgone: i64,
    /// Metres.
    pub(crate) distance: i64,
    /// Seconds of all routes.
    pub(crate) duration: i64,
    /// Seconds of waiting.
    pub(crate) waiting: i64,
    /// Services.
    pub(crate) served: i64,
    /// Clients and shipments that are not served.
    pub(crate) unserved: i64,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardRoute {
    /// The index of the vehicle's type.
    pub(crate) vehicle_type: usize,
    /// The vehicle.
    pub(crate) code: String,
    /// What it is called.
    pub(crate) name: String,
    /// When it leaves, seconds of the day.
    pub(crate) start: i64,
    /// When it is back.
    pub(crate) end: i64,
    /// Metres.
    pub(crate) distance: i64,
    /// Seconds of waiting.
    pub(crate) waiting: i64,
    /// What it costs.
    pub(crate) cost: i64,
    /// Its stops, in order.
    pub(crate) stops: Vec<BoardStop>,
}

/// A stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardStop {
    /// `client`, `pickup`, `delivery`, `dispose`, `break` or `rest`.
    pub(crate) activity: &'static str,
    /// The index of the client, shipment, site or break.
    pub(crate) index: usize,
    /// The bin, shipment or site.
    pub(crate) code: String,
    /// What it is called.
    pub(crate) name: String,
    /// On which trip, counted from 1.
    pub(crate) trip: usize,
    /// When the vehicle is there, seconds of the day.
    pub(crate) arrival: i64,
    /// When the service begins.
    pub(crate) start: i64,
    /// When the vehicle leaves.
    pub(crate) departure: i64,
    /// What is collected or delivered: kilograms, of the stored fleet.
    pub(crate) load: i64,
}

/// Vehicles of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardVehicle {
    /// The index of the type.
    pub(crate) vehicle_type: usize,
    /// The vehicle.
    pub(crate) code: String,
    /// What it is called.
    pub(crate) name: String,
    /// How many of the type stand in the depot.
    pub(crate) free: usize,
}

/// What is unserved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BoardUnserved {
    /// `client` or `shipment`.
    pub(crate) activity: &'static str,
    /// Its index.
    pub(crate) index: usize,
    /// The bin or shipment.
    pub(crate) code: String,
    /// What it is called.
    pub(crate) name: String,
    /// Why, and what would change that; empty unless it was asked for.
    pub(crate) reasons: Vec<String>,
}

impl Board {
    /// Lays out a plan for the problem of a ready one. Reasons are looked for where that is asked for.
    pub(super) fn new(ready: &Ready, plan: &Plan, with_reasons: bool) -> Result<Self, String> {
        let (problem, shown) = (&ready.problem, &ready.named);
        let options = ReportOptions { loads: vec!["kg".to_owned()], ..ReportOptions::default() };
        let along = ready.along();
        let report = Report::new(shown, plan, &options).map_err(|error| error.to_string())?;
        let report = if ready.is_on_streets() { report.along(&along) } else { report };
        let names = plan.truck_names(shown);
        let routes = plan.routes().iter().zip(names).map(|(route, name)| board_route(problem, shown, route, name));
        let used = |index: usize| plan.routes().iter().filter(|route| route.vehicle_type.index() == index).count();
        let vehicles = problem.vehicle_types().iter().zip(shown.vehicle_types()).enumerate();
        Ok(Self {
            plan_id: ready.id.clone(),
            name: ready.stored.name.clone(),
            drawing: report.drawing(),
            figures: figures(plan),
            violations: words(shown, plan),
            routes: routes.collect(),
            vehicles: vehicles
                .map(|(index, (own, named))| BoardVehicle {
                    vehicle_type: index,
                    code: own.name.clone(),
                    name: named.name.clone(),
                    free: own.count.saturating_sub(used(index)),
                })
                .collect(),
            unserved: unserved(problem, shown, plan, with_reasons),
        })
    }
}

/// The rules that a plan violates, as dispatchers read them.
fn words(shown: &Problem, plan: &Plan) -> Vec<String> {
    plan.violations().iter().map(|violation| violation.in_words(shown, shown.clock()).to_string()).collect()
}

fn figures(plan: &Plan) -> BoardFigures {
    let sum = |of: fn(&Route) -> i64| plan.routes().iter().map(of).fold(0, i64::saturating_add);
    let visits = plan.routes().iter().flat_map(Route::visits);
    let forgone = plan.breakdown().unserved;
    BoardFigures {
        cost: plan.cost().saturating_sub(forgone),
        forgone,
        distance: sum(|route| route.distance),
        duration: sum(Route::duration),
        waiting: sum(|route| route.waiting),
        served: visits.filter(|visit| visit.activity.is_service()).count() as i64,
        unserved: plan.unserved().len() as i64,
    }
}

fn board_route(problem: &Problem, shown: &Problem, route: &Route, name: String) -> BoardRoute {
    let vehicle_type = route.vehicle_type;
    let trips = route.trips.iter().enumerate();
    let stops = trips.flat_map(|(t, trip)| trip.visits.iter().map(move |visit| (t + 1, visit)));
    BoardRoute {
        vehicle_type: vehicle_type.index(),
        code: problem.vehicle_type(vehicle_type).name.clone(),
        name,
        start: route.start,
        end: route.end,
        distance: route.distance,
        waiting: route.waiting,
        cost: route.cost(),
        stops: stops.map(|(trip, visit)| board_stop(problem, shown, vehicle_type, trip, visit)).collect(),
    }
}

fn board_stop(problem: &Problem, shown: &Problem, of: VehicleTypeId, trip: usize, visit: &Visit) -> BoardStop {
    let (activity, code) = named(problem, of, visit.activity);
    let index = match visit.activity {
        Activity::Client(id) => id.index(),
        Activity::Pickup(id) | Activity::Delivery(id) => id.index(),
        Activity::Dispose(id) => id.index(),
        Activity::Break(index) => index,
        _ => 0,
    };
    BoardStop {
        activity,
        index,
        code: code.to_owned(),
        name: named(shown, of, visit.activity).1.to_owned(),
        trip,
        arrival: visit.arrival,
        start: visit.start,
        departure: visit.departure,
        load: load_of(problem, visit.activity),
    }
}

fn unserved(problem: &Problem, shown: &Problem, plan: &Plan, with_reasons: bool) -> Vec<BoardUnserved> {
    let missing = plan.unserved();
    let explanations = if with_reasons && !missing.is_empty() {
        let params = ExplainParams { max_runtime: Some(REASONS) };
        explain_with(shown, plan, &params, &CancelToken::new()).explanations
    } else {
        Vec::new()
    };
    let reasons = |job: Job| {
        let own = explanations.iter().find(|explanation| explanation.job == job);
        own.map_or_else(Vec::new, |own| {
            let text = own.in_words(shown, shown.clock()).to_string();
            text.lines().skip(1).map(|line| line.trim().to_owned()).collect()
        })
    };
    let client = |id: &ClientId| BoardUnserved {
        activity: "client",
        index: id.index(),
        code: problem.client(*id).name.clone(),
        name: shown.client(*id).name.clone(),
        reasons: reasons(Job::Client(*id)),
    };
    let shipment = |id: &milkrun::ShipmentId| BoardUnserved {
        activity: "shipment",
        index: id.index(),
        code: problem.shipment(*id).name.clone(),
        name: shown.shipment(*id).name.clone(),
        reasons: reasons(Job::Shipment(*id)),
    };
    missing.clients.iter().map(client).chain(missing.shipments.iter().map(shipment)).collect()
}
