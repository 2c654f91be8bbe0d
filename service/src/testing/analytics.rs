//! Figures of days, held against a computation of its own from the raw rows, over random histories.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World, shared};
use crate::storage::Store;

over_both_stores!(
    figures_are_right_after_every_history,
    figures_are_right_while_words_come,
    figures_are_dated_and_one_s_own,
    days_that_were_like_a_day_are_found,
);

const DAYS: [&str; 3] = ["2026-12-03", "2026-12-04", "2026-12-05"];

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

async fn planned(world: &World, admin: &Actor, seed: u64) -> String {
    let body = json!({"iterations": 100, "seconds": 20, "seed": seed});
    let job = world.post(admin, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    world.ended(admin, &job).await["plan_id"].as_str().unwrap().to_owned()
}

/// One number for each name, by a statement over the raw rows.
async fn sums(store: &Store, text: &'static str) -> BTreeMap<String, i64> {
    let mut connection = store.connection().await.unwrap();
    let rows: Vec<(String, i64)> = sqlx::query_as(text).fetch_all(&mut *connection).await.unwrap();
    rows.into_iter().collect()
}

/// The plan that a day began with, that which holds, and the words on stops, joined row by row.
const FRESH: [(&str, &str); 8] = [
    (
        "planned_stops",
        "SELECT r.vehicle, COUNT(*) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
         WHERE v.version = 1 AND s.activity IN ('client', 'pickup', 'delivery') GROUP BY r.vehicle",
    ),
    (
        "planned_distance",
        "SELECT r.vehicle, CAST(SUM(r.distance) AS BIGINT) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         WHERE v.version = 1 GROUP BY r.vehicle",
    ),
    (
        "done_stops",
        "SELECT r.vehicle, COUNT(*) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
         JOIN confirmations c ON c.org_id = v.org_id AND c.day = v.day AND c.activity = s.activity AND c.code = s.code
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day) AND c.outcome = 'done'
         GROUP BY r.vehicle",
    ),
    (
        "missed_stops",
        "SELECT r.vehicle, COUNT(*) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
         JOIN confirmations c ON c.org_id = v.org_id AND c.day = v.day AND c.activity = s.activity AND c.code = s.code
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day) AND c.outcome = 'missed'
         GROUP BY r.vehicle",
    ),
    (
        "late_stops",
        "SELECT r.vehicle, COUNT(*) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
         JOIN confirmations c ON c.org_id = v.org_id AND c.day = v.day AND c.activity = s.activity AND c.code = s.code
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day) AND c.outcome = 'done'
           AND c.at_second > s.start_at + 900
         GROUP BY r.vehicle",
    ),
    (
        "done_load",
        "SELECT r.vehicle, CAST(SUM(s.load) AS BIGINT) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN stops s ON s.plan_id = r.plan_id AND s.route = r.route
         JOIN confirmations c ON c.org_id = v.org_id AND c.day = v.day AND c.activity = s.activity AND c.code = s.code
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day) AND c.outcome = 'done'
         GROUP BY r.vehicle",
    ),
    (
        "done_cost",
        "SELECT r.vehicle, CAST(SUM(r.cost) AS BIGINT) FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day)
           AND EXISTS (SELECT 1 FROM stops s JOIN confirmations c ON c.activity = s.activity AND c.code = s.code
                       WHERE s.plan_id = r.plan_id AND s.route = r.route AND c.day = v.day AND c.outcome = 'done')
         GROUP BY r.vehicle",
    ),
    (
        // The last stop that was done says how late the vehicle was home.
        "overtime",
        "SELECT r.vehicle, CAST(SUM(CASE WHEN r.end_at + d.delay > r.shift_until THEN r.end_at + d.delay - r.shift_until
                                         ELSE 0 END) AS BIGINT)
         FROM day_versions v JOIN routes r ON r.plan_id = v.plan_id
         JOIN (SELECT s.plan_id, s.route, c.day,
                      CASE WHEN c.at_second > s.start_at THEN c.at_second - s.start_at ELSE 0 END AS delay
               FROM stops s JOIN confirmations c ON c.activity = s.activity AND c.code = s.code
               WHERE c.outcome = 'done' AND NOT EXISTS (
                   SELECT 1 FROM stops t JOIN confirmations e ON e.activity = t.activity AND e.code = t.code
                   WHERE t.plan_id = s.plan_id AND t.route = s.route AND e.day = c.day AND e.outcome = 'done'
                     AND (t.trip > s.trip OR (t.trip = s.trip AND t.position > s.position)))) d
              ON d.plan_id = r.plan_id AND d.route = r.route AND d.day = v.day
         WHERE v.version = (SELECT MAX(w.version) FROM day_versions w WHERE w.day = v.day)
         GROUP BY r.vehicle",
    ),
];

