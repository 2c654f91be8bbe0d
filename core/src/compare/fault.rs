//! Faults of variants.

use crate::listing::{self, Listing};
use crate::model::{Faults, Issue, ValidationError};

/// All faults of the variants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the comparison has {}", listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct CompareError {
    /// The first thousand faults, with paths such as `variants["one truck less"].vehicle_types[0].capacity`.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

impl CompareError {
    /// The faults of a variant's problem.
    pub(crate) fn of_problem(name: &str, error: ValidationError) -> Self {
        let issues = error.issues.into_iter().map(|issue| in_variant(name, issue)).collect();
        Self { issues, omitted: error.omitted }
    }
}

/// The fault, with the variant in its path.
pub(crate) fn in_variant(name: &str, issue: Issue) -> Issue {
    let dot = if issue.path.is_empty() { "" } else { "." };
    Issue { path: format!("variants[{name:?}]{dot}{}", issue.path), ..issue }
}

impl From<Faults> for CompareError {
    fn from(faults: Faults) -> Self {
        let Listing { kept, omitted } = faults.into_listing();
        Self { issues: kept, omitted }
    }
}
