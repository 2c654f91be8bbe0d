//! Faults of what is asked of a front.

use crate::listing;
use crate::model::{Faults, Issue};

/// All faults of the parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the front has {}", listing::counted(issues, 0))]
#[non_exhaustive]
pub struct ParetoError {
    /// The faults, with paths such as `objectives[1]`.
    pub issues: Vec<Issue>,
}

impl From<Faults> for ParetoError {
    fn from(faults: Faults) -> Self {
        Self { issues: faults.into_listing().kept }
    }
}
