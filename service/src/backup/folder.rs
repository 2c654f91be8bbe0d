//! Folders to work in: within the data folder, for one at a time, gone afterwards.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A folder to work in, which only its owner may read. It is removed when this is dropped, and whatever a process left in it that
/// was killed, when the next one begins.
pub(super) struct Work {
    path: PathBuf,
    /// Held as long as the folder is used. The system lets go of it, however the process ends.
    _lock: File,
}

impl Work {
    /// Makes the folder `name` within the data folder.
    pub(super) fn begin(data: &Path, name: &str) -> Result<Self, Error> {
        let lock = data.join(format!("{name}.lock"));
        let held = File::create(&lock).map_err(|error| Error::file(&lock, error))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Refused(format!("{}: another process is at it", data.join(name).display())));
            }
            Err(TryLockError::Error(error)) => return Err(Error::file(&lock, error)),
        }
        let path = data.join(name);
        remove(&path)?;
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| Error::file(&path, error))?;
        Ok(Self { path, _lock: held })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes everything in it.
    pub(super) fn clear(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.path).map_err(|error| Error::file(&self.path, error))?.flatten() {
            remove(&entry.path())?;
        }
        Ok(())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What is left is removed by the next one.
        let _ = remove(&self.path);
    }
}

/// Removes a file or a folder with all that is in it. What is not there is as good as removed.
fn remove(path: &Path) -> Result<(), Error> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(path, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("w")).unwrap();
        fs::write(data.path().join("w/left"), "by a process that was killed").unwrap();
        let work = Work::begin(data.path(), "w").unwrap();
        assert!(!work.path().join("left").exists());
        let second = Work::begin(data.path(), "w").err().unwrap().to_string();
        assert!(second.contains("another process"), "{second}");
        fs::write(work.path().join("x"), "").unwrap();
        work.clear().unwrap();
        assert!(!work.path().join("x").exists());
        drop(work);
        assert!(!data.path().join("w").exists());
        Work::begin(data.path(), "w").unwrap();
    }
}
