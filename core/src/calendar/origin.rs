//! The moment from which the times of a problem count.

use std::fmt;

use crate::units::Clock;

/// The moment from which the times of a problem count, in seconds, with the time zone of its clocks.
///
/// ```
/// use milkrun::calendar::{Origin, TimeError};
///
/// // Clocks are turned back during the night: the day has 25 hours.
/// let origin = Origin::new("2026-10-25T00:00[Europe/Amsterdam]").unwrap();
/// assert_eq!(origin.time("2026-10-25T07:30"), Ok(8 * 3_600 + 1_800));
/// assert_eq!(origin.time("2026-10-26"), Ok(25 * 3_600));
/// assert_eq!(origin.time("2026-10-25T06:30:00Z"), origin.time("07:30"));
/// assert_eq!(origin.clock().time_of_day(8 * 3_600 + 1_800), "7:30");
/// // This time there is twice, and with its offset once.
/// assert_eq!(origin.time("02:30"), Err(TimeError::TurnedClocks));
/// assert_eq!(origin.time("2026-10-25T02:30+01:00"), Ok(3 * 3_600 + 1_800));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The moment as clocks there show it, without a zone.
    civil: String,
    /// Its offset from UTC, and the zone: `+01:00[Europe/Amsterdam]`.
    place: String,
    zone: String,
    /// Seconds since 1970.
    timestamp: i64,
    clock: Clock,
}

impl Origin {
    /// How clocks show times that count seconds from it.
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// The moment as clocks there show it: `2026-12-03T00:00:00`.
    pub fn civil(&self) -> &str {
        &self.civil
    }

    /// The name of the time zone, `Europe/Amsterdam`, or an offset from UTC, `+01:00`.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// Seconds since 1970, UTC.
    pub const fn timestamp(&self) -> i64 {
        self.timestamp
    }
}

impl fmt::Display for Origin {
    /// The moment with its offset and zone (RFC 9557): `2026-12-03T00:00:00+01:00[Europe/Amsterdam]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.civil, self.place)
    }
}

#[cfg(not(any(feature = "io", feature = "forecast")))]
impl Origin {
    /// Nothing: without `io` and `forecast` there is no calendar, and no origin either.
    #[expect(clippy::unused_self, reason = "as where there is a calendar")]
    pub(crate) const fn later(&self, _days: usize) -> Option<Self> {
        None
    }
}

#[cfg(any(feature = "io", feature = "forecast"))]
mod reading {
    use jiff::civil::{DateTime, Time};
    use jiff::tz::Offset;
    use jiff::{SignedDuration, Timestamp};

    use super::{Clock, Origin};
    use crate::calendar::TimeError;
    use crate::calendar::text::{zone_of, zoned};
    use crate::units::{Time as Seconds, Turns, time_of_day};

    impl Origin {
        /// Reads a moment with its time zone: `2026-12-03T00:00[Europe/Amsterdam]`, with or without its offset.
        ///
        /// # Errors
        ///
        /// [`TimeError`] if it is no such moment, names no zone or one that does not exist, or if it is there twice or never
        /// because clocks are turned.
        pub fn new(text: &str) -> Result<Self, TimeError> {
            if !text.contains('[') {
                let known = text.parse::<DateTime>().is_ok() || text.parse::<Timestamp>().is_ok();
                return Err(if known { TimeError::NoZone } else { TimeError::NoTime });
            }
            let moment = zoned(text)?;
            // A part of a second has no place in whole seconds.
            if moment.datetime().subsec_nanosecond() != 0 { Err(TimeError::NoTime) } else { Ok(Self::of(&moment)) }
        }

        fn of(moment: &jiff::Zoned) -> Self {
            let (civil, offset) = (moment.datetime(), moment.offset());
            let zone = moment.time_zone().iana_name().map_or_else(|| spelled(offset), str::to_owned);
            let midnight = civil.time().duration_since(Time::midnight()).as_secs();
            Self {
                civil: civil.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                place: format!("{}[{zone}]", spelled(offset)),
                zone,
                timestamp: moment.timestamp().as_second(),
                clock: Clock { per_second: 1.0, from_midnight: midnight, turns: turns(moment) },
            }
        }

        /// The seconds from the origin to a time of its day (`07:30`; up to `47:59:59` for the day after), to a date and time of
        /// its zone, or to a moment with an offset or a zone of its own.
        ///
        /// # Errors
        ///
        /// [`TimeError`] if it is none of these, or if it is there twice or never because clocks are turned.
        pub fn time(&self, text: &str) -> Result<Seconds, TimeError> {
            let text = text.trim();
            if let Some(seconds) = time_of_day(text) {
                return self.of_day(seconds);
            }
            if text.contains('[') {
                return Ok(zoned(text)?.timestamp().as_second() - self.timestamp);
            }
            if let Ok(moment) = text.parse::<Timestamp>() {
                return Ok(moment.as_second() - self.timestamp);
            }
            self.local(text.parse().map_err(|_| TimeError::NoTime)?)
        }

        /// The seconds from the origin to so many seconds after the midnight before it, as clocks show it.
        ///
        /// # Errors
        ///
        /// [`TimeError`] if that is there twice or never because clocks are turned, or beyond the calendar.
        pub fn of_day(&self, seconds: Seconds) -> Result<Seconds, TimeError> {
            let day =
                self.civil.parse::<DateTime>().map_err(|_| TimeError::NoTime)?.date().to_datetime(Time::midnight());
            self.local(day.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| TimeError::NoTime)?)
        }

