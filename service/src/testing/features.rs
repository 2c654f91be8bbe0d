//! Features as of a moment: what came later is not seen, over random histories held against a fresh computation.

use std::collections::BTreeMap;

use milkrun::forecast::{CleanParams, Emptyings, FeatureContext, FeatureState, SeriesSet, clean};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World};
use crate::forecasts::Definition;

over_both_stores!(
    features_know_nothing_of_what_comes_later,
    feature_sets_have_versions,
    forecast_settings_are_one_s_own,
);

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.unsigned_abs()).cast_signed()
    }
}

/// A world in which nobody has to sign in again for years, with a clock that tests move.
pub(super) async fn lasting(world: World) -> World {
    let world = world
        .restart(|config| {
            let auth = &mut config.auth;
            (auth.access_seconds, auth.refresh_seconds, auth.session_seconds) = (1 << 30, 1 << 30, 1 << 30);
            (auth.signing_key_seconds, auth.step_up_seconds) = (1 << 30, 1 << 30);
        })
        .await;
    world.clock.stop();
    world
}

/// What happened to readings: when, and what.
enum Came {
    Reading(i64, String, i64, f64),
    Deletion(i64, String, (i64, i64)),
}

/// The readings that were known at a moment, from the beginning.
fn replayed(log: &[Came], moment: i64) -> BTreeMap<(String, i64), f64> {
    let mut known = BTreeMap::new();
    for came in log {
        match came {
            Came::Reading(when, bin, at, fill) if *when <= moment => _ = known.insert((bin.clone(), *at), *fill),
            Came::Deletion(when, of, (from, until)) if *when <= moment => {
                known.retain(|(bin, at), _| bin != of || !(*from..*until).contains(at));
            }
            _ => {}
        }
    }
    known
}

/// The rows of all bins, worked out by the library from what was known.
fn fresh(log: &[Came], bins: usize, (as_of, service): (i64, i64), definition: &Definition) -> Vec<Vec<Option<f64>>> {
    let known = replayed(log, as_of);
    let (mut names, mut starts, mut times, mut values) = (Vec::new(), vec![0], Vec::new(), Vec::new());
    for i in 0..bins {
        let name = format!("b{i:04}");
        for ((_, at), fill) in known.range((name.clone(), i64::MIN)..=(name.clone(), as_of.min(service - 1))) {
            times.push(at.div_euclid(1_000));
            values.push(*fill);
        }
        starts.push(times.len());
        names.push(name);
    }
    let set = SeriesSet::from_parts(names, starts, times, values).unwrap();
    let params = CleanParams { tolerance: 100.0, ..CleanParams::default() };
    let cleaned = clean(&set, Emptyings::Infer, &params).unwrap();
    let events: Vec<Vec<i64>> = cleaned.emptyings.iter().map(|of| of.iter().map(|e| e.by).collect()).collect();
    let spec = milkrun::forecast::FeatureSpec::new(definition.features.clone());
    let context = FeatureContext { events: Some(&events), coords: None };
    let state = FeatureState::new(&cleaned.readings, &spec, &context).unwrap();
    let rows = state.rows::<f64>(&vec![service / 1_000; bins]).unwrap();
    let cells = |bin: usize| rows.row(bin).iter().map(|v| Some(*v).filter(|v| v.is_finite())).collect();
    (0..bins).map(cells).collect()
}

async fn ask(world: &World, actor: &Actor, day: &str, as_of: i64) -> Vec<Vec<Option<f64>>> {
    let path = format!("/v1/feature-sets/usual/rows?day={day}&as_of={as_of}&limit=5");
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = world.get(actor, &format!("{path}&after={after}")).await.expect(200);
        assert_eq!((&page["as_of"], &page["day"]), (&json!(as_of), &json!(day)));
        let rows = page["rows"].as_array().unwrap();
        let Some(last) = rows.last() else { return found };
        after = last["bin"].as_str().unwrap().to_owned();
        let cells = |row: &Value| row["values"].as_array().unwrap().iter().map(Value::as_f64).collect();
        found.extend(rows.iter().map(cells));
    }
}

