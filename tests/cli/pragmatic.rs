//! `milkrun pragmatic`.

use std::fs;

use serde_json::{Value, json};

use crate::support::{folder, milkrun, milkrun_with_input};

fn document() -> Value {
    let service = |id: &str, index: usize| json!({"id": id, "services": [{"places": [{"location": {"index": index}, "duration": 0}]}]});
    json!({"plan": {"jobs": [service("mill", 1), service("shop", 2)]},
        "fleet": {"profiles": [{"name": "car"}], "vehicles": [{"typeId": "van", "vehicleIds": ["van_1"],
            "profile": {"matrix": "car"}, "costs": {"fixed": 5, "distance": 1, "time": 0}, "capacity": [1],
            "shifts": [{"start": {"earliest": "2026-07-04T09:00:00Z", "location": {"index": 0}},
                "end": {"latest": "2026-07-04T18:00:00Z", "location": {"index": 0}}}]}]}})
}

const MATRIX: &str = r#"{"travelTimes": [0, 3, 4, 3, 0, 5, 4, 5, 0], "distances": [0, 3, 4, 3, 0, 5, 4, 5, 0]}"#;

#[test]
fn in_place_of_vrp() {
    let folder = folder();
    fs::write(folder.path().join("problem.json"), document().to_string()).unwrap();
    fs::write(folder.path().join("car.json"), MATRIX).unwrap();
    let run = ["pragmatic", "problem.json", "-m", "car.json", "-o", "solution.json", "-n", "200"];
    let run = milkrun(folder.path(), &run).code(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
    let answer: Value = serde_json::from_slice(&fs::read(folder.path().join("solution.json")).unwrap()).unwrap();
    assert_eq!((&answer["statistic"]["cost"], &answer["tours"][0]["vehicleId"]), (&json!(17.0), &json!("van_1")));
}

#[test]
fn faults_have_paths() {
    let folder = folder();
    let run = milkrun_with_input(folder.path(), &["pragmatic"], &document().to_string()).code(2);
    run.reports(&["plan.jobs[1].services[0].places[0].location.index", "there is none"]);
    milkrun_with_input(folder.path(), &["pragmatic"], "{").code(2).reports(&["mend the JSON there"]);
    milkrun(folder.path(), &["pragmatic", "none.json"]).code(2).reports(&["cannot read"]);
}

/// With points, the document is a problem for all other commands, too.
#[test]
fn other_commands_read_it() {
    let folder = folder();
    let mut far = document();
    let at = |lat: f64| json!({"lat": lat, "lng": 13.4});
    for (job, lat) in [(0, 52.5), (1, 52.6)] {
        far["plan"]["jobs"][job]["services"][0]["places"][0]["location"] = at(lat);
    }
    for end in ["start", "end"] {
        far["fleet"]["vehicles"][0]["shifts"][0][end]["location"] = at(52.4);
    }
    fs::write(folder.path().join("far.json"), far.to_string()).unwrap();
    let run = milkrun(folder.path(), &["pragmatic", "far.json", "--get-locations"]).code(0);
    assert_eq!(run.json(), json!([at(52.5), at(52.6), at(52.4)]));
    let run = milkrun(folder.path(), &["pragmatic", "far.json", "-n", "100"]).code(0);
    let run = run.reports(&["note: no matrices: ways are great circles"]);
    let cost = run.json()["statistic"]["cost"].as_f64().unwrap();
    assert!((44_000.0..45_000.0).contains(&cost), "{cost}");
    let run = milkrun(folder.path(), &["solve", "far.json", "--iterations", "100", "--json"]).code(0);
    assert!(run.json()["feasible"].as_bool().unwrap());
    milkrun(folder.path(), &["convert", "far.json", "own.json"]).code(0);
    assert!(fs::read_to_string(folder.path().join("own.json")).unwrap().contains("\"van_1\""));
}
