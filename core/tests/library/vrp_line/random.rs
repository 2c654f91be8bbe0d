//! Random problems.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{job, left_out, place, problem, solved, time, tour_of, vehicle};

/// A random problem on the line.
fn random() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["deliveries", "pickups", "services", "replacements", "parcel", "choice"]);
    let one = (kind, 1..5usize, 0..5usize, 1..4i64, 0..400i64, 0..200i64, 0..4u8, 0..3u8);
    let jobs = prop::collection::vec(one, 1..7).prop_map(|list| {
        let each = list.into_iter().enumerate().map(|(j, (kind, at, other, demand, early, length, tied, value))| {
            let id = format!("j{j}");
            let mut made = match kind {
                "parcel" => {
                    let mut made = job(&id, "pickups", at, demand);
                    made["deliveries"] = json!([{"places": [place(other)], "demand": [demand]}]);
                    made
                }
                "choice" => {
                    let mut made = job(&id, "deliveries", at, demand);
                    made["deliveries"][0]["places"].as_array_mut().unwrap().push(place(other));
                    made
                }
                kind => {
                    let mut made = job(&id, kind, at, demand);
                    made[kind][0]["places"][0]["times"] = json!([[time(early), time(early + length)]]);
                    made[kind][0]["places"][0]["duration"] = json!(length / 10);
                    made
                }
            };
            match tied {
                1 if kind != "parcel" => made["group"] = json!("g"),
                2 => made["skills"] = json!({"noneOf": ["cold"]}),
                3 if kind != "parcel" => made["compatibility"] = json!(format!("c{}", at % 2)),
                _ => {}
            }
            if value > 1 {
                made["value"] = json!(value);
            }
            made
        });
        each.collect::<Vec<Value>>()
    });
    (jobs, 1..3usize, 2..6i64, any::<[bool; 4]>()).prop_map(|(jobs, count, capacity, [fixed, cold, reload, tied])| {
        let mut document = problem(&jobs, &[vehicle("van", count, capacity), vehicle("bus", 1, 3)]);
        let van = &mut document["fleet"]["vehicles"][0];
        if fixed {
            van["shifts"][0]["start"]["latest"] = json!(time(0));
            van["shifts"][0]["breaks"] = json!([{"time": [20, 60], "duration": 30}]);
        }
        if cold {
            van["skills"] = json!(["cold"]);
        }
        if reload {
            van["shifts"][0]["reloads"] = json!([{"location": {"index": 0}, "duration": 5}]);
        }
        if tied {
            document["plan"]["relations"] = json!([{"type": "any", "jobs": ["j0"], "vehicleId": "bus_1"}]);
        }
        document
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every plan passes the judge, every job is on one tour or unassigned with a reason, and the sums are those of the stops.
    #[test]
    fn random_documents_are_answered(document in random()) {
        let answer = solved(&document);
        let ids: Vec<&str> =
            document["plan"]["jobs"].as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap()).collect();
        let left = left_out(&answer);
        for id in ids {
            prop_assert_ne!(tour_of(&answer, id).is_some(), left.contains(&id), "{} in {}", id, answer);
        }
        let mut cost = 0.0;
        for tour in answer["tours"].as_array().unwrap() {
            let statistic = &tour["statistic"];
            let (distance, duration) = (statistic["distance"].as_i64().unwrap(), statistic["duration"].as_i64().unwrap());
            let times: i64 = statistic["times"].as_object().unwrap().values().map(|part| part.as_i64().unwrap()).sum();
            prop_assert_eq!(times, duration, "{}", tour);
            let stops = tour["stops"].as_array().unwrap();
            prop_assert_eq!(stops.last().unwrap()["distance"].as_i64(), Some(distance));
            cost += 7.0 + 0.5 * distance as f64 + 0.25 * duration as f64;
        }
        prop_assert!((answer["statistic"]["cost"].as_f64().unwrap() - cost).abs() < 1e-6);
        for job in answer.get("unassigned").and_then(Value::as_array).into_iter().flatten() {
            prop_assert!(!job["reasons"].as_array().unwrap().is_empty());
        }
    }
}
