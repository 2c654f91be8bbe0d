//! Adapting a plan that is being driven, and comparing plans.

use std::sync::Arc;

use milkrun::StopReason;
use milkrun::adapt::{ChangePrices, adapt_with, diff};
use milkrun::document::{AdaptDocument, AdaptationDocument, DifferenceDocument, SearchDocument};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::{guard, raise};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// Problem, plan and followed plan, and a document of the rest.
type Adapted<'py> = (Problem, Plan, Plan, Bound<'py, PyAny>);

/// Adapts a published plan as documents say. Gives the problem as it is now, the plan for it, what becomes of the published plan
/// in it, and a document of how it ended.
#[pyfunction]
#[pyo3(signature = (problem, published, asked, search, cancel, on_progress, scales))]
#[expect(clippy::too_many_arguments, reason = "they are those of the Python method")]
pub(crate) fn adapt_plan<'py>(
    py: Python<'py>,
    problem: &Problem,
    published: &Plan,
    asked: &Bound<'py, PyAny>,
    search: &Bound<'py, PyAny>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<Adapted<'py>> {
    let (asked, search): (AdaptDocument, SearchDocument) = (taken(asked)?, taken(search)?);
    let params = asked.params(&published.inner, &search.params(&scales.inner, None));
    let report = on_progress.map(|callback| (callback, scales.inner));
    let (problem, plan) = (problem.inner.clone(), published.inner.clone());
    let (adapted, interrupted) = worker::run(py, cancel, report.as_ref(), move |token, progress| {
        adapt_with(&problem, &plan, &params, token, progress)
    })?;
    let adapted = adapted.map_err(|error| raise(py, error))?;
    let ended = given(py, &AdaptationDocument::new(&adapted, &scales.inner))?;
    if interrupted && adapted.stopped == StopReason::Cancelled {
        ended.set_item("stopped", "interrupt")?;
    }
    let now = Arc::new(adapted.problem);
    let plan = |inner| Plan { inner, problem: now.clone() };
    Ok((Problem { inner: now.clone() }, plan(adapted.plan), plan(adapted.followed), ended))
}

/// What differs between two plans of the same problem: a document.
#[pyfunction]
pub(crate) fn diff_plans<'py>(
    py: Python<'py>,
    before: &Plan,
    after: &Plan,
    tolerance: i64,
    scales: &Scales,
) -> PyResult<Bound<'py, PyAny>> {
    let difference = guard(py, || Ok(diff(&before.problem, &before.inner, &after.inner, tolerance)))?;
    given(py, &DifferenceDocument::new(&difference, &scales.inner))
}

/// Prices of changes in proportion to a plan's cost: of another vehicle, of what is dropped, and of a vehicle that is called out.
#[pyfunction]
pub(crate) fn moderate_prices(plan: &Plan) -> (i64, i64, i64) {
    let prices = ChangePrices::moderate(&plan.inner);
    (prices.other_vehicle, prices.dropped, prices.called_out)
}
