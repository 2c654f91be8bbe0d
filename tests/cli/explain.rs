//! `milkrun explain`.

use std::fs;

use crate::support::{TINY, folder, milkrun};

const NOBODY: &str = r#"{"milkrun": "plan", "version": 1, "routes": []}"#;

fn explained(problem: &str, more: &[&str]) -> (String, serde_json::Value) {
    let folder = folder();
    fs::write(folder.path().join("problem.json"), problem).unwrap();
    fs::write(folder.path().join("plan.json"), NOBODY).unwrap();
    let words: Vec<&str> = ["explain", "problem.json", "plan.json"].iter().chain(more).copied().collect();
    let text = milkrun(folder.path(), &words).code(0).out;
    let json = milkrun(folder.path(), &[&words[..], &["--json"]].concat()).code(0).json();
    (text, json)
}

#[test]
fn there_is_room() {
    let (text, json) = explained(TINY, &[]);
    assert!(text.contains("no change is needed"), "{text}");
    assert_eq!(json["complete"], true);
    for own in json["unserved"].as_array().unwrap() {
        assert_eq!((&own["searched"], &own["is_impossible"]), (&"everything".into(), &false.into()));
        assert_eq!(own["by_type"][0]["kind"], "possible");
    }
}

#[test]
fn no_time_at_all() {
    let (text, json) = explained(TINY, &["--time-limit", "0"]);
    assert!(text.contains("was not examined: the time limit was reached"), "{text}");
    assert!(text.contains("incomplete: of 2 unserved, 2 were not examined"), "{text}");
    assert_eq!(json["complete"], false);
    for own in json["unserved"].as_array().unwrap() {
        assert_eq!((&own["searched"], &own["is_impossible"]), (&"nothing".into(), &false.into()));
        assert_eq!(own["by_type"].as_array().unwrap().len(), 0);
    }
}

#[test]
fn an_obstructing_relation_is_named() {
    // Without a crane, neither is served.
    let problem = r#"{"milkrun": "problem", "version": 1, "depots": [{"location": {"x": 0, "y": 0}}],
        "clients": [{"name": "early", "location": {"x": 10, "y": 0}, "time_window": [100, 120]},
            {"name": "skilled", "location": {"x": 20, "y": 0}, "skills": ["crane"]}],
        "vehicle_types": [{"start": 0, "end": 0}], "relations": [{"all_or_none": ["early", "skilled"]}]}"#;
    let (text, json) = explained(problem, &[]);
    assert!(text.contains("relation 0 (all_or_none with client 1) also requires client 1, which no vehicle"), "{text}");
    assert_eq!(json["unserved"][0]["is_impossible"], true);
    assert!(json["unserved"][0]["relaxations"].to_string().contains("relation 0 removed"), "{json}");
}
