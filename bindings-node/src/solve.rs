//! Solving, on a thread of its own: neither the event loop nor Node's pool for files waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use milkrun::{CancelToken, Progress, SolveParams, SolveResult, Stop, StopReason};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use crate::failure::{coded, panicked};
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::records::{ProgressRecord, SettingsRecord};

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

    /// Why the search ended.
    #[napi(getter)]
    pub fn stopped(&self) -> &'static str {
        match self.result.stopped {
            StopReason::MaxRuntime => "max_runtime",
            StopReason::MaxIterations => "max_iterations",
            StopReason::NoImprovement => "no_improvement",
            StopReason::TargetCost => "target_cost",
            StopReason::Cancelled => "cancelled",
            StopReason::Trivial => "trivial",
        }
    }

    /// How many iterations it did.
    #[napi(getter)]
    pub fn iterations(&self) -> i64 {
        self.result.iterations as i64
    }

    /// How long it took, in milliseconds.
    #[napi(getter)]
    pub fn runtime_ms(&self) -> f64 {
        self.result.runtime.as_secs_f64() * 1e3
    }
}

/// Solves a problem on a thread of its own.
#[napi(ts_return_type = "Promise<NativeResult>")]
pub fn solve<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    settings: SettingsRecord,
    initial: Option<&NativePlan>,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, ProgressRecord, ()>,
) -> Result<Object<'env>> {
    let params = SolveParams {
        stop: stop(&settings)?,
        seed: u64::from(settings.seed_high) << 32 | u64::from(settings.seed_low),
        threads: settings.threads as usize,
        initial: initial.map(|plan| plan.inner.clone()),
    };
    let report = on_progress.build_threadsafe_function::<ProgressRecord>().build_callback(|call| Ok(call.value))?;
    let (deferred, promise) = env.create_deferred()?;
    let (problem, token) = (problem.inner.clone(), cancel.inner.clone());
    let work = move || {
        let solved = catch_unwind(AssertUnwindSafe(|| {
            milkrun::solve_with(&problem, &params, &token, &mut |progress| {
                // What is not read in time is not worth waiting for.
                let _ = report.call(record(progress), ThreadsafeFunctionCallMode::NonBlocking);
            })
        }));
        drop(report);
        match solved {
            Ok(result) => deferred.resolve(move |_| Ok(NativeResult { result, problem })),
            Err(payload) => deferred.reject(panicked(payload.as_ref())),
        }
    };
    let started = thread::Builder::new().name("milkrun".to_owned()).spawn(work);
    started.map_err(|error| coded(&["internal".to_owned(), format!("no thread could be started: {error}")]))?;
    Ok(promise)
}

fn stop(settings: &SettingsRecord) -> Result<Stop> {
    let runtime = settings.max_runtime_ms.map(|limit| Duration::try_from_secs_f64(limit / 1e3)).transpose();
    let max_runtime = runtime.map_err(|error| coded(&["setting".to_owned(), format!("maxRuntimeMs: {error}")]))?;
    let whole = |limit: Option<i64>| limit.map(|limit| u64::try_from(limit).unwrap_or(0));
    Ok(Stop {
        max_runtime,
        max_iterations: whole(settings.max_iterations),
        no_improvement: whole(settings.no_improvement),
        target_cost: settings.target_cost,
    })
}

fn record(progress: &Progress) -> ProgressRecord {
    ProgressRecord {
        elapsed_ms: progress.elapsed.as_secs_f64() * 1e3,
        iterations: progress.iterations as i64,
        best_cost: progress.best_cost,
        routes: progress.routes as u32,
        unserved: progress.unserved as u32,
    }
}
