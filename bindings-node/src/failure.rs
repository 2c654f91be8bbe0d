//! From errors and panics to exceptions.

use std::any::Any;

use milkrun::Error;
use milkrun::document::FailureDocument;
use napi::bindgen_prelude::{Error as NodeError, Result};
use napi_derive::napi;

/// What a message begins with that is the document of a failure: no text of others does.
const MARK: &str = "\u{1f}";

/// Runs what may fail in the core. A panic becomes an ordinary error.
pub(crate) fn guard<T>(work: impl FnOnce() -> std::result::Result<T, Error>) -> Result<T> {
    FailureDocument::caught(work).map_err(thrown)
}

/// The error whose message is the document of a failure.
pub(crate) fn thrown(failure: impl Into<FailureDocument>) -> NodeError {
    // It has nothing but text: it can be written.
    NodeError::from_reason(format!("{MARK}{}", serde_json::to_string(&failure.into()).unwrap_or_default()))
}

/// An error whose message says all.
pub(crate) fn coded(code: &'static str, message: impl Into<String>) -> NodeError {
    thrown(FailureDocument::new(code, message))
}

/// The error that stands for a panic.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> NodeError {
    thrown(FailureDocument::of_panic(payload))
}

/// The version of the package.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
