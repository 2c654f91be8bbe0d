//! From errors and panics to exceptions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use milkrun::Error;
use napi::bindgen_prelude::{Error as NodeError, Result};
use napi_derive::napi;

/// What separates the parts of a message that the TypeScript part takes apart: no text has it.
const SEPARATOR: &str = "\u{1f}";

/// Runs what may fail in the core. A panic becomes an ordinary error.
pub(crate) fn guard<T>(work: impl FnOnce() -> std::result::Result<T, Error>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| thrown(&error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}

/// The error as one text: code, message, and path, value, message and remedy of each issue.
pub(crate) fn thrown(error: &Error) -> NodeError {
    let mut parts = vec![error.code().to_owned(), error.to_string()];
    for issue in error.issues() {
        parts.extend([issue.path, issue.value, issue.message, issue.remedy]);
    }
    coded(&parts)
}

/// An error with parts.
pub(crate) fn coded(parts: &[impl AsRef<str>]) -> NodeError {
    let clean = |part: &str| part.replace(SEPARATOR, "\u{fffd}");
    let parts: Vec<String> = parts.iter().map(|part| clean(part.as_ref())).collect();
    NodeError::from_reason(format!("{SEPARATOR}{}", parts.join(SEPARATOR)))
}

/// The error that stands for a panic.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> NodeError {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let message = format!("milkrun failed inside: {text}; please report this with the problem that led to it");
    coded(&["internal".to_owned(), message])
}

/// Panics inside, to show that it ends as an error with the code `internal`.
#[napi]
pub fn panic_on_purpose(message: String) -> Result<()> {
    guard(|| std::panic::panic_any(message))
}

/// The version of the package.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
