//! Units of every quantity: exact integers, whose meaning the problem's author chooses.
//!
//! Readers of benchmark files scale decimals by the named [`Rounding`](crate::Rounding) convention; an application
//! typically takes metres and seconds. Every quantity must stay within ±[`MAX_VALUE`], which leaves room for the sums
//! that a search forms; [`ProblemBuilder::build`](crate::ProblemBuilder::build) reports what lies outside.

/// A length of travel, in whole units (metres, unless the problem's author scales otherwise).
pub type Distance = i64;

/// A length of time, in whole units (seconds, unless the problem's author scales otherwise).
pub type Duration = i64;

/// A point in time: [`Duration`] since the planning origin.
pub type Time = i64;

/// Money, in whole units of the smallest coin that matters to the problem's author.
pub type Cost = i64;

/// An amount in one load dimension (kilograms, litres, pallets, …).
pub type Load = i64;

/// The largest distance, duration, load or time that a problem may hold: 2³⁰ − 1.
///
/// A metre-second model reaches a million kilometres and 34 years before it meets this bound.
pub const MAX_VALUE: i64 = (1 << 30) - 1;

/// The largest fixed cost or prize that a problem may hold: 2⁴⁰.
pub const MAX_COST: i64 = 1 << 40;

/// How the times of a problem become times of day.
///
/// ```
/// use milkrun::units::Clock;
///
/// let clock = Clock::default();
/// assert_eq!([0, 25_559, 90_000, -60].map(|time| clock.time_of_day(time)), ["0:00", "7:05", "1:00+1", "23:59-1"]);
/// assert_eq!([45, 1_530, 3_900, 7_200, -90].map(|length| clock.span(length)), ["45 s", "26 min", "1 h 05 min", "2 h", "-2 min"]);
/// // A problem in tenths of seconds, whose times count from half past four.
/// let clock = Clock { per_second: 10.0, from_midnight: 16_200 };
/// assert_eq!((clock.time_of_day(6_000), clock.span(6_000)), ("4:40".to_owned(), "10 min".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// How many units of time a second is; positive.
    pub per_second: f64,
    /// Seconds from midnight to the time 0 of the problem.
    pub from_midnight: i64,
}

impl Default for Clock {
    /// Seconds since midnight.
    fn default() -> Self {
        Self { per_second: 1.0, from_midnight: 0 }
    }
}

impl Clock {
    /// The seconds of a length of time.
    pub fn seconds(&self, length: Duration) -> i64 {
        // Exactly 1: whole numbers stay as they are.
        let whole = self.per_second.to_bits() == 1.0_f64.to_bits();
        if whole { length } else { (length as f64 / self.per_second).round() as i64 }
    }

    /// Seconds from midnight to a time.
    pub fn since_midnight(&self, time: Time) -> i64 {
        self.seconds(time).saturating_add(self.from_midnight)
    }

    /// A time as people read it: hours and minutes, and the days before or after the first, if it is another.
    pub fn time_of_day(&self, time: Time) -> String {
        let seconds = self.since_midnight(time);
        let (minutes, days) = (seconds.div_euclid(60).rem_euclid(24 * 60), seconds.div_euclid(24 * 3600));
        let day = if days == 0 { String::new() } else { format!("{days:+}") };
        format!("{}:{:02}{day}", minutes / 60, minutes % 60)
    }

    /// A length of time as people read it.
    pub fn span(&self, length: Duration) -> String {
        let seconds = self.seconds(length);
        let sign = if seconds < 0 { "-" } else { "" };
        let length = seconds.unsigned_abs();
        let minutes = length.saturating_add(30) / 60;
        match (length, minutes / 60, minutes % 60) {
            (0..60, _, _) => format!("{sign}{length} s"),
            (_, 0, minutes) => format!("{sign}{minutes} min"),
            (_, hours, 0) => format!("{sign}{hours} h"),
            (_, hours, minutes) => format!("{sign}{hours} h {minutes:02} min"),
        }
    }
}
