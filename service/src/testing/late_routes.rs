//! Routes for the devices in vehicles that come late, or while a newer version is sent: of none an older version stays.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::outside::with_drivers;
use super::over_both_stores;
use super::stub::{Asked, Reply, Stub};
use super::world::{Actor, World};

over_both_stores!(
    an_older_version_that_arrives_late_is_taken_back,
    while_an_older_version_is_sent_the_newer_one_waits,
    a_version_that_was_cut_off_is_taken_back,
);

/// A Samsara as far as routes go, which does not heed that names are unique: key and name of each route.
#[derive(Clone, Default)]
struct Devices(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    routes: Vec<(String, String)>,
    /// What hangs: it is done later.
    hanging: Vec<(String, String)>,
    hangs: bool,
}

impl Devices {
    fn answer(&self, asked: &Asked) -> Reply {
        let mut kept = self.0.lock().unwrap();
        if asked.method == "DELETE" {
            let name = asked.path.rsplit('/').next().unwrap().to_owned();
            let before = kept.routes.len();
            kept.routes.retain(|(key, _)| format!("milkrunkey:{key}") != name);
            return Reply::status(if kept.routes.len() < before { 204 } else { 404 }, "");
        }
        if asked.method == "GET" {
            return Reply::ok(json!({"data": [], "pagination": {"endCursor": "c", "hasNextPage": false}}).to_string());
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let stops = body["stops"].as_array().unwrap().len();
        let route = (text(&body["externalIds"]["milkrunkey"]), format!("{} with {stops}", text(&body["name"])));
        if kept.hangs {
            kept.hanging.push(route);
            return Reply::status(500, "");
        }
        kept.routes.push(route);
        Reply::ok(json!({"data": {"id": "r"}}).to_string())
    }

    fn hang(&self, hangs: bool) {
        self.0.lock().unwrap().hangs = hangs;
    }

    /// What hangs is done now.
    fn arrive(&self) -> usize {
        let mut kept = self.0.lock().unwrap();
        let late = std::mem::take(&mut kept.hanging);
        let count = late.len();
        kept.routes.extend(late);
        count
    }

    /// Keys of the routes.
    fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().routes.iter().map(|(key, _)| key.clone()).collect()
    }
}

/// An organisation with two plans for a day, and devices that take routes. Nobody is told of them by message.
async fn with_devices(world: &World) -> (Actor, [String; 2], Devices, Stub) {
    let admin = world.founder("ada").await;
    let first = with_drivers(world, &admin).await;
    world.city(&admin, 24).await;
    let stop = world.work();
    let job = world.post(&admin, "/v1/plans", json!({"iterations": 50})).await.expect(202)["job"]["id"].clone();
    let second = world.ended(&admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    stop.send_replace(true);
    let quiet = json!([{"code": "d1", "vehicle": "t1"}, {"code": "d2", "vehicle": "t2"}]);
    world.import(&admin, "drivers", quiet).await.expect(200);
    let devices = Devices::default();
    let own = devices.clone();
    let stub = Stub::start(move |asked, _| own.answer(asked));
    let account =
        json!({"provider": "samsara", "secret": "s", "settings": {"address": stub.address(), "routes": true}});
    world.send(Some(&admin.access), "PUT", "/v1/providers/telematics", Some(account)).await.expect(204);
    (admin, [first, second], devices, stub)
}

async fn choose(world: &World, admin: &Actor, plan: &str, version: i64) {
    let chosen = json!({"plan_id": plan, "version": version});
    world.send(Some(&admin.access), "PUT", "/v1/days/2026-12-04", Some(chosen)).await.expect(200);
    world.clock.advance(1_000);
}

/// Keys of the newest routes of vehicles, as Samsara has them.
async fn newest(world: &World) -> Vec<String> {
    let mut connection = world.app.ledger.connection().await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM outbox o WHERE kind = 'route' AND created_at =
             (SELECT MAX(created_at) FROM outbox WHERE kind = 'route' AND target = o.target)",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    rows.into_iter().map(|(id,)| id.replace('-', "")).collect()
}

/// Has all that waits sent, however long that takes.
async fn deliver_all(world: &World) {
    for _ in 0..20 {
        world.deliver().await;
        if world.count("outbox WHERE kind = 'route' AND state <> 'sent'").await == 0 {
            return;
        }
        world.clock.advance(60_000);
    }
    panic!("routes are left");
}

/// In order, each once: of one version that was sent twice, Samsara would refuse the second.
fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort();
    keys.dedup();
    keys
}

