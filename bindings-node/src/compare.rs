//! Variants of a problem side by side.

use std::sync::Arc;

use milkrun::Plan;
use milkrun::compare::{CompareParams, Comparison, Variant, compare_with};
use milkrun::document::{
    CompareDocument, ComparisonDocument, FailureDocument, RunsProgressDocument, Scales, SearchDocument,
};
use napi::bindgen_prelude::{ClassInstance, Env, Function, Object, Result};
use napi_derive::napi;

use crate::background::promise;
use crate::document::{ScalesRecord, given, taken};
use crate::failure::thrown;
use crate::plan::NativePlan;
use crate::problem::NativeProblem;
use crate::solve::NativeCancelToken;

/// The problem as it is, and the variants that a document describes.
#[napi]
pub fn problem_variants(problem: &NativeProblem, asked: String) -> Result<Vec<NativeProblem>> {
    let asked: CompareDocument = taken(&asked)?;
    let variants = asked.variants(&problem.inner).map_err(thrown)?;
    Ok(variants.into_iter().map(|variant| NativeProblem::new(variant.problem)).collect())
}

/// Variants that were solved.
#[napi]
pub struct NativeComparison {
    best: Vec<(Arc<milkrun::Problem>, Option<Plan>)>,
    found: ComparisonDocument,
}

impl NativeComparison {
    fn new(problems: Vec<Arc<milkrun::Problem>>, found: &Comparison, scales: &Scales) -> Self {
        let best = problems.into_iter().zip(&found.variants).map(|(problem, one)| (problem, one.best().cloned()));
        Self { best: best.collect(), found: ComparisonDocument::new(found, scales) }
    }
}

#[napi]
impl NativeComparison {
    /// The best plan of a variant; `null` where no search began.
    #[napi]
    pub fn plan(&self, variant: u32) -> Option<NativePlan> {
        let (problem, plan) = self.best.get(variant as usize)?;
        Some(NativePlan { inner: plan.clone()?, problem: problem.clone() })
    }

    /// The document of the comparison.
    #[napi]
    pub fn found(&self) -> Result<String> {
        given(&self.found)
    }
}

/// Solves problems with common seeds on a thread of its own. Progress comes as a document.
#[napi(ts_return_type = "Promise<NativeComparison>")]
#[allow(clippy::too_many_arguments, reason = "they are those of the TypeScript method")]
pub fn compare<'env>(
    env: &'env Env,
    names: Vec<String>,
    problems: Vec<ClassInstance<'_, NativeProblem>>,
    search: String,
    seeds: u32,
    cancel: &NativeCancelToken,
    on_progress: Function<'_, String, ()>,
    scales: ScalesRecord,
) -> Result<Object<'env>> {
    let (search, scales): (SearchDocument, Scales) = (taken(&search)?, scales.into());
    let search = search.params(&scales, None);
    let params = CompareParams::new(search.stop).seed(search.seed).seeds(seeds as usize).threads(search.threads);
    let problems: Vec<Arc<milkrun::Problem>> = problems.iter().map(|problem| problem.inner.clone()).collect();
    let variants: Vec<Variant> =
        names.into_iter().zip(&problems).map(|(name, problem)| Variant::new(name, (**problem).clone())).collect();
    promise(
        env,
        cancel,
        on_progress,
        |progress| RunsProgressDocument::from(progress),
        move |token, progress| {
            let found = compare_with(&variants, &params, token, progress);
            Ok::<_, FailureDocument>(NativeComparison::new(problems, &found, &scales))
        },
    )
}
