//! Variants of a problem side by side.

use std::sync::Arc;

use milkrun::compare::{CompareParams, Variant, compare_with};
use milkrun::document::{CompareDocument, ComparisonDocument, SearchDocument};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::raise;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::worker;

/// Best plans, and a document of the rest.
type Compared<'py> = (Vec<Option<Plan>>, Bound<'py, PyAny>);

/// The problem as it is, and the variants that a document describes.
#[pyfunction]
pub(crate) fn problem_variants(py: Python<'_>, problem: &Problem, asked: &Bound<'_, PyAny>) -> PyResult<Vec<Problem>> {
    let asked: CompareDocument = taken(asked)?;
    let variants = asked.variants(&problem.inner).map_err(|error| raise(py, error))?;
    Ok(variants.into_iter().map(|variant| Problem::new(variant.problem)).collect())
}

/// Solves problems with common seeds. Gives the best plan of each, where a search began, and a document of how they compare.
#[pyfunction]
#[pyo3(signature = (names, problems, search, seeds, cancel, on_progress, scales))]
#[expect(clippy::too_many_arguments, reason = "they are those of the Python function")]
pub(crate) fn compare_problems<'py>(
    py: Python<'py>,
    names: Vec<String>,
    problems: Vec<PyRef<'py, Problem>>,
    search: &Bound<'py, PyAny>,
    seeds: usize,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<Compared<'py>> {
    let search: SearchDocument = taken(search)?;
    let search = search.params(&scales.inner, None);
    let params = CompareParams::new(search.stop).seed(search.seed).seeds(seeds).threads(search.threads);
    let problems: Vec<Arc<milkrun::Problem>> = problems.iter().map(|problem| problem.inner.clone()).collect();
    let variants: Vec<Variant> =
        names.into_iter().zip(&problems).map(|(name, problem)| Variant::new(name, (**problem).clone())).collect();
    let report = on_progress.map(|callback| (callback, scales.inner));
    let (found, _) = worker::run(py, cancel, report.as_ref(), move |token, progress| {
        compare_with(&variants, &params, token, progress)
    })?;
    let best = problems
        .iter()
        .zip(&found.variants)
        .map(|(problem, compared)| Some(Plan { inner: compared.best()?.clone(), problem: problem.clone() }));
    Ok((best.collect(), given(py, &ComparisonDocument::new(&found, &scales.inner))?))
}
