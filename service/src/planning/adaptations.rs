//! Adaptations of a day's plan: asked for, proposed, and accepted or rejected by a person. A proposal changes
//! nothing; once it is accepted it becomes a plan of its own and the day's next version, if the version that it
//! adapts still holds.

use std::time::Duration;

use milkrun::adapt::adapt_with;
use milkrun::document::{AdaptDocument, AdaptationDocument, Scales};
use milkrun::io::{geojson, json as documents};
use milkrun::{CancelToken, SolveParams, Stop, Travel};
use serde_json::json;

use super::days::{self, DayVersion, NewVersion, Put};
use super::plans::{self, NewPlan, Solved, Stored};
use super::progress::{self, Reported};
use super::streets::{Measured, Opened};
use super::telling;
use super::worker::labelled;
use crate::audit::{Change, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::background::CancelOnDrop;
use crate::crypto::fingerprint;
use crate::error::Error;
use crate::fleet::Fault;
use crate::ids::new_id;
use crate::networks::Shelf;
use crate::operations::{Failure, Operation, Outcome, watched};
use crate::storage::adaptations::Proposal;
use crate::storage::{Adaptations as _, Connection, Days as _};

pub(crate) use crate::storage::adaptations::Adaptation;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The day.
    pub(crate) day: String,
    /// The moment, the events, the prices of changes.
    pub(crate) document: AdaptDocument,
    /// The same as it was sent.
    pub(crate) request: String,
    /// Longest search, seconds.
    pub(crate) seconds: u32,
    /// How many threads search.
    pub(crate) threads: usize,
    /// Whether what drivers report counts as done, and nothing else of their vehicles.
    pub(crate) reports: bool,
}

/// Why nothing is proposed.
#[derive(Debug)]
pub(crate) enum Unadapted {
    /// The day has no plan.
    NoPlan,
    /// What is wrong with what is asked.
    Faults(Vec<Fault>),
    /// The search broke off, or a network cannot be opened.
    Broken(String),
    /// Something failed inside.
    Inner(Error),
}

impl Failure for Unadapted {
    fn inner(&self) -> Option<&Error> {
        if let Self::Inner(error) = self { Some(error) } else { None }
    }
}

impl Outcome for Adaptation {
    fn word(&self) -> &'static str {
        "done"
    }
}

impl<E: Into<Error>> From<E> for Unadapted {
    fn from(error: E) -> Self {
        Self::Inner(error.into())
    }
}

/// Adapts the plan of a day to what has happened, and keeps the answer as a proposal. Dropping the future ends the search.
pub(crate) async fn propose(
    ledger: &Ledger,
    shelf: &Shelf,
    who: &Identity,
    asked: &Asked,
) -> Result<Adaptation, Unadapted> {
    watched(Operation::Adapt, || try_propose(ledger, shelf, who, asked.clone())).await
}

async fn try_propose(ledger: &Ledger, shelf: &Shelf, who: &Identity, asked: Asked) -> Result<Adaptation, Unadapted> {
    let mut connection = ledger.connection().await?;
    let version = connection.day_version(&who.org, &asked.day).await?.ok_or(Unadapted::NoPlan)?;
    let stored = plans::stored(&mut connection, &who.org, &version.plan_id).await?.ok_or(Unadapted::NoPlan)?;
    let road = if asked.reports { on_the_road(&mut connection, &who.org, &version).await? } else { None };
    drop(connection);
    let opened = match &stored.streets {
        None => None,
        Some(streets) => Some(streets.open(shelf, &who.org).await.map_err(Unadapted::Broken)?),
    };
    let start = std::time::Instant::now();
    let cancel = CancelToken::new();
    let guard = CancelOnDrop(cancel.clone());
    let request = asked.request.clone();
    let searching =
        tokio::task::spawn_blocking(move || adapted(&stored, opened.as_ref(), &asked, road.as_ref(), &cancel));
    let found = searching.await.map_err(|_| Unadapted::Broken("the search broke off".to_owned()))?;
    drop(guard);
    metrics::histogram!("milkrun_adaptation_seconds").record(start.elapsed().as_secs_f64());
    let found = found?;
    Ok(keep(ledger, who, (&version, &request), &found).await?)
}

/// What is known from the road, and the plan that was chosen before it was adapted to what was known then.
struct Road {
    reported: Reported,
    base: Option<Stored>,
}

