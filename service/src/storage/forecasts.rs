//! Work on forecasts, and what was forecast of each bin.

use serde::Serialize;
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::queue::{self, Queue};
use super::rows::{self, Value};
use crate::error::Error;
use crate::traces;

/// Forecasts, reviews and trainings that wait or run.
pub(crate) const QUEUE: Queue = Queue { table: "forecast_runs", ready: queue::ANY, busy: "running", most_attempts: 5 };

/// Work on forecasts, as it is answered.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Run {
    /// Its id.
    pub(crate) id: String,
    /// `forecast`, `review` or `training`.
    pub(crate) kind: String,
    /// The first day of a forecast, or the day that is reviewed; empty for a training.
    pub(crate) day: String,
    /// `schedule`, `demand` or `advice`.
    pub(crate) cause: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub(crate) state: String,
    /// How far it is.
    #[schema(value_type = Object)]
    pub(crate) progress: serde_json::Value,
    /// Why it failed.
    pub(crate) error: Option<String>,
    /// What was known, milliseconds since 1970.
    pub(crate) as_of: Option<i64>,
    /// The model that made the forecast, or that was trained.
    pub(crate) model_id: Option<String>,
    /// How many bins it has.
    pub(crate) bins: Option<i64>,
    /// When it was asked for, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When it ended.
    pub(crate) finished_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, day, cause, state, progress, error, as_of, model_id, bins, created_at, finished_at";

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<i64>,
    i64,
    Option<i64>,
);

fn run(row: Row) -> Run {
    let (id, kind, day, cause, state, progress, error, as_of, model_id, bins, created_at, finished_at) = row;
    let progress = serde_json::from_str(&progress).unwrap_or_else(|_| json!({}));
    Run { id, kind, day, cause, state, progress, error, as_of, model_id, bins, created_at, finished_at }
}

/// Work that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRun<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// `forecast`, `review` or `training`.
    pub(crate) kind: &'static str,
    /// The day; empty: none.
    pub(crate) day: &'a str,
    /// `schedule`, `demand` or `advice`.
    pub(crate) cause: &'static str,
    /// What is asked for, as JSON.
    pub(crate) request: &'a str,
    /// Who asks.
    pub(crate) by: Option<&'a str>,
    /// When.
    pub(crate) now: i64,
}

/// What a worker must know of its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunTask {
    /// Its organisation.
    pub(crate) org: String,
    /// `forecast`, `review` or `training`.
    pub(crate) kind: String,
    /// The day.
    pub(crate) day: String,
    /// What is asked for, as JSON.
    pub(crate) request: String,
    /// Who asked.
    pub(crate) by: Option<String>,
}

/// What is forecast of a bin.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outlook {
    /// Code of the bin.
    pub(crate) bin: String,
    /// The newest level that was known, per cent; none where nothing was.
    pub(crate) level: Option<f64>,
    /// When that was, milliseconds since 1970.
    pub(crate) level_at: i64,
    /// What is deposited from then until each round, points, by round and level; empty where nothing is known.
    pub(crate) quantiles: Vec<Vec<f64>>,
    /// The features that it had.
    pub(crate) features: Vec<Option<f64>>,
}

