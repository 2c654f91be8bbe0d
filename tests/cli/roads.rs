//! `milkrun network`, `matrix`, `route`, and problems whose travel is along streets.

use std::fs;
use std::path::Path;

use crate::support::{folder, milkrun};

/// A small synthetic city, and points in it.
fn city() -> tempfile::TempDir {
    let folder = folder();
    milkrun(folder.path(), &["network", "city", "--plan", "river", "--blocks", "8", "--out", "city.osm.pbf"]).code(0);
    let points = "name,lon,lat,approach\nyard,11.0,48.0,any\nmill,11.003,48.002,any\nquay,10.997,47.998,curb\n";
    fs::write(folder.path().join("points.csv"), points).unwrap();
    folder
}

const POINTS: [&str; 2] = ["--points", "points.csv"];

fn table(folder: &Path, network: &str) -> String {
    milkrun(folder, &[&["matrix", "--network", network][..], &POINTS[..]].concat()).code(0).out
}

#[test]
fn a_table_is_the_same_from_the_map_and_from_a_prepared_network() {
    let folder = city();
    let from_map = table(folder.path(), "city.osm.pbf");
    assert!(from_map.starts_with("from,to,seconds,metres\nyard,yard,0,0\n"), "{from_map}");
    assert_eq!(from_map.lines().count(), 10);
    let prepare = ["network", "prepare", "city.osm.pbf", "--out", "city.network"];
    let told = milkrun(folder.path(), &prepare).code(0).out;
    assert!(told.contains("profile: car"), "{told}");
    assert_eq!(table(folder.path(), "city.network"), from_map);
    milkrun(folder.path(), &["network", "info", "city.network", "--profile", "truck"])
        .code(2)
        .reports(&["prepared for the profile `car`"]);
}

#[test]
fn a_route_is_as_long_as_the_cells_of_the_table() {
    let folder = city();
    let route = ["route", "--network", "city.osm.pbf", "--geojson", "route.geojson"];
    let told = milkrun(folder.path(), &[&route[..], &POINTS[..]].concat()).code(0).out;
    let metres = |line: &str| line.split(", ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok());
    let legs: Vec<i64> = told.lines().filter_map(metres).collect();
    let cells = table(folder.path(), "city.osm.pbf");
    let cell = |start: &str| {
        cells.lines().find(|line| line.starts_with(start)).unwrap().rsplit(',').next().unwrap().to_owned()
    };
    assert_eq!([legs[0].to_string(), legs[1].to_string()], [cell("yard,mill"), cell("mill,quay")], "{told}");
    let map: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("route.geojson")).unwrap()).unwrap();
    assert_eq!(map["features"].as_array().unwrap().len(), 2);
}

const DAY: &str = r#"{"milkrun": "problem", "version": 1,
    "travel": {"type": "network", "file": "city.osm.pbf", "profile": ["car", "waste-truck"], "curb": true},
    "depots": [{"location": {"lon": 11.0, "lat": 48.0}, "name": "yard"}],
    "clients": [
        {"location": {"lon": 11.003, "lat": 48.002}, "name": "mill", "pickup": [1]},
        {"location": {"lon": 10.997, "lat": 47.998}, "name": "quay", "pickup": [1]}],
    "vehicle_types": [
        {"start": "yard", "end": "yard", "capacity": [1], "profile": 0},
        {"start": "yard", "end": "yard", "capacity": [1], "profile": 1}]}"#;

#[test]
fn a_day_is_planned_on_streets_and_its_map_follows_them() {
    let folder = city();
    fs::create_dir(folder.path().join("day")).unwrap();
    fs::write(folder.path().join("day/day.json"), DAY.replace("city.osm.pbf", "../city.osm.pbf")).unwrap();
    let solve = ["solve", "day/day.json", "--iterations", "50", "--out", "plan.json", "--geojson", "map.geojson"];
    milkrun(folder.path(), &solve).code(0);
    milkrun(folder.path(), &["check", "day/day.json", "plan.json"]).code(0);
    let map: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join("map.geojson")).unwrap()).unwrap();
    let trips: Vec<&serde_json::Value> =
        map["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "trip").collect();
    assert_eq!(trips.len(), 2);
    // Around corners: more points than the stops.
    assert!(trips.iter().all(|trip| trip["geometry"]["coordinates"].as_array().unwrap().len() > 4), "{trips:?}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let folder = city();
    let matrix = |network: &str, more: &[&str]| {
        milkrun(folder.path(), &[&["matrix", "--network", network][..], &POINTS[..], more].concat()).code(2)
    };
    matrix("nothing.pbf", &[]).reports(&["nothing.pbf"]);
    matrix("points.csv", &[]).reports(&["points.csv"]);
    matrix("city.osm.pbf", &["--profile", "spaceship"]).reports(&["no profile `spaceship`", "waste-truck"]);
    fs::write(folder.path().join("points.csv"), "name,lon,lat\nyard,11,48\nisland,-30,10\nrock,-30,11\n").unwrap();
    matrix("city.osm.pbf", &[]).reports(&["island", "rock"]);
    let mut bytes = fs::read(folder.path().join("city.osm.pbf")).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(folder.path().join("half.osm.pbf"), bytes).unwrap();
    matrix("half.osm.pbf", &[]).reports(&["half.osm.pbf"]);
    fs::write(folder.path().join("day.json"), DAY.replace("city.osm.pbf", "lost.osm.pbf")).unwrap();
    milkrun(folder.path(), &["solve", "day.json", "--iterations", "5"]).code(2).reports(&["travel: ", "lost.osm.pbf"]);
    milkrun(folder.path(), &["network", "city", "--blocks", "1", "--out", "x.pbf"]).code(2).reports(&["2 to 2,000"]);
}
