//! Times that a document gives as dates, and the moment from which they count.

use super::cursor::unescaped;
use crate::calendar::{Origin, TimeError};
use crate::listing::shortened;
use crate::units::{Time, time_of_day};

/// What dates in a document mean.
pub(in crate::io::json) enum Dates {
    /// Nothing: the document has no origin.
    Unknown,
    /// The origin is faulty, which is told where it stands.
    Faulty,
    /// They count from an origin.
    From(Box<Origin>),
}

/// What is wrong with a text, and how to mend it.
pub(super) type Fault = (String, String);

impl Dates {
    /// What dates mean in a document of a problem.
    pub(in crate::io::json) fn of(text: &str) -> Self {
        match super::field(text, "origin") {
            None | Some("null") => Self::Unknown,
            Some(raw) => {
                let origin = unescaped(raw).and_then(|text| Origin::new(&text).ok());
                origin.map_or(Self::Faulty, |origin| Self::From(Box::new(origin)))
            }
        }
    }

    /// The time that a text stands for; `None` where it is one that types read by themselves.
    pub(super) fn read(&self, text: &str) -> Result<Option<Time>, Option<Fault>> {
        match self {
            Self::From(origin) => origin.time(text).map(Some).map_err(|error| fault(text, error)),
            _ if time_of_day(text).is_some() => Ok(None),
            Self::Faulty => Ok(None),
            Self::Unknown if !is_date(text) => Err(None),
            Self::Unknown => {
                let message =
                    format!("{} is a date, and the problem does not say from when its times count", shortened(text));
                Err(Some((message, format!("give the problem an \"origin\", such as {EXAMPLE}"))))
            }
        }
    }
}

const EXAMPLE: &str = "\"2026-12-03T00:00[Europe/Amsterdam]\"";

/// What is wrong with an origin.
pub(super) fn of_origin(text: &str) -> Option<Fault> {
    let error = Origin::new(text).err()?;
    Some(fault(text, error).unwrap_or_else(|| {
        let message = format!("{} is no date and time with a time zone", shortened(text));
        (message, format!("write it as in {EXAMPLE}"))
    }))
}

/// The words for an error; none where the text is no time at all.
fn fault(text: &str, error: TimeError) -> Option<Fault> {
    let words = || (format!("{} {}", shortened(text), error.message()), error.remedy().to_owned());
    (error != TimeError::NoTime).then(words)
}

/// Whether the text is a date, or a moment, of some zone.
fn is_date(text: &str) -> bool {
    let bare = text.split('[').next().unwrap_or_default().trim();
    bare.parse::<jiff::civil::DateTime>().is_ok() || bare.parse::<jiff::Timestamp>().is_ok()
}
