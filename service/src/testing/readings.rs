//! Readings that are wrong, and their end.

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::World;

over_both_stores!(readings_of_the_future_are_refused, readings_of_no_bin_are_refused, wrong_readings_are_deleted);

fn readings(of: &[(&str, i64, i64)]) -> Value {
    let one = |(bin, at, fill): &(&str, i64, i64)| json!({"bin": bin, "at": at, "fill_percent": fill});
    json!({"readings": of.iter().map(one).collect::<Vec<_>>()})
}

/// A reading of a later time would be the newest until then, whatever is measured meanwhile.
async fn readings_of_the_future_are_refused(world: World) {
    world.clock.stop();
    let admin = world.founder("ada").await;
    world.city(&admin, 2).await;
    let now = world.clock.now();
    let (minutes, days) = (600_000, 400 * 86_400_000);
    let sent = readings(&[("b0000", now, 10), ("b0000", now + days, 20), ("b0001", now + minutes + 1, 30)]);
    let refused = world.post(&admin, "/v1/readings", sent).await.expect(422);
    let paths: Vec<&str> =
        refused["faults"].as_array().unwrap().iter().map(|fault| fault["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.readings[1].at", "$.readings[2].at"]);
    world.post(&admin, "/v1/readings", readings(&[("b0000", now + minutes, 40)])).await.expect(200);
    assert_eq!(world.count("readings").await, 1);
}

async fn readings_of_no_bin_are_refused(world: World) {
    let (admin, eve) = (world.founder("ada").await, world.founder("eve").await);
    world.city(&admin, 2).await;
    world.city(&eve, 3).await;
    let sent =
        readings(&[("b0000", 1_700_000_000_000, 1), ("b0002", 1_700_000_000_000, 1), ("x", 1_700_000_000_000, 1)]);
    let refused = world.post(&admin, "/v1/readings", sent.clone()).await.expect(422);
    let paths: Vec<&str> =
        refused["faults"].as_array().unwrap().iter().map(|fault| fault["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.readings[1].bin", "$.readings[2].bin"], "{refused}");
    assert_eq!(world.count("readings").await, 0);
    let twice = r#"{"readings": [{"bin": "b0000", "at": 1700000000000, "at": 1700000000001, "fill_percent": 1}, 5]}"#;
    let request = axum::http::Request::post("/v1/readings")
        .header("authorization", format!("Bearer {}", admin.access))
        .header("content-type", "application/json")
        .body(axum::body::Body::from(twice));
    let refused = world.answer(request.unwrap()).await.expect(422);
    assert_eq!(
        (&refused["faults"][0]["path"], &refused["faults"][1]["path"]),
        (&json!("$.readings[0]"), &json!("$.readings[1]"))
    );
}

async fn wrong_readings_are_deleted(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    world.city(&admin, 2).await;
    let at = |day: i64| 1_700_000_000_000 + day * 86_400_000;
    let sent = readings(&[("b0000", at(0), 10), ("b0000", at(1), 20), ("b0000", at(2), 200), ("b0001", at(2), 30)]);
    world.post(&admin, "/v1/readings", sent).await.expect(200);
    let fill = async || world.get(&admin, "/v1/fleet/bins/b0000").await.expect(200)["fill_percent"].clone();
    assert_eq!(fill().await, 200);
    let path = format!("/v1/readings/b0000?from={}", at(2));
    assert_eq!(world.delete(&viewer, &path).await.code(), "forbidden");
    assert_eq!(world.delete(&admin, &path).await.expect(200), json!({"deleted": 1}));
    assert_eq!(fill().await, 20);
    assert_eq!(world.delete(&admin, &path).await.code(), "not_found");
    let path = format!("/v1/readings/b0000?from={}&until={}", at(0), at(1));
    assert_eq!(world.delete(&admin, &path).await.expect(200), json!({"deleted": 1}));
    assert_eq!(world.delete(&admin, "/v1/readings/b0000").await.expect(200), json!({"deleted": 1}));
    // Without readings, what was known last stays.
    assert_eq!((fill().await, world.count("readings").await), (json!(20), 1));
    let noted = world.details("readings.deleted").await;
    assert_eq!(noted.iter().map(|detail| detail["deleted"].as_i64().unwrap()).sum::<i64>(), 3);
    assert_eq!(noted[0]["from"], at(2));
}
