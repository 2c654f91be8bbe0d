//! vrp's documents: read, planned, answered, refused.

use crate::vrp_line;

use milkrun::io::pragmatic::{self, PragmaticError};
use serde_json::{Value, json};
use vrp_line::{
    faults, faults_with, job, left_out, matrix, order, place, problem, solved, solved_with, time, tour_of, vehicle,
};

#[test]
fn a_tour_with_its_statistics() {
    let mut far = job("far", "deliveries", 2, 2);
    far["deliveries"][0]["places"][0]["duration"] = json!(30);
    far["deliveries"][0]["places"][0]["tag"] = json!("gate");
    far["deliveries"][0]["places"][0]["times"] = json!([[time(600), time(900)]]);
    let answer = solved(&problem(&[far, job("same", "pickups", 2, 1)], &[vehicle("van", 2, 5)]));
    let statistic = &answer["statistic"];
    // Two legs of 200 metres and 20 seconds, 30 at the gate: 7 + 200 + 17.5.
    assert_eq!(
        (&statistic["cost"], &statistic["distance"], &statistic["duration"]),
        (&json!(224.5), &json!(400), &json!(70))
    );
    let times = json!({"driving": 40, "serving": 30, "waiting": 0, "break": 0, "commuting": 0, "parking": 0});
    assert_eq!((&statistic["times"], &answer["tours"][0]["statistic"]), (&times, statistic));
    let tour = &answer["tours"][0];
    assert_eq!((&tour["vehicleId"], &tour["typeId"], &tour["shiftIndex"]), (&json!("van_1"), &json!("van"), &json!(0)));
    let stops = tour["stops"].as_array().unwrap();
    assert_eq!(stops.len(), 3, "both jobs are done at one stop: {answer}");
    assert_eq!((&stops[0]["load"], &stops[1]["load"], &stops[2]["load"]), (&json!([2]), &json!([1]), &json!([0])));
    assert_eq!((&stops[1]["location"], &stops[1]["distance"]), (&json!({"index": 2}), &json!(200)));
    assert_eq!(stops[0]["activities"], json!([{"jobId": "departure", "type": "departure"}]));
    let at = stops[1]["activities"].as_array().unwrap();
    let gate = at.iter().find(|activity| activity["jobId"] == "far").unwrap();
    assert_eq!((&gate["type"], &gate["jobTag"]), (&json!("delivery"), &json!("gate")));
    let begins = gate["time"]["start"].as_str().unwrap();
    assert!((time(600).as_str()..=time(900).as_str()).contains(&begins), "{begins}");
    assert!(answer.get("unassigned").is_none() && answer.get("milkrun").is_none(), "{answer}");
}

#[test]
fn points_need_no_matrix() {
    let at = |lat: f64| json!({"lat": lat, "lng": 13.0});
    let mut document = problem(&[job("north", "services", 0, 0)], &[vehicle("van", 1, 5)]);
    document["plan"]["jobs"][0]["services"][0]["places"][0]["location"] = at(52.1);
    document["fleet"]["vehicles"][0]["shifts"][0] = json!({"start": {"earliest": time(0), "location": at(52.0)}});
    let answer = solved_with(&document, &[]);
    // A tenth of a degree is 11.1 km, for which 10 m/s take 1112 s; the tour ends there.
    assert_eq!((&answer["statistic"]["distance"], &answer["statistic"]["duration"]), (&json!(11_120), &json!(1_112)));
    document["fleet"]["profiles"][0]["speed"] = json!(20);
    document["fleet"]["vehicles"][0]["profile"]["scale"] = json!(1.5);
    assert_eq!(solved_with(&document, &[])["statistic"]["duration"], 834);
    assert_eq!(pragmatic::locations(&document.to_string()).unwrap(), json!([at(52.1), at(52.0)]).to_string());
    assert_eq!(
        faults_with(&problem(&[job("a", "services", 1, 0)], &[vehicle("van", 1, 5)]), &[]),
        ["plan.jobs[0].services[0].places[0].location.index"]
    );
}

