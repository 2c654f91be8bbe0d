//! Licences, bans and sources of all dependencies, by cargo-deny.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{cargo, root, run, say, target};

/// The release that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Checks the dependencies. Advisories are left out: their database has to be fetched, and may change from day to day.
pub(crate) fn check() -> Result<(), String> {
    let program = installed()?;
    run(Command::new(program).current_dir(root()).args(["--locked", "check", "licenses", "bans", "sources"]))
}

/// The program: the one on the path if it is of the right release, else one of our own below the target folder.
fn installed() -> Result<PathBuf, String> {
    let own = target().join("tools");
    let program = own.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    for candidate in [PathBuf::from("cargo-deny"), program.clone()] {
        if is_right(&candidate) {
            return Ok(candidate);
        }
    }
    say(&format!("cargo-deny {VERSION} is installed into {}", own.display()));
    let mut install = cargo(&["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]);
    // Speed of the tool does not matter; the time to build it does.
    run(install.arg(own).arg("--debug"))?;
    Ok(program)
}

fn is_right(program: &PathBuf) -> bool {
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("cargo-deny {VERSION}"))
}
