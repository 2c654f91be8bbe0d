//! `milkrun compare`.

use std::fs;

use crate::support::{folder, milkrun};

/// Two clients, each worth a van of its own.
const TWO: &str = r#"{"milkrun": "problem", "version": 1,
    "depots": [{"location": {"x": 0, "y": 0}, "name": "yard"}],
    "clients": [
        {"name": "east", "location": {"x": 30, "y": 0}, "delivery": [1], "required": false, "prize": 500},
        {"name": "west", "location": {"x": -30, "y": 0}, "delivery": [1], "required": false, "prize": 500}],
    "vehicle_types": [{"name": "van", "count": 2, "start": "yard", "end": "yard", "capacity": [1], "max_trips": 1,
        "fixed_cost": 10}]}"#;

const CHANGES: &str = r#"{"variants": [
    {"name": "again"},
    {"name": "one van less", "changes": [{"kind": "vehicles", "vehicle_type": "van", "by": -1}]},
    {"name": "large vans", "changes": [{"kind": "merge", "patch": {"vehicle_types": {"van": {"capacity": [2]}}}}]}]}"#;

fn two(changes: &str) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("two.json"), TWO).unwrap();
    fs::write(folder.path().join("changes.json"), changes).unwrap();
    folder
}

const COMPARE: [&str; 8] = ["compare", "two.json", "--changes", "changes.json", "--seeds", "3", "--iterations", "200"];

#[test]
fn a_table_and_what_each_variant_costs() {
    let folder = two(CHANGES);
    let told = milkrun(folder.path(), &COMPARE).code(0).out;
    let lines: Vec<&str> = told.lines().collect();
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
    assert_eq!(cells(lines[0]), "variant cost spread best vehicles distance duration unserved");
    assert_eq!(cells(lines[1]), "as it is 140 0 140 2 120 120 0");
    assert_eq!(cells(lines[3]), "one van less 570 0 570 1 60 60 1");
    assert!(told.contains("again: costs the same\n"), "{told}");
    assert!(told.contains("one van less: costs 430 ± 0 more\n"), "{told}");
    assert!(told.contains("large vans: costs 10 ± 0 less\n"), "{told}");
    let threads = milkrun(folder.path(), &[&COMPARE[..], &["--threads", "2"]].concat()).code(0).out;
    assert_eq!(told, threads, "threads change nothing");
}

#[test]
fn as_json_with_the_best_plans() {
    let folder = two(CHANGES);
    let json = milkrun(folder.path(), &[&COMPARE[..], &["--json"]].concat()).code(0).json();
    let variants = json["comparison"]["variants"].as_array().unwrap();
    assert_eq!((variants.len(), &json["comparison"]["complete"]), (4, &true.into()));
    assert_eq!(variants[0]["figures"][0]["difference"], serde_json::Value::Null);
    let cost = &variants[2]["figures"][0];
    assert_eq!((&cost["figure"], &cost["spread"]["mean"]), (&"cost".into(), &570.0.into()));
    assert_eq!((&cost["difference"]["mean"], &cost["difference"]["pairs"]), (&430.0.into(), &3.into()));
    assert_eq!(json["plans"][2]["routes"].as_array().unwrap().len(), 1);
}

#[test]
fn all_faults_of_all_variants_are_told() {
    let changes = r#"{"variants": [
        {"name": "boats", "changes": [{"kind": "vehicles", "vehicle_type": "boat", "by": 1}]},
        {"name": "debt", "changes": [{"kind": "vehicles", "vehicle_type": "van", "by": -3}]},
        {"name": "typo", "changes": [{"kind": "merge", "patch": {"vehicle_types": {"van": {"capasity": [2]}}}}]},
        {"name": "late", "changes": [{"kind": "shift", "early": 50, "late": 20}]}]}"#;
    let folder = two(changes);
    milkrun(folder.path(), &COMPARE).code(2).reports(&[
        r#"variants["boats"].changes[0].vehicle_type"#,
        r#"variants["debt"].changes[0].by"#,
        "capasity",
        r#"variants["late"].vehicle_types[0].shift"#,
    ]);
    fs::write(folder.path().join("changes.json"), r#"{"variants": [{"name": 7}, {"nom": "x"}]}"#).unwrap();
    milkrun(folder.path(), &COMPARE).code(2).reports(&["variants[0].name", "variants[1]"]);
    fs::write(folder.path().join("changes.json"), r#"{"variants": [{"name": "a"}, {"name": "a"}]}"#).unwrap();
    milkrun(folder.path(), &COMPARE).code(2).reports(&["another variant is called so"]);
}
