//! Jobs: what is to be planned, and what became of it.

use serde::Serialize;
use serde_json::json;

use super::problem::Prepared;
use crate::audit::{self, Event};
use crate::auth::new_id;
use crate::auth::sessions::Identity;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::queue::Queue;
use crate::storage::{Connection, Store};

/// The jobs that wait or run.
pub(crate) const QUEUE: Queue = Queue { table: "plan_jobs", busy: "running", most_attempts: 5 };

/// A job as it is answered.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Job {
    /// Its id.
    pub(crate) id: String,
    /// A name for people.
    pub(crate) name: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub(crate) state: String,
    /// How far the search is.
    #[schema(value_type = Object)]
    pub(crate) progress: serde_json::Value,
    /// Why it failed.
    pub(crate) error: Option<String>,
    /// The plan, once it is done.
    pub(crate) plan_id: Option<String>,
    /// When it was asked for, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When it ended.
    pub(crate) finished_at: Option<i64>,
}

impl Job {
    /// Whether nothing more will happen.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.state.as_str(), "queued" | "running")
    }
}

type Row = (String, String, String, String, Option<String>, Option<String>, i64, Option<i64>);

fn job((id, name, state, progress, error, plan_id, created_at, finished_at): Row) -> Job {
    let progress = serde_json::from_str(&progress).unwrap_or_else(|_| json!({}));
    Job { id, name, state, progress, error, plan_id, created_at, finished_at }
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Submitted {
    /// The plan is there already.
    Known {
        /// The plan.
        plan_id: String,
    },
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
pub(crate) async fn submit(store: &Store, ring: &KeyRing, order: &Order<'_>, now: i64) -> Result<Submitted, Error> {
    // Two equal requests at the same moment: the index refuses one of them, which then finds the other's job.
    for _ in 0..3 {
        match try_submit(store, ring, order, now).await {
            Err(error) if error.is_conflict() => {}
            other => return other,
        }
    }
    try_submit(store, ring, order, now).await
}

async fn try_submit(store: &Store, ring: &KeyRing, order: &Order<'_>, now: i64) -> Result<Submitted, Error> {
    let (org, user) = (&order.identity.org, &order.identity.user);
    let content_key = order.prepared.content_key();
    let mut tx = store.begin().await?;
    if let Some(key) = order.idempotency_key {
        let known: Option<(String, String)> =
            sqlx::query_as("SELECT request_hash, job_id FROM idempotency_keys WHERE user_id = $1 AND key = $2")
                .bind(user.clone())
                .bind(key.to_owned())
                .fetch_optional(&mut *tx)
                .await?;
        if let Some((hash, id)) = known {
            if hash != content_key {
                return Ok(Submitted::KeyReused);
            }
            if let Some(job) = find(&mut tx, org, &id).await? {
                return Ok(Submitted::Job(job));
            }
        }
    }
    let plan: Option<(String,)> = sqlx::query_as("SELECT id FROM plans WHERE org_id = $1 AND content_key = $2")
        .bind(org.clone())
        .bind(content_key.clone())
        .fetch_optional(&mut *tx)
        .await?;
    if let Some((plan_id,)) = plan {
        return Ok(Submitted::Known { plan_id });
    }
    let open: Vec<(String, String)> =
        sqlx::query_as("SELECT id, content_key FROM plan_jobs WHERE org_id = $1 AND state IN ('queued', 'running')")
            .bind(org.clone())
            .fetch_all(&mut *tx)
            .await?;
    let id = if let Some((id, _)) = open.iter().find(|(_, key)| *key == content_key) {
        id.clone()
    } else if open.len() as i64 >= order.most {
        return Ok(Submitted::QueueFull);
    } else {
        insert(&mut tx, order, &content_key, now).await?
    };
    if let Some(key) = order.idempotency_key {
        sqlx::query(
            "INSERT INTO idempotency_keys (user_id, key, request_hash, job_id, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, key) DO UPDATE SET job_id = excluded.job_id",
        )
        .bind(user.clone())
        .bind(key.to_owned())
        .bind(content_key)
        .bind(id.clone())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    audit::append(&mut tx, ring, now, Event::new("plan.requested").by(org, user).on(&id)).await?;
    let job = find(&mut tx, org, &id).await?.ok_or_else(|| Error::Stored("a job vanished".to_owned()))?;
    tx.commit().await?;
    Ok(Submitted::Job(job))
}

async fn insert(tx: &mut Connection, order: &Order<'_>, content_key: &str, now: i64) -> Result<String, Error> {
    let id = new_id();
    let request = serde_json::to_string(order.prepared).map_err(|error| Error::Stored(error.to_string()))?;
    sqlx::query(
        "INSERT INTO plan_jobs (id, org_id, user_id, name, request, content_key, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7)",
    )
    .bind(id.clone())
    .bind(order.identity.org.clone())
    .bind(order.identity.user.clone())
    .bind(order.name.to_owned())
    .bind(request)
    .bind(content_key.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(id)
}

/// One job of an organisation.
pub(crate) async fn find(connection: &mut Connection, org: &str, id: &str) -> Result<Option<Job>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, name, state, progress, error, plan_id, created_at, finished_at FROM plan_jobs
         WHERE org_id = $1 AND id = $2",
    )
    .bind(org.to_owned())
    .bind(id.to_owned())
    .fetch_optional(connection)
    .await?;
    Ok(row.map(job))
}

/// An organisation's newest jobs.
pub(crate) async fn list(connection: &mut Connection, org: &str, limit: i64) -> Result<Vec<Job>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, name, state, progress, error, plan_id, created_at, finished_at FROM plan_jobs
         WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(org.to_owned())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(job).collect())
}

