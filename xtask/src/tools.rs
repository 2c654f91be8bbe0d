//! Programs that cargo does not bring: of one release, below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::packages::python;
use crate::shell::{cargo, root, run, say, target};

/// A program of `xtask/requirements.txt`, where `PyPI` has it for this platform: downloading it takes seconds, building it
/// minutes. pip holds what it fetches against the hashes in that file.
pub(crate) fn fetched(name: &str) -> Result<PathBuf, String> {
    /// Steps that run side by side ask at the same time.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock();
    let list = root().join("xtask/requirements.txt");
    let options = ["--require-hashes", "--only-binary", ":all:", "--no-deps"];
    let python = python::filled(&target().join("tools/python"), &list, &options)?;
    Ok(python.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// A program: the one on the path if it is of the right release, else one of our own, which is built if need be.
pub(crate) fn installed(name: &str, version: &str) -> Result<PathBuf, String> {
    let own = target().join("tools");
    let program = own.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    for candidate in [PathBuf::from(name), program.clone()] {
        if is_right(&candidate, name, version) {
            return Ok(candidate);
        }
    }
    say(&format!("{name} {version} is installed into {}", own.display()));
    let mut install = cargo(&["install", name, "--locked", "--version", version, "--root"]);
    // Speed of the tool does not matter; the time to build it does.
    run(install.arg(own).arg("--debug").env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    Ok(program)
}

/// Whether a program says that it is this release; those that are commands of cargo want their name first.
fn is_right(program: &Path, name: &str, version: &str) -> bool {
    let word = name.trim_start_matches("cargo-");
    let expected = format!("{name} {version}");
    [&["--version"][..], &[word, "--version"]].into_iter().any(|words| {
        let output = Command::new(program).args(words).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == expected)
    })
}
