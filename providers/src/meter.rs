//! Counting calls.

use std::time::Duration;

use crate::guard::State;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Done,
    /// The provider refuses it.
    Refused,
    /// It asks for patience.
    Limited,
    /// It fails, or there is no answer.
    Failed,
    /// Its answer is not what it promises.
    Unexpected,
    /// It was held back: breaker, bulkhead or budget.
    HeldBack,
    /// It was cancelled.
    Cancelled,
}

impl Outcome {
    /// A word for figures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Limited => "limited",
            Self::Failed => "failed",
            Self::Unexpected => "unexpected",
            Self::HeldBack => "held_back",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One attempt of a call, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metered {
    /// The provider.
    pub provider: &'static str,
    /// What was asked for.
    pub call: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// How long it took.
    pub latency: Duration,
    /// What it cost, millionths of the account's currency.
    pub cost: u64,
    /// The breaker's state afterwards.
    pub state: State,
}

/// Who counts calls.
pub trait Meter: Send + Sync {
    /// An attempt ended.
    fn called(&self, call: &Metered);
}

/// Counts nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unmetered;

impl Meter for Unmetered {
    fn called(&self, _: &Metered) {}
}
