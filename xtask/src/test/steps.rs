//! The steps of `cargo xtask test`.
//!
//! Everything in Rust is built as one: a package that is built alone may get its dependencies with other features, and
//! all of them are compiled a second time.

use std::path::PathBuf;
use std::process::Command;

use super::Outcome;
use super::count::of_rust;
use crate::engines::{self, Engines};
use crate::packages::{Compiled, node, python};
use crate::postgres::Server;
use crate::service::text_of;
use crate::shell::{built, cargo, output, root, run, run_and_keep, target, works};
use crate::tools::fetched;
use crate::{book, client, deny, deployment, monitoring, page, postgres, schemathesis, workflows};

/// A step: its name, the step whose failure makes it pointless, and what it does.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) needs: Option<&'static str>,
    pub(super) work: fn() -> Outcome,
}

/// Lanes of steps that run side by side.
pub(super) type Stage = Vec<Vec<Step>>;

/// What the command line and the service have beyond their default features.
const WHOLE: [&str; 2] = ["--features", "milkrun-cli/npz,milkrun-cli/sources,milkrun-service/otlp"];
const BUILD: &str = "build";
const ENVIRONMENTS: &str = "environments";
const WHEEL: &str = "Python package, built";
const TARBALLS: &str = "Node package, built";

/// What `--quick` says at its end.
pub(super) const LEFT_OUT: &str = "\
skipped by --quick: single features, documentation and its tests, the long searches with rules, the oracle, the packages
for Python and Node, travel tables of real engines, the service over PostgreSQL, its alerts by Prometheus, its client in TypeScript,
its interface by schemathesis, its page in a browser, its deployment files";

/// All steps. What is fetched and what compiles in one thread at its end runs beside the other builds.
pub(super) fn all() -> Vec<Stage> {
    let builds = vec![
        step("format", format),
        step("lints", lints),
        step("features", features),
        step(BUILD, || programs().map(|_| None)),
        step("documentation", documentation),
    ];
    let beside = vec![
        step("licences, bans, sources", || deny::check().map(|()| None)),
        step("workflows", || workflows::check().map(|()| None)),
        step("deployment files", || deployment::check().map(|()| None)),
        step("book", || book::build().map(|()| None)),
        step(ENVIRONMENTS, environments),
        step(WHEEL, || python::build(Compiled::Quickly).map(|()| None)).after(ENVIRONMENTS),
        step(TARBALLS, || node::build(Compiled::Quickly).map(|()| None)).after(ENVIRONMENTS),
    ];
    let tests = vec![
        step("demo", demo).after(BUILD),
        step("tests", || nextest(&["--workspace"])).after(BUILD),
        step("documentation tests", documentation_tests).after(BUILD),
        step("Python package", || python::test().map(Some)).after(WHEEL),
        step("Node package", || node::test().map(Some)).after(TARBALLS),
        step("sources on real engines", || on_engines(&programs()?)).after(BUILD),
        step("service over PostgreSQL", over_postgres).after(BUILD),
        step("client in TypeScript", || client::check().map(|()| None)).after(BUILD),
        step("alerts by Prometheus", || monitoring::check().map(|()| None)).after(BUILD),
        step("interface by schemathesis", || schemathesis::check().map(|()| None)).after(BUILD),
        step("page in a browser", || page::check().map(Some)).after(BUILD),
    ];
    vec![vec![builds, beside], vec![tests]]
}

/// The quick ones: under five minutes where everything is built.
pub(super) fn quick() -> Vec<Stage> {
    let steps = vec![
        step("format", format),
        step("licences, bans, sources", || deny::check().map(|()| None)),
        step("workflows", || workflows::check().map(|()| None)),
        step("book", || book::build().map(|()| None)),
        step("lints", lints),
        step(BUILD, || programs().map(|_| None)),
        step("demo", demo).after(BUILD),
        step("quick tests", || nextest(&["--workspace", "--profile", "quick"])).after(BUILD),
    ];
    vec![vec![steps]]
}

