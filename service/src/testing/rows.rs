//! Many rows at once: more than one statement takes.

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::World;

over_both_stores!(more_rows_than_a_statement_takes);

async fn more_rows_than_a_statement_takes(world: World) {
    const BINS: usize = 1_300;
    let admin = world.founder("ada").await;
    let rows = |load: usize| -> Value {
        (0..BINS).map(|i| json!({"code": format!("b{i:05}"), "lon": 4.9, "lat": 52.3, "load_kg": load + i})).collect()
    };
    world.import(&admin, "bins", rows(100)).await.expect(200);
    assert_eq!(world.count("bins").await, BINS as i64);
    // What is known is replaced, and nothing is there twice.
    world.import(&admin, "bins", rows(500)).await.expect(200);
    assert_eq!(world.count("bins").await, BINS as i64);
    for i in [0, 427, 428, 429, BINS - 1] {
        let bin = world.get(&admin, &format!("/v1/fleet/bins/b{i:05}")).await.expect(200);
        assert_eq!(bin["load_kg"], 500 + i, "{i}");
    }
    let readings: Vec<Value> = (0..4_000_usize)
        .map(
            |i| json!({"bin": format!("b{:05}", i % 40), "at": 1_767_225_600_000 + i * 60_000, "fill_percent": i % 90}),
        )
        .collect();
    world.post(&admin, "/v1/readings", json!({"readings": readings})).await.expect(200);
    assert_eq!(world.count("readings").await, 4_000);
    assert_eq!(world.get(&admin, "/v1/fleet/bins/b00039").await.expect(200)["fill_percent"], 3_999 % 90);
}
