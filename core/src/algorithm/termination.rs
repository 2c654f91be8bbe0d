//! How much of a search's budget is spent, and whether it is over.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::algorithm::{CancelToken, Progress, Stop, StopReason};
use crate::search::Measures;

/// Without any limit, a search runs this long.
const DEFAULT_RUNTIME: Duration = Duration::from_secs(10);
/// How long what has been begun may take beyond the limit: a first plan that is complete is worth more than a fifth of a second.
const GRACE: Duration = Duration::from_millis(200);
/// How often progress is reported.
const REPORT_EVERY: Duration = Duration::from_millis(200);

/// What the walks of one search have in common.
pub(super) struct Shared {
    start: Instant,
    stop: Stop,
    cancel: CancelToken,
    iterations: AtomicU64,
    /// The cheapest solution of those with the fewest required jobs unserved.
    best: Mutex<Option<Measures>>,
    /// Set by the first walk that reaches the target.
    target_reached: AtomicBool,
}

impl Shared {
    pub(super) fn new(start: Instant, stop: Stop, cancel: CancelToken) -> Self {
        let mut stop = stop;
        if stop == Stop::default() {
            stop.max_runtime = Some(DEFAULT_RUNTIME);
        }
        Self {
            start,
            stop,
            cancel,
            iterations: AtomicU64::new(0),
            best: Mutex::new(None),
            target_reached: AtomicBool::new(false),
        }
    }

    /// Whether the search must end whatever it is doing: it is cancelled, or its time has been up for a while.
    pub(super) fn is_spent(&self) -> bool {
        let limit = self.stop.max_runtime;
        self.cancel.is_cancelled() || limit.is_some_and(|limit| self.start.elapsed() >= limit.saturating_add(GRACE))
    }
}

/// One walk's view of the budget.
pub(super) struct Termination<'a> {
    shared: &'a Shared,
    /// How many walks share the budget of iterations.
    walks: u64,
    on_progress: Option<&'a mut dyn FnMut(&Progress)>,
    iterations: u64,
    counted: u64,
    last_improvement: u64,
    last_report: Duration,
    elapsed: Duration,
}

impl<'a> Termination<'a> {
    pub(super) fn new(shared: &'a Shared, walks: usize, on_progress: Option<&'a mut dyn FnMut(&Progress)>) -> Self {
        Self {
            shared,
            walks: walks as u64,
            on_progress,
            iterations: 0,
            counted: 0,
            last_improvement: 0,
            last_report: Duration::ZERO,
            elapsed: shared.start.elapsed(),
        }
    }

    /// Goes on after other walks, which did so many iterations.
    pub(super) fn go_on_from(&mut self, iterations: u64) {
        (self.iterations, self.counted, self.last_improvement) = (iterations, iterations, iterations);
    }

    pub(super) fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Iterations that this walk may do.
    fn max_iterations(&self) -> Option<u64> {
        // Each walk has its share, so that more threads do not mean more work for the same limit.
        self.shared.stop.max_iterations.map(|n| n.div_ceil(self.walks))
    }

    /// The part of the budget that is spent, from 0 to 1; `None` where no limit says how long the search will be.
    pub(super) fn spent(&self) -> Option<f64> {
        spent(self.shared.stop.max_runtime, self.elapsed, self.max_iterations(), self.iterations as f64)
    }

    /// How many iterations this walk will do, at about so many a second; `None` where nothing limits it beforehand. A
    /// nominal speed, not a measured one, so that the search does the same on every machine.
    pub(super) fn expected_iterations(&self, per_second: f64) -> Option<f64> {
        let time = self.shared.stop.max_runtime.map(|limit| limit.as_secs_f64() * per_second);
        let work = self.max_iterations().map(|limit| limit as f64);
        match (time, work) {
            (Some(time), Some(work)) => Some(time.min(work)),
            (time, work) => time.or(work),
        }
    }

    /// Counts an iteration.
    #[inline]
    pub(super) fn count(&mut self) {
        self.iterations += 1;
    }

    /// Counts the iterations of blocks.
    pub(super) fn advance(&mut self, iterations: u64) {
        self.iterations += iterations;
    }

