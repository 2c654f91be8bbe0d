//! Collects instance files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use milkrun::io::Format;

use crate::failure::Failure;

/// The files given, and all instances in the folders given, each once.
///
/// # Errors
///
/// Every path that does not exist, every folder that cannot be read or has no instance.
pub(super) fn instances(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for path in paths {
        let mut of_path = Vec::new();
        if path.is_dir() {
            if let Err(fault) = walk(path, &mut of_path) {
                faults.push(fault);
            } else if of_path.is_empty() {
                faults.push(format!(
                    "{}: there is no instance in this folder; give instances or folders of them",
                    path.display()
                ));
            }
        } else if path.exists() {
            of_path.push(path.clone());
        } else {
            faults.push(format!("{}: there is no such file or folder; check the path", path.display()));
        }
        found.extend(of_path.into_iter().filter(|path| seen.insert(path.clone())));
    }
    if faults.is_empty() { Ok(found) } else { Err(Failure::Input(faults)) }
}

/// Adds the instances below `folder`, in the order of their names.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |error| format!("cannot read the folder {}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        // Links to folders are not followed: they could form cycles.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), found)?;
        } else if is_instance(&entry.path()) {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// Whether a file of a folder looks like an instance, by its extension and its beginning.
fn is_instance(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    if !matches!(ending.as_deref(), Some("vrp" | "tsp" | "atsp" | "txt" | "json")) {
        return false;
    }
    let mut head = Vec::new();
    if File::open(path).and_then(|file| file.take(4096).read_to_end(&mut head)).is_err() {
        return false;
    }
    match Format::detect(&head, None) {
        Some(Format::Json) => {
            let head = String::from_utf8_lossy(&head);
            let squeezed: String = head.chars().filter(|c| !c.is_whitespace()).collect();
            squeezed.contains(r#""milkrun":"problem""#)
        }
        Some(_) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_searched_and_other_files_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("more")).unwrap();
        write("more/b.vrp", "NAME : b\n");
        write("a.json", "{\n  \"milkrun\": \"problem\"");
        write("plan.json", "{\"milkrun\": \"plan\"");
        write("b.sol", "Route #1: 1\n");
        write("notes.txt", "bring milk\n");
        let paths = [folder.path().to_owned(), folder.path().join("a.json")];
        let names: Vec<_> = instances(&paths).unwrap().iter().map(|p| p.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["a.json", "b.vrp"]);
    }

    #[test]
    fn every_wrong_path_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let failure = instances(&[folder.path().to_owned(), folder.path().join("none.vrp")]).unwrap_err();
        assert_eq!(failure.to_string().lines().count(), 2, "{failure}");
    }
}
