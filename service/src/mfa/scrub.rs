//! Looks for secrets in the database's files, where an ordinary query does not see them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
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
            needles.insert(BASE32_NOPAD.encode(&secret));
        }
    }
    let search = AhoCorasick::builder().ascii_case_insensitive(true).build(&needles);
    let search = search.map_err(|error| Error::Refused(format!("the secrets cannot be searched for: {error}")))?;
    let residue = store.backend().residue(&mut connection).await?;
    let mut found = Scrubbed { secrets: needles.len(), elsewhere: residue.elsewhere, ..Scrubbed::default() };
    for file in residue.files.iter().chain(more) {
        match std::fs::read(file) {
            Ok(bytes) => found.files.push((file.clone(), search.find_iter(&bytes).count())),
            Err(_) => found.unread.push(file.clone()),
        }
    }
    if residue.files.is_empty() {
        found.unread.push(Path::new("the database's own files").to_owned());
    }
    Ok(found)
}
