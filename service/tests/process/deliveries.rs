//! Killed wherever it is while it sends: nothing is lost, and nothing is sent twice to who heeds keys.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Place, Service, count_of, json_of, rounds};

/// Events that were received, by id: how often each came.
type Received = Arc<Mutex<HashMap<String, usize>>>;

/// A receiver of webhooks that takes its time.
fn receiver() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/events", listener.local_addr().unwrap());
    let received = Received::default();
    let kept = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || receive(stream, &kept));
        }
    });
    (address, received)
}

/// Requests of one connection; ends when the other side does.
fn receive(stream: TcpStream, kept: &Received) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut stream = stream;
    loop {
        let (mut id, mut length, mut line) = (String::new(), 0, String::new());
        while lines.read_line(&mut line).ok().filter(|read| *read > 0)? > 2 {
            let lower = line.trim().to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("webhook-id: ") {
                value.clone_into(&mut id);
            }
            if let Some(value) = lower.strip_prefix("content-length: ") {
                length = value.parse().ok()?;
            }
            line.clear();
        }
        lines.read_exact(&mut vec![0; length]).ok()?;
        *kept.lock().unwrap().entry(id).or_default() += 1;
        // Long enough for the kill to come before the answer now and then.
        sleep(Duration::from_millis(10));
        stream.write_all(b"HTTP/1.1 204 Done\r\ncontent-length: 0\r\n\r\n").ok()?;
    }
}

fn program(place: &Place) -> Command {
    let mut program = place.program();
    program.env("MILKRUN_OUTSIDE_PRIVATE_ADDRESSES", "['127.0.0.1']");
    program.env("MILKRUN_OUTSIDE_LEASE_SECONDS", "1").env("MILKRUN_OUTSIDE_FIRST_WAIT_SECONDS", "1");
    program
}

/// A plan that days can have; its id.
fn planned(service: &Service, access: &str) -> String {
    let problem = json!({"milkrun": "problem", "version": 1, "depots": [{"name": "y", "location": {"x": 0, "y": 0}}],
        "clients": [{"location": {"x": 1, "y": 1}, "delivery": [1]}],
        "vehicle_types": [{"count": 1, "capacity": [10], "start": "y", "end": "y"}]});
    let body = json!({"problem": problem, "iterations": 10, "seconds": 1});
    let asked = json_of(service.request("POST", "/v1/plans", Some(access), Some(&body)), 202);
    let job = format!("/v1/jobs/{}", asked["job"]["id"].as_str().unwrap());
    loop {
        let job = json_of(service.request("GET", &job, Some(access), None), 200);
        if let Value::String(plan) = &job["plan_id"] {
            return plan.clone();
        }
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_killed_service_loses_no_delivery() {
    deliveries("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_killed_service_loses_no_delivery_over_postgres() {
    deliveries("PostgreSQL", &Place::postgres("deliveries"));
}

fn deliveries(store: &str, place: &Place) {
    const DAYS: u64 = 3;
    let (address, received) = receiver();
    let mut service = Service::start_by(place, program(place));
    let mut access = service.sign_up(place);
    let body = json!({"url": address, "events": ["day.plan_changed"]});
    json_of(service.request("POST", "/v1/webhook-endpoints", Some(&access), Some(&body)), 201);
    let plan = planned(&service, &access);
    let mut accepted = 0;
    for round in 0..rounds() {
        for i in 0..DAYS {
            let number = round * DAYS + i;
            let day = format!("/v1/days/{}-{:02}-{:02}", 2030 + number / 336, number % 336 / 28 + 1, number % 28 + 1);
            let body = json!({"plan_id": plan, "version": 0});
            json_of(service.request("PUT", &day, Some(&access), Some(&body)), 200);
            accepted += 1;
        }
        sleep(Duration::from_millis(round * 7 % 61));
        service.kill();
        service = Service::start_by(place, program(place));
        access = service.sign_in();
    }
    let start = Instant::now();
    while count_of(place, "outbox WHERE state <> 'sent'") > 0 {
        assert!(start.elapsed() < Duration::from_mins(2), "something is stuck");
        sleep(Duration::from_millis(200));
    }
    let rows = count_of(place, "outbox");
    service.stop();
    let received = received.lock().unwrap();
    let calls: usize = received.values().sum();
    eprintln!(
        "kills ({store}): {} of a service that sends: {} of {rows} events arrived, in {calls} calls, each under one id",
        rounds(),
        received.len()
    );
    assert_eq!((rows, received.len() as i64), (accepted, accepted), "one event for each day, and each arrived");
    assert!(received.keys().all(|id| !id.is_empty()));
}
