//! Fronts of two or three objectives.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use milkrun::Plan;
use milkrun::document::{FrontDocument, ParetoDocument, Scales, SearchDocument};
use milkrun::pareto::{Front, pareto_with};
use napi::bindgen_prelude::{Env, Object, Result};
use napi_derive::napi;

use crate::document::{ScalesRecord, given, taken};
use crate::failure::{coded, panicked, thrown};
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

/// Looks for a front on a thread of its own.
#[napi(ts_return_type = "Promise<NativeFront>")]
pub fn pareto<'env>(
    env: &'env Env,
    problem: &NativeProblem,
    asked: String,
    search: String,
    cancel: &NativeCancelToken,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (asked, search): (ParetoDocument, SearchDocument) = (taken(&asked)?, taken(&search)?);
    let scales: Scales = scales.into();
    let params = asked.params(&search.params(&scales, None));
    let (deferred, promise) = env.create_deferred()?;
    let (problem, token) = (problem.inner.clone(), cancel.inner.clone());
    let work = move || {
        let found = catch_unwind(AssertUnwindSafe(|| pareto_with(&problem, &params, &token, &mut |_, _| {})));
        match found {
            Ok(Ok(front)) => {
                let front = NativeFront::new(problem, front, &scales);
                deferred.resolve(move |_| Ok(front));
            }
            Ok(Err(error)) => deferred.reject(thrown(error)),
            Err(payload) => deferred.reject(panicked(payload.as_ref())),
        }
    };
    let started = thread::Builder::new().name("milkrun".to_owned()).spawn(work);
    started.map_err(|error| coded("internal", format!("no thread could be started: {error}")))?;
    Ok(promise)
}
