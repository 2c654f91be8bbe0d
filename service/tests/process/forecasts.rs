//! Killed while it forecasts: each forecast that was asked for is made once, and whole.

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::support::{Place, Service, count_of, json_of, rounds};

const BINS: usize = 400;

#[test]
fn a_killed_service_loses_no_forecast() {
    forecasts("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_killed_service_loses_no_forecast_over_postgres() {
    forecasts("PostgreSQL", &Place::postgres("forecasts"));
}

/// Bins with forty days of readings.
fn fill(service: &Service, access: &str) {
    let bin = |i: usize| json!({"code": format!("b{i:04}"), "lon": 4.9, "lat": 52.4, "load_kg": 100});
    let bins = Value::from((0..BINS).map(bin).collect::<Vec<_>>());
    json_of(service.request("POST", "/v1/fleet/bins/import", Some(access), Some(&bins)), 200);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let reading = |i: usize, hour: i64| {
        let fill = (hour * (i as i64 % 7 + 1)) % 97;
        json!({"bin": format!("b{i:04}"), "at": now - hour * 3_600_000, "fill_percent": fill})
    };
    let all: Vec<Value> = (0..BINS).flat_map(|i| (1..40).map(move |day| reading(i, day * 24))).collect();
    for some in all.chunks(8_000) {
        json_of(service.request("POST", "/v1/readings", Some(access), Some(&json!({"readings": some}))), 200);
    }
}

fn forecasts(store: &str, place: &Place) {
    let mut service = Service::start(place);
    let mut access = service.sign_up(place);
    // What is due at its hour would come on top.
    let none = json!({"enabled": false});
    json_of(service.request("PUT", "/v1/forecast-settings", Some(&access), Some(&none)), 200);
    fill(&service, &access);
    let before = count_of(place, "bin_forecasts");
    for round in 0..rounds() {
        let run = json_of(service.request("POST", "/v1/forecasts", Some(&access), Some(&json!({}))), 202);
        let path = format!("/v1/forecast-runs/{}", run["id"].as_str().unwrap());
        sleep(Duration::from_millis(round * 83 % 900 + 20));
        service.kill();
        service = Service::start(place);
        let killed = Instant::now();
        access = service.sign_in();
        loop {
            let run = json_of(service.request("GET", &path, Some(&access), None), 200);
            if run["state"] == "done" {
                assert_eq!(run["bins"], BINS);
                break;
            }
            assert!(killed.elapsed() < Duration::from_mins(1), "{run}");
            sleep(Duration::from_millis(50));
        }
    }
    service.stop();
    let made = u64::try_from(count_of(place, "bin_forecasts") - before).unwrap();
    eprintln!("kills ({store}): {} of a service with a forecast, {made} bins forecast, none twice", rounds());
    assert_eq!(made, rounds() * BINS as u64);
}
