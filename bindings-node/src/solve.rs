//! Solving.

use std::sync::Arc;

use milkrun::document::{FailureDocument, ProgressDocument, ResultDocument, Scales, SearchDocument};
use milkrun::{CancelToken, SolveResult};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::plan::NativePlan;
use crate::problem::NativeProblem;

/// Asks a running search to stop.
#[napi]
#[derive(Default)]
pub struct NativeCancelToken {
    pub(crate) inner: CancelToken,
}

#[napi]
impl NativeCancelToken {
    /// A token that is not cancelled.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the search to stop. It answers within some milliseconds.
    #[napi]
    pub fn cancel(&self) {
        self.inner.cancel();
    }
}

/// The answer of a search.
#[napi]
pub struct NativeResult {
    result: SolveResult,
    problem: Arc<milkrun::Problem>,
}

#[napi]
impl NativeResult {
    /// The best plan found.
    #[napi(getter)]
    pub fn plan(&self) -> NativePlan {
        NativePlan { inner: self.result.plan.clone(), problem: self.problem.clone() }
    }

    /// The document of how the search ended.
    #[napi]
    pub fn ended(&self) -> Result<String> {
        given(&ResultDocument::from(&self.result))
    }
}

/// Solves a problem on a thread of its own, as a document says. Progress comes as a document, too.
#[napi(ts_return_type = "Promise<NativeResult>")]
pub fn solve<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    search: String,
    initial: Option<&NativePlan>,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (search, scales): (SearchDocument, Scales) = (taken(&search)?, scales.into());
    let params = search.params(&scales, initial.map(|plan| plan.inner.clone()));
    let problem = problem.inner.clone();
    promise(
        env,
        cancel,
        on_progress,
        move |progress| ProgressDocument::new(progress, &scales),
        move |token, progress| {
            let result = milkrun::solve_with(&problem, &params, token, progress);
            Ok::<_, FailureDocument>(NativeResult { result, problem })
        },
    )
}
