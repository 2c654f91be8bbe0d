//! A plan, and the judge.

use std::sync::Arc;

use milkrun::document::{
    CostDocument, ReportDocument, RouteDocument, RouteStopsDocument, UnservedDocument, ViolationDocument,
};
use milkrun::io::{geojson, json, solution};
use milkrun::plan::RouteStops;
use milkrun::plan::check::check_plan;
use milkrun::travel::road::StreetLines;
use pyo3::prelude::*;

use crate::document::{Scales, given, taken};
use crate::failure::guard;
use crate::network::{Networks, networks};
use crate::problem::Problem;

/// Routes for a problem, with times, loads and costs.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Plan {
    pub(crate) inner: milkrun::Plan,
    pub(crate) problem: Arc<milkrun::Problem>,
}

#[pymethods]
impl Plan {
    /// The plan of the given stops: documents of routes.
    #[staticmethod]
    fn of_stops(py: Python<'_>, problem: &Problem, routes: &Bound<'_, PyAny>) -> PyResult<Self> {
        let routes: Vec<RouteStopsDocument> = taken(routes)?;
        let routes = routes.into_iter().map(RouteStops::from).collect();
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

    /// Writes `GeoJSON`, with lines along the streets of networks.
    fn to_geojson(&self, py: Python<'_>, streets: Networks<'_>) -> PyResult<String> {
        let networks = networks(streets)?;
        guard(py, || {
            let lines = StreetLines::new(self.problem.locations(), networks);
            Ok(geojson::write_plan_along(&self.problem, &self.inner, &|profile, from, to| {
                lines.along(profile, from, to)
            }))
        })
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

    /// The cost by cause.
    fn breakdown<'py>(&self, py: Python<'py>, scales: &Scales) -> PyResult<Bound<'py, PyAny>> {
        given(py, &CostDocument::new(&self.inner.breakdown(), &scales.inner))
    }

    /// Whether no rule is violated.
    #[getter]
    fn is_feasible(&self) -> bool {
        self.inner.is_feasible()
    }

    /// Every violated rule.
    fn violations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let violations: Vec<_> =
            self.inner.violations().iter().map(|one| ViolationDocument::new(&self.problem, one)).collect();
        given(py, &violations)
    }

    /// The routes.
    fn routes<'py>(&self, py: Python<'py>, scales: &Scales) -> PyResult<Bound<'py, PyAny>> {
        given(py, &RouteDocument::of_plan(&self.problem, &self.inner, &scales.inner))
    }

    /// What is unserved.
    fn unserved<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        given(py, &UnservedDocument::from(&self.inner))
    }

    /// The plan as a table for people, in the solver's units.
    fn table(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(self.inner.table(&self.problem).to_string()))
    }

    /// Asks the judge.
    fn check<'py>(&self, py: Python<'py>, scales: &Scales) -> PyResult<Bound<'py, PyAny>> {
        let report = guard(py, || Ok(check_plan(&self.problem, &self.inner)))?;
        given(py, &ReportDocument::new(&self.problem, &report, &scales.inner))
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