async fn features_know_nothing_of_what_comes_later(world: World) {
    let world = lasting(world).await;
    let admin = world.founder("ada").await;
    let bins = 12;
    world.city(&admin, bins).await;
    let definition = r#"{"features": [{"lag": 1}, {"lag": 2}, {"span": {"span": 86400, "delay": 0, "stat": "mean"}},
        {"span": {"span": 259200, "delay": 3600, "stat": "max"}}, "since_event", {"calendar": "day_of_week"}]}"#;
    let body = json!({"definition": serde_json::from_str::<Value>(definition).unwrap()});
    world.send(Some(&admin.access), "PUT", "/v1/feature-sets/usual", Some(body)).await.expect(201);
    let definition = Definition::read("$", definition).unwrap();
    let (mut dice, start) = (Dice(0x00fe_a70e), world.clock.now());
    let (mut log, mut asked) = (Vec::new(), Vec::new());
    let (mut compared, mut values) = (0, 0);
    for step in 0..150 {
        world.clock.advance(1 + dice.below(6) * HOUR);
        let now = world.clock.now();
        let bin = format!("b{:04}", dice.below(bins as i64));
        // Some come at once, some late, some correct what is there, some are deleted.
        if dice.below(8) == 0 {
            let from = start + dice.below(20) * DAY;
            let path = format!("/v1/readings/{bin}?from={from}&until={}", from + DAY);
            world.delete(&admin, &path).await;
            log.push(Came::Deletion(now, bin, (from, from + DAY)));
        } else {
            let sent: Vec<(i64, i64)> =
                (0..=dice.below(6)).map(|_| (now - dice.below(60) * HOUR / 2, dice.below(120))).collect();
            let of = |(at, fill): &(i64, i64)| json!({"bin": bin, "at": at - at % HOUR, "fill_percent": fill});
            let body = json!({"readings": sent.iter().map(of).collect::<Vec<_>>()});
            world.post(&admin, "/v1/readings", body).await.expect(200);
            for (at, fill) in sent {
                log.push(Came::Reading(now, bin.clone(), at - at % HOUR, fill as f64));
            }
        }
        if step % 4 == 3 {
            let as_of = start + dice.below(now - start + 1);
            let day = jiff::Timestamp::from_millisecond(start + dice.below(now - start) + DAY).unwrap();
            let day = day.to_zoned(jiff::tz::TimeZone::UTC).date();
            let service = day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond() + 7 * HOUR;
            let found = ask(&world, &admin, &day.to_string(), as_of).await;
            assert_eq!(found, fresh(&log, bins, (as_of, service), &definition), "step {step}: {day} as of {as_of}");
            values += found.iter().flatten().flatten().count();
            compared += 1;
            asked.push((day.to_string(), as_of, found));
        }
    }
    // Whatever has come since: what was known then is the same.
    for (day, as_of, found) in &asked {
        assert_eq!(&ask(&world, &admin, day, *as_of).await, found, "{day} as of {as_of}");
    }
    assert!(world.count("reading_history").await > 10);
    eprintln!("features: {compared} moments of a random history, {values} values, none differs, before and after");
    assert!(values > 1_000, "{values}");
}

async fn feature_sets_have_versions(world: World) {
    let admin = world.founder("ada").await;
    let (eve, vera) = (world.founder("eve").await, world.member(&admin, "vera", "viewer").await);
    let put = async |actor: &Actor, definition: Value| {
        let body = json!({"definition": definition});
        world.send(Some(&actor.access), "PUT", "/v1/feature-sets/mine", Some(body)).await
    };
    let first = put(&admin, json!({})).await.expect(201);
    assert_eq!((&first["version"], &first["definition"]["history_days"]), (&json!(1), &json!(120)));
    // Said again, whatever the order of its fields: nothing new.
    let same = json!({"noise": 2.0, "history_days": 120});
    assert_eq!(put(&admin, same).await.expect(200)["checksum"], first["checksum"]);
    let second = put(&admin, json!({"history_days": 60})).await.expect(201);
    assert_eq!(second["version"], 2);
    assert_ne!(second["checksum"], first["checksum"]);
    let wrong = put(&admin, json!({"history_days": 1, "holidays": ["soon"], "features": [{"lag": 1_000_000}]})).await;
    let wrong = wrong.expect(422);
    let paths: Vec<&str> = wrong["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    let expected = ["$.definition.history_days", "$.definition.holidays[0]", "$.definition.features[0]"];
    assert_eq!(paths, expected);
    assert_eq!(put(&vera, json!({})).await.code(), "forbidden");
    assert_eq!(world.get(&vera, "/v1/feature-sets").await.expect(200).as_array().unwrap().len(), 2);
    assert_eq!(world.get(&eve, "/v1/feature-sets").await.expect(200), json!([]));
    assert_eq!(world.get(&eve, "/v1/feature-sets/mine/rows?day=2026-12-03").await.code(), "not_found");
    let missing = world.get(&admin, "/v1/feature-sets/mine/rows?day=2026-12-03&version=3").await;
    assert_eq!(missing.code(), "not_found");
    assert_eq!(world.details("features.defined").await.len(), 2);
}

async fn forecast_settings_are_one_s_own(world: World) {
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let usual = world.get(&eve, "/v1/forecast-settings").await.expect(200);
    assert_eq!((&usual["zone"], &usual["risk"], &usual["enabled"]), (&json!("UTC"), &json!(0.3), &json!(true)));
    let put = async |body: Value| world.send(Some(&ada.access), "PUT", "/v1/forecast-settings", Some(body)).await;
    let set = put(json!({"zone": "Europe/Amsterdam", "risk": 0.2})).await.expect(200);
    assert_eq!((&set["zone"], &set["run_at"]), (&json!("Europe/Amsterdam"), &json!(64_800)));
    assert_eq!(world.get(&ada, "/v1/forecast-settings").await.expect(200), set);
    assert_eq!(world.get(&eve, "/v1/forecast-settings").await.expect(200), usual);
    let wrong = put(json!({"zone": "Mars", "risk": 2})).await.expect(422);
    assert_eq!(wrong["faults"].as_array().unwrap().len(), 2);
    assert_eq!(put(json!({"moon": 1})).await.status.as_u16(), 422);
    assert_eq!(world.details("forecasts.set").await.len(), 1);
}
