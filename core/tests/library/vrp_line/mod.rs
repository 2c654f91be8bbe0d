//! Problems of vrp's format on a line.

mod random;

use milkrun::io::pragmatic::{self, PragmaticError};
use milkrun::plan::check::check_plan;
use milkrun::{SolveParams, Stop, solve};
use serde_json::{Value, json};

/// Five places on a line, ten seconds and a hundred metres apart.
pub(crate) fn matrix() -> String {
    let table = |unit: i64| (0..25i64).map(|cell| (cell / 5 - cell % 5).abs() * unit).collect::<Vec<i64>>();
    json!({"profile": "car", "travelTimes": table(10), "distances": table(100)}).to_string()
}

pub(crate) fn place(index: usize) -> Value {
    json!({"location": {"index": index}, "duration": 0})
}

/// A job of a single task.
pub(crate) fn job(id: &str, kind: &str, index: usize, demand: i64) -> Value {
    let mut task = json!({"places": [place(index)]});
    if kind != "services" {
        task["demand"] = json!([demand]);
    }
    let mut job = json!({"id": id});
    job[kind] = json!([task]);
    job
}

pub(crate) fn time(seconds: i64) -> String {
    format!("2026-07-04T{:02}:{:02}:{:02}Z", 9 + seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A vehicle type whose shift begins at nine, at place 0, where it ends.
pub(crate) fn vehicle(id: &str, count: usize, capacity: i64) -> Value {
    let ids: Vec<String> = (1..=count).map(|v| format!("{id}_{v}")).collect();
    json!({"typeId": id, "vehicleIds": ids, "profile": {"matrix": "car"}, "capacity": [capacity],
        "costs": {"fixed": 7, "distance": 0.5, "time": 0.25},
        "shifts": [{"start": {"earliest": time(0), "location": {"index": 0}},
            "end": {"latest": time(10_000), "location": {"index": 0}}}]})
}

pub(crate) fn problem(jobs: &[Value], vehicles: &[Value]) -> Value {
    json!({"plan": {"jobs": jobs}, "fleet": {"vehicles": vehicles, "profiles": [{"name": "car"}]}})
}

/// The solution of a problem; its plan passes the judge.
pub(crate) fn solved(document: &Value) -> Value {
    solved_with(document, &[&matrix()])
}

pub(crate) fn solved_with(document: &Value, matrices: &[&str]) -> Value {
    let request = pragmatic::read(&document.to_string(), matrices).unwrap_or_else(|error| panic!("{error}"));
    let model = request.model().unwrap_or_else(|error| panic!("{error}"));
    let params = SolveParams { stop: Stop::after_iterations(300), ..SolveParams::default() };
    let found = solve(&model.problem, &params);
    let report = check_plan(&model.problem, &found.plan);
    assert!(report.is_feasible() && report.is_truthful(), "{}", report.with_names(&model.problem));
    let explanations = milkrun::explain::explain(&model.problem, &found.plan);
    serde_json::from_str(&request.answer(&model, &found.plan, &explanations)).unwrap()
}

/// The paths of what is wrong with a document.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    faults_with(document, &[&matrix()])
}

pub(crate) fn faults_with(document: &Value, matrices: &[&str]) -> Vec<String> {
    match pragmatic::read(&document.to_string(), matrices).and_then(|request| request.model().map(|_| ())) {
        Ok(()) => Vec::new(),
        Err(PragmaticError::Input { issues, .. }) => {
            assert!(issues.iter().all(|issue| !issue.message.is_empty() && !issue.remedy.is_empty()), "{issues:?}");
            issues.into_iter().map(|issue| issue.path).collect()
        }
        Err(error) => vec![error.to_string()],
    }
}

/// The names of the jobs of a tour in order, with those of the halts.
pub(crate) fn order(answer: &Value, tour: usize) -> Vec<String> {
    let stops = answer["tours"][tour]["stops"].as_array().unwrap();
    let activities = stops.iter().flat_map(|stop| stop["activities"].as_array().unwrap());
    activities.map(|activity| activity["jobId"].as_str().unwrap().to_owned()).collect()
}

/// The tour on which a job is.
pub(crate) fn tour_of(answer: &Value, job: &str) -> Option<usize> {
    let tours = answer["tours"].as_array().unwrap();
    (0..tours.len()).find(|&tour| order(answer, tour).iter().any(|id| id == job))
}

pub(crate) fn left_out(answer: &Value) -> Vec<&str> {
    let list = answer.get("unassigned").and_then(Value::as_array);
    list.into_iter().flatten().map(|job| job["jobId"].as_str().unwrap()).collect()
}
