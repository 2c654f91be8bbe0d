//! Planning a day that may turn out in several ways.

use std::sync::Arc;

use milkrun::document::{ProgressDocument, Scales, ScenarioPlanDocument, ScenariosDocument, SearchDocument};
use milkrun::scenarios::{ScenarioError, plan_sampled_with};
use milkrun::{Plan, Problem};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::failure::thrown;
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::solve::NativeCancelToken;

/// A plan over scenarios.
#[napi]
pub struct NativeScenarioPlan {
    problem: Arc<Problem>,
    plan: Plan,
    plan_for_means: Plan,
    ended: ScenarioPlanDocument,
}

#[napi]
impl NativeScenarioPlan {
    /// The plan.
    #[napi(getter)]
    pub fn plan(&self) -> NativePlan {
        NativePlan { inner: self.plan.clone(), problem: self.problem.clone() }
    }

    /// The plan for what is expected.
    #[napi(getter)]
    pub fn plan_for_means(&self) -> NativePlan {
        NativePlan { inner: self.plan_for_means.clone(), problem: self.problem.clone() }
    }

    /// The document of the rest.
    #[napi]
    pub fn ended(&self) -> Result<String> {
        given(&self.ended)
    }
}

/// Plans over scenarios on a thread of its own, as documents say. Progress comes as a document, too.
#[napi(ts_return_type = "Promise<NativeScenarioPlan>")]
pub fn plan_scenarios<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    asked: String,
    search: String,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (asked, search): (ScenariosDocument, SearchDocument) = (taken(&asked)?, taken(&search)?);
    let scales: Scales = scales.into();
    let (sampling, params) = asked.sampling(&problem.inner, &search.params(&scales, None)).map_err(thrown)?;
    let problem = problem.inner.clone();
    promise(
        env,
        cancel,
        on_progress,
        move |progress| ProgressDocument::new(progress, &scales),
        move |token, progress| {
            let sampled = plan_sampled_with(&problem, &sampling, &params, token, progress)?;
            let ended = ScenarioPlanDocument::new(&sampled, &scales);
            let (plan, plan_for_means) = (sampled.planned.plan, sampled.planned.plan_for_means);
            Ok::<_, ScenarioError>(NativeScenarioPlan { problem, plan, plan_for_means, ended })
        },
    )
}
