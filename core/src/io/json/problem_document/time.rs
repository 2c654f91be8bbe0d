//! Times and durations, in the problem's unit of time or in words.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::calendar::Origin;
use crate::units::{Duration, Time, time_of_day};

/// A point in time: a number, or a time of day such as `"07:30"`, which counts seconds from midnight.
#[derive(Clone, Copy, Debug)]
pub(in crate::io::json) struct ClockDocument(pub(super) Time);

/// A length of time: a number, or a duration of ISO 8601 such as `"PT1H30M"`, which counts seconds.
#[derive(Clone, Copy, Debug)]
pub(in crate::io::json) struct SpanDocument(pub(super) Duration);

/// The whole seconds of a duration of ISO 8601.
pub(in crate::io::json) fn duration(text: &str) -> Option<Duration> {
    // The library reads other forms, too; a document has one.
    if !text.starts_with('P') {
        return None;
    }
    let span: jiff::Span = text.parse().ok()?;
    // A year or a month has no length of its own.
    let (years, months) = (span.get_years(), span.get_months());
    let part = span.get_milliseconds() != 0 || span.get_microseconds() != 0 || span.get_nanoseconds() != 0;
    if years != 0 || months != 0 || part || span.is_negative() {
        return None;
    }
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    Some(((days * 24 + i64::from(span.get_hours())) * 60 + span.get_minutes()) * 60 + span.get_seconds())
}

/// Reads a whole number, or text that a function understands.
struct Number {
    expected: &'static str,
    text: fn(&str) -> Option<i64>,
}

impl Visitor<'_> for Number {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::custom("the number is too large"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        (self.text)(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for ClockDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number { expected: "a time", text: time_of_day }).map(Self)
    }
}

impl<'de> Deserialize<'de> for SpanDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Number { expected: "a duration", text: duration }).map(Self)
    }
}

impl JsonSchema for ClockDocument {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number in the problem's unit of time, counted from the planning origin; or a time of day, such as \
                            \"07:30\" or \"07:30:15\", up to \"47:59:59\" for the day after: seconds from midnight. Where the problem has an \
                            origin, also a date and time such as \"2026-12-03T07:30\", or with an offset or a zone.",
            "anyOf": [{ "type": "integer", "format": "int64" }, { "type": "string", "format": "time-of-day" }]
        })
    }
}

impl JsonSchema for SpanDocument {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number in the problem's unit of time; or a duration of ISO 8601 in whole seconds, such as \
                            \"PT1H30M\": seconds.",
            "anyOf": [{ "type": "integer", "format": "int64" }, { "type": "string", "format": "duration" }]
        })
    }
}

/// The moment from which times count.
pub(super) struct OriginDocument;

impl JsonSchema for OriginDocument {
    fn schema_name() -> Cow<'static, str> {
        "Origin".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A moment with its time zone (RFC 9557), such as \"2026-12-03T00:00[Europe/Amsterdam]\".",
            "type": "string", "format": "zoned-date-time"
        })
    }
}

/// Reads the moment from which times count.
pub(super) fn origin<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Origin>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| Origin::new(&text).map_err(|error| D::Error::custom(format!("{text} {error}")))).transpose()
}

/// Writes it.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
pub(super) fn write_origin<S: Serializer>(origin: &Option<Origin>, serializer: S) -> Result<S::Ok, S::Error> {
    origin.as_ref().map(ToString::to_string).serialize(serializer)
}

/// Reads a point in time.
pub(super) fn clock<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    ClockDocument::deserialize(deserializer).map(|time| time.0)
}

/// Reads a point in time that may be missing.
pub(super) fn clock_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    Ok(Option::<ClockDocument>::deserialize(deserializer)?.map(|time| time.0))
}

/// Reads a length of time.
pub(super) fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    SpanDocument::deserialize(deserializer).map(|span| span.0)
}

/// Reads a length of time that may be missing.
pub(super) fn span_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<SpanDocument>::deserialize(deserializer)?.map(|span| span.0))
}

/// Reads two lengths of time that may be missing.
pub(super) fn spans_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<(Duration, Duration)>, D::Error> {
    Ok(Option::<(SpanDocument, SpanDocument)>::deserialize(deserializer)?.map(|(first, second)| (first.0, second.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        assert_eq!(time_of_day("07:30"), Some(27_000));
        assert_eq!(time_of_day("7:30:15"), Some(27_015));
        assert_eq!(time_of_day("26:00"), Some(93_600));
        for text in ["7", "7:60", "48:00", "a:b", "7:3:5:9", ":30", "007:30", "-1:00", ""] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration("PT10M"), Some(600));
        assert_eq!(duration("PT1H30M5S"), Some(5_405));
        assert_eq!(duration("PT0S"), Some(0));
        assert_eq!(duration("P1DT2H"), Some(93_600));
        for text in ["", "P", "10m", "1h", "PT1.5S", "-PT5M", "P1Y", "P1M", "PT10", "10"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
