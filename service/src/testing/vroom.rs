//! VROOM's interface: its answers, and that it has the rules, limits and log of the other ways to a plan.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{World, shared};

over_both_stores!(
    problems_of_vroom_are_answered,
    vroom_has_the_rules_of_plans,
    vroom_has_limits,
    vroom_waits_no_longer_than_a_request,
);

/// Three jobs, of which a vehicle has room for two; the costs can be worked out by hand.
fn problem() -> Value {
    json!({"vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "capacity": [2]}],
        "jobs": [{"id": 1, "location_index": 1, "delivery": [1]}, {"id": 2, "location_index": 2, "delivery": [1]},
                 {"id": 3, "location_index": 2, "delivery": [1], "priority": 5}],
        "matrices": {"car": {"durations": [[0, 30, 40], [30, 0, 50], [40, 50, 0]]}}, "options": {"l": 1}})
}

/// Jobs on a line of places with coordinates.
fn on_a_line(jobs: usize) -> Value {
    let job = |i: usize| json!({"id": i + 1, "location": [4.0 + i as f64 / 1_000.0, 52.0]});
    json!({"vehicles": [{"id": 1, "start": [4.0, 52.1]}], "jobs": (0..jobs).map(job).collect::<Vec<_>>(), "options": {"l": 1}})
}

async fn problems_of_vroom_are_answered(world: World) {
    let admin = world.founder("ada").await;
    let stop = world.work();
    let problem = problem();
    let answer = world.post(&admin, "/v1/vroom", problem.clone()).await.expect(200);
    assert_eq!(
        (&answer["code"], &answer["summary"]["cost"], &answer["summary"]["unassigned"]),
        (&json!(0), &json!(80), &json!(1))
    );
    assert_eq!((&answer["routes"][0]["vehicle"], &answer["unassigned"][0]["id"]), (&json!(7), &json!(1)));
    // It is a job like all others, and the plan of an equal request is there already.
    assert_eq!(world.get(&admin, "/v1/jobs").await.expect(200)[0]["name"], "VROOM");
    world.post(&admin, "/v1/vroom", problem.clone()).await.expect(200);
    assert_eq!(world.get(&admin, "/v1/jobs").await.expect(200).as_array().unwrap().len(), 1);
    let mut routes = problem.clone();
    routes["options"] = json!({"c": true});
    routes["vehicles"][0]["steps"] =
        json!([{"type": "job", "id": 2}, {"type": "job", "id": 3}, {"type": "job", "id": 1}]);
    let chosen = world.post(&admin, "/v1/vroom", routes).await.expect(200);
    assert_eq!(
        (&chosen["summary"]["cost"], &chosen["summary"]["violations"][0]["cause"]),
        (&json!(120), &json!("load"))
    );
    let mut faulty = problem;
    (faulty["jobs"][0]["priority"], faulty["vehicles"][0]["capacity"]) = (json!(101), json!([-1]));
    let refused = world.post(&admin, "/v1/vroom", faulty).await.expect(400);
    assert_eq!(refused["code"], 2);
    for path in ["jobs[0].priority", "vehicles[0].capacity[0]"] {
        assert!(refused["error"].as_str().unwrap().contains(path), "{refused}");
    }
    assert_eq!(world.send(None, "POST", "/v1/vroom", Some(json!({}))).await.code(), "token_missing");
    stop.send_replace(true);
}

