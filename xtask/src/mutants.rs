//! `cargo xtask mutants`: whether the tests notice when the code is changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{cargo, root, run, say, target, works};
use crate::tools::installed;

/// What changes the code.
const VERSION: &str = "27.1.0";
/// Where everything depends on every line: what is changed if no folder is named.
const FOLDERS: [&str; 2] = ["service/src/crypto", "service/src/auth"];
/// Longest run of the tests over one change, seconds: some changes make them wait for ever.
const LONGEST: &str = "300";

/// Changes a copy of the code here and there, and runs the tests over each change. Words are folders or files, all of one
/// package; what begins with a dash and all that follows goes to cargo-mutants: `--shard 0/12` takes a twelfth.
pub(crate) fn check(words: &[String]) -> Result<(), String> {
    let options = words.iter().position(|word| word.starts_with('-')).unwrap_or(words.len());
    let (named, options) = words.split_at(options);
    let named: Vec<&str> = if named.is_empty() { FOLDERS.to_vec() } else { named.iter().map(String::as_str).collect() };
    let package = package(&named)?;
    let mut mutants = Command::new(installed("cargo-mutants", VERSION)?);
    mutants.current_dir(root()).args(["mutants", "--package", package, "--timeout", LONGEST]);
    for name in named {
        mutants.arg("--file").arg(pattern(name)?);
    }
    let out = target().join("mutants");
    mutants.arg("--output").arg(&out).args(options);
    if works(&mut cargo(&["nextest", "--version"])) {
        // Ends with the first test that fails.
        mutants.args(["--test-tool", "nextest"]);
    }
    mutants.env("CARGO_PROFILE_DEV_DEBUG", "0").args(["--", "--locked"]);
    // The library is held against its integration tests, too; those of the service start processes and take minutes.
    mutants.args(if package == "milkrun" { &["--lib", "--tests"][..] } else { &["--lib"] });
    let ended = run(&mut mutants);
    if !options.iter().any(|word| word == "--list") {
        say(&noticed(&out.join("mutants.out")));
    }
    ended
}

/// The package of the folders.
fn package(named: &[&str]) -> Result<&'static str, String> {
    const PACKAGES: [(&str, &str); 7] = [
        ("core/", "milkrun"),
        ("sources/", "milkrun-sources"),
        ("providers/", "milkrun-providers"),
        ("tables/", "milkrun-tables"),
        ("report/", "milkrun-report"),
        ("cli/", "milkrun-cli"),
        ("service/", "milkrun-service"),
    ];
    let of = |name: &&str| PACKAGES.iter().find(|(start, _)| name.starts_with(start)).map(|(_, package)| *package);
    let packages: Vec<_> = named.iter().map(of).collect();
    match packages[..] {
        [Some(first), ..] if packages.iter().all(|package| *package == Some(first)) => Ok(first),
        _ => {
            Err("mutants: name folders of `core`, of `sources`, of `cli` or of `service`, all of one of them"
                .to_owned())
        }
    }
}

/// All files below a folder, or the file. A module may be the file beside a folder of its name: then both.
fn pattern(name: &str) -> Result<String, String> {
    let name = name.trim_end_matches('/');
    let place = root().join(name);
    if place.is_dir() {
        Ok(format!("{name}/**/*.rs"))
    } else if place.is_file() {
        Ok(name.to_owned())
    } else {
        Err(format!("mutants: there is no {name}"))
    }
}

/// How many of the changes the tests noticed.
fn noticed(out: &Path) -> String {
    let lines = |name: &str| {
        let path: PathBuf = out.join(format!("{name}.txt"));
        fs::read_to_string(path).map_or(0, |text| text.lines().count())
    };
    let (caught, timeout, missed) = (lines("caught"), lines("timeout"), lines("missed"));
    share(caught, timeout, missed) + &format!("; the list is in {}", out.display())
}

fn share(caught: usize, timeout: usize, missed: usize) -> String {
    let all = caught + timeout + missed;
    let share = 100.0 * (caught + timeout) as f64 / all.max(1) as f64;
    format!(
        "{share:.1} % noticed: {} of {all} changes, {timeout} of them because tests no longer ended",
        caught + timeout
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_have_one_package() {
        assert_eq!(package(&["core/src/plan/check", "core/src/schedule"]), Ok("milkrun"));
        assert!(package(&["core/src", "service/src"]).is_err());
        assert!(package(&["docs"]).is_err());
        assert_eq!(pattern("core/src/").unwrap(), "core/src/**/*.rs");
        assert!(pattern("core/nowhere").is_err());
    }

    #[test]
    fn what_no_longer_ends_is_noticed() {
        assert!(share(17, 2, 1).starts_with("95.0 % noticed: 19 of 20"));
    }
}
