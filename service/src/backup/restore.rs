//! Brings a backup back, into a database that is empty.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use super::create::{failed, unstarted};
use super::folder::Work;
use super::{DATABASE, FORMAT, Manifest, archive, contents};
use crate::audit::{self, Event, Ledger};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{KeyRing, MasterKey};
use crate::error::Error;
use crate::storage::frozen::Loader;
use crate::storage::{Inventory as _, NEWEST, Store};

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restored {
    /// What the backup held.
    pub(crate) manifest: Manifest,
    /// What a verification of the audit log found.
    pub(crate) audit: audit::Report,
}

/// Reads all of a backup, and changes nothing; gives what it holds.
///
/// # Errors
///
/// If it is no backup, was made with another master key, or is damaged anywhere.
pub(crate) fn check(path: &Path, master: &MasterKey) -> Result<Manifest, Error> {
    archive::read(path, master, |_| Ok(Box::new(io::sink())))
}

/// Brings a backup back: into an empty database of its kind, and a data folder that has the master key and nothing of what the
/// backup holds. All of the backup is read before anything is changed; and before it is done, every row was counted
/// and every sealed value opened.
///
/// # Errors
///
/// Those of [`check`]; if there is something already, the schema is newer than this release, or what was restored is not what the
/// backup was made of.
pub(crate) async fn restore(config: &Config, clock: &Clock, path: &Path) -> Result<Restored, Error> {
    let master = || MasterKey::load(&config.data, false);
    let manifest = check(path, &master()?)?;
    let store = Store::open(config).await?;
    must_fit(&manifest, &store)?;
    let loader = store.loader(&config.database_url()).await?;
    must_be_free(&manifest, &config.data)?;
    let work = Work::begin(&config.data, "restore.work")?;
    let restored = match loader {
        Loader::File(target) => {
            store.close().await;
            let staged = beside(&target, ".restoring");
            remove_database(&staged)?;
            extract(path, &master()?, &work, |_| Ok(Box::new(create_file(&staged)?)))?;
            let place = Config { database_url: Some(format!("sqlite:{}", staged.display())), ..config.clone() };
            let store = Store::open(&place).await?;
            let restored = verify(&store, master()?, clock, manifest, work.path()).await?;
            store.close().await;
            put_in_place(&restored.manifest, &work, &config.data)?;
            remove_database(&target)?;
            fs::rename(&staged, &target).map_err(|error| Error::file(&target, error))?;
            restored
        }
        Loader::Program(program) => {
            load(path, &master()?, &work, program)?;
            let restored = verify(&store, master()?, clock, manifest, work.path()).await.map_err(|error| {
                Error::Refused(format!("{error}; empty the database before you try again: it is not what it should be"))
            })?;
            put_in_place(&restored.manifest, &work, &config.data)?;
            store.close().await;
            restored
        }
    };
    Ok(restored)
}

/// Refuses a backup of another kind of database, or of a later release.
fn must_fit(manifest: &Manifest, store: &Store) -> Result<(), Error> {
    let kind = store.backend().name();
    if manifest.database != kind {
        return Err(Error::Refused(format!(
            "the backup is of {}, and the database given is {kind}",
            manifest.database
        )));
    }
    if manifest.format != FORMAT || !(1..=NEWEST).contains(&manifest.schema) {
        return Err(Error::Refused(format!(
            "the backup was made by release {} with schema {}, and this release knows schemas up to {NEWEST}: restore it \
             with that release",
            manifest.release, manifest.schema
        )));
    }
    Ok(())
}

/// The first part of the name of each file, but for the database's copy: what it puts into the data folder.
fn tops(manifest: &Manifest) -> BTreeSet<&str> {
    let names = manifest.files.iter().map(|part| part.name.as_str()).filter(|name| *name != DATABASE);
    names.filter_map(|name| name.split('/').next()).collect()
}

/// Refuses a data folder that has some of it already.
fn must_be_free(manifest: &Manifest, data: &Path) -> Result<(), Error> {
    match tops(manifest).into_iter().map(|top| data.join(top)).find(|place| place.exists()) {
        Some(place) => Err(Error::Refused(format!(
            "{} is there already: give a data folder that has the master key alone",
            place.display()
        ))),
        None => Ok(()),
    }
}