async fn an_older_version_that_arrives_late_is_taken_back(world: World) {
    let (admin, plans, devices, _stub) = with_devices(&world).await;
    devices.hang(true);
    choose(&world, &admin, &plans[0], 0).await;
    world.deliver().await;
    devices.hang(false);
    choose(&world, &admin, &plans[1], 1).await;
    // The newer one is sent, and then the older one arrives.
    let older = world.count("outbox WHERE kind = 'route' AND state = 'queued' AND remains = 2").await;
    assert!(older > 0);
    world.deliver().await;
    assert!(devices.arrive() > 0);
    deliver_all(&world).await;
    assert_eq!(sorted(devices.keys()), sorted(newest(&world).await));
    // Once more, with what was sent and known to be there; the one before is gone as well.
    choose(&world, &admin, &plans[0], 2).await;
    deliver_all(&world).await;
    assert_eq!(sorted(devices.keys()), sorted(newest(&world).await));
    let waits = world.count("outbox WHERE kind = 'route' AND remains = 1").await;
    assert_eq!(waits, devices.keys().len() as i64, "what is there is known, and what is gone is not asked for again");
}

async fn while_an_older_version_is_sent_the_newer_one_waits(world: World) {
    let (admin, plans, devices, stub) = with_devices(&world).await;
    choose(&world, &admin, &plans[0], 0).await;
    let slow = world.app.deliverer().claim("slow").await.unwrap().unwrap();
    choose(&world, &admin, &plans[1], 1).await;
    world.deliver().await;
    let waiting =
        world.count("outbox WHERE kind = 'route' AND state = 'queued' AND error LIKE 'an older version%'").await;
    assert_eq!((waiting, world.count("outbox WHERE attempts > 0 AND state = 'queued'").await), (1, 0));
    let before = stub.count();
    let (_sender, mut stop) = tokio::sync::watch::channel(false);
    world.app.deliverer().deliver("slow", &slow, &mut stop).await.unwrap();
    assert_eq!(stub.count(), before, "by now there is a newer one");
    world.clock.advance(60_000);
    deliver_all(&world).await;
    assert_eq!(sorted(devices.keys()), sorted(newest(&world).await));
}

/// A process that is killed while it sends says nothing of how that ended.
async fn a_version_that_was_cut_off_is_taken_back(world: World) {
    let (admin, plans, devices, _stub) = with_devices(&world).await;
    // Within the calls that Samsara allows in a minute.
    let all_steps = [2, 4, 6, 8, 10, 12];
    let mut cuts = 0;
    for (version, steps) in all_steps.into_iter().enumerate() {
        let admin = world.actor(&admin.email).await;
        choose(&world, &admin, &plans[version % 2], version as i64).await;
        cuts += usize::from(!world.deliver_some(steps).await);
        if version % 2 == 0 {
            // A newer one comes before it is taken up again.
            continue;
        }
        world.clock.advance((world.config.outside.lease_seconds + 1) * 1_000);
        deliver_all(&world).await;
        assert_eq!(sorted(devices.keys()), sorted(newest(&world).await), "after {steps} steps");
    }
    eprintln!("routes: cut off after each of {all_steps:?} steps ({cuts} cuts): the last version is there alone");
    // On a busy machine more is ready at each step, so that there are fewer.
    assert!(cuts >= 1, "{cuts}");
}
