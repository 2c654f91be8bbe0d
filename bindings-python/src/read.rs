//! Reading files.

use std::path::PathBuf;

use milkrun::io::Format;
use milkrun::{Error, Rounding};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::failure::guard;
use crate::problem::Problem;

/// Reads a problem of any format. Gives the problem, the format, the rounding, and the factor by which it scales.
#[pyfunction]
#[pyo3(signature = (content, path, format, rounding))]
pub(crate) fn read_problem(
    py: Python<'_>,
    content: &[u8],
    path: Option<PathBuf>,
    format: Option<&str>,
    rounding: Option<&str>,
) -> PyResult<(Problem, String, Option<String>, f64)> {
    let rounding = rounding.map(str::parse::<Rounding>).transpose();
    let rounding = rounding.map_err(|error| PyValueError::new_err(error.to_string()))?;
    let instance = guard(py, || {
        let format = format.map(str::parse::<Format>).transpose().map_err(Error::from)?;
        milkrun::io::read_problem(content, path.as_deref(), format, rounding)
    })?;
    let rounding = instance.rounding.map(|rounding| rounding.to_string());
    let scale = instance.rounding.map_or(1.0, Rounding::scale);
    Ok((Problem::new(instance.problem), instance.format.to_string(), rounding, scale))
}

/// The version of the package.
#[pyfunction]
pub(crate) fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
