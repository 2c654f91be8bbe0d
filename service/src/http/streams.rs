//! Event streams: how many there may be, and their end when the service stops.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// Streams at a time, of all users and of one.
const MOST: usize = 256;
const MOST_OF_A_USER: usize = 16;

/// The streams under way.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    of: Mutex<HashMap<String, usize>>,
    over: watch::Sender<bool>,
}

impl Streams {
    /// Room for one more stream of a user, unless there are too many; until the room is dropped.
    pub(crate) fn open(self: &Arc<Self>, user: &str) -> Option<Stream> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.values().sum::<usize>() >= MOST || of.get(user).is_some_and(|open| *open >= MOST_OF_A_USER) {
            return None;
        }
        *of.entry(user.to_owned()).or_default() += 1;
        Some(Stream { of: self.clone(), user: user.to_owned(), over: self.over.subscribe() })
    }

    /// Ends all of them.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
    }
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Stream {
    of: Arc<Streams>,
    user: String,
    over: watch::Receiver<bool>,
}

impl Stream {
    /// Waits for so long; says whether the stream goes on.
    pub(crate) async fn goes_on_after(&mut self, pause: Duration) -> bool {
        // A sender that is gone says the same as one that says it is over.
        tokio::time::timeout(pause, self.over.wait_for(|over| *over)).await.is_err()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut of = self.of.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = of.get_mut(&self.user) {
            *open -= 1;
            if *open == 0 {
                of.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_takes_them_all() {
        let streams = Arc::new(Streams::default());
        let mut ada: Vec<Stream> = std::iter::from_fn(|| streams.open("ada")).collect();
        assert_eq!(ada.len(), MOST_OF_A_USER);
        let others: Vec<Stream> = (0..MOST).map_while(|i| streams.open(&format!("u{}", i / MOST_OF_A_USER))).collect();
        assert_eq!(ada.len() + others.len(), MOST);
        assert!(streams.open("eve").is_none());
        drop(others);
        assert!(streams.open("eve").is_some() && streams.open("ada").is_none());
        ada.pop();
        let mut last = streams.open("ada").unwrap();
        assert!(last.goes_on_after(Duration::from_millis(1)).await);
        streams.end();
        assert!(!last.goes_on_after(Duration::from_mins(1)).await);
        drop((ada, last));
        assert!(streams.of.lock().unwrap().is_empty());
    }
}
