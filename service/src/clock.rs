//! The time, which tests can move and stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970. Clones are one clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock(Arc<Hands>);

#[derive(Debug, Default)]
struct Hands {
    offset: AtomicI64,
    /// Where it was stopped, unless it goes.
    #[cfg(test)]
    stopped_at: AtomicI64,
}

impl Clock {
    /// Now.
    pub(crate) fn now(&self) -> i64 {
        self.unmoved().saturating_add(self.0.offset.load(Ordering::Relaxed))
    }

    #[cfg(test)]
    fn unmoved(&self) -> i64 {
        match self.0.stopped_at.load(Ordering::Relaxed) {
            0 => Self::system(),
            at => at,
        }
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests stop it")]
    fn unmoved(&self) -> i64 {
        Self::system()
    }

    fn system() -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64
    }

    /// Moves the clock by so many milliseconds.
    #[cfg(test)]
    pub(crate) fn advance(&self, by: i64) {
        self.0.offset.fetch_add(by, Ordering::Relaxed);
    }

    /// Stops the clock: from now on only [`advance`](Self::advance) moves it.
    #[cfg(test)]
    pub(crate) fn stop(&self) {
        self.0.stopped_at.store(self.unmoved(), Ordering::Relaxed);
    }
}
