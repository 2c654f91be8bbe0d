//! From errors and panics to exceptions.

use std::any::Any;

use milkrun::Error;
use milkrun::document::FailureDocument;
use pyo3::prelude::*;

use crate::document::given;

/// The exception of an error: the class that `milkrun._errors` has for its code, with all issues.
pub(crate) fn raise(py: Python<'_>, failure: impl Into<FailureDocument>) -> PyErr {
    let made = given(py, &failure.into()).and_then(|failure| {
        let errors = py.import("milkrun._errors")?;
        errors.call_method1("_of_failure", (failure,))
    });
    made.map_or_else(|fault| fault, PyErr::from_value)
}

/// Runs what may fail in the core. A panic becomes an ordinary exception.
pub(crate) fn guard<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    FailureDocument::caught(work).map_err(|failure| raise(py, failure))
}

/// The exception that stands for a panic.
pub(crate) fn panicked(py: Python<'_>, payload: &(dyn Any + Send)) -> PyErr {
    raise(py, FailureDocument::of_panic(payload))
}

/// The exception where the system gives no thread.
pub(crate) fn no_thread(py: Python<'_>, error: &std::io::Error) -> PyErr {
    raise(py, FailureDocument::new("internal", format!("no thread could be started: {error}")))
}
