//! From errors and panics to exceptions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use milkrun::{Error, Issue};
use pyo3::prelude::*;

pyo3::import_exception!(milkrun._errors, InternalError);

/// The exception of an error: the class that `milkrun._errors` has for its code, with all issues.
pub(crate) fn raise(py: Python<'_>, error: &Error) -> PyErr {
    let issues: Vec<[String; 4]> = error.issues().into_iter().map(quadruple).collect();
    let made = py
        .import("milkrun._errors")
        .and_then(|module| module.call_method1("_of_code", (error.code(), error.to_string(), issues)));
    made.map_or_else(|fault| fault, PyErr::from_value)
}

fn quadruple(issue: Issue) -> [String; 4] {
    [issue.path, issue.value, issue.message, issue.remedy]
}

/// Runs what may fail in the core. A panic becomes an ordinary exception.
pub(crate) fn guard<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error>) -> PyResult<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| raise(py, &error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}

/// The exception that stands for a panic.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> PyErr {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    InternalError::new_err(format!("milkrun failed inside: {text}; please report this with the problem that led to it"))
}

/// Panics inside, to show that it ends as an `InternalError`.
#[pyfunction]
pub(crate) fn panic_on_purpose(py: Python<'_>, message: &str) -> PyResult<()> {
    guard(py, || std::panic::panic_any(message.to_owned()))
}