/// Tables that would not fit into memory are not made.
#[test]
fn many_profiles_need_matrices() {
    let mut document = problem(&[job("a", "services", 0, 0)], &[vehicle("van", 1, 5)]);
    let at = |k: usize| json!({"lat": 50.0 + k as f64 / 1e5, "lng": 13.0});
    document["plan"]["jobs"][0]["services"][0]["places"][0]["location"] = at(0);
    let many: Vec<Value> = (1..2_000).map(|k| json!({"location": at(k), "duration": 0})).collect();
    document["plan"]["jobs"][0]["services"][0]["places"].as_array_mut().unwrap().extend(many);
    document["fleet"]["vehicles"][0]["shifts"][0] = json!({"start": {"earliest": time(0), "location": at(0)}});
    let profiles: Vec<Value> =
        (0..60).map(|p| json!({"name": if p == 0 { "car".to_owned() } else { format!("p{p}") }})).collect();
    document["fleet"]["profiles"] = profiles.into();
    assert_eq!(faults_with(&document, &[]), ["fleet.profiles"]);
}

#[test]
fn matrices_belong_to_profiles() {
    let slow = json!({"profile": "truck", "travelTimes": [0, 50, 50, 0], "distances": [0, 9, 9, 0],
        "errorCodes": [0, 0, 0, 0]});
    let fast = json!({"profile": "car", "durations": [0, 20, 20, 0], "distances": [0, 8, 8, 0]});
    let mut document = problem(&[job("a", "services", 1, 0)], &[vehicle("van", 1, 5)]);
    document["fleet"]["profiles"] = json!([{"name": "car"}, {"name": "truck"}]);
    let both = [slow.to_string(), fast.to_string()];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    assert_eq!(solved_with(&document, &both)["statistic"]["duration"], 40);
    document["fleet"]["vehicles"][0]["profile"]["matrix"] = json!("truck");
    assert_eq!(solved_with(&document, &both)["statistic"]["duration"], 100);
    let mut closed = slow.clone();
    closed["errorCodes"] = json!([0, 1, 0, 0]);
    let answer = solved_with(&document, &[both[1], &closed.to_string()]);
    assert_eq!(answer["unassigned"][0]["reasons"][0]["code"], "REACHABLE_CONSTRAINT", "{answer}");
    assert_eq!(faults_with(&document, &both[..1]), ["fleet.profiles[0].name"]);
    let mut dated = slow.clone();
    dated["timestamp"] = json!(time(0));
    assert_eq!(faults_with(&document, &[both[1], &dated.to_string()]), ["matrices[1].timestamp"]);
    let odd = r#"{"profile": "truck", "travelTimes": [0, 1, 2], "distances": [0, 1, 2]}"#;
    assert_eq!(faults_with(&document, &[both[1], odd]), ["matrices[1].travelTimes"]);
    assert_eq!(faults_with(&document, &[both[1], "{"]), ["matrices[1]"]);
}

#[test]
fn jobs_count_before_tours_and_tours_before_costs() {
    // One vehicle needs 80 seconds for both; two would cost less time each, but more tours.
    let jobs = [job("near", "services", 1, 0), job("far", "services", 4, 0)];
    let mut cheap = vehicle("van", 2, 5);
    cheap["costs"] = json!({"fixed": 0, "distance": 0, "time": 1});
    let answer = solved(&problem(&jobs, &[cheap.clone()]));
    assert_eq!((answer["tours"].as_array().unwrap().len(), &answer["statistic"]["cost"]), (1, &json!(80.0)));
    cheap["limits"] = json!({"tourSize": 1});
    let answer = solved(&problem(&jobs, &[cheap.clone()]));
    assert_eq!((answer["tours"].as_array().unwrap().len(), left_out(&answer)), (2, vec![]));
    cheap["vehicleIds"] = json!(["van_1"]);
    let answer = solved(&problem(&jobs, &[cheap.clone()]));
    assert_eq!((left_out(&answer), &answer["statistic"]["cost"]), (vec!["far"], &json!(20.0)));
    // A value comes before costs.
    let mut worth = jobs.clone();
    worth[1]["value"] = json!(5);
    assert_eq!(left_out(&solved(&problem(&worth, &[cheap.clone()]))), ["near"]);
    // By distance, the time of the vehicles does not matter.
    let mut by_distance = problem(&jobs, &[cheap]);
    by_distance["objectives"] = json!([{"type": "minimize-unassigned"}, {"type": "minimize-distance"}]);
    assert_eq!(left_out(&solved(&by_distance)), ["far"]);
}

