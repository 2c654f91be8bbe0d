//! `cargo xtask oracle`: the solver against the best plans of tiny problems, all of whose plans are tried.

use crate::shell::{cargo, run};

/// Runs the oracle, optimised. The words go to it.
pub(crate) fn check(words: &[String]) -> Result<(), String> {
    let mut oracle = cargo(&["run", "--quiet", "--release", "--locked", "--package", "milkrun-oracle", "--"]);
    run(oracle.args(words))
}
