//! Backups.

use std::path::Path;
use std::process::ExitCode;

use super::{code, make_folder, say};
use crate::audit::Ledger;
use crate::backup::{self, Manifest};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{KeyRing, MasterKey};
use crate::error::Error;
use crate::storage::{NEWEST, Store};

/// Makes a backup; the schema and the keys stay as they are.
pub(super) async fn create(config: &Config, out: &Path) -> Result<ExitCode, Error> {
    let store = Store::open(config).await?;
    let version = store.version().await?;
    if version == 0 {
        return Err(Error::Refused(format!(
            "the database is empty: there is nothing to back up (schema 0 of {NEWEST})"
        )));
    }
    let ring = KeyRing::read(&mut *store.connection().await?, MasterKey::load(&config.data, false)?).await?;
    let manifest = backup::create(&Ledger { store, ring, clock: Clock::default() }, config, out).await?;
    tell(&manifest, out);
    Ok(code(manifest.unopened.is_empty() && manifest.missing.is_empty()))
}

/// Brings a backup back, or with `check` reads all of it and changes nothing.
pub(super) async fn restore(config: &Config, from: &Path, check: bool) -> Result<ExitCode, Error> {
    make_folder(config)?;
    if check {
        tell(&backup::check(from, &MasterKey::load(&config.data, false)?)?, from);
        return Ok(ExitCode::SUCCESS);
    }
    let restored = backup::restore(config, &Clock::default(), from).await?;
    tell(&restored.manifest, from);
    if let (Some(seq), Some(reason)) = (restored.audit.first_bad, &restored.audit.reason) {
        say(&format!("the audit log is as it was in the backup, and wrong: entry {seq}: {reason}"));
    }
    say("restored; what waited to be sent when the backup was made is sent once the service starts");
    Ok(code(restored.audit.first_bad.is_none()))
}

fn tell(manifest: &Manifest, file: &Path) {
    say(&format!(
        "{}: {} with schema {}, {} rows in {} tables, {} sealed values that open, {} files with {} bytes",
        file.display(),
        manifest.database,
        manifest.schema,
        manifest.rows(),
        manifest.tables.len(),
        manifest.secrets,
        manifest.files.len(),
        manifest.bytes()
    ));
    for fault in &manifest.unopened {
        say(&format!("did not open when the backup was made: {fault}"));
    }
    for file in &manifest.missing {
        say(&format!("was missing when the backup was made: networks/{file}"));
    }
}