#[test]
fn loads_skills_and_limits_give_reasons() {
    let heavy = job("heavy", "deliveries", 1, 9);
    let mut lifted = job("lifted", "pickups", 1, 1);
    lifted["skills"] = json!({"allOf": ["lift"]});
    let mut no_food = job("no food", "services", 1, 0);
    no_food["skills"] = json!({"noneOf": ["food"]});
    let mut any = job("any", "services", 1, 0);
    any["skills"] = json!({"oneOf": ["a", "b"]});
    let mut late = job("late", "services", 4, 0);
    late["services"][0]["places"][0]["times"] = json!([[time(0), time(10)]]);
    let mut van = vehicle("van", 1, 5);
    van["skills"] = json!(["food", "c"]);
    let answer = solved(&problem(&[heavy, lifted, no_food, any, late], &[van]));
    let codes: Vec<(&str, &str)> = answer["unassigned"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| (job["jobId"].as_str().unwrap(), job["reasons"][0]["code"].as_str().unwrap()))
        .collect();
    let skill = "SKILL_CONSTRAINT";
    assert_eq!(
        codes,
        [
            ("heavy", "CAPACITY_CONSTRAINT"),
            ("lifted", skill),
            ("no food", skill),
            ("any", skill),
            ("late", "TIME_WINDOW_CONSTRAINT")
        ]
    );
    assert_eq!(answer["unassigned"][0]["reasons"][0]["details"], json!([{"vehicleId": "van_1", "shiftIndex": 0}]));
    assert!(answer["unassigned"][0]["remedies"].to_string().contains("+4 capacity"), "{answer}");
    let far = problem(&[job("a", "services", 4, 0)], &[vehicle("van", 1, 5)]);
    for (limit, code) in [("maxDistance", "MAX_DISTANCE_CONSTRAINT"), ("shiftTime", "MAX_DURATION_CONSTRAINT")] {
        let mut limited = far.clone();
        limited["fleet"]["vehicles"][0]["limits"] = json!({limit: 50});
        assert_eq!(solved(&limited)["unassigned"][0]["reasons"][0]["code"], code);
    }
}

#[test]
fn one_of_several_places_is_visited() {
    let mut choice = job("choice", "deliveries", 4, 1);
    choice["deliveries"][0]["places"] = json!([
        {"location": {"index": 4}, "duration": 0, "tag": "home"},
        {"location": {"index": 1}, "duration": 0, "tag": "work"}]);
    let answer = solved(&problem(&[choice.clone()], &[vehicle("van", 1, 5)]));
    assert_eq!(
        (&answer["statistic"]["distance"], order(&answer, 0)),
        (&json!(200), vec!["departure".to_owned(), "choice".to_owned(), "arrival".to_owned()])
    );
    assert_eq!(answer["tours"][0]["stops"][1]["activities"][0]["jobTag"], "work");
    // Where work is closed, it is home; where no vehicle comes, it is unassigned once.
    choice["deliveries"][0]["places"][1]["times"] = json!([["2026-07-03T09:00:00Z", "2026-07-03T10:00:00Z"]]);
    let answer = solved(&problem(&[choice.clone()], &[vehicle("van", 1, 5)]));
    assert_eq!(answer["tours"][0]["stops"][1]["activities"][0]["jobTag"], "home");
    assert_eq!(left_out(&solved(&problem(&[choice], &[vehicle("van", 1, 0)]))), ["choice"]);
}

