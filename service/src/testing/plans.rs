//! Jobs and plans.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World, shared};
use crate::planning::jobs;

over_both_stores!(
    from_bins_to_a_map,
    a_haulers_day,
    equal_requests_are_one_job,
    a_key_starts_one_job,
    jobs_are_cancelled,
    abandoned_jobs_are_taken_over,
    faults_of_a_problem_have_paths,
    what_looks_unlikely_is_told,
    the_queue_is_bounded,
    a_part_of_the_map,
    newer_readings_replace_older,
    a_stream_ends_with_the_permission,
);

fn quick() -> Value {
    json!({"name": "Monday", "iterations": 300, "seconds": 20, "seed": 7})
}

async fn from_bins_to_a_map(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 40).await;
    let stop = world.work();
    let answer = world.post(&admin, "/v1/plans", quick()).await;
    let place = answer.headers[header::LOCATION].to_str().unwrap().to_owned();
    let id = answer.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    assert_eq!(place, format!("/v1/jobs/{id}"));
    // The event stream tells the job until its end.
    let request =
        Request::get(format!("{place}/events")).header(header::AUTHORIZATION, format!("Bearer {}", admin.access));
    let events = world.answer(request.body(Body::empty()).unwrap()).await;
    assert_eq!(events.headers[header::CONTENT_TYPE], "text/event-stream");
    let last = events.text.lines().filter_map(|line| line.strip_prefix("data: ")).next_back().unwrap().to_owned();
    let last: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(last["state"], "done", "{last}");
    let plan = last["plan_id"].as_str().unwrap();
    let summary = world.get(&admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    assert_eq!((&summary["feasible"], &summary["served"], &summary["unserved"]), (&json!(true), &json!(40), &json!(0)));
    // The document is a plan that the library reads, with the distance that the summary states.
    let document = world.get(&admin, &format!("/v1/plans/{plan}")).await.expect(200);
    let metres: i64 =
        document["routes"].as_array().unwrap().iter().map(|route| route["distance"].as_i64().unwrap()).sum();
    assert_eq!(summary["distance"], metres);
    let map = world.get(&admin, &format!("/v1/plans/{plan}/geojson")).await;
    assert_eq!(map.headers[header::CONTENT_TYPE], "application/geo+json");
    let served =
        map.expect(200)["features"].as_array().unwrap().iter().filter(|f| f["properties"]["served"] == true).count();
    assert_eq!(served, 40);
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let stops: Vec<(String, i64)> =
        sqlx::query_as("SELECT activity, COUNT(*) FROM stops GROUP BY activity ORDER BY activity")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    drop(connection);
    // 6,000 kg, and every truck must end empty.
    assert_eq!(stops[0], ("client".to_owned(), 40));
    assert_eq!(stops[1].0, "dispose");
    assert!(stops[1].1 >= 2, "{stops:?}");
    let days = world.get(&admin, "/v1/analytics/days").await.expect(200);
    assert_eq!((&days[0]["plans"], &days[0]["served"]), (&json!(1), &json!(40)));
    // The same again is answered from what is stored.
    let again = world.post(&admin, "/v1/plans", quick()).await.expect(200);
    assert_eq!(again["plan_id"], plan);
    let deleted = world.send(Some(&admin.access), "DELETE", &format!("/v1/plans/{plan}"), None).await;
    deleted.expect(204);
    assert_eq!(world.get(&admin, &format!("/v1/plans/{plan}")).await.code(), "not_found");
    stop.send_replace(true);
}

