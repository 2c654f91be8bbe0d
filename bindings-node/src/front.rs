//! Fronts of two or three objectives.

use std::sync::Arc;

use milkrun::Plan;
use milkrun::document::{FrontDocument, ParetoDocument, RunsProgressDocument, Scales, SearchDocument};
use milkrun::pareto::{Front, ParetoError, pareto_with};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::solve::NativeCancelToken;

/// A front.
#[napi]
pub struct NativeFront {
    problem: Arc<milkrun::Problem>,
    plans: Vec<Plan>,
    found: FrontDocument,
}

impl NativeFront {
    fn new(problem: Arc<milkrun::Problem>, front: Front, scales: &Scales) -> Self {
        let found = FrontDocument::new(&front, scales);
        Self { problem, plans: front.points.into_iter().map(|point| point.plan).collect(), found }
    }
}

#[napi]
impl NativeFront {
    /// The plan of a point; `null` where there is no such point.
    #[napi]
    pub fn plan(&self, point: u32) -> Option<NativePlan> {
        let plan = self.plans.get(point as usize)?;
        Some(NativePlan { inner: plan.clone(), problem: self.problem.clone() })
    }

    /// The document of the front.
    #[napi]
    pub fn found(&self) -> Result<String> {
        given(&self.found)
    }
}

/// Looks for a front on a thread of its own. Progress comes as a document.
#[napi(ts_return_type = "Promise<NativeFront>")]
pub fn pareto<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    asked: String,
    search: String,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (asked, search): (ParetoDocument, SearchDocument) = (taken(&asked)?, taken(&search)?);
    let scales: Scales = scales.into();
    let params = asked.params(&search.params(&scales, None));
    let problem = problem.inner.clone();
    promise(
        env,
        cancel,
        on_progress,
        |progress| RunsProgressDocument::from(progress),
        move |token, progress| {
            let front = pareto_with(&problem, &params, token, progress)?;
            Ok::<_, ParetoError>(NativeFront::new(problem, front, &scales))
        },
    )
}
