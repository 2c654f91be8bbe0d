//! A plan, and the judge.

use std::sync::Arc;

use milkrun::document::{
    CostDocument, ReportDocument, RouteDocument, RouteStopsDocument, UnservedDocument, ViolationDocument,
};
use milkrun::io::{geojson, json, solution};
use milkrun::plan::RouteStops;
use milkrun::plan::check::check_plan;
use napi::bindgen_prelude::{Result, Uint8Array};
use napi_derive::napi;

use crate::document::{ScalesRecord, given, taken};
use crate::failure::guard;
use crate::network::NativeStreets;
use crate::problem::NativeProblem;

/// Routes for a problem, with times, loads and costs.
#[napi]
pub struct NativePlan {
    pub(crate) inner: milkrun::Plan,
    pub(crate) problem: Arc<milkrun::Problem>,
}

#[napi]
impl NativePlan {
    /// The plan of the given stops: a list of documents.
    #[napi(factory)]
    pub fn of_stops(problem: &NativeProblem, routes: String) -> Result<Self> {
        let routes: Vec<RouteStopsDocument> = taken(&routes)?;
        let routes = routes.into_iter().map(RouteStops::from).collect();
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
    pub fn to_geojson(&self, streets: &NativeStreets) -> Result<String> {
        guard(|| {
            let lines = streets.lines(self.problem.locations());
            let along = |profile, from, to| lines.as_ref()?.along(profile, from, to);
            Ok(geojson::write_plan_along(&self.problem, &self.inner, &along))
        })
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

    /// The document of the cost by cause.
    #[napi]
    pub fn breakdown(&self, scales: ScalesRecord) -> Result<String> {
        given(&CostDocument::new(&self.inner.breakdown(), &scales.into()))
    }

    /// Whether no rule is violated.
    #[napi(getter)]
    pub fn is_feasible(&self) -> bool {
        self.inner.is_feasible()
    }

    /// The documents of the violated rules.
    #[napi]
    pub fn violations(&self) -> Result<String> {
        given(&self.inner.violations().iter().map(|one| ViolationDocument::new(&self.problem, one)).collect::<Vec<_>>())
    }

    /// The documents of the routes.
    #[napi]
    pub fn routes(&self, scales: ScalesRecord) -> Result<String> {
        given(&RouteDocument::of_plan(&self.problem, &self.inner, &scales.into()))
    }

    /// The document of what is unserved.
    #[napi]
    pub fn unserved(&self) -> Result<String> {
        given(&UnservedDocument::from(&self.inner))
    }

    /// The plan as a table for people, in the solver's units.
    #[napi]
    pub fn table(&self) -> Result<String> {
        guard(|| Ok(self.inner.table(&self.problem).to_string()))
    }

    /// Asks the judge; gives the document of what it found.
    #[napi]
    pub fn check(&self, scales: ScalesRecord) -> Result<String> {
        let report = guard(|| Ok(check_plan(&self.problem, &self.inner)))?;
        given(&ReportDocument::new(&self.problem, &report, &scales.into()))
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
