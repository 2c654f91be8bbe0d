//! Licences, bans and sources of all dependencies, by cargo-deny.

use std::process::Command;

use crate::shell::{root, run};
use crate::tools::installed;

/// The release that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Checks the dependencies. Advisories are left out: their database has to be fetched, and may change from day to day.
pub(crate) fn check() -> Result<(), String> {
    let program = installed("cargo-deny", VERSION)?;
    run(Command::new(program).current_dir(root()).args(["--locked", "check", "licenses", "bans", "sources"]))
}
