//! `-` for standard input and output, and outputs that are closed early.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::support::{TINY, command, folder, milkrun, milkrun_with_input};

#[test]
fn a_problem_from_standard_input() {
    let folder = folder();
    let vrp = fs::read_to_string(folder.path().join("village.vrp")).unwrap();
    for (input, cost) in [(TINY, Some(20)), (&vrp, None)] {
        let run = milkrun_with_input(folder.path(), &["solve", "-", "--iterations", "50", "--json"], input).code(0);
        assert!(cost.is_none_or(|cost| run.json()["cost"] == cost), "{}", run.out);
    }
}

#[test]
fn each_output_to_standard_output_stands_alone() {
    let folder = folder();
    let solve =
        |output: &str| milkrun(folder.path(), &["solve", "village.vrp", "--iterations", "50", output, "-"]).code(0);
    assert_eq!(solve("--out").json()["milkrun"], "plan");
    assert_eq!(solve("--geojson").json()["type"], "FeatureCollection");
    assert!(solve("--solution").out.lines().all(|line| line.starts_with("Route #") || line.starts_with("Cost ")));
}

#[test]
fn a_plan_from_standard_input() {
    let folder = folder();
    let plan = milkrun(folder.path(), &["solve", "village.vrp", "--iterations", "50", "--out", "-"]).code(0).out;
    milkrun_with_input(folder.path(), &["check", "village.vrp", "-"], &plan).code(0);
    milkrun_with_input(folder.path(), &["solve", "village.vrp", "--iterations", "1", "--initial", "-"], &plan).code(0);
}

#[test]
fn a_stream_serves_one_purpose() {
    let folder = folder();
    let run = milkrun(folder.path(), &["solve", "-", "--initial", "-", "--out", "-", "--json"]).code(2);
    run.reports(&["FILE and --initial all use standard input", "--out and --json all use standard output"]);
    milkrun(folder.path(), &["check", "-", "-"]).code(2).reports(&["standard input"]);
    milkrun(folder.path(), &["demo", "--geojson", "-", "--problem", "-"]).code(2).reports(&["standard output"]);
}

#[test]
fn a_closed_output_is_not_an_error() {
    let folder = folder();
    let mut command = command(folder.path());
    command.args(["schema", "problem"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert_eq!((child.wait().unwrap().code(), words.as_str()), (Some(0), ""));
}