fn step(name: &'static str, work: fn() -> Outcome) -> Step {
    Step { name, needs: None, work }
}

impl Step {
    fn after(self, needed: &'static str) -> Self {
        Self { needs: Some(needed), ..self }
    }
}

fn format() -> Outcome {
    run(&mut cargo(&["fmt", "--all", "--check"])).map(|()| None)
}

fn lints() -> Outcome {
    let mut lints = cargo(&["clippy", "--workspace", "--all-targets", "--locked"]);
    run(lints.args(WHOLE).args(["--", "-D", "warnings"])).map(|()| None)
}

/// The library, the command line, the service and the sources of travel tables with few of their features, each of which must do
/// without the others.
fn features() -> Outcome {
    for few in ["", "io", "forecast", "rayon", "roads"] {
        let mut lints = cargo(&["clippy", "--package", "milkrun", "--lib", "--locked", "--no-default-features"]);
        run(lints.args(["--features", few, "--", "-D", "warnings"]))?;
    }
    let mut lints =
        cargo(&["clippy", "--package", "milkrun-cli", "--all-targets", "--locked", "--no-default-features"]);
    run(lints.args(["--", "-D", "warnings"]))?;
    let mut lints = cargo(&["clippy", "--package", "milkrun-service", "--all-targets", "--locked"]);
    run(lints.args(["--", "-D", "warnings"]))?;
    // The cryptography that is not the default one, and none.
    for few in ["", "aws-lc-rs"] {
        let mut lints =
            cargo(&["clippy", "--package", "milkrun-sources", "--lib", "--locked", "--no-default-features"]);
        run(lints.args(["--features", few, "--", "-D", "warnings"]))?;
    }
    Ok(None)
}

fn documentation() -> Outcome {
    let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    run(doc.env("RUSTDOCFLAGS", "-D warnings")).map(|()| None)
}

/// Builds all programs and tests, and gives cargo's messages about them. Once they are built, that takes a second.
pub(crate) fn programs() -> Result<String, String> {
    let words = ["test", "--workspace", "--locked", "--no-run", "--message-format", "json-render-diagnostics"];
    output(cargo(&words).args(WHOLE))
}

/// What is fetched for the tests of packages and of the service.
fn environments() -> Outcome {
    python::environment()?;
    node::tools()?;
    schemathesis::installed()?;
    client::install()?;
    page::install()?;
    postgres::programs().map(|_| None)
}

/// A run of the demonstration, whose map must be there afterwards.
fn demo() -> Outcome {
    let map = target().join("demo.geojson");
    let _ = std::fs::remove_file(&map);
    let mut demo = Command::new(built("debug", "milkrun"));
    run(demo.current_dir(root()).args(["demo", "--iterations", "20", "--geojson"]).arg(&map))?;
    let written = std::fs::read_to_string(&map).map_err(|error| format!("{}: {error}", map.display()))?;
    if written.contains("FeatureCollection") { Ok(None) } else { Err(format!("{} is no map", map.display())) }
}

fn documentation_tests() -> Outcome {
    // Of the library once, under its own name.
    let excluded = ["--exclude", "milkrun-internals"];
    counted(cargo(&["test", "--workspace", "--locked", "--doc", "--no-fail-fast"]).args(WHOLE).args(excluded))
}

/// Runs tests with nextest, the system's or our own.
fn nextest(words: &[&str]) -> Outcome {
    let mut tests = cargo(&["nextest", "run"]);
    if !works(&mut cargo(&["nextest", "--version"])) {
        tests = Command::new(fetched("cargo-nextest")?);
        tests.current_dir(root()).args(["nextest", "run"]);
    }
    // The log has what fails, and not a line for each test that passes.
    tests.args(["--locked", "--no-fail-fast", "--status-level", "slow", "--final-status-level", "fail"]);
    counted(tests.args(WHOLE).args(words))
}

