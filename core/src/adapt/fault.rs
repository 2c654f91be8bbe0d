//! Faults of what is asked of an adaptation.

use std::fmt;

use crate::listing::{self, Listing, shortened};
use crate::model::{Issue, ValidationError};

/// All faults of the events and parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the adaptation has {}", listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct AdaptError {
    /// The first thousand faults, with paths such as `events[2].route`.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

impl From<ValidationError> for AdaptError {
    fn from(error: ValidationError) -> Self {
        Self { issues: error.issues, omitted: error.omitted }
    }
}

/// Collects faults.
#[derive(Default)]
pub(super) struct Faults {
    issues: Listing<Issue>,
}

impl Faults {
    pub(super) fn add(&mut self, path: impl Into<String>, value: impl fmt::Display, message: &str, remedy: &str) {
        let (path, value) = (path.into(), shortened(&value.to_string()).to_string());
        self.issues.push_with(|| Issue { path, value, message: message.to_owned(), remedy: remedy.to_owned() });
    }

    /// Whether something exists.
    pub(super) fn known(&mut self, path: impl Into<String>, what: &str, index: usize, count: usize) -> bool {
        if index >= count {
            let message = format!("there is no such {what}: there are {count}, counted from 0");
            self.add(path, index, &message, "correct the number");
        }
        index < count
    }

    pub(super) fn finish(self) -> Result<(), AdaptError> {
        let Listing { kept, omitted } = self.issues;
        if kept.is_empty() { Ok(()) } else { Err(AdaptError { issues: kept, omitted }) }
    }
}
