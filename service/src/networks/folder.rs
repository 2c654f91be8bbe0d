//! Where the files of networks are: in the data folder, one folder for each organisation.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;

use super::Format;
use crate::error::Error;
use crate::ids::new_id;

/// A file that nothing refers to is removed once it is so old: what has just been written is about to be referred to.
const ABANDONED: Duration = Duration::from_hours(1);
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;

/// The folder of all networks.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Below the data folder.
    pub(crate) fn of(data: &Path) -> Self {
        Self(data.join("networks"))
    }

    /// A file of a network: `ending` is `network` for the prepared one.
    pub(crate) fn file(&self, org: &str, id: &str, ending: &str) -> PathBuf {
        self.0.join(org).join(format!("{id}.{ending}"))
    }

    /// Begins to receive a file.
    pub(crate) fn receive(&self) -> Result<Incoming, Error> {
        let folder = self.0.join("incoming");
        fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, error))?;
        let path = folder.join(new_id());
        let file = File::create_new(&path).map_err(|error| Error::file(&path, error))?;
        Ok(Incoming { path, file, digest: digest::Context::new(&digest::SHA256), bytes: 0, head: Vec::new() })
    }

    /// Removes all files of a network.
    pub(crate) fn remove(&self, org: &str, id: &str) {
        self.remove_upload(org, id);
        remove(&self.file(org, id, "network"));
        remove(&self.file(org, id, "network.part"));
    }

    /// Removes what was uploaded.
    pub(crate) fn remove_upload(&self, org: &str, id: &str) {
        for format in [Format::Map, Format::Csv] {
            format.endings().iter().for_each(|ending| remove(&self.file(org, id, ending)));
        }
    }

    /// Removes old files of networks that are not among `known`, as a process leaves them that is killed before it removed them.
    pub(crate) fn sweep(&self, known: &HashSet<String>, now: SystemTime) {
        for folder in entries(&self.0) {
            for path in entries(&folder) {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
                let id = name.split('.').next().unwrap_or("");
                let written = path.metadata().and_then(|data| data.modified()).unwrap_or(now);
                let is_old = now.duration_since(written).is_ok_and(|age| age > ABANDONED);
                if is_old && !known.contains(id) {
                    tracing::info!(file = %path.display(), "a file of no network is removed");
                    remove(&path);
                }
            }
        }
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// A file that is not there is as good as removed.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(file = %path.display(), %error, "a file could not be removed");
    }
}

/// SHA-256 of a file, as hexadecimal digits, and its length.
pub(super) fn fingerprint(path: &Path) -> std::io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut context, mut buffer, mut bytes) = (digest::Context::new(&digest::SHA256), vec![0; CHUNK], 0);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((HEXLOWER.encode(context.finish().as_ref()), bytes));
        }
        context.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// A file that is being received. Unless it is kept, it is removed.
pub(crate) struct Incoming {
    path: PathBuf,
    file: File,
    digest: digest::Context,
    bytes: u64,
    head: Vec<u8>,
}

impl Incoming {
    /// Bytes that tell what a file is.
    const HEAD: usize = 1_024;

    /// Writes the next part.
    pub(crate) fn write(&mut self, part: &[u8]) -> Result<(), Error> {
        self.file.write_all(part).map_err(|error| Error::file(&self.path, error))?;
        self.digest.update(part);
        self.bytes += part.len() as u64;
        let missing = Self::HEAD.saturating_sub(self.head.len());
        self.head.extend(&part[..missing.min(part.len())]);
        Ok(())
    }

    /// How much there is.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What it begins with.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// SHA-256 of all of it, as hexadecimal digits.
    pub(crate) fn fingerprint(&self) -> String {
        HEXLOWER.encode(self.digest.clone().finish().as_ref())
    }

    /// Moves it to its place.
    pub(crate) fn keep(self, place: &Path) -> Result<(), Error> {
        let folder = place.parent().unwrap_or(place);
        fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
        self.file.sync_all().map_err(|error| Error::file(&self.path, error))?;
        fs::rename(&self.path, place).map_err(|error| Error::file(place, error))
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What was kept is no longer there.
        remove(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_goes() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::of(data.path());
        let (mut kept, mut dropped) = (folder.receive().unwrap(), folder.receive().unwrap());
        kept.write(b"MILK").unwrap();
        kept.write(b"ROAD").unwrap();
        dropped.write(b"x").unwrap();
        assert_eq!((kept.bytes(), kept.head()), (8, &b"MILKROAD"[..]));
        let (place, sum) = (folder.file("o", "n", "upload"), kept.fingerprint());
        kept.keep(&place).unwrap();
        drop(dropped);
        assert_eq!(fingerprint(&place).unwrap(), (sum, 8));
        assert_eq!(entries(&data.path().join("networks/incoming")).count(), 0);
        // Files of no network go once they are old.
        let known = HashSet::from(["n".to_owned()]);
        fs::write(folder.file("o", "m", "network"), "x").unwrap();
        folder.sweep(&known, SystemTime::now());
        assert_eq!(entries(&data.path().join("networks/o")).count(), 2);
        folder.sweep(&known, SystemTime::now() + 2 * ABANDONED);
        assert_eq!(entries(&data.path().join("networks/o")).collect::<Vec<_>>(), [place]);
    }
}
