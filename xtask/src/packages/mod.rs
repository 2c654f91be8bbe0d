//! The packages for Python and Node: built as they are shipped, installed as users install them, and tested there.

pub(crate) mod node;
pub(crate) mod python;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::shell::{self, cargo, say};

/// The profile that packages are built with.
const PROFILE: &str = "shipped";

/// How thoroughly the packages are compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compiled {
    /// As they are shipped.
    Shipped,
    /// In a third of the time, without optimisation across crates: for tests.
    Quickly,
}

impl Compiled {
    /// For cargo, whichever program runs it.
    fn tell(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Shipped => command,
            Self::Quickly => {
                command.env("CARGO_PROFILE_SHIPPED_LTO", "off").env("CARGO_PROFILE_SHIPPED_CODEGEN_UNITS", "16")
            }
        }
    }
}

/// Builds, installs and tests the packages, as they are shipped.
pub(crate) fn check() -> Result<(), String> {
    python::build(Compiled::Shipped)?;
    let python = python::test()?;
    node::build(Compiled::Shipped)?;
    let node = node::test()?;
    say(&format!("{} tests passed in Python, {} in Node", python.passed, node.passed));
    Ok(())
}

/// Writes the conformance vectors again. The words go to the program that does so.
pub(crate) fn vectors(words: &[String]) -> Result<(), String> {
    let mut vectors = cargo(&["run", "--quiet", "--locked", "--package", "milkrun-vectors", "--"]);
    shell::run(vectors.args(words))?;
    say("tests/vectors/cases is written: look at what changed before you commit it");
    Ok(())
}

/// Writes the files of types that are generated from the libraries.
pub(crate) fn types() -> Result<(), String> {
    let words = ["run", "--quiet", "--locked", "--package", "milkrun-vectors", "--bin", "milkrun-types"];
    shell::run(&mut cargo(&words))?;
    python::write_stub()?;
    node::write_types()
}

/// Compares a generated file with the one that is kept.
fn same(generated: &Path, kept: &Path) -> Result<(), String> {
    if read(generated)? == read(kept)? {
        return Ok(());
    }
    Err(format!("{} is not what the library says: run `cargo xtask types`", kept.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Removes a folder with all that is in it, if it is there.
fn remove(folder: &Path) -> Result<(), String> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
