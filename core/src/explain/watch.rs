//! How long to look, and whether that is over.

use std::time::{Duration, Instant};

use crate::algorithm::CancelToken;

/// How to explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExplainParams {
    /// Longest time from the call on; `None`: until all is said.
    pub max_runtime: Option<Duration>,
}

impl Default for ExplainParams {
    /// Ten seconds.
    fn default() -> Self {
        Self { max_runtime: Some(Duration::from_secs(10)) }
    }
}

/// The time that is left.
pub(super) struct Watch<'a> {
    start: Instant,
    limit: Option<Duration>,
    cancel: &'a CancelToken,
}

impl<'a> Watch<'a> {
    pub(super) fn new(params: &ExplainParams, cancel: &'a CancelToken) -> Self {
        Self { start: Instant::now(), limit: params.max_runtime, cancel }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    pub(super) fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || self.limit.is_some_and(|limit| self.start.elapsed() >= limit)
    }
}
