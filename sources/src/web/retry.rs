//! How long to wait before a request is sent again.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::{Duration, SystemTime};

use super::HttpSettings;

/// How often and after what waits a request is sent again.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    attempts: u32,
    first: Duration,
    longest: Duration,
    /// A number from 0 to 1.
    chance: fn() -> f64,
}

/// What to do after an attempt that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Wait so long, and send it again.
    For(Duration),
    /// It was sent as often as is allowed.
    TooOften,
    /// The service asks for a longer wait than is allowed.
    TooLong(Duration),
}

impl Patience {
    /// As the settings say. `chance` gives a number from 0 to 1 each time: [`chance`] at random, tests the same.
    pub fn new(settings: &HttpSettings, chance: fn() -> f64) -> Self {
        let HttpSettings { attempts, first_wait: first, longest_wait: longest, .. } = *settings;
        Self { attempts, first, longest, chance }
    }

    /// After the `attempt`th attempt, the first of which is 1. The service's `Retry-After` counts where it is later.
    pub fn wait(&self, attempt: u32, asked: Option<&str>, date: SystemTime) -> Wait {
        if attempt >= self.attempts {
            return Wait::TooOften;
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(self.longest);
        let own = doubled.mul_f64(1.0 - (self.chance)() / 2.0);
        match asked.and_then(|text| retry_after(text, date)) {
            Some(time) if time > self.longest => Wait::TooLong(time),
            Some(time) => Wait::For(own.max(time)),
            None => Wait::For(own),
        }
    }
}

/// A random number from 0 to 1: the standard library seeds its hashers at random.
pub fn chance() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

/// What a header `Retry-After` asks for: seconds, or a date; `None` if it cannot be read. `date` is now.
pub fn retry_after(text: &str, date: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    Some(until.duration_since(date).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patience(chance: fn() -> f64) -> Patience {
        Patience::new(&HttpSettings { attempts: 20, ..HttpSettings::default() }, chance)
    }

    #[test]
    fn waits_double_up_to_the_longest_and_are_shortened_by_chance() {
        let now = SystemTime::UNIX_EPOCH;
        let millis = |chance, attempt| match patience(chance).wait(attempt, None, now) {
            Wait::For(time) => time.as_millis(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            [1, 2, 3, 8, 9, 19].map(|attempt| millis(|| 0.0, attempt)),
            [500, 1_000, 2_000, 64_000, 120_000, 120_000]
        );
        assert_eq!(millis(|| 1.0, 2), 500);
        assert_eq!(patience(|| 0.0).wait(20, None, now), Wait::TooOften);
        assert!((0..100).all(|_| (0.0..=1.0).contains(&chance())));
        assert_ne!(chance().to_bits(), chance().to_bits());
    }

    #[test]
    fn seconds_and_dates_are_honoured() {
        let date = httpdate::parse_http_date("Sat, 28 Nov 2026 12:00:00 GMT").unwrap();
        let wait = |text: &str| patience(|| 0.0).wait(1, Some(text), date);
        let seconds = |s| Wait::For(Duration::from_secs(s));
        assert_eq!(wait("7"), seconds(7));
        assert_eq!(wait(" Sat, 28 Nov 2026 12:01:30 GMT"), seconds(90));
        // Past, unreadable, or sooner than our own wait.
        for text in ["Sat, 28 Nov 2026 11:00:00 GMT", "soon", "0", "-3"] {
            assert_eq!(wait(text), Wait::For(Duration::from_millis(500)), "{text}");
        }
        assert_eq!(wait("3600"), Wait::TooLong(Duration::from_secs(3_600)));
        assert_eq!(wait("18446744073709551615"), Wait::TooLong(Duration::from_secs(u64::MAX)));
    }
}
