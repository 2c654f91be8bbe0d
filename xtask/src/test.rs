//! `cargo xtask test`: all that must pass before a change is accepted.

use std::process::Command;
use std::time::Instant;

use crate::deny;
use crate::packages;
use crate::page;
use crate::postgres::Server;
use crate::schemathesis;
use crate::shell::{self, cargo, run_and_keep, say, target, works};

/// Tests that passed, failed, and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

/// A step's outcome; the count is that of the tests in it.
type Outcome = Result<Option<Count>, String>;

/// A step: its name, and what it does.
type Step = (&'static str, fn() -> Outcome);

/// Runs all steps, even after one has failed, so that one run tells all that is wrong.
fn steps() -> Vec<(&'static str, Outcome, f64)> {
    let steps: [Step; 12] = [
        ("format", || shell::run(&mut cargo(&["fmt", "--all", "--check"])).map(|()| None)),
        ("lints", || {
            let lints = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
            shell::run(&mut cargo(&lints)).map(|()| None)
        }),
        ("documentation", || {
            let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
            shell::run(doc.env("RUSTDOCFLAGS", "-D warnings")).map(|()| None)
        }),
        ("licences, bans, sources", || deny::check().map(|()| None)),
        ("demo", || demo().map(|()| None)),
        ("documentation tests", || tests(&["test", "--workspace", "--locked", "--doc", "--no-fail-fast"])),
        ("tests", || {
            if works(&mut cargo(&["nextest", "--version"])) {
                tests(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast"])
            } else {
                tests(&["test", "--workspace", "--locked", "--lib", "--bins", "--tests", "--no-fail-fast"])
            }
        }),
        ("Python package", || packages::python::check().map(Some)),
        ("Node package", || packages::node::check().map(Some)),
        ("service over PostgreSQL", over_postgres),
        ("interface by schemathesis", || schemathesis::check().map(|()| None)),
        ("page in a browser", || page::check().map(Some)),
    ];
    let run_step = |(name, step): Step| {
        say(&format!("\n── {name}"));
        let start = Instant::now();
        let outcome = step();
        if let Err(fault) = &outcome {
            say(&format!("{name}: {fault}"));
        }
        (name, outcome, start.elapsed().as_secs_f64())
    };
    steps.into_iter().map(run_step).collect()
}

/// Runs all steps and closes with a summary.
pub(crate) fn run() -> Result<(), String> {
    let outcomes = steps();
    let mut total = Count::default();
    say("\n── summary");
    for (name, outcome, seconds) in &outcomes {
        let word = match outcome {
            Ok(None) => "ok".to_owned(),
            Ok(Some(count)) => {
                total.passed += count.passed;
                total.failed += count.failed;
                total.ignored += count.ignored;
                format!("ok: {} tests", count.passed)
            }
            Err(fault) => format!("FAILED: {fault}"),
        };
        say(&format!("{name:<24} {seconds:>6.1} s  {word}"));
    }
    let failed = outcomes.iter().filter(|(_, outcome, _)| outcome.is_err()).count();
    say(&format!(
        "{} tests passed, {} ignored, {failed} of {} steps failed",
        total.passed,
        total.ignored,
        outcomes.len()
    ));
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} steps failed", outcomes.len())) }
}

/// The service's tests over `PostgreSQL`; those over the embedded database are among the other tests.
fn over_postgres() -> Outcome {
    let server = Server::start()?;
    let mut command = cargo(&["test", "-p", "milkrun-service", "--locked", "--lib", "--test", "process"]);
    command.args(["--no-fail-fast", "--", "--ignored"]);
    counted(command.args(["--test-threads", "4", "--nocapture"]).env("MILKRUN_TEST_POSTGRES", &server.url))
}

/// The service's tests over `PostgreSQL` alone.
pub(crate) fn service() -> Result<(), String> {
    let count = over_postgres()?.unwrap_or_default();
    say(&format!("{} tests passed over PostgreSQL", count.passed));
    Ok(())
}

/// A run of the demonstration, whose map must be there afterwards.
fn demo() -> Result<(), String> {
    let map = target().join("demo.geojson");
    let mut demo = cargo(&["run", "--locked", "--", "demo", "--iterations", "20", "--geojson"]);
    shell::run(demo.arg(&map))?;
    let written = std::fs::read_to_string(&map).map_err(|error| format!("{}: {error}", map.display()))?;
    if written.contains("FeatureCollection") { Ok(()) } else { Err(format!("{} is no map", map.display())) }
}

/// Runs tests and counts them.
fn tests(arguments: &[&str]) -> Outcome {
    counted(&mut cargo(arguments))
}

fn counted(command: &mut Command) -> Outcome {
    let (printed, ended) = run_and_keep(command)?;
    let count = count(&printed);
    ended.map_err(|fault| format!("{} tests failed, {} passed; {fault}", count.failed, count.passed))?;
    if count.passed == 0 {
        return Err("no test was run".to_owned());
    }
    Ok(Some(count))
}

/// Adds up the closing lines of nextest and of cargo's own test programs.
fn count(printed: &str) -> Count {
    let mut total = Count::default();
    for line in printed.lines() {
        let line = plain(line);
        let line = line.trim_start();
        if !(line.starts_with("Summary [") || line.starts_with("test result:")) {
            continue;
        }
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<u64>() else { continue };
            match pair[1].trim_matches([',', ';']) {
                "passed" => total.passed += number,
                "failed" => total.failed += number,
                "skipped" | "ignored" => total.ignored += number,
                _ => {}
            }
        }
    }
    total
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        text.push_str(&rest[..at]);
        rest = rest[at..].find('m').map_or("", |end| &rest[at + end + 1..]);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_both_test_runners() {
        let nextest =
            "\u{1b}[32;1m     Summary\u{1b}[0m [   4.1s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped";
        assert_eq!(count(nextest), Count { passed: 11, failed: 1, ignored: 2 });
        let cargo = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                     test plan::tests::passed ... ok\n\
                     test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(count(cargo), Count { passed: 5, failed: 0, ignored: 1 });
    }
}
