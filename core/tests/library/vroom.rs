//! VROOM's documents: read, planned, answered, refused.

use crate::vroom_line;

use milkrun::io::vroom::{self, Effort, VroomError};
use milkrun::plan::check::check_plan;
use milkrun::{CancelToken, SolveParams, Stop, solve};
use proptest::prelude::*;
use serde_json::{Value, json};
use vroom_line::{chosen, effort, faults, matrices, problem, run, solved, values};

#[test]
fn a_route_with_its_sums() {
    let vehicles = json!([{"id": 3, "description": "red", "start_index": 0, "end_index": 0, "capacity": [5],
        "costs": {"fixed": 7, "per_hour": 7200, "per_km": 500, "per_task_hour": 3600}}]);
    let jobs = json!([
        {"id": 11, "location_index": 2, "service": 5, "delivery": [2], "priority": 4, "description": "far"},
        {"id": 12, "location_index": 1, "setup": 3, "pickup": [1], "time_windows": [[0, 12], [40, 60]]}]);
    let answer = solved(&problem(vehicles, jobs));
    let summary = &answer["summary"];
    // Four legs of ten seconds and a hundred metres: 7 + 80 + 200 + 8.
    assert_eq!((&summary["cost"], &summary["routes"], &summary["unassigned"]), (&json!(295), &json!(1), &json!(0)));
    assert_eq!((&summary["duration"], &summary["distance"]), (&json!(40), &json!(400)));
    assert_eq!((&summary["setup"], &summary["service"], &summary["priority"]), (&json!(3), &json!(5), &json!(4)));
    assert_eq!(
        (&summary["delivery"], &summary["pickup"], &summary["violations"]),
        (&json!([2]), &json!([1]), &json!([]))
    );
    let route = &answer["routes"][0];
    assert_eq!((&route["vehicle"], &route["description"]), (&json!(3), &json!("red")));
    let steps = &route["steps"];
    assert_eq!(values(steps, "type"), ["start", "job", "job", "end"]);
    // At 12 first or last: either way there is no waiting.
    assert_eq!(summary["waiting_time"], 0);
    let far = steps.as_array().unwrap().iter().find(|step| step["id"] == 11).unwrap();
    assert_eq!((&far["job"], &far["description"], &far["location_index"]), (&json!(11), &json!("far"), &json!(2)));
    assert!(answer.get("milkrun").is_none(), "{answer}");
}

