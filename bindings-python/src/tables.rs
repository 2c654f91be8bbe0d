//! Problems from tables.

use std::path::PathBuf;

use milkrun::document::FailureDocument;
use milkrun_tables::{Input, TableOptions, TablesError};
use pyo3::prelude::*;

use crate::document::{given, taken};
use crate::failure::raise;
use crate::problem::Problem;

/// Reads tables: files and folders, and contents by name. Gives the problem, the report, and the report as text.
#[pyfunction]
pub(crate) fn read_tables<'py>(
    py: Python<'py>,
    paths: Vec<PathBuf>,
    contents: Vec<(String, Vec<u8>)>,
    options: &Bound<'py, PyAny>,
) -> PyResult<(Problem, Bound<'py, PyAny>, String)> {
    let options: TableOptions = taken(options)?;
    let read = || -> Result<_, TablesError> {
        let mut inputs = milkrun_tables::open(&paths)?;
        inputs.extend(contents.into_iter().map(|(name, bytes)| Input::new(name, bytes)));
        milkrun_tables::read(&inputs, &options)
    };
    let tables = FailureDocument::caught(read).map_err(|failure| raise(py, failure))?;
    let text = tables.report.to_string();
    Ok((Problem::new(tables.problem), given(py, &tables.report)?, text))
}
