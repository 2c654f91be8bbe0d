//! Why clients and shipments are unserved.

use std::time::Duration;

use milkrun::document::ExplanationDocument;
use milkrun::explain::{ExplainParams, explain_with};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given};
use crate::plan::Plan;
use crate::worker;

/// Explains everything that a plan leaves unserved, on a thread of its own, while the calling thread looks at signals. Ctrl-C
/// ends it early, as the time limit does.
#[pyfunction]
pub(crate) fn explain_plan<'py>(
    py: Python<'py>,
    plan: &Plan,
    max_runtime: Option<f64>,
    cancel: &CancelToken,
    scales: &Scales,
) -> PyResult<Bound<'py, PyAny>> {
    let max_runtime = max_runtime.map(Duration::try_from_secs_f64).transpose();
    let max_runtime = max_runtime.map_err(|error| PyValueError::new_err(format!("max_runtime: {error}")))?;
    let params = ExplainParams { max_runtime };
    let (problem, inner) = (plan.problem.clone(), plan.inner.clone());
    let (result, _) = worker::run_untold(py, cancel, move |token| explain_with(&problem, &inner, &params, token))?;
    let document = |explanation| ExplanationDocument::new(&plan.problem, explanation, &scales.inner);
    given(py, &result.explanations.iter().map(document).collect::<Vec<_>>())
}
