//! The database. All SQL of the service is in this folder: `tests/house` looks.
//!
//! Each domain has a trait ([`Days`], [`Plans`], [`Jobs`] …) in a file of its own, with the rows that it gives; it is
//! implemented once, for a [`Connection`], in SQL that both databases understand. In what they differ, [`Backend`]
//! says, and nothing else.
//!
//! - **A repository method** is one statement, or a few that belong together. It knows rows, not rules: no
//!   permission, no audit entry, no `begin`. Names are unique among all traits, so that `connection.day_version(…)`
//!   reads well. Many rows go in by [`rows::insert`], one statement for hundreds of them.
//! - **A use case** is a function of a domain's folder (`planning::days::choose`). It reads by [`Store::connection`],
//!   and changes by a [`Change`](crate::audit::Change), which is a transaction together with its entry in the audit
//!   log: `let mut change = ledger.begin().await?; change.insert_version(…).await?; change.commit_with(event).await`.
//!   A change that is dropped is rolled back. Whatever calls outside (a provider, a file, a search) does so between
//!   two changes, never within one.
//! - **A handler** in `http` reads a request, calls a use case with `app.ledger`, and writes the answer.
//! - **A new domain:** steps of the schema in `migrations` (and [`migrations::TABLES`]), a file here with rows and a
//!   trait, `pub(crate) use` of the trait below, use cases in a folder of the domain, its worker in
//!   [`Services`](crate::services::Services) if it has one.

pub(crate) mod accounts;
pub(crate) mod adaptations;
pub(crate) mod audit;
mod backend;
pub(crate) mod begun;
pub(crate) mod billing;
pub(crate) mod confirmations;
pub(crate) mod days;
pub(crate) mod driving;
pub(crate) mod factors;
pub(crate) mod feature_sets;
pub(crate) mod figures;
pub(crate) mod fleet;
pub(crate) mod forecast_models;
pub(crate) mod forecasts;
pub(crate) mod fronts;
pub(crate) mod frozen;
pub(crate) mod jobs;
pub(crate) mod keys;
mod migrations;
pub(crate) mod networks;
pub(crate) mod outbox;
pub(crate) mod passkeys;
pub(crate) mod payers;
pub(crate) mod persons;
pub(crate) mod plans;
mod postgres;
pub(crate) mod providers;
pub(crate) mod queue;
pub(crate) mod readings;
pub(crate) mod reports;
pub(crate) mod retention;
pub(crate) mod rows;
pub(crate) mod sessions;
pub(crate) mod sign_ins;
mod sqlite;
pub(crate) mod tracking;
mod tx;
pub(crate) mod webhooks;

pub(crate) use accounts::{Accounts, Invitations, Roles};
pub(crate) use adaptations::Adaptations;
pub(crate) use audit::AuditLog;
pub(crate) use backend::Backend;
pub(crate) use begun::BegunInvoices;
pub(crate) use billing::Billing;
pub(crate) use confirmations::Confirmations;
pub(crate) use days::Days;
pub(crate) use driving::Driving;
pub(crate) use factors::{Factors, Secrets};
pub(crate) use feature_sets::FeatureSets;
pub(crate) use figures::DayFigures;
pub(crate) use fleet::Fleet;
pub(crate) use forecast_models::ForecastModels;
pub(crate) use forecasts::Forecasts;
pub(crate) use fronts::Fronts;
pub(crate) use frozen::Inventory;
pub(crate) use jobs::Jobs;
pub(crate) use keys::Keys;
pub(crate) use migrations::NEWEST;
pub(crate) use networks::Networks;
pub(crate) use outbox::Outbox;
pub(crate) use passkeys::Passkeys;
pub(crate) use payers::Payers;
pub(crate) use persons::Persons;
pub(crate) use plans::Plans;
pub(crate) use providers::ProviderAccounts;
pub(crate) use readings::Readings;
pub(crate) use reports::Reports;
pub(crate) use retention::Retention;
pub(crate) use sessions::{Attempts, Sessions};
pub(crate) use sign_ins::SignIns;
pub(crate) use tracking::Tracking;
pub(crate) use tx::Tx;
pub(crate) use webhooks::Webhooks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _};
use tokio::sync::Mutex;

use crate::config::Config;
use crate::error::Error;

/// The target under which statements are told of, for traces.
pub(crate) const STATEMENTS: &str = "sqlx::query";

/// One connection, within a transaction or without.
pub(crate) type Connection = AnyConnection;
/// A connection of the pool, to read with.
pub(crate) type Reader = PoolConnection<Any>;

/// The database: a pool, and what is particular about it. Clones share one pool.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: AnyPool,
    backend: Arc<dyn Backend>,
    /// Whose turn it is to write, where only one can: first come, first served, and without a connection of the pool.
    turns: Option<Arc<Mutex<()>>>,
    longest_wait: Duration,
    /// When it was last tried whether the database can be written to, and whether it could.
    tried: Arc<Mutex<Option<(Instant, bool)>>>,
}

/// How long it counts that the database could be written to, and that it could not.
const TRIED: [Duration; 2] = [Duration::from_secs(1), Duration::from_millis(100)];
/// Bytes that the trial writes: more than signing in does.
const TRIAL: usize = 1 << 15;