/// Work on forecasts, and what was forecast.
pub(crate) trait Forecasts {
    /// Puts work into the queue, unless the same is scheduled, or waits or runs already; says whether it was put there.
    async fn insert_run(&mut self, new: &NewRun<'_>) -> Result<bool, Error>;

    /// One piece of work of an organisation.
    async fn forecast_run(&mut self, org: &str, id: &str) -> Result<Option<Run>, Error>;

    /// The work of a kind and day that waits or runs.
    async fn open_run(&mut self, org: &str, kind: &str, day: &str) -> Result<Option<Run>, Error>;

    /// An organisation's newest work, of a kind or of all.
    async fn forecast_runs(&mut self, org: &str, kind: &str, limit: i64) -> Result<Vec<Run>, Error>;

    /// The newest forecast of a day that was made as of `before` at the latest.
    async fn forecast_of_day(&mut self, org: &str, day: &str, before: i64) -> Result<Option<Run>, Error>;

    /// What a worker must know.
    async fn run_task(&mut self, id: &str) -> Result<RunTask, Error>;

    /// Cancels work: at once where it waits; where it runs, its worker sees it within a second.
    async fn cancel_run(&mut self, org: &str, id: &str, now: i64) -> Result<(), Error>;

    /// Whether work is to be cancelled.
    async fn is_run_cancelled(&mut self, id: &str) -> Result<bool, Error>;

    /// Ends a worker's work that is done. Gives whether it was still its own.
    async fn finish_run(&mut self, own: (&str, &str), made: (i64, Option<&str>, i64), now: i64) -> Result<bool, Error>;

    /// When work of a kind and cause was last asked for.
    async fn last_run_at(&mut self, org: &str, kind: &str, cause: &str) -> Result<Option<i64>, Error>;

    /// Stores what a run forecasts.
    async fn insert_outlooks(&mut self, run: &str, outlooks: &[Outlook]) -> Result<(), Error>;

    /// What a run forecasts of bins after the code `after`, by code.
    async fn outlooks(&mut self, run: &str, after: &str, limit: i64) -> Result<Vec<Outlook>, Error>;

    /// Forgets what was forecast by runs that ended before a time, and work that was not done; a plan's forecast stays.
    async fn forget_runs(&mut self, before: i64) -> Result<(), Error>;
}

impl Forecasts for Connection {
    async fn insert_run(&mut self, new: &NewRun<'_>) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO forecast_runs (id, org_id, kind, day, cause, request, state, requested_by, created_at, trace)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(new.id.to_owned())
        .bind(new.org.to_owned())
        .bind(new.kind)
        .bind(new.day.to_owned())
        .bind(new.cause)
        .bind(new.request.to_owned())
        .bind(new.by.map(str::to_owned))
        .bind(new.now)
        .bind(traces::current())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn forecast_run(&mut self, org: &str, id: &str) -> Result<Option<Run>, Error> {
        let text = format!("SELECT {COLUMNS} FROM forecast_runs WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(run))
    }

    async fn open_run(&mut self, org: &str, kind: &str, day: &str) -> Result<Option<Run>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM forecast_runs WHERE org_id = $1 AND kind = $2 AND day = $3
             AND state IN ('queued', 'running') ORDER BY created_at LIMIT 1"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(kind.to_owned());
        let row: Option<Row> = query.bind(day.to_owned()).fetch_optional(self).await?;
        Ok(row.map(run))
    }

    async fn forecast_runs(&mut self, org: &str, kind: &str, limit: i64) -> Result<Vec<Run>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM forecast_runs WHERE org_id = $1 AND ($2 = '' OR kind = $2)
             ORDER BY created_at DESC, id DESC LIMIT $3"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(kind.to_owned());
        let rows: Vec<Row> = query.bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(run).collect())
    }

