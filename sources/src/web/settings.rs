//! How requests are sent.

use std::time::Duration;

use crate::setup::{SetupError, check_range};

/// How the requests to a service are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSettings {
    /// Longest time of one request, from sending it to the end of its answer; a minute unless given.
    pub timeout: Duration,
    /// Longest time until there is a connection; ten seconds unless given.
    pub connect_timeout: Duration,
    /// How often a request is sent at most; five times unless given.
    pub attempts: u32,
    /// Wait before the second attempt; the next ones wait twice as long each time. Half a second unless given. The actual wait
    /// is shortened at random by at most a half, so that several clients do not come back at once.
    pub first_wait: Duration,
    /// Longest wait between two attempts; two minutes unless given. A service that asks for a longer one is not asked again.
    pub longest_wait: Duration,
    /// Most bytes of an answer, unpacked; 64 MiB unless given.
    pub longest_body: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(120),
            longest_body: 64 << 20,
        }
    }
}

impl HttpSettings {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    ///
    /// [`SetupError::Setting`] with the first of them.
    pub fn check(&self, source: &'static str) -> Result<(), SetupError> {
        const HOUR: f64 = 3_600.0;
        for (setting, time, range, remedy) in [
            ("timeout", self.timeout, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("connect_timeout", self.connect_timeout, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("first_wait", self.first_wait, 0.001..=HOUR, "it must be from a millisecond to an hour"),
            ("longest_wait", self.longest_wait, 0.001..=24.0 * HOUR, "it must be from a millisecond to a day"),
        ] {
            check_range(source, setting, time.as_secs_f64(), range, remedy)?;
        }
        check_range(source, "attempts", self.attempts.into(), 1.0..=100.0, "it must be from 1 to 100")?;
        let body = self.longest_body as f64;
        check_range(source, "longest_body", body, 1_000.0..=4e9, "it must be from 1,000 to 4,000,000,000 bytes")
    }
}
