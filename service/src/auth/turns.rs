//! Attempts at one account are judged one after another: however many come at once, right ones are not held against each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Accounts from which on those are forgotten at which nothing is under way.
const MANY: usize = 1_024;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Turn<()>>>>);

impl Turns {
    /// Waits for one's turn at what is named; it lasts until what is returned is dropped.
    pub(crate) async fn wait(&self, subject: &str) -> OwnedMutexGuard<()> {
        self.turn(subject).lock_owned().await
    }

    fn turn(&self, subject: &str) -> Arc<Turn<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = turns.get(subject).and_then(Weak::upgrade) {
            return turn;
        }
        if turns.len() >= MANY {
            turns.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::default();
        turns.insert(subject.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_after_another_and_none_is_kept() {
        let turns = Turns::default();
        let first = turns.wait("a").await;
        let other = turns.wait("b").await;
        let mut second = std::pin::pin!(turns.wait("a"));
        assert!(futures_util::poll!(second.as_mut()).is_pending());
        drop(first);
        let second = second.await;
        for i in 0..2 * MANY {
            turns.turn(&i.to_string());
        }
        assert!(turns.0.lock().unwrap().len() <= MANY);
        assert!(turns.turn("a").try_lock().is_err() && turns.turn("b").try_lock().is_err());
        drop((second, other));
    }
}
