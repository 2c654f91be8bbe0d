//! Times as text.

use std::sync::LazyLock;

use jiff::fmt::temporal::{DateTimeParser, TimeZoneAnnotationKind};
use jiff::tz::{Disambiguation, OffsetConflict, TimeZone, TimeZoneDatabase};

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}; {}", self.message(), self.remedy())]
#[non_exhaustive]
pub enum TimeError {
    /// It is neither a number of seconds nor ISO 8601.
    NoTime,
    /// It names a time zone that does not exist.
    UnknownZone,
    /// Its offset is not that of its time zone.
    OtherOffset,
    /// It falls on a clock change.
    TurnedClocks,
    /// It says no time zone where one is needed.
    NoZone,
}

impl TimeError {
    /// What is wrong.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoTime => "is not a time",
            Self::UnknownZone => "names an unknown time zone",
            Self::OtherOffset => "has an offset that its time zone does not have at that time",
            Self::TurnedClocks => "occurs twice or never there because of a clock change",
            Self::NoZone => "names no time zone",
        }
    }

    /// How to correct it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NoTime => "give seconds since 1970, or a time such as 2026-04-27T06:30:00Z",
            Self::UnknownZone => "name one such as Europe/Berlin, or give an offset such as +01:00",
            Self::OtherOffset => "keep whichever is correct",
            Self::TurnedClocks => "give its offset, as in 2026-10-25T02:30+01:00",
            Self::NoZone => "name one, as in 2026-12-03T00:00[Europe/Amsterdam]",
        }
    }
}

/// A time from seconds since 1970 or ISO 8601.
///
/// A time without an offset is in the zone named after it (`2026-04-27T06:30[Europe/Berlin]`), or in UTC if none is
/// named.
///
/// ```
/// use milkrun::forecast::{TimeError, parse_time};
///
/// assert_eq!(parse_time("1970-01-02T01:00[Europe/Berlin]"), parse_time("1970-01-02"));
/// assert_eq!(parse_time("2026-01-01T00:00[Mars/Olympus]"), Err(TimeError::UnknownZone));
/// ```
///
/// # Errors
///
/// If it is neither, or its zone is unknown or contradicts its offset.
#[cfg(feature = "forecast")]
pub fn parse_time(text: &str) -> Result<i64, TimeError> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Ok(seconds);
    }
    if text.contains('[') {
        return Ok(zoned(text)?.timestamp().as_second());
    }
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Ok(timestamp.as_second());
    }
    let civil = text.parse::<jiff::civil::DateTime>().map_err(|_| TimeError::NoTime)?;
    Ok(jiff::tz::Offset::UTC.to_timestamp(civil).map_err(|_| TimeError::NoTime)?.as_second())
}

/// A time followed by a zone.
pub(super) fn zoned(text: &str) -> Result<jiff::Zoned, TimeError> {
    let parser = DateTimeParser::new().offset_conflict(OffsetConflict::Reject).disambiguation(Disambiguation::Reject);
    let pieces = parser.parse_pieces(text).map_err(|_| TimeError::NoTime)?;
    let zone = pieces.time_zone_annotation().ok_or(TimeError::NoTime)?;
    if let TimeZoneAnnotationKind::Named(name) = zone.kind()
        && ZONES.get(name.as_str()).is_err()
    {
        return Err(TimeError::UnknownZone);
    }
    let offset = pieces.offset().is_some();
    let contradiction = if offset { TimeError::OtherOffset } else { TimeError::TurnedClocks };
    parser.parse_zoned_with(&ZONES, text).map_err(|_| contradiction)
}

/// The bundled time zones, so that results do not depend on the machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone by its name, or by its offset.
pub(super) fn zone_of(name: &str) -> Result<TimeZone, TimeError> {
    if name.starts_with(['+', '-']) {
        let text = format!("1970-01-01T00:00:00{name}");
        let offset = DateTimeParser::new().parse_pieces(&text);
        let offset = offset.ok().and_then(|pieces| pieces.to_numeric_offset()).ok_or(TimeError::UnknownZone)?;
        return Ok(TimeZone::fixed(offset));
    }
    ZONES.get(name).map_err(|_| TimeError::UnknownZone)
}

/// A time as ISO 8601 in UTC; beyond the calendar's range, as seconds.
#[cfg(feature = "forecast")]
pub fn format_time(time: i64) -> String {
    jiff::Timestamp::from_second(time).map_or_else(|_| time.to_string(), |timestamp| timestamp.to_string())
}

#[cfg(all(test, feature = "forecast"))]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for text in ["86400", "1970-01-02", "1970-01-02T00:00:00Z", "1970-01-02 01:00+01:00", "1970-01-02 00:00:00"] {
            assert_eq!(parse_time(text), Ok(86_400), "{text}");
        }
        for text in ["", "yesterday", "1970-13-01", "1.5", "[Europe/Berlin]", "1970-01-02T00:00["] {
            assert_eq!(parse_time(text), Err(TimeError::NoTime), "{text}");
        }
        assert_eq!(format_time(86_400), "1970-01-02T00:00:00Z");
        assert_eq!(format_time(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn zones() {
        let winter = parse_time("2026-01-01T00:00:00Z");
        for text in [
            "2026-01-01T01:00:00+01:00[Europe/Berlin]",
            "2026-01-01T01:00[Europe/Berlin]",
            "2026-01-01 01:00:00[europe/berlin]",
            "2025-12-31T19:00[America/New_York]",
            "2026-01-01T00:00Z[Europe/Berlin]",
            "2026-01-01T01:00+01:00[+01:00]",
        ] {
            assert_eq!(parse_time(text), winter, "{text}");
        }
        assert_eq!(parse_time("2026-07-01T02:00[Europe/Berlin]"), parse_time("2026-07-01T00:00Z"));
        for (text, error) in [
            ("2026-01-01T00:00[Mars/Olympus]", TimeError::UnknownZone),
            ("2026-01-01T00:00+01:00[Mars/Olympus]", TimeError::UnknownZone),
            ("2026-01-01T00:00:00+05:00[Europe/Berlin]", TimeError::OtherOffset),
            ("2026-03-29T02:30[Europe/Berlin]", TimeError::TurnedClocks),
            ("2026-10-25T02:30[Europe/Berlin]", TimeError::TurnedClocks),
        ] {
            assert_eq!(parse_time(text), Err(error), "{text}");
        }
        assert!(parse_time("2026-10-25T02:30+01:00[Europe/Berlin]").is_ok());
    }
}
