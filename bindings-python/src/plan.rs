//! A plan, and the judge.

use std::sync::Arc;

use milkrun::io::{geojson, json, solution};
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, CostBreakdown, Route, RouteStops, Trip, TripStops, Violation, Visit};
use milkrun::{ClientId, DepotId, DisposalSiteId, ShipmentId, VehicleTypeId};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure::guard;
use crate::problem::Problem;

/// Fixed, distance, duration, unserved, overtime, waiting, windows, disposal, goals.
type Cost = (i64, i64, i64, i64, i64, i64, i64, i64, i64);
/// Kind and index, location, arrival, start, departure, load.
type VisitRow = (&'static str, usize, usize, i64, i64, i64, Vec<i64>);
/// Start and end depot; start, departure, arrival; distance; load at departure and at most; visits.
type TripRow = (Option<usize>, Option<usize>, i64, i64, i64, i64, Vec<i64>, Vec<i64>, Vec<VisitRow>);
/// Vehicle type, start, end, distance, driving, waiting, work, pauses, paid time, costs, trips.
type RouteRow = (usize, i64, i64, i64, i64, i64, i64, i64, i64, Cost, Vec<TripRow>);
/// Kind, route, message.
type ViolationRow = (&'static str, Option<usize>, String);
/// Path, stated, found.
type DiscrepancyRow = (String, String, String);
/// Start and end depot, and kind and index of every stop.
type TripStopsRow = (Option<u32>, Option<u32>, Vec<(String, u32)>);
/// Vehicle type, start where it is stated, trips.
type RouteStopsRow = (u32, Option<i64>, Vec<TripStopsRow>);

/// Routes for a problem, with times, loads and costs.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Plan {
    pub(crate) inner: milkrun::Plan,
    pub(crate) problem: Arc<milkrun::Problem>,
}

#[pymethods]
impl Plan {
    /// The plan of the given stops: vehicle type, start and trips of each route.
    #[staticmethod]
    fn of_stops(py: Python<'_>, problem: &Problem, routes: Vec<RouteStopsRow>) -> PyResult<Self> {
        let routes = routes
            .into_iter()
            .map(|(vehicle_type, start, trips)| {
                let trips = trips.into_iter().map(trip_stops).collect::<PyResult<_>>()?;
                Ok(RouteStops { vehicle_type: VehicleTypeId::new(vehicle_type as usize), start, trips })
            })
            .collect::<PyResult<Vec<_>>>()?;
        let inner = guard(py, || Ok(milkrun::Plan::new(&problem.inner, routes)?))?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Reads a plan from milkrun's JSON.
    #[staticmethod]
    fn from_json(py: Python<'_>, problem: &Problem, text: &str) -> PyResult<Self> {
        let inner = guard(py, || Ok(json::read_plan(text, &problem.inner)?))?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Reads a plan from VRPLIB's `.sol` text.
    #[staticmethod]
    fn from_sol(py: Python<'_>, problem: &Problem, content: &[u8]) -> PyResult<Self> {
        let inner = guard(py, || {
            let sol = solution::read(content, &problem.inner)?;
            Ok(milkrun::Plan::new(&problem.inner, sol.routes)?)
        })?;
        Ok(Self { inner, problem: problem.inner.clone() })
    }

    /// Writes milkrun's JSON.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(json::write_plan(&self.problem, &self.inner)))
    }

    /// Writes `GeoJSON`.
    fn to_geojson(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(geojson::write_plan(&self.problem, &self.inner)))
    }

    /// Writes VRPLIB's `.sol` text.
    #[pyo3(signature = (cost))]
    fn to_sol(&self, py: Python<'_>, cost: Option<f64>) -> PyResult<String> {
        guard(py, || Ok(solution::write(&self.problem, self.inner.route_stops(), cost)?))
    }

    /// Total cost.
    #[getter]
    fn cost(&self) -> i64 {
        self.inner.cost()
    }

    /// Fixed cost, cost of distance, of duration, of what is unserved, of overtime, of waiting, of soft windows, of
    /// disposal, and of goals.
    #[getter]
    fn breakdown(&self) -> Cost {
        breakdown(self.inner.breakdown())
    }

    /// Whether no rule is broken.
    #[getter]
    fn is_feasible(&self) -> bool {
        self.inner.is_feasible()
    }

    /// Kind, route and message of every rule that is broken.
    fn violations(&self) -> Vec<ViolationRow> {
        self.inner.violations().iter().map(violation).collect()
    }

    /// The routes.
    fn routes(&self) -> Vec<RouteRow> {
        self.inner.routes().iter().map(route).collect()
    }

    /// Clients and shipments left out.
    fn unserved(&self) -> (Vec<usize>, Vec<usize>) {
        let unserved = self.inner.unserved();
        let clients = unserved.clients.iter().map(|client| client.index()).collect();
        (clients, unserved.shipments.iter().map(|shipment| shipment.index()).collect())
    }

    /// The plan as a table for people, in the solver's units.
    fn table(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(self.inner.table(&self.problem).to_string()))
    }

    /// Asks the judge: cost, violations, and numbers of the plan that are wrong.
    fn check(&self, py: Python<'_>) -> PyResult<(Cost, Vec<ViolationRow>, Vec<DiscrepancyRow>)> {
        let report = guard(py, || Ok(check_plan(&self.problem, &self.inner)))?;
        let discrepancies = report.discrepancies.into_iter().map(|m| (m.path, m.stated, m.found)).collect();
        Ok((breakdown(report.breakdown), report.violations.iter().map(violation).collect(), discrepancies))
    }

    /// Whether the plan was made for this very problem or an equal one.
    fn is_for(&self, problem: &Problem) -> bool {
        Arc::ptr_eq(&self.problem, &problem.inner) || self.problem == problem.inner
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.inner == other.inner && self.problem == other.problem
    }

    // Equal plans cost the same.
    fn __hash__(&self) -> i64 {
        self.inner.cost()
    }
}

