//! Adaptations of a day's plan: asked for, proposed, and accepted or rejected by a person. A proposal changes nothing; once it is accepted
//! it becomes a plan of its own and the day's next version, if the version that it adapts still holds.

use std::time::Duration;

use milkrun::adapt::adapt_with;
use milkrun::document::{AdaptDocument, AdaptationDocument, Scales};
use milkrun::io::{geojson, json as documents};
use milkrun::{CancelToken, SolveParams, Stop, Travel};
use serde::Serialize;
use serde_json::{Value, json};

use super::days::{self, DayVersion, NewVersion, Put};
use super::plans::{self, NewPlan, Solved, Stored};
use super::streets::{Measured, Opened};
use super::worker::labelled;
use crate::audit::{self, Event};
use crate::auth::new_id;
use crate::auth::sessions::Identity;
use crate::background::CancelOnDrop;
use crate::crypto::{KeyRing, fingerprint};
use crate::error::Error;
use crate::fleet::Fault;
use crate::networks::Shelf;
use crate::storage::{Connection, Store};

/// An adaptation of a day's plan.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Adaptation {
    /// Its id.
    pub(crate) id: String,
    /// The day.
    pub(crate) day: String,
    /// Which version of the day's plan it adapts.
    pub(crate) version: i64,
    /// `proposed`, `accepted` or `rejected`.
    pub(crate) state: String,
    /// Whether the adapted plan is feasible.
    pub(crate) feasible: bool,
    /// What the adapted plan costs.
    pub(crate) cost: i64,
    /// Which user asked for it.
    pub(crate) asked_by: String,
    /// When, milliseconds since 1970.
    pub(crate) asked_at: i64,
    /// Which user accepted or rejected it.
    pub(crate) decided_by: Option<String>,
    /// When.
    pub(crate) decided_at: Option<i64>,
    /// The plan that it became.
    pub(crate) plan_id: Option<String>,
    /// What was asked for, as `milkrun adapt` takes it.
    #[schema(value_type = Object)]
    pub(crate) request: Value,
    /// What changes and what that costs, as `milkrun adapt --json` prints it.
    #[schema(value_type = Object)]
    pub(crate) answer: Value,
}

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

impl<E: Into<Error>> From<E> for Unadapted {
    fn from(error: E) -> Self {
        Self::Inner(error.into())
    }
}

/// Adapts the plan of a day to what has happened, and keeps the answer as a proposal. Dropping the future ends the search.
pub(crate) async fn propose(
    store: &Store,
    ring: &KeyRing,
    shelf: &Shelf,
    who: &Identity,
    asked: Asked,
    now: i64,
) -> Result<Adaptation, Unadapted> {
    let mut connection = store.connection().await?;
    let version = days::current(&mut connection, &who.org, &asked.day).await?.ok_or(Unadapted::NoPlan)?;
    let stored = plans::stored(&mut connection, &who.org, &version.plan_id).await?.ok_or(Unadapted::NoPlan)?;
    drop(connection);
    let opened = match &stored.streets {
        None => None,
        Some(streets) => Some(streets.open(shelf, &who.org).await.map_err(Unadapted::Broken)?),
    };
    let start = std::time::Instant::now();
    let cancel = CancelToken::new();
    let guard = CancelOnDrop(cancel.clone());
    let request = asked.request.clone();
    let searching = tokio::task::spawn_blocking(move || adapted(&stored, opened.as_ref(), &asked, &cancel));
    let found = searching.await.map_err(|_| Unadapted::Broken("the search broke off".to_owned()))?;
    drop(guard);
    metrics::histogram!("milkrun_adaptation_seconds").record(start.elapsed().as_secs_f64());
    let found = found?;
    Ok(keep(store, ring, who, (&version, request), &found, now).await?)
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
    cancel: &CancelToken,
) -> Result<Adapted, Unadapted> {
    let problem = stored.problem().map_err(Unadapted::Broken)?;
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
    let params = asked.document.params(&published, &search);
    let found = adapt_with(problem, &published, &params, cancel, &mut |_| {}).map_err(|error| {
        let fault = |issue: &milkrun::Issue| Fault::new(format!("$.{}", issue.path), issue.to_string());
        Unadapted::Faults(error.issues.iter().map(fault).collect())
    })?;
    let map = geojson::write_plan_along(&found.problem, &found.plan, &|profile, from, to| {
        measured.as_ref()?.along(opened?, profile, from, to)
    });
    let answer = serde_json::to_string(&AdaptationDocument::new(&found, &Scales::default()));
    let answer = answer.map_err(|error| Unadapted::Broken(error.to_string()))?;
    let map = labelled(&map, &stored.travel);
    Ok(Adapted { solved: Solved { problem: found.problem, plan: found.plan, map }, answer })
}

