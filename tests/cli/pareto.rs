//! `milkrun pareto`.

use std::fs;

use crate::support::{folder, milkrun};

/// Two clients on each side of the yard: one van is home at 80, two at 40.
const SIDES: &str = r#"{"milkrun": "problem", "version": 1,
    "depots": [{"location": {"x": 0, "y": 0}, "name": "yard"}],
    "clients": [{"location": {"x": 10, "y": 0}}, {"location": {"x": 20, "y": 0}}, {"location": {"x": -10, "y": 0}},
        {"location": {"x": -20, "y": 0}}],
    "vehicle_types": [{"name": "van", "count": 2, "start": "yard", "end": "yard", "fixed_cost": 5}]}"#;

#[test]
fn a_front_with_its_trades_and_its_plot() {
    let folder = folder();
    fs::write(folder.path().join("sides.json"), SIDES).unwrap();
    let pareto = ["pareto", "sides.json", "--objectives", "cost,makespan", "--points", "4", "--iterations", "1000"];
    let told = milkrun(folder.path(), &[&pareto[..], &["--svg", "front.svg"]].concat()).code(0).out;
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(cells(lines[0]), ["point", "cost", "makespan"]);
    assert_eq!((cells(lines[1]), cells(lines[2])), (vec!["1".into(), "85".into(), "80".into()], cells("2 90 40")));
    assert!(told.contains("1 -> 2: an end 40 earlier costs 5 more\n"), "{told}");
    let svg = fs::read_to_string(folder.path().join("front.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.matches("<circle").count() == 2, "{svg}");
    let json = milkrun(folder.path(), &[&pareto[..], &["--json"]].concat()).code(0).json();
    assert_eq!(json["front"]["points"][1]["values"], serde_json::json!([90, 40]));
    assert_eq!(json["plans"][1]["routes"].as_array().unwrap().len(), 2);
    assert_eq!(told, milkrun(folder.path(), &pareto).code(0).out, "the same seed gives the same front");
}

#[test]
fn faults_of_objectives_are_told() {
    let folder = folder();
    fs::write(folder.path().join("sides.json"), SIDES).unwrap();
    milkrun(folder.path(), &["pareto", "sides.json", "--objectives", "cost"]).code(2).reports(&["two or three"]);
    let twice = ["pareto", "sides.json", "--objectives", "distance,distance,unserved"];
    milkrun(folder.path(), &twice).code(2).reports(&["is there twice"]);
    milkrun(folder.path(), &["pareto", "sides.json", "--objectives", "cost,beauty"]).code(2).reports(&["beauty"]);
}
