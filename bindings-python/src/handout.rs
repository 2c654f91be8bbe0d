//! What leaves for people and other programs.

use milkrun::document::FailureDocument;
use milkrun_report::{Handout, ReportOptions};
use pyo3::prelude::*;

use crate::document::taken;
use crate::failure::raise;
use crate::plan::Plan;

/// Writes a page, sheets or a file of a plan. The interpreter is free for other threads meanwhile.
#[pyfunction]
pub(crate) fn write_handout(
    py: Python<'_>,
    plan: &Plan,
    handout: &Bound<'_, PyAny>,
    options: &Bound<'_, PyAny>,
) -> PyResult<String> {
    let (handout, options): (Handout, ReportOptions) = (taken(handout)?, taken(options)?);
    let write = || milkrun_report::write(&plan.problem, &plan.inner, handout, &options);
    py.detach(|| FailureDocument::caught(write)).map_err(|failure| raise(py, failure))
}
