//! What goes into a search and what comes out.

use std::time::Duration;

use crate::algorithm::{Stop, StopReason};
use crate::plan::Plan;
use crate::units::Cost;

/// How to solve.
#[derive(Clone, Debug)]
pub struct SolveParams {
    /// When to stop.
    pub stop: Stop,
    /// Seed of all random choices.
    pub seed: u64,
    /// How many threads may work, as far as the machine has cores for them. The result of an iteration-limited run depends neither on
    /// this number nor on the machine or on scheduling.
    pub threads: usize,
    /// A plan to start from, feasible or not.
    pub initial: Option<Plan>,
}

impl Default for SolveParams {
    fn default() -> Self {
        Self { stop: Stop::default(), seed: 1, threads: 1, initial: None }
    }
}

/// A look at a running search.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Time since the call.
    pub elapsed: Duration,
    /// Iterations so far.
    pub iterations: u64,
    /// Cost of the best feasible plan so far, if there is one.
    pub best_cost: Option<Cost>,
    /// Number of routes of the best plan so far.
    pub routes: usize,
    /// Clients and shipments that the best plan so far leaves unserved.
    pub unserved: usize,
}

/// A look at work that consists of many searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunsProgress {
    /// Time since the call.
    pub elapsed: Duration,
    /// Searches that have ended.
    pub done: usize,
    /// All searches, as far as they are known.
    pub searches: usize,
}

/// The answer of a search.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct SolveResult {
    /// The best plan found. Ask it whether it is feasible.
    pub plan: Plan,
    /// Why the search ended.
    pub stopped: StopReason,
    /// How many iterations it did.
    pub iterations: u64,
    /// How many threads searched: fewer than were asked for where the machine has few cores, the system gave no more, or the problem
    /// is too small to be shared by more.
    pub threads: usize,
    /// How long it took.
    pub runtime: Duration,
}