async fn a_haulers_day(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 40).await;
    // One site that takes half of it, a rule that nobody knows, and a truck that pauses and has a crane.
    let site = json!([{"code": "tip", "lon": 4.95, "lat": 52.40, "daily_capacity_kg": 3000, "fee_per_tonne": 40,
                       "unload_seconds_per_tonne": 60, "open_from": 7 * 3600, "open_until": 16 * 3600}]);
    world.import(&admin, "disposal-sites", site).await.expect(200);
    let mut truck = json!([{"code": "t1", "depot": "yard", "capacity_kg": 1600, "break_seconds": 2700,
                            "break_from": 23_400, "break_until": 26_100,
                            "driver_rule": "eu", "skills": "crane"}]);
    let refused = world.import(&admin, "vehicles", truck.clone()).await.expect(422);
    assert_eq!(refused["faults"][0]["path"], "$[0].driver_rule", "{refused}");
    truck[0]["driver_rule"] = json!("eu561");
    world.import(&admin, "vehicles", truck).await.expect(200);
    let hoisted =
        json!([{"code": "b0000", "lon": 4.86, "lat": 52.34, "load_kg": 150, "skills": "crane", "priority": 2}]);
    world.import(&admin, "bins", hoisted).await.expect(200);
    let stop = world.work();
    let job = world.post(&admin, "/v1/plans", quick()).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    let plan = world.ended(&admin, &job).await["plan_id"].as_str().unwrap().to_owned();
    let summary = world.get(&admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    assert_eq!(
        (&summary["feasible"], &summary["served"], &summary["unserved"]),
        (&json!(true), &json!(20), &json!(20))
    );
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let pauses: Vec<(String, i64)> = sqlx::query_as(
        "SELECT r.vehicle, s.departure - s.start_at FROM stops s JOIN routes r ON r.plan_id = s.plan_id AND r.route = s.route
         WHERE s.activity = 'break'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let (crane,): (String,) = sqlx::query_as(
        "SELECT r.vehicle FROM stops s JOIN routes r ON r.plan_id = s.plan_id AND r.route = s.route WHERE s.code = 'b0000'",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    drop(connection);
    assert_eq!(crane, "t1");
    assert_eq!(pauses, [("t1".to_owned(), 2700)]);
    stop.send_replace(true);
}

async fn equal_requests_are_one_job(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let world = shared(world);
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (world, admin) = (world.clone(), admin.clone());
            tokio::spawn(async move { world.post(&admin, "/v1/plans", quick()).await.expect(202)["job"]["id"].clone() })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for task in tasks {
        ids.insert(task.await.unwrap().to_string());
    }
    assert_eq!(ids.len(), 1);
    let other = world.post(&admin, "/v1/plans", json!({"iterations": 301})).await.expect(202);
    assert!(ids.insert(other["job"]["id"].to_string()));
}

async fn a_key_starts_one_job(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let stop = world.work();
    let world = shared(world);
    let send = async |world: &World, body: Value| {
        let request = Request::post("/v1/plans")
            .header(header::AUTHORIZATION, format!("Bearer {}", admin.access))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "order-1");
        world.answer(request.body(Body::from(body.to_string())).unwrap()).await
    };
    let mut ids = std::collections::HashSet::new();
    for answer in futures_util::future::join_all((0..50).map(|_| send(&world, quick()))).await {
        ids.insert(answer.expect(202)["job"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 1);
    let id = ids.into_iter().next().unwrap();
    world.ended(&admin, &id).await;
    // Long after, the key still means that job; for another request it is refused.
    assert_eq!(send(&world, quick()).await.expect(202)["job"]["id"], id);
    assert_eq!(send(&world, json!({"iterations": 5})).await.code(), "key_reused");
    let jobs = world.get(&admin, "/v1/jobs").await.expect(200);
    assert_eq!(jobs.as_array().unwrap().len(), 1);
    eprintln!("idempotency: one key sent 51 times, 1 job");
    stop.send_replace(true);
}

async fn jobs_are_cancelled(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 30).await;
    let waiting = world.post(&admin, "/v1/plans", json!({"seconds": 50})).await.expect(202)["job"]["id"].clone();
    let cancel = async |id: &Value| {
        world.send(Some(&admin.access), "DELETE", &format!("/v1/jobs/{}", id.as_str().unwrap()), None).await.expect(202)
    };
    assert_eq!(cancel(&waiting).await["state"], "cancelled");
    let stop = world.work();
    let running = world.post(&admin, "/v1/plans", json!({"seconds": 60})).await.expect(202)["job"]["id"].clone();
    let id = running.as_str().unwrap();
    for _ in 0..200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let job = world.get(&admin, &format!("/v1/jobs/{id}")).await.expect(200);
        if job["progress"]["iterations"].as_u64().is_some() {
            break;
        }
    }
    let start = std::time::Instant::now();
    cancel(&running).await;
    assert_eq!(world.ended(&admin, id).await["state"], "cancelled");
    eprintln!("jobs: a running search ended {:?} after its cancellation", start.elapsed());
    assert!(start.elapsed().as_secs() < 5);
    stop.send_replace(true);
}

async fn abandoned_jobs_are_taken_over(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let id = world.post(&admin, "/v1/plans", quick()).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    let store = &world.app.desk.store;
    let lease = world.config.planning.lease_seconds * 1_000;
    // A worker claims the job and is never heard of again.
    let lost = jobs::claim(store, "lost", world.clock.now(), lease).await.unwrap().unwrap();
    assert_eq!(lost.id, id);
    assert_eq!(jobs::claim(store, "other", world.clock.now(), lease).await.unwrap(), None);
    world.clock.advance(lease + 1);
    let stop = world.work();
    assert_eq!(world.ended(&admin, &id).await["state"], "done");
    // Should it come back, the job is no longer its own.
    assert_eq!(jobs::report(store, "lost", &id, "{}", 1).await.unwrap(), None);
    jobs::end(store, "lost", &id, "failed", None, 1).await.unwrap();
    assert_eq!(world.ended(&admin, &id).await["state"], "done");
    stop.send_replace(true);
    // A job that ends every process that runs it is given up.
    let id =
        world.post(&admin, "/v1/plans", json!({"iterations": 5, "seed": 8})).await.expect(202)["job"]["id"].clone();
    for _ in 0..8 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        jobs::claim(store, "lost", world.clock.now(), lease).await.unwrap();
        world.clock.advance(lease + 1);
    }
    world.clock.advance(600_000);
    let admin = world.actor(&admin.email).await;
    let job = world.get(&admin, &format!("/v1/jobs/{}", id.as_str().unwrap())).await.expect(200);
    assert!(["failed", "done"].contains(&job["state"].as_str().unwrap()), "{job}");
}

