//! What was missed on a day, taken into the next one.

use std::sync::Arc;

use milkrun::carry;
use milkrun::document::{CarriedOverDocument, MissedDocument};
use pyo3::prelude::*;

use crate::document::{given, taken};
use crate::failure::{guard, raise};
use crate::plan::Plan;
use crate::problem::Problem;

/// The next day's problem with what a plan's day missed, and a document of what became of it.
#[pyfunction]
pub(crate) fn carry_over<'py>(
    py: Python<'py>,
    plan: &Plan,
    next: &Problem,
    asked: &Bound<'py, PyAny>,
) -> PyResult<(Problem, Bound<'py, PyAny>)> {
    let asked: MissedDocument = taken(asked)?;
    let missed = asked.missed(&plan.problem, &plan.inner).map_err(|error| raise(py, error))?;
    let over =
        guard(py, || Ok(carry::carry(&plan.problem, &missed, &next.inner)))?.map_err(|error| raise(py, error))?;
    let about = given(py, &CarriedOverDocument::new(&plan.problem, &over))?;
    Ok((Problem { inner: Arc::new(over.problem) }, about))
}
