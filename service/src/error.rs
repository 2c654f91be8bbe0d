//! Internal errors. What a caller learns about them is decided by [`crate::http::Problem`].

use crate::config::ConfigError;
use crate::crypto::SecretError;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("database: {0}")]
    Storage(#[source] sqlx::Error),
    /// Two transactions met, and the database turned this one away: it may succeed when it is tried again.
    #[error("database: {0}")]
    Collision(String),
    /// A step of the schema.
    #[error("schema: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A key or a sealed value.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A password could not be hashed, for want of memory.
    #[error("a password could not be hashed")]
    Hash,
    /// A token could not be signed.
    #[error("a token could not be signed")]
    Sign,
    /// What was stored is not what this program stores.
    #[error("{0}")]
    Stored(String),
    /// A command found a fault, or may not run; the text says what to do.
    #[error("{0}")]
    Refused(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // PostgreSQL: a serialization failure, and a deadlock.
        let code = error.as_database_error().and_then(|error| error.code().map(String::from));
        match code.as_deref() {
            Some("40001" | "40P01") => Self::Collision(error.to_string()),
            _ => Self::Storage(error),
        }
    }
}

impl Error {
    /// A file that cannot be used.
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    /// Whether the database cannot be reached for now, rather than asked something wrong.
    pub(crate) fn is_outage(&self) -> bool {
        let error = match self {
            Self::Storage(error) => error,
            other => return other.is_collision(),
        };
        match error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            // A server, or what stands before it, that hangs up in the middle of a greeting.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => true,
            // SQLite: busy, locked, read-only, input/output, full, cannot open. PostgreSQL: connection, resources,
            // cancelled or shut down.
            sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                let base = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
                base.is_some_and(|base| matches!(base, 5 | 6 | 8 | 10 | 13 | 14))
                    || ["08", "53", "57", "55"].iter().any(|class| code.len() == 5 && code.starts_with(class))
            }),
            _ => false,
        }
    }

    /// Whether the database turned this transaction away for the sake of another.
    pub(crate) fn is_collision(&self) -> bool {
        matches!(self, Self::Collision(_))
    }

    /// Whether a row that must be one of its kind is already there.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self, Self::Storage(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}
