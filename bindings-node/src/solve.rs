//! Solving, on a thread of its own: neither the event loop nor Node's pool for files waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use milkrun::document::{ProgressDocument, ResultDocument, Scales, SearchDocument};
use milkrun::{CancelToken, SolveResult};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use crate::document::{ScalesRecord, given, taken};
use crate::failure::{coded, panicked};
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
    let report = on_progress.build_threadsafe_function::<String>().build_callback(|call| Ok(call.value))?;
    let (deferred, promise) = env.create_deferred()?;
    let (problem, token) = (problem.inner.clone(), cancel.inner.clone());
    let work = move || {
        let solved = catch_unwind(AssertUnwindSafe(|| {
            milkrun::solve_with(&problem, &params, &token, &mut |progress| {
                // What is not read in time is not worth waiting for.
                if let Ok(looked) = given(&ProgressDocument::new(progress, &scales)) {
                    let _ = report.call(looked, ThreadsafeFunctionCallMode::NonBlocking);
                }
            })
        }));
        drop(report);
        match solved {
            Ok(result) => deferred.resolve(move |_| Ok(NativeResult { result, problem })),
            Err(payload) => deferred.reject(panicked(payload.as_ref())),
        }
    };
    let started = thread::Builder::new().name("milkrun".to_owned()).spawn(work);
    started.map_err(|error| coded("internal", format!("no thread could be started: {error}")))?;
    Ok(promise)
}
