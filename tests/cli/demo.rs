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
fn its_problem_can_be_changed_and_solved_on_the_same_streets() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--iterations", "60", "--problem", "city.json", "--geojson", "map.geojson"];
    milkrun(folder.path(), &demo).code(0).reports(&["along the streets"]);
    assert_eq!(names(folder.path()), ["city.json", "city.osm.pbf", "map.geojson"]);
    // But for its travel it is the day of the examples.
    let written = fs::read_to_string(folder.path().join("city.json")).unwrap();
    let mut written: serde_json::Value = serde_json::from_str(&written).unwrap();
    let mut day: serde_json::Value = serde_json::from_str(&fs::read_to_string(data("city_day.json")).unwrap()).unwrap();
    assert_eq!(written["travel"]["file"], "city.osm.pbf");
    (written["travel"], day["travel"]) = (serde_json::Value::Null, serde_json::Value::Null);
    assert_eq!(written, day);
    let again = ["solve", "city.json", "--iterations", "60", "--geojson", "again.geojson", "--out", "plan.json"];
    milkrun(folder.path(), &again).code(0);
    let lines = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(lines("map.geojson"), lines("again.geojson"));
    milkrun(folder.path(), &["check", "city.json", "plan.json"]).code(0);
}

#[test]
fn its_map_follows_the_streets() {
    let folder = tempfile::tempdir().unwrap();
    milkrun(folder.path(), &["demo", "--iterations", "20"]).code(0);
    let map = fs::read_to_string(folder.path().join("milkrun-demo.geojson")).unwrap();
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    let trips: Vec<_> =
        map["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "trip").collect();
    // On a chequerboard, nearly every piece leads along one of two directions.
    let (mut straight, mut pieces) = (0, 0);
    for trip in trips {
        for pair in trip["geometry"]["coordinates"].as_array().unwrap().windows(2) {
            let along = |i: usize| (pair[1][i].as_f64().unwrap() - pair[0][i].as_f64().unwrap()).abs();
            let (east, north) = (along(0) * 0.61, along(1));
            straight += usize::from(east.min(north) < 0.25 * east.max(north));
            pieces += 1;
        }
    }
    assert!(pieces > 2_000 && straight * 10 > pieces * 7, "{straight} of {pieces}");
}

#[test]
fn the_map_can_go_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let run = milkrun(folder.path(), &["demo", "--iterations", "60", "--geojson", "-"]).code(0);
    assert_eq!(run.json()["type"], "FeatureCollection");
    assert!(names(folder.path()).is_empty());
}
