//! Drivers: what they see, what they report, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, Answer, World, shared};
use crate::driving;

over_both_stores!(
    a_driver_sees_the_own_route_alone,
    words_come_late_twice_and_in_any_order,
    a_newer_plan_is_answered_and_nothing_is_lost,
    what_is_no_report_is_refused,
    photos_are_bare_and_seen_by_few,
    slow_photos_hold_nobody_up,
    positions_ahead_of_the_clock_are_refused,
    positions_are_thinned_and_limited,
    what_is_old_is_deleted,
);

const DAY: &str = "2026-12-03";

/// Numbers that are the same each time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

impl World {
    pub(super) async fn put(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.send(Some(&actor.access), "PUT", path, Some(body)).await
    }

    /// A plan of the stored fleet for the day, in its next version.
    pub(super) async fn publish(&self, admin: &Actor, seed: u64, after: i64) {
        let body = json!({"iterations": 200, "seconds": 20, "seed": seed});
        let job = self.post(admin, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
        let plan = self.ended(admin, &job).await["plan_id"].clone();
        self.put(admin, &format!("/v1/days/{DAY}"), json!({"plan_id": plan, "version": after})).await.expect(200);
    }

    /// Assigns a user to a vehicle.
    pub(super) async fn assign(&self, admin: &Actor, driver: &Actor, vehicle: &str) -> Answer {
        let id = self.id(driver).await;
        self.put(admin, &format!("/v1/days/{DAY}/drivers/{id}"), json!({"vehicle": vehicle})).await
    }

    /// A driver of a vehicle that has stops in the day's plan.
    pub(super) async fn driver(&self, admin: &Actor, name: &str, vehicle: &str) -> Actor {
        let driver = self.member(admin, name, "driver").await;
        self.assign(admin, &driver, vehicle).await.expect(204);
        driver
    }

    pub(super) async fn route(&self, driver: &Actor) -> Value {
        self.get(driver, &format!("/v1/driving/days/{DAY}")).await.expect(200)
    }

    pub(super) async fn report(&self, driver: &Actor, reports: &[Value]) -> Answer {
        self.post(driver, &format!("/v1/driving/days/{DAY}/reports"), json!({"reports": reports})).await
    }

    async fn send_photo(&self, driver: &Actor, report: &str, file: &[u8]) -> Answer {
        let request = Request::put(format!("/v1/driving/reports/{report}/photo"))
            .header(header::AUTHORIZATION, format!("Bearer {}", driver.access))
            // A lie about the type changes nothing.
            .header(header::CONTENT_TYPE, "text/html");
        self.answer(request.body(Body::from(file.to_vec())).unwrap()).await
    }
}

pub(super) fn word(id: &str, code: &str, outcome: &str, at: i64) -> Value {
    let reason = if outcome == "done" { "" } else { "blocked" };
    json!({"id": id, "version": 1, "code": code, "outcome": outcome, "reason": reason, "at": at})
}

/// The bins of a route, in order.
pub(super) fn bins(route: &Value) -> Vec<String> {
    let stops = route["stops"].as_array().unwrap().iter().filter(|stop| stop["activity"] == "client");
    stops.map(|stop| stop["code"].as_str().unwrap().to_owned()).collect()
}

fn states(answer: &Value) -> Vec<&str> {
    answer["reports"].as_array().unwrap().iter().map(|report| report["state"].as_str().unwrap()).collect()
}

/// A city with a plan that needs both trucks, and a driver for each, in the evening of the day.
pub(super) async fn driven(world: &World) -> (Actor, [Actor; 2]) {
    world.set_to(&format!("{DAY}T20:00:00Z"));
    let admin = world.founder("ada").await;
    world.city(&admin, 30).await;
    // Too much for one shift.
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 1500, "max_stops": 20},
                        {"code": "t2", "depot": "yard", "capacity_kg": 1500, "max_stops": 20}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    let stop = world.work();
    world.publish(&admin, 1, 0).await;
    stop.send_replace(true);
    let drivers = [world.driver(&admin, "dora", "t1").await, world.driver(&admin, "dirk", "t2").await];
    (admin, drivers)
}

