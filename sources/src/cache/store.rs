//! The folder of a cache.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use tempfile::Builder;

use super::row::{Cell, PointKey, Row, file, hash};

/// Most bytes of a file: four million destinations. What is longer is not one of ours.
const LONGEST: u64 = 64 << 20;

/// How files are called before they are whole.
const UNFINISHED: &str = ".unfinished-";

/// Rows in files, each of which is replaced as a whole.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    limit: u64,
    /// Two threads that add to a row must not forget each other's cells. Two processes may: they are asked for again.
    writing: Mutex<()>,
}

/// What is kept of a row.
pub(super) enum Found {
    Row(Row),
    Nothing,
    Damaged,
}

impl Store {
    /// Makes the folder if need be, and tries to write to it.
    pub(super) fn open(folder: &Path, limit: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        Ok(Self { folder: folder.to_owned(), limit, writing: Mutex::new(()) })
    }

    pub(super) fn load(&self, identity: &str, from: PointKey) -> Found {
        let identity = hash(&[identity.as_bytes()]);
        let Ok(file) = File::open(self.folder.join(file(&identity, from))) else { return Found::Nothing };
        let mut bytes = Vec::new();
        match file.take(LONGEST + 1).read_to_end(&mut bytes) {
            Ok(_) => Row::decode(&bytes, &identity, from).map_or(Found::Damaged, Found::Row),
            Err(_) => Found::Damaged,
        }
    }

    /// Adds cells to a row. The file is written beside the old one and then takes its place, so that a reader never sees
    /// half of it.
    pub(super) fn merge(&self, identity: &str, from: PointKey, cells: Vec<Cell>) -> io::Result<()> {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut row = match self.load(identity, from) {
            Found::Row(row) => row,
            Found::Nothing | Found::Damaged => Row::default(),
        };
        row.merge(cells);
        let identity = hash(&[identity.as_bytes()]);
        let path = self.folder.join(file(&identity, from));
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        let mut written = Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        written.write_all(&row.encode(&identity, from))?;
        written.persist(&path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Deletes what was written longest ago until the rest is within the limit. Only files of a cache are touched.
    pub(super) fn evict(&self) {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = self.files();
        let mut size: u64 = files.iter().map(|&(_, _, length)| length).sum();
        if size <= self.limit {
            return;
        }
        files.sort();
        for (_, path, length) in files {
            if size <= self.limit {
                break;
            }
            // Another process may have deleted it.
            let _ = fs::remove_file(path);
            size -= length;
        }
    }

    /// When each file was written, where it is, and how long it is.
    fn files(&self) -> Vec<(SystemTime, PathBuf, u64)> {
        let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_ours = |path: &Path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            path.extension().is_some_and(|ending| ending == "row") || name.starts_with(UNFINISHED)
        };
        let files = entries(&self.folder).flat_map(|folder| entries(&folder)).filter(|path| is_ours(path));
        let described = files.filter_map(|path| {
            let about = fs::metadata(&path).ok()?;
            Some((about.modified().ok()?, path, about.len()))
        });
        described.collect()
    }
}
