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
/// let clock = Clock { per_second: 10.0, from_midnight: 16_200, ..Clock::default() };
/// assert_eq!((clock.time_of_day(6_000), clock.span(6_000)), ("4:40".to_owned(), "10 min".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// How many units of time a second is; positive.
    pub per_second: f64,
    /// Seconds from midnight to the time 0 of the problem.
    pub from_midnight: i64,
    /// When clocks are turned; never, where no time zone is known.
    pub turns: Turns,
}

/// When the clocks of a time zone are turned, and by how much they then differ from what they showed at the time 0. The first few
/// turns are known, those of about three years; clocks are taken to stay as they are then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    /// Seconds from the time 0, ascending, and the difference from then on.
    turns: [(i64, i64); Self::MOST],
    count: usize,
}

impl Turns {
    /// So many are kept.
    pub(crate) const MOST: usize = 8;

    /// Adds a turn behind those that are there; one too many is omitted.
    #[cfg(any(feature = "io", feature = "forecast"))]
    pub(crate) const fn push(&mut self, at: i64, shift: i64) {
        if self.count < Self::MOST {
            self.turns[self.count] = (at, shift);
            self.count += 1;
        }
    }

    /// By how many seconds clocks then show more than without turns.
    pub fn shift(&self, seconds: i64) -> i64 {
        self.turns[..self.count].iter().rev().find(|(at, _)| *at <= seconds).map_or(0, |(_, shift)| *shift)
    }
}

impl Default for Clock {
    /// Seconds since midnight.
    fn default() -> Self {
        Self { per_second: 1.0, from_midnight: 0, turns: Turns::default() }
    }
}

impl Clock {
    /// The seconds of a length of time.
    pub fn seconds(&self, length: Duration) -> i64 {
        // Exactly 1: whole numbers stay as they are.
        let whole = self.per_second.to_bits() == 1.0_f64.to_bits();
        if whole { length } else { (length as f64 / self.per_second).round() as i64 }
    }

    /// Seconds from midnight to a time, as clocks show it.
    pub fn since_midnight(&self, time: Time) -> i64 {
        let seconds = self.seconds(time);
        seconds.saturating_add(self.from_midnight).saturating_add(self.turns.shift(seconds))
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

/// The seconds from midnight to `7:30` or `07:30:15`; up to `47:59:59`, for times of the day after.
#[cfg(any(feature = "io", feature = "forecast"))]
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let mut seconds = 0;
    for (i, part) in parts.iter().enumerate() {
        if part.is_empty() || part.len() > 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value: Time = part.parse().ok()?;
        if i > 0 && value > 59 || value > 47 && i == 0 {
            return None;
        }
        seconds = 60 * seconds + value;
    }
    Some(if parts.len() == 2 { 60 * seconds } else { seconds })
}
