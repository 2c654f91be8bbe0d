//! Why clients and shipments are unserved.

use std::sync::Arc;
use std::time::Duration;

use milkrun::CancelToken;
use milkrun::document::{ExplanationDocument, Scales};
use milkrun::explain::{ExplainParams, Explanation, explain_with};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Result};
use napi_derive::napi;

use crate::document::{ScalesRecord, given};
use crate::failure::{coded, guard};
use crate::plan::NativePlan;
use crate::solve::NativeCancelToken;

/// An explanation that is worked out away from the main thread.
pub struct Explaining {
    problem: Arc<milkrun::Problem>,
    plan: milkrun::Plan,
    params: ExplainParams,
    cancel: CancelToken,
    scales: Scales,
}

impl Task for Explaining {
    type Output = Vec<Explanation>;
    type JsValue = String;

    fn compute(&mut self) -> Result<Self::Output> {
        guard(|| Ok(explain_with(&self.problem, &self.plan, &self.params, &self.cancel).explanations))
    }

    fn resolve(&mut self, _: Env, explanations: Self::Output) -> Result<Self::JsValue> {
        let document = |explanation| ExplanationDocument::new(&self.problem, explanation, &self.scales);
        given(&explanations.iter().map(document).collect::<Vec<_>>())
    }
}

/// Explains everything that a plan leaves unserved, in so many milliseconds at most; gives a list of documents.
#[napi(ts_return_type = "Promise<string>")]
pub fn explain(
    plan: &NativePlan,
    max_runtime_ms: Option<f64>,
    cancel: &NativeCancelToken,
    scales: ScalesRecord,
) -> Result<AsyncTask<Explaining>> {
    let runtime = max_runtime_ms.map(|limit| Duration::try_from_secs_f64(limit / 1e3)).transpose();
    let max_runtime = runtime.map_err(|error| coded("setting", format!("maxRuntimeMs: {error}")))?;
    Ok(AsyncTask::new(Explaining {
        problem: plan.problem.clone(),
        plan: plan.inner.clone(),
        params: ExplainParams { max_runtime },
        cancel: cancel.inner.clone(),
        scales: scales.into(),
    }))
}
