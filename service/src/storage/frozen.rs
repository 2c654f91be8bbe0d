//! The database as it was at one moment, for backups; and what such a copy holds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use percent_encoding::percent_decode_str;
use sqlx::AssertSqlSafe;

use super::{Backend, Connection, Store};
use crate::error::Error;

/// The database as it was at one moment, whatever is written meanwhile.
pub(crate) struct Frozen {
    /// Reads what was there then. The copy is made while it lives.
    pub(crate) connection: Connection,
    /// Where all of it comes from.
    pub(crate) copy: Copy,
}

/// Where a copy of the database comes from.
pub(crate) enum Copy {
    /// A file.
    File(PathBuf),
    /// A program that writes it to its standard output.
    Program(Command),
}

/// Where a copy of the database goes.
pub(crate) enum Loader {
    /// To the place of a file.
    File(PathBuf),
    /// To the standard input of a program, which takes all of it or nothing.
    Program(Command),
}

/// A program of `PostgreSQL` for the database at an address. Its password is no argument, which others could see.
pub(super) fn postgres_program(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    let (shown, password) = without_password(url);
    command.arg(format!("--dbname={shown}"));
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// An address without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let known = || {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (user, host) = rest[..end].rsplit_once('@')?;
        let (user, password) = user.split_once(':')?;
        let password = percent_decode_str(password).decode_utf8().ok()?.into_owned();
        Some((format!("{scheme}://{user}@{host}{}", &rest[end..]), password))
    };
    known().map_or_else(|| (url.to_owned(), None), |(shown, password)| (shown, Some(password)))
}

/// What holds sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// Second factors.
    Factor,
    /// Keys that sign access tokens.
    SigningKey,
    /// Accounts at providers.
    Provider,
    /// Endpoints of webhooks.
    Endpoint,
    /// What is to be sent.
    Outgoing,
}

impl Sealed {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Factor, Self::SigningKey, Self::Provider, Self::Endpoint, Self::Outgoing];

    /// Its name in messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Factor => "factor",
            Self::SigningKey => "signing key",
            Self::Provider => "provider account",
            Self::Endpoint => "webhook endpoint",
            Self::Outgoing => "outbox row",
        }
    }

    /// Id, organisation, user and sealed value, in the order of the ids.
    const fn statement(self) -> &'static str {
        match self {
            Self::Factor => {
                "SELECT id, org_id, user_id, secret_ct FROM factors
                 WHERE secret_ct IS NOT NULL AND id > $1 ORDER BY id LIMIT $2"
            }
            Self::SigningKey => {
                "SELECT kid, CAST('' AS TEXT), CAST('' AS TEXT), sealed FROM signing_keys
                 WHERE kid > $1 ORDER BY kid LIMIT $2"
            }
            Self::Provider => {
                "SELECT id, org_id, CAST('' AS TEXT), sealed FROM provider_accounts WHERE id > $1 ORDER BY id LIMIT $2"
            }
            Self::Endpoint => {
                "SELECT id, org_id, CAST('' AS TEXT), sealed FROM webhook_endpoints WHERE id > $1 ORDER BY id LIMIT $2"
            }
            Self::Outgoing => {
                // What was sent is no longer kept.
                "SELECT id, org_id, CAST('' AS TEXT), sealed FROM outbox
                 WHERE LENGTH(sealed) > 0 AND id > $1 ORDER BY id LIMIT $2"
            }
        }
    }
}

/// A sealed value, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedValue {
    /// The id of its row.
    pub(crate) id: String,
    /// The organisation; empty where there is none.
    pub(crate) org: String,
    /// The user; empty where there is none.
    pub(crate) user: String,
    /// The envelope.
    pub(crate) sealed: Vec<u8>,
}

/// A network whose files are in the data folder: organisation, id, format and state.
pub(crate) type NetworkPlace = (String, String, String, String);

/// What a database holds.
pub(crate) trait Inventory {
    /// How many rows each table has that the service made.
    async fn rows_of_tables(&mut self, backend: &dyn Backend) -> Result<BTreeMap<String, i64>, Error>;

    /// What is wrong with the database's files, if anything is.
    async fn unsoundness(&mut self, backend: &dyn Backend) -> Result<Option<String>, Error>;

    /// The version of the schema, of a database that has one.
    async fn schema_version(&mut self) -> Result<i64, Error>;