/// Stores a proposal.
async fn keep(
    store: &Store,
    ring: &KeyRing,
    who: &Identity,
    (version, request): (&DayVersion, String),
    found: &Adapted,
    now: i64,
) -> Result<Adaptation, Error> {
    let id = new_id();
    let Solved { problem, plan, map } = &found.solved;
    let mut tx = store.begin().await?;
    sqlx::query(
        "INSERT INTO adaptations (id, org_id, day, version, request, answer, problem, document, geojson, feasible, cost,
                                  state, asked_by, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'proposed', $12, $13)",
    )
    .bind(id.clone())
    .bind(who.org.clone())
    .bind(version.day.clone())
    .bind(version.version)
    .bind(request)
    .bind(found.answer.clone())
    .bind(documents::write_problem(problem))
    .bind(documents::write_plan(problem, plan))
    .bind(map.clone())
    .bind(i64::from(plan.is_feasible()))
    .bind(plan.cost())
    .bind(who.user.clone())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let detail = json!({"day": version.day, "version": version.version});
    let event = Event::new("adaptation.proposed").by(&who.org, &who.user).on(&id).with(detail);
    audit::append(&mut tx, ring, now, event).await?;
    let kept = find(&mut tx, &who.org, &id).await?;
    tx.commit().await?;
    kept.ok_or_else(|| Error::Stored("an adaptation vanished".to_owned()))
}

type Row =
    (String, String, i64, String, i64, i64, String, i64, Option<String>, Option<i64>, Option<String>, String, String);

const COLUMNS: &str = "id, day, version, state, feasible, cost, asked_by, asked_at, decided_by, decided_at, plan_id, \
                       request, answer";

fn adaptation(row: Row) -> Adaptation {
    let (id, day, version, state, feasible, cost, asked_by, asked_at, decided_by, decided_at, plan_id, request, answer) =
        row;
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let (request, answer) = (read(&request), read(&answer));
    let feasible = feasible != 0;
    Adaptation {
        id,
        day,
        version,
        state,
        feasible,
        cost,
        asked_by,
        asked_at,
        decided_by,
        decided_at,
        plan_id,
        request,
        answer,
    }
}

/// One adaptation.
pub(crate) async fn find(connection: &mut Connection, org: &str, id: &str) -> Result<Option<Adaptation>, Error> {
    let text = format!("SELECT {COLUMNS} FROM adaptations WHERE org_id = $1 AND id = $2");
    let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(text))
        .bind(org.to_owned())
        .bind(id.to_owned())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(adaptation))
}

