//! Why a document of another program gets no plan.

use crate::listing::counted;
use crate::model::Issue;

/// Why a document in another program's JSON gets no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The text is not JSON.
    #[error("{0}; mend the JSON there")]
    Syntax(String),
    /// The document has faults, or says what cannot be planned.
    #[error("{}", counted(issues, *omitted))]
    Input {
        /// The first ones.
        issues: Vec<Issue>,
        /// Number of further ones.
        omitted: usize,
    },
    /// Travel could not be found out.
    #[error("{0}")]
    Routing(String),
}

impl ForeignError {
    /// VROOM's code: 2 for the input, 3 for travel.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Syntax(_) | Self::Input { .. } => 2,
            Self::Routing(_) => 3,
        }
    }
}
