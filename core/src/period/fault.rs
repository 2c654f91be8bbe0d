//! Faults of what is asked of a period.

use crate::listing::{self, Listing};
use crate::model::{Faults, Issue, ValidationError};

/// All faults of a period's parameters and of the day that is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period has {}", listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct PeriodError {
    /// The first thousand faults, with paths such as `visits[2].frequency`.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

impl From<ValidationError> for PeriodError {
    fn from(error: ValidationError) -> Self {
        Self { issues: error.issues, omitted: error.omitted }
    }
}

impl From<Faults> for PeriodError {
    fn from(faults: Faults) -> Self {
        let Listing { kept, omitted } = faults.into_listing();
        Self { issues: kept, omitted }
    }
}
