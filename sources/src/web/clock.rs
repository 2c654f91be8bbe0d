//! Time, as an argument.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use milkrun::CancelToken;

/// How long a wait may go on after it was cancelled.
const STEP: Duration = Duration::from_millis(20);

/// What time it is, and waiting.
pub trait Clock: Send + Sync {
    /// Time since some moment; never goes back.
    fn now(&self) -> Duration;

    /// The date.
    fn date(&self) -> SystemTime;

    /// Waits; less long if it is cancelled.
    fn wait(&self, time: Duration, cancel: &CancelToken);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemClock {
    /// A clock whose time begins now.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn date(&self) -> SystemTime {
        SystemTime::now()
    }

    fn wait(&self, time: Duration, cancel: &CancelToken) {
        let start = Instant::now();
        while !cancel.is_cancelled() {
            let left = time.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(STEP));
        }
    }
}