/// Cancels a job: at once where it waits; where it runs, its worker sees it within a second.
pub(crate) async fn cancel(tx: &mut Connection, org: &str, id: &str, now: i64) -> Result<(), Error> {
    sqlx::query(
        "UPDATE plan_jobs SET state = 'cancelled', finished_at = $3 WHERE org_id = $1 AND id = $2 AND state = 'queued'",
    )
    .bind(org.to_owned())
    .bind(id.to_owned())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE plan_jobs SET cancel_requested = 1 WHERE org_id = $1 AND id = $2 AND state = 'running'")
        .bind(org.to_owned())
        .bind(id.to_owned())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// A job that a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    /// The job.
    pub(crate) id: String,
    /// Its organisation.
    pub(crate) org: String,
    /// A name for people.
    pub(crate) name: String,
    /// What is to be solved.
    pub(crate) prepared: Prepared,
    /// Names equal requests.
    pub(crate) content_key: String,
}

/// Claims the oldest job that waits, or whose worker has not been heard of.
pub(crate) async fn claim(store: &Store, worker: &str, now: i64, lease: i64) -> Result<Option<Claimed>, Error> {
    loop {
        let mut tx = store.begin().await?;
        let Some(claim) = QUEUE.claim(&mut tx, store, worker, (now, now + lease)).await? else { return Ok(None) };
        let (org, name, request, content_key): (String, String, String, String) =
            sqlx::query_as("SELECT org_id, name, request, content_key FROM plan_jobs WHERE id = $1")
                .bind(claim.id.clone())
                .fetch_one(&mut *tx)
                .await?;
        tx.commit().await?;
        match serde_json::from_str(&request) {
            Ok(prepared) if !claim.is_hopeless => {
                return Ok(Some(Claimed { id: claim.id, org, name, prepared, content_key }));
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
    let query = sqlx::query_as("SELECT cancel_requested FROM plan_jobs WHERE id = $1").bind(id.to_owned());
    let (cancel,): (i64,) = query.fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(cancel != 0))
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
    Ok(tx.commit().await?)
}