#[test]
fn priorities_come_before_numbers_and_numbers_before_costs() {
    let vehicle = |tasks: i64| json!([{"id": 1, "start_index": 0, "end_index": 0, "max_tasks": tasks}]);
    let job = |id: i64, at: i64, priority: i64| json!({"id": id, "location_index": at, "priority": priority});
    let served = |document: &Value| {
        let answer = solved(document);
        let steps = answer["routes"][0]["steps"].as_array().unwrap();
        let mut ids: Vec<i64> = steps.iter().filter_map(|step| step["id"].as_i64()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(served(&problem(vehicle(1), json!([job(1, 1, 0), job(2, 4, 1)]))), [2]);
    assert_eq!(served(&problem(vehicle(2), json!([job(1, 1, 0), job(2, 4, 1), job(3, 3, 2)]))), [2, 3]);
    assert_eq!(served(&problem(vehicle(2), json!([job(1, 4, 0), job(2, 1, 0), job(3, 2, 0)]))), [2, 3]);
    // Two of priority 3 are more than one of 5, where the far ones do not fit together with it.
    let limited = json!([{"id": 1, "start_index": 2, "end_index": 2, "max_travel_time": 40}]);
    assert_eq!(served(&problem(limited.clone(), json!([job(1, 0, 5), job(2, 4, 3), job(3, 4, 3)]))), [2, 3]);
    assert_eq!(served(&problem(limited, json!([job(1, 0, 7), job(2, 4, 3), job(3, 4, 3)]))), [1]);
}

#[test]
fn unassigned_tasks_have_reasons_in_their_own_numbers() {
    let vehicles = json!([{"id": 40, "start_index": 0, "capacity": [1], "skills": [1]}]);
    let jobs = json!([{"id": 7, "location_index": 1, "skills": [1, 2]}, {"id": 8, "location_index": 1, "delivery": [3],
        "description": "heavy"}]);
    let answer = solved(&problem(vehicles, jobs));
    assert_eq!(values(&answer["unassigned"], "id"), [7, 8]);
    assert_eq!(
        (&answer["unassigned"][1]["type"], &answer["unassigned"][1]["description"]),
        (&json!("job"), &json!("heavy"))
    );
    assert_eq!(answer["unassigned"][0]["location_index"], 1);
    let reasons = answer["milkrun"]["unassigned"].as_array().unwrap();
    assert_eq!(reasons[0]["reasons"], json!(["vehicle 40: missing skills: 2"]));
    assert!(reasons[1]["reasons"][0].as_str().unwrap().contains("a load of 3 in dimension 0 exceeds"), "{answer}");
    assert!(
        reasons[1]["remedies"].to_string().contains("+2 capacity in dimension 0 for vehicle type \\\"vehicle 40\\\""),
        "{answer}"
    );
}

#[test]
fn shipments_keep_to_vehicles_with_their_skills() {
    let document = json!({
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}, {"id": 2, "start_index": 4, "end_index": 4, "skills": [9]}],
        "shipments": [{"skills": [9], "pickup": {"id": 1, "location_index": 1, "service": 2},
            "delivery": {"id": 1, "location_index": 2, "time_windows": [[0, 100]]}}],
        "matrices": matrices()});
    let answer = solved(&document);
    assert_eq!((values(&answer["routes"], "vehicle"), &answer["summary"]["cost"]), (vec![&json!(2)], &json!(60)));
    assert_eq!(values(&answer["routes"][0]["steps"], "type"), ["start", "pickup", "delivery", "end"]);
    assert!(answer["routes"][0]["steps"][0].get("load").is_none(), "the document has no loads");
    // Another set of skills, which comes first in order, must not be mixed up with it.
    let mut two = document.clone();
    two["vehicles"][0]["skills"] = json!([3]);
    let other =
        json!({"skills": [3], "pickup": {"id": 2, "location_index": 3}, "delivery": {"id": 2, "location_index": 4}});
    two["shipments"].as_array_mut().unwrap().push(other);
    let answer = solved(&two);
    let carried =
        answer["routes"].as_array().unwrap().iter().map(|route| (&route["vehicle"], &route["steps"][1]["id"]));
    let mut carried: Vec<_> = carried.map(|(vehicle, id)| (vehicle.as_u64(), id.as_u64())).collect();
    carried.sort_unstable();
    assert_eq!(carried, [(Some(1), Some(2)), (Some(2), Some(1))]);
    let mut unable = document;
    unable["shipments"][0]["skills"] = json!([9, 10]);
    assert_eq!(values(&solved(&unable)["unassigned"], "type"), ["pickup", "delivery"]);
}

#[test]
fn matrices_by_profile_costs_and_speed() {
    let mut document = problem(
        json!([{"id": 1, "start_index": 0, "end_index": 0, "profile": "bike", "speed_factor": 2},
               {"id": 2, "start_index": 0, "end_index": 0, "max_tasks": 1}]),
        json!([{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}]),
    );
    let row = |a: i64| json!([[0, a, a, a, a], [a, 0, a, a, a], [a, a, 0, a, a], [a, a, a, 0, a], [a, a, a, a, 0]]);
    document["matrices"]["bike"] = json!({"durations": row(30), "costs": row(1)});
    let answer = solved(&document);
    // The bike's legs cost one each, and take half of 30.
    assert_eq!((&answer["summary"]["cost"], &answer["summary"]["duration"]), (&json!(3), &json!(45)));
    document["vehicles"][0]["costs"] = json!({"per_hour": 1});
    assert_eq!(faults(&document), ["vehicles[0].costs"]);
}

