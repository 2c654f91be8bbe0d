//! Faults of what is asked of an adaptation.

use crate::listing::{self, Listing};
use crate::model::{Faults, Issue, ValidationError};

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

impl From<Faults> for AdaptError {
    fn from(faults: Faults) -> Self {
        let Listing { kept, omitted } = faults.into_listing();
        Self { issues: kept, omitted }
    }
}
