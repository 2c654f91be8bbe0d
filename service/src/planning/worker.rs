//! Solves jobs, one at a time; several workers, in one process or many, share the queue.

use std::sync::Arc;
use std::time::Duration;

use milkrun::io::geojson;
use milkrun::{CancelToken, Problem, Progress, SolveParams, Stop, solve_with};
use serde_json::json;
use tokio::sync::{Notify, watch};

use super::jobs::{self, Claimed};
use super::plans::{self, Solved, Used};
use super::streets::{Opened, Streets};
use crate::audit::Ledger;
use crate::background::{CancelOnDrop, POLL, PULSE};
use crate::config::Planning;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::networks::Shelf;

/// What a worker needs.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// The database, with its log, and the time.
    pub(crate) ledger: Ledger,
    /// Limits.
    pub(crate) settings: Planning,
    /// The networks.
    pub(crate) shelf: Shelf,
    /// Told when a job was queued here.
    pub(crate) wake: Arc<Notify>,
}

/// How a search ended.
enum Ended {
    Plan(Box<Solved>),
    Cancelled,
    /// The job is another worker's by now.
    Lost,
    /// The process stops.
    Stopping,
    Failed(String),
}

impl Worker {
    /// Works until a signal to stop; a running job then goes back to the queue.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Ok(name) = bearer_secret() else { return };
        while !*stop.borrow() {
            match jobs::claim(&self.ledger.store, &name, self.ledger.clock.now(), self.settings.lease_seconds * 1_000)
                .await
            {
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
        let now = self.ledger.clock.now();
        let word = match ended {
            Ended::Plan(found) => {
                plans::store_result(&self.ledger, (name, claimed), &found).await?;
                if let Err(error) = self.refresh_views().await {
                    tracing::warn!(%error, "the analytics could not be refreshed");
                }
                "done"
            }
            Ended::Cancelled => {
                jobs::end(&self.ledger.store, name, id, "cancelled", None, now).await?;
                "cancelled"
            }
            Ended::Failed(why) => {
                jobs::end(&self.ledger.store, name, id, "failed", Some(&why), now).await?;
                "failed"
            }
            Ended::Stopping => {
                jobs::QUEUE.give_back(&self.ledger.store, name, id).await?;
                "given back"
            }
            Ended::Lost => "lost",
        };
        metrics::counter!("milkrun_jobs_total", "ended" => word).increment(1);
        tracing::info!(job = id, ended = word, "a job ended");
        Ok(())
    }

    async fn refresh_views(&self) -> Result<(), Error> {
        let mut tx = self.ledger.store.begin().await?;
        self.ledger.store.backend().refresh_views(&mut tx).await?;
        tx.commit().await
    }

    async fn search(&self, name: &str, claimed: &Claimed, stop: &mut watch::Receiver<bool>) -> Result<Ended, Error> {
        let Ok(problem) = milkrun::io::json::read_problem(&claimed.prepared.problem) else {
            return Ok(Ended::Failed("the stored problem cannot be read".to_owned()));
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
        let streets = match &claimed.prepared.streets {
            None => None,
            Some(streets) => match streets.open(&self.shelf, &claimed.org).await {
                Ok(opened) => Some((streets.clone(), opened)),
                Err(why) => return Ok(Ended::Failed(why)),
            },
        };
        let travel = claimed.prepared.travel.clone();
        let mut solving = tokio::task::spawn_blocking(move || {
            let solved = solve(&problem, &params, streets.as_ref(), &cancel, &sender)?;
            Ok(Solved { map: labelled(&solved.map, &travel), ..solved })
        });
        let mut ended = None;
        loop {
            tokio::select! {
                solved = &mut solving => {
                    let solved = solved.unwrap_or_else(|_| Err("the search broke off".to_owned()));
                    return Ok(ended.unwrap_or_else(|| match solved {
                        Ok(solved) => Ended::Plan(Box::new(solved)),
                        Err(why) => Ended::Failed(why),
                    }));
                }
                _ = stop.changed(), if ended.is_none() => {
                    guard.0.cancel();
                    ended = Some(Ended::Stopping);
                }
                () = tokio::time::sleep(PULSE), if ended.is_none() => {
                    let shown = progress.borrow().clone();
                    let until = self.ledger.clock.now() + self.settings.lease_seconds * 1_000;
                    // While the database is away the search goes on: the lease may last longer than that.
                    match jobs::report(&self.ledger.store, name, &claimed.id, &shown, until).await {
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

/// Makes a plan and its map: on streets, or as the problem says.
fn solve(
    problem: &Problem,
    params: &SolveParams,
    streets: Option<&(Streets, Opened)>,
    cancel: &CancelToken,
    progress: &watch::Sender<String>,
) -> Result<Solved, String> {
    let measured = match streets {
        None => None,
        Some((streets, opened)) => {
            let told =
                |share: f64| _ = progress.send_replace(json!({"step": "travel times", "share": share}).to_string());
            Some((streets.measure(problem, opened, cancel, &told)?, opened))
        }
    };
    let problem = measured.as_ref().map_or(problem, |(measured, _)| &measured.problem);
    let plan = solve_with(problem, params, cancel, &mut |now| _ = progress.send_replace(shown(now))).plan;
    let map = geojson::write_plan_along(problem, &plan, &|profile, from, to| {
        let (measured, opened) = measured.as_ref()?;
        measured.along(opened, profile, from, to)
    });
    Ok(Solved { problem: problem.clone(), plan, map })
}

/// The map with the words on what its times and distances rest, as a member of its own (RFC 7946, section 6.1).
pub(super) fn labelled(map: &str, travel: &[Used]) -> String {
    let Ok(serde_json::Value::Object(mut members)) = serde_json::from_str(map) else { return map.to_owned() };
    members.insert("travel".to_owned(), json!(travel));
    serde_json::Value::Object(members).to_string()
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