/// Compares all figures by truck with those worked out afresh.
async fn compare(world: &World, admin: &Actor, step: usize) -> usize {
    world.app.refresher().refresh().await.unwrap();
    let path = "/v1/analytics/performance?by=truck&from=2026-12-01&until=2026-12-31";
    let report = world.get(admin, path).await.expect(200);
    assert_eq!(report["changed"], json!([]));
    let mut seen = 0;
    for (name, text) in FRESH {
        let fresh = sums(&world.app.ledger.store, text).await;
        let mut kept: BTreeMap<String, i64> = BTreeMap::new();
        for row in report["rows"].as_array().unwrap() {
            kept.insert(row["name"].as_str().unwrap().to_owned(), row[name].as_i64().unwrap());
        }
        kept.retain(|_, value| *value != 0);
        let fresh: BTreeMap<String, i64> = fresh.into_iter().filter(|(_, value)| *value != 0).collect();
        assert_eq!(kept, fresh, "{name} after step {step}");
        seen += fresh.len();
    }
    // However they are added up, it is the same sum.
    for by in ["day", "driver", "area"] {
        let other = world.get(admin, &path.replace("by=truck", &format!("by={by}"))).await.expect(200);
        let sum = |report: &Value, name: &str| -> i64 {
            report["rows"].as_array().unwrap().iter().map(|row| row[name].as_i64().unwrap()).sum()
        };
        for name in ["planned_cost", "planned_duration", "done_stops", "done_duration", "open_stops", "overtime"] {
            assert_eq!(sum(&other, name), sum(&report, name), "{name} by {by} after step {step}");
        }
    }
    seen
}

async fn figures_are_right_after_every_history(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 14).await;
    // A short shift, so that there is overtime.
    let trucks = json!([{"code": "t1", "depot": "yard", "capacity_kg": 1200, "shift_until": 32_000},
                        {"code": "t2", "depot": "yard", "capacity_kg": 1200, "shift_until": 31_000}]);
    world.import(&admin, "vehicles", trucks).await.expect(200);
    world.import(&admin, "drivers", json!([{"code": "dora", "vehicle": "t1"}])).await.expect(200);
    let stop = world.work();
    let mut plans = Vec::new();
    for seed in 1..=3 {
        plans.push(planned(&world, &admin, seed).await);
    }
    stop.send_replace(true);
    let mut dice = Dice(0x5eed);
    let mut versions = [0_i64; DAYS.len()];
    let mut seen = 0;
    for step in 0..60 {
        let which = dice.below(DAYS.len());
        let day = format!("/v1/days/{}", DAYS[which]);
        if versions[which] == 0 || dice.below(5) == 0 {
            let body = json!({"plan_id": plans[dice.below(plans.len())], "version": versions[which]});
            world.send(Some(&admin.access), "PUT", &day, Some(body)).await.expect(200);
            versions[which] += 1;
        } else {
            // Some words, among them old ones that come late, and some that come twice.
            let routes = world.get(&admin, &format!("{day}/routes")).await.expect(200);
            let stops: Vec<Value> =
                routes.as_array().unwrap().iter().flat_map(|r| r["stops"].as_array().unwrap()).cloned().collect();
            let stops: Vec<&Value> = stops.iter().filter(|stop| stop["activity"] == "client").collect();
            let words: Vec<Value> = (0..=dice.below(6))
                .map(|_| {
                    let stop = stops[dice.below(stops.len())];
                    let at = stop["start_at"].as_i64().unwrap() + dice.below(6_000) as i64 - 2_000;
                    let outcome = ["done", "done", "missed"][dice.below(3)];
                    json!({"code": stop["code"], "outcome": outcome, "at": at})
                })
                .collect();
            for _ in 0..=dice.below(2) {
                world.post(&admin, &format!("{day}/confirmations"), json!({"stops": words})).await.expect(204);
            }
        }
        if dice.below(3) == 0 || step == 59 {
            seen += compare(&world, &admin, step).await;
        }
    }
    eprintln!("analytics: 60 random changes, {seen} figures compared with a fresh computation, none differs");
    assert!(seen > 100, "{seen}");
}

