//! Moments of an organisation's days, in its own time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Milliseconds of a second.
pub(super) const SECOND: i64 = 1_000;

/// The time zone of this name, `Europe/Amsterdam` or `UTC`.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// A day that is written as 2026-12-03.
pub(crate) fn date(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|date| date.to_string() == text)
}

/// The moment at which clocks show a second of a day, seconds since 1970. A time that clocks skip is the first one after the gap.
pub(super) fn moment(zone: &TimeZone, day: Date, second: i64) -> i64 {
    let second = second.clamp(0, DAY - 1);
    let (hour, minute) = ((second / 3_600) as i8, (second / 60 % 60) as i8);
    let shown = day.at(hour, minute, (second % 60) as i8, 0);
    // The calendar of the library ends in the year 9999.
    shown.to_zoned(zone.clone()).map_or(i64::MAX / SECOND / 2, |zoned| zoned.timestamp().as_second())
}

/// The day that a moment lies in, milliseconds since 1970.
pub(super) fn day_of(zone: &TimeZone, at: i64) -> Date {
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    zone.to_datetime(at).date()
}

/// So many days later; the last day that there is, if there is no such day.
pub(super) fn later(day: Date, days: i64) -> Date {
    let span = days.clamp(-4_000_000, 4_000_000).days();
    day.checked_add(span).unwrap_or(if days > 0 { Date::MAX } else { Date::MIN })
}

/// Local time minus universal time at a moment in seconds since 1970, seconds.
pub(super) fn offset(zone: &TimeZone, at: i64) -> i64 {
    let at = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH);
    i64::from(zone.to_offset(at).seconds())
}

/// Days since 1970.
pub(super) fn number(day: Date) -> i64 {
    moment(&TimeZone::UTC, day, 0).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_turned() {
        let zone = zone("Europe/Amsterdam").unwrap();
        let day = jiff::civil::date(2026, 10, 25);
        // The day has 25 hours.
        assert_eq!(moment(&zone, later(day, 1), 0) - moment(&zone, day, 0), 25 * 3_600);
        let noon = moment(&zone, day, 43_200);
        assert_eq!((day_of(&zone, noon * 1_000), offset(&zone, noon)), (day, 3_600));
        assert_eq!(number(jiff::civil::date(1970, 1, 3)), 2);
        assert!(super::zone("Atlantis/Poseidonis").is_none());
    }
}
