//! Looks for secrets in the database's files, where an ordinary query does not see them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use data_encoding::BASE32_NOPAD;

use crate::auth::factors::context;
use crate::crypto::{Context, KeyRing, Purpose};
use crate::error::Error;
use crate::storage::Store;

use super::page;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scrubbed {
    /// Secrets that were looked for.
    pub(crate) secrets: usize,
    /// Each file with how many places in it hold a secret.
    pub(crate) files: Vec<(PathBuf, usize)>,
    /// Files that could not be read.
    pub(crate) unread: Vec<PathBuf>,
    /// What must be seen to elsewhere.
    pub(crate) elsewhere: &'static str,
}

impl Scrubbed {
    /// Places in all files together.
    pub(crate) fn hits(&self) -> usize {
        self.files.iter().map(|(_, hits)| hits).sum()
    }
}

/// Counts plaintext secrets in the database's files and in `more` (dumps, copies).
pub(crate) async fn scrub_check(store: &Store, ring: &KeyRing, more: &[PathBuf]) -> Result<Scrubbed, Error> {
    let mut needles = HashSet::new();
    let mut cursor = String::new();
    let mut connection = store.connection().await?;
    loop {
        let batch = page(&mut connection, &cursor).await?;
        let Some(last) = batch.last() else { break };
        cursor.clone_from(&last.factor.id);
        for row in batch {
            let Some(sealed) = row.sealed else { continue };
            let secret = ring.open_value(Purpose::Mfa, Context(&context(&row.factor)), &sealed)?;
            needles.insert(BASE32_NOPAD.encode(&secret).into_bytes());
        }
    }
    let residue = store.backend().residue(&mut connection).await?;
    let mut found = Scrubbed { secrets: needles.len(), elsewhere: residue.elsewhere, ..Scrubbed::default() };
    for file in residue.files.iter().chain(more) {
        match std::fs::read(file) {
            Ok(bytes) => found.files.push((file.clone(), hits(&bytes, &needles))),
            Err(_) => found.unread.push(file.clone()),
        }
    }
    if residue.files.is_empty() {
        found.unread.push(Path::new("the database's own files").to_owned());
    }
    Ok(found)
}

/// Places that hold one of the needles. Base32 text stands out, so only runs of its letters are looked at.
fn hits(bytes: &[u8], needles: &HashSet<Vec<u8>>) -> usize {
    let lengths: HashSet<usize> = needles.iter().map(Vec::len).collect();
    let mut found = 0;
    for run in bytes.split(|b| !(b.is_ascii_alphabetic() || (b'2'..=b'7').contains(b))) {
        let run = run.to_ascii_uppercase();
        for &length in &lengths {
            found += run.windows(length.max(1)).filter(|window| needles.contains(*window)).count();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_secrets_wherever_they_stand() {
        let needles = HashSet::from([b"ABCDEFGH234567AB".to_vec()]);
        assert_eq!(hits(b"\x00xxABCDEFGH234567AByy\x00abcdefgh234567ab\x01ABCDEFGH234567A", &needles), 2);
    }
}