#[test]
fn what_is_picked_up_is_delivered() {
    let mut parcel = job("parcel", "pickups", 3, 2);
    parcel["deliveries"] = json!([{"places": [place(1)], "demand": [2]}]);
    parcel["skills"] = json!(["lift"]);
    let mut able = vehicle("able", 1, 2);
    able["skills"] = json!(["lift"]);
    able["costs"]["fixed"] = json!(1000);
    let document = problem(&[parcel.clone(), job("b", "deliveries", 2, 1)], &[vehicle("van", 1, 5), able.clone()]);
    let answer = solved(&document);
    let tour = tour_of(&answer, "parcel").unwrap();
    assert_eq!(answer["tours"][tour]["typeId"], "able");
    let kinds = answer["tours"][tour]["stops"].as_array().unwrap().iter().map(|stop| &stop["activities"][0]["type"]);
    let kinds: Vec<&Value> = kinds.filter(|kind| ["pickup", "delivery"].contains(&kind.as_str().unwrap())).collect();
    assert_eq!(kinds.iter().position(|kind| *kind == "pickup").map(|at| kinds[at..].len() > 1), Some(true));
    assert_eq!(answer["tours"][tour]["stops"][0]["load"].as_array().unwrap().len(), 1, "guards are not shown");
    let answer = solved(&problem(&[parcel], &[vehicle("van", 1, 5)]));
    assert_eq!(answer["unassigned"][0]["reasons"][0]["code"], "CAPACITY_CONSTRAINT", "{answer}");
    assert_eq!(answer["unassigned"][0]["reasons"][0]["description"], "cannot serve required skill");
}

#[test]
fn tasks_of_a_job_are_done_together() {
    let mut two = json!({"id": "two", "deliveries": [
        {"places": [place(1)], "demand": [1]}, {"places": [place(4)], "demand": [1]}]});
    let answer = solved(&problem(&[two.clone(), job("b", "deliveries", 2, 1)], &[vehicle("van", 3, 2)]));
    let tour = tour_of(&answer, "two").unwrap();
    assert_eq!(order(&answer, tour), ["departure", "two", "two", "arrival"]);
    // One of them alone would fit.
    let answer = solved(&problem(&[two.clone()], &[vehicle("van", 3, 1)]));
    assert_eq!((left_out(&answer), answer["tours"].as_array().unwrap().len()), (vec!["two"], 0));
    // Pickups come first.
    two =
        json!({"id": "two", "services": [{"places": [place(1)]}], "pickups": [{"places": [place(4)], "demand": [1]}]});
    let answer = solved(&problem(&[two], &[vehicle("van", 1, 5)]));
    let kinds: Vec<&Value> =
        answer["tours"][0]["stops"].as_array().unwrap().iter().map(|stop| &stop["activities"][0]["type"]).collect();
    assert_eq!(kinds, ["departure", "pickup", "service", "arrival"]);
}

#[test]
fn replacements_bring_and_take() {
    let answer = solved(&problem(&[job("drum", "replacements", 2, 3)], &[vehicle("van", 1, 3)]));
    let loads: Vec<&Value> = answer["tours"][0]["stops"].as_array().unwrap().iter().map(|stop| &stop["load"]).collect();
    assert_eq!(loads, [&json!([3]), &json!([3]), &json!([0])]);
    assert_eq!(left_out(&solved(&problem(&[job("drum", "replacements", 2, 3)], &[vehicle("van", 1, 2)]))), ["drum"]);
}

#[test]
fn groups_and_compatibility() {
    let of = |key: &str, value: [&str; 4]| -> Vec<Value> {
        let each = ["a", "b", "c", "d"].iter().zip(value).enumerate();
        each.map(|(k, (id, value))| {
            let mut job = job(id, "deliveries", k + 1, 1);
            if !value.is_empty() {
                job[key] = json!(value);
            }
            job
        })
        .collect()
    };
    let answer = solved(&problem(&of("group", ["one", "", "", "one"]), &[vehicle("van", 4, 2)]));
    assert_eq!((left_out(&answer), tour_of(&answer, "a")), (vec![], tour_of(&answer, "d")));
    let answer = solved(&problem(&of("compatibility", ["food", "waste", "food", ""]), &[vehicle("van", 4, 9)]));
    assert_eq!(answer["tours"].as_array().unwrap().len(), 2);
    assert_eq!(tour_of(&answer, "a"), tour_of(&answer, "c"));
    assert_ne!(tour_of(&answer, "a"), tour_of(&answer, "b"));
}

