//! Marks of how far the log had come, kept outside the database: only they show that its end was cut off.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::storage::{AuditLog as _, Connection};

/// Entries after which a mark is due.
const ENTRIES: i64 = 1_000;
/// Milliseconds after which a mark is due.
const AGE: i64 = 300_000;

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// When.
    pub(super) at: i64,
    /// The log's last entry then.
    pub(super) seq: i64,
    /// That entry's signature, hexadecimal.
    pub(super) mac: String,
}

/// Where the marks are kept: copy it to another machine.
pub(crate) fn checkpoint_file(data: &Path) -> PathBuf {
    data.join("audit-checkpoints.jsonl")
}

/// Reads all marks; a file that is not there has none.
pub(super) fn read(file: &Path) -> Result<Vec<Checkpoint>, Error> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file(file, error)),
    };
    let fault = |line: usize| Error::Stored(format!("{}: line {}: not a checkpoint", file.display(), line + 1));
    let parse = |(number, line)| serde_json::from_str(line).map_err(|_| fault(number));
    text.lines().enumerate().map(parse).collect()
}

/// Writes a mark if enough entries or time have passed since the last.
pub(crate) async fn append_if_due(connection: &mut Connection, data: &Path, now: i64) -> Result<bool, Error> {
    let (seq, mac) = connection.last_entry().await?;
    let file = checkpoint_file(data);
    let last = read(&file)?.pop();
    let due = last.map_or(seq > 0, |last| seq >= last.seq + ENTRIES || (seq > last.seq && now >= last.at + AGE));
    if !due {
        return Ok(false);
    }
    let line = serde_json::to_string(&Checkpoint { at: now, seq, mac: HEXLOWER.encode(&mac) })
        .map_err(|error| Error::Stored(error.to_string()))?;
    let written = OpenOptions::new().create(true).append(true).open(&file).and_then(|mut opened| {
        opened.write_all(format!("{line}\n").as_bytes())?;
        opened.sync_all()
    });
    written.map_err(|error| Error::file(&file, error))?;
    Ok(true)
}
