//! `cargo xtask fuzz`: made-up bytes for every reader.

use std::process::Command;

use crate::shell::{cargo, root, run, say, target};
use crate::tools::installed;

/// What makes the bytes up.
const VERSION: &str = "0.13.2";
/// What is fuzzed, and where inputs to begin with are, beside those in `tests/fuzz/corpus`.
const TARGETS: [(&str, Option<&str>); 12] = [
    ("problem", Some("examples/data/rules")),
    ("plan", None),
    ("solve", Some("examples/data/rules")),
    ("vrplib", None),
    ("solomon", None),
    ("lilim", None),
    ("cordeau", None),
    ("vroom", None),
    ("pragmatic", None),
    ("wcvrptw", None),
    ("solution", None),
    ("readings", None),
];
/// How long each target runs, seconds.
const SECONDS: &str = "60";

/// All that the service reads of others: tests of its own, which need no other build, and are led by its answers.
const SERVICE: &str = "service";

/// Runs the service's targets, over the embedded database, for so many seconds each.
fn service(seconds: &str) -> Result<(), String> {
    let mut tests = cargo(&["test", "--package", "milkrun-service", "--lib", "--locked", "--"]);
    tests.args(["testing::fuzz", "--skip", "postgres", "--nocapture", "--test-threads", "2"]);
    run(tests.env("MILKRUN_TEST_SECONDS", seconds))
}

/// Runs every target, or those that are named, for so many seconds each. What is found lies in the target folder.
pub(crate) fn check(words: &[String]) -> Result<(), String> {
    let seconds = words.iter().find(|word| word.parse::<u32>().is_ok()).map_or(SECONDS, String::as_str);
    let named: Vec<&String> = words.iter().filter(|word| word.parse::<u32>().is_err()).collect();
    if named.iter().any(|word| *word == SERVICE) {
        return service(seconds);
    }
    if let Some(unknown) = named.iter().find(|word| TARGETS.iter().all(|(name, _)| name != *word)) {
        let names = TARGETS.map(|(name, _)| name).join(", ");
        return Err(format!("there is no target {unknown}; these exist: {names}, {SERVICE}"));
    }
    let tool = installed("cargo-fuzz", VERSION)?;
    let chosen = TARGETS.into_iter().filter(|(name, _)| named.is_empty() || named.iter().any(|word| *word == name));
    for (name, seeds) in chosen {
        say(&format!("\n── {name}"));
        let found = target().join("fuzz").join(name);
        std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
        let mut fuzz = Command::new(&tool);
        // Without a sanitizer, as the crate is free of unsafe code: so the usual compiler does.
        fuzz.current_dir(root()).args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none", name]);
        fuzz.arg("--target-dir").arg(target().join("fuzz/build"));
        // New inputs go to the first folder.
        fuzz.arg(&found).arg(format!("tests/fuzz/corpus/{name}")).args(seeds);
        fuzz.args(["--", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]);
        fuzz.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", found.display()));
        run(&mut fuzz)?;
    }
    Ok(())
}