async fn faults_of_a_problem_have_paths(world: World) {
    let admin = world.founder("ada").await;
    let empty = world.post(&admin, "/v1/plans", json!({})).await.expect(422);
    assert_eq!(empty["faults"].as_array().unwrap().len(), 2, "{empty}");
    let problem = json!({"milkrun": "problem", "version": 1,
        "depots": [{"name": "y", "location": {"x": 0, "y": 0}}],
        "clients": [{"location": {"x": 1, "y": 1}, "delivery": [-5], "service": -1}],
        "vehicle_types": [{"start": "nowhere", "end": "y"}]});
    let unknown = world.post(&admin, "/v1/plans", json!({"problem": problem})).await.expect(422);
    assert_eq!(unknown["faults"][0]["path"], "$.problem.vehicle_types[0].start", "{unknown}");
    let mut problem = problem;
    problem["vehicle_types"][0]["start"] = json!("y");
    let invalid = world.post(&admin, "/v1/plans", json!({"problem": problem, "seconds": 5})).await.expect(422);
    assert!(invalid["faults"].as_array().unwrap().len() >= 2, "{invalid}");
    let fields = world.post(&admin, "/v1/plans", json!({"seconds": 0, "seed": -1, "what": 1})).await.expect(422);
    let paths: Vec<_> = fields["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.seconds", "$.seed", "$.what"]);
}

async fn what_looks_unlikely_is_told(world: World) {
    let admin = world.founder("ada").await;
    let eve = world.founder("eve").await;
    let stop = world.work();
    // Degrees as planar coordinates: all distances are 0.
    let mut problem = json!({"milkrun": "problem", "version": 1,
        "depots": [{"name": "y", "location": {"x": 4.9, "y": 52.37}}],
        "clients": [{"location": {"x": 4.91, "y": 52.36}}],
        "vehicle_types": [{"start": "y", "end": "y"}]});
    let mut ask = json!({"problem": problem, "iterations": 10, "seconds": 5});
    let accepted = world.post(&admin, "/v1/plans", ask.clone()).await.expect(202);
    let said = |answer: &Value| answer["remarks"].as_array().unwrap().clone();
    assert!(said(&accepted)[0].as_str().unwrap().contains("all distances are 0"), "{accepted}");
    let job = world.ended(&admin, accepted["job"]["id"].as_str().unwrap()).await;
    let remarks = format!("/v1/plans/{}/remarks", job["plan_id"].as_str().unwrap());
    assert_eq!(said(&world.get(&admin, &remarks).await.expect(200)), said(&accepted));
    assert_eq!(world.get(&eve, &remarks).await.status.as_u16(), 404);
    problem["clients"][0]["location"] = json!({"x": 40, "y": 60});
    ask["problem"] = problem;
    assert_eq!(said(&world.post(&admin, "/v1/plans", ask).await.expect(202)), Vec::<Value>::new());
    stop.send_replace(true);
}

async fn the_queue_is_bounded(world: World) {
    let world = world.restart(|config| config.planning.queue_per_organisation = 3).await;
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let full = AtomicUsize::new(0);
    for seed in 0..5 {
        let answer = world.post(&admin, "/v1/plans", json!({"seed": seed})).await;
        full.fetch_add(usize::from(answer.code() == "queue_full"), Ordering::Relaxed);
    }
    assert_eq!(full.into_inner(), 2);
}

