//! Calls that did not do what they should.

use std::time::Duration;

/// Why a call to a provider brought nothing. No variant holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The provider refuses it, and would refuse it again.
    #[error("{provider}: {call}: {problem}{}; {remedy}", status_text(*.status))]
    Refused {
        /// The provider.
        provider: &'static str,
        /// What was asked for.
        call: &'static str,
        /// The status of its answer, if there was one.
        status: Option<u16>,
        /// What it says.
        problem: String,
        /// What helps.
        remedy: &'static str,
    },
    /// It failed in a way that may pass.
    #[error("{provider}: {call}: {problem}{}; it may be tried again later", status_text(*.status))]
    Failed {
        /// The provider.
        provider: &'static str,
        /// What was asked for.
        call: &'static str,
        /// The status of its answer, if there was one.
        status: Option<u16>,
        /// What is wrong.
        problem: String,
        /// How long the provider wants to be left alone.
        retry_after: Option<Duration>,
        /// Whether it may have been done all the same.
        may_have_arrived: bool,
    },
    /// The provider says that all went well, and its answer shows otherwise. It may have been done all the same.
    #[error(
        "{provider}: {call}: the answer is not what was promised: {problem}; check the address and the provider's release"
    )]
    Unexpected {
        /// The provider.
        provider: &'static str,
        /// What was asked for.
        call: &'static str,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The provider failed too often lately; nothing was sent.
    #[error("{provider}: it failed too often and is left alone for another {} s", .wait.as_secs())]
    Resting {
        /// The provider.
        provider: &'static str,
        /// Until the next attempt.
        wait: Duration,
    },
    /// As many calls as may be are under way; nothing was sent.
    #[error("{provider}: {most} calls are under way, and no more are allowed at once")]
    Full {
        /// The provider.
        provider: &'static str,
        /// How many are allowed.
        most: usize,
    },
    /// The day's money is spent; nothing was sent.
    #[error("{provider}: the day's budget of {budget} millionths has {left} left, and the call costs {cost}; raise it, or wait {} s", .wait.as_secs())]
    OverBudget {
        /// The provider.
        provider: &'static str,
        /// What may be spent in a day, millionths of the account's currency.
        budget: u64,
        /// What is left of it.
        left: u64,
        /// What the call costs.
        cost: u64,
        /// Until the next day.
        wait: Duration,
    },
    /// It cannot be known what may be spent, or the local folder cannot be used; nothing was sent.
    #[error("{provider}: {problem}")]
    Unavailable {
        /// The provider.
        provider: &'static str,
        /// Why.
        problem: String,
    },
    /// It was cancelled.
    #[error("{provider}: the call was cancelled")]
    Cancelled {
        /// The provider.
        provider: &'static str,
        /// Whether it may have been done all the same.
        may_have_arrived: bool,
    },
}

fn status_text(status: Option<u16>) -> String {
    status.map_or_else(String::new, |status| format!(" (status {status})"))
}

impl CallError {
    /// Whether asking again cannot help.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// Whether the provider was not asked at all, so that it does not count as an attempt.
    pub fn was_held_back(&self) -> bool {
        matches!(self, Self::Resting { .. } | Self::Full { .. } | Self::OverBudget { .. } | Self::Unavailable { .. })
    }

    /// Whether it may have been done: to do it again is safe only with a provider that honours keys.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Failed { may_have_arrived, .. } | Self::Cancelled { may_have_arrived, .. } => *may_have_arrived,
            Self::Unexpected { .. } => true,
            _ => false,
        }
    }

    /// How long to wait before asking again, where the provider or the budget says so.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Failed { retry_after, .. } => *retry_after,
            Self::Resting { wait, .. } | Self::OverBudget { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}
