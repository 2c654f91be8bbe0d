//! `milkrun demo`.

use std::fs;

use crate::support::{data, milkrun, names};

#[test]
fn a_table_and_a_map() {
    let folder = tempfile::tempdir().unwrap();
    let run = milkrun(folder.path(), &["demo", "--iterations", "60"]).code(0);
    assert!(run.out.contains("rear loader") && run.out.contains(" km"), "{}", run.out);
    let run = run.reports(&["Nieuwmeer", "milkrun-demo.geojson"]);
    assert!(!run.err.contains("violation"), "{}", run.err);
    assert_eq!(names(folder.path()), ["milkrun-demo.geojson"]);
    let map = fs::read_to_string(folder.path().join("milkrun-demo.geojson")).unwrap();
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    let features = map["features"].as_array().unwrap();
    let count = |kind: &str| features.iter().filter(|f| f["properties"]["kind"] == kind).count();
    assert_eq!((count("client"), count("depot")), (500, 1));
    assert!(count("trip") > 0);
}

#[test]
fn the_first_plan_serves_every_client_that_can_be_served() {
    let folder = tempfile::tempdir().unwrap();
    for seed in ["1", "2", "3"] {
        let run = milkrun(folder.path(), &["demo", "--iterations", "1", "--seed", seed]).code(0);
        assert!(!run.err.contains("violation"), "{seed}: {}", run.err);
    }
}

#[test]
fn its_problem_can_be_changed_and_solved() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--iterations", "60", "--problem", "city.json", "--geojson", "map.geojson"];
    milkrun(folder.path(), &demo).code(0);
    let written = fs::read_to_string(folder.path().join("city.json")).unwrap();
    assert_eq!(written, fs::read_to_string(data("city_day.json")).unwrap());
}

#[test]
fn the_map_can_go_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let run = milkrun(folder.path(), &["demo", "--iterations", "60", "--geojson", "-"]).code(0);
    assert_eq!(run.json()["type"], "FeatureCollection");
    assert!(names(folder.path()).is_empty());
}
