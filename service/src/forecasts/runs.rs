//! Work on forecasts: asked for, scheduled, listed, cancelled.

use serde_json::{Value, json};

use super::days;
use super::settings::{self, Settings};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::forecasts::NewRun;
use crate::storage::{FeatureSets as _, Forecasts as _, Readings as _};

pub(crate) use crate::storage::forecasts::Run;

/// Days before the last one that are reviewed, too, if they were not.
const CATCH_UP: i64 = 6;

/// Days after which readings that were corrected or deleted are forgotten.
const KEEP_REPLACED: i64 = 500;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// `forecast`, `review` or `training`.
    pub(crate) kind: &'static str,
    /// The day; empty: none.
    pub(crate) day: &'a str,
    /// What else there is to say.
    pub(crate) request: Value,
}

impl Outcome for Run {}

/// Asks for work; gives the same that waits or runs already, if there is any.
pub(crate) async fn ask(ledger: &Ledger, who: &Identity, wanted: &Wanted<'_>) -> Result<Run, Error> {
    watched(Operation::Forecasts, || async move {
        let Wanted { kind, day, request } = wanted;
        let mut change = ledger.begin().await?;
        if let Some(open) = change.open_run(&who.org, kind, day).await? {
            return Ok(open);
        }
        let (id, now, request) = (new_id(), change.now(), request.to_string());
        let by = Some(who.user.as_str());
        let new = NewRun { id: &id, org: &who.org, kind, day, cause: "demand", request: &request, by, now };
        if !change.insert_run(&new).await? {
            return Err(Error::Collision("the same was asked for at the same time".to_owned()));
        }
        let run = change.forecast_run(&who.org, &id).await?;
        let run = run.ok_or_else(|| Error::Stored("a run vanished".to_owned()))?;
        let detail = json!({"kind": kind, "day": day});
        let event = Event::new("forecasts.requested").by(&who.org, &who.user).on(&id).with(detail);
        change.commit_with(event).await?;
        Ok(run)
    })
    .await
}

/// One piece of work.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Run>, Error> {
    ledger.connection().await?.forecast_run(org, id).await
}

/// The newest work, of a kind or of all.
pub(crate) async fn list(ledger: &Ledger, org: &str, kind: &str, limit: i64) -> Result<Vec<Run>, Error> {
    ledger.connection().await?.forecast_runs(org, kind, limit).await
}

/// Cancels work, and gives it; none if the organisation has no such work.
pub(crate) async fn cancel(ledger: &Ledger, who: &Identity, id: &str) -> Result<Option<Run>, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.cancel_run(&who.org, id, now).await?;
    let Some(run) = change.forecast_run(&who.org, id).await? else { return Ok(None) };
    change.commit_with(Event::new("forecasts.cancel_requested").by(&who.org, &who.user).on(id)).await?;
    Ok(Some(run))
}

/// Puts what is due into the queue: once for each organisation and day, whatever the number of processes. Gives how many
/// organisations had something due.
pub(crate) async fn schedule(ledger: &Ledger) -> Result<usize, Error> {
    let now = ledger.clock.now();
    let usual = Settings::default();
    let mut change = ledger.begin().await?;
    if change.settle_forecast_settings(&usual.text(), Some(usual.due(now).1)).await? > 0 {
        change.commit().await?;
    } else {
        drop(change);
    }
    let mut organisations = 0;
    loop {
        let mut change = ledger.begin().await?;
        let Some((org, settings)) = change.take_due_forecast(&ledger.store, now).await? else { break };
        let settings: Settings = serde_json::from_str(&settings).unwrap_or_default();
        let (last, next) = settings.due(now);
        let today = days::day_of(&settings.time_zone(), last);
        // A day is over once the next day's round serves.
        let over = if settings.run_at >= settings.service_at { 1 } else { 2 };
        let mut wanted = vec![("forecast", days::later(today, 1))];
        wanted.extend((0..=CATCH_UP).rev().map(|day| ("review", days::later(today, -over - day))));
        for (kind, day) in wanted {
            let (id, day) = (new_id(), day.to_string());
            let (cause, request, by) = ("schedule", "{}", None);
            change.insert_run(&NewRun { id: &id, org: &org, kind, day: &day, cause, request, by, now }).await?;
        }
        change.set_forecast_settings(&org, &settings.text(), settings.enabled.then_some(next)).await?;
        change.commit().await?;
        organisations += 1;
    }
    Ok(organisations)
}

/// Forgets what is older than it is kept.
pub(crate) async fn sweep(ledger: &Ledger, keep_days: i64) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.forget_runs(now - keep_days * days::DAY * days::SECOND).await?;
    // Longer than any history reaches back.
    change.forget_replaced(now - (KEEP_REPLACED * days::DAY) * days::SECOND).await?;
    change.commit().await
}

/// The settings of an organisation, and the day that a forecast is for which is made now.
pub(crate) async fn tomorrow(ledger: &Ledger, org: &str) -> Result<String, Error> {
    Ok(settings::find(ledger, org).await?.tomorrow(ledger.clock.now()).to_string())
}
