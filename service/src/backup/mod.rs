//! Backups: all that the service keeps, as it was at one moment, sealed in one file; and back from there.
//!
//! A backup is made while the service runs. It is sealed with a key that follows from the master key, and holds the
//! database's copy, the files of networks, the marks of the audit log, and a [`Manifest`]. The master key is in none.

mod archive;
mod contents;
mod create;
mod folder;
mod restore;

pub(crate) use create::create;
pub(crate) use restore::{check, restore};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Which form a manifest has.
const FORMAT: u32 = 1;
/// The name of the database's copy within a backup.
const DATABASE: &str = "database";

/// What a backup holds, and how it is known to be whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The form of the manifest.
    pub(crate) format: u32,
    /// The release of the service that made it.
    pub(crate) release: String,
    /// When, milliseconds since 1970.
    pub(crate) made_at: i64,
    /// `sqlite` or `postgres`.
    pub(crate) database: String,
    /// The version of the schema.
    pub(crate) schema: i64,
    /// Rows of each table.
    pub(crate) tables: BTreeMap<String, i64>,
    /// The data keys, by their ids: purpose and state. The keys themselves are wrapped in the database's copy.
    pub(crate) keys: BTreeMap<String, String>,
    /// Sealed values that the master key opens.
    pub(crate) secrets: u64,
    /// Sealed values that did not open when the backup was made, with the reason.
    pub(crate) unopened: Vec<String>,
    /// Networks whose files were not in the data folder.
    pub(crate) missing: Vec<String>,
    /// What is in it.
    pub(crate) files: Vec<Part>,
}

impl Manifest {
    /// Bytes of everything in it.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|part| part.bytes).sum()
    }

    /// Rows of all tables.
    pub(crate) fn rows(&self) -> i64 {
        self.tables.values().sum()
    }
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Its place in the data folder; `database` for the database's copy.
    pub(crate) name: String,
    /// How long it is.
    pub(crate) bytes: u64,
    /// SHA-256, as hexadecimal digits.
    pub(crate) sha256: String,
}
