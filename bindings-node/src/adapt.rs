//! Adapting a plan that is being driven, and comparing plans.

use std::sync::Arc;

use milkrun::Plan;
use milkrun::adapt::{AdaptError, Adaptation, ChangePrices, adapt_with, diff};
use milkrun::document::{
    AdaptDocument, AdaptationDocument, DifferenceDocument, ProgressDocument, Scales, SearchDocument,
};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::failure::guard;
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
#[allow(clippy::too_many_arguments, reason = "they are those of the TypeScript method")]
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
    let (problem, plan) = (problem.inner.clone(), published.inner.clone());
    promise(
        env,
        cancel,
        on_progress,
        move |progress| ProgressDocument::new(progress, &scales),
        move |token, progress| {
            let adaptation = adapt_with(&problem, &plan, &params, token, progress)?;
            Ok::<_, AdaptError>(NativeAdaptation::new(adaptation, &scales))
        },
    )
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