/// Unpacks everything into the folder to work in, but for the database's copy, which goes where `database` says.
fn extract<'a>(
    path: &Path,
    master: &MasterKey,
    work: &Work,
    mut database: impl FnMut(&str) -> Result<Box<dyn Write + 'a>, Error>,
) -> Result<(), Error> {
    let place = |name: &str| {
        if name == DATABASE {
            return database(name);
        }
        let place = work.path().join(name);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
        }
        let file: Box<dyn Write + 'a> = Box::new(create_file(&place)?);
        Ok(file)
    };
    archive::read(path, master, place).map(drop)
}

fn create_file(path: &Path) -> Result<File, Error> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Error::file(path, error))
}

/// Has a program load the database's copy, all of it or nothing.
fn load(path: &Path, master: &MasterKey, work: &Work, mut program: Command) -> Result<(), Error> {
    let errors = work.path().join("errors");
    let told = File::create(&errors).map_err(|error| Error::file(&errors, error))?;
    program.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(told);
    let mut child = program.spawn().map_err(|error| unstarted(&program, &error))?;
    let mut input = child.stdin.take();
    let extracted = extract(path, master, work, |name| {
        let input = input.take().ok_or_else(|| Error::Stored(format!("{name} is twice in the backup")))?;
        Ok(Box::new(input))
    });
    if extracted.is_err() {
        // Before its input ends: then nothing of it lasts. What it says of itself is more than that it hung up.
        let hung_up = has_ended(&mut child);
        let _ = child.kill();
        let _ = child.wait();
        return if hung_up { Err(failed(&program, &errors)) } else { extracted };
    }
    let ended = child.wait().map_err(|error| unstarted(&program, &error))?;
    if ended.success() { Ok(()) } else { Err(failed(&program, &errors)) }
}

fn has_ended(child: &mut Child) -> bool {
    matches!(child.try_wait(), Ok(Some(ended)) if !ended.success())
}

/// Holds what was restored against what the backup was made of, brings the schema up to this release, and notes it in the
/// audit log.
async fn verify(
    store: &Store,
    master: MasterKey,
    clock: &Clock,
    manifest: Manifest,
    work: &Path,
) -> Result<Restored, Error> {
    let mut connection = store.connection().await?;
    if let Some(fault) = connection.unsoundness(store.backend()).await? {
        return Err(Error::Stored(format!("the restored database is damaged: {fault}")));
    }
    let (version, rows) = (store.version().await?, connection.rows_of_tables(store.backend()).await?);
    if version != manifest.schema {
        return Err(Error::Stored(format!("the restored schema is {version} instead of {}", manifest.schema)));
    }
    let tables = rows.keys().chain(manifest.tables.keys()).collect::<BTreeSet<_>>();
    let differ = |table: &&&String| rows.get(**table) != manifest.tables.get(**table);
    if let Some(table) = tables.iter().find(differ) {
        let (now, then) = (rows.get(*table), manifest.tables.get(*table));
        return Err(Error::Stored(format!("the table {table} has {now:?} rows instead of {then:?}")));
    }
    drop(connection);
    store.migrate_up(None).await?;
    let mut connection = store.connection().await?;
    let ring = KeyRing::read(&mut connection, master).await?;
    let (opened, unopened) = contents::open_all(&mut connection, &ring).await?;
    if (opened, &unopened) != (manifest.secrets, &manifest.unopened) {
        return Err(Error::Stored(format!(
            "{opened} sealed values open instead of {}; these do not: {}",
            manifest.secrets,
            unopened.join("; ")
        )));
    }
    let audit = audit::verify(&mut connection, &ring, work).await?;
    drop(connection);
    let ledger = Ledger { store: store.clone(), ring, clock: clock.clone() };
    let detail = json!({"made_at": manifest.made_at, "rows": manifest.rows(), "secrets": opened});
    ledger.begin().await?.commit_with(Event::new("backup.restored").with(detail)).await?;
    Ok(Restored { manifest, audit })
}

/// Moves what was unpacked into the data folder.
fn put_in_place(manifest: &Manifest, work: &Work, data: &Path) -> Result<(), Error> {
    for top in tops(manifest) {
        let place = data.join(top);
        fs::rename(work.path().join(top), &place).map_err(|error| Error::file(&place, error))?;
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Removes the files of a database that holds nothing.
fn remove_database(path: &Path) -> Result<(), Error> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let file = beside(path, ending);
        if let Err(error) = fs::remove_file(&file)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(Error::file(&file, error));
        }
    }
    Ok(())
}
