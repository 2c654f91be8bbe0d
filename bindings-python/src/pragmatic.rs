//! vrp's pragmatic JSON, answered.

use milkrun::document::{Scales, SearchDocument};
use milkrun::io::{Error, pragmatic};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::taken;
use crate::failure::raise;
use crate::worker;

/// Answers a document with the texts of its matrices: the solution, and what was understood in another way.
#[pyfunction]
pub(crate) fn answer_pragmatic(
    py: Python<'_>,
    text: String,
    matrices: Vec<String>,
    search: &Bound<'_, PyAny>,
    cancel: &CancelToken,
) -> PyResult<(String, Vec<String>)> {
    let search: SearchDocument = taken(search)?;
    let params = search.params(&Scales::default(), None);
    let (found, _) = worker::run_untold(py, cancel, move |token| {
        let matrices: Vec<&str> = matrices.iter().map(String::as_str).collect();
        pragmatic::run(&text, &matrices, &params, token)
    })?;
    let found = found.map_err(|error| raise(py, Error::from(error)))?;
    Ok((found.answer, found.warnings))
}
