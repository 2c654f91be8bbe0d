//! Jobs: what is to be planned, and what became of it.

use super::problem::Prepared;
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::jobs::{NewJob, Task};
use crate::storage::{Connection, Fronts as _, Jobs as _, Plans as _, Store};

pub(crate) use crate::storage::jobs::{Job, QUEUE};

impl Job {
    /// Whether nothing more will happen.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.state.as_str(), "queued" | "running")
    }
}

/// What an equal request has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// A plan.
    Plan(String),
    /// Alternatives.
    Front(String),
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Submitted {
    /// What is asked for is there already.
    Known(Known),
    /// A job of one's own, or that of an equal request.
    Job(Job),
    /// The organisation has too many jobs.
    QueueFull,
    /// The idempotency key was used for another request.
    KeyReused,
}

/// A job to be made.
#[derive(Clone, Debug)]
pub(crate) struct Order<'a> {
    /// Who asks.
    pub(crate) identity: &'a Identity,
    /// A name for people.
    pub(crate) name: &'a str,
    /// What is to be solved.
    pub(crate) prepared: &'a Prepared,
    /// Names the request, so that sending it again does nothing more.
    pub(crate) idempotency_key: Option<&'a str>,
    /// Most jobs of one organisation that wait or run.
    pub(crate) most: i64,
}

/// Finds the plan or the job of an equal request, or makes a job. All within one transaction.
pub(crate) async fn submit(ledger: &Ledger, order: &Order<'_>) -> Result<Submitted, Error> {
    // Two equal requests at the same moment: the index refuses one of them, which then finds the other's job.
    for _ in 0..3 {
        match try_submit(ledger, order).await {
            Err(error) if error.is_conflict() => {}
            other => return other,
        }
    }
    try_submit(ledger, order).await
}

async fn try_submit(ledger: &Ledger, order: &Order<'_>) -> Result<Submitted, Error> {
    let (org, user) = (&order.identity.org, &order.identity.user);
    let content_key = order.prepared.content_key();
    let mut change = ledger.begin().await?;
    let now = change.now();
    if let Some(key) = order.idempotency_key
        && let Some((hash, id)) = change.request_of_key(user, key).await?
    {
        if hash != content_key {
            return Ok(Submitted::KeyReused);
        }
        if let Some(job) = change.job(org, &id).await? {
            return Ok(Submitted::Job(job));
        }
    }
    let known = match order.prepared.front {
        None => change.plan_of_key(org, &content_key).await?.map(Known::Plan),
        Some(_) => change.front_of_key(org, &content_key).await?.map(Known::Front),
    };
    if let Some(known) = known {
        return Ok(Submitted::Known(known));
    }
    let open = change.open_jobs(org).await?;
    let id = if let Some((id, _)) = open.iter().find(|(_, key)| *key == content_key) {
        id.clone()
    } else if open.len() as i64 >= order.most {
        return Ok(Submitted::QueueFull);
    } else {
        insert(&mut change, order, &content_key, now).await?
    };
    if let Some(key) = order.idempotency_key {
        change.keep_key(user, key, (&content_key, &id), now).await?;
    }
    let job = change.job(org, &id).await?.ok_or_else(|| Error::Stored("a job vanished".to_owned()))?;
    change.commit_with(Event::new("plan.requested").by(org, user).on(&id)).await?;
    Ok(Submitted::Job(job))
}

async fn insert(tx: &mut Connection, order: &Order<'_>, content_key: &str, now: i64) -> Result<String, Error> {
    let id = new_id();
    let request = serde_json::to_string(order.prepared).map_err(|error| Error::Stored(error.to_string()))?;
    let Order { identity, name, .. } = order;
    let (org, user, created_at) = (&identity.org, &identity.user, now);
    tx.insert_job(&NewJob { id: &id, org, user, name, request: &request, content_key, created_at }).await?;
    Ok(id)
}

/// One job of an organisation.
pub(crate) async fn find(ledger: &Ledger, org: &str, id: &str) -> Result<Option<Job>, Error> {
    ledger.connection().await?.job(org, id).await
}

/// An organisation's newest jobs.
pub(crate) async fn list(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<Job>, Error> {
    ledger.connection().await?.jobs(org, limit).await
}

/// Cancels a job, and gives it; `None` if the organisation has no such job.
pub(crate) async fn cancel(ledger: &Ledger, who: &Identity, id: &str) -> Result<Option<Job>, Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.cancel_job(&who.org, id, now).await?;
    let Some(job) = change.job(&who.org, id).await? else { return Ok(None) };
    change.commit_with(Event::new("plan.cancel_requested").by(&who.org, &who.user).on(id)).await?;
    Ok(Some(job))
}

/// A job that a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    /// The job.
    pub(crate) id: String,
    /// Its organisation.
    pub(crate) org: String,
    /// Who asked.
    pub(crate) user: String,
    /// A name for people.
    pub(crate) name: String,
    /// What is to be solved.
    pub(crate) prepared: Prepared,
    /// Names equal requests.
    pub(crate) content_key: String,
    /// What asked for it, if that was traced.
    pub(crate) trace: Option<String>,
}

/// Claims the oldest job that waits, or whose worker has not been heard of.
pub(crate) async fn claim(store: &Store, worker: &str, now: i64, lease: i64) -> Result<Option<Claimed>, Error> {
    loop {
        let mut tx = store.begin().await?;
        let Some(claim) = QUEUE.claim(&mut tx, store, worker, (now, now + lease)).await? else { return Ok(None) };
        let Task { org, user, name, request, content_key } = tx.task(&claim.id).await?;
        tx.commit().await?;
        match serde_json::from_str(&request) {
            Ok(prepared) if !claim.is_hopeless => {
                return Ok(Some(Claimed { id: claim.id, org, user, name, prepared, content_key, trace: claim.trace }));
            }
            _ => end(store, worker, &claim.id, "failed", Some("the job could not be brought to an end"), now).await?,
        }
    }
}

/// Says that the worker is alive, and how far it is. Gives whether the job is to be cancelled; `None` if the job is
/// another's by now.
pub(crate) async fn report(
    store: &Store,
    worker: &str,
    id: &str,
    progress: &str,
    lease_until: i64,
) -> Result<Option<bool>, Error> {
    let mut tx = store.begin().await?;
    if !QUEUE.report(&mut tx, (worker, id), progress, lease_until).await? {
        return Ok(None);
    }
    let cancel = tx.is_cancelled(id).await?;
    tx.commit().await?;
    Ok(Some(cancel))
}

/// Ends a job of this worker without a plan.
pub(crate) async fn end(
    store: &Store,
    worker: &str,
    id: &str,
    state: &'static str,
    error: Option<&str>,
    now: i64,
) -> Result<(), Error> {
    let mut tx = store.begin().await?;
    QUEUE.end(&mut tx, (worker, id), (state, error), now).await?;
    tx.commit().await
}