#[test]
fn relations_tie_jobs_to_vehicles() {
    let jobs = ["a", "b", "c"].iter().zip([3, 1, 2]).map(|(id, at)| job(id, "services", at, 0)).collect::<Vec<_>>();
    let related = |kind: &str, ids: Value| {
        let mut document = problem(&jobs, &[vehicle("van", 3, 5)]);
        document["plan"]["relations"] = json!([{"type": kind, "jobs": ids, "vehicleId": "van_2"}]);
        document
    };
    let answer = solved(&related("any", json!(["a", "break"])));
    let tour = tour_of(&answer, "a").unwrap();
    assert_eq!(answer["tours"][tour]["vehicleId"], "van_2");
    let answer = solved(&related("sequence", json!(["departure", "b", "a", "c"])));
    assert_eq!(order(&answer, 0), ["departure", "b", "a", "c", "arrival"]);
    let answer = solved(&related("strict", json!(["departure", "a", "b"])));
    assert_eq!(order(&answer, 0)[..3], ["departure", "a", "b"]);
    let answer = solved(&related("strict", json!(["b", "a", "arrival"])));
    assert_eq!(order(&answer, 0), ["departure", "c", "b", "a", "arrival"]);
    assert_eq!(faults(&related("strict", json!(["a", "break", "b"]))), ["plan.relations[0].jobs[1]"]);
    assert_eq!(faults(&related("any", json!(["a", "z"]))), ["plan.relations[0].jobs[1]"]);
    let mut unknown = related("any", json!(["a"]));
    unknown["plan"]["relations"][0]["shiftIndex"] = json!(1);
    assert_eq!(faults(&unknown), ["plan.relations[0].shiftIndex"]);
    unknown["plan"]["relations"][0]["vehicleId"] = json!("bus");
    assert_eq!(faults(&unknown), ["plan.relations[0].vehicleId"]);
    assert_eq!(faults(&related("tour", json!(["a"]))), ["plan.relations[0].type"]);
}

#[test]
fn shifts_are_tours_of_their_own() {
    let mut van = vehicle("van", 1, 5);
    let day = |from: &str, until: &str| json!({"start": {"earliest": from, "location": {"index": 0}}, "end": {"latest": until, "location": {"index": 0}}});
    van["shifts"] = json!([
        day("2026-07-04T09:00:00Z", "2026-07-04T18:00:00Z"),
        day("2026-07-05T09:00:00Z", "2026-07-05T18:00:00Z")
    ]);
    let on = |id: &str, day: u8| {
        let mut job = job(id, "services", 1, 0);
        job["services"][0]["places"][0]["times"] =
            json!([[format!("2026-07-0{day}T10:00:00Z"), format!("2026-07-0{day}T11:00:00Z")]]);
        job
    };
    let answer = solved(&problem(&[on("sunday", 5), on("saturday", 4), on("monday", 6)], &[van]));
    let shifts: Vec<&Value> = answer["tours"].as_array().unwrap().iter().map(|tour| &tour["shiftIndex"]).collect();
    assert_eq!((shifts, left_out(&answer)), (vec![&json!(0), &json!(1)], vec!["monday"]));
    let sunday = &answer["tours"][1]["stops"][1]["time"]["departure"];
    assert!(sunday.as_str().unwrap().starts_with("2026-07-05T1"), "{sunday}");
}

#[test]
fn a_fixed_departure_waits_for_windows() {
    let mut document = problem(&[job("a", "services", 1, 0)], &[vehicle("van", 1, 5)]);
    document["plan"]["jobs"][0]["services"][0]["places"][0]["times"] = json!([[time(100), time(200)]]);
    assert_eq!(solved(&document)["statistic"]["times"]["waiting"], 0);
    document["fleet"]["vehicles"][0]["shifts"][0]["start"]["latest"] = json!(time(30));
    let answer = solved(&document);
    assert_eq!((&answer["statistic"]["times"]["waiting"], &answer["statistic"]["duration"]), (&json!(60), &json!(80)));
    let stop = &answer["tours"][0]["stops"][1];
    assert_eq!(stop["time"], json!({"arrival": time(40), "departure": time(100)}));
    assert_eq!(stop["activities"][0]["time"], json!({"start": time(100), "end": time(100)}));
}

