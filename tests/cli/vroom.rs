//! `milkrun vroom`.

use std::fs;

use serde_json::{Value, json};

use crate::support::{folder, milkrun, milkrun_with_input};

fn document() -> Value {
    json!({"vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "max_tasks": 2}],
        "jobs": [{"id": 5, "location_index": 1}, {"id": 6, "location_index": 2}],
        "matrices": {"car": {"durations": [[0, 3, 4], [3, 0, 5], [4, 5, 0]]}}})
}

#[test]
fn in_place_of_vroom() {
    let folder = folder();
    let run = milkrun_with_input(folder.path(), &["vroom"], &document().to_string()).code(0);
    assert_eq!((run.json()["summary"]["cost"].clone(), run.err.as_str()), (json!(12), ""));
    fs::write(folder.path().join("in.json"), document().to_string()).unwrap();
    let files = ["vroom", "-i", "in.json", "-o", "out.json", "-t", "1", "-x", "0", "-l", "1"];
    assert_eq!(milkrun(folder.path(), &files).code(0).out, "");
    let answer: Value = serde_json::from_slice(&fs::read(folder.path().join("out.json")).unwrap()).unwrap();
    assert_eq!((&answer["code"], &answer["summary"]["cost"]), (&json!(0), &json!(12)));
    assert_eq!(milkrun(folder.path(), &["vroom", &document().to_string()]).code(0).json()["summary"]["cost"], 12);
}

#[test]
fn codes_are_vrooms() {
    let folder = folder();
    let run = milkrun_with_input(folder.path(), &["vroom"], r#"{"vehicles": []}"#).code(2);
    assert_eq!(run.json()["code"], 2);
    run.reports(&["[Error]", "vehicles: there is none"]);
    assert_eq!(milkrun(folder.path(), &["vroom", "-i", "none.json"]).code(2).json()["code"], 2);
    let mut far = document();
    far.as_object_mut().unwrap().remove("matrices");
    for (job, at) in [(0, 4.0), (1, 4.1)] {
        far["jobs"][job]["location"] = json!([at, 52.0]);
    }
    (far["vehicles"][0]["start"], far["vehicles"][0]["end"]) = (json!([4.2, 52.0]), json!([4.2, 52.0]));
    let run = milkrun(folder.path(), &["vroom", &far.to_string(), "--speed", "60"]).code(0);
    assert!(run.json()["summary"]["distance"].as_i64().unwrap() > 27_000);
    run.reports(&["note: no matrices and no routing engine: ways are straight lines, 1.3 times as long, at 60 km/h"]);
    let engine = ["vroom", &far.to_string(), "-a", "car:127.0.0.1", "-p", "car:1", "-r", "libosrm"];
    assert_eq!(milkrun(folder.path(), &engine).code(3).json()["code"], 3);
}

#[test]
fn times_are_chosen() {
    let folder = folder();
    let mut routes = document();
    routes["vehicles"][0]["steps"] = json!([{"type": "start"}, {"type": "job", "id": 6}, {"type": "end"}]);
    routes["jobs"][1]["time_windows"] = json!([[0, 1]]);
    routes["vehicles"][0]["time_window"] = json!([0, 50]);
    let run = milkrun_with_input(folder.path(), &["vroom", "-c"], &routes.to_string()).code(0);
    assert_eq!(run.json()["summary"]["violations"], json!([{"cause": "delay", "duration": 3}]));
}

/// The document is a problem for all other commands, too.
#[test]
fn it_can_be_converted_and_solved() {
    let folder = folder();
    fs::write(folder.path().join("in.json"), document().to_string()).unwrap();
    milkrun(folder.path(), &["convert", "in.json", "own.json"]).code(0);
    let solve = ["solve", "own.json", "--iterations", "50", "--json", "--out", "plan.json"];
    assert_eq!(milkrun(folder.path(), &solve).code(0).json()["cost"], 12);
    let check = ["check", "in.json", "plan.json", "--json"];
    assert_eq!(milkrun(folder.path(), &check).code(0).json()["feasible"], true);
}
