//! Where results go: whole files or nothing, and standard output, where a reader that went away is no error.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A place that a result will be written to, known to be writable when it was made.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file, which is replaced as a whole.
    File(PathBuf),
}

impl Target {
    /// The place that `path` names (`-` is standard output).
    ///
    /// # Errors
    ///
    /// If nothing can be written there: better now than after an hour of search.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        let fault = |reason: &dyn std::fmt::Display| {
            Failure::input(format!(
                "cannot write {}: {reason}; give a path in a folder that you may write to",
                path.display()
            ))
        };
        if path.is_dir() {
            return Err(fault(&"it is a folder"));
        }
        if path.metadata().is_ok_and(|found| found.permissions().readonly()) {
            return Err(fault(&"the file is read-only"));
        }
        if !is_special(path) {
            let trial = beside(path);
            fs::File::create_new(&trial).and_then(|_| fs::remove_file(&trial)).map_err(|error| fault(&error))?;
        }
        Ok(Self::File(path.to_owned()))
    }

    /// Writes `content`, all or nothing.
    pub(crate) fn write(&self, content: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
        let content = content.as_ref();
        match self {
            Self::Stdout => stdout(content),
            Self::File(path) => replace(path, content)
                .map_err(|error| Failure::Machine(format!("cannot write {}: {error}", path.display()))),
        }
    }
}

/// A pipe or a device such as `/dev/null` has no neighbour to be renamed from.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}

/// What tells a file from all others, by whichever path it is named; `None` where nothing can be lost: standard output and
/// devices.
pub(crate) fn identity(path: &Path) -> Option<PathBuf> {
    if path == Path::new("-") || is_special(path) {
        return None;
    }
    if let Ok(found) = fs::canonicalize(path) {
        return Some(found);
    }
    // A file that does not exist yet is identified by its folder. A link to it has the name of what it leads to.
    let path = fs::read_link(path).map_or_else(|_| path.to_owned(), |to| path.with_file_name("").join(to));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
}

/// The path of a temporary neighbour: on the same file system, so that it can be renamed.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if is_special(path) {
        return fs::write(path, content);
    }
    // A link stays a link: what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let new = beside(path);
    let written = fs::File::create(&new)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// Writes to standard output.
pub(crate) fn stdout(content: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(content.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Machine(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard error. A failure to do so is ignored, for it could not be reported either.
pub(crate) fn log(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_no_other_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        fs::write(&path, "a much longer plan of yesterday").unwrap();
        let target = Target::prepare(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a much longer plan of yesterday", "trying changes nothing");
        target.write("today").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "today");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Target::prepare(folder.path()).is_err());
        let failure = Target::prepare(&folder.path().join("no/such/plan.json")).unwrap_err();
        assert!(failure.to_string().contains("plan.json"), "{failure}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Target::prepare(&link).unwrap().write("new").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }
}