/// Two processes work figures out while drivers speak: no word is forgotten.
async fn figures_are_right_while_words_come(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 14).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    stop.send_replace(true);
    for day in DAYS {
        let body = json!({"plan_id": plan, "version": 0});
        world.send(Some(&admin.access), "PUT", &format!("/v1/days/{day}"), Some(body)).await.expect(200);
    }
    let world = shared(world);
    let (sender, stop) = tokio::sync::watch::channel(false);
    let refreshers: Vec<_> = (0..2).map(|_| tokio::spawn(world.app.refresher().run(stop.clone()))).collect();
    let driver = |number: usize| {
        let (world, admin) = (world.clone(), admin.clone());
        async move {
            for i in 0..14 {
                let code = format!("b{:04}", (i + number) % 14);
                let word = json!({"stops": [{"code": code, "outcome": "done", "at": 25_000 + i * 100 + number}]});
                let path = format!("/v1/days/{}/confirmations", DAYS[(i + number) % DAYS.len()]);
                world.post(&admin, &path, word).await.expect(204);
                world.app.wake_refresher.notify_one();
            }
        }
    };
    futures_util::future::join_all((0..4).map(|number| tokio::spawn(driver(number)))).await;
    sender.send_replace(true);
    for refresher in refreshers {
        refresher.await.unwrap();
    }
    assert!(compare(&world, &admin, 0).await > 0);
}

async fn figures_are_dated_and_one_s_own(world: World) {
    let admin = world.founder("ada").await;
    let eve = world.founder("eve").await;
    world.city(&admin, 6).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    stop.send_replace(true);
    let path = "/v1/analytics/performance?from=2026-12-01&until=2026-12-31";
    let body = json!({"plan_id": plan, "version": 0});
    world.send(Some(&admin.access), "PUT", "/v1/days/2026-12-03", Some(body)).await.expect(200);
    // Until they are worked out, it is said that they are missing.
    let before = world.get(&admin, path).await.expect(200);
    assert_eq!(before, json!({"rows": [], "changed": ["2026-12-03"]}));
    let refresher = world.app.refresher();
    assert_eq!((refresher.refresh().await.unwrap(), refresher.refresh().await.unwrap()), (1, 0));
    let first = world.get(&admin, path).await.expect(200)["rows"][0].clone();
    assert_eq!(
        (&first["name"], &first["planned_stops"], &first["open_stops"]),
        (&json!("2026-12-03"), &json!(6), &json!(6))
    );
    assert_eq!((&first["planned_load"], &first["cost_per_tonne"]), (&json!(900), &Value::Null));
    // Days later a driver remembers.
    world.clock.advance(5 * 60_000);
    let word = json!({"stops": [{"code": "b0000", "outcome": "done", "at": 40_000}]});
    world.post(&admin, "/v1/days/2026-12-03/confirmations", word).await.expect(204);
    assert_eq!(world.get(&admin, path).await.expect(200)["changed"], json!(["2026-12-03"]));
    refresher.refresh().await.unwrap();
    let later = world.get(&admin, path).await.expect(200)["rows"][0].clone();
    assert_eq!((&later["done_stops"], &later["open_stops"], &later["done_load"]), (&json!(1), &json!(5), &json!(150)));
    assert!(later["as_of"].as_i64().unwrap() >= first["as_of"].as_i64().unwrap() + 5 * 60_000);
    let (cost, tonne) = (later["done_cost"].as_f64().unwrap(), later["cost_per_tonne"].as_f64().unwrap());
    assert!((tonne - cost / 0.15).abs() < 1e-6 && later["cost_per_stop"].as_f64() == Some(cost));
    assert_eq!(world.get(&eve, path).await.expect(200), json!({"rows": [], "changed": []}));
    for (wrong, path) in [
        ("?from=2026-12-01", "?"),
        ("?from=2026-12-01&until=today", "?until"),
        ("?by=moon&from=2026-12-01&until=2026-12-31", "?by"),
        ("?limit=0&from=2026-12-01&until=2026-12-31", "?limit"),
    ] {
        let refused = world.get(&admin, &format!("/v1/analytics/performance{wrong}")).await.expect(422);
        assert_eq!(refused["faults"][0]["path"], path, "{wrong}");
    }
}