#[test]
fn setups_are_needed_once_at_a_place() {
    let jobs = json!([{"id": 1, "location_index": 1, "setup": 7, "service": 1},
        {"id": 2, "location_index": 1, "setup": 7, "service": 1}, {"id": 3, "location_index": 3, "setup": 4}]);
    let mut document = problem(json!([{"id": 1, "start_index": 0, "time_window": [0, 43]}]), jobs);
    let answer = solved(&document);
    // 30 seconds of travel, 7 + 4 of setups, 2 of services: just in time.
    assert_eq!((&answer["summary"]["setup"], &answer["summary"]["unassigned"]), (&json!(11), &json!(0)));
    let steps = answer["routes"][0]["steps"].as_array().unwrap();
    assert_eq!(
        (&steps[1]["arrival"], &steps[2]["arrival"], &steps[3]["arrival"]),
        (&json!(10), &json!(18), &json!(39))
    );
    document["vehicles"][0]["time_window"] = json!([0, 42]);
    assert_eq!(solved(&document)["summary"]["unassigned"], 1);
    document["jobs"][1]["time_windows"] = json!([[0, 50]]);
    assert_eq!(faults(&document), ["jobs[0].setup"]);
}

#[test]
fn times_by_type_of_vehicle() {
    let jobs = json!([{"id": 1, "location_index": 1, "service": 9, "setup": 1,
        "service_per_type": {"crane": 2}, "setup_per_type": {"crane": 0}}]);
    let vehicle = |id: i64, at: i64, kind: &str| json!({"id": id, "start_index": at, "end_index": at, "type": kind});
    let answer = solved(&problem(json!([vehicle(1, 0, "van"), vehicle(2, 2, "crane")]), jobs.clone()));
    let route = &answer["routes"][0];
    let expected = if route["vehicle"] == 2 { (0, 2) } else { (1, 9) };
    assert_eq!((&route["setup"], &route["service"]), (&json!(expected.0), &json!(expected.1)));
    let costly = json!([{"id": 1, "start_index": 0, "costs": {"per_task_hour": 3600}},
        {"id": 2, "start_index": 3, "type": "crane", "costs": {"per_task_hour": 3600}}]);
    // Ten of travel and ten at the task, or twenty and two.
    assert_eq!(solved(&problem(costly, jobs))["summary"]["cost"], 20);
}