    /// Sealed values after the row `after`, in the order of their ids.
    async fn sealed_values(&mut self, of: Sealed, after: &str, limit: i64) -> Result<Vec<SealedValue>, Error>;

    /// The networks that have files.
    async fn network_places(&mut self) -> Result<Vec<NetworkPlace>, Error>;

    /// Remembers when a backup was made.
    async fn set_backed_up_at(&mut self, at: i64) -> Result<(), Error>;

    /// When the last backup was made, milliseconds since 1970; 0: none was.
    async fn backed_up_at(&mut self) -> Result<i64, Error>;
}

impl Inventory for Connection {
    async fn rows_of_tables(&mut self, backend: &dyn Backend) -> Result<BTreeMap<String, i64>, Error> {
        let tables: Vec<(String,)> = sqlx::query_as(backend.own_tables()).fetch_all(&mut *self).await?;
        let mut rows = BTreeMap::new();
        for (table,) in tables {
            let statement = AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{table}\""));
            let (count,): (i64,) = sqlx::query_as(statement).fetch_one(&mut *self).await?;
            rows.insert(table, count);
        }
        Ok(rows)
    }

    async fn unsoundness(&mut self, backend: &dyn Backend) -> Result<Option<String>, Error> {
        let (told,): (String,) = sqlx::query_as(backend.is_sound()).fetch_one(self).await?;
        Ok((told != "ok").then_some(told))
    }

    async fn schema_version(&mut self) -> Result<i64, Error> {
        let (version,) =
            sqlx::query_as("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations").fetch_one(self).await?;
        Ok(version)
    }

    async fn sealed_values(&mut self, of: Sealed, after: &str, limit: i64) -> Result<Vec<SealedValue>, Error> {
        let query = sqlx::query_as(of.statement()).bind(after.to_owned()).bind(limit);
        let rows: Vec<(String, String, String, Vec<u8>)> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(|(id, org, user, sealed)| SealedValue { id, org, user, sealed }).collect())
    }

    async fn network_places(&mut self) -> Result<Vec<NetworkPlace>, Error> {
        let query =
            sqlx::query_as("SELECT org_id, id, format, state FROM networks WHERE state <> 'failed' ORDER BY id");
        Ok(query.fetch_all(self).await?)
    }

    async fn set_backed_up_at(&mut self, at: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('backed_up_at', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(at.to_string())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn backed_up_at(&mut self) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT value FROM settings WHERE name = 'backed_up_at'");
        let row: Option<(String,)> = query.fetch_optional(self).await?;
        Ok(row.and_then(|(value,)| value.parse().ok()).unwrap_or(0))
    }
}

impl Store {
    /// Keeps the database as it is now, for a backup. `work` is a folder that may be written to.
    pub(crate) async fn freeze(&self, url: &str, work: &std::path::Path) -> Result<Frozen, Error> {
        self.backend.freeze(self.connection_apart().await?, url, work).await
    }

    /// How the copy of a database gets to its address; refused unless the database there is empty.
    pub(crate) async fn loader(&self, url: &str) -> Result<Loader, Error> {
        let tables = self.connection().await?.rows_of_tables(self.backend()).await?;
        if let Some((table, rows)) = tables.first_key_value() {
            let more = tables.len() - 1;
            return Err(Error::Refused(format!(
                "the database is not empty: it has the table {table} with {rows} rows, and {more} more; give an empty one"
            )));
        }
        self.backend.loader(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_no_arguments() {
        let cases = [
            ("postgres://a:b%40c@h:5/d?x=1", "postgres://a@h:5/d?x=1", Some("b@c")),
            ("postgres://a:@h/d", "postgres://a@h/d", Some("")),
            ("postgres://a@h/d", "postgres://a@h/d", None),
            ("postgres://h/d?application_name=a:b@c", "postgres://h/d?application_name=a:b@c", None),
            ("postgres://a:b@h", "postgres://a@h", Some("b")),
        ];
        for (url, shown, password) in cases {
            assert_eq!(without_password(url), (shown.to_owned(), password.map(str::to_owned)), "{url}");
        }
        let program = postgres_program("pg_dump", "postgres://a:secret@h/d");
        assert!(program.get_args().all(|argument| !argument.to_string_lossy().contains("secret")));
    }
}