    async fn forecast_of_day(&mut self, org: &str, day: &str, before: i64) -> Result<Option<Run>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM forecast_runs WHERE org_id = $1 AND day = $2 AND kind = 'forecast' AND state = 'done'
             AND as_of <= $3 ORDER BY as_of DESC LIMIT 1"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned());
        let row: Option<Row> = query.bind(before).fetch_optional(self).await?;
        Ok(row.map(run))
    }

    async fn run_task(&mut self, id: &str) -> Result<RunTask, Error> {
        let query = sqlx::query_as("SELECT org_id, kind, day, request, requested_by FROM forecast_runs WHERE id = $1");
        let (org, kind, day, request, by) = query.bind(id.to_owned()).fetch_one(self).await?;
        Ok(RunTask { org, kind, day, request, by })
    }

    async fn cancel_run(&mut self, org: &str, id: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE forecast_runs SET state = 'cancelled', finished_at = $3
             WHERE org_id = $1 AND id = $2 AND state = 'queued'",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(now)
        .execute(&mut *self)
        .await?;
        sqlx::query(
            "UPDATE forecast_runs SET cancel_requested = 1 WHERE org_id = $1 AND id = $2 AND state = 'running'",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn is_run_cancelled(&mut self, id: &str) -> Result<bool, Error> {
        let query = sqlx::query_as("SELECT cancel_requested FROM forecast_runs WHERE id = $1").bind(id.to_owned());
        let (requested,): (i64,) = query.fetch_one(self).await?;
        Ok(requested != 0)
    }

    async fn finish_run(
        &mut self,
        (worker, id): (&str, &str),
        (as_of, model, bins): (i64, Option<&str>, i64),
        now: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE forecast_runs SET state = 'done', as_of = $1, model_id = $2, bins = $3, finished_at = $4
             WHERE id = $5 AND worker = $6 AND state = 'running'",
        )
        .bind(as_of)
        .bind(model.map(str::to_owned))
        .bind(bins)
        .bind(now)
        .bind(id.to_owned())
        .bind(worker.to_owned())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn last_run_at(&mut self, org: &str, kind: &str, cause: &str) -> Result<Option<i64>, Error> {
        let query = sqlx::query_as(
            "SELECT created_at FROM forecast_runs WHERE org_id = $1 AND kind = $2 AND cause = $3
             ORDER BY created_at DESC LIMIT 1",
        );
        let query = query.bind(org.to_owned()).bind(kind.to_owned()).bind(cause.to_owned());
        let row: Option<(i64,)> = query.fetch_optional(self).await?;
        Ok(row.map(|(at,)| at))
    }

    async fn insert_outlooks(&mut self, run: &str, outlooks: &[Outlook]) -> Result<(), Error> {
        // What is not known has no level: such rows come in a statement without that column.
        let (known, unknown): (Vec<&Outlook>, Vec<&Outlook>) = outlooks.iter().partition(|o| o.level.is_some());
        let text = |value: serde_json::Value| Value::Text(value.to_string());
        let common = |o: &Outlook| -> [Value; 5] {
            [run.into(), (&o.bin).into(), o.level_at.into(), text(json!(o.quantiles)), text(json!(o.features))]
        };
        let rows: Vec<[Value; 5]> = unknown.into_iter().map(common).collect();
        rows::insert(self, "bin_forecasts (run_id, bin_code, level_at, quantiles, features)", "", &rows).await?;
        let row = |o: &Outlook| -> [Value; 6] {
            let [run, bin, level_at, quantiles, features] = common(o);
            [run, bin, level_at, quantiles, features, o.level.unwrap_or_default().into()]
        };
        let rows: Vec<[Value; 6]> = known.into_iter().map(row).collect();
        rows::insert(self, "bin_forecasts (run_id, bin_code, level_at, quantiles, features, level)", "", &rows).await
    }

    async fn outlooks(&mut self, run: &str, after: &str, limit: i64) -> Result<Vec<Outlook>, Error> {
        let query = sqlx::query_as(
            "SELECT bin_code, level, level_at, quantiles, features FROM bin_forecasts
             WHERE run_id = $1 AND bin_code > $2 ORDER BY bin_code LIMIT $3",
        );
        let query = query.bind(run.to_owned()).bind(after.to_owned()).bind(limit);
        let rows: Vec<(String, Option<f64>, i64, String, String)> = query.fetch_all(self).await?;
        let read = |error: serde_json::Error| Error::Stored(format!("a forecast: {error}"));
        rows.into_iter()
            .map(|(bin, level, level_at, quantiles, features)| {
                let quantiles = serde_json::from_str(&quantiles).map_err(read)?;
                let features = serde_json::from_str(&features).map_err(read)?;
                Ok(Outlook { bin, level, level_at, quantiles, features })
            })
            .collect()
    }

    async fn forget_runs(&mut self, before: i64) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM forecast_runs WHERE finished_at < $1").bind(before);
        query.execute(self).await?;
        Ok(())
    }
}
