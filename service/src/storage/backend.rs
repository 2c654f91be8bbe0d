//! In what the two databases differ.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;

use crate::error::Error;
use crate::storage::Connection;
use crate::storage::frozen::{Frozen, Loader};

/// Where bytes of values that were overwritten may still lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Residue {
    /// Files to search.
    pub(crate) files: Vec<PathBuf>,
    /// What must be seen to elsewhere, in words.
    pub(crate) elsewhere: &'static str,
}

/// A result that a trait object can give.
pub(crate) type Later<'a, T, E = sqlx::Error> = std::pin::Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// What differs between kinds of databases.
pub(crate) trait Backend: Debug + Send + Sync {
    /// Its name: `sqlite` or `postgres`.
    fn name(&self) -> &'static str;

    /// Statements that every new connection starts with.
    fn prepare_connection(&self, timeout_ms: u64) -> String;

    /// Whether only one connection can write at a time.
    fn has_one_writer(&self) -> bool;

    /// Starts a transaction that writes. Two of them never fail one another: the later waits.
    fn begin(&self) -> &'static str;

    /// The schema's steps.
    fn migrator(&self) -> Migrator;

    /// Gives a row if steps of the schema have ever been made.
    fn has_migrations_table(&self) -> &'static str;

    /// What stands behind a query for a row that is to be changed, so that rows which another one is changing are passed over.
    fn skip_locked(&self) -> &'static str;

    /// Codes of the bins of organisation `$1` within the box from longitude `$2`, latitude `$3` to `$4`, `$5`, or of
    /// a spatial index' answer to it.
    fn bins_within(&self) -> &'static str;

    /// Makes room for readings of the month from `from` to `until` (milliseconds), named `name` (`2026_11`).
    fn ensure_month<'a>(
        &'a self,
        connection: &'a mut Connection,
        name: &'a str,
        from: i64,
        until: i64,
    ) -> Later<'a, ()>;

    /// Refreshes the analytics, within a transaction.
    fn refresh_views<'a>(&'a self, connection: &'a mut Connection) -> Later<'a, ()>;

    /// Statements that make plaintext secrets impossible.
    fn forbid_plaintext(&self) -> &'static [&'static str];

    /// Statements that allow them again, for a rollback.
    fn allow_plaintext(&self) -> &'static [&'static str];

    /// Overwrites or drops what deleted values of a table left in the files, or of several with commas between them; outside of
    /// transactions. Gives whether all of it was
    /// done, as far as this role may.
    fn scrub<'a>(&'a self, connection: &'a mut Connection, tables: &'static str) -> Later<'a, bool>;

    /// Names of the tables that the steps of the schema made, and of the one that counts these steps.
    fn own_tables(&self) -> &'static str;

    /// Gives `ok` if the database's files are whole, and else what is wrong.
    fn is_sound(&self) -> &'static str;

    /// Keeps the database as it is now, for a backup; `url` is its address, and `work` a folder that may be written to.
    fn freeze<'a>(&'a self, connection: Connection, url: &'a str, work: &'a Path) -> Later<'a, Frozen, Error>;

    /// How the copy of a database gets to the address `url`.
    fn loader(&self, url: &str) -> Result<Loader, Error>;

    /// Where to look for what is left of a table's values.
    fn residue<'a>(&'a self, connection: &'a mut Connection, table: &'static str) -> Later<'a, Residue>;
}
