//! `milkrun adapt` and `milkrun diff`.

use std::fs;

use crate::support::{folder, milkrun};

/// Two clients on each side of the yard.
const SIDES: &str = r#"{"milkrun": "problem", "version": 1,
    "depots": [{"location": {"x": 0, "y": 0}, "name": "yard"}],
    "clients": [
        {"name": "near east", "location": {"x": 1000, "y": 0}}, {"name": "far east", "location": {"x": 2000, "y": 0}},
        {"name": "near west", "location": {"x": -1000, "y": 0}}, {"name": "far west", "location": {"x": -2000, "y": 0}}],
    "vehicle_types": [{"name": "van", "count": 3, "start": "yard", "end": "yard", "shift": [28800, 61200],
        "max_distance": 9000, "cost_per_duration": 1}]}"#;

const PLAN: &str = r#"{"milkrun": "plan", "version": 1, "routes": [
    {"vehicle_type": "van", "start": 28800, "trips": [
        {"start_depot": "yard", "end_depot": "yard", "visits": [{"client": "near east"}, {"client": "far east"}]}]},
    {"vehicle_type": "van", "start": 28800, "trips": [
        {"start_depot": "yard", "end_depot": "yard", "visits": [{"client": "near west"}, {"client": "far west"}]}]}]}"#;

fn sides() -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("sides.json"), SIDES).unwrap();
    fs::write(folder.path().join("plan.json"), PLAN).unwrap();
    folder
}

#[test]
fn another_vehicle_takes_over() {
    let folder = sides();
    let adapt =
        ["adapt", "sides.json", "plan.json", "--now", "8:20", "--event", "truck 1 down", "--time-limit", "300ms"];
    let files = ["--out", "new.json", "--problem-out", "now.json"];
    let told = milkrun(folder.path(), &[&adapt[..], &files[..]].concat()).code(0).out;
    assert!(told.contains("client \"far east\" moves from truck 1 at"), "{told}");
    milkrun(folder.path(), &["check", "now.json", "new.json"]).code(0);
    let json = milkrun(folder.path(), &[&adapt[..], &["--json"]].concat()).code(0).json();
    assert_eq!(json["feasible"], true);
    let changes = json["adaptation"]["difference"]["changes"].as_array().unwrap();
    let moved: Vec<_> = changes.iter().filter(|change| change["change"] == "moved").collect();
    assert_eq!((&moved[0]["name"], &moved[0]["cause"]), (&"far east".into(), &0.into()));
}

#[test]
fn events_come_from_a_file_too() {
    let folder = sides();
    let events =
        r#"{"events": [{"kind": "added", "client": {"x": 1500, "y": 0, "name": "late call"}}], "keep": "vehicles"}"#;
    fs::write(folder.path().join("events.json"), events).unwrap();
    let adapt =
        ["adapt", "sides.json", "plan.json", "--now", "8:05", "--events", "events.json", "--time-limit", "300ms"];
    let told = milkrun(folder.path(), &adapt).code(0).out;
    assert!(told.contains("client \"late call\" is served by truck 1 at"), "{told}");
    fs::write(folder.path().join("events.json"), r#"{"events": [{"kind": "storm"}]}"#).unwrap();
    milkrun(folder.path(), &adapt).code(2).reports(&["storm"]);
}

#[test]
fn all_faults_are_told() {
    let folder = sides();
    let adapt = ["adapt", "sides.json", "plan.json", "--now", "8:20"];
    let words = ["--event", "boat 1 sinks", "--event", "cancel quarry"];
    milkrun(folder.path(), &[&adapt[..], &words[..]].concat()).code(2).reports(&["boat", "quarry"]);
    let words = ["--event", "truck 8 down", "--event", "truck van 2 ends 8:00"];
    milkrun(folder.path(), &[&adapt[..], &words[..]].concat()).code(2).reports(&["no such route", "in the past"]);
    let late = ["adapt", "sides.json", "plan.json", "--now", "23:00"];
    milkrun(folder.path(), &late).code(2).reports(&["after the end of every route"]);
}

#[test]
fn a_plan_does_not_differ_from_itself() {
    let folder = sides();
    let told = milkrun(folder.path(), &["diff", "sides.json", "plan.json", "plan.json"]).code(0).out;
    assert!(told.starts_with("nothing changes\n"), "{told}");
}
