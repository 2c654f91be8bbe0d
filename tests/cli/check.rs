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

/// Three clients on a diagonal: the lengths of the arcs are 1.414 each.
#[test]
fn a_rounding_that_fits_is_named() {
    let folder = folder();
    let vrp = "NAME : diagonal\nTYPE : CVRP\nDIMENSION : 3\nCAPACITY : 2\nEDGE_WEIGHT_TYPE : EUC_2D\nDISTANCE : 5.7\n\
        NODE_COORD_SECTION\n1 0 0\n2 1 1\n3 2 2\nDEMAND_SECTION\n1 0\n2 1\n3 1\nDEPOT_SECTION\n1\n-1\nEOF\n";
    fs::write(folder.path().join("a.vrp"), vrp).unwrap();
    let check = |sol: &str, round: &[&str], code| {
        fs::write(folder.path().join("a.sol"), sol).unwrap();
        let run = milkrun(folder.path(), &[&["check", "a.vrp", "a.sol", "--json"], round].concat()).code(code);
        (run.json()["fitting_rounding"].clone(), run.err)
    };
    let (fitting, told) = check("Route #1: 1 2\nCost 5.66\n", &[], 0);
    assert_eq!(fitting, "exact");
    assert!(told.contains("rounded by `round`; under --round exact, the plan is feasible"), "{told}");
    assert_eq!(check("Route #1: 1 2\nCost 5.66\n", &["--round", "exact"], 0).0, serde_json::Value::Null);
    assert_eq!(check("Route #1: 1 2\nCost 4.2\n", &[], 0).0, serde_json::Value::Null);
    assert_eq!(check("Route #1: 1 2\n", &[], 0).0, serde_json::Value::Null, "nothing is stated");
    let (_, told) = check("1 2 3 1\n", &[], 0);
    assert!(told.contains("note: the stops of a.sol are numbered from 1, the depot"), "{told}");
}

#[test]
fn sol_text() {
    let answer = check("Route #1: 2 1\nCost 20\n", 0);
    assert_eq!(answer["cost"]["total"], 20);
    let answer = check("Route #1: 2\nCost 20\n", 3);
    assert_eq!(answer["violations"][0]["kind"], "client_unserved");
}
