//! `milkrun scenarios`, and where what is uncertain comes from.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{folder, milkrun};

/// A detour of 20 to a bin.
const BIN: &str = r#"{"milkrun": "problem", "version": 1,
    "depots": [{"location": {"x": 0, "y": 0}, "name": "yard"}],
    "clients": [{"name": "bin", "location": {"x": 10, "y": 0}, "pickup": [5], "required": false}],
    "vehicle_types": [{"capacity": [10], "start": "yard", "end": "yard"}]}"#;

/// It overflows on half of all days.
const UNCERTAIN: &str =
    r#"{"uncertain": [{"client": "bin", "outcomes": [{"pickup": [5]}, {"pickup": [8], "prize": 100}]}], "fresh": 50}"#;

#[test]
fn what_overflows_often_enough_is_visited() {
    let folder = folder();
    fs::write(folder.path().join("bin.json"), BIN).unwrap();
    fs::write(folder.path().join("uncertain.json"), UNCERTAIN).unwrap();
    let scenarios = ["scenarios", "bin.json", "--uncertain", "uncertain.json", "--iterations", "400"];
    let told = milkrun(folder.path(), &[&scenarios[..], &["--out", "plan.json"]].concat()).code(0).out;
    assert!(told.contains("over scenarios") && told.contains("for what is expected"), "{told}");
    milkrun(folder.path(), &["check", "bin.json", "plan.json"]).code(0);
    let json = milkrun(folder.path(), &[&scenarios[..], &["--json", "--scenarios", "12"]].concat()).code(0).json();
    assert_eq!((&json["fresh"]["mean"], &json["fresh"]["scenarios"]), (&20.0.into(), &50.into()));
    assert_eq!((&json["outcomes"]["scenarios"], json["plan"]["routes"].as_array().unwrap().len()), (&12.into(), 1));
    assert!(json["fresh_for_means"]["mean"].as_f64().unwrap() > 20.0, "{json}");
    let few = milkrun(folder.path(), &[&scenarios[..], &["--fresh", "0"]].concat()).code(0).out;
    assert!(few.contains("over scenarios"), "{few}");
}

#[test]
fn faults_are_told() {
    let folder = folder();
    fs::write(folder.path().join("bin.json"), BIN).unwrap();
    let with = |text: &str| {
        fs::write(folder.path().join("uncertain.json"), text).unwrap();
        milkrun(folder.path(), &["scenarios", "bin.json", "--uncertain", "uncertain.json"]).code(2)
    };
    with("{}").reports(&["uncertain.json", "uncertain"]);
    with(r#"{"uncertain": [{"client": "box", "outcomes": []}]}"#).reports(&["box"]);
    let negative = r#"{"uncertain": [{"client": 0, "outcomes": [{"pickup": [-1], "prize": -1}]}], "agreement": 0.1}"#;
    with(negative).reports(&["outcomes[0].pickup", "outcomes[0].prize", "agreement"]);
}

#[test]
fn readings_say_what_is_uncertain() {
    let folder = folder();
    let mut readings = String::from("bin,time,fill\n");
    for step in 0..60 {
        writeln!(readings, "bin,{},{}", step * 21_600, (step * 4) % 92).unwrap();
    }
    fs::write(folder.path().join("readings.csv"), readings).unwrap();
    fs::write(folder.path().join("bin.json"), BIN).unwrap();
    let select = ["select", "readings.csv", "--problem", "bin.json", "--out", "today.json", "--full-load", "8"];
    let more = ["--uncertain", "uncertain.json", "--outcomes", "30"];
    milkrun(folder.path(), &[&select[..], &more[..]].concat()).code(0);
    let text = fs::read_to_string(folder.path().join("uncertain.json")).unwrap();
    let asked: Value = serde_json::from_str(&text).unwrap();
    let outcomes = asked["uncertain"][0]["outcomes"].as_array().unwrap();
    assert_eq!((asked["uncertain"].as_array().unwrap().len(), outcomes.len()), (1, 30));
    assert!(outcomes.iter().all(|outcome| (0..=8).contains(&outcome["pickup"][0].as_i64().unwrap())), "{text}");
    let plan = ["scenarios", "today.json", "--uncertain", "uncertain.json", "--iterations", "200", "--scenarios", "5"];
    milkrun(folder.path(), &plan).code(0);
    milkrun(folder.path(), &[&select[..6], &more[..]].concat()).code(2).reports(&["--full-load"]);
}
