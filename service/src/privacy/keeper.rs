//! Deletes what is no longer to be kept, and scrubs the files after an erasure, in the background.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use super::retention;
use crate::audit::{Event, Ledger};
use crate::error::Error;
use crate::storage::Persons as _;

/// How often what is too old is looked for.
const EVERY: Duration = Duration::from_hours(6);
/// How often it is looked whether another process has erased somebody.
const LOOK: Duration = Duration::from_mins(5);

/// What a keeper needs.
#[derive(Clone, Debug)]
pub(crate) struct Keeper {
    /// Changes, written down.
    pub(crate) ledger: Ledger,
    /// Told when somebody was erased here.
    pub(crate) wake: Arc<Notify>,
}

impl Keeper {
    /// Works until a signal to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut swept: Option<Instant> = None;
        while !*stop.borrow() {
            if swept.is_none_or(|at| at.elapsed() >= EVERY) {
                match self.sweep().await {
                    Ok(_) => swept = Some(Instant::now()),
                    Err(error) => tracing::warn!(%error, "what is too old could not be deleted"),
                }
            }
            if let Err(error) = self.scrub().await {
                tracing::warn!(%error, "the files could not be scrubbed after an erasure");
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Deletes what is older than organisations keep it; gives how many rows.
    pub(crate) async fn sweep(&self) -> Result<u64, Error> {
        retention::sweep(&self.ledger).await
    }

    /// Writes the database's files anew if somebody was erased since the last time; gives whether it did.
    pub(crate) async fn scrub(&self) -> Result<bool, Error> {
        if self.ledger.connection().await?.count_unscrubbed().await? == 0 {
            return Ok(false);
        }
        let mut connection = self.ledger.store.connection_apart().await?;
        let started = self.ledger.clock.now();
        if !self.ledger.store.backend().scrub(&mut connection, "users, sign_ins").await? {
            return Ok(false);
        }
        drop(connection);
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        change.mark_scrubbed(started, now).await?;
        change.commit_with(Event::new("erasures.scrubbed")).await?;
        Ok(true)
    }
}