#[test]
fn breaks_are_taken_where_they_are_due() {
    let mut document = problem(&[job("a", "services", 4, 0)], &[vehicle("van", 1, 5)]);
    let shift = |document: &mut Value, breaks: Value| {
        document["fleet"]["vehicles"][0]["shifts"][0]["breaks"] = breaks;
        document["fleet"]["vehicles"][0]["shifts"][0]["start"]["latest"] = json!(time(0));
    };
    // During the drive there, from the tenth second on.
    shift(&mut document, json!([{"time": {"earliest": 10, "latest": 10}, "duration": 15}]));
    let answer = solved(&document);
    assert_eq!(order(&answer, 0), ["departure", "break", "a", "arrival"]);
    let stop = &answer["tours"][0]["stops"][1];
    assert_eq!(stop["time"], json!({"arrival": time(10), "departure": time(25)}));
    assert!(stop.get("location").is_none() && stop.get("distance").is_none(), "{stop}");
    assert_eq!((&answer["statistic"]["times"]["break"], &answer["statistic"]["duration"]), (&json!(15), &json!(95)));
    // At a place of its own.
    let places = json!([{"duration": 15, "location": {"index": 2}, "tag": "inn"}]);
    shift(
        &mut document,
        json!([{"time": [time(0), time(70)], "places": places, "policy": "skip-if-arrival-before-end"}]),
    );
    let answer = solved(&document);
    let stops = answer["tours"][0]["stops"].as_array().unwrap();
    let inn = stops.iter().find(|stop| stop["activities"][0]["jobId"] == "break").unwrap();
    assert_eq!((&inn["location"], &inn["activities"][0]["jobTag"]), (&json!({"index": 2}), &json!("inn")));
    assert!(answer.get("milkrun").is_none(), "{answer}");
    // With the usual policy, a warning says what is done.
    document["fleet"]["vehicles"][0]["shifts"][0]["breaks"][0].as_object_mut().unwrap().remove("policy");
    assert!(solved(&document)["milkrun"]["warnings"][0].as_str().unwrap().contains("breaks[0]"));
    shift(&mut document, json!([{"time": [0, 10], "duration": 15}]));
    document["fleet"]["vehicles"][0]["shifts"][0]["start"].as_object_mut().unwrap().remove("latest");
    assert_eq!(faults(&document), ["fleet.vehicles[0].shifts[0].breaks[0].time"]);
}

#[test]
fn reloads_begin_another_trip() {
    let jobs = ["a", "b", "c"].iter().zip(1..).map(|(id, at)| job(id, "deliveries", at, 2)).collect::<Vec<_>>();
    let mut document = problem(&jobs, &[vehicle("van", 1, 4)]);
    assert_eq!(left_out(&solved(&document)).len(), 1);
    document["fleet"]["vehicles"][0]["shifts"][0]["reloads"] =
        json!([{"location": {"index": 1}, "duration": 9, "tag": "yard", "times": [[time(0), time(9000)]]}]);
    let answer = solved(&document);
    assert_eq!((left_out(&answer), &answer["statistic"]["times"]["serving"]), (vec![], &json!(9)));
    let stops = answer["tours"][0]["stops"].as_array().unwrap();
    let activities = stops.iter().flat_map(|stop| stop["activities"].as_array().unwrap());
    let reload = activities.clone().find(|activity| activity["type"] == "reload").unwrap();
    assert_eq!(reload["jobTag"], "yard");
    assert_eq!(activities.filter(|activity| activity["type"] == "reload").count(), 1);
}

