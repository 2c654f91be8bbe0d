//! `milkrun convert`.

use std::fs;

use crate::support::{folder, milkrun, milkrun_with_input};

#[test]
fn to_json_and_back_is_the_same_problem() {
    let folder = folder();
    let dir = folder.path();
    milkrun(dir, &["convert", "village.vrp", "village.json"]).code(0);
    milkrun(dir, &["convert", "village.json", "again.vrp"]).code(0);
    milkrun(dir, &["convert", "again.vrp", "again.json"]).code(0);
    let read = |name: &str| {
        let text = fs::read_to_string(dir.join(name)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    assert_eq!(read("village.json")["clients"], read("again.json")["clients"]);

    let solve = ["solve", "village.vrp", "--iterations", "100", "--solution", "v.sol", "--quiet"];
    milkrun(dir, &solve).code(0);
    let cost = |problem: &str| milkrun(dir, &["check", problem, "v.sol", "--json"]).code(0).json()["cost"].clone();
    assert_eq!(cost("village.vrp"), cost("village.json"));
}

#[test]
fn through_pipes() {
    let folder = folder();
    let vrp = fs::read_to_string(folder.path().join("village.vrp")).unwrap();
    let run = milkrun_with_input(folder.path(), &["convert", "-", "-", "--to", "json"], &vrp).code(0);
    assert_eq!(run.json()["name"], "village");
}

#[test]
fn what_vrplib_cannot_represent_is_refused() {
    let folder = folder();
    let run = milkrun(folder.path(), &["convert", "waste_day.json", "waste.vrp"]).code(2);
    run.reports(&["error: this cannot be written in the requested format"]);
    assert!(!folder.path().join("waste.vrp").exists());
}

#[test]
fn an_unknown_extension_needs_a_format() {
    let folder = folder();
    milkrun(folder.path(), &["convert", "village.vrp", "village.xml"]).code(2).reports(&["village.xml", "--to json"]);
}
