//! Works on forecasts, one piece at a time; several workers, in one process or many, share the queue. Whatever a piece of work makes
//! is stored in the transaction that ends it: a worker that is killed leaves nothing behind, and another one begins anew.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::{Notify, watch};
use tracing::{Instrument as _, Span};

use super::making::{self, Forecast, Unmade};
use super::registry;
use super::review::{self, Reviewed};
use super::runs;
use super::settings;
use super::training::{self, Candidate, ENOUGH, Training};
use crate::audit::{Event, Ledger};
use crate::background::{POLL, PULSE};
use crate::config;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, watched};
use crate::storage::forecast_models::NewModel;
use crate::storage::forecasts::{NewRun, QUEUE, RunTask};
use crate::storage::queue::Claim;
use crate::storage::{ForecastModels as _, Forecasts as _};
use crate::traces;

/// How often it is looked what is due.
const LOOK: Duration = Duration::from_secs(20);
/// Least time between two trainings that a review asks for, milliseconds.
const REST: i64 = 7 * 86_400_000;

/// What a worker on forecasts needs.
#[derive(Clone, Debug)]
pub(crate) struct Forecaster {
    /// The database, with its log, and the time.
    pub(crate) ledger: Ledger,
    /// Limits.
    pub(crate) settings: config::Forecasts,
    /// Work whose process has not been heard of for so long is taken over, seconds.
    pub(crate) lease_seconds: i64,
    /// Told when work was asked for here.
    pub(crate) wake: Arc<Notify>,
}

/// What was made.
enum Made {
    Forecast(Forecast),
    Candidate(Box<Candidate>),
    Review(Box<Reviewed>),
}

/// How work ended.
enum Ended {
    Made(Made),
    Failed(String),
    Cancelled,
    /// It is another worker's by now.
    Lost,
    /// The process stops.
    Stopping,
}

