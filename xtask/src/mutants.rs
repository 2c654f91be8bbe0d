//! `cargo xtask mutants`: whether the tests notice when the service's secrets and sign-in are changed.

use std::process::Command;

use crate::shell::{cargo, root, run, target, works};
use crate::tools::installed;

/// What changes the code.
const VERSION: &str = "27.1.0";
/// Where everything depends on every line.
const FILES: [&str; 2] = ["service/src/crypto/*.rs", "service/src/auth/*.rs"];
/// Longest run of the tests over one change, seconds: some changes make them wait for ever.
const LONGEST: &str = "90";

/// Changes a copy of the code here and there, and runs the service's tests over each change. Further words go to
/// cargo-mutants: `--shard 0/12` takes a twelfth of the changes.
pub(crate) fn check(words: &[String]) -> Result<(), String> {
    let mut mutants = Command::new(installed("cargo-mutants", VERSION)?);
    mutants.current_dir(root()).args(["mutants", "--package", "milkrun-service", "--timeout", LONGEST]);
    for file in FILES {
        mutants.args(["--file", file]);
    }
    mutants.arg("--output").arg(target().join("mutants")).args(words);
    if works(&mut cargo(&["nextest", "--version"])) {
        // Ends with the first test that fails.
        mutants.args(["--test-tool", "nextest"]);
    }
    run(mutants.env("CARGO_PROFILE_DEV_DEBUG", "0").args(["--", "--locked", "--lib"]))
}
