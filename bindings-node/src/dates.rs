//! Moments with a time zone.

use milkrun::calendar::{Origin, TimeError};
use napi_derive::napi;

/// A moment, or why there is none.
#[napi(object)]
#[derive(Default)]
pub struct MomentRecord {
    /// Seconds from the origin; of an origin, seconds since 1970.
    pub seconds: Option<i64>,
    /// The origin as documents have it.
    pub text: Option<String>,
    /// What is wrong.
    pub message: Option<String>,
    /// How to mend it.
    pub remedy: Option<String>,
}

impl MomentRecord {
    fn fault(error: TimeError) -> Self {
        // Numbers are numbers here: who writes text means a date.
        let remedy = match error {
            TimeError::NoTime => "give a date and time, as in 2026-12-03T07:30",
            other => other.remedy(),
        };
        Self { message: Some(error.message().to_owned()), remedy: Some(remedy.to_owned()), ..Self::default() }
    }
}

/// Reads the moment from which times count: `2026-12-03T00:00[Europe/Amsterdam]`.
#[napi]
pub fn origin_of(text: String) -> MomentRecord {
    match Origin::new(&text) {
        Ok(origin) => MomentRecord {
            seconds: Some(origin.timestamp()),
            text: Some(origin.to_string()),
            ..MomentRecord::default()
        },
        Err(error) => MomentRecord::fault(error),
    }
}

/// The seconds from an origin to a time of its day, a date and time of its zone, or a moment with an offset.
#[napi]
pub fn seconds_to(origin: String, text: String) -> MomentRecord {
    match Origin::new(&origin).and_then(|origin| origin.time(&text)) {
        Ok(seconds) => MomentRecord { seconds: Some(seconds), ..MomentRecord::default() },
        Err(error) => MomentRecord::fault(error),
    }
}
