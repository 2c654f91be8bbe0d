//! When a search ends.

use std::time::Duration;

use crate::units::Cost;

/// When a search ends: as soon as any of the given limits is met.
///
/// Without any limit, a search runs for ten seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Stop {
    /// Longest time from the call on.
    pub max_runtime: Option<Duration>,
    /// Most iterations. With this limit alone, the result depends on problem, parameters and seed only.
    pub max_iterations: Option<u64>,
    /// Most iterations in a row that bring no better plan.
    pub no_improvement: Option<u64>,
    /// A cost at or below which a feasible plan is good enough.
    pub target_cost: Option<Cost>,
}

impl Stop {
    /// After so many seconds.
    ///
    /// # Panics
    ///
    /// If `seconds` is negative, not finite or too large for a [`Duration`].
    pub fn after_secs(seconds: f64) -> Self {
        Self::after(Duration::from_secs_f64(seconds))
    }

    /// After the given time.
    pub fn after(runtime: Duration) -> Self {
        Self { max_runtime: Some(runtime), ..Self::default() }
    }

    /// After so many iterations.
    pub fn after_iterations(iterations: u64) -> Self {
        Self { max_iterations: Some(iterations), ..Self::default() }
    }

    /// Also after so many iterations in a row without a better plan.
    pub fn or_no_improvement(mut self, iterations: u64) -> Self {
        self.no_improvement = Some(iterations);
        self
    }

    /// Also as soon as a feasible plan costs at most `cost`.
    pub fn or_target_cost(mut self, cost: Cost) -> Self {
        self.target_cost = Some(cost);
        self
    }
}

/// Why a search ended; of several walks, the one whose plan is returned. Decided by `algorithm/termination.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The time was up.
    MaxRuntime,
    /// The number of iterations was reached.
    MaxIterations,
    /// For long enough, no better plan was found.
    NoImprovement,
    /// The target cost was reached.
    TargetCost,
    /// [`CancelToken::cancel`](crate::CancelToken::cancel) was called.
    Cancelled,
    /// There is nothing to decide.
    Trivial,
}
