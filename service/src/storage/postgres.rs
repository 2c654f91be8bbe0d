//! The database of larger installations.

use std::path::{Path, PathBuf};

use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;

use crate::error::Error;
use crate::storage::backend::{Backend, Later, Residue};
use crate::storage::frozen::{self, Copy, Frozen, Loader};
use crate::storage::{Connection, migrations};

/// Most files of the log that are gone through.
const MOST_LOGS: usize = 512;

/// Goes on with another file of the log, and brings to the tables' files what the former one has.
async fn switch_log(connection: &mut Connection) -> Result<(), sqlx::Error> {
    for statement in ["SELECT CAST(pg_switch_wal() AS TEXT)", "CHECKPOINT"] {
        sqlx::raw_sql(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// `PostgreSQL` 15 or later, with `PostGIS` where it is installed.
#[derive(Debug)]
pub(crate) struct Postgres;

impl Backend for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn prepare_connection(&self, timeout_ms: u64) -> String {
        format!(
            "SET statement_timeout = {timeout_ms}; SET lock_timeout = {timeout_ms}; \
             SET idle_in_transaction_session_timeout = 60000; SET client_min_messages = warning"
        )
    }

    fn has_one_writer(&self) -> bool {
        false
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    fn migrator(&self) -> Migrator {
        migrations::migrator(&migrations::POSTGRES, &[])
    }

    fn has_migrations_table(&self) -> &'static str {
        "SELECT CAST(1 AS BIGINT) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_sqlx_migrations'"
    }

    fn skip_locked(&self) -> &'static str {
        "FOR UPDATE SKIP LOCKED"
    }

    fn bins_within(&self) -> &'static str {
        // The function is made with the schema, for whichever index the server allows.
        "SELECT code, lon, lat FROM bins_within($1, $2, $3, $4, $5) ORDER BY code"
    }

    fn ensure_month<'a>(
        &'a self,
        connection: &'a mut Connection,
        name: &'a str,
        from: i64,
        until: i64,
    ) -> Later<'a, ()> {
        Box::pin(async move {
            debug_assert!(name.bytes().all(|b| b.is_ascii_digit() || b == b'_'), "a year and a month");
            let known: Option<(i64,)> =
                sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM pg_tables WHERE tablename = 'readings_' || $1")
                    .bind(name)
                    .fetch_optional(&mut *connection)
                    .await?;
            if known.is_some() {
                return Ok(());
            }
            // Two writers may come to the same month: the lock makes the second one wait and then find the table.
            sqlx::raw_sql("SELECT pg_advisory_xact_lock(7264881)").execute(&mut *connection).await?;
            let statement = format!(
                "CREATE TABLE IF NOT EXISTS readings_{name} PARTITION OF readings FOR VALUES FROM ({from}) TO ({until})"
            );
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await?;
            Ok(())
        })
    }

    fn refresh_views<'a>(&'a self, connection: &'a mut Connection) -> Later<'a, ()> {
        Box::pin(async move {
            sqlx::raw_sql("REFRESH MATERIALIZED VIEW CONCURRENTLY plan_days").execute(connection).await?;
            Ok(())
        })
    }

    fn forbid_plaintext(&self) -> &'static [&'static str] {
        &["DO $$ BEGIN
                 IF NOT EXISTS (SELECT FROM pg_constraint
                                WHERE conname = 'no_plain_secret' AND conrelid = 'factors'::regclass) THEN
                     ALTER TABLE factors ADD CONSTRAINT no_plain_secret CHECK (secret_plain IS NULL);
                 END IF;
             END $$"]
    }

    fn allow_plaintext(&self) -> &'static [&'static str] {
        &["ALTER TABLE factors DROP CONSTRAINT IF EXISTS no_plain_secret"]
    }

    fn scrub<'a>(&'a self, connection: &'a mut Connection, tables: &'static str) -> Later<'a, bool> {
        Box::pin(async move {
            sqlx::raw_sql("SET statement_timeout = 0").execute(&mut *connection).await?;
            // The heap is written anew. The log's old files keep their bytes when they are made ready for use again, until
            // they are written over: so the log is switched once for each of its files. That needs a role that may;
            // where it may not, the log's retention decides.
            sqlx::raw_sql(AssertSqlSafe(format!("VACUUM FULL {tables}"))).execute(&mut *connection).await?;
            // Twice: what the last checkpoint may still need is let go by the next one. Then all files that are there by now, also
            // those that wait to be used again, are gone through, whatever others write meanwhile.
            for _ in 0..2 {
                if let Err(error) = switch_log(connection).await {
                    tracing::warn!(%error, "the database's log cannot be switched by this role");
                    return Ok(true);
                }
            }
            let last: Result<(Option<String>,), _> =
                sqlx::query_as("SELECT CAST(MAX(name) AS TEXT) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'")
                    .fetch_one(&mut *connection)
                    .await;
            let last = last.ok().and_then(|(last,)| last);
            for turn in 0..MOST_LOGS {
                switch_log(connection).await?;
                let (now,): (String,) = sqlx::query_as("SELECT CAST(pg_walfile_name(pg_current_wal_lsn()) AS TEXT)")
                    .fetch_one(&mut *connection)
                    .await?;
                // A role that may not list the files goes on for as many as are usual.
                if last.as_ref().map_or(turn >= 4, |last| now > *last) {
                    break;
                }
            }
            Ok(true)
        })
    }

    fn own_tables(&self) -> &'static str {
        // Partitions are counted with their table, and an extension's tables are its own.
        "SELECT CAST(c.relname AS TEXT) FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
         ORDER BY c.relname"
    }

    fn is_sound(&self) -> &'static str {
        // The server sees to that.
        "SELECT 'ok'::text"
    }

    fn freeze<'a>(&'a self, mut connection: Connection, url: &'a str, _: &'a Path) -> Later<'a, Frozen, Error> {
        Box::pin(async move {
            // The transaction rests while the dump is made, which sees what it sees.
            sqlx::raw_sql(
                "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
                 BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )
            .execute(&mut connection)
            .await?;
            let (snapshot,): (String,) =
                sqlx::query_as("SELECT pg_export_snapshot()").fetch_one(&mut connection).await?;
            let mut dump = frozen::postgres_program("pg_dump", url);
            dump.args(["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"]);
            dump.arg(format!("--snapshot={snapshot}"));
            Ok(Frozen { connection, copy: Copy::Program(dump) })
        })
    }

    fn loader(&self, url: &str) -> Result<Loader, Error> {
        let mut load = frozen::postgres_program("pg_restore", url);
        load.args(["--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction"]);
        Ok(Loader::Program(load))
    }

    fn residue<'a>(&'a self, connection: &'a mut Connection, table: &'static str) -> Later<'a, Residue> {
        Box::pin(async move {
            let elsewhere = "archived logs, replicas and base backups must expire";
            let place: Result<(String, String), _> =
                sqlx::query_as("SELECT current_setting('data_directory'), pg_relation_filepath($1::regclass)")
                    .bind(table)
                    .fetch_one(&mut *connection)
                    .await;
            // What is in the server's memory alone would not be found.
            if let Err(error) = sqlx::raw_sql("CHECKPOINT").execute(connection).await {
                tracing::warn!(%error, "this role may not have the database's files written");
            }
            let Ok((folder, heap)) = place else { return Ok(Residue { files: Vec::new(), elsewhere }) };
            let folder = PathBuf::from(folder);
            let mut files = vec![folder.join(heap)];
            for entry in std::fs::read_dir(folder.join("pg_wal")).into_iter().flatten().flatten() {
                files.push(entry.path());
            }
            files.retain(|file| file.is_file());
            Ok(Residue { files, elsewhere })
        })
    }
}