async fn on_the_road(connection: &mut Connection, org: &str, version: &DayVersion) -> Result<Option<Road>, Error> {
    let found = Reported::of_day(connection, (org, &version.day), &version.plan_id).await?;
    let Some(reported) = found else { return Ok(None) };
    let versions = connection.day_versions(org, &version.day, version.version).await?;
    let chosen = versions.into_iter().find(|known| known.cause == "chosen" && known.version < version.version);
    let base = match chosen.filter(|_| version.cause == "adapted") {
        Some(chosen) => plans::stored(connection, org, &chosen.plan_id).await?,
        None => None,
    };
    Ok(Some(Road { reported, base }))
}

/// An adapted plan.
struct Adapted {
    solved: Solved,
    answer: String,
}

/// Searches; the plan is on the streets that the published one is on.
fn adapted(
    stored: &Stored,
    opened: Option<&Opened>,
    asked: &Asked,
    road: Option<&Road>,
    cancel: &CancelToken,
) -> Result<Adapted, Unadapted> {
    let mut problem = stored.problem().map_err(Unadapted::Broken)?;
    if let Some(Road { reported, base: Some(base) }) = road {
        let base = base.problem().map_err(Unadapted::Broken)?;
        problem = reported.unpinned(&problem, &base).map_err(Unadapted::Broken)?;
    }
    let measured = match stored.streets.as_ref().zip(opened) {
        None => None,
        Some((streets, opened)) => Some(match problem.travel() {
            // A plan that was adapted before has its tables with it.
            Travel::Matrices(_) => Measured::with_tables(&problem, opened),
            _ => streets.measure(&problem, opened, cancel, &|_| {}).map_err(Unadapted::Broken)?,
        }),
    };
    let problem = measured.as_ref().map_or(&problem, |measured| &measured.problem);
    let published = stored.plan(problem).map_err(Unadapted::Broken)?;
    let stop = Stop::after(Duration::from_secs(u64::from(asked.seconds)));
    let search = SolveParams { stop, seed: 1, threads: asked.threads, initial: None };
    let mut params = asked.document.params(&published, &search);
    let is_on_earth = stored.streets.is_some() || matches!(problem.travel(), Travel::Haversine { .. });
    let driven = road.map(|road| road.reported.as_driven(problem, &published, asked.document.now, is_on_earth));
    let mut driven = driven.transpose().map_err(Unadapted::Broken)?;
    // Events that follow from reports stand before those that are asked for.
    let mut before = 0;
    if let Some(driven) = &mut driven {
        let events = progress::joined(driven, std::mem::take(&mut params.events)).map_err(Unadapted::Faults)?;
        (params.events, before) = (events, driven.events.len());
    }
    let published = driven.as_ref().map_or(&published, |driven| &driven.plan);
    let problem = driven.as_ref().and_then(|driven| driven.problem.as_ref()).unwrap_or(problem);
    let found = adapt_with(problem, published, &params, cancel, &mut |_| {}).map_err(|error| {
        let fault = |issue: &milkrun::Issue| {
            Fault::new(
                format!("$.{}", progress::as_asked(&issue.path, before)),
                progress::as_asked(&issue.to_string(), before),
            )
        };
        Unadapted::Faults(error.issues.iter().map(fault).collect())
    })?;
    let map = geojson::write_plan_along(&found.problem, &found.plan, &|profile, from, to| {
        measured.as_ref()?.along(opened?, profile, from, to)
    });
    let mut answer = AdaptationDocument::new(&found, &Scales::default());
    for change in &mut answer.difference.changes {
        change.cause = change.cause.and_then(|cause| cause.checked_sub(before));
    }
    let answer = serde_json::to_value(answer).map(|mut answer| {
        answer["reports"] = json!(driven.map(|driven| driven.taken_in));
        answer.to_string()
    });
    let answer = answer.map_err(|error| Unadapted::Broken(error.to_string()))?;
    let map = labelled(&map, &stored.travel);
    Ok(Adapted { solved: Solved { problem: found.problem, plan: found.plan, map }, answer })
}

/// Stores a proposal.
async fn keep(
    ledger: &Ledger,
    who: &Identity,
    (version, request): (&DayVersion, &str),
    found: &Adapted,
) -> Result<Adaptation, Error> {
    let id = new_id();
    let Solved { problem, plan, map } = &found.solved;
    let mut change = ledger.begin().await?;
    let proposal = Proposal {
        id: &id,
        by: (&who.org, &who.user),
        of: (&version.day, version.version),
        words: [request, &found.answer],
        documents: [&documents::write_problem(problem), &documents::write_plan(problem, plan), map],
        feasible: plan.is_feasible(),
        cost: plan.cost(),
        asked_at: change.now(),
    };
    change.insert_proposal(&proposal).await?;
    let detail = json!({"day": version.day, "version": version.version});
    let event = Event::new("adaptation.proposed").by(&who.org, &who.user).on(&id).with(detail);
    let kept = change.adaptation(&who.org, &id).await?;
    change.commit_with(event).await?;
    kept.ok_or_else(|| Error::Stored("an adaptation vanished".to_owned()))
}

