//! What the tests of the code's own rules have in common: the files of the project, and which of them import which.

pub mod graph;
pub mod python;
pub mod rust;
pub mod typescript;

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what is built, not what is written.
const BUILT: [&str; 6] = ["target", "node_modules", "dist", ".git", "__pycache__", ".venv"];

/// A file of the project: its path from the root, with `/` between folders, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path from the root.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// The folder of the file.
    pub fn folder(&self) -> &str {
        folder(&self.path)
    }
}

/// The folder of a path; empty for a file at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The root of the project.
///
/// # Panics
///
/// Where the crate does not lie two folders below it.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in tests/house").to_owned()
}

/// All files below the given folders (or the files themselves) whose names end in one of `endings`, by path.
///
/// # Panics
///
/// Where a folder cannot be read, or a file is not UTF-8.
pub fn sources(roots: &[&str], endings: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut left: Vec<PathBuf> = roots.iter().map(|path| root.join(path)).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let entries = entries.map(|entry| entry.expect("an entry of a folder").path());
            left.extend(entries.filter(|entry| !BUILT.iter().any(|&name| entry.ends_with(name))));
        } else if path.to_str().is_some_and(|path| endings.iter().any(|&ending| path.ends_with(ending))) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let path = path.strip_prefix(&root).expect("a path below the root");
            let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            found.push(Source { path, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "there are no files {endings:?} in {roots:?}");
    found
}
