//! Event streams: how many there may be, and their end when the service stops.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::shares::{Share, Shares};

/// Streams at a time, of all users and of one.
const MOST: usize = 256;
const MOST_OF_A_USER: usize = 16;

/// The streams under way.
#[derive(Debug)]
pub(crate) struct Streams {
    open: Arc<Shares<String>>,
    over: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { open: Shares::new(MOST, MOST_OF_A_USER), over: watch::Sender::default() }
    }
}

impl Streams {
    /// Room for one more stream of a user, unless there are too many; until the room is dropped.
    pub(crate) fn open(&self, user: &str) -> Option<Stream> {
        let share = self.open.take(Some(user.to_owned())).ok()?;
        Some(Stream { _share: share, over: self.over.subscribe() })
    }

    /// Ends all of them.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
    }
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Stream {
    _share: Share<String>,
    over: watch::Receiver<bool>,
}

impl Stream {
    /// Waits for so long; says whether the stream goes on.
    pub(crate) async fn goes_on_after(&mut self, pause: Duration) -> bool {
        // A sender that is gone says the same as one that says it is over.
        tokio::time::timeout(pause, self.over.wait_for(|over| *over)).await.is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn streams_end() {
        let streams = Streams::default();
        let mut ada: Vec<Stream> = std::iter::from_fn(|| streams.open("ada")).collect();
        assert_eq!(ada.len(), MOST_OF_A_USER);
        let last = ada.last_mut().unwrap();
        assert!(last.goes_on_after(Duration::from_millis(1)).await);
        streams.end();
        assert!(!last.goes_on_after(Duration::from_mins(1)).await);
    }
}
