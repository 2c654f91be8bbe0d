//! The error of writers.

/// A part of a problem or solution that the format cannot represent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} = {value}: {message}; {remedy}")]
#[non_exhaustive]
pub struct WriteError {
    /// Its path in the problem or solution: `vehicle_types[2].end`.
    pub path: String,
    /// The offending value.
    pub value: String,
    /// Why it cannot be written.
    pub message: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
}

impl WriteError {
    pub(super) fn new(
        path: impl Into<String>,
        value: impl std::fmt::Display,
        message: &'static str,
        remedy: &'static str,
    ) -> Self {
        Self { path: path.into(), value: value.to_string(), message, remedy }
    }
}
