//! Forecasting: columns in and out as the bytes of numpy's arrays.

pub(crate) mod data;
pub(crate) mod decide;
pub(crate) mod evaluate;
pub(crate) mod features;
pub(crate) mod models;
pub(crate) mod simulate;

use milkrun::document::FailureDocument;
use milkrun::forecast::ForecastError;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::failure::raise;

/// Runs what may take long, with the interpreter free for others. Faults and panics become exceptions.
fn run<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, ForecastError> + Send) -> PyResult<T> {
    py.detach(|| FailureDocument::caught(work)).map_err(|failure| raise(py, failure))
}

/// 64-bit integers of this machine's byte order.
fn integers(bytes: &[u8]) -> Vec<i64> {
    bytes.as_chunks().0.iter().map(|&chunk| i64::from_ne_bytes(chunk)).collect()
}

/// 64-bit floating-point numbers of this machine's byte order.
fn reals(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|&chunk| f64::from_ne_bytes(chunk)).collect()
}

/// Indices: integers that must not be negative.
fn indices(name: &str, bytes: &[u8]) -> PyResult<Vec<usize>> {
    let index = |value: i64| {
        usize::try_from(value).map_err(|_| PyValueError::new_err(format!("{name}: {value} is no index from 0 on")))
    };
    integers(bytes).into_iter().map(index).collect()
}

fn of_integers(py: Python<'_>, values: impl IntoIterator<Item = i64>) -> Bound<'_, PyBytes> {
    let bytes: Vec<u8> = values.into_iter().flat_map(i64::to_ne_bytes).collect();
    PyBytes::new(py, &bytes)
}

fn of_reals(py: Python<'_>, values: impl IntoIterator<Item = f64>) -> Bound<'_, PyBytes> {
    let bytes: Vec<u8> = values.into_iter().flat_map(f64::to_ne_bytes).collect();
    PyBytes::new(py, &bytes)
}