async fn days_that_were_like_a_day_are_found(world: World) {
    let (admin, eve) = (world.founder("ada").await, world.founder("eve").await);
    world.city(&admin, 8).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    stop.send_replace(true);
    // Thursdays, a Friday in between, and a Thursday in summer.
    for day in ["2026-06-04", "2026-11-19", "2026-11-26", "2026-11-27", "2026-12-10"] {
        let body = json!({"plan_id": plan, "version": 0});
        world.send(Some(&admin.access), "PUT", &format!("/v1/days/{day}"), Some(body)).await.expect(200);
    }
    let word = json!({"stops": [{"code": "b0000", "outcome": "done", "at": 25_000}, {"code": "b0001", "outcome": "missed", "at": 26_000}]});
    world.post(&admin, "/v1/days/2026-11-26/confirmations", word).await.expect(204);
    world.app.refresher().refresh().await.unwrap();
    let path = "/v1/days/2026-12-03/similar";
    let names = |told: &Value| -> Vec<String> {
        told["days"].as_array().unwrap().iter().map(|day| day["name"].as_str().unwrap().to_owned()).collect()
    };
    let told = world.get(&admin, path).await.expect(200);
    // What comes after the day is not among them.
    assert_eq!(names(&told), ["2026-11-26", "2026-11-19", "2026-11-27", "2026-06-04"]);
    assert_eq!((&told["planned"], &told["unusual"]), (&json!(false), &json!([])));
    assert_eq!((&told["expected"]["days"], &told["expected"]["missed_stops"]["high"]), (&json!(1), &json!(1)));
    let load = told["days"][0]["done_load"].clone();
    assert_eq!(told["expected"]["done_load"], json!({"low": load, "middle": load, "high": load}));
    // With a plan of its own, the same as theirs, the calendar still decides, and nothing is unusual.
    let body = json!({"plan_id": plan, "version": 0});
    world.send(Some(&admin.access), "PUT", "/v1/days/2026-12-03", Some(body)).await.expect(200);
    world.app.refresher().refresh().await.unwrap();
    let told = world.get(&admin, &format!("{path}?count=2")).await.expect(200);
    assert_eq!(
        (names(&told), &told["planned"]),
        (vec!["2026-11-26".to_owned(), "2026-11-19".to_owned()], &json!(true))
    );
    let nothing = json!({"planned": false, "days": [], "expected": null, "unusual": [], "areas_together": 0});
    assert_eq!(world.get(&eve, path).await.expect(200), nothing);
    assert_eq!(world.get(&admin, "/v1/days/soon/similar").await.expect(422)["faults"][0]["path"], "day");
    assert_eq!(world.get(&admin, &format!("{path}?count=0")).await.expect(422)["faults"][0]["path"], "?count");
}
