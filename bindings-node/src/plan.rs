//! A plan, and the judge.

use std::sync::Arc;

use milkrun::io::{geojson, json, solution};
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, CostBreakdown, Route, RouteStops, Trip, TripStops, Violation, Visit};
use milkrun::{ClientId, DepotId, DisposalSiteId, ShipmentId, VehicleTypeId};
use napi::bindgen_prelude::{Result, Uint8Array};
use napi_derive::napi;

use crate::failure::{coded, guard};
use crate::problem::NativeProblem;
use crate::records::{
    CostRecord, DiscrepancyRecord, ReportRecord, RouteRecord, RouteStopsRecord, StopRecord, TripRecord,
    TripStopsRecord, ViolationRecord, VisitRecord,
};

/// Routes for a problem, with times, loads and costs.
#[napi]
pub struct NativePlan {
    pub(crate) inner: milkrun::Plan,
    pub(crate) problem: Arc<milkrun::Problem>,
}

#[napi]
impl NativePlan {
    /// The plan of the given stops.
    #[napi(factory)]
    pub fn of_stops(problem: &NativeProblem, routes: Vec<RouteStopsRecord>) -> Result<Self> {
        let routes = routes.iter().map(route_stops).collect::<Result<Vec<_>>>()?;
        let inner = guard(|| Ok(milkrun::Plan::new(&problem.inner, routes)?))?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Reads a plan from milkrun's JSON.
    #[napi(factory)]
    pub fn from_json(problem: &NativeProblem, text: String) -> Result<Self> {
        let inner = guard(|| Ok(json::read_plan(&text, &problem.inner)?))?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Reads a plan from VRPLIB's `.sol` text.
    #[napi(factory)]
    pub fn from_sol(problem: &NativeProblem, content: Uint8Array) -> Result<Self> {
        let inner = guard(|| {
            let sol = solution::read(&content[..], &problem.inner)?;
            Ok(milkrun::Plan::new(&problem.inner, sol.routes)?)
        })?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Writes milkrun's JSON.
    #[napi]
    pub fn to_json(&self) -> Result<String> {
        guard(|| Ok(json::write_plan(&self.problem, &self.inner)))
    }

    /// Writes `GeoJSON`.
    #[napi]
    pub fn to_geojson(&self) -> Result<String> {
        guard(|| Ok(geojson::write_plan(&self.problem, &self.inner)))
    }

    /// Writes VRPLIB's `.sol` text.
    #[napi]
    pub fn to_sol(&self, cost: Option<f64>) -> Result<String> {
        guard(|| Ok(solution::write(&self.problem, self.inner.route_stops(), cost)?))
    }

    /// Total cost.
    #[napi(getter)]
    pub fn cost(&self) -> i64 {
        self.inner.cost()
    }

    /// The cost by cause.
    #[napi(getter)]
    pub fn breakdown(&self) -> CostRecord {
        cost(self.inner.breakdown())
    }

    /// Whether no rule is broken.
    #[napi(getter)]
    pub fn is_feasible(&self) -> bool {
        self.inner.is_feasible()
    }

    /// Every rule that is broken.
    #[napi]
    pub fn violations(&self) -> Vec<ViolationRecord> {
        self.inner.violations().iter().map(violation).collect()
    }

    /// The routes.
    #[napi]
    pub fn routes(&self) -> Vec<RouteRecord> {
        self.inner.routes().iter().map(route).collect()
    }

    /// Clients left out.
    #[napi]
    pub fn unserved_clients(&self) -> Vec<u32> {
        self.inner.unserved().clients.iter().map(|client| client.index() as u32).collect()
    }

    /// Shipments left out.
    #[napi]
    pub fn unserved_shipments(&self) -> Vec<u32> {
        self.inner.unserved().shipments.iter().map(|shipment| shipment.index() as u32).collect()
    }

    /// The plan as a table for people, in the solver's units.
    #[napi]
    pub fn table(&self) -> Result<String> {
        guard(|| Ok(self.inner.table(&self.problem).to_string()))
    }

    /// Asks the judge.
    #[napi]
    pub fn check(&self) -> Result<ReportRecord> {
        let report = guard(|| Ok(check_plan(&self.problem, &self.inner)))?;
        let discrepancies = report.discrepancies.into_iter();
        let wrong =
            |m: milkrun::plan::check::Discrepancy| DiscrepancyRecord { path: m.path, stated: m.stated, found: m.found };
        Ok(ReportRecord {
            cost: cost(report.breakdown),
            violations: report.violations.iter().map(violation).collect(),
            discrepancies: discrepancies.map(wrong).collect(),
        })
    }

    /// Whether the plan was made for this problem or an equal one.
    #[napi]
    pub fn is_for(&self, problem: &NativeProblem) -> bool {
        Arc::ptr_eq(&self.problem, &problem.inner) || self.problem == problem.inner
    }

    /// Whether this is the same plan as another.
    #[napi]
    pub fn equals(&self, other: &NativePlan) -> bool {
        self.inner == other.inner && self.problem == other.problem
    }
}

fn route_stops(route: &RouteStopsRecord) -> Result<RouteStops> {
    let trips = route.trips.iter().map(trip_stops).collect::<Result<_>>()?;
    Ok(RouteStops { vehicle_type: VehicleTypeId::new(route.vehicle_type as usize), start: route.start, trips })
}

fn trip_stops(trip: &TripStopsRecord) -> Result<TripStops> {
    let depot = |index: Option<u32>| index.map(|index| DepotId::new(index as usize));
    let activities = trip.stops.iter().map(activity).collect::<Result<_>>()?;
    Ok(TripStops { start: depot(trip.start), activities, end: depot(trip.end) })
}

/// The activity that a record names.
pub(crate) fn activity(stop: &StopRecord) -> Result<Activity> {
    let index = stop.index as usize;
    match stop.kind.as_str() {
        "client" => Ok(Activity::Client(ClientId::new(index))),
        "pickup" => Ok(Activity::Pickup(ShipmentId::new(index))),
        "delivery" => Ok(Activity::Delivery(ShipmentId::new(index))),
        "dispose" => Ok(Activity::Dispose(DisposalSiteId::new(index))),
        "break" => Ok(Activity::Break(index)),
        "rest" => Ok(Activity::Rest(i64::from(stop.index))),
        kind => {
            let kinds = "client, pickup, delivery, dispose, break, rest";
            Err(coded(&["setting", &format!("unknown stop `{kind}`: use one of {kinds}")]))
        }
    }
}

fn cost(cost: CostBreakdown) -> CostRecord {
    let CostBreakdown { fixed, distance, duration, overtime, waiting, windows, disposal, goals, unserved } = cost;
    CostRecord { fixed, distance, duration, overtime, waiting, windows, disposal, goals, unserved }
}

fn violation(violation: &Violation) -> ViolationRecord {
    ViolationRecord {
        kind: violation.kind().to_owned(),
        route: violation.route().map(|route| route as u32),
        message: violation.to_string(),
    }
}

fn route(route: &Route) -> RouteRecord {
    RouteRecord {
        vehicle_type: route.vehicle_type.index() as u32,
        start: route.start,
        end: route.end,
        distance: route.distance,
        driving: route.driving,
        waiting: route.waiting,
        work: route.work,
        pauses: route.pauses,
        paid: route.paid,
        cost: cost(route.breakdown()),
        trips: route.trips.iter().map(trip).collect(),
    }
}

fn trip(trip: &Trip) -> TripRecord {
    TripRecord {
        start_depot: trip.start_depot.map(|depot| depot.index() as u32),
        end_depot: trip.end_depot.map(|depot| depot.index() as u32),
        start: trip.start,
        departure: trip.departure,
        arrival: trip.arrival,
        distance: trip.distance,
        load: trip.load.clone(),
        max_load: trip.max_load.clone(),
        visits: trip.visits.iter().map(visit).collect(),
    }
}

fn visit(visit: &Visit) -> VisitRecord {
    let (kind, index) = match visit.activity {
        Activity::Client(id) => ("client", id.index()),
        Activity::Pickup(id) => ("pickup", id.index()),
        Activity::Delivery(id) => ("delivery", id.index()),
        Activity::Dispose(id) => ("dispose", id.index()),
        Activity::Break(index) => ("break", index),
        Activity::Rest(duration) => ("rest", usize::try_from(duration).unwrap_or(0)),
    };
    VisitRecord {
        kind: kind.to_owned(),
        index: index as u32,
        location: visit.location.index() as u32,
        arrival: visit.arrival,
        start: visit.start,
        departure: visit.departure,
        load: visit.load.clone(),
    }
}
