//! Jobs that plan.

use serde::Serialize;
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::queue::{self, Queue};
use crate::error::Error;
use crate::traces;

/// The jobs that wait or run.
pub(crate) const QUEUE: Queue = Queue { table: "plan_jobs", ready: queue::ANY, busy: "running", most_attempts: 5 };

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
    /// The alternatives, once it is done, if these were asked for.
    pub(crate) front_id: Option<String>,
    /// When it was asked for, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When it ended.
    pub(crate) finished_at: Option<i64>,
}

const COLUMNS: &str = "id, name, state, progress, error, plan_id, front_id, created_at, finished_at";

type Row = (String, String, String, String, Option<String>, Option<String>, Option<String>, i64, Option<i64>);

fn job((id, name, state, progress, error, plan_id, front_id, created_at, finished_at): Row) -> Job {
    let progress = serde_json::from_str(&progress).unwrap_or_else(|_| json!({}));
    Job { id, name, state, progress, error, plan_id, front_id, created_at, finished_at }
}

/// A job to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewJob<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// Who asks.
    pub(crate) user: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// What is to be solved, as JSON.
    pub(crate) request: &'a str,
    /// Names equal requests.
    pub(crate) content_key: &'a str,
    /// When it was asked for.
    pub(crate) created_at: i64,
}

/// What a job has made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Made<'a> {
    /// A plan.
    Plan(&'a str),
    /// Alternatives.
    Front(&'a str),
}

/// What a worker must know of a job.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// Its organisation.
    pub(crate) org: String,
    /// Who asked.
    pub(crate) user: String,
    /// A name for people.
    pub(crate) name: String,
    /// What is to be solved, as JSON.
    pub(crate) request: String,
    /// Names equal requests.
    pub(crate) content_key: String,
}

/// Jobs: what is to be planned, and what became of it.
pub(crate) trait Jobs {
    /// One job of an organisation.
    async fn job(&mut self, org: &str, id: &str) -> Result<Option<Job>, Error>;

    /// An organisation's newest jobs.
    async fn jobs(&mut self, org: &str, limit: i64) -> Result<Vec<Job>, Error>;

    /// Ids and content keys of an organisation's jobs that wait or run.
    async fn open_jobs(&mut self, org: &str) -> Result<Vec<(String, String)>, Error>;

    /// Makes a job that waits.
    async fn insert_job(&mut self, new: &NewJob<'_>) -> Result<(), Error>;

    /// What a worker must know of a job.
    async fn task(&mut self, id: &str) -> Result<Task, Error>;

    /// Cancels a job: at once where it waits; where it runs, its worker sees it within a second.
    async fn cancel_job(&mut self, org: &str, id: &str, now: i64) -> Result<(), Error>;

    /// Whether a job is to be cancelled.
    async fn is_cancelled(&mut self, id: &str) -> Result<bool, Error>;

    /// Ends a worker's job with what it has made. Gives whether it was still its own.
    async fn finish_job(&mut self, own: (&str, &str), made: Made<'_>, now: i64) -> Result<bool, Error>;

    /// Digest and job of the request that a user has sent under a key.
    async fn request_of_key(&mut self, user: &str, key: &str) -> Result<Option<(String, String)>, Error>;

    /// Keeps for which request, by its digest, and which job a user has used a key.
    async fn keep_key(&mut self, user: &str, key: &str, request: (&str, &str), now: i64) -> Result<(), Error>;
}

impl Jobs for Connection {
    async fn job(&mut self, org: &str, id: &str) -> Result<Option<Job>, Error> {
        let text = format!("SELECT {COLUMNS} FROM plan_jobs WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(job))
    }

    async fn jobs(&mut self, org: &str, limit: i64) -> Result<Vec<Job>, Error> {
        let text =
            format!("SELECT {COLUMNS} FROM plan_jobs WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(job).collect())
    }

    async fn open_jobs(&mut self, org: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as(
            "SELECT id, content_key FROM plan_jobs WHERE org_id = $1 AND state IN ('queued', 'running')",
        );
        Ok(query.bind(org.to_owned()).fetch_all(self).await?)
    }

    async fn insert_job(&mut self, new: &NewJob<'_>) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO plan_jobs (id, org_id, user_id, name, request, content_key, state, created_at, trace)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8)",
        )
        .bind(new.id.to_owned())
        .bind(new.org.to_owned())
        .bind(new.user.to_owned())
        .bind(new.name.to_owned())
        .bind(new.request.to_owned())
        .bind(new.content_key.to_owned())
        .bind(new.created_at)
        .bind(traces::current())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn task(&mut self, id: &str) -> Result<Task, Error> {
        let query = sqlx::query_as("SELECT org_id, user_id, name, request, content_key FROM plan_jobs WHERE id = $1");
        let (org, user, name, request, content_key) = query.bind(id.to_owned()).fetch_one(self).await?;
        Ok(Task { org, user, name, request, content_key })
    }

    async fn cancel_job(&mut self, org: &str, id: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE plan_jobs SET state = 'cancelled', finished_at = $3 WHERE org_id = $1 AND id = $2 AND state = 'queued'",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(now)
        .execute(&mut *self)
        .await?;
        sqlx::query("UPDATE plan_jobs SET cancel_requested = 1 WHERE org_id = $1 AND id = $2 AND state = 'running'")
            .bind(org.to_owned())
            .bind(id.to_owned())
            .execute(self)
            .await?;
        Ok(())
    }

    async fn is_cancelled(&mut self, id: &str) -> Result<bool, Error> {
        let query = sqlx::query_as("SELECT cancel_requested FROM plan_jobs WHERE id = $1").bind(id.to_owned());
        let (requested,): (i64,) = query.fetch_one(self).await?;
        Ok(requested != 0)
    }

    async fn finish_job(&mut self, (worker, id): (&str, &str), made: Made<'_>, now: i64) -> Result<bool, Error> {
        let (plan, front) = match made {
            Made::Plan(plan) => (Some(plan.to_owned()), None),
            Made::Front(front) => (None, Some(front.to_owned())),
        };
        let done = sqlx::query(
            "UPDATE plan_jobs SET state = 'done', plan_id = $1, front_id = $2, finished_at = $3
             WHERE id = $4 AND worker = $5 AND state = 'running'",
        )
        .bind(plan)
        .bind(front)
        .bind(now)
        .bind(id.to_owned())
        .bind(worker.to_owned())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn request_of_key(&mut self, user: &str, key: &str) -> Result<Option<(String, String)>, Error> {
        let query = sqlx::query_as("SELECT request_hash, job_id FROM idempotency_keys WHERE user_id = $1 AND key = $2");
        Ok(query.bind(user.to_owned()).bind(key.to_owned()).fetch_optional(self).await?)
    }

    async fn keep_key(&mut self, user: &str, key: &str, (request, job): (&str, &str), now: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO idempotency_keys (user_id, key, request_hash, job_id, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, key) DO UPDATE SET job_id = excluded.job_id",
        )
        .bind(user.to_owned())
        .bind(key.to_owned())
        .bind(request.to_owned())
        .bind(job.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }
}
