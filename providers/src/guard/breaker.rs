//! A circuit breaker: a provider that fails is left alone for a while, and then asked once.
//!
//! The crates for it were examined: `failsafe` 1.3 lets every call pass once its rest is over, where one probe is wanted, and has
//! a clock of its own.

use std::sync::PoisonError;
use std::time::Duration;

use crate::sync::{Arc, Mutex, MutexGuard};

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// It opens after so many failures in a row; five unless given.
    pub failures: u32,
    /// Its first rest; after each probe that fails, the next one is twice as long. Thirty seconds unless given.
    pub rest: Duration,
    /// Its longest rest; ten minutes unless given.
    pub longest_rest: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, rest: Duration::from_secs(30), longest_rest: Duration::from_mins(10) }
    }
}

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// All pass.
    Closed,
    /// None passes.
    Open,
    /// One has passed, and the others wait for its outcome.
    Probing,
}

impl State {
    /// A word for figures: `closed`, `open` or `probing`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Probing => "probing",
        }
    }
}

#[derive(Debug)]
struct Inner {
    state: State,
    /// Failures in a row.
    failures: u32,
    /// The rest that runs, or ran last.
    rest: Duration,
    /// When it ends.
    until: Duration,
    /// Counts openings and closings: outcomes of calls from before say nothing about now.
    era: u64,
}

/// A circuit breaker. Clones are one breaker. Times are those of a clock that never goes back.
#[derive(Clone, Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    inner: Arc<Mutex<Inner>>,
}

impl Breaker {
    /// A breaker that is closed.
    pub fn new(settings: BreakerSettings) -> Self {
        let inner = Inner { state: State::Closed, failures: 0, rest: settings.rest, until: Duration::ZERO, era: 0 };
        Self { settings, inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call pass, or says how long to wait.
    ///
    /// # Errors
    ///
    /// The time until a call may pass again; zero while a probe is under way.
    pub fn ask(&self, now: Duration) -> Result<Pass, Duration> {
        let mut inner = self.lock();
        match inner.state {
            State::Closed => {}
            State::Open if now < inner.until => return Err(inner.until.saturating_sub(now)),
            State::Open => inner.state = State::Probing,
            State::Probing => return Err(Duration::ZERO),
        }
        Ok(Pass { breaker: self.clone(), is_probe: inner.state == State::Probing, era: inner.era, is_settled: false })
    }

    /// What it does with calls.
    pub fn state(&self) -> State {
        self.lock().state
    }

    /// Failures in a row.
    pub fn failures(&self) -> u32 {
        self.lock().failures
    }
}

/// A call that may pass. Its outcome must be told; if it is dropped without, a probe makes room for another one, and nothing
/// else changes.
#[derive(Debug)]
pub struct Pass {
    breaker: Breaker,
    is_probe: bool,
    era: u64,
    is_settled: bool,
}

impl Pass {
    /// Whether it is the probe of an open breaker.
    pub fn is_probe(&self) -> bool {
        self.is_probe
    }

    /// The provider answered, be it with a refusal: it is there.
    pub fn succeeded(mut self) {
        self.is_settled = true;
        let mut inner = self.breaker.lock();
        if inner.era != self.era {
            return;
        }
        inner.failures = 0;
        if self.is_probe {
            inner.state = State::Closed;
            inner.rest = self.breaker.settings.rest;
            inner.era += 1;
        }
    }

    /// There was no answer, or one that shows that the provider fails.
    pub fn failed(mut self, now: Duration) {
        self.is_settled = true;
        let BreakerSettings { failures, longest_rest, .. } = self.breaker.settings;
        let mut inner = self.breaker.lock();
        if inner.era != self.era {
            return;
        }
        inner.failures = inner.failures.saturating_add(1);
        if self.is_probe {
            inner.rest = inner.rest.saturating_mul(2).min(longest_rest);
        } else if inner.failures < failures {
            return;
        }
        inner.state = State::Open;
        inner.until = now.saturating_add(inner.rest);
        inner.era += 1;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.is_probe && !self.is_settled {
            let mut inner = self.breaker.lock();
            if inner.era == self.era {
                inner.state = State::Open;
            }
        }
    }
}

#[cfg(all(test, not(feature = "interleavings")))]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn breaker() -> Breaker {
        Breaker::new(BreakerSettings { failures: 3, rest: 10 * SECOND, longest_rest: 35 * SECOND })
    }

    fn opened() -> Breaker {
        let breaker = breaker();
        (0..3).for_each(|_| breaker.ask(SECOND).unwrap().failed(SECOND));
        breaker
    }

    #[test]
    fn it_opens_after_so_many_failures_in_a_row() {
        let breaker = breaker();
        for _ in 0..5 {
            breaker.ask(SECOND).unwrap().failed(SECOND);
            breaker.ask(SECOND).unwrap().failed(SECOND);
            breaker.ask(SECOND).unwrap().succeeded();
        }
        assert_eq!((breaker.state(), breaker.failures()), (State::Closed, 0));
        assert_eq!(opened().state(), State::Open);
        assert_eq!(opened().ask(4 * SECOND).unwrap_err(), 7 * SECOND);
    }

    #[test]
    fn one_probe_passes_and_its_outcome_decides() {
        let breaker = opened();
        let probe = breaker.ask(11 * SECOND).unwrap();
        assert!(probe.is_probe());
        assert!((0..100).all(|_| breaker.ask(12 * SECOND).is_err()));
        probe.failed(12 * SECOND);
        // Twice as long each time, up to the longest.
        assert_eq!(breaker.ask(12 * SECOND).unwrap_err(), 20 * SECOND);
        breaker.ask(32 * SECOND).unwrap().failed(32 * SECOND);
        assert_eq!(breaker.ask(32 * SECOND).unwrap_err(), 35 * SECOND);
        breaker.ask(67 * SECOND).unwrap().succeeded();
        assert_eq!((breaker.state(), breaker.failures()), (State::Closed, 0));
        (0..3).for_each(|_| breaker.ask(70 * SECOND).unwrap().failed(70 * SECOND));
        assert_eq!(breaker.ask(70 * SECOND).unwrap_err(), 10 * SECOND);
    }

    #[test]
    fn a_probe_that_vanishes_makes_room() {
        let breaker = opened();
        drop(breaker.ask(11 * SECOND).unwrap());
        assert_eq!(breaker.state(), State::Open);
        assert!(breaker.ask(11 * SECOND).unwrap().is_probe());
    }

    #[test]
    fn outcomes_from_before_change_nothing() {
        let breaker = breaker();
        let (late, later) = (breaker.ask(SECOND).unwrap(), breaker.ask(SECOND).unwrap());
        (0..3).for_each(|_| breaker.ask(SECOND).unwrap().failed(SECOND));
        late.succeeded();
        later.failed(5 * SECOND);
        assert_eq!(breaker.ask(SECOND).unwrap_err(), 10 * SECOND);
    }

    #[test]
    fn of_many_threads_one_probes() {
        for _ in 0..200 {
            let breaker = opened();
            let passed: Vec<_> = std::thread::scope(|scope| {
                let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| breaker.ask(11 * SECOND).ok())).collect();
                asking.into_iter().filter_map(|asked| asked.join().unwrap()).collect()
            });
            assert_eq!(passed.len(), 1);
        }
    }
}
