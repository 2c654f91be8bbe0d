//! What holds calls back: a circuit breaker, a bulkhead; and how a provider does.

mod breaker;
mod bulkhead;

pub use breaker::{Breaker, BreakerSettings, Pass, State};
pub use bulkhead::{Bulkhead, Room};

/// How a provider does, as it was seen by this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The breaker's state.
    pub state: State,
    /// Failures in a row.
    pub failures: u32,
    /// Calls under way.
    pub under_way: usize,
    /// Calls that may be under way at once.
    pub most: usize,
    /// What was wrong last, if anything was.
    pub last_problem: Option<String>,
}
