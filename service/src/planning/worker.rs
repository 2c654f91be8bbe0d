//! Solves jobs, one at a time; several workers, in one process or many, share the queue.

use std::sync::Arc;
use std::time::Duration;

use milkrun::{CancelToken, Progress, SolveParams, Stop, solve_with};
use serde_json::json;
use tokio::sync::{Notify, watch};

use super::jobs::{self, Claimed};
use super::plans;
use crate::clock::Clock;
use crate::config::Planning;
use crate::crypto::{KeyRing, bearer_secret};
use crate::error::Error;
use crate::storage::Store;

/// How often a worker says that it is alive, and looks for a cancellation.
const PULSE: Duration = Duration::from_millis(500);
/// How often the queue is polled without a notification.
const POLL: Duration = Duration::from_secs(1);

/// What a worker needs.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// The database.
    pub(crate) store: Store,
    /// The keys, for the audit log.
    pub(crate) ring: KeyRing,
    /// The time.
    pub(crate) clock: Clock,
    /// Limits.
    pub(crate) settings: Planning,
    /// Told when a job was queued here.
    pub(crate) wake: Arc<Notify>,
}

/// How a search ended.
enum Ended {
    Plan(Box<(milkrun::Problem, milkrun::Plan)>),
    Cancelled,
    /// The job is another worker's by now.
    Lost,
    /// The process stops.
    Stopping,
    Failed(&'static str),
}

impl Worker {
    /// Works until a signal to stop; a running job then goes back to the queue.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Ok(name) = bearer_secret() else { return };
        while !*stop.borrow() {
            match jobs::claim(&self.store, &name, self.clock.now(), self.settings.lease_seconds * 1_000).await {
                Ok(Some(claimed)) => {
                    if let Err(error) = self.work(&name, &claimed, &mut stop).await {
                        // The lease runs out, and the job is taken up again.
                        tracing::error!(job = claimed.id, %error, "a job was left behind");
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the queue cannot be read"),
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn work(&self, name: &str, claimed: &Claimed, stop: &mut watch::Receiver<bool>) -> Result<(), Error> {
        let id = &claimed.id;
        let start = std::time::Instant::now();
        let ended = self.search(name, claimed, stop).await?;
        metrics::histogram!("milkrun_job_seconds").record(start.elapsed().as_secs_f64());
        let now = self.clock.now();
        let word = match ended {
            Ended::Plan(found) => {
                let pair = (&found.0, &found.1);
                plans::store_result(&self.store, &self.ring, (name, claimed), pair, now).await?;
                if let Err(error) = self.store.backend().refresh_views(&mut *self.store.connection().await?).await {
                    tracing::warn!(%error, "the analytics could not be refreshed");
                }
                "done"
            }
            Ended::Cancelled => {
                jobs::end(&self.store, name, id, "cancelled", None, now).await?;
                "cancelled"
            }
            Ended::Failed(why) => {
                jobs::end(&self.store, name, id, "failed", Some(why), now).await?;
                "failed"
            }
            Ended::Stopping => {
                jobs::give_back(&self.store, name, id).await?;
                "given back"
            }
            Ended::Lost => "lost",
        };
        metrics::counter!("milkrun_jobs_total", "ended" => word).increment(1);
        tracing::info!(job = id, ended = word, "a job ended");
        Ok(())
    }

    async fn search(&self, name: &str, claimed: &Claimed, stop: &mut watch::Receiver<bool>) -> Result<Ended, Error> {
        let Ok(problem) = milkrun::io::json::read_problem(&claimed.prepared.problem) else {
            return Ok(Ended::Failed("the stored problem cannot be read"));
        };
        let params = SolveParams {
            stop: Stop {
                max_runtime: Some(Duration::from_secs(u64::from(claimed.prepared.seconds))),
                max_iterations: claimed.prepared.iterations,
                ..Stop::default()
            },
            seed: claimed.prepared.seed,
            threads: self.settings.threads,
            initial: None,
        };
        let cancel = CancelToken::new();
        // However this function ends, the search ends.
        let guard = CancelOnDrop(cancel.clone());
        let (sender, progress) = watch::channel(String::from("{}"));
        let mut solving = tokio::task::spawn_blocking(move || {
            let result = solve_with(&problem, &params, &cancel, &mut |progress| {
                sender.send_replace(shown(progress));
            });
            (problem, result.plan)
        });
        let mut ended = None;
        loop {
            tokio::select! {
                solved = &mut solving => {
                    let Ok(pair) = solved else { return Ok(Ended::Failed("the search broke off")) };
                    return Ok(ended.unwrap_or_else(|| Ended::Plan(Box::new(pair))));
                }
                _ = stop.changed(), if ended.is_none() => {
                    guard.0.cancel();
                    ended = Some(Ended::Stopping);
                }
                () = tokio::time::sleep(PULSE), if ended.is_none() => {
                    let shown = progress.borrow().clone();
                    let until = self.clock.now() + self.settings.lease_seconds * 1_000;
                    // While the database is away the search goes on: the lease may last longer than that.
                    match jobs::report(&self.store, name, &claimed.id, &shown, until).await {
                        Ok(Some(false)) => {}
                        Ok(Some(true)) => ended = Some(Ended::Cancelled),
                        Ok(None) => ended = Some(Ended::Lost),
                        Err(error) => tracing::warn!(job = claimed.id, %error, "progress could not be reported"),
                    }
                    if ended.is_some() {
                        guard.0.cancel();
                    }
                }
            }
        }
    }
}

struct CancelOnDrop(CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn shown(progress: &Progress) -> String {
    let Progress { elapsed, iterations, best_cost, routes, unserved, .. } = progress;
    json!({
        "seconds": elapsed.as_secs_f64(),
        "iterations": iterations,
        "best_cost": best_cost,
        "routes": routes,
        "unserved": unserved,
    })
    .to_string()
}
