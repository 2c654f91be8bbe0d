//! The database: [`Backend`] says in what the two differ, everything else is said once, in SQL that both understand.

mod backend;
mod migrations;
mod postgres;
mod sqlite;

pub(crate) use backend::Backend;
pub(crate) use migrations::NEWEST;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions as _, Executor as _, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::config::Config;
use crate::error::Error;

/// One connection, within a transaction or without.
pub(crate) type Connection = AnyConnection;

/// A transaction that writes. It is rolled back unless it is committed.
pub(crate) struct Tx {
    inner: Transaction<'static, Any>,
    /// Ends after the transaction.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Tx {
    /// Makes it last.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await
    }
}

impl Deref for Tx {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.inner
    }
}

/// The database: a pool, and what is particular about it. Clones share one pool.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: AnyPool,
    backend: Arc<dyn Backend>,
    /// Whose turn it is to write, where only one can: first come, first served, and without a connection of the pool.
    turns: Option<Arc<Mutex<()>>>,
    longest_wait: Duration,
}

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
        let options = options.disable_statement_logging();
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
        let mut wait = Duration::from_millis(250);
        for _ in 0..config.database.connect_retries {
            match pool_options.clone().connect_with(options.clone()).await {
                Ok(pool) => return Ok(Self { pool, backend, turns, longest_wait }),
                Err(error) => tracing::warn!(%error, "the database cannot be reached yet"),
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Ok(Self { pool: pool_options.connect_with(options).await?, backend, turns, longest_wait })
    }

    /// What is particular about this database.
    pub(crate) fn backend(&self) -> &dyn Backend {
        self.backend.as_ref()
    }

    /// A connection to read with.
    pub(crate) async fn connection(&self) -> Result<PoolConnection<Any>, Error> {
        Ok(self.pool.acquire().await?)
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
        Ok(Tx { inner: self.pool.begin_with(self.backend.begin()).await?, _turn: turn })
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

    /// Whether the database answers and has the schema that this release needs.
    pub(crate) async fn is_ready(&self) -> bool {
        self.version().await.is_ok_and(|version| version == NEWEST)
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