impl Forecaster {
    /// Works until a signal to stop; what is worked on then goes back to the queue.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Ok(name) = bearer_secret() else { return };
        let mut looked: Option<Instant> = None;
        while !*stop.borrow() {
            if looked.is_none_or(|at| at.elapsed() >= LOOK) {
                looked = Some(Instant::now());
                if let Err(error) = runs::schedule(&self.ledger).await {
                    tracing::warn!(%error, "what is due could not be scheduled");
                }
            }
            match self.work(&name, &mut stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                // The lease runs out, and it is taken up again.
                Err(error) => tracing::warn!(%error, "work on a forecast was left behind"),
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Does the oldest piece of work that waits; gives whether there was one.
    pub(crate) async fn work(&self, name: &str, stop: &mut watch::Receiver<bool>) -> Result<bool, Error> {
        let Some((claim, task)) = self.claim(name).await? else { return Ok(false) };
        let span = traces::work("forecast", &claim.id, claim.trace.as_deref());
        self.carry_out(name, (claim.id, task), stop).instrument(span).await?;
        Ok(true)
    }

    /// Does a piece of work that was claimed, and says how it ended.
    async fn carry_out(
        &self,
        name: &str,
        (id, task): (String, RunTask),
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let start = Instant::now();
        let (sender, progress) = watch::channel(0.0);
        let told = |share: f64| _ = sender.send_replace(share);
        let ended = {
            let making = self.make(&task, &told);
            tokio::pin!(making);
            loop {
                tokio::select! {
                    made = &mut making => break match made {
                        Ok(made) => Ended::Made(made),
                        Err(Unmade::Failed(why)) => Ended::Failed(why),
                        // The database was away: the lease runs out, and it is taken up again.
                        Err(Unmade::Inner(error)) => return Err(error),
                    },
                    _ = stop.changed() => break Ended::Stopping,
                    () = tokio::time::sleep(PULSE) => {
                        let share = *progress.borrow();
                        match self.report(name, &id, share).await {
                            Ok(None) => break Ended::Lost,
                            Ok(Some(true)) => break Ended::Cancelled,
                            Ok(Some(false)) => {}
                            Err(error) => tracing::warn!(run = id, %error, "progress could not be reported"),
                        }
                    }
                }
            }
        };
        let kind = task.kind.clone();
        let word = self.end(name, (&id, &task), ended).await?;
        metrics::histogram!("milkrun_forecast_run_seconds", "kind" => kind.clone())
            .record(start.elapsed().as_secs_f64());
        metrics::counter!("milkrun_forecast_runs_total", "kind" => kind.clone(), "ended" => word).increment(1);
        traces::ended(&Span::current(), word);
        tracing::info!(run = id, kind, ended = word, "work on a forecast ended");
        Ok(())
    }

    async fn claim(&self, name: &str) -> Result<Option<(Claim, RunTask)>, Error> {
        loop {
            let mut change = self.ledger.begin().await?;
            let (now, lease) = (change.now(), self.lease_seconds * 1_000);
            let claim = QUEUE.claim(&mut change, &self.ledger.store, name, (now, now + lease)).await?;
            let Some(claim) = claim else { return Ok(None) };
            if claim.is_hopeless {
                let why = "it was begun several times and never ended";
                QUEUE.end(&mut change, (name, &claim.id), ("failed", Some(why)), now).await?;
                change.commit().await?;
                continue;
            }
            let task = change.run_task(&claim.id).await?;
            change.commit().await?;
            return Ok(Some((claim, task)));
        }
    }

    /// Says that the worker is alive, and how far it is. Gives whether the work is to be cancelled; none: it is another's by now.
    async fn report(&self, name: &str, id: &str, share: f64) -> Result<Option<bool>, Error> {
        let mut change = self.ledger.begin().await?;
        let until = change.now() + self.lease_seconds * 1_000;
        let progress = json!({"share": (share * 100.0).round() / 100.0}).to_string();
        if !QUEUE.report(&mut change, (name, id), &progress, until).await? {
            return Ok(None);
        }
        let is_cancelled = change.is_run_cancelled(id).await?;
        change.commit().await?;
        Ok(Some(is_cancelled))
    }

    async fn make(&self, task: &RunTask, told: making::Told<'_>) -> Result<Made, Unmade> {
        let (ledger, limits) = (&self.ledger, &self.settings);
        match task.kind.as_str() {
            "forecast" => Ok(Made::Forecast(making::forecast(ledger, limits, task, told).await?)),
            "training" => Ok(Made::Candidate(Box::new(training::train(ledger, limits, task, told).await?))),
            _ => Ok(Made::Review(Box::new(review::review(ledger, limits, task, told).await?))),
        }
    }

    /// Stores what was made, and ends the work; gives a word for it.
    async fn end(&self, name: &str, (id, task): (&str, &RunTask), ended: Ended) -> Result<&'static str, Error> {
        let own = (name, id);
        let operation = match task.kind.as_str() {
            "forecast" => Operation::Forecasts,
            "training" => Operation::Models,
            _ => Operation::ForecastReviews,
        };
        let simply = async |state, why: Option<&str>| {
            let mut change = self.ledger.begin().await?;
            let now = change.now();
            QUEUE.end(&mut change, own, (state, why), now).await?;
            change.commit().await
        };
        match ended {
            Ended::Made(made) => {
                let made = &made;
                let stored = watched(operation, || async move {
                    match made {
                        Made::Forecast(forecast) => self.store_forecast(own, task, forecast).await,
                        Made::Candidate(candidate) => self.store_candidate(own, task, candidate).await,
                        Made::Review(reviewed) => self.store_review(own, task, reviewed).await,
                    }
                });
                Ok(if stored.await?.is_some() { "done" } else { "lost" })
            }
            Ended::Failed(why) => simply("failed", Some(&why)).await.map(|()| "failed"),
            Ended::Cancelled => simply("cancelled", None).await.map(|()| "cancelled"),
            Ended::Lost => Ok("lost"),
            Ended::Stopping => QUEUE.give_back(&self.ledger.store, name, id).await.map(|()| "given back"),
        }
    }

    async fn store_forecast(&self, own: (&str, &str), task: &RunTask, made: &Forecast) -> Result<Option<()>, Error> {
        let mut change = self.ledger.begin().await?;
        let (now, bins) = (change.now(), made.outlooks.len() as i64);
        if !change.finish_run(own, (made.as_of, Some(&made.model), bins), now).await? {
            return Ok(None);
        }
        change.insert_outlooks(own.1, &made.outlooks).await?;
        let detail = json!({"day": task.day, "model": made.model, "bins": bins, "as_of": made.as_of});
        change.commit_with(Event::new("forecast.made").of(&task.org).on(own.1).with(detail)).await?;
        Ok(Some(()))
    }

    async fn store_candidate(&self, own: (&str, &str), task: &RunTask, made: &Candidate) -> Result<Option<()>, Error> {
        let (org, id) = (&task.org, new_id());
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        if !change.finish_run(own, (made.span.1, Some(&id), made.bins), now).await? {
            return Ok(None);
        }
        let parameters = made.training.parameters.to_string();
        let (backtest, samples) = (json!(made.backtest).to_string(), json!(made.samples).to_string());
        let new = NewModel {
            id: &id,
            org,
            recipe: (&made.training.method, &parameters),
            features: (&made.training.feature_set, made.version),
            trained: made.span,
            tested: (&backtest, &samples),
            by: task.by.as_deref(),
            now,
        };
        let number = change.insert_model(&new).await?;
        let event = Event::new("forecast.model_trained").on(&id).with(json!({"number": number}));
        let event = match &task.by {
            Some(user) => event.by(org, user),
            None => event.of(org),
        };
        change.note(event).await?;
        let is_better = made.backtest.better_by.is_some_and(|by| by > 0.0 && by >= made.settings.margin);
        if made.settings.auto_promote && is_better && made.backtest.scores.windows >= ENOUGH {
            let model = change.forecast_model(org, &id).await?;
            let model = model.ok_or_else(|| Error::Stored("a model vanished".to_owned()))?;
            registry::activate(&mut change, org, &model, Err("better than the active model")).await?;
        }
        change.commit().await?;
        Ok(Some(()))
    }

    async fn store_review(&self, own: (&str, &str), task: &RunTask, made: &Reviewed) -> Result<Option<()>, Error> {
        let org = &task.org;
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        let model = made.review.as_ref().map(|(model, _)| model.as_str());
        if !change.finish_run(own, (made.as_of, model, made.figures.bins as i64), now).await? {
            return Ok(None);
        }
        if let Some((run, model, tally, samples)) = &made.score {
            let (tally, samples) = (json!(tally).to_string(), json!(samples).to_string());
            let score = (task.day.clone(), model.clone(), tally, samples, made.as_of);
            change.put_score(org, run, &score).await?;
        }
        change.put_impact(org, &task.day, &json!(made.figures).to_string(), made.as_of).await?;
        if let Some((model, review)) = &made.review {
            change.set_review(org, model, &review::text(review)).await?;
            let settings = settings::of(&mut change, org).await?;
            if review.retrain && settings.auto_train {
                self.advise(&mut change, org, model, now).await?;
            }
        }
        change.commit().await?;
        Ok(Some(()))
    }

    /// Puts a training of the same method into the queue, unless there was one lately.
    async fn advise(
        &self,
        change: &mut crate::audit::Change<'_>,
        org: &str,
        model: &str,
        now: i64,
    ) -> Result<(), Error> {
        let last = change.last_run_at(org, "training", "advice").await?;
        if last.is_some_and(|last| now - last < REST) {
            return Ok(());
        }
        let Some(model) = change.forecast_model(org, model).await? else { return Ok(()) };
        let (method, parameters) = (model.method, model.parameters);
        let training = Training { method, parameters, feature_set: model.feature_set, version: None };
        let (id, request) = (new_id(), json!(training).to_string());
        let (kind, day, cause, by) = ("training", "", "advice", None);
        change.insert_run(&NewRun { id: &id, org, kind, day, cause, request: &request, by, now }).await?;
        Ok(())
    }
}
