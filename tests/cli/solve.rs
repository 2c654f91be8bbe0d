//! `milkrun solve`.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{HOPELESS, TINY, folder, milkrun, names};

#[test]
fn every_output_is_written_and_judged_feasible() {
    let folder = folder();
    let dir = folder.path();
    let files = ["--out", "plan.json", "--solution", "out.sol", "--geojson", "map.geojson"];
    let solve = ["solve", "village.vrp", "--iterations", "500"];
    let run = milkrun(dir, &[&solve[..], &files[..]].concat()).code(0);
    assert!(run.out.contains("cost:") && run.out.contains("feasible"), "{}", run.out);
    let run = run.reports(&["village: 40 clients, 1 depot, 40 vehicles; CVRP, rounding round", "500 iterations"]);
    assert!(!run.err.contains('\r'), "no progress line without a terminal: {}", run.err);

    let by_plan = milkrun(dir, &["check", "village.vrp", "plan.json", "--json"]).code(0).json();
    let by_sol = milkrun(dir, &["check", "village.vrp", "out.sol", "--json"]).code(0).json();
    assert_eq!(by_plan["cost"], by_sol["cost"]);
    assert_eq!(by_plan["stated_cost"], by_plan["cost"]["total"].as_f64().unwrap());
    let map: serde_json::Value = serde_json::from_str(&fs::read_to_string(dir.join("map.geojson")).unwrap()).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let others = ["map.geojson", "out.sol", "parcels.vrp", "plan.json", "village.vrp", "waste_day.json"];
    assert_eq!(names(dir), others, "no temporary file is left");
}

#[test]
fn json_describes_the_whole_run() {
    let folder = folder();
    fs::write(folder.path().join("tiny.json"), TINY).unwrap();
    let run = milkrun(folder.path(), &["solve", "tiny.json", "--iterations", "50", "--json"]).code(0);
    let answer = run.json();
    assert_eq!((&answer["cost"], &answer["feasible"], &answer["routes"]), (&20.into(), &true.into(), &1.into()));
    assert_eq!(answer["problem"], "tiny");
    assert_eq!(answer["rounding"], serde_json::Value::Null);
    assert_eq!(answer["stopped"], "max_iterations");
    assert_eq!(answer["iterations"], 50);
    assert_eq!(answer["unserved"]["clients"], 0);
    fs::write(folder.path().join("plan.json"), answer["plan"].to_string()).unwrap();
    milkrun(folder.path(), &["check", "tiny.json", "plan.json"]).code(0);
}

#[test]
fn sol_has_the_cost_in_the_unit_of_the_file() {
    let folder = folder();
    let solve = ["solve", "parcels.vrp", "--iterations", "200", "--json", "--solution", "out.sol"];
    let answer = milkrun(folder.path(), &solve).code(0).json();
    assert_eq!(answer["rounding"], "dimacs", "the convention for time windows");
    let sol = fs::read_to_string(folder.path().join("out.sol")).unwrap();
    let stated: f64 = sol.lines().last().unwrap().strip_prefix("Cost ").unwrap().parse().unwrap();
    assert!((stated * 10.0 - answer["cost"].as_f64().unwrap()).abs() < 1e-6, "{stated}");
}

#[test]
fn rounding_changes_the_unit() {
    let folder = folder();
    let cost = |round: &str| {
        let solve = ["solve", "village.vrp", "--iterations", "300", "--json", "--round", round];
        let answer = milkrun(folder.path(), &solve).code(0).json();
        assert_eq!(answer["rounding"], round);
        answer["cost"].as_i64().unwrap()
    };
    let (trunc, exact) = (cost("trunc"), cost("exact"));
    assert!(exact > 500 * trunc, "{exact} is in thousandths of {trunc}");
}

#[test]
fn same_seed_and_iterations_give_the_same_plan() {
    let folder = folder();
    let plan = |seed: &str| {
        let solve = ["solve", "parcels.vrp", "--iterations", "400", "--seed", seed, "--out", "-"];
        milkrun(folder.path(), &solve).code(0).out
    };
    assert_eq!(plan("7"), plan("7"));
}

#[test]
fn a_race_harness_can_call_it() {
    let folder = folder();
    let start = Instant::now();
    let limits = ["--time-limit", "1.0", "--seed", "3", "--threads", "1", "--solution", "OUT"];
    let solve = ["solve", "village.vrp", "--round", "round"];
    milkrun(folder.path(), &[&solve[..], &limits[..]].concat()).code(0);
    assert!(start.elapsed() >= Duration::from_millis(700), "the time is for the search");
    milkrun(folder.path(), &["check", "village.vrp", "OUT", "--round", "round"]).code(0);
}

#[test]
fn a_target_ends_the_search() {
    let folder = folder();
    let solve = ["solve", "village.vrp", "--target-cost", "1000000", "--iterations", "1000000", "--json"];
    let answer = milkrun(folder.path(), &solve).code(0).json();
    assert_eq!(answer["stopped"], "target_cost");
}

#[test]
fn no_improvement_ends_the_search() {
    let folder = folder();
    let solve = ["solve", "village.vrp", "--no-improvement", "200", "--iterations", "10000000", "--json"];
    let answer = milkrun(folder.path(), &solve).code(0).json();
    assert_eq!(answer["stopped"], "no_improvement");
}

#[test]
fn a_search_goes_on_from_an_earlier_plan() {
    let folder = folder();
    let first = ["solve", "village.vrp", "--iterations", "2000", "--json", "--out", "plan.json", "--solution", "p.sol"];
    let first = milkrun(folder.path(), &first).code(0).json();
    for initial in ["plan.json", "p.sol"] {
        let again = ["solve", "village.vrp", "--iterations", "1", "--json", "--initial", initial];
        let again = milkrun(folder.path(), &again).code(0).json();
        assert!(again["cost"].as_i64() <= first["cost"].as_i64(), "from {initial}: never worse than it began");
    }
}

#[test]
fn several_threads() {
    let folder = folder();
    let solve = ["solve", "waste_day.json", "--iterations", "400", "--threads", "2", "--out", "plan.json", "-q"];
    let run = milkrun(folder.path(), &solve).code(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "quiet means quiet");
    milkrun(folder.path(), &["check", "waste_day.json", "plan.json"]).code(0);
}

#[test]
fn no_feasible_plan_is_exit_code_3_and_still_a_plan() {
    let folder = folder();
    fs::write(folder.path().join("hopeless.json"), HOPELESS).unwrap();
    let solve = ["solve", "hopeless.json", "--iterations", "20", "--out", "plan.json"];
    let run = milkrun(folder.path(), &solve).code(3);
    assert!(run.out.contains("infeasible"), "{}", run.out);
    let check = milkrun(folder.path(), &["check", "hopeless.json", "plan.json", "--json"]).code(3).json();
    assert_eq!(check["feasible"], false);
    assert_eq!(check["truthful"], true);
}
