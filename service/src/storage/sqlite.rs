//! The embedded database.

use std::path::{Path, PathBuf};

use sqlx::Connection as _;
use sqlx::migrate::Migrator;

use crate::error::Error;
use crate::storage::backend::{Backend, Later, Residue};
use crate::storage::frozen::{Copy, Frozen, Loader};
use crate::storage::{Connection, migrations};

/// `SQLite`, in one file.
#[derive(Debug)]
pub(crate) struct Sqlite;

impl Backend for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn prepare_connection(&self, timeout_ms: u64) -> String {
        // `secure_delete` writes zeros over what is deleted, so that no secret outlives its row.
        format!(
            "PRAGMA busy_timeout = {timeout_ms}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
        )
    }

    fn has_one_writer(&self) -> bool {
        true
    }

    fn begin(&self) -> &'static str {
        // A transaction that reads first and writes later could not wait for another writer: it would fail.
        "BEGIN IMMEDIATE"
    }

    fn migrator(&self) -> Migrator {
        migrations::migrator(
            &migrations::SQLITE,
            &[("BIGINT", "INTEGER"), ("BYTEA", "BLOB"), ("DOUBLE PRECISION", "REAL")],
        )
    }

    fn has_migrations_table(&self) -> &'static str {
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'"
    }

    fn skip_locked(&self) -> &'static str {
        // There is one writer at a time: nobody else is changing anything.
        ""
    }

    fn bins_within(&self) -> &'static str {
        // The index holds 32-bit numbers, rounded outwards: the exact comparison follows.
        "SELECT b.code, b.lon, b.lat FROM bins_place p JOIN bins b ON b.rowid = p.id
         WHERE p.east >= $2 AND p.north >= $3 AND p.west <= $4 AND p.south <= $5
           AND b.org_id = $1 AND b.lon >= $2 AND b.lat >= $3 AND b.lon <= $4 AND b.lat <= $5
         ORDER BY b.code"
    }

    fn ensure_month<'a>(&'a self, _: &'a mut Connection, _: &'a str, _: i64, _: i64) -> Later<'a, ()> {
        // The table is ordered by its key; there is nothing to prepare.
        Box::pin(async { Ok(()) })
    }

    fn refresh_views<'a>(&'a self, connection: &'a mut Connection) -> Later<'a, ()> {
        Box::pin(async move {
            sqlx::raw_sql(
                "DELETE FROM plan_days;
                 INSERT INTO plan_days
                 SELECT org_id, created_at / 86400000, COUNT(*), SUM(distance), SUM(duration), SUM(served),
                        SUM(unserved)
                 FROM plans GROUP BY org_id, created_at / 86400000",
            )
            .execute(connection)
            .await?;
            Ok(())
        })
    }

    fn forbid_plaintext(&self) -> &'static [&'static str] {
        &[
            "CREATE TRIGGER IF NOT EXISTS no_plain_secret_insert BEFORE INSERT ON factors
             WHEN NEW.secret_plain IS NOT NULL
             BEGIN SELECT RAISE(ABORT, 'secrets are stored encrypted only'); END",
            "CREATE TRIGGER IF NOT EXISTS no_plain_secret_update BEFORE UPDATE ON factors
             WHEN NEW.secret_plain IS NOT NULL
             BEGIN SELECT RAISE(ABORT, 'secrets are stored encrypted only'); END",
        ]
    }

    fn allow_plaintext(&self) -> &'static [&'static str] {
        &["DROP TRIGGER IF EXISTS no_plain_secret_insert", "DROP TRIGGER IF EXISTS no_plain_secret_update"]
    }

    fn scrub<'a>(&'a self, connection: &'a mut Connection, _: &'static str) -> Later<'a, bool> {
        Box::pin(async move {
            sqlx::raw_sql("VACUUM").execute(&mut *connection).await?;
            // Whoever still reads what was there before keeps the file of changes from being emptied.
            let (is_busy, _, _): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?;
            Ok(is_busy == 0)
        })
    }

    fn own_tables(&self) -> &'static str {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    }

    fn is_sound(&self) -> &'static str {
        "PRAGMA integrity_check(1)"
    }

    fn freeze<'a>(&'a self, mut connection: Connection, _: &'a str, work: &'a Path) -> Later<'a, Frozen, Error> {
        Box::pin(async move {
            let file = work.join("database.sqlite");
            // One transaction that reads; whoever writes does not wait for it.
            sqlx::query("VACUUM INTO $1").bind(file.display().to_string()).execute(&mut connection).await?;
            connection.close().await?;
            Ok(Frozen {
                connection: Connection::connect(&format!("sqlite:{}", file.display())).await?,
                copy: Copy::File(file),
            })
        })
    }

    fn loader(&self, url: &str) -> Result<Loader, Error> {
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        let path = path.strip_prefix("//").unwrap_or(path).split('?').next().unwrap_or("");
        if path.is_empty() || path == ":memory:" {
            return Err(Error::Refused(format!("{url} is no file: a backup is restored into one")));
        }
        Ok(Loader::File(PathBuf::from(path)))
    }

    fn residue<'a>(&'a self, connection: &'a mut Connection, _: &'static str) -> Later<'a, Residue> {
        Box::pin(async move {
            let (file,): (String,) = sqlx::query_as("SELECT file FROM pragma_database_list WHERE name = 'main'")
                .fetch_one(connection)
                .await?;
            let files = ["", "-wal", "-journal"].map(|suffix| PathBuf::from(format!("{file}{suffix}")));
            Ok(Residue {
                files: files.into_iter().filter(|file| file.exists()).collect(),
                elsewhere: "backups and snapshots of the file must expire",
            })
        })
    }
}
