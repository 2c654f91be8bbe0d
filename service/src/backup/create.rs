//! Makes a backup while the service runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::json;

use super::archive::{Finished, Writer};
use super::folder::Work;
use super::{DATABASE, Manifest, contents};
use crate::audit::{self, Event, Ledger};
use crate::config::Config;
use crate::crypto::MasterKey;
use crate::error::Error;
use crate::networks::{Folder, Format};
use crate::storage::frozen::{Copy, NetworkPlace};
use crate::storage::{Inventory as _, NEWEST};

/// How often it begins again because a network was replaced meanwhile.
const TRIES: usize = 4;

/// A file of the data folder: its name in the backup, and where it is kept while that is made.
type Kept = (String, PathBuf);

/// Makes a backup in the file `out`, which must not be there yet, and notes that in the audit log. Whatever happens, there
/// is a whole backup of this name afterwards, or none.
///
/// # Errors
///
/// If the schema is not that of this release, a file cannot be read or written, or `pg_dump` fails.
pub(crate) async fn create(ledger: &Ledger, config: &Config, out: &Path) -> Result<Manifest, Error> {
    let version = ledger.store.version().await?;
    if version != NEWEST {
        return Err(Error::Refused(format!(
            "the schema has version {version}, and this release {NEWEST}: back up with the release that is served"
        )));
    }
    let work = Work::begin(&config.data, "backup.work")?;
    let master = ledger.ring.master();
    let mut tries = 1;
    let finished = loop {
        let mut frozen = ledger.store.freeze(&config.database_url(), work.path()).await?;
        let now = ledger.clock.now();
        ledger.ring.reload(&mut frozen.connection).await?;
        let mut manifest =
            contents::describe(&mut frozen.connection, ledger.store.backend(), &ledger.ring, now).await?;
        let networks = frozen.connection.network_places().await?;
        let (mut kept, missing) = keep_networks(&config.data, &networks, work.path())?;
        if !missing.is_empty() && tries < TRIES {
            // One was replaced or became ready since: then the next look finds another.
            tries += 1;
            drop(frozen);
            work.clear()?;
            continue;
        }
        manifest.missing = missing;
        let marks = audit::checkpoint_file(&config.data);
        if marks.exists() {
            kept.push(("audit-checkpoints.jsonl".to_owned(), marks));
        }
        let (out, errors, master) = (out.to_owned(), work.path().join("errors"), master.clone());
        let written = tokio::task::spawn_blocking(move || write(&out, &master, manifest, frozen.copy, &kept, &errors));
        let finished = written.await.map_err(|_| Error::Stored("the backup ended by itself".to_owned()))??;
        // Until here it is the connection that keeps the database as it was.
        drop(frozen.connection);
        break finished;
    };
    let manifest = &finished.manifest;
    let detail = json!({"bytes": manifest.bytes(), "rows": manifest.rows(), "secrets": manifest.secrets});
    let mut change = ledger.begin().await?;
    change.set_backed_up_at(manifest.made_at).await?;
    change.commit_with(Event::new("backup.made").with(detail)).await?;
    finished.keep()
}

/// Keeps the files of networks as they are now, by further names in the folder `work`; gives them, and those that are not
/// there.
fn keep_networks(data: &Path, networks: &[NetworkPlace], work: &Path) -> Result<(Vec<Kept>, Vec<String>), Error> {
    let folder = Folder::of(data);
    let (mut kept, mut missing) = (Vec::new(), Vec::new());
    for (org, id, format, state) in networks {
        let uploaded = Format::of_name(format).map_or(&[][..], Format::endings);
        for ending in if state == "ready" { &["network"][..] } else { uploaded } {
            let (file, place) = (folder.file(org, id, ending), work.join(format!("{id}.{ending}")));
            match fs::hard_link(&file, &place).or_else(|_| fs::copy(&file, &place).map(drop)) {
                Ok(()) => kept.push((format!("networks/{org}/{id}.{ending}"), place)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    missing.push(format!("{org}/{id}.{ending}"));
                }
                Err(error) => return Err(Error::file(&file, error)),
            }
        }
    }
    Ok((kept, missing))
}

/// Writes all of it, and reads it again.
fn write(
    out: &Path,
    master: &Arc<MasterKey>,
    manifest: Manifest,
    copy: Copy,
    kept: &[Kept],
    errors: &Path,
) -> Result<Finished, Error> {
    let mut writer = Writer::create(out, master)?;
    match copy {
        Copy::File(path) => add(&mut writer, DATABASE, &path)?,
        Copy::Program(program) => add_output(&mut writer, program, errors)?,
    }
    for (name, path) in kept {
        add(&mut writer, name, path)?;
    }
    writer.finish(manifest, master)
}

fn add(writer: &mut Writer, name: &str, path: &Path) -> Result<(), Error> {
    writer.add(name, &mut File::open(path).map_err(|error| Error::file(path, error))?)
}

/// Adds what a program prints, if it ends well.
fn add_output(writer: &mut Writer, mut program: Command, errors: &Path) -> Result<(), Error> {
    let told = File::create(errors).map_err(|error| Error::file(errors, error))?;
    program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(told);
    let mut child = program.spawn().map_err(|error| unstarted(&program, &error))?;
    let added = child.stdout.take().map_or(Ok(()), |mut output| writer.add(DATABASE, &mut output));
    if added.is_err() {
        let _ = child.kill();
    }
    let ended = child.wait().map_err(|error| unstarted(&program, &error))?;
    added?;
    if ended.success() { Ok(()) } else { Err(failed(&program, errors)) }
}

/// What to do about a program that cannot be started.
pub(super) fn unstarted(program: &Command, error: &std::io::Error) -> Error {
    let name = program.get_program().to_string_lossy();
    Error::Refused(format!(
        "{name} cannot be started ({error}): install PostgreSQL's client programs, of the server's release or a later one, \
         where PATH finds them"
    ))
}

/// What a program said that failed.
pub(super) fn failed(program: &Command, errors: &Path) -> Error {
    let told = fs::read_to_string(errors).unwrap_or_default();
    let told: String = told.trim().chars().take(2_000).collect();
    Error::Refused(format!("{} failed: {told}", program.get_program().to_string_lossy()))
}
