//! The time limit of an explanation.

use std::time::{Duration, Instant};

use crate::algorithm::CancelToken;

/// How to explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExplainParams {
    /// Time limit, counted from the call; `None`: until the explanations are complete.
    pub max_runtime: Option<Duration>,
}

impl Default for ExplainParams {
    /// Ten seconds.
    fn default() -> Self {
        Self { max_runtime: Some(Duration::from_secs(10)) }
    }
}

/// When to stop: at the time limit, or when cancelled.
pub(super) struct Deadline<'a> {
    start: Instant,
    limit: Option<Duration>,
    cancel: &'a CancelToken,
}

impl<'a> Deadline<'a> {
    pub(super) fn new(params: &ExplainParams, cancel: &'a CancelToken) -> Self {
        Self { start: Instant::now(), limit: params.max_runtime, cancel }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    pub(super) fn is_reached(&self) -> bool {
        self.cancel.is_cancelled() || self.limit.is_some_and(|limit| self.start.elapsed() >= limit)
    }
}
