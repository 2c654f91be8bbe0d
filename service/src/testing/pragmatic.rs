//! vrp's pragmatic JSON: its solutions, and that it has the rules, limits and log of the other ways to a plan.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::World;

over_both_stores!(problems_of_vrp_are_answered, pragmatic_has_the_rules_of_plans, pragmatic_has_limits);

/// Two jobs, of which a van has room for one; one may be served at either of two places.
fn problem() -> Value {
    let place = |index: usize| json!({"location": {"index": index}, "duration": 60});
    let job = |id: &str, places: Vec<Value>, value: i64| json!({"id": id, "value": value, "deliveries": [{"places": places, "demand": [1]}]});
    json!({"plan": {"jobs": [job("mill", vec![place(1), place(2)], 5), job("baker", vec![place(2)], 1)]},
        "fleet": {"profiles": [{"name": "car"}], "vehicles": [{"typeId": "van", "vehicleIds": ["van_1"],
            "profile": {"matrix": "car"}, "costs": {"fixed": 10, "distance": 1, "time": 0}, "capacity": [1],
            "shifts": [{"start": {"earliest": "2026-07-04T09:00:00Z", "location": {"index": 0}},
                        "end": {"latest": "2026-07-04T18:00:00Z", "location": {"index": 0}}}]}]}})
}

fn with_matrix() -> Value {
    json!({"problem": problem(), "matrices": [{"profile": "car",
        "travelTimes": [0, 60, 90, 60, 0, 30, 90, 30, 0], "distances": [0, 600, 900, 600, 0, 300, 900, 300, 0]}]})
}

/// Jobs on a line of places with coordinates.
fn on_a_line(jobs: usize) -> Value {
    let job = |i: usize| {
        let location = json!({"lat": 52.0, "lng": 4.0 + i as f64 / 1_000.0});
        json!({"id": format!("job {i}"), "services": [{"places": [{"location": location, "duration": 60}]}]})
    };
    let mut problem = problem();
    problem["plan"]["jobs"] = (0..jobs).map(job).collect();
    let shift = &mut problem["fleet"]["vehicles"][0]["shifts"][0];
    (shift["start"]["location"], shift["end"]["location"]) =
        (json!({"lat": 52.1, "lng": 4.0}), json!({"lat": 52.1, "lng": 4.0}));
    problem
}

async fn problems_of_vrp_are_answered(world: World) {
    let admin = world.founder("ada").await;
    let stop = world.work();
    let path = "/v1/pragmatic?seconds=1";
    let solution = world.post(&admin, path, with_matrix()).await.expect(200);
    // There and back to the nearer of the two places.
    assert_eq!((&solution["statistic"]["distance"], &solution["statistic"]["cost"]), (&json!(1200), &json!(1210.0)));
    assert_eq!(
        (&solution["tours"][0]["vehicleId"], &solution["unassigned"][0]["jobId"]),
        (&json!("van_1"), &json!("baker"))
    );
    assert_eq!(world.get(&admin, "/v1/jobs").await.expect(200)[0]["name"], "pragmatic");
    // The plan of an equal request is there already.
    assert_eq!(world.post(&admin, path, with_matrix()).await.expect(200), solution);
    assert_eq!(world.get(&admin, "/v1/jobs").await.expect(200).as_array().unwrap().len(), 1);
    // Without matrices, the problem alone will do.
    let solution = world.post(&admin, path, on_a_line(3)).await.expect(200);
    assert_eq!(solution["tours"][0]["stops"].as_array().unwrap().len(), 5, "{solution}");
    let mut faulty = with_matrix();
    faulty["problem"]["fleet"]["vehicles"][0]["capacity"] = json!([-1]);
    faulty["problem"]["plan"]["jobs"][0]["deliveries"][0]["demand"] = json!(["much"]);
    let refused = world.post(&admin, path, faulty).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "invalid"));
    let paths: Vec<&str> =
        refused.body["faults"].as_array().unwrap().iter().filter_map(|fault| fault["path"].as_str()).collect();
    for part in ["capacity", "demand"] {
        assert!(paths.iter().any(|path| path.contains(part)), "{paths:?}");
    }
    stop.send_replace(true);
}

async fn pragmatic_has_the_rules_of_plans(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    let eve = world.founder("eve").await;
    let stop = world.work();
    assert_eq!(world.send(None, "POST", "/v1/pragmatic", Some(json!({}))).await.code(), "token_missing");
    let refused = world.post(&viewer, "/v1/pragmatic", with_matrix()).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "forbidden"));
    assert_eq!(world.count("plan_jobs").await, 0);
    world.post(&admin, "/v1/pragmatic?seconds=1", with_matrix()).await.expect(200);
    let plans = world.get(&admin, "/v1/plans").await.expect(200);
    let plan = format!("/v1/plans/{}", plans[0]["id"].as_str().unwrap());
    assert_eq!(world.get(&eve, &plan).await.status.as_u16(), 404);
    // The same problem of another organisation is a job of its own.
    world.post(&eve, "/v1/pragmatic?seconds=1", with_matrix()).await.expect(200);
    assert_eq!(world.count("plans").await, 2);
    stop.send_replace(true);
}

async fn pragmatic_has_limits(world: World) {
    let world = world
        .restart(|config| {
            config.planning.max_stops = 600;
            config.planning.queue_per_organisation = 1;
            config.limits.request_seconds = 3;
        })
        .await;
    let admin = world.founder("ada").await;
    let told = async |body: Value| {
        let answer = world.post(&admin, "/v1/pragmatic", body).await;
        (answer.status.as_u16(), answer.body["faults"][0]["message"].as_str().unwrap_or("").to_owned())
    };
    let (status, text) = told(on_a_line(550)).await;
    assert!(status == 422 && text.contains("places"), "{text}");
    let (status, text) = told(json!([1])).await;
    assert!(status == 422 && !text.is_empty(), "{text}");
    assert_eq!(world.post(&admin, "/v1/pragmatic?seconds=soon", with_matrix()).await.status.as_u16(), 422);
    let mut misspelt = with_matrix();
    let matrices = misspelt.as_object_mut().unwrap().remove("matrices");
    misspelt["matrix"] = json!(matrices);
    let (status, text) = told(misspelt).await;
    assert!(status == 422 && text.contains("matrix"), "{text}");
    let send = async |media_type: &str, body: Vec<u8>| {
        let request = Request::post("/v1/pragmatic")
            .header(header::AUTHORIZATION, format!("Bearer {}", admin.access))
            .header(header::CONTENT_TYPE, media_type);
        world.answer(request.body(Body::from(body)).unwrap()).await
    };
    assert_eq!(send("text/plain", b"{}".to_vec()).await.status.as_u16(), 415);
    assert_eq!(send("application/json", b"\xff".to_vec()).await.status.as_u16(), 422);
    // Nobody works: a job waits, and another finds no room.
    let mut statuses = Vec::new();
    for jobs in [2, 3] {
        statuses.push(world.post(&admin, "/v1/pragmatic", on_a_line(jobs)).await.status.as_u16());
    }
    assert_eq!(statuses, [503, 429]);
}
