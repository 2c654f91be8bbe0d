//! Looks for secrets in the database's files, where an ordinary query does not see them.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use data_encoding::BASE32_NOPAD;

use crate::auth::factors::context;
use crate::crypto::{Context, KeyRing, MasterKey, Purpose};
use crate::error::Error;
use crate::storage::factors::StoredFactor;
use crate::storage::{Connection, Secrets as _, Store};

use super::BATCH;

/// Shortest text that is looked for: a shorter one is found everywhere.
const SHORTEST: usize = 8;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scrubbed {
    /// Version of the database's schema; 0: it has none, and nothing is known.
    pub(crate) version: i64,
    /// Secrets that the database has as plaintext.
    pub(crate) plain: usize,
    /// Secrets that it has sealed.
    pub(crate) sealed: usize,
    /// Factors whose secret does not open, with the reason: it could not be looked for.
    pub(crate) unopened: Vec<(String, String)>,
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

    /// Whether everything was looked for everywhere, and nothing found.
    pub(crate) fn is_clean(&self) -> bool {
        self.version > 0 && self.plain == 0 && self.unopened.is_empty() && self.hits() == 0 && self.unread.is_empty()
    }
}

/// Where the keys are that open sealed secrets.
pub(crate) enum Keys<'a> {
    /// These are open already.
    Ring(&'a KeyRing),
    /// In the database, under the master key of this data folder; they are opened if there is something sealed.
    Below(&'a Path),
}

/// Counts plaintext secrets in the database, in its files, and in `more` (dumps, copies), at any version of the schema. Of
/// secrets that the database no longer has, nothing is known.
pub(crate) async fn scrub_check(store: &Store, keys: &Keys<'_>, more: &[PathBuf]) -> Result<Scrubbed, Error> {
    let mut found = Scrubbed { version: store.version().await?, ..Scrubbed::default() };
    if found.version == 0 {
        return Ok(found);
    }
    let mut connection = store.connection().await?;
    let needles = needles(&mut connection, keys, &mut found).await?;
    found.secrets = needles.len();
    let search = AhoCorasick::builder().ascii_case_insensitive(true).build(&needles);
    let search = search.map_err(|error| Error::Refused(format!("the secrets cannot be searched for: {error}")))?;
    let residue = store.backend().residue(&mut connection, "factors").await?;
    found.elsewhere = residue.elsewhere;
    for file in residue.files.iter().chain(more) {
        match hits(&search, file) {
            Ok(hits) => found.files.push((file.clone(), hits)),
            // Where one is gone by now, as a log that is not needed any longer, so is all that was in it.
            Err(_) if !file.exists() => {}
            Err(_) => found.unread.push(file.clone()),
        }
    }
    if residue.files.is_empty() {
        found.unread.push(Path::new("the database's own files").to_owned());
    }
    Ok(found)
}

/// All secrets that the database has, as releases before encryption wrote them down.
async fn needles(connection: &mut Connection, keys: &Keys<'_>, found: &mut Scrubbed) -> Result<HashSet<String>, Error> {
    let mut needles = HashSet::new();
    let mut cursor = String::new();
    let mut opened = None;
    loop {
        let batch = connection.stored_factors(found.version, &cursor, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(needles) };
        cursor.clone_from(&last.factor.id);
        for StoredFactor { factor, plain, sealed, .. } in batch {
            if let Some(plain) = plain {
                found.plain += 1;
                needles.insert(plain.trim_end_matches('=').to_ascii_uppercase());
            }
            let Some(sealed) = sealed else { continue };
            found.sealed += 1;
            if opened.is_none() {
                opened = Some(ring(connection, keys).await.map_err(|error| error.to_string()));
            }
            let secret = match &opened {
                Some(Ok(ring)) => ring
                    .open_value(Purpose::Mfa, Context(&context(&factor)), &sealed)
                    .map_err(|error| error.to_string()),
                Some(Err(error)) => Err(error.clone()),
                None => continue,
            };
            match secret {
                Ok(secret) => _ = needles.insert(BASE32_NOPAD.encode(&secret)),
                Err(fault) => found.unopened.push((factor.id, fault)),
            }
        }
        needles.retain(|needle| needle.len() >= SHORTEST);
    }
}

async fn ring(connection: &mut Connection, keys: &Keys<'_>) -> Result<KeyRing, Error> {
    match keys {
        Keys::Ring(ring) => Ok((*ring).clone()),
        Keys::Below(data) => KeyRing::read(connection, MasterKey::load(data, false)?).await,
    }
}

/// How many places of a file hold one of the secrets. The file is read piece by piece.
fn hits(search: &AhoCorasick, file: &Path) -> std::io::Result<usize> {
    let mut hits = 0;
    for hit in search.try_stream_find_iter(File::open(file)?).map_err(std::io::Error::other)? {
        hit?;
        hits += 1;
    }
    Ok(hits)
}