async fn a_driver_sees_the_own_route_alone(world: World) {
    let (admin, [dora, dirk]) = driven(&world).await;
    let told = json!([{"code": "b0000", "lon": 4.85, "lat": 52.33, "load_kg": 150, "name": "Corner",
                       "address": "Kade 1", "remarks": "key at the baker's", "fill_percent": 80}]);
    world.import(&admin, "bins", told).await.expect(200);
    let (own, other) = (world.route(&dora).await, world.route(&dirk).await);
    assert_eq!((&own["vehicle"], &own["version"], &other["vehicle"]), (&json!("t1"), &json!(1), &json!("t2")));
    // Together they have each bin once, and what the dispatcher sees of each vehicle.
    let both: Vec<String> = bins(&own).into_iter().chain(bins(&other)).collect();
    assert_eq!((both.len(), both.iter().collect::<BTreeSet<_>>().len()), (30, 30));
    for route in [&own, &other] {
        let path = format!("/v1/days/{DAY}/routes?vehicle={}", route["vehicle"].as_str().unwrap());
        let seen = world.get(&admin, &path).await.expect(200);
        assert_eq!(bins(&json!({"stops": seen[0]["stops"]})), bins(route));
    }
    let all = [&own, &other].map(|route| route["stops"].as_array().unwrap().clone()).concat();
    let corner = all.iter().find(|stop| stop["code"] == "b0000").unwrap();
    assert_eq!(
        (&corner["name"], &corner["address"], &corner["remarks"], &corner["fill_percent"], &corner["load"]),
        (&json!("Corner"), &json!("Kade 1"), &json!("key at the baker's"), &json!(80), &json!(150))
    );
    assert!(corner["geo"].as_str().unwrap().starts_with("geo:52.330000,4.850000"), "{corner}");
    // Whoever drives sees nothing else.
    for path in [
        "/v1/days",
        "/v1/plans",
        "/v1/fleet/bins",
        "/v1/users",
        &format!("/v1/days/{DAY}/routes"),
        &format!("/v1/days/{DAY}/reports"),
    ] {
        assert_eq!(world.get(&dora, path).await.code(), "forbidden", "{path}");
    }
    assert_eq!(world.get(&dora, "/v1/driving/days").await.expect(200), json!([{"day": DAY, "vehicle": "t1"}]));
    // Another vehicle takes the place of the first; without one there is nothing to see.
    world.assign(&admin, &dora, "t2").await.expect(204);
    assert_eq!(bins(&world.route(&dora).await), bins(&other));
    let id = world.id(&dora).await;
    world.delete(&admin, &format!("/v1/days/{DAY}/drivers/{id}")).await.expect(204);
    world.delete(&admin, &format!("/v1/days/{DAY}/drivers/{id}")).await.expect(404);
    assert_eq!(world.get(&dora, &format!("/v1/driving/days/{DAY}")).await.code(), "not_found");
    world.get(&dirk, "/v1/driving/days/2026-12-04").await.expect(404);
    // Who may not drive is not assigned, and nobody to what is not there.
    let viewer = world.member(&admin, "vera", "viewer").await;
    assert_eq!(world.assign(&admin, &viewer, "t1").await.code(), "not_a_driver");
    assert_eq!(world.assign(&admin, &dirk, "t9").await.expect(422)["faults"][0]["path"], "$.vehicle");
    assert_eq!(world.assign(&dora, &dora, "t1").await.code(), "forbidden");
    let listed = world.get(&admin, &format!("/v1/days/{DAY}/drivers")).await.expect(200);
    let listed: Vec<(&str, Option<&str>)> =
        listed.as_array().unwrap().iter().map(|d| (d["name"].as_str().unwrap(), d["vehicle"].as_str())).collect();
    assert_eq!(listed, [("ada", None), ("dirk", Some("t2")), ("dora", None)]);
    let log = world.audited().await;
    let count = |action: &str| log.iter().filter(|known| *known == action).count();
    assert_eq!((count("driver.assigned"), count("driver.released")), (3, 1));
}

