//! Solving.

use milkrun::StopReason;
use milkrun::document::{ResultDocument, SearchDocument};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// Solves a problem as a document says. Gives the plan, and a document of how the search ended.
#[pyfunction]
#[pyo3(signature = (problem, search, initial, cancel, on_progress, scales))]
pub(crate) fn solve<'py>(
    py: Python<'py>,
    problem: &Problem,
    search: &Bound<'py, PyAny>,
    initial: Option<&Plan>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<(Plan, Bound<'py, PyAny>)> {
    let search: SearchDocument = taken(search)?;
    let params = search.params(&scales.inner, initial.map(|plan| plan.inner.clone()));
    let report = on_progress.map(|callback| (callback, scales.inner));
    let inner = problem.inner.clone();
    let (result, interrupted) = worker::run(py, cancel, report.as_ref(), move |token, progress| {
        milkrun::solve_with(&inner, &params, token, progress)
    })?;
    let ended = given(py, &ResultDocument::from(&result))?;
    if interrupted && result.stopped == StopReason::Cancelled {
        ended.set_item("stopped", "interrupt")?;
    }
    Ok((Plan { inner: result.plan, problem: problem.inner.clone() }, ended))
}
