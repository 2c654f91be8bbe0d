//! What cannot be written, and why.

use milkrun::document::FailureDocument;

/// Why something cannot be written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The plan has parts that the problem does not have.
    #[error("the plan is not for this problem: {0}; give the problem that it was made for")]
    OtherProblem(String),
    /// The date is not one.
    #[error("date = {value:?}: {message}; give a day, such as 2026-11-30, or a moment, such as 2026-11-30T00:00")]
    Date {
        /// What was given.
        value: String,
        /// What is wrong with it.
        message: String,
    },
    /// A scale is not positive.
    #[error("scales.{name} = {value}: it must be a positive number; give 1 where units are the solver's")]
    Scale {
        /// Which scale.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// There is no such route.
    #[error("route = {route}: the plan has {routes} routes, counted from 0; give one of them, or none for all")]
    Route {
        /// What was given.
        route: usize,
        /// How many there are.
        routes: usize,
    },
    /// A calendar needs to know the day.
    #[error("a calendar needs the day that is planned; give a date, such as 2026-11-30")]
    NoDate,
    /// A calendar needs times in seconds.
    #[error(
        "a calendar needs times in seconds, but those of this problem are plain numbers; give coordinates as lon and lat, or travel as matrices"
    )]
    NoClock,
    /// A device needs longitudes and latitudes.
    #[error("GPX needs longitudes and latitudes, but {0}; give all locations as lon and lat")]
    NotGeographic(&'static str),
    /// A day beyond those that calendars have.
    #[error("the time {0} lies beyond the years that calendars have; give times in seconds since the day began")]
    Beyond(i64),
}

impl From<ReportError> for FailureDocument {
    fn from(error: ReportError) -> Self {
        let code = match error {
            ReportError::OtherProblem(_) => "plan",
            ReportError::Date { .. } | ReportError::Scale { .. } | ReportError::Route { .. } => "setting",
            _ => "write",
        };
        Self::new(code, error.to_string())
    }
}
