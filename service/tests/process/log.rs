//! A log that nobody takes.

use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::support::{Place, Service, json_of, request};

/// More lines than a pipe and those that wait have room for.
const REQUESTS: usize = 6_000;

/// Answers everything while its log goes nowhere, says how much was dropped, and stops.
fn goes_on(what: &str, log: impl Into<Stdio>, why: &str) {
    let place = Place::sqlite();
    let service = Service::start_logging(&place, log);
    let access = service.sign_up(&place);
    let start = Instant::now();
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let (address, access) = (service.address.clone(), access.clone());
            std::thread::spawn(move || {
                for path in ["/health/live", "/health/ready", "/v1/me"].iter().cycle().take(REQUESTS / 4) {
                    json_of(request(&address, "GET", path, Some(&access), None), 200);
                }
            })
        })
        .collect();
    for asking in asking {
        asking.join().unwrap();
    }
    let asked = start.elapsed();
    let (_, figures) = request(&service.metrics, "GET", "/metrics", None, None).unwrap();
    let dropped = figures.lines().find_map(|line| {
        line.strip_prefix("milkrun_log_lines_dropped_total")?.strip_prefix(&format!("{{why=\"{why}\"}} "))?.parse().ok()
    });
    let dropped: u64 = dropped.unwrap_or_else(|| panic!("{figures}"));
    let stopping = Instant::now();
    service.stop();
    assert!(stopping.elapsed() < Duration::from_secs(10), "{:?}", stopping.elapsed());
    eprintln!("log: {what}: {REQUESTS} requests answered in {asked:.1?}, {dropped} lines dropped");
    assert!(dropped > 0, "{figures}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_without_room_drops_no_request() {
    goes_on("no room", OpenOptions::new().write(true).open("/dev/full").unwrap(), "failed");
}

#[test]
fn a_log_without_a_reader_drops_no_request() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    goes_on("no reader", writer, "failed");
}

#[test]
fn a_log_whose_reader_is_stuck_drops_no_request() {
    let (reader, writer) = std::io::pipe().unwrap();
    goes_on("a stuck reader", writer, "behind");
    drop(reader);
}
