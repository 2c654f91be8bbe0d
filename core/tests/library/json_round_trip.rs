//! Documents are read back as they were written.

use crate::common;

use common::planned;
use milkrun::Plan;
use milkrun::io::{geojson, json};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn problems_and_plans((problem, stops) in planned()) {
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
    fn maps_hold_every_stop((problem, stops) in planned()) {
        let plan = Plan::new(&problem, stops).unwrap();
        let map: serde_json::Value = serde_json::from_str(&geojson::write_plan(&problem, &plan)).unwrap();
        let features = map["features"].as_array().unwrap();
        let served = features.iter().filter(|f| f["properties"]["served"] == true).count();
        let visits: usize = plan.routes().iter().map(milkrun::plan::Route::num_visits).sum();
        prop_assert_eq!(served, visits);
        let left = features.iter().filter(|f| f["properties"]["served"] == false).count();
        prop_assert_eq!(left, plan.unserved().clients.len() + 2 * plan.unserved().shipments.len());
        for line in features.iter().filter(|f| f["geometry"]["type"] == "LineString") {
            prop_assert!(line["geometry"]["coordinates"].as_array().unwrap().len() >= 2);
        }
    }
}
