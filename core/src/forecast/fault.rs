//! Faults of the data and parameters of a forecast.

use std::fmt;

use super::series::MAX_TIME;
use crate::listing::{self, Listing, shortened};

/// One fault of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastFault {
    /// Two inputs that belong together have different lengths.
    #[error("{path} has {found} values, {of} has {expected}; give one for each")]
    Length {
        /// The input.
        path: String,
        /// How many values it has.
        found: usize,
        /// What it belongs to.
        of: String,
        /// How many values that has.
        expected: usize,
    },
    /// An invalid value.
    #[error("{path} = {value}: {message}; {remedy}")]
    Value {
        /// Where it is: `values[17]`, `features[3].window`.
        path: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        message: &'static str,
        /// How to correct it.
        remedy: &'static str,
    },
    /// A series with too little history.
    #[error(
        "series {series:?} has {found} usable values, but {needed} are needed; give more history, or use a simpler model"
    )]
    TooShort {
        /// The series.
        series: String,
        /// How many usable values it has.
        found: usize,
        /// How many it should have.
        needed: usize,
    },
    /// An unknown name.
    #[error("{path}: there is nothing named {name:?}; {remedy}")]
    UnknownName {
        /// Where the name occurs.
        path: String,
        /// The name.
        name: String,
        /// How to correct it.
        remedy: &'static str,
    },
}

/// All faults of an input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct ForecastError {
    /// The first thousand faults, in the order of the input.
    pub faults: Vec<ForecastFault>,
    /// Number of further ones.
    pub omitted: usize,
}

impl fmt::Display for ForecastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the input has {}", listing::counted(&self.faults, self.omitted))
    }
}

impl From<ForecastFault> for ForecastError {
    fn from(fault: ForecastFault) -> Self {
        Self { faults: vec![fault], omitted: 0 }
    }
}

/// Collects faults.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    faults: Listing<ForecastFault>,
}

impl Checks {
    pub(crate) fn fault(
        &mut self,
        path: impl Into<String>,
        value: impl fmt::Display,
        message: &'static str,
        remedy: &'static str,
    ) {
        self.faults.push_with(|| {
            let value = shortened(&value.to_string()).into_owned();
            ForecastFault::Value { path: path.into(), value, message, remedy }
        });
    }

    pub(crate) fn push(&mut self, fault: ForecastFault) {
        self.faults.push(fault);
    }

    /// A fault unless `found` equals `expected`.
    pub(crate) fn length(&mut self, path: &str, found: usize, of: &str, expected: usize) {
        if found != expected {
            self.faults.push(ForecastFault::Length { path: path.to_owned(), found, of: of.to_owned(), expected });
        }
    }

    /// A fault unless the value is positive and finite.
    pub(crate) fn positive(&mut self, path: &str, value: f64) {
        if !(value > 0.0 && value.is_finite()) {
            self.fault(path, value, "must be a positive number", "give a number above zero");
        }
    }

    /// A fault unless the value is finite and at least zero.
    pub(crate) fn not_negative(&mut self, path: &str, value: f64) {
        if !(value >= 0.0 && value.is_finite()) {
            self.fault(path, value, "must not be negative", "give zero or more");
        }
    }

    /// A fault unless the value is a probability strictly between 0 and 1.
    pub(crate) fn inside_unit(&mut self, path: impl Into<String>, value: f64) {
        if !(value > 0.0 && value < 1.0) {
            self.fault(path, value, "must lie between 0 and 1", "give a fraction, such as 0.9");
        }
    }

    /// A fault unless the value is at least one.
    pub(crate) fn at_least_one(&mut self, path: impl Into<String>, value: usize) {
        if value == 0 {
            self.fault(path, value, "must be at least 1", "give 1 or more");
        }
    }

    /// A fault unless the length of time is positive.
    pub(crate) fn positive_time(&mut self, path: impl Into<String>, value: i64) {
        if value <= 0 {
            self.fault(path, value, "must be a positive number of seconds", "give one second or more");
        } else if value > MAX_TIME {
            self.fault(path, value, "exceeds 2^37 seconds", "give a shorter time");
        }
    }

    /// A fault unless the time lies within the range of series.
    pub(crate) fn time(&mut self, path: impl Into<String>, value: i64) {
        if !(-MAX_TIME..=MAX_TIME).contains(&value) {
            let remedy = "give seconds since 1970 (not milliseconds or nanoseconds)";
            self.fault(path, value, "is outside ±2^37 seconds", remedy);
        }
    }

    /// Levels of quantiles: each between 0 and 1, in ascending order.
    pub(crate) fn levels(&mut self, path: &str, levels: &[f64]) {
        for (i, &level) in levels.iter().enumerate() {
            self.inside_unit(format!("{path}[{i}]"), level);
        }
        for (i, pair) in levels.windows(2).enumerate() {
            if pair[0] >= pair[1] {
                self.fault(
                    format!("{path}[{}]", i + 1),
                    pair[1],
                    "does not exceed the previous level",
                    "sort the levels",
                );
            }
        }
    }

    pub(crate) fn finish(self) -> Result<(), ForecastError> {
        let Listing { kept, omitted } = self.faults;
        if kept.is_empty() { Ok(()) } else { Err(ForecastError { faults: kept, omitted }) }
    }
}
