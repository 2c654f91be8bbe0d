//! `cargo xtask api` and `cargo xtask semver`: the library's public interface, and what changed in it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{output, root, run, say};
use crate::tools::installed;

/// What lists the interface; another release may list it otherwise.
const PUBLIC_API: &str = "0.52.0";
/// What judges changes by the rules of semantic versions.
const SEMVER_CHECKS: &str = "0.51.0";

/// Writes the interface to `docs/api/milkrun.txt`, or with `--check` holds it against what is kept there.
pub(crate) fn run_with(words: &[String]) -> Result<(), String> {
    let is_check = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => return Err("api: nothing, or `--check`".to_owned()),
    };
    let listed = list()?;
    let kept = kept();
    if !is_check {
        let folder = root().join("docs/api");
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        fs::write(&kept, &listed).map_err(|error| format!("{}: {error}", kept.display()))?;
        say(&format!(
            "{} has {} items: look at what changed before you commit it",
            kept.display(),
            listed.lines().count()
        ));
        return Ok(());
    }
    let text = fs::read_to_string(&kept).map_err(|error| format!("{}: {error}", kept.display()))?;
    let changes = changes(&text, &listed);
    if changes.is_empty() {
        return Ok(());
    }
    say(&changes.join("\n"));
    Err("the public interface has changed; if that is meant, run `cargo xtask api` and commit docs/api".to_owned())
}

fn kept() -> PathBuf {
    root().join("docs/api/milkrun.txt")
}

/// One line for each public item.
fn list() -> Result<String, String> {
    let mut list = Command::new(installed("cargo-public-api", PUBLIC_API)?);
    list.current_dir(root()).args([
        "public-api",
        "--package",
        "milkrun",
        "--features",
        "roads",
        "-sss",
        "--color",
        "never",
    ]);
    // The listing is made from rustdoc's JSON, which the stable compiler writes only if it is told to.
    output(list.env("RUSTC_BOOTSTRAP", "1"))
}

/// Lines that are gone, and lines that are new.
fn changes(before: &str, after: &str) -> Vec<String> {
    let has = |text: &str, line: &str| text.lines().any(|other| other == line);
    let gone = before.lines().filter(|line| !has(after, line)).map(|line| format!("- {line}"));
    let new = after.lines().filter(|line| !has(before, line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

/// Whether the version says what changed. The words go to cargo-semver-checks, as `--baseline-rev v0.1.0`; without them,
/// the newest release on crates.io is what counts.
pub(crate) fn semver(words: &[String]) -> Result<(), String> {
    let mut check = Command::new(installed("cargo-semver-checks", SEMVER_CHECKS)?);
    run(check.current_dir(root()).args(["semver-checks", "--package", "milkrun"]).args(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_line_by_line() {
        assert_eq!(changes("a\nb\n", "b\nc\n"), ["- a", "+ c"]);
        assert!(changes("a\n", "a\n").is_empty());
    }
}
