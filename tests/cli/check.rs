//! `milkrun check`.

use std::fs;

use crate::support::{TINY, folder, milkrun};

const PLAN: &str = r#"{"milkrun": "plan", "version": 1, "cost": {"total": 20}, "routes": [{"vehicle_type": "van", "trips":
    [{"start_depot": "yard", "visits": [{"client": "near"}, {"client": "far"}], "end_depot": "yard"}]}]}"#;

fn check(plan: &str, code: i32) -> serde_json::Value {
    let folder = folder();
    fs::write(folder.path().join("tiny.json"), TINY).unwrap();
    fs::write(folder.path().join("plan"), plan).unwrap();
    let text = milkrun(folder.path(), &["check", "tiny.json", "plan"]).code(code);
    assert!(text.out.contains("cost: "), "{}", text.out);
    milkrun(folder.path(), &["check", "tiny.json", "plan", "--json"]).code(code).json()
}

#[test]
fn a_right_plan() {
    let answer = check(PLAN, 0);
    assert_eq!(answer["feasible"], true);
    assert_eq!(answer["cost"]["total"], 20);
    assert_eq!(answer["stated_cost"], 20.0);
}

#[test]
fn an_unserved_client() {
    let answer = check(&PLAN.replace(r#"{"client": "near"}, "#, ""), 3);
    assert_eq!(answer["violations"][0]["kind"], "client_unserved");
    assert_eq!(answer["unserved"]["clients"], 1);
}

#[test]
fn a_wrong_number() {
    let answer = check(&PLAN.replace("20", "19"), 3);
    assert_eq!(answer["feasible"], true);
    assert_eq!(answer["truthful"], false);
    assert_eq!(answer["discrepancies"][0]["path"], "cost.total");
}

#[test]
fn sol_text() {
    let answer = check("Route #1: 2 1\nCost 20\n", 0);
    assert_eq!(answer["cost"]["total"], 20);
    let answer = check("Route #1: 2\nCost 20\n", 3);
    assert_eq!(answer["violations"][0]["kind"], "client_unserved");
}