fn trip_stops((start, end, stops): TripStopsRow) -> PyResult<TripStops> {
    let activities = stops.into_iter().map(|(kind, index)| activity_of(&kind, index)).collect::<PyResult<_>>()?;
    Ok(TripStops { start: start.map(depot), activities, end: end.map(depot) })
}

fn depot(index: u32) -> DepotId {
    DepotId::new(index as usize)
}

/// The activity of a kind and number.
pub(crate) fn activity_of(kind: &str, index: u32) -> PyResult<Activity> {
    let index = index as usize;
    match kind {
        "client" => Ok(Activity::Client(ClientId::new(index))),
        "pickup" => Ok(Activity::Pickup(ShipmentId::new(index))),
        "delivery" => Ok(Activity::Delivery(ShipmentId::new(index))),
        "dispose" => Ok(Activity::Dispose(DisposalSiteId::new(index))),
        "break" => Ok(Activity::Break(index)),
        "rest" => Ok(Activity::Rest(index as i64)),
        _ => {
            let kinds = "client, pickup, delivery, dispose, break, rest";
            Err(PyValueError::new_err(format!("unknown stop `{kind}`: use one of {kinds}")))
        }
    }
}

fn breakdown(cost: CostBreakdown) -> Cost {
    let CostBreakdown { fixed, distance, duration, overtime, waiting, windows, disposal, goals, unserved } = cost;
    (fixed, distance, duration, unserved, overtime, waiting, windows, disposal, goals)
}

fn violation(violation: &Violation) -> ViolationRow {
    (violation.kind(), violation.route(), violation.to_string())
}

fn route(route: &Route) -> RouteRow {
    let costs = breakdown(route.breakdown());
    let trips = route.trips.iter().map(trip).collect();
    let vehicle_type = route.vehicle_type.index();
    let milkrun::plan::Route { start, end, distance, driving, waiting, work, pauses, paid, .. } = *route;
    (vehicle_type, start, end, distance, driving, waiting, work, pauses, paid, costs, trips)
}

fn trip(trip: &Trip) -> TripRow {
    (
        trip.start_depot.map(DepotId::index),
        trip.end_depot.map(DepotId::index),
        trip.start,
        trip.departure,
        trip.arrival,
        trip.distance,
        trip.load.clone(),
        trip.max_load.clone(),
        trip.visits.iter().map(visit).collect(),
    )
}

fn visit(visit: &Visit) -> VisitRow {
    let (kind, index) = match visit.activity {
        Activity::Client(id) => ("client", id.index()),
        Activity::Pickup(id) => ("pickup", id.index()),
        Activity::Delivery(id) => ("delivery", id.index()),
        Activity::Dispose(id) => ("dispose", id.index()),
        Activity::Break(index) => ("break", index),
        Activity::Rest(duration) => ("rest", usize::try_from(duration).unwrap_or(0)),
    };
    (kind, index, visit.location.index(), visit.arrival, visit.start, visit.departure, visit.load.clone())
}