#[test]
fn all_that_cannot_be_said_is_refused_by_its_path() {
    let document = problem(&[job("a", "services", 1, 0), job("b", "deliveries", 2, 1)], &[vehicle("van", 1, 5)]);
    let with = |path: &str, value: Value| {
        let (parent, key) = path.rsplit_once('/').unwrap();
        let mut changed = document.clone();
        changed.pointer_mut(parent).unwrap()[key] = value;
        changed
    };
    let shift = "/fleet/vehicles/0/shifts/0";
    let task = json!([{"places": [place(1)], "demand": [1]}]);
    let refused = [
        ("/plan/clustering", json!({"type": "vicinity"}), "plan.clustering"),
        ("/plan/jobs/0/order", json!(2), "plan.jobs[0].order"),
        ("/plan/jobs/0/priority", json!(2), "plan.jobs[0].priority"),
        ("/plan/areas", json!([]), "plan.areas"),
        ("/fleet/resources", json!([]), "fleet.resources"),
        ("/fleet/vehicles/0/limits", json!({"allowedAreas": []}), "fleet.vehicles[0].limits.allowedAreas"),
        (
            &format!("{shift}/recharges"),
            json!({"maxDistance": 1, "stations": []}),
            "fleet.vehicles[0].shifts[0].recharges",
        ),
        (&format!("{shift}/dispatch"), json!([]), "fleet.vehicles[0].shifts[0].dispatch"),
        (
            &format!("{shift}/reloads"),
            json!([{"location": {"index": 0}, "duration": 0, "resourceId": "r"}]),
            "fleet.vehicles[0].shifts[0].reloads[0].resourceId",
        ),
        ("/objectives", json!([{"type": "fast-service"}]), "objectives[0].type"),
        ("/objectives", json!([{"type": "no-such"}]), "objectives[0].type"),
        ("/objectives", json!([{"type": "multi-objective", "objectives": []}]), "objectives[0]"),
        ("/objectives", json!([[{"type": "minimize-cost"}]]), "objectives[0]"),
        ("/objectives", json!([{"type": "minimize-cost"}, {"type": "minimize-tours"}]), "objectives[1]"),
        ("/objectives", json!([{"type": "minimize-tours"}, {"type": "minimize-unassigned"}]), "objectives[1].type"),
        ("/objectives", json!([]), "objectives"),
        ("/plan/jobs/0/deliveries", json!([{"places": []}]), "plan.jobs[0].deliveries[0].places"),
        ("/plan/jobs/1/services", json!([{"places": [place(1), place(2)]}]), "plan.jobs[1]"),
        ("/plan/jobs/1/id", json!("a"), "plan.jobs[1].id"),
        ("/plan/jobs/1/id", json!("break"), "plan.jobs[1].id"),
        ("/fleet/vehicles/0/profile", json!({"matrix": "boat"}), "fleet.vehicles[0].profile.matrix"),
    ];
    for (path, value, expected) in refused {
        let paths = faults(&with(path, value.clone()));
        assert!(paths.iter().any(|path| path == expected), "{path} = {value}: {paths:?}");
    }
    let mut several = with("/plan/jobs/1/pickups", task.clone());
    several["plan"]["jobs"][1]["deliveries"][0]["demand"] = json!([2]);
    assert_eq!(faults(&several), ["plan.jobs[1]"]);
    several["plan"]["jobs"][1]["pickups"].as_array_mut().unwrap().push(task[0].clone());
    assert_eq!(faults(&several), ["plan.jobs[1]"]);
    // Several faults at once, and what the format does not have is named.
    assert_eq!(faults(&json!({"plan": {"jobs": [{"id": 3}]}, "fleet": {}})).len(), 4);
    let odd = with("/plan/jobs/0/colour", json!("red")).to_string();
    let request = pragmatic::read(&odd, &[&matrix()]).unwrap();
    assert_eq!(request.warnings(), ["plan.jobs[0].colour: the format has no such field; it is ignored"]);
    assert!(matches!(pragmatic::read("{", &[]), Err(PragmaticError::Syntax(_))));
}

#[test]
fn balance_comes_before_costs() {
    let jobs = (1..=4).map(|at| job(&format!("j{at}"), "services", at, 0)).collect::<Vec<_>>();
    let mut document = problem(&jobs, &[vehicle("van", 2, 5)]);
    document["fleet"]["vehicles"][0]["limits"] = json!({"tourSize": 3});
    document["objectives"] =
        json!([{"type": "minimize-unassigned"}, {"type": "balance-activities"}, {"type": "minimize-cost"}]);
    let answer = solved(&document);
    let counts: Vec<usize> = (0..2).map(|tour| order(&answer, tour).len()).collect();
    assert_eq!(counts, [4, 4]);
    document["plan"]["jobs"][0]["value"] = json!(3);
    document["objectives"].as_array_mut().unwrap().insert(0, json!({"type": "maximize-value"}));
    assert_eq!(faults(&document), ["objectives"]);
}
