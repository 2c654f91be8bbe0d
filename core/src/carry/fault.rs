//! Faults of what is carried over.

use crate::listing::{self, Listing};
use crate::model::{Faults, Issue, ValidationError};

/// All faults of what is carried into another day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is carried over has {}", listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct CarryError {
    /// The first thousand faults, with paths such as `missed[0].clients[2]`.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

impl From<ValidationError> for CarryError {
    fn from(error: ValidationError) -> Self {
        Self { issues: error.issues, omitted: error.omitted }
    }
}

impl From<Faults> for CarryError {
    fn from(faults: Faults) -> Self {
        let Listing { kept, omitted } = faults.into_listing();
        Self { issues: kept, omitted }
    }
}
