//! Adapting a plan that is being driven, and comparing plans.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use milkrun::Plan;
use milkrun::adapt::{Adaptation, ChangePrices, adapt_with, diff};
use milkrun::document::{
    AdaptDocument, AdaptationDocument, DifferenceDocument, ProgressDocument, Scales, SearchDocument,
};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use crate::document::{ScalesRecord, given, taken};
use crate::failure::{coded, guard, panicked, thrown};
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::solve::NativeCancelToken;

/// An adapted plan.
#[napi]
pub struct NativeAdaptation {
    problem: Arc<milkrun::Problem>,
    plan: Plan,
    followed: Plan,
    ended: AdaptationDocument,
}

impl NativeAdaptation {
    fn new(adaptation: Adaptation, scales: &Scales) -> Self {
        let ended = AdaptationDocument::new(&adaptation, scales);
        let Adaptation { problem, plan, followed, .. } = adaptation;
        Self { problem: Arc::new(problem), plan, followed, ended }
    }
}

#[napi]
impl NativeAdaptation {
    /// The problem as it is now.
    #[napi(getter)]
    pub fn problem(&self) -> NativeProblem {
        NativeProblem { inner: self.problem.clone() }
    }

    /// The adapted plan.
    #[napi(getter)]
    pub fn plan(&self) -> NativePlan {
        NativePlan { inner: self.plan.clone(), problem: self.problem.clone() }
    }

    /// What becomes of the published plan.
    #[napi(getter)]
    pub fn followed(&self) -> NativePlan {
        NativePlan { inner: self.followed.clone(), problem: self.problem.clone() }
    }

    /// The document of the rest.
    #[napi]
    pub fn ended(&self) -> Result<String> {
        given(&self.ended)
    }
}

/// Adapts a published plan on a thread of its own, as documents say. Progress comes as a document, too.
#[napi(ts_return_type = "Promise<NativeAdaptation>")]
#[expect(clippy::too_many_arguments, reason = "they are those of the TypeScript method")]
pub fn adapt<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    published: &NativePlan,
    asked: String,
    search: String,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (asked, search): (AdaptDocument, SearchDocument) = (taken(&asked)?, taken(&search)?);
    let scales: Scales = scales.into();
    let params = asked.params(&published.inner, &search.params(&scales, None));
    let report = on_progress.build_threadsafe_function::<String>().build_callback(|call| Ok(call.value))?;
    let (deferred, promise) = env.create_deferred()?;
    let (problem, plan, token) = (problem.inner.clone(), published.inner.clone(), cancel.inner.clone());
    let work = move || {
        let adapted = catch_unwind(AssertUnwindSafe(|| {
            adapt_with(&problem, &plan, &params, &token, &mut |progress| {
                // What is not read in time is not worth waiting for.
                if let Ok(looked) = given(&ProgressDocument::new(progress, &scales)) {
                    let _ = report.call(looked, ThreadsafeFunctionCallMode::NonBlocking);
                }
            })
        }));
        drop(report);
        match adapted {
            Ok(Ok(adaptation)) => {
                let adaptation = NativeAdaptation::new(adaptation, &scales);
                deferred.resolve(move |_| Ok(adaptation));
            }
            Ok(Err(error)) => deferred.reject(thrown(error)),
            Err(payload) => deferred.reject(panicked(payload.as_ref())),
        }
    };
    let started = thread::Builder::new().name("milkrun".to_owned()).spawn(work);
    started.map_err(|error| coded("internal", format!("no thread could be started: {error}")))?;
    Ok(promise)
}

/// What differs between two plans of the same problem: a document.
#[napi]
pub fn diff_plans(before: &NativePlan, after: &NativePlan, tolerance: i64, scales: ScalesRecord) -> Result<String> {
    let difference = guard(|| Ok(diff(&before.problem, &before.inner, &after.inner, tolerance)))?;
    given(&DifferenceDocument::new(&difference, &scales.into()))
}

/// Prices of changes in proportion to a plan's cost: of another vehicle, of what is dropped, and of a vehicle that is called out.
#[napi]
pub fn moderate_prices(plan: &NativePlan) -> Vec<i64> {
    let prices = ChangePrices::moderate(&plan.inner);
    vec![prices.other_vehicle, prices.dropped, prices.called_out]
}
