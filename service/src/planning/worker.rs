//! Solves jobs, one at a time; several workers, in one process or many, share the queue.

use std::sync::Arc;
use std::time::Duration;

use milkrun::algorithm::RunsProgress;
use milkrun::io::geojson;
use milkrun::{CancelToken, Plan, Problem, Progress, SolveParams, Stop, solve_with};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tracing::{Instrument as _, Span};

use super::alternatives::{self, Found, Wanted};
use super::jobs::{self, Claimed};
use super::plans::{self, Solved, Used};
use super::streets::{Measured, Opened, Streets};
use crate::audit::Ledger;
use crate::background::{CancelOnDrop, POLL, PULSE};
use crate::config::Planning;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::networks::Shelf;
use crate::traces;

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
    Front(Box<Found>),
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
                    let span = traces::work("plan", &claimed.id, claimed.trace.as_deref());
                    if let Err(error) = self.work(&name, &claimed, &mut stop).instrument(span).await {
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
            Ended::Front(found) => {
                let wanted = claimed.prepared.front.as_ref();
                let wanted = wanted.ok_or_else(|| Error::Stored("a front that nobody asked for".to_owned()))?;
                alternatives::store(&self.ledger, (name, claimed), wanted, &found).await?;
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
        traces::ended(&Span::current(), word);
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
        let (travel, front) = (claimed.prepared.travel.clone(), claimed.prepared.front.clone());
        let mut solving = tokio::task::spawn_blocking(move || {
            let task = Task { params: &params, streets: streets.as_ref(), travel: &travel, cancel: &cancel };
            match &front {
                None => task.solve(&problem, &sender).map(|solved| Ended::Plan(Box::new(solved))),
                Some(wanted) => task.front(&problem, wanted, &sender).map(|found| Ended::Front(Box::new(found))),
            }
        });
        let mut ended = None;
        loop {
            tokio::select! {
                solved = &mut solving => {
                    let solved = solved.unwrap_or_else(|_| Err("the search broke off".to_owned()));
                    return Ok(ended.unwrap_or_else(|| solved.unwrap_or_else(Ended::Failed)));
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

/// What a search is done with.
struct Task<'a> {
    params: &'a SolveParams,
    streets: Option<&'a (Streets, Opened)>,
    travel: &'a [Used],
    cancel: &'a CancelToken,
}

impl Task<'_> {
    /// The problem on its streets, if it has any.
    fn measured(&self, problem: &Problem, progress: &watch::Sender<String>) -> Result<Option<Measured>, String> {
        let Some((streets, opened)) = self.streets else { return Ok(None) };
        let told = |share: f64| _ = progress.send_replace(json!({"step": "travel times", "share": share}).to_string());
        streets.measure(problem, opened, self.cancel, &told).map(Some)
    }

    /// The map of a plan: along the streets, or as the problem says.
    fn map(&self, problem: &Problem, measured: Option<&Measured>, plan: &Plan) -> String {
        let opened = self.streets.map(|(_, opened)| opened);
        let map =
            geojson::write_plan_along(problem, plan, &|profile, from, to| measured?.along(opened?, profile, from, to));
        labelled(&map, self.travel)
    }

    /// Makes a plan and its map.
    fn solve(&self, problem: &Problem, progress: &watch::Sender<String>) -> Result<Solved, String> {
        let measured = self.measured(problem, progress)?;
        let problem = measured.as_ref().map_or(problem, |measured| &measured.problem);
        let told = &mut |now: &Progress| _ = progress.send_replace(shown(now));
        let plan = solve_with(problem, self.params, self.cancel, told).plan;
        let map = self.map(problem, measured.as_ref(), &plan);
        Ok(Solved { problem: problem.clone(), plan, map })
    }

    /// Makes alternatives, with a map of each.
    fn front(&self, problem: &Problem, wanted: &Wanted, progress: &watch::Sender<String>) -> Result<Found, String> {
        let measured = self.measured(problem, progress)?;
        let problem = measured.as_ref().map_or(problem, |measured| &measured.problem);
        let told = &mut |now: &RunsProgress| {
            let RunsProgress { elapsed, done, searches, .. } = now;
            let shown = json!({"seconds": elapsed.as_secs_f64(), "searches": searches, "done": done});
            progress.send_replace(shown.to_string());
        };
        let map = |plan: &Plan| self.map(problem, measured.as_ref(), plan);
        alternatives::search(problem, wanted, self.params, self.cancel, told, &map)
    }
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
