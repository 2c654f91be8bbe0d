//! Where vehicles are, as telematics tell.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::over_both_stores;
use super::world::{Actor, World};

over_both_stores!(positions_come_from_telematics, what_cannot_be_asked_is_told);

/// An organisation whose vehicle t1 is called 281474 by its telematics, which are a file.
async fn tracked(world: &World) -> (Actor, std::path::PathBuf) {
    let admin = world.founder("ada").await;
    world.city(&admin, 4).await;
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 900, "tracker": "281474"},
                        {"code": "t2", "depot": "yard", "capacity_kg": 900}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    let zone = json!({"zone": "Europe/Amsterdam"});
    world.send(Some(&admin.access), "PUT", "/v1/forecast-settings", Some(zone)).await.expect(200);
    world
        .send(Some(&admin.access), "PUT", "/v1/providers/telematics", Some(json!({"provider": "local"})))
        .await
        .expect(204);
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let folder = world.config.data.join("outbox").join(org);
    std::fs::create_dir_all(&folder).unwrap();
    (admin, folder.join("positions.jsonl"))
}

fn line(vehicle: &str, at: &str, lon: f64) -> String {
    let at = at.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    json!({"vehicle": vehicle, "at": at, "lon": lon, "lat": 52.4, "speed": 8.0}).to_string() + "\n"
}

async fn positions_come_from_telematics(world: World) {
    let (admin, file) = tracked(&world).await;
    let eve = world.founder("eve").await;
    let (tracker, (_sender, mut stop)) = (world.app.tracker(), watch::channel(false));
    // The first question finds out where the feed ends.
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    assert!(!tracker.ask_one(&mut stop).await.unwrap(), "it was asked a moment ago");
    let path = "/v1/days/2026-12-03/positions";
    assert_eq!(world.get(&admin, path).await.expect(200), json!([]));
    let lines = [
        line("281474", "2026-12-03T06:30:00Z", 4.90),
        line("281474", "2026-12-03T06:31:00Z", 4.91),
        // A second one of the same ten seconds, and what belongs to nobody.
        line("281474", "2026-12-03T06:31:02Z", 4.99),
        line("t1", "2026-12-03T06:40:00Z", 4.99),
        line("t2", "2026-12-02T23:30:00Z", 4.95),
    ];
    std::fs::write(&file, lines.concat()).unwrap();
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    let first = json!({"vehicle": "t1", "at": 7 * 3_600 + 31 * 60, "lon": 4.91, "lat": 52.4, "accuracy": 10});
    let second = json!({"vehicle": "t2", "at": 1_800, "lon": 4.95, "lat": 52.4, "accuracy": 10});
    assert_eq!(world.get(&admin, path).await.expect(200), json!([first, second]));
    // Asked again after its answer was lost, nothing is there twice.
    let mut connection = world.app.ledger.store.connection().await.unwrap();
    sqlx::query("UPDATE tracking SET cursor = '0', due_at = 0").execute(&mut *connection).await.unwrap();
    drop(connection);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    assert_eq!(world.get(&admin, path).await.expect(200), json!([first, second]));
    assert_eq!(world.get(&eve, path).await.expect(200), json!([]));
    // Without an account, nobody is asked.
    world.delete(&admin, "/v1/providers/telematics").await.expect(204);
    world.clock.advance(31_000);
    assert!(!tracker.ask_one(&mut stop).await.unwrap());
}

async fn what_cannot_be_asked_is_told(world: World) {
    let (admin, file) = tracked(&world).await;
    let (tracker, (_sender, mut stop)) = (world.app.tracker(), watch::channel(false));
    std::fs::create_dir(&file).unwrap();
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    std::fs::remove_dir(&file).unwrap();
    let problem = |shown: &Value| {
        let all = shown.as_array().unwrap();
        all.iter().find(|entry| entry["capability"] == "telematics").unwrap()["problem"].clone()
    };
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    assert_eq!(problem(&world.get(&admin, "/v1/providers").await.expect(200)), Value::Null, "it is there again");
    std::fs::create_dir(&file).unwrap();
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    let told = problem(&world.get(&admin, "/v1/providers").await.expect(200));
    assert!(told.as_str().unwrap().contains("make the file readable"), "{told}");
}
