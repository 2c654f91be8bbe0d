//! Planning a period of days.

use std::sync::Arc;

use milkrun::StopReason;
use milkrun::document::{PeriodDocument, PeriodPlanDocument, SearchDocument};
use milkrun::period::plan_period_with;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::raise;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// A planned period.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct PeriodPlan {
    pub(crate) inner: milkrun::period::PeriodPlan,
    /// What one day is like.
    pub(crate) day: Arc<milkrun::Problem>,
}

#[pymethods]
impl PeriodPlan {
    /// Problem and plan of the whole period.
    fn whole(&self) -> (Problem, Plan) {
        both(&self.inner.problem, &self.inner.plan)
    }

    /// Problem and plan of each day.
    fn days(&self) -> Vec<(Problem, Plan)> {
        self.inner.days.iter().map(|day| both(&day.problem, &day.plan)).collect()
    }
}

fn both(problem: &milkrun::Problem, plan: &milkrun::Plan) -> (Problem, Plan) {
    let problem = Arc::new(problem.clone());
    (Problem { inner: problem.clone() }, Plan { inner: plan.clone(), problem })
}

/// Plans a period as documents say: the problem says what one day is like. Gives the plan, and a document of the rest.
#[pyfunction]
#[pyo3(signature = (day, asked, search, cancel, on_progress, scales))]
pub(crate) fn plan_period<'py>(
    py: Python<'py>,
    day: &Problem,
    asked: &Bound<'py, PyAny>,
    search: &Bound<'py, PyAny>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<(PeriodPlan, Bound<'py, PyAny>)> {
    let (asked, search): (PeriodDocument, SearchDocument) = (taken(asked)?, taken(search)?);
    let params = asked.params(&day.inner, &search.params(&scales.inner, None)).map_err(|error| raise(py, error))?;
    let report = on_progress.map(|callback| (callback, scales.inner));
    let problem = day.inner.clone();
    let (planned, interrupted) = worker::run(py, cancel, report.as_ref(), move |token, progress| {
        plan_period_with(&problem, &params, token, progress)
    })?;
    let period = planned.map_err(|error| raise(py, error))?;
    let ended = given(py, &PeriodPlanDocument::new(&period, &scales.inner))?;
    if interrupted && period.stopped == StopReason::Cancelled {
        ended.set_item("stopped", "interrupt")?;
    }
    Ok((PeriodPlan { inner: period, day: day.inner.clone() }, ended))
}
