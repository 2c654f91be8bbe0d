//! Forecasting: columns in and out as the bytes of numpy's arrays.

pub(crate) mod data;
pub(crate) mod decide;
pub(crate) mod evaluate;
pub(crate) mod features;
pub(crate) mod models;
pub(crate) mod simulate;

use std::panic::{AssertUnwindSafe, catch_unwind};

use milkrun::forecast::{ForecastError, ForecastFault};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::failure::panicked;

/// Runs what may take long, with the interpreter free for others. Faults and panics become exceptions.
fn run<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, ForecastError> + Send) -> PyResult<T> {
    match py.detach(|| catch_unwind(AssertUnwindSafe(work))) {
        Ok(result) => result.map_err(|error| raise(py, &error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}

/// The exception of an error, with all its faults.
fn raise(py: Python<'_>, error: &ForecastError) -> PyErr {
    let issues: Vec<[String; 4]> = error.faults.iter().map(quadruple).collect();
    let made = py
        .import("milkrun._errors")
        .and_then(|module| module.call_method1("_of_code", ("forecast", error.to_string(), issues)));
    made.map_or_else(|fault| fault, PyErr::from_value)
}

fn quadruple(fault: &ForecastFault) -> [String; 4] {
    match fault {
        ForecastFault::Length { path, found, of, expected } => {
            let message = format!("{of} has {expected} values, this has {found}");
            [path.clone(), found.to_string(), message, "give one for each".to_owned()]
        }
        ForecastFault::Value { path, value, message, remedy } => {
            [path.clone(), value.clone(), (*message).to_owned(), (*remedy).to_owned()]
        }
        ForecastFault::TooShort { series, found, needed } => {
            let message = format!("usable values are too few; {needed} are needed");
            [series.clone(), found.to_string(), message, "give more history, or use a simpler model".to_owned()]
        }
        ForecastFault::UnknownName { path, name, remedy } => {
            [path.clone(), name.clone(), "nothing is called so".to_owned(), (*remedy).to_owned()]
        }
        other => [String::new(), String::new(), other.to_string(), String::new()],
    }
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
