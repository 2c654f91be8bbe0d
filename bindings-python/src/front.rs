//! Fronts of two or three objectives.

use milkrun::document::{FrontDocument, ParetoDocument, SearchDocument};
use milkrun::pareto::pareto_with;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::raise;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// The plans of a front, and a document of the rest.
#[pyfunction]
#[pyo3(signature = (problem, asked, search, cancel, on_progress, scales))]
pub(crate) fn pareto_front<'py>(
    py: Python<'py>,
    problem: &Problem,
    asked: &Bound<'py, PyAny>,
    search: &Bound<'py, PyAny>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<(Vec<Plan>, Bound<'py, PyAny>)> {
    let (asked, search): (ParetoDocument, SearchDocument) = (taken(asked)?, taken(search)?);
    let params = asked.params(&search.params(&scales.inner, None));
    let inner = problem.inner.clone();
    let report = on_progress.map(|callback| (callback, scales.inner));
    let (front, _) =
        worker::run(py, cancel, report.as_ref(), move |token, progress| pareto_with(&inner, &params, token, progress))?;
    let front = front.map_err(|error| raise(py, error))?;
    let document = given(py, &FrontDocument::new(&front, &scales.inner))?;
    let plans = front.points.into_iter().map(|point| Plan { inner: point.plan, problem: problem.inner.clone() });
    Ok((plans.collect(), document))
}