    /// A block's part, of so many iterations, of a lap in which all blocks together do `all`.
    pub(super) fn lap(&self, quota: u64, all: u64) -> Lap<'a> {
        let Self { shared, iterations: before, elapsed, .. } = *self;
        Lap { shared, max_iterations: self.max_iterations(), before, all, quota, iterations: 0, elapsed }
    }

    /// Notes a better solution.
    pub(super) fn improved(&mut self, incumbent: Measures) {
        self.last_improvement = self.iterations;
        let feasible = incumbent.missing == 0;
        let mut best = self.shared.best.lock().unwrap_or_else(PoisonError::into_inner);
        if best.is_none_or(|best| (incumbent.missing, incumbent.cost) < (best.missing, best.cost)) {
            *best = Some(incumbent);
        }
        drop(best);
        if feasible && self.shared.stop.target_cost.is_some_and(|target| incumbent.cost <= target) {
            self.shared.target_reached.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the search must end; reads the clock, and reports progress where it is due.
    pub(super) fn should_stop(&mut self) -> Option<StopReason> {
        let stop = &self.shared.stop;
        self.shared.iterations.fetch_add(self.iterations - self.counted, Ordering::Relaxed);
        self.counted = self.iterations;
        self.elapsed = self.shared.start.elapsed();
        self.report();
        if self.shared.cancel.is_cancelled() {
            Some(StopReason::Cancelled)
        } else if self.shared.target_reached.load(Ordering::Relaxed) {
            Some(StopReason::TargetCost)
        } else if self.max_iterations().is_some_and(|limit| self.iterations >= limit) {
            Some(StopReason::MaxIterations)
        } else if stop.max_runtime.is_some_and(|limit| self.elapsed >= limit) {
            Some(StopReason::MaxRuntime)
        } else if stop.no_improvement.is_some_and(|n| self.iterations - self.last_improvement >= n) {
            Some(StopReason::NoImprovement)
        } else {
            None
        }
    }

    /// How many iterations may pass until [`should_stop`](Self::should_stop) must be asked again, at most `n`.
    pub(super) fn until_next_check(&self, n: u64) -> u64 {
        let left = self.max_iterations().map_or(n, |limit| limit.saturating_sub(self.iterations));
        let patience = self
            .shared
            .stop
            .no_improvement
            .map_or(n, |limit| limit.saturating_sub(self.iterations - self.last_improvement));
        n.min(left).min(patience).max(1)
    }

    fn report(&mut self) {
        let Some(on_progress) = &mut self.on_progress else { return };
        if self.elapsed < self.last_report + REPORT_EVERY {
            return;
        }
        self.last_report = self.elapsed;
        let best = *self.shared.best.lock().unwrap_or_else(PoisonError::into_inner);
        on_progress(&Progress {
            elapsed: self.elapsed,
            iterations: self.shared.iterations.load(Ordering::Relaxed),
            best_cost: best.filter(|best| best.missing == 0).map(|best| best.cost),
            routes: best.map_or(0, |best| best.used),
            unserved: best.map_or(0, |best| best.missing),
        });
    }
}

/// A block's view of the budget between two cuts.
pub(super) struct Lap<'a> {
    shared: &'a Shared,
    max_iterations: Option<u64>,
    /// Iterations before this lap, and those of all blocks in it.
    before: u64,
    all: u64,
    quota: u64,
    iterations: u64,
    elapsed: Duration,
}

impl Lap<'_> {
    /// Whether the lap is over, or the whole search; reads the clock.
    pub(super) fn is_over(&mut self) -> bool {
        self.elapsed = self.shared.start.elapsed();
        self.iterations >= self.quota
            || self.shared.cancel.is_cancelled()
            || self.shared.stop.max_runtime.is_some_and(|limit| self.elapsed >= limit)
    }

    /// As [`Termination::spent`]: other blocks are taken to be as far as this one.
    pub(super) fn spent(&self) -> Option<f64> {
        let part = self.iterations as f64 / self.quota.max(1) as f64;
        let iterations = self.before as f64 + part * self.all as f64;
        spent(self.shared.stop.max_runtime, self.elapsed, self.max_iterations, iterations)
    }

    /// How many iterations the search has done, taking other blocks to be as far as this one.
    pub(super) fn all_iterations(&self) -> u64 {
        self.before + (self.iterations as f64 / self.quota.max(1) as f64 * self.all as f64) as u64
    }

    /// Iterations until the next question, at most `n`, which are counted.
    pub(super) fn take(&mut self, n: u64) -> u64 {
        let taken = n.min(self.quota - self.iterations);
        self.iterations += taken;
        taken
    }

    pub(super) fn iterations(&self) -> u64 {
        self.iterations
    }
}

/// The part of a budget of time and of iterations that is spent; `None` where there is no such limit.
fn spent(
    max_runtime: Option<Duration>,
    elapsed: Duration,
    max_iterations: Option<u64>,
    iterations: f64,
) -> Option<f64> {
    let time = max_runtime.map(|limit| elapsed.as_secs_f64() / limit.as_secs_f64().max(1e-9));
    let work = max_iterations.map(|limit| iterations / limit.max(1) as f64);
    match (time, work) {
        (None, None) => None,
        (time, work) => Some(time.unwrap_or(0.0).max(work.unwrap_or(0.0)).min(1.0)),
    }
}
