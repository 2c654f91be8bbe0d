//! Why clients and shipments are unserved.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use milkrun::document::ExplanationDocument;
use milkrun::explain::{ExplainParams, explain_with};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given};
use crate::failure::{no_thread, panicked};
use crate::plan::Plan;
use crate::solve::listen;

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
    let token = milkrun::CancelToken::new();
    if cancel.inner.is_cancelled() {
        token.cancel();
    }
    let (alive, receive) = channel();
    let worker = {
        let (problem, inner, token) = (plan.problem.clone(), plan.inner.clone(), token.clone());
        let work = move || {
            // Whoever listens hears the end when this goes.
            let _alive = alive;
            catch_unwind(AssertUnwindSafe(|| explain_with(&problem, &inner, &params, &token)))
        };
        thread::Builder::new().name("milkrun".to_owned()).spawn(work)
    };
    let worker = worker.map_err(|error| no_thread(py, &error))?;
    let heard = listen(py, &Mutex::new(receive), cancel, &token, None);
    let result = py.detach(|| worker.join());
    heard?;
    match result {
        Ok(Ok(result)) => {
            let document = |explanation| ExplanationDocument::new(&plan.problem, explanation, &scales.inner);
            given(py, &result.explanations.iter().map(document).collect::<Vec<_>>())
        }
        Ok(Err(payload)) | Err(payload) => Err(panicked(py, payload.as_ref())),
    }
}