/// The service's tests over `PostgreSQL`; those over the embedded database are among the other tests.
pub(super) fn over_postgres() -> Outcome {
    // What looks for bytes in the server's files, and what takes its room away, runs alone, after the others: by program and test.
    const ALONE: [(&str, &str); 3] = [
        ("milkrun_service-", "testing::migration::postgres::plaintext_is_found_at_every_version"),
        ("milkrun_service-", "testing::privacy::postgres::nothing_of_an_erased_person_is_left_in_the_files"),
        ("process-", "full_disk::room_again_means_work_again_over_postgres"),
    ];
    let messages = programs()?;
    let server = Server::start()?;
    let is_wanted = |line: &&str| {
        line.contains("service/Cargo.toml\"") && line.contains("\"test\":true") && !line.contains("\"kind\":[\"bin\"]")
    };
    let programs: Vec<PathBuf> =
        messages.lines().filter(is_wanted).filter_map(|line| text_of(line, "executable")).map(PathBuf::from).collect();
    let mut total = None;
    let mut faults = Vec::new();
    let is_called = |program: &PathBuf, start: &str| {
        program.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
    };
    let skipped: Vec<&str> = ALONE.iter().flat_map(|(_, test)| ["--skip", test]).collect();
    let others = programs.iter().map(|program| (program, skipped.clone()));
    let alone = ALONE.iter().flat_map(|&(start, test)| {
        let own = programs.iter().filter(move |program| is_called(program, start));
        own.map(move |program| (program, vec!["--exact", test]))
    });
    for (program, which) in others.chain(alone) {
        let mut tests = Command::new(program);
        tests.current_dir(root().join("service")).args(["--ignored", "--test-threads", "4", "--nocapture"]).args(which);
        if let Some((small, seen)) = &server.small {
            tests.env("MILKRUN_TEST_POSTGRES_SMALL", small).env("MILKRUN_TEST_POSTGRES_ROOT", seen);
        }
        tests.envs(server.tools.iter().map(|(name, value)| (name, value)));
        match counted(tests.env("MILKRUN_TEST_POSTGRES", &server.url)) {
            Ok(Some(count)) => *total.get_or_insert_default() += count,
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    match (faults.is_empty(), total) {
        (false, _) => Err(faults.join("; ")),
        (true, None) => Err("cargo told of no test program of the service".to_owned()),
        (true, total) => Ok(total),
    }
}

/// Builds only the tests of travel tables that need engines, and gives cargo's messages about them.
pub(super) fn program_of_sources() -> Result<String, String> {
    let words = ["test", "--package", "milkrun-sources", "--test", "engines", "--locked", "--no-run"];
    output(cargo(&words).args(["--message-format", "json-render-diagnostics"]))
}

/// The tests of travel tables on real engines; nothing where there is no map or no engine.
pub(super) fn on_engines(messages: &str) -> Outcome {
    let is_wanted = |line: &&str| line.contains("sources/Cargo.toml\"") && line.contains("\"name\":\"engines\"");
    let program = messages.lines().filter(is_wanted).find_map(|line| text_of(line, "executable"));
    let program = program.ok_or("cargo told of no program with tests on engines")?;
    match engines::start()? {
        Engines::Ready(running) => {
            let mut tests = Command::new(program);
            tests.current_dir(root().join("sources")).args(["--ignored", "--nocapture"]);
            counted(tests.envs(running.variables.iter().map(|(name, address)| (name, address))))
        }
        Engines::Skipped(why) => {
            engines::skip(&why);
            Ok(None)
        }
    }
}

/// Runs tests and counts them.
fn counted(command: &mut Command) -> Outcome {
    let (printed, ended) = run_and_keep(command)?;
    let count = of_rust(&printed);
    ended.map_err(|fault| format!("{} tests failed, {} passed; {fault}", count.failed, count.passed))?;
    if count.passed == 0 {
        return Err("no test was run".to_owned());
    }
    Ok(Some(count))
}