async fn a_part_of_the_map(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 200).await;
    let all = world.get(&admin, "/v1/fleet/bins?limit=1000").await.expect(200);
    let inside = |bin: &&Value| {
        let (lon, lat) = (bin["lon"].as_f64().unwrap(), bin["lat"].as_f64().unwrap());
        (4.87..=4.91).contains(&lon) && (52.35..=52.40).contains(&lat)
    };
    let expected: Vec<_> = all.as_array().unwrap().iter().filter(inside).map(|bin| bin["code"].clone()).collect();
    let found = world.get(&admin, "/v1/map/bins?west=4.87&south=52.35&east=4.91&north=52.40").await.expect(200);
    let found: Vec<_> = found.as_array().unwrap().iter().map(|bin| bin["code"].clone()).collect();
    assert!(!expected.is_empty() && expected.len() < 200);
    assert_eq!(found, expected);
    world.get(&admin, "/v1/map/bins?west=5&south=0&east=4&north=1").await.expect(422);
    // A reading becomes the fill level, and a bin below the level asked for is not planned.
    let reading = json!({"readings": [{"bin": "b0000", "at": 1_767_225_600_000_i64, "fill_percent": 12.4},
                                      {"bin": "b0000", "at": 1_772_323_200_000_i64, "fill_percent": 31.6}]});
    world.post(&admin, "/v1/readings", reading).await.expect(200);
    assert_eq!(world.get(&admin, "/v1/fleet/bins/b0000").await.expect(200)["fill_percent"], 32);
    let newest = world.get(&admin, "/v1/readings/b0000?limit=1").await.expect(200);
    assert_eq!(newest[0]["fill_percent"], 31.6);
}

/// Readings of one bin and time replace each other, within one request and from one to the next.
async fn newer_readings_replace_older(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 3).await;
    let at = |minute: i64| 1_767_225_600_000 + 60_000 * minute;
    let reading = |bin: &str, minute: i64, fill: i64| json!({"bin": bin, "at": at(minute), "fill_percent": fill});
    let many: Vec<Value> = (0..700).map(|i| reading(["b0000", "b0001"][i as usize % 2], i % 600, i % 97)).collect();
    world.post(&admin, "/v1/readings", json!({ "readings": many })).await.expect(200);
    world.post(&admin, "/v1/readings", json!({"readings": [reading("b0000", 598, 100)]})).await.expect(200);
    for bin in [0, 1] {
        let found = world.get(&admin, &format!("/v1/readings/b000{bin}?limit=1000")).await.expect(200);
        let found: Vec<(i64, f64)> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["at"].as_i64().unwrap(), r["fill_percent"].as_f64().unwrap()))
            .collect();
        let last = |minute: i64| if minute < 100 { minute + 600 } else { minute };
        let wanted = |minute: i64| if minute == 598 { 100.0 } else { (last(minute) % 97) as f64 };
        let expected: Vec<(i64, f64)> = (0..600).rev().filter(|m| m % 2 == bin).map(|m| (at(m), wanted(m))).collect();
        assert_eq!(found, expected);
    }
    assert_eq!(world.get(&admin, "/v1/fleet/bins/b0000").await.expect(200)["fill_percent"], 100);
}

async fn a_stream_ends_with_the_permission(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    world.city(&admin, 5).await;
    // Nobody works: the job waits, and the stream with it.
    let job = world.post(&admin, "/v1/plans", quick()).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    let world = shared(world);
    let follow = |actor: &Actor| {
        let request = Request::get(format!("/v1/jobs/{job}/events"))
            .header(header::AUTHORIZATION, format!("Bearer {}", actor.access))
            .body(Body::empty());
        let (world, request) = (world.clone(), request.unwrap());
        tokio::spawn(async move { world.answer(request).await.text })
    };
    let (hers, ours) = (follow(&viewer), follow(&admin));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!hers.is_finished());
    let (role, change) = (world.role(&admin, "viewer").await, json!({"permissions": ["fleet:read"]}));
    world.send(Some(&admin.access), "PUT", &format!("/v1/roles/{role}"), Some(change)).await.expect(204);
    let told = tokio::time::timeout(Duration::from_secs(10), hers).await.unwrap().unwrap();
    assert!(told.contains("\"queued\""), "{told}");
    assert!(!ours.is_finished());
    world.app.streams.end();
    tokio::time::timeout(Duration::from_secs(10), ours).await.unwrap().unwrap();
}