/// One adaptation.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Adaptation>, Error> {
    ledger.connection().await?.adaptation(org, id).await
}

/// The adaptations of a day's plan, the newest first.
pub(crate) async fn list(ledger: &Ledger, org: &str, day: &str, limit: i64) -> Result<Vec<Adaptation>, Error> {
    ledger.connection().await?.adaptations(org, day, limit).await
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decided {
    /// It stands.
    Done(Box<Adaptation>),
    /// The organisation has no such adaptation.
    Missing,
    /// It was accepted or rejected before.
    Before(String),
    /// Another version of the day's plan holds by now.
    Stale(i64),
}

impl Outcome for Decided {
    fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Missing => "missing",
            Self::Before(_) | Self::Stale(_) => "stale",
        }
    }
}

/// Makes an adapted plan the day's next version.
pub(crate) async fn accept(ledger: &Ledger, who: &Identity, id: &str) -> Result<Decided, Error> {
    watched(Operation::Decide, || try_accept(ledger, who, id)).await
}

async fn try_accept(ledger: &Ledger, who: &Identity, id: &str) -> Result<Decided, Error> {
    let mut connection = ledger.connection().await?;
    let Some(found) = connection.adaptation(&who.org, id).await? else { return Ok(Decided::Missing) };
    if found.state != "proposed" {
        return Ok(Decided::Before(found.state));
    }
    let (problem, document, map) = connection.adapted_documents(&who.org, id).await?;
    // The day may have other versions by now: what was adapted is the one of that time.
    let Some(adapted) = connection.day_version_of(&who.org, &found.day, found.version).await? else {
        return Ok(Decided::Missing);
    };
    let Some(before) = plans::stored(&mut connection, &who.org, &adapted.plan_id).await? else {
        return Ok(Decided::Missing);
    };
    drop(connection);
    let read = Stored { problem, document, ..before };
    let (made, plan) = watched(Operation::LoadForm, || read.form()).await?;
    let solved = Solved { problem: made, plan, map };
    let mut change = ledger.begin().await?;
    let now = change.now();
    let new = NewPlan {
        org: &who.org,
        name: &read.name,
        content_key: &fingerprint(format!("adaptation {id}").as_bytes()),
        problem: &read.problem,
        streets: read.streets.as_ref(),
        travel: &read.travel,
        forecast: read.forecast.as_ref(),
    };
    let plan_id = plans::insert(&mut change, new, &solved, now).await?;
    let version = NewVersion { day: &found.day, plan: &plan_id, after: found.version, cause: "adapted" };
    match days::put(&mut change, who, version, now).await? {
        Put::Done(version) => telling::day_changed(&mut change, &ledger.ring, &who.org, &version, now).await?,
        Put::Stale(present) => return Ok(Decided::Stale(present)),
        Put::NoPlan => return Ok(Decided::Missing),
    }
    let detail = json!({"day": found.day, "version": found.version + 1, "plan": plan_id});
    let event = Event::new("adaptation.accepted").with(detail);
    decide(change, who, id, ("accepted", Some(&plan_id)), event).await
}

/// Says that a proposal is not taken.
pub(crate) async fn reject(ledger: &Ledger, who: &Identity, id: &str) -> Result<Decided, Error> {
    let reject = || async move {
        let event = Event::new("adaptation.rejected");
        decide(ledger.begin().await?, who, id, ("rejected", None), event).await
    };
    watched(Operation::Decide, reject).await
}

/// Decides an adaptation that is still open, with an entry of the log, and ends the change.
async fn decide(
    mut change: Change<'_>,
    who: &Identity,
    id: &str,
    decision: (&'static str, Option<&str>),
    event: Event<'_>,
) -> Result<Decided, Error> {
    let now = change.now();
    let is_done = change.decide_adaptation((&who.org, id), decision, &who.user, now).await?;
    let Some(found) = change.adaptation(&who.org, id).await? else { return Ok(Decided::Missing) };
    if !is_done {
        return Ok(Decided::Before(found.state));
    }
    change.commit_with(event.by(&who.org, &who.user).on(id)).await?;
    Ok(Decided::Done(Box::new(found)))
}