/// The adaptations of a day's plan, the newest first.
pub(crate) async fn list(
    connection: &mut Connection,
    org: &str,
    day: &str,
    limit: i64,
) -> Result<Vec<Adaptation>, Error> {
    let text = format!(
        "SELECT {COLUMNS} FROM adaptations WHERE org_id = $1 AND day = $2 ORDER BY asked_at DESC, id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(text))
        .bind(org.to_owned())
        .bind(day.to_owned())
        .bind(limit)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(adaptation).collect())
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

/// Makes an adapted plan the day's next version.
pub(crate) async fn accept(
    store: &Store,
    ring: &KeyRing,
    who: &Identity,
    id: &str,
    now: i64,
) -> Result<Decided, Error> {
    let mut connection = store.connection().await?;
    let Some(found) = find(&mut connection, &who.org, id).await? else { return Ok(Decided::Missing) };
    if found.state != "proposed" {
        return Ok(Decided::Before(found.state));
    }
    let (problem, document, map): (String, String, String) =
        sqlx::query_as("SELECT problem, document, geojson FROM adaptations WHERE org_id = $1 AND id = $2")
            .bind(who.org.clone())
            .bind(id.to_owned())
            .fetch_one(&mut *connection)
            .await?;
    // The day may have other versions by now: what was adapted is the one of that time.
    let history = days::history(&mut connection, &who.org, &found.day).await?;
    let Some(adapted) = history.iter().find(|known| known.version == found.version) else {
        return Ok(Decided::Stale(history.first().map_or(0, |newest| newest.version)));
    };
    let Some(before) = plans::stored(&mut connection, &who.org, &adapted.plan_id).await? else {
        return Ok(Decided::Missing);
    };
    drop(connection);
    let read = Stored { problem, document, ..before };
    let (read, form) = tokio::task::spawn_blocking(move || {
        let form = read.problem().and_then(|problem| read.plan(&problem).map(|plan| (problem, plan)));
        (read, form)
    })
    .await
    .map_err(|_| Error::Stored("an adaptation could not be read".to_owned()))?;
    let (made, plan) = form.map_err(Error::Stored)?;
    let solved = Solved { problem: made, plan, map };
    let mut tx = store.begin().await?;
    let new = NewPlan {
        org: &who.org,
        name: &read.name,
        content_key: &fingerprint(format!("adaptation {id}").as_bytes()),
        problem: &read.problem,
        streets: read.streets.as_ref(),
        travel: &read.travel,
    };
    let plan_id = plans::insert(&mut tx, new, &solved, now).await?;
    let version = NewVersion { day: &found.day, plan: &plan_id, after: found.version, cause: "adapted" };
    match days::put(&mut tx, who, version, now).await? {
        Put::Done(_) => {}
        Put::Stale(present) => return Ok(Decided::Stale(present)),
        Put::NoPlan => return Ok(Decided::Missing),
    }
    if !decide(&mut tx, who, id, ("accepted", Some(&plan_id)), now).await? {
        return Ok(Decided::Before("decided".to_owned()));
    }
    let detail = json!({"day": found.day, "version": found.version + 1, "plan": plan_id});
    let event = Event::new("adaptation.accepted").by(&who.org, &who.user).on(id).with(detail);
    audit::append(&mut tx, ring, now, event).await?;
    let decided = find(&mut tx, &who.org, id).await?;
    tx.commit().await?;
    Ok(decided.map_or(Decided::Missing, |decided| Decided::Done(Box::new(decided))))
}

/// Says that a proposal is not taken.
pub(crate) async fn reject(
    store: &Store,
    ring: &KeyRing,
    who: &Identity,
    id: &str,
    now: i64,
) -> Result<Decided, Error> {
    let mut tx = store.begin().await?;
    let Some(found) = find(&mut tx, &who.org, id).await? else { return Ok(Decided::Missing) };
    if !decide(&mut tx, who, id, ("rejected", None), now).await? {
        return Ok(Decided::Before(found.state));
    }
    audit::append(&mut tx, ring, now, Event::new("adaptation.rejected").by(&who.org, &who.user).on(id)).await?;
    let decided = find(&mut tx, &who.org, id).await?;
    tx.commit().await?;
    Ok(decided.map_or(Decided::Missing, |decided| Decided::Done(Box::new(decided))))
}

/// Whether the adaptation was still open.
async fn decide(
    tx: &mut Connection,
    who: &Identity,
    id: &str,
    (state, plan): (&'static str, Option<&str>),
    now: i64,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE adaptations SET state = $1, decided_by = $2, decided_at = $3, plan_id = $4
         WHERE org_id = $5 AND id = $6 AND state = 'proposed'",
    )
    .bind(state)
    .bind(who.user.clone())
    .bind(now)
    .bind(plan.map(str::to_owned))
    .bind(who.org.clone())
    .bind(id.to_owned())
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
