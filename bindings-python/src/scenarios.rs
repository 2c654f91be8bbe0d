//! Planning a day that may turn out in several ways.

use milkrun::StopReason;
use milkrun::document::{ScenarioPlanDocument, ScenariosDocument, SearchDocument};
use milkrun::scenarios::plan_sampled_with;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::raise;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// Plans over scenarios as documents say. Gives the plan, the plan for what is expected, and a document of the rest.
#[pyfunction]
#[pyo3(signature = (problem, asked, search, cancel, on_progress, scales))]
pub(crate) fn plan_scenarios<'py>(
    py: Python<'py>,
    problem: &Problem,
    asked: &Bound<'py, PyAny>,
    search: &Bound<'py, PyAny>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<(Plan, Plan, Bound<'py, PyAny>)> {
    let (asked, search): (ScenariosDocument, SearchDocument) = (taken(asked)?, taken(search)?);
    let asked = asked.sampling(&problem.inner, &search.params(&scales.inner, None));
    let (sampling, params) = asked.map_err(|error| raise(py, error))?;
    let report = on_progress.map(|callback| (callback, scales.inner));
    let inner = problem.inner.clone();
    let (sampled, interrupted) = worker::run(py, cancel, report.as_ref(), move |token, progress| {
        plan_sampled_with(&inner, &sampling, &params, token, progress)
    })?;
    let sampled = sampled.map_err(|error| raise(py, error))?;
    let ended = given(py, &ScenarioPlanDocument::new(&sampled, &scales.inner))?;
    if interrupted && sampled.planned.stopped == StopReason::Cancelled {
        ended.set_item("stopped", "interrupt")?;
    }
    let plan = |inner| Plan { inner, problem: problem.inner.clone() };
    Ok((plan(sampled.planned.plan), plan(sampled.planned.plan_for_means), ended))
}
