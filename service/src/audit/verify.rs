//! Works the log's signatures out again.

use std::path::Path;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::HEXLOWER;

use super::{Entry, checkpoint, sign, signing_key};
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{AuditLog as _, Connection};

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Entries whose signatures are right.
    pub(crate) entries: i64,
    /// Checkpoints that agree with the log.
    pub(crate) checkpoints: usize,
    /// The first entry that is wrong, missing or out of order.
    pub(crate) first_bad: Option<i64>,
    /// What is wrong with it.
    pub(crate) reason: Option<String>,
}

impl Report {
    fn bad(mut self, seq: i64, reason: &str) -> Self {
        self.first_bad = Some(seq);
        self.reason = Some(reason.to_owned());
        self
    }
}

/// Verifies the whole log, its head, and the checkpoints of `data`.
pub(crate) async fn verify(connection: &mut Connection, ring: &KeyRing, data: &Path) -> Result<Report, Error> {
    const BATCH: i64 = 1_000;
    let key = signing_key(ring)?;
    let mut marks = checkpoint::read(&checkpoint::checkpoint_file(data))?;
    marks.sort_by_key(|mark| mark.seq);
    let mut marks = marks.into_iter().peekable();
    let mut report = Report::default();
    let mut previous = Vec::new();
    loop {
        let batch: Vec<Entry> = connection.entries(report.entries, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            let expected = report.entries + 1;
            if entry.seq != expected {
                return Ok(report.bad(expected, "the entry is missing"));
            }
            let mac = sign(&key, &previous, &entry)?;
            if verify_slices_are_equal(&mac, &entry.mac).is_err() {
                return Ok(report.bad(expected, "the signature is wrong: the entry, or its position, was changed"));
            }
            while let Some(mark) = marks.next_if(|mark| mark.seq == expected) {
                if mark.mac != HEXLOWER.encode(&mac) {
                    return Ok(report.bad(expected, "a checkpoint has another signature: the log was rewritten"));
                }
                report.checkpoints += 1;
            }
            report.entries = expected;
            previous = mac;
        }
    }
    let (seq, mac) = connection.last_entry().await?;
    if seq != report.entries || mac != previous {
        let first = report.entries + 1;
        return Ok(report.bad(first, "the log ends before its head: entries were removed"));
    }
    if marks.next().is_some() {
        let first = report.entries + 1;
        return Ok(report.bad(first, "the log ends before a checkpoint: entries were removed"));
    }
    Ok(report)
}