        /// The same time of day so many days later; `None` where that is beyond the calendar, or where clocks are turned within a day
        /// of it: what is planned by the time of day has no one number of seconds then.
        pub(crate) fn later(&self, days: usize) -> Option<Self> {
            let civil: DateTime = self.civil.parse().ok()?;
            let civil = civil.checked_add(jiff::Span::new().try_days(i64::try_from(days).ok()?).ok()?).ok()?;
            let zone = zone_of(&self.zone).ok()?;
            let moment = zone.to_ambiguous_zoned(civil).unambiguous().ok()?;
            let next = moment.timestamp().checked_add(SignedDuration::from_hours(24)).ok()?;
            let is_steady = days == 0 || zone.to_offset(next) == moment.offset();
            is_steady.then(|| Self::of(&moment))
        }

        /// The seconds to a date and time of the zone.
        fn local(&self, civil: DateTime) -> Result<Seconds, TimeError> {
            let zone = zone_of(&self.zone)?;
            let moment = zone.to_ambiguous_timestamp(civil).unambiguous().map_err(|_| TimeError::TurnedClocks)?;
            Ok(moment.as_second() - self.timestamp)
        }
    }

    /// An offset as RFC 9557 writes it.
    fn spelled(offset: Offset) -> String {
        let (sign, seconds) = (if offset.seconds() < 0 { '-' } else { '+' }, offset.seconds().unsigned_abs());
        format!("{sign}{:02}:{:02}", seconds / 3_600, seconds / 60 % 60)
    }

    /// When clocks are turned around a moment, against what they show then.
    fn turns(moment: &jiff::Zoned) -> Turns {
        let (zone, now) = (moment.time_zone(), moment.timestamp());
        let shift = |offset: Offset| i64::from(offset.seconds() - moment.offset().seconds());
        let mut turns = Turns::default();
        // The last turn up to the moment, for what happened on the day before.
        let soon = now.checked_add(SignedDuration::from_nanos(1)).unwrap_or(now);
        if let Some(last) = zone.preceding(soon).next()
            && let Ok(before) = last.timestamp().checked_sub(SignedDuration::from_secs(1))
        {
            turns.push(i64::MIN, shift(zone.to_offset(before)));
            turns.push(last.timestamp().as_second() - now.as_second(), shift(last.offset()));
        }
        for next in zone.following(now).take(Turns::MOST - 2) {
            turns.push(next.timestamp().as_second() - now.as_second(), shift(next.offset()));
        }
        turns
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn days_of_23_and_25_hours() {
            for (day, hours, seven) in [("2026-03-29", 23, 6), ("2026-10-25", 25, 8), ("2026-12-03", 24, 7)] {
                let origin = Origin::new(&format!("{day}T00:00[Europe/Amsterdam]")).unwrap();
                assert_eq!(origin.of_day(24 * 3_600), Ok(hours * 3_600), "{day}");
                assert_eq!(origin.time("07:00"), Ok(seven * 3_600), "{day}");
                assert_eq!(origin.clock().time_of_day(seven * 3_600), "7:00");
                assert_eq!(origin.clock().time_of_day(hours * 3_600), "0:00+1");
                assert_eq!(origin.clock().time_of_day(-60), "23:59-1");
            }
        }

        #[test]
        fn every_hour_of_two_years_is_shown_as_the_zone_has_it() {
            for name in ["Europe/Amsterdam", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Santiago"]
            {
                let origin = Origin::new(&format!("2026-01-15T04:30[{name}]")).unwrap();
                let zone = zone_of(name).unwrap();
                for hour in -600..17_520 {
                    let moment = Timestamp::from_second(origin.timestamp() + hour * 3_600).unwrap();
                    let shown = origin.clock().time_of_day(hour * 3_600);
                    let expected = zone.to_datetime(moment).strftime("%-H:%M").to_string();
                    assert_eq!(shown.split(['+', '-']).next(), Some(expected.as_str()), "{name}, hour {hour}");
                }
            }
        }

        #[test]
        fn an_origin_may_be_the_moment_of_a_turn() {
            let origin = Origin::new("2026-03-29T03:00[Europe/Amsterdam]").unwrap();
            let shown = [-1_800, 0, 3_600].map(|time| origin.clock().time_of_day(time));
            assert_eq!(shown, ["1:30", "3:00", "4:00"]);
        }

        #[test]
        fn what_is_no_origin_says_why() {
            for (text, error) in [
                ("2026-12-03T00:00", TimeError::NoZone),
                ("2026-12-03T00:00+01:00", TimeError::NoZone),
                ("2026-12-03", TimeError::NoZone),
                ("07:30", TimeError::NoTime),
                ("", TimeError::NoTime),
                ("2026-12-03T00:00[Mars/Olympus]", TimeError::UnknownZone),
                ("2026-12-03T00:00+05:00[Europe/Amsterdam]", TimeError::OtherOffset),
                ("2026-03-29T02:30[Europe/Amsterdam]", TimeError::TurnedClocks),
                ("2026-12-03T00:00:00.5[Europe/Amsterdam]", TimeError::NoTime),
            ] {
                assert_eq!(Origin::new(text), Err(error), "{text}");
            }
        }

        #[test]
        fn an_origin_is_read_as_it_is_written() {
            for (text, shown, zone) in [
                (
                    "2026-12-03T04:30[Europe/Amsterdam]",
                    "2026-12-03T04:30:00+01:00[Europe/Amsterdam]",
                    "Europe/Amsterdam",
                ),
                ("2026-12-03T00:00+05:30[+05:30]", "2026-12-03T00:00:00+05:30[+05:30]", "+05:30"),
            ] {
                let origin = Origin::new(text).unwrap();
                assert_eq!(origin.to_string(), shown);
                assert_eq!(Origin::new(shown), Ok(origin.clone()));
                assert_eq!(origin.zone(), zone);
                assert_eq!(origin.of_day(0).map(|midnight| midnight + origin.clock().from_midnight), Ok(0));
            }
        }
    }
}