#[test]
fn breaks_are_always_taken() {
    let pause = |early: i64, late: i64| json!([{"id": 5, "service": 8, "description": "lunch", "time_windows": [[early, late]]}]);
    let vehicle =
        |breaks: Value| json!([{"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 100], "breaks": breaks}]);
    let jobs = json!([{"id": 1, "location_index": 2}]);
    for breaks in [pause(10, 30), pause(90, 92), pause(0, 0), json!([{"id": 5, "service": 60}])] {
        let answer = solved(&problem(vehicle(breaks.clone()), jobs.clone()));
        assert_eq!(answer["summary"]["violations"], json!([]), "{breaks}: {answer}");
        let steps = answer["routes"][0]["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["type"] == "break").unwrap();
        assert_eq!((&step["id"], step.get("location_index")), (&json!(5), None));
        let start = step["arrival"].as_i64().unwrap() + step["waiting_time"].as_i64().unwrap();
        if let Some(window) = breaks[0].get("time_windows") {
            assert!((window[0][0].as_i64().unwrap()..=window[0][1].as_i64().unwrap()).contains(&start), "{step}");
        }
        assert!(steps.last().unwrap()["arrival"].as_i64().unwrap() <= 100);
    }
    // 40 of travel and a break of 60 do not go into 99.
    let mut late = problem(vehicle(json!([{"id": 5, "service": 60}])), jobs);
    late["vehicles"][0]["time_window"] = json!([0, 99]);
    assert_eq!(solved(&late)["summary"]["unassigned"], 1);
}

#[test]
fn times_since_1970_and_open_ends() {
    let vehicles = json!([{"id": 1, "end_index": 4, "time_window": [1_600_416_000, 1_600_430_400]}]);
    let jobs = json!([{"id": 1, "location_index": 1, "time_windows": [[1_600_420_000, 4_000_000_000u64]]}]);
    let answer = solved(&problem(vehicles, jobs));
    let steps = &answer["routes"][0]["steps"];
    assert_eq!(values(steps, "type"), ["start", "job", "end"]);
    assert_eq!(values(steps, "location_index"), [1, 1, 4]);
    assert_eq!(values(steps, "arrival"), [1_600_420_000u64, 1_600_420_000, 1_600_420_030]);
    assert_eq!((&answer["summary"]["waiting_time"], &answer["summary"]["cost"]), (&json!(0), &json!(30)));
}

#[test]
fn limits_on_distances_are_of_metres() {
    let jobs = json!([{"id": 1, "location_index": 1}, {"id": 2, "location_index": 4}]);
    let vehicle = |most: i64| json!([{"id": 1, "start_index": 0, "end_index": 0, "max_distance": most}]);
    assert_eq!(solved(&problem(vehicle(800), jobs.clone()))["summary"]["unassigned"], 0);
    let answer = solved(&problem(vehicle(799), jobs.clone()));
    assert_eq!((&answer["summary"]["unassigned"], &answer["summary"]["cost"]), (&json!(1), &json!(20)));
    let mut without = problem(vehicle(800), jobs);
    without["matrices"]["car"].as_object_mut().unwrap().remove("distances");
    assert_eq!(faults(&without), ["vehicles[0].max_distance"]);
}

#[test]
fn ways_without_matrices_are_asked_for() {
    let document = json!({"vehicles": [{"id": 1, "start": [2.0, 48.0], "end": [2.0, 48.0]}],
        "jobs": [{"id": 1, "location": [2.0, 48.1]}, {"id": 2, "location": [2.0, 48.1]}], "options": {"g": true}, "meta": 3});
    let answer = solved(&document);
    // A tenth of a degree is 11,120 m, ten of them a second.
    assert_eq!((&answer["summary"]["distance"], &answer["summary"]["cost"]), (&json!(22_240), &json!(2224)));
    assert_eq!(answer["routes"][0]["geometry"], "__~cH_seK_pR???~oR?");
    assert_eq!(answer["routes"][0]["steps"][1]["location"], json!([2.0, 48.1]));
    assert_eq!(answer["milkrun"]["warnings"], json!(["meta: VROOM has no such field; it is ignored"]));
    let found = vroom::run(&document.to_string(), effort(), &mut |_, _| Err("no map".to_owned()), &CancelToken::new());
    assert_eq!((found.code, found.answer.as_str()), (3, r#"{"code":3,"error":"no map"}"#));
}

#[test]
fn chosen_times_tell_all_violations() {
    let vehicle = json!([{"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 100], "capacity": [5], "max_tasks": 1,
        "max_travel_time": 39, "max_distance": 399, "breaks": [
            {"id": 7, "service": 10, "time_windows": [[20, 30]], "max_load": [3]}, {"id": 8, "time_windows": [[0, 9]]}],
        "steps": [{"type": "start"}, {"type": "job", "id": 1}, {"type": "break", "id": 7}, {"type": "job", "id": 2},
            {"type": "end"}]}]);
    let jobs = json!([
        {"id": 1, "location_index": 1, "service": 5, "setup": 3, "time_windows": [[0, 5]], "pickup": [4]},
        {"id": 2, "location_index": 2, "pickup": [6], "skills": [3]}]);
    let answer = chosen(&problem(vehicle, jobs));
    let route = &answer["routes"][0];
    let steps = &route["steps"];
    assert_eq!(values(steps, "arrival"), [0, 10, 20, 38, 58]);
    // Two seconds are driven before the break begins.
    assert_eq!(values(steps, "duration"), [0, 10, 12, 20, 40]);
    assert_eq!(steps[1]["violations"], json!([{"cause": "delay", "duration": 5}]));
    assert_eq!(steps[2]["violations"], json!([{"cause": "max_load"}]));
    assert_eq!(values(&steps[3]["violations"], "cause"), ["skills", "load", "max_tasks"]);
    assert_eq!(
        values(&answer["summary"]["violations"], "cause"),
        ["delay", "load", "max_distance", "max_load", "max_tasks", "max_travel_time", "missing_break", "skills"]
    );
}

#[test]
fn chosen_times_are_late_as_little_as_possible() {
    let steps = |stated: Value| {
        json!([{"id": 1, "start_index": 0, "steps": [{"type": "start"}, stated, {"type": "job", "id": 2},
            {"type": "job", "id": 3}]}])
    };
    let job = |id: i64, early: i64, late: i64| json!({"id": id, "location_index": id, "time_windows": [[early, late]]});
    let jobs = json!([job(1, 100, 200), job(2, 0, 60), job(3, 0, 70)]);
    // Waiting until 100 would make two services fifty late; not to wait makes one fifty early.
    let answer = chosen(&problem(steps(json!({"type": "job", "id": 1})), jobs.clone()));
    let found: Vec<_> = values(&answer["routes"][0]["steps"], "violations").into_iter().cloned().collect();
    let early = json!([{"cause": "lead_time", "duration": 50}]);
    assert_eq!(found, [json!([]), early, json!([]), json!([]), json!([])]);
    let stated = json!({"type": "job", "id": 1, "service_at": 90});
    let answer = chosen(&problem(steps(stated), jobs.clone()));
    assert_eq!(values(&answer["routes"][0]["steps"], "arrival"), [80, 90, 100, 110, 110]);
    let both = json!({"type": "job", "id": 1, "service_at": 5, "service_after": 3});
    let answer = run(&problem(steps(both), jobs), Effort { choose_eta: true, ..effort() });
    assert!(answer["code"] == 2 && answer["error"].to_string().contains("vehicles[0].steps"), "{answer}");
}

/// A start and an end make a route, as in VROOM; no step at all makes none.
#[test]
fn a_route_may_be_empty() {
    let vehicle = |id: i64, steps: Value| json!({"id": id, "start_index": 0, "end_index": 4, "costs": {"fixed": 9}, "steps": steps});
    let both = json!([{"type": "start"}, {"type": "end"}]);
    let document = problem(json!([vehicle(1, json!([])), vehicle(2, both)]), json!([{"id": 1, "location_index": 1}]));
    let answer = chosen(&document);
    let routes = &answer["routes"];
    assert_eq!((values(routes, "vehicle"), &answer["summary"]["cost"]), (vec![&json!(2)], &json!(49)));
    assert_eq!(
        (values(&routes[0]["steps"], "arrival"), values(&answer["unassigned"], "id")),
        (vec![&json!(0), &json!(40)], vec![&json!(1)])
    );
    // They are no plan to start from.
    assert_eq!(solved(&document)["summary"]["unassigned"], 0);
}

#[test]
fn precedence_is_told() {
    let end = |id: i64, at: i64| json!({"id": id, "location_index": at});
    let step = |kind: &str, id: i64| json!({"type": kind, "id": id});
    let document = json!({"vehicles": [{"id": 1, "start_index": 0, "steps": [step("delivery", 1), step("pickup", 1),
        step("pickup", 2)]}], "shipments": [{"pickup": end(1, 1), "delivery": end(1, 2)}, {"pickup": end(2, 3),
        "delivery": end(2, 4)}], "matrices": matrices()});
    let answer = chosen(&document);
    let steps = &answer["routes"][0]["steps"];
    let causes: Vec<_> = values(steps, "violations").into_iter().map(|list| list.as_array().unwrap().len()).collect();
    assert_eq!((causes, values(&answer["unassigned"], "id")), (vec![0, 1, 0, 1, 0], vec![&json!(2)]));
}

#[test]
fn steps_are_a_plan_to_start_from() {
    let vehicles = json!([{"id": 1, "start_index": 0, "max_tasks": 1, "steps": [{"type": "job", "id": 2}]}]);
    let jobs = json!([{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2}]);
    let mut document = problem(vehicles, jobs);
    let request = vroom::read(&document.to_string(), &mut vroom::straight_lines(1.0, 1.0).unwrap()).unwrap();
    let model = request.model().unwrap();
    assert_eq!(model.initial.unwrap().routes().len(), 1);
    document["vehicles"][0]["steps"] = json!([{"type": "job", "id": 2}, {"type": "job", "id": 1}]);
    assert_eq!(faults(&document), ["vehicles[0].steps"]);
    document["vehicles"][0]["steps"] =
        json!([{"type": "job", "id": 2}, {"type": "job", "id": 2}, {"type": "job", "id": 9}]);
    assert_eq!(faults(&document), ["vehicles[0].steps[1].id", "vehicles[0].steps[2].id"]);
}

#[test]
fn all_faults_are_told_at_once() {
    let document = json!({
        "vehicles": [{"start_index": 9, "time_window": [5, 3], "capacity": [1, 2], "speed_factor": 9, "costs": {"fixed": 1.5},
            "breaks": [{"id": 1, "time_windows": []}, {"id": 1}]}, {"id": 2}],
        "jobs": [{"id": -1, "location_index": 1, "delivery": [1], "priority": 101, "time_windows": [[0, 5], [3, 8]]},
            {"id": 3, "location": [2.0]}, {"id": 3, "location_index": 1, "service": "5"}],
        "shipments": [{"pickup": {"id": 1, "location_index": 1}}],
        "matrices": {"car": {"durations": [[0, 1], [1, -2]], "distances": [[0, 1]]}}});
    let found = faults(&document);
    for path in [
        "vehicles[0].id",
        "vehicles[0].time_window",
        "vehicles[0].speed_factor",
        "vehicles[0].costs.fixed",
        "vehicles[0].breaks[0].time_windows",
        "vehicles[0].breaks[1].id",
        "vehicles[1]",
        "jobs[0].id",
        "jobs[0].priority",
        "jobs[0].time_windows",
        "jobs[0].delivery",
        "jobs[1].location",
        "jobs[2].service",
        "jobs[2].id",
        "shipments[0].delivery",
        "matrices.car.durations[1][1]",
        "matrices.car.distances[0]",
    ] {
        assert!(found.iter().any(|fault| fault == path), "{path} is not among {found:?}");
    }
    assert!(faults(&json!({"jobs": []})).contains(&"vehicles".to_owned()));
    assert!(matches!(vroom::read("{", &mut vroom::straight_lines(1.0, 1.0).unwrap()), Err(VroomError::Syntax(_))));
}

#[test]
fn what_cannot_be_planned_is_refused_by_its_path() {
    let windows = json!([[0, 5], [8, 9]]);
    let document = json!({
        "vehicles": [{"id": 1, "start_index": 0, "capacity": [9], "type": "a", "breaks": [{"id": 1, "time_windows": windows},
            {"id": 2, "max_load": [8]}]}, {"id": 2, "start_index": 0, "capacity": [9], "type": "b"}],
        "shipments": [{"pickup": {"id": 1, "location_index": 1, "time_windows": windows},
            "delivery": {"id": 1, "location_index": 2, "service_per_type": {"b": 4}}}],
        "matrices": matrices()});
    let expected = [
        "shipments[0].pickup.time_windows",
        "shipments[0].delivery.service_per_type",
        "vehicles[0].breaks[0].time_windows",
        "vehicles[0].breaks[1].max_load",
    ];
    assert_eq!(faults(&document), expected);
}

/// A document with a few jobs and shipments, in which nothing is refused.
fn document() -> impl Strategy<Value = Value> {
    let window = (0..60i64, 0..60i64).prop_map(|(early, length)| json!([[early, early + length]]));
    let task = (0..5usize, 0..9i64, prop::option::weighted(0.4, window));
    let job = (task.clone(), 0..3i64, 0..3i64, 0..3i64, prop::bool::weighted(0.2));
    let vehicle = (0..5usize, prop::option::of(0..5usize), 3..7i64, 40..200i64, any::<bool>(), 0..3i64, 50..300i64);
    let parts = (
        prop::collection::vec(job, 1..7),
        prop::collection::vec((task.clone(), task, 0..3i64), 0..3),
        prop::collection::vec(vehicle, 1..4),
    );
    parts.prop_map(|(jobs, shipments, vehicles)| {
        let of = |id: usize, (at, service, windows): &(usize, i64, Option<Value>)| {
            let mut task = json!({"id": id, "location_index": at, "service": service});
            if let Some(windows) = windows {
                task["time_windows"] = windows.clone();
            }
            task
        };
        let jobs: Vec<Value> = jobs.iter().enumerate().map(|(i, (task, delivery, pickup, priority, skilled))| {
            let mut job = of(i, task);
            (job["delivery"], job["pickup"], job["priority"]) = (json!([delivery]), json!([pickup]), json!(priority));
            if *skilled {
                job["skills"] = json!([1]);
            }
            job
        }).collect();
        let shipments: Vec<Value> = shipments.iter().enumerate().map(|(i, (pickup, delivery, amount))| {
            json!({"pickup": of(i, pickup), "delivery": of(i, delivery), "amount": [amount]})
        }).collect();
        let vehicles: Vec<Value> = vehicles.iter().enumerate().map(|(i, (start, end, capacity, until, skilled, breaks, speed))| {
            let mut vehicle = json!({"id": i, "start_index": start, "capacity": [capacity], "time_window": [0, until],
                "speed_factor": *speed as f64 / 100.0});
            if let Some(end) = end {
                vehicle["end_index"] = json!(end);
            }
            if *skilled {
                vehicle["skills"] = json!([1]);
            }
            let pauses = (0..*breaks).map(|b| json!({"id": b, "service": 4, "time_windows": [[10 * b, 20 + 30 * b]]}));
            vehicle["breaks"] = pauses.collect();
            vehicle
        }).collect();
        json!({"jobs": jobs, "shipments": shipments, "vehicles": vehicles, "matrices": matrices()})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The judge finds nothing in our plan, nor the mode that chooses times in our answer, whose sums it confirms.
    #[test]
    fn answers_hold_in_both_ways(mut document in document()) {
        let request = vroom::read(&document.to_string(), &mut vroom::straight_lines(1.0, 1.0).unwrap()).unwrap();
        let model = request.model().unwrap();
        let params = SolveParams { stop: Stop::after_iterations(200), ..SolveParams::default() };
        let plan = solve(&model.problem, &params).plan;
        let report = check_plan(&model.problem, &plan);
        prop_assert!(report.is_feasible() && report.is_truthful(), "{}", report);
        let answer: Value = serde_json::from_str(&request.answer(&model, &plan, &[], vroom::ComputingTimes::default())).unwrap();
        let causes = values(&answer["summary"]["violations"], "cause");
        prop_assert!(causes.iter().all(|cause| **cause == json!("missing_break")), "{}", answer);
        // VROOM's costs are what our distances are, and the prizes of what is left.
        prop_assert_eq!(&answer["summary"]["cost"], &json!(plan.routes().iter().map(milkrun::plan::Route::cost).sum::<i64>()));
        for route in answer["routes"].as_array().unwrap() {
            let vehicle = route["vehicle"].as_u64().unwrap() as usize;
            document["vehicles"][vehicle]["steps"] = route["steps"].clone();
        }
        let again = chosen(&document);
        for key in ["cost", "routes", "unassigned", "duration", "service", "delivery", "pickup", "priority", "violations"] {
            prop_assert_eq!(&again["summary"][key], &answer["summary"][key], "{}", key);
        }
    }

    #[test]
    fn nothing_panics(document in document(), at in 0..2_000usize, with in "[\\[\\]{}:,\"0-9a-z.-]{0,3}") {
        let mut text = document.to_string();
        let at = at % text.len();
        text.replace_range(at..(at + with.len()).min(text.len()), &with);
        let _ = vroom::run(&text, Effort { explore: 0, limit: Some(std::time::Duration::ZERO), ..Effort::default() },
            &mut vroom::straight_lines(1.0, 1.0).unwrap(), &CancelToken::new());
    }
}
