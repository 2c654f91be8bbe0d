//! Works figures out anew, day by day, in the background.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

use super::figures;
use crate::audit::Ledger;
use crate::background::POLL;
use crate::error::Error;
use crate::storage::DayFigures as _;

/// What a refresher needs.
#[derive(Clone, Debug)]
pub(crate) struct Refresher {
    /// The database, with its log, and the time.
    pub(crate) ledger: Ledger,
    /// Told when a day has changed here.
    pub(crate) wake: Arc<Notify>,
}

impl Refresher {
    /// Works until a signal to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "the figures of a day could not be worked out");
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Works out the figures of all days that have changed; gives how many they were.
    pub(crate) async fn refresh(&self) -> Result<usize, Error> {
        let mut days = 0;
        // Reading costs no turn to write.
        while self.ledger.connection().await?.count_changed_days().await? > 0 && self.refresh_one().await? {
            days += 1;
        }
        Ok(days)
    }

    /// One day; gives whether there was one that no other process is at.
    async fn refresh_one(&self) -> Result<bool, Error> {
        let start = std::time::Instant::now();
        let mut change = self.ledger.begin().await?;
        let Some((org, day, changes)) = change.take_changed_day(&self.ledger.store).await? else { return Ok(false) };
        let found = figures::of_day(&mut change, &org, &day).await?;
        let now = change.now();
        change.replace_figures(&org, &day, &found, now).await?;
        // What is confirmed from here on, or was not yet seen, has counted the day's changes up: it then stays among those to do.
        change.day_is_fresh(&org, &day, changes).await?;
        change.commit().await?;
        metrics::histogram!("milkrun_figures_seconds").record(start.elapsed().as_secs_f64());
        Ok(true)
    }
}