async fn vroom_has_the_rules_of_plans(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    let planner = world.member(&admin, "paul", "planner").await;
    let eve = world.founder("eve").await;
    let stop = world.work();
    let refused = world.post(&viewer, "/v1/vroom", problem()).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "forbidden"));
    assert_eq!(world.count("plan_jobs").await, 0);
    world.post(&planner, "/v1/vroom", problem()).await.expect(200);
    // It is in the log, with who asked; and the plan is one of the organisation's, and of no other's.
    let log = world.get(&admin, "/v1/audit?limit=1000").await.expect(200);
    let requested: Vec<&Value> =
        log.as_array().unwrap().iter().filter(|entry| entry["action"] == "plan.requested").collect();
    assert_eq!((requested.len(), &requested[0]["actor"]), (1, &json!(world.id(&planner).await)));
    let plans = world.get(&admin, "/v1/plans").await.expect(200);
    assert_eq!((&plans[0]["name"], &plans[0]["served"]), (&json!("VROOM"), &json!(2)));
    let plan = format!("/v1/plans/{}", plans[0]["id"].as_str().unwrap());
    world.get(&viewer, &plan).await.expect(200);
    assert_eq!(world.get(&eve, &plan).await.status.as_u16(), 404);
    // The same problem of another organisation is a job of its own.
    world.post(&eve, "/v1/vroom", problem()).await.expect(200);
    assert_eq!(world.count("plans").await, 2);
    stop.send_replace(true);
}

async fn vroom_has_limits(world: World) {
    let world = world
        .restart(|config| {
            config.planning.max_stops = 400;
            config.planning.queue_per_organisation = 2;
            config.limits.request_seconds = 3;
        })
        .await;
    let admin = world.founder("ada").await;
    let told = async |body: Value| {
        let answer = world.post(&admin, "/v1/vroom", body).await;
        (answer.status.as_u16(), answer.body["code"].clone(), answer.body["error"].as_str().unwrap_or("").to_owned())
    };
    let (status, code, error) = told(on_a_line(401)).await;
    assert!(status == 400 && code == 2 && !error.is_empty(), "{error}");
    let (status, code, error) = told(on_a_line(550)).await;
    assert!(status == 500 && code == 3 && error.contains("places"), "{error}");
    let (status, code, error) = told(json!([1])).await;
    assert!(status == 400 && code == 2, "{error}");
    let send = async |media_type: &str, body: Vec<u8>| {
        let request = Request::post("/v1/vroom")
            .header(header::AUTHORIZATION, format!("Bearer {}", admin.access))
            .header(header::CONTENT_TYPE, media_type);
        world.answer(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send("text/plain", b"{}".to_vec()).await.status.as_u16(), 415);
    assert_eq!(send("application/json", b"\xff".to_vec()).await.status.as_u16(), 400);
    let large = vec![b' '; world.config.limits.body_bytes * 8 + 1];
    assert_eq!(send("application/json", large).await.status.as_u16(), 413);
    // Nobody works: two jobs wait, and a third finds no room.
    let mut statuses = Vec::new();
    for jobs in [2, 3, 4] {
        statuses.push(world.post(&admin, "/v1/vroom", on_a_line(jobs)).await.status.as_u16());
    }
    assert_eq!(statuses, [503, 503, 429]);
    assert_eq!(world.count("plan_jobs").await, 2);
}

async fn vroom_waits_no_longer_than_a_request(world: World) {
    let world = world.restart(|config| config.limits.request_seconds = 4).await;
    let admin = world.founder("ada").await;
    let stop = world.work();
    let mut long = problem();
    long["options"]["l"] = json!(3_600);
    let start = Instant::now();
    world.post(&admin, "/v1/vroom", long.clone()).await.expect(200);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    // A job that is cancelled meanwhile is told.
    long["options"]["l"] = json!(2);
    long["jobs"][0]["service"] = json!(5);
    let world = shared(world);
    let asking = tokio::spawn({
        let (world, admin) = (world.clone(), admin.clone());
        async move { world.post(&admin, "/v1/vroom", long).await }
    });
    let id = loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let jobs = world.get(&admin, "/v1/jobs").await.expect(200);
        if let Some(job) = jobs.as_array().unwrap().iter().find(|job| job["state"] == "running") {
            break job["id"].as_str().unwrap().to_owned();
        }
    };
    world.delete(&admin, &format!("/v1/jobs/{id}")).await.expect(202);
    let told = asking.await.unwrap();
    assert_eq!((told.status.as_u16(), told.code()), (503, "no_plan"), "{}", told.text);
    stop.send_replace(true);
}
