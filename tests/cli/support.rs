//! Starting the binary.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A completed run.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Asserts the exit code, and that nothing panicked.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        for word in ["panicked", "RUST_BACKTRACE", "fault of milkrun"] {
            assert!(!self.err.contains(word), "{}", self.err);
        }
        self
    }

    /// Asserts that standard error contains all of these.
    #[track_caller]
    pub(crate) fn reports(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in:\n{}", self.err);
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in:\n{}", self.out))
    }
}

/// The binary, in `folder`.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_milkrun"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs the binary in `folder` to its end.
pub(crate) fn milkrun<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Run {
    Run::of(&command(folder).args(arguments).output().unwrap())
}

/// The same, with something on standard input.
pub(crate) fn milkrun_with_input<S: AsRef<OsStr>>(folder: &Path, arguments: &[S], input: &str) -> Run {
    let mut command = command(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A program that finds a fault early stops reading.
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    Run::of(&child.wait_with_output().unwrap())
}

/// A file of `examples/data`.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(name)
}

/// An empty folder with the example files in it.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["waste_day.json", "village.vrp", "parcels.vrp"] {
        std::fs::copy(data(name), folder.path().join(name)).unwrap();
    }
    folder
}

/// The files of the folder, sorted by name.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

/// A problem that no plan solves: the only client needs more than the only vehicle holds.
pub(crate) const HOPELESS: &str = r#"{
    "milkrun": "problem", "version": 1, "name": "hopeless",
    "depots": [{"name": "yard", "location": {"x": 0, "y": 0}}],
    "clients": [{"name": "silo", "location": {"x": 3, "y": 4}, "delivery": [9]}],
    "vehicle_types": [{"capacity": [5], "start": "yard", "end": "yard"}]
}"#;

/// Two clients, one vehicle that can serve both.
pub(crate) const TINY: &str = r#"{
    "milkrun": "problem", "version": 1, "name": "tiny",
    "depots": [{"name": "yard", "location": {"x": 0, "y": 0}}],
    "clients": [
        {"name": "near", "location": {"x": 3, "y": 4}, "delivery": [1]},
        {"name": "far", "location": {"x": 6, "y": 8}, "delivery": [1]}
    ],
    "vehicle_types": [{"name": "van", "capacity": [5], "start": "yard", "end": "yard"}]
}"#;
