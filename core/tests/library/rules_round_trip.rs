//! Problems and plans with the rules of the working day are read back as they were written.

use crate::random_rules;

use std::collections::BTreeSet;

use milkrun::Plan;
use milkrun::io::{geojson, json};
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, Route};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use random_rules::day;
use serde_json::Value;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn problems_and_plans((problem, stops) in day()) {
        let text = json::write_problem(&problem);
        let read = json::read_problem(&text).unwrap();
        prop_assert_eq!(&read, &problem);
        prop_assert_eq!(json::write_problem(&read), text);

        let plan = Plan::new(&problem, stops).unwrap();
        let text = json::write_plan(&problem, &plan);
        let read = json::read_reported_plan(&text, &problem).unwrap();
        prop_assert_eq!(&read.plan, &plan);
        prop_assert_eq!(read.cost, Some(plan.cost()));
        prop_assert_eq!(&read.discrepancies, &[]);
    }

    #[test]
    fn starts((problem, mut stops) in day(), starts in vec(option::of(-50_i64..300), 8)) {
        for (route, start) in stops.iter_mut().zip(starts) {
            route.start = start;
        }
        let plan = Plan::new(&problem, stops).unwrap();
        let report = check_plan(&problem, &plan);
        prop_assert!(report.is_truthful(), "{report}");
        let read = json::read_reported_plan(&json::write_plan(&problem, &plan), &problem).unwrap();
        prop_assert_eq!(&read.discrepancies, &[]);
        prop_assert_eq!(read.plan.routes(), plan.routes());
        // The document states the actual start; if that is the default start, it is not a decision.
        let again = json::read_plan(&json::write_plan(&problem, &read.plan), &problem).unwrap();
        prop_assert_eq!(&again, &read.plan);
        for (stops, route) in again.route_stops().iter().zip(again.routes()) {
            prop_assert!(stops.start.is_none_or(|start| start == route.start));
        }
    }

    #[test]
    fn maps_hold_every_visit((problem, stops) in day()) {
        let plan = Plan::new(&problem, stops).unwrap();
        let map: serde_json::Value = serde_json::from_str(&geojson::write_plan(&problem, &plan)).unwrap();
        let features = map["features"].as_array().unwrap();
        let count = |keep: &dyn Fn(&serde_json::Value) -> bool| {
            features.iter().filter(|feature| keep(&feature["properties"])).count()
        };
        let visits = || plan.routes().iter().flat_map(Route::visits);
        prop_assert_eq!(count(&|p| p.get("position").is_some()), visits().count());
        prop_assert_eq!(count(&|p| p["served"] == true), visits().filter(|v| v.activity.is_service()).count());
        let dispose = visits().filter(|v| matches!(v.activity, Activity::Dispose(_))).count();
        prop_assert_eq!(count(&|p| p["kind"] == "dispose"), dispose);
        let breaks = visits().filter(|v| matches!(v.activity, Activity::Break(_))).count();
        prop_assert_eq!(count(&|p| p["kind"] == "break"), breaks);
        let rests = visits().filter(|v| matches!(v.activity, Activity::Rest(_))).count();
        prop_assert_eq!(count(&|p| p["kind"] == "rest"), rests);
        prop_assert_eq!(count(&|p| p["kind"] == "disposal_site"), problem.disposal_sites().len());
    }
}

/// All keys of the objects in a document.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// All fields that a schema knows.
fn fields(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                if let ("properties", Value::Object(properties)) = (key.as_str(), value) {
                    found.extend(properties.keys().cloned());
                }
                fields(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

/// The properties above would not cover a field that no document has.
#[test]
fn every_field_of_the_schemas_is_among_the_random_documents() {
    let mut runner = TestRunner::deterministic();
    let (mut of_problems, mut of_plans) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..300 {
        let (problem, stops) = day().new_tree(&mut runner).unwrap().current();
        let plan = Plan::new(&problem, stops).unwrap();
        keys(&serde_json::from_str(&json::write_problem(&problem)).unwrap(), &mut of_problems);
        keys(&serde_json::from_str(&json::write_plan(&problem, &plan)).unwrap(), &mut of_plans);
    }
    // Causes of cost are omitted if they are zero.
    of_plans.extend(["overtime", "waiting", "windows", "disposal", "assignment", "goals"].map(str::to_owned));
    for (schema, mut written) in [(json::problem_schema(), of_problems), (json::plan_schema(), of_plans)] {
        written.insert("$schema".to_owned());
        let mut known = BTreeSet::new();
        fields(&schema, &mut known);
        // Travel along streets becomes matrices when it is read.
        let asked = ["budget", "cache", "curb", "data_date", "file", "url"];
        known.retain(|name| !asked.contains(&name.as_str()));
        assert_eq!(known.difference(&written).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