/// Two phones that say much, out of reach for long, and send everything again and again.
async fn words_come_late_twice_and_in_any_order(world: World) {
    const WORDS: usize = 120;
    let (admin, drivers) = driven(&world).await;
    let world = shared(world);
    let mut dice = Dice(7);
    let mut expected: BTreeMap<String, (String, i64)> = BTreeMap::new();
    let mut sent = 0;
    for (number, driver) in drivers.into_iter().enumerate() {
        let codes = bins(&world.route(&driver).await);
        let mut words = Vec::new();
        for i in 0..WORDS {
            let code = &codes[dice.below(codes.len())];
            let outcome = if dice.below(3) == 0 { "missed" } else { "done" };
            // No two words at one moment: which of them would be the last?
            let at = 20_000 + 10 * i as i64;
            words.push(word(&format!("phone-{number}-{i:04}"), code, outcome, at));
            let known = expected.entry(code.clone()).or_insert((outcome.to_owned(), at));
            if at >= known.1 {
                *known = (outcome.to_owned(), at);
            }
        }
        // Each word at least once, most of them twice or more, in batches at the same time.
        let mut queue = [words.clone(), words.clone(), words[..WORDS / 2].to_vec()].concat();
        dice.shuffle(&mut queue);
        sent += queue.len();
        let batches: Vec<Vec<Value>> = queue.chunks(15).map(<[Value]>::to_vec).collect();
        let one = async |batch: Vec<Value>| {
            for _ in 0..20 {
                let answer = world.report(&driver, &batch).await;
                if answer.status.as_u16() == 200 {
                    return states(&answer.body).iter().filter(|state| **state == "stored").count();
                }
                // Two transactions met: a phone tries again.
                assert_eq!(answer.status.as_u16(), 503, "{}", answer.text);
            }
            panic!("a batch does not come through");
        };
        let stored: usize = futures_util::future::join_all(batches.into_iter().map(one)).await.into_iter().sum();
        assert_eq!(stored, WORDS, "each word is new once");
        let again = world.report(&driver, &words[..50]).await.expect(200);
        assert_eq!(states(&again), ["known"; 50]);
    }
    assert_eq!(world.count("reports").await, 2 * WORDS as i64);
    assert_eq!(world.count("confirmations").await, expected.len() as i64);
    let mut connection = world.app.ledger.connection().await.unwrap();
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT code, outcome, at_second FROM confirmations").fetch_all(&mut *connection).await.unwrap();
    let found: BTreeMap<String, (String, i64)> = rows.into_iter().map(|(c, o, at)| (c, (o, at))).collect();
    assert_eq!(found, expected, "the last word on each stop counts");
    let listed = world.get(&admin, &format!("/v1/days/{DAY}/reports?limit=1000")).await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 2 * WORDS);
    eprintln!(
        "reports: {} made, {sent} sent in any order by batches at once, each stored once; last words right",
        2 * WORDS
    );
}

async fn a_newer_plan_is_answered_and_nothing_is_lost(world: World) {
    let (admin, [dora, dirk]) = driven(&world).await;
    let before = bins(&world.route(&dora).await);
    let current = world.report(&dora, &[word("word-0001", &before[0], "done", 25_000)]).await.expect(200);
    assert_eq!((&current["version"], &current["route"]), (&json!(1), &Value::Null));
    // While the phone is out of reach, the stops go to the other truck, and the driver to none.
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 1500, "max_stops": 1},
                        {"code": "t2", "depot": "yard", "capacity_kg": 5000}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    let stop = world.work();
    world.publish(&admin, 2, 1).await;
    stop.send_replace(true);
    let late = world.report(&dora, &[word("word-0002", &before[1], "done", 25_300)]).await.expect(200);
    assert_eq!((states(&late), &late["version"]), (vec!["stored"], &json!(2)));
    assert_eq!((&late["route"]["version"], &late["route"]["vehicle"]), (&json!(2), &json!("t1")));
    let now = bins(&late["route"]);
    assert!(now.len() < before.len());
    // A driver who already sees the newer plan may still report a stop that only the older one had.
    let gone = before[3..].iter().rfind(|code| !now.contains(code)).unwrap();
    let mut seen = word("word-0004", gone, "done", 25_400);
    seen["version"] = json!(2);
    assert_eq!(states(&world.report(&dora, &[seen]).await.expect(200)), ["stored"]);
    let id = world.id(&dora).await;
    world.delete(&admin, &format!("/v1/days/{DAY}/drivers/{id}")).await.expect(204);
    let later = world.report(&dora, &[word("word-0003", &before[2], "missed", 25_600)]).await.expect(200);
    assert_eq!((states(&later), &later["route"]), (vec!["stored"], &Value::Null));
    // The other driver sees what was done of what is now hers.
    let route = world.route(&dirk).await;
    let outcome = |code: &str| {
        route["stops"].as_array().unwrap().iter().find(|stop| stop["code"] == code).map(|stop| stop["outcome"].clone())
    };
    let words = [&before[1], &before[2]].map(|code| outcome(code));
    let kept = world.count("confirmations WHERE vehicle = 't1'").await;
    assert_eq!(kept, 4);
    assert!(words.contains(&Some(json!("done"))) || words.contains(&Some(json!("missed"))), "{words:?}");
    // An id is one word's; another word under it is refused, the same is known.
    let sent = [word("word-0003", &before[3], "done", 1), word("word-0002", &before[1], "done", 25_300)];
    let other = world.report(&dora, &sent).await.expect(200);
    assert_eq!(states(&other), ["refused", "known"]);
    assert!(other["reports"][0]["why"].as_str().unwrap().contains("make an id for each"), "{other}");
    assert_eq!(world.count("reports").await, 4);
}

