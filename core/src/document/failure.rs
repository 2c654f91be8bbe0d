//! What goes wrong, as a document; a panic is one, too.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use schemars::JsonSchema;
use serde::Serialize;

use crate::adapt::AdaptError;
use crate::carry::CarryError;
use crate::compare::CompareError;
#[cfg(feature = "forecast")]
use crate::forecast::{ForecastError, ForecastFault};
use crate::io::Error;
use crate::listing;
use crate::model::Issue;
use crate::pareto::ParetoError;
use crate::period::PeriodError;
use crate::scenarios::ScenarioError;

/// One fault of the input.
#[derive(Clone, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Issue")]
pub struct IssueDocument {
    /// Where it is: `clients[3].time_window`, or `line 12, DEMAND_SECTION`.
    pub path: String,
    /// The offending value; empty where there is none to show.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

impl fmt::Display for IssueDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.value.is_empty() { String::new() } else { format!(" = {}", self.value) };
        write!(f, "{}{value}: {}; {}", self.path, self.message, self.remedy)
    }
}

/// How many faults there are, and a line for each of the first fifty; `omitted` more are only counted.
///
/// ```
/// use milkrun::document::{IssueDocument, counted};
///
/// let issue = IssueDocument { path: "row 3".into(), value: "x".into(), message: "is not a number".into(), remedy: "mend it".into() };
/// assert_eq!(counted(&[issue], 2), "3 faults:\n  row 3 = x: is not a number; mend it\n  … and 2 more");
/// ```
pub fn counted(issues: &[IssueDocument], omitted: usize) -> String {
    listing::counted(issues, omitted)
}

/// An error of any kind.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Failure")]
pub struct FailureDocument {
    /// A word for the kind of error that stays the same over versions.
    pub code: &'static str,
    /// What went wrong.
    pub message: String,
    /// Every fault at once; empty where the message says all.
    pub issues: Vec<IssueDocument>,
}

impl FailureDocument {
    /// An error whose message says all.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), issues: Vec::new() }
    }

    /// The error that stands for a panic.
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
        let asked = "please report this with the problem that led to it";
        Self::new("internal", format!("milkrun failed inside: {text}; {asked}"))
    }

    /// Runs what may fail; a panic ends as an ordinary error.
    ///
    /// # Errors
    ///
    /// What went wrong.
    pub fn caught<T, E: Into<Self>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, Self> {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(result) => result.map_err(E::into),
            Err(payload) => Err(Self::of_panic(payload.as_ref())),
        }
    }
}

/// Errors that are lists of issues, with the word for each.
macro_rules! lists_of_issues {
    ($($error:ty => $code:literal),+ $(,)?) => {$(
        impl From<$error> for FailureDocument {
            fn from(error: $error) -> Self {
                let message = error.to_string();
                Self { code: $code, message, issues: error.issues.into_iter().map(IssueDocument::from).collect() }
            }
        }
    )+};
}

lists_of_issues! {
    AdaptError => "adapt",
    PeriodError => "period",
    ScenarioError => "scenarios",
    CarryError => "carry",
    CompareError => "compare",
    ParetoError => "pareto",
}

impl From<Error> for FailureDocument {
    fn from(error: Error) -> Self {
        let issues = error.issues().into_iter().map(IssueDocument::from).collect();
        Self { code: error.code(), message: error.to_string(), issues }
    }
}

impl From<Issue> for IssueDocument {
    fn from(Issue { path, value, message, remedy }: Issue) -> Self {
        Self { path, value, message, remedy }
    }
}

#[cfg(feature = "forecast")]
impl From<ForecastError> for FailureDocument {
    fn from(error: ForecastError) -> Self {
        let message = error.to_string();
        Self { code: "forecast", message, issues: error.faults.into_iter().map(IssueDocument::from).collect() }
    }
}

#[cfg(feature = "forecast")]
impl From<ForecastFault> for IssueDocument {
    fn from(fault: ForecastFault) -> Self {
        match fault {
            ForecastFault::Length { path, found, of, expected } => Self {
                path,
                value: found.to_string(),
                message: format!("{of} has {expected} values, this has {found}"),
                remedy: "give one for each".to_owned(),
            },
            ForecastFault::Value { path, value, message, remedy } => {
                Self { path, value, message: message.to_owned(), remedy: remedy.to_owned() }
            }
            ForecastFault::TooShort { series, found, needed } => Self {
                path: series,
                value: found.to_string(),
                message: format!("usable values are too few; {needed} are needed"),
                remedy: "give more history, or use a simpler model".to_owned(),
            },
            ForecastFault::UnknownName { path, name, remedy } => {
                Self { path, value: name, message: "nothing is called so".to_owned(), remedy: remedy.to_owned() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_ordinary_error() {
        let caught = FailureDocument::caught(|| -> Result<(), Error> { std::panic::panic_any("boo") });
        let failure = caught.unwrap_err();
        assert_eq!(failure.code, "internal");
        assert!(failure.message.starts_with("milkrun failed inside: boo; please report"), "{failure:?}");
        assert_eq!(FailureDocument::caught(|| Ok::<_, Error>(7)), Ok(7));
    }

    #[test]
    fn errors_keep_their_issues() {
        let mut builder = crate::model::Problem::builder();
        builder.add_vehicle_type(crate::model::VehicleType::new(1).capacity([-5]));
        let failure = FailureDocument::from(Error::from(builder.build().unwrap_err()));
        assert_eq!((failure.code, failure.issues[0].path.as_str()), ("validation", "vehicle_types[0].capacity[0]"));
    }
}
