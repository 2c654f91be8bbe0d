//! Planning a period of days.

use std::sync::Arc;

use milkrun::document::{PeriodDocument, PeriodPlanDocument, ProgressDocument, Scales, SearchDocument};
use milkrun::period::{PeriodError, PeriodPlan, plan_period_with};
use milkrun::{Plan, Problem};
use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::failure::thrown;
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::solve::NativeCancelToken;

/// A planned period.
#[napi]
pub struct NativePeriodPlan {
    pub(crate) inner: PeriodPlan,
    /// What one day is like.
    pub(crate) day: Arc<Problem>,
    /// Those of the whole period, then those of each day.
    problems: Vec<Arc<Problem>>,
    ended: PeriodPlanDocument,
}

impl NativePeriodPlan {
    fn new(inner: PeriodPlan, day: Arc<Problem>, scales: &Scales) -> Self {
        let ended = PeriodPlanDocument::new(&inner, scales);
        let days = inner.days.iter().map(|day| &day.problem);
        let problems = std::iter::once(&inner.problem).chain(days).cloned().map(Arc::new).collect();
        Self { inner, day, problems, ended }
    }
}

#[napi]
impl NativePeriodPlan {
    /// The problems: of the whole period, then of each day.
    #[napi]
    pub fn problems(&self) -> Vec<NativeProblem> {
        self.problems.iter().map(|problem| NativeProblem { inner: problem.clone() }).collect()
    }

    /// The plans: of the whole period, then of each day.
    #[napi]
    pub fn plans(&self) -> Vec<NativePlan> {
        let plans = std::iter::once(&self.inner.plan).chain(self.inner.days.iter().map(|day| &day.plan));
        let of = |(plan, problem): (&Plan, &Arc<Problem>)| NativePlan { inner: plan.clone(), problem: problem.clone() };
        plans.zip(&self.problems).map(of).collect()
    }

    /// The document of the rest.
    #[napi]
    pub fn ended(&self) -> Result<String> {
        given(&self.ended)
    }
}

/// Plans a period on a thread of its own, as documents say. Progress comes as a document, too.
#[napi(ts_return_type = "Promise<NativePeriodPlan>")]
pub fn plan_period<'env>(
    env: &'env Env,
    day: &NativeProblem,
    asked: String,
    search: String,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (asked, search): (PeriodDocument, SearchDocument) = (taken(&asked)?, taken(&search)?);
    let scales: Scales = scales.into();
    let params = asked.params(&day.inner, &search.params(&scales, None)).map_err(thrown)?;
    let problem = day.inner.clone();
    promise(
        env,
        cancel,
        on_progress,
        move |progress| ProgressDocument::new(progress, &scales),
        move |token, progress| {
            let period = plan_period_with(&problem, &params, token, progress)?;
            Ok::<_, PeriodError>(NativePeriodPlan::new(period, problem, &scales))
        },
    )
}