impl Store {
    /// Connects, trying again with doubling waits while the database is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] once all tries have failed.
    pub(crate) async fn open(config: &Config) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let url = config.database_url();
        let backend: Arc<dyn Backend> =
            if url.starts_with("sqlite:") { Arc::new(sqlite::Sqlite) } else { Arc::new(postgres::Postgres) };
        let options: AnyConnectOptions = url.parse()?;
        // Statements may hold what the log must not.
        let mut options = options.disable_statement_logging();
        if config.traces.endpoint.is_some() {
            // The log leaves them out, and traces hold their verbs and tables alone.
            let told = log::LevelFilter::Debug;
            options = options.log_statements(told).log_slow_statements(told, Duration::MAX);
        }
        let prepare = backend.prepare_connection(config.database.statement_timeout_ms);
        let longest_wait = Duration::from_millis(config.database.acquire_timeout_ms);
        let turns = backend.has_one_writer().then(Arc::default);
        let pool_options = AnyPoolOptions::new()
            .max_connections(config.database.max_connections)
            .acquire_timeout(longest_wait)
            .after_connect(move |connection, _| {
                let prepare = prepare.clone();
                Box::pin(async move {
                    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(prepare))).await?;
                    Ok(())
                })
            });
        reach(&options, config).await?;
        let pool = pool_options.connect_with(options).await?;
        Ok(Self { pool, backend, turns, longest_wait, tried: Arc::default() })
    }

    /// What is particular about this database.
    pub(crate) fn backend(&self) -> &dyn Backend {
        self.backend.as_ref()
    }

    /// A connection to read with.
    pub(crate) async fn connection(&self) -> Result<Reader, Error> {
        Ok(self.pool.acquire().await?)
    }

    /// A connection that does not go back to the pool: its settings may be changed.
    pub(crate) async fn connection_apart(&self) -> Result<Connection, Error> {
        Ok(self.pool.acquire().await?.detach())
    }

    /// A transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Tx, Error> {
        let turn = match &self.turns {
            Some(turns) => {
                let turn = tokio::time::timeout(self.longest_wait, turns.clone().lock_owned()).await;
                Some(turn.map_err(|_| sqlx::Error::PoolTimedOut)?)
            }
            None => None,
        };
        Ok(Tx::begin(self.pool.acquire().await?, turn, self.backend.begin()).await?)
    }

    /// Brings the schema up to `target`, or to the newest version.
    pub(crate) async fn migrate_up(&self, target: Option<i64>) -> Result<(), Error> {
        self.backend.migrator().run_to(target.unwrap_or(NEWEST), &self.pool).await?;
        Ok(())
    }

    /// Takes the schema down to `target`; 0 takes everything away.
    pub(crate) async fn migrate_down(&self, target: i64) -> Result<(), Error> {
        self.backend.migrator().undo(&self.pool, target).await?;
        Ok(())
    }

    /// Tables that have rows now and would be gone at the version `target`, with how many.
    pub(crate) async fn lost_below(&self, target: i64) -> Result<Vec<(&'static str, i64)>, Error> {
        let version = self.version().await?;
        let mut connection = self.connection().await?;
        let mut lost = Vec::new();
        for (brought, tables) in migrations::TABLES {
            if brought <= target || brought > version {
                continue;
            }
            for table in tables {
                let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
                let (rows,): (i64,) = sqlx::query_as(count).fetch_one(&mut *connection).await?;
                if rows > 0 {
                    lost.push((*table, rows));
                }
            }
        }
        Ok(lost)
    }

    /// The schema's version; 0 for an empty database.
    pub(crate) async fn version(&self) -> Result<i64, Error> {
        let mut connection = self.connection().await?;
        let known: Option<(i64,)> =
            sqlx::query_as(self.backend.has_migrations_table()).fetch_optional(&mut *connection).await?;
        if known.is_none() {
            return Ok(0);
        }
        let (version,) = sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")
            .fetch_one(&mut *connection)
            .await?;
        Ok(version)
    }

    /// Whether the database answers, has the schema that this release needs, and can be written to. Whoever asks again soon
    /// gets the same answer.
    pub(crate) async fn is_ready(&self) -> bool {
        let mut tried = self.tried.lock().await;
        if let Some((at, outcome)) = *tried
            && at.elapsed() < TRIED[usize::from(!outcome)]
        {
            return outcome;
        }
        let outcome = self.try_to_write().await;
        if let Err(error) = &outcome {
            tracing::warn!(%error, "the database is not ready");
        }
        *tried = Some((Instant::now(), outcome.is_ok()));
        outcome.is_ok()
    }

    /// Reading may go on where there is no room left: only writing shows it.
    async fn try_to_write(&self) -> Result<(), Error> {
        let version = self.version().await?;
        if version != NEWEST {
            return Err(Error::Stored(format!("the schema has version {version}, and this release needs {NEWEST}")));
        }
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        // Another text each time: what stays the same is not written again.
        let mut text = now.as_nanos().to_string();
        text = text.repeat(TRIAL.div_ceil(text.len()));
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('written', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(text)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Connections that are open, and those of them that wait for work.
    pub(crate) fn pool_size(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// Closes all connections once they are free.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Waits until the database can be reached; tells why it cannot. A pool would only say that it waited.
async fn reach(options: &AnyConnectOptions, config: &Config) -> Result<(), Error> {
    let longest = Duration::from_millis(config.database.acquire_timeout_ms);
    let mut wait = Duration::from_millis(250);
    let mut left = config.database.connect_retries;
    loop {
        let tried = tokio::time::timeout(longest, AnyConnection::connect_with(options)).await;
        let error = match tried {
            Ok(Ok(connection)) => {
                // That it is there is all that counts; the pool opens its own.
                let _ = connection.close().await;
                return Ok(());
            }
            Ok(Err(error)) => Error::from(error),
            Err(_) => Error::Refused(format!("the database does not answer within {longest:?}: is it there?")),
        };
        // A wrong password or a missing database does not change by waiting.
        let may_pass = error.is_outage() || matches!(error, Error::Refused(_));
        if left == 0 || !may_pass {
            return Err(error);
        }
        tracing::warn!(%error, "the database cannot be reached yet");
        left -= 1;
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
}
