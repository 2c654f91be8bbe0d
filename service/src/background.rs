//! What work in the background has in common: planning, and preparing networks.

use std::time::Duration;

use milkrun::CancelToken;

/// How often a worker says that it is alive, and looks whether it is to stop.
pub(crate) const PULSE: Duration = Duration::from_millis(500);
/// How often a queue is polled without a notification.
pub(crate) const POLL: Duration = Duration::from_secs(1);

/// Cancels when it is dropped: however a function ends, what it started ends.
#[derive(Debug)]
pub(crate) struct CancelOnDrop(pub(crate) CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