async fn what_is_no_report_is_refused(world: World) {
    let (_, [dora, dirk]) = driven(&world).await;
    let (own, other) = (bins(&world.route(&dora).await), bins(&world.route(&dirk).await));
    // The stop of another truck, and one that no plan has: refused alone, the rest is stored.
    let sent = [
        word("word-0001", &other[0], "done", 1),
        word("word-0002", "b9999", "done", 1),
        word("word-0003", &own[0], "done", 1),
    ];
    let answer = world.report(&dora, &sent).await.expect(200);
    assert_eq!(states(&answer), ["refused", "refused", "stored"]);
    let mut of_other = word("word-0004", &other[0], "done", 1);
    of_other["vehicle"] = json!("t2");
    let answer = world.report(&dora, &[of_other]).await.expect(200);
    assert_eq!(states(&answer), ["refused"]);
    assert!(answer["route"].is_object(), "who thinks to drive another vehicle gets the own route");
    // What cannot be read is refused as a whole, with all faults.
    let no_reason = json!({"id": "word-0005", "version": 1, "code": own[1], "outcome": "missed", "at": 1});
    let wrong = json!({"id": "x y", "version": -1, "activity": "dance", "code": own[1], "outcome": "lost", "reason": "bored",
                       "amount": -1, "fill_percent": 900, "at": 999_999_999});
    let faults = world.report(&dora, &[no_reason, wrong, json!({"id": "word-0006"})]).await.expect(422);
    let paths: Vec<&str> = faults["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    let of = |name: &str| format!("$.reports[1].{name}");
    let named = ["id", "version", "activity", "outcome", "reason", "amount", "fill_percent", "at"].map(of);
    let mut expected = vec!["$.reports[2]", "$.reports[0].reason"];
    expected.extend(named.iter().map(String::as_str));
    assert_eq!(paths, expected);
    assert_eq!(world.count("reports").await, 1);
    let many: Vec<Value> = (0..201).map(|i| word(&format!("word-1{i:03}"), &own[0], "done", i)).collect();
    assert_eq!(world.report(&dora, &many).await.expect(422)["faults"][0]["path"], "$.reports");
    // Another user's ids are another user's.
    let answer = world.report(&dirk, &[word("word-0003", &other[0], "done", 1)]).await.expect(200);
    assert_eq!(states(&answer), ["stored"]);
    assert_eq!(world.count("reports").await, 2);
}

async fn photos_are_bare_and_seen_by_few(world: World) {
    let (admin, [dora, dirk]) = driven(&world).await;
    let own = bins(&world.route(&dora).await);
    let file = driving::a_photo();
    assert_eq!(world.send_photo(&dora, "word-0001", &file).await.code(), "not_found", "first the report");
    world.report(&dora, &[word("word-0001", &own[0], "missed", 25_000)]).await.expect(200);
    for (wrong, text) in [(&b"<script>alert(1)</script>"[..], "neither a JPEG nor a PNG"), (&file[..100], "cut off")] {
        let refused = world.send_photo(&dora, "word-0001", wrong).await;
        assert!(refused.status.as_u16() == 422 && refused.text.contains(text), "{}", refused.text);
    }
    for _ in 0..2 {
        world.send_photo(&dora, "word-0001", &file).await.expect(204);
    }
    let another = [file.clone(), b"more".to_vec()].concat();
    assert_eq!(world.send_photo(&dora, "word-0001", &another).await.code(), "photo_known");
    assert_eq!(world.send_photo(&dirk, "word-0001", &file).await.code(), "not_found", "it is another's report");
    let reports = world.get(&admin, &format!("/v1/days/{DAY}/reports")).await.expect(200);
    let photo = format!("/v1/photos/{}", reports[0]["photo"].as_str().unwrap());
    let seen = world.get(&admin, &photo).await;
    assert_eq!(seen.status.as_u16(), 200);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("content-disposition", "attachment; filename=\"photo.jpg\""),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(seen.headers[name], value);
    }
    assert!(seen.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let mut connection = world.app.ledger.connection().await.unwrap();
    let (content, sha256): (Vec<u8>, String) =
        sqlx::query_as("SELECT content, sha256 FROM photos").fetch_one(&mut *connection).await.unwrap();
    assert!(!content.windows(7).any(|part| part == b"CANARY-"), "no position, no preview");
    assert_eq!(seen.headers[header::ETAG].to_str().unwrap(), format!("\"{sha256}\""));
    drop(connection);
    // The driver's own, and nobody else's.
    world.get(&dora, "/v1/driving/reports/word-0001/photo").await.expect(200);
    world.get(&dirk, "/v1/driving/reports/word-0001/photo").await.expect(404);
    assert_eq!(world.get(&dora, &photo).await.code(), "forbidden");
    // A picture that is not what was stored is not shown.
    let mut tx = world.app.ledger.store.begin().await.unwrap();
    sqlx::query("UPDATE photos SET sha256 = 'x'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.get(&admin, &photo).await.status.as_u16(), 500);
    // What is too large is not read, and an organisation has only so much room.
    let large = vec![0xff; (4 << 20) + 1];
    assert_eq!(world.send_photo(&dora, "word-0001", &large).await.status.as_u16(), 413);
    let world = world.restart(|config| config.driving.photo_bytes_per_organisation = 200).await;
    let dora = world.actor("dora@example.org").await;
    world.report(&dora, &[word("word-0002", &own[1], "missed", 25_000)]).await.expect(200);
    assert_eq!(world.send_photo(&dora, "word-0002", &file).await.code(), "photos_full");
}

/// Photos that do not arrive keep no table waiting, and nobody takes all the room for photos.
async fn slow_photos_hold_nobody_up(world: World) {
    let (admin, [dora, dirk]) = driven(&world).await;
    let own = bins(&world.route(&dirk).await);
    let mut slow = vec![dora];
    for i in 0..6 {
        slow.push(world.member(&admin, &format!("slow{i}"), "driver").await);
    }
    let (world, mut under_way) = (shared(world), Vec::new());
    for driver in &slow {
        for _ in 0..2 {
            let (world, access) = (world.clone(), driver.access.clone());
            under_way.push(tokio::spawn(async move {
                let never = futures_util::stream::pending::<Result<Vec<u8>, std::convert::Infallible>>();
                let request = Request::put("/v1/driving/reports/word-0001/photo")
                    .header(header::AUTHORIZATION, format!("Bearer {access}"));
                world.raw(request.body(Body::from_stream(never)).unwrap()).await.status().as_u16()
            }));
        }
    }
    let begun = Instant::now();
    // Each of them has two under way, and no more.
    for driver in &slow {
        while world.send_photo(driver, "word-0001", b"x").await.code() != "rate_limited" {
            assert!(begun.elapsed() < Duration::from_secs(5), "the photos are not under way");
        }
    }
    let depot = json!([{"code": "yard", "lon": 4.90, "lat": 52.37}]);
    let import = tokio::time::timeout(Duration::from_secs(5), world.import(&admin, "depots", depot));
    import.await.expect("slow photos keep a table waiting").expect(200);
    world.report(&dirk, &[word("word-0001", &own[0], "missed", 25_000)]).await.expect(200);
    let photo = driving::a_photo();
    let photo = tokio::time::timeout(Duration::from_secs(5), world.send_photo(&dirk, "word-0001", &photo));
    photo.await.expect("slow photos keep another one waiting").expect(204);
    eprintln!(
        "photos: beside {} that do not arrive, a table and a photo took {:.1?}",
        under_way.len(),
        begun.elapsed()
    );
    for task in under_way {
        // They are given up in their own time.
        task.abort();
    }
}

async fn positions_ahead_of_the_clock_are_refused(world: World) {
    let (admin, [dora, _]) = driven(&world).await;
    let path = format!("/v1/driving/days/{DAY}/positions");
    let at = |at: i64| json!({"at": at, "lon": 4.1, "lat": 52.3, "accuracy": 12});
    let send = async |positions: Value| world.post(&dora, &path, json!({"positions": positions})).await;
    // It is ten in the morning of the next day where it is latest, and nobody has said where the organisation is.
    send(json!([at(86_400 + 36_000)])).await.expect(204);
    send(json!([at(86_400 + 37_000)])).await.expect(422);
    let zone = json!({"zone": "Europe/Amsterdam"});
    world.put(&admin, "/v1/forecast-settings", zone).await.expect(200);
    // Nine in the evening there.
    let nine = 21 * 3_600;
    let refused = send(json!([at(nine), at(nine + 590), at(nine + 7_200), at(86_400)])).await.expect(422);
    let told: Vec<(&str, &str)> = refused["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["path"].as_str().unwrap(), fault["message"].as_str().unwrap()))
        .collect();
    assert_eq!(told.iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["$.positions[2].at", "$.positions[3].at"]);
    assert!(told[0].1.contains("seconds ahead of the service's clock"), "{told:?}");
    assert_eq!(world.count("positions").await, 1, "none of them is stored");
    send(json!([at(nine), at(nine + 590)])).await.expect(204);
    assert_eq!(world.count("positions").await, 3);
}

async fn positions_are_thinned_and_limited(world: World) {
    let world = world.restart(|config| config.driving.positions_per_minute = 5).await;
    let (admin, [dora, dirk]) = driven(&world).await;
    let path = format!("/v1/driving/days/{DAY}/positions");
    let at = |at: i64, lon: f64| json!({"at": at, "lon": lon, "lat": 52.3, "accuracy": 12});
    let send =
        async |driver: &Actor, positions: Value| world.post(driver, &path, json!({"positions": positions})).await;
    // Twice, and of ten seconds one: a phone that got no answer sends again.
    for _ in 0..2 {
        send(&dora, json!([at(30_000, 4.1), at(30_004, 4.2), at(30_010, 4.3), at(30_100, 4.4)])).await.expect(204);
    }
    assert_eq!(world.count("positions").await, 3);
    send(&dora, json!([at(29_000, 4.0)])).await.expect(204);
    send(&dirk, json!([at(28_000, 4.9)])).await.expect(204);
    let last = world.get(&admin, &format!("/v1/days/{DAY}/positions")).await.expect(200);
    assert_eq!(
        last,
        json!([{"vehicle": "t1", "at": 30_100, "lon": 4.4, "lat": 52.3, "accuracy": 12},
               {"vehicle": "t2", "at": 28_000, "lon": 4.9, "lat": 52.3, "accuracy": 12}])
    );
    let wrong = json!([{"at": 1, "lon": 181, "lat": -91, "accuracy": -1}, {"at": 1}]);
    let faults = send(&dirk, wrong).await.expect(422);
    let paths: Vec<&str> = faults["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.positions[1]", "$.positions[0].lon", "$.positions[0].lat", "$.positions[0].accuracy"]);
    let mut held = 0;
    for i in 0..10 {
        let answer = send(&dora, json!([at(40_000 + 10 * i, 4.0)])).await;
        held += usize::from(answer.status.as_u16() == 429);
    }
    assert!((7..=8).contains(&held), "five a minute, of which three were sent before: {held}");
    send(&dirk, json!([at(41_000, 4.0)])).await.expect(204);
    // Who drives nothing is nowhere.
    assert_eq!(send(&admin, json!([at(1, 4.0)])).await.code(), "not_found");
}

async fn what_is_old_is_deleted(world: World) {
    let (_, [dora, _]) = driven(&world).await;
    let own = bins(&world.route(&dora).await);
    world.report(&dora, &[word("word-0001", &own[0], "missed", 25_000)]).await.expect(200);
    world.send_photo(&dora, "word-0001", &driving::a_photo()).await.expect(204);
    let position = json!({"positions": [{"at": 1, "lon": 4.0, "lat": 52.0, "accuracy": 5}]});
    world.post(&dora, &format!("/v1/driving/days/{DAY}/positions"), position).await.expect(204);
    let counts = async || [world.count("photos").await, world.count("positions").await, world.count("reports").await];
    world.app.maintain().await.unwrap();
    assert_eq!(counts().await, [1, 1, 1]);
    for (days, expected) in [(29, [1, 1, 1]), (2, [1, 0, 1]), (58, [1, 0, 1]), (2, [0, 0, 1])] {
        world.clock.advance(days * 86_400_000);
        driving::sweep(&world.app.ledger, &world.config.driving).await.unwrap();
        assert_eq!(counts().await, expected);
    }
}
