//! What is written of a waste hauler's day is read back as it was.

mod common;
mod day;

use day::day;
use milkrun::Plan;
use milkrun::io::{geojson, json};
use milkrun::plan::{Activity, Route};
use proptest::prelude::*;

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
        let read = json::read_stated_plan(&text, &problem).unwrap();
        prop_assert_eq!(&read.plan, &plan);
        prop_assert_eq!(read.cost, Some(plan.cost()));
        prop_assert_eq!(&read.misstatements, &[]);
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
