//! Where vehicles are, as telematics tell.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::outside::with_drivers;
use super::over_both_stores;
use super::world::{Actor, World};

over_both_stores!(
    positions_come_from_telematics,
    what_cannot_be_asked_is_told,
    what_cannot_be_used_hides_nothing,
    routes_go_to_the_devices_in_vehicles,
);

/// An organisation whose vehicle t1 is called 281474 by its telematics, which are a file.
async fn tracked(world: &World) -> (Actor, std::path::PathBuf) {
    world.set_to("2026-12-03T20:00:00Z");
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

fn problem(shown: &Value) -> Value {
    let all = shown.as_array().unwrap();
    all.iter().find(|entry| entry["capability"] == "telematics").unwrap()["problem"].clone()
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
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    assert_eq!(problem(&world.get(&admin, "/v1/providers").await.expect(200)), Value::Null, "it is there again");
    std::fs::create_dir(&file).unwrap();
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    let told = problem(&world.get(&admin, "/v1/providers").await.expect(200));
    assert!(told.as_str().unwrap().contains("make the file readable"), "{told}");
}

/// A receiver that is broken, and a clock that is wrong, hide no other position; they are told until they are gone.
async fn what_cannot_be_used_hides_nothing(world: World) {
    let (admin, file) = tracked(&world).await;
    let (tracker, (_sender, mut stop)) = (world.app.tracker(), watch::channel(false));
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    let nowhere = json!({"vehicle": "281474", "at": 0, "lon": 4.9, "lat": 91.0, "speed": 0.0}).to_string() + "\n";
    let lines = [
        line("281474", "2026-12-03T06:30:00Z", 4.90),
        nowhere,
        "{\n".to_owned(),
        line("281474", "2026-12-03T21:30:00Z", 4.99),
        line("t2", "2026-12-03T06:40:00Z", 4.95),
    ];
    std::fs::write(&file, lines.concat()).unwrap();
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    let at = |vehicle: &str, at: i64, lon: f64| json!({"vehicle": vehicle, "at": at, "lon": lon, "lat": 52.4, "accuracy": 10});
    let told = world.get(&admin, "/v1/days/2026-12-03/positions").await.expect(200);
    assert_eq!(told, json!([at("t1", 27_000, 4.90), at("t2", 27_600, 4.95)]));
    let told = problem(&world.get(&admin, "/v1/providers").await.expect(200));
    let text = told.as_str().unwrap();
    assert!(text.contains("cannot be read: 2; the first: the line at byte"), "{text}");
    assert!(text.contains("ahead of the service's clock: 1"), "{text}");
    // With the next question that is whole, nothing is wrong.
    world.clock.advance(31_000);
    assert!(tracker.ask_one(&mut stop).await.unwrap());
    assert_eq!(problem(&world.get(&admin, "/v1/providers").await.expect(200)), Value::Null);
}

/// A new plan of a day is sent to the devices of the vehicles that it concerns, where that is wanted; of several, the last one.
async fn routes_go_to_the_devices_in_vehicles(world: World) {
    let (admin, _) = tracked(&world).await;
    let plan = with_drivers(&world, &admin).await;
    // The city came anew with its vehicles: one of them has a device of another name.
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 5000, "tracker": "281474"}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    let set = async |settings: Value| {
        let account = json!({"provider": "local", "settings": settings});
        world.send(Some(&admin.access), "PUT", "/v1/providers/telematics", Some(account)).await
    };
    let choose = async |day: &str, plan: &str, version: i64| {
        let chosen = json!({"plan_id": plan, "version": version});
        world.send(Some(&admin.access), "PUT", &format!("/v1/days/{day}"), Some(chosen)).await.expect(200);
    };
    let rows = async || world.count("outbox WHERE kind = 'route'").await;
    choose("2026-12-03", &plan, 0).await;
    assert_eq!(rows().await, 0, "nobody asked for it");
    set(json!({"routes": "yes"})).await.expect(422);
    set(json!({"routes": true})).await.expect(204);
    choose("2026-12-04", &plan, 0).await;
    let routes = world.get(&admin, "/v1/days/2026-12-04/routes").await.expect(200);
    let routes = routes.as_array().unwrap();
    assert_eq!(rows().await, routes.len() as i64);
    world.deliver().await;
    let folder = world.config.data.join("outbox");
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let sent: Vec<Value> = std::fs::read_dir(folder.join(org).join("routes"))
        .unwrap()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap())
        .collect();
    assert_eq!(sent.len(), routes.len());
    for route in routes {
        let vehicle = route["vehicle"].as_str().unwrap();
        let known = if vehicle == "t1" { "281474" } else { vehicle };
        let own = sent.iter().find(|sent| sent["vehicle"] == known).unwrap();
        assert_eq!(own["name"], format!("2026-12-04 {vehicle}"));
        let stops = own["stops"].as_array().unwrap();
        let places = route["stops"].as_array().unwrap().iter().filter(|stop| stop["activity"] != "break").count();
        assert_eq!((stops.len(), &stops[0]["name"]), (places + 1, &json!("yard")));
        // In Amsterdam it is an hour later than universal time.
        let midnight = "2026-12-03T23:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
        let planned = route["stops"][0]["arrival"].as_i64().unwrap();
        assert_eq!(stops[1]["arrival"].as_i64().unwrap(), midnight + 1_000 * planned);
        assert_eq!((stops[0]["lon"].as_f64(), stops[0]["lat"].as_f64()), (Some(4.90), Some(52.37)));
    }
    // The same plan again concerns nobody; of two others in a row the last one is sent.
    choose("2026-12-04", &plan, 1).await;
    assert_eq!(rows().await, routes.len() as i64);
    let more = json!([{"code": "b0099", "lon": 4.88, "lat": 52.35, "load_kg": 150}]);
    world.import(&admin, "bins", more).await.expect(200);
    let stop = world.work();
    let job = world.post(&admin, "/v1/plans", json!({"iterations": 50})).await.expect(202)["job"]["id"].clone();
    let other = world.ended(&admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    stop.send_replace(true);
    choose("2026-12-04", &other, 2).await;
    world.clock.advance(1_000);
    choose("2026-12-04", &plan, 3).await;
    let waiting = world.count("outbox WHERE kind = 'route' AND state = 'queued'").await;
    world.deliver().await;
    let told = world.count("outbox WHERE kind = 'route' AND provider = 'local'").await - routes.len() as i64;
    assert!(waiting >= 2 && told == waiting / 2, "{told} of {waiting}");
    assert_eq!(world.count("outbox WHERE kind = 'route' AND state <> 'sent'").await, 0);
    set(json!({"routes": false})).await.expect(204);
    choose("2026-12-04", &other, 4).await;
    assert_eq!(world.count("outbox WHERE kind = 'route' AND state <> 'sent'").await, 0);
}
