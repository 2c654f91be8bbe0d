//! No room left on the disk, and room again.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Place, Service, count_of, json_of, request};

/// Readings from the number `from` on, of one bin.
fn send(service: &Service, access: &str, from: i64, count: i64) -> (u16, String) {
    let readings: Vec<Value> = (from..from + count)
        .map(|i| json!({"bin": "b", "at": 1_700_000_000_000 + i * 60_000, "fill_percent": i % 101}))
        .collect();
    service.request("POST", "/v1/readings", Some(access), Some(&json!({"readings": readings}))).unwrap()
}

fn import_bin(service: &Service, access: &str) {
    let bins = json!([{"code": "b", "lon": 4.9, "lat": 52.4, "load_kg": 100}]);
    json_of(service.request("POST", "/v1/fleet/bins/import", Some(access), Some(&bins)), 200);
}

/// Sends readings until not even one has room; gives how many were accepted.
fn fill(service: &Service, access: &str) -> i64 {
    let mut accepted = 0;
    for count in [1_000, 50, 1] {
        loop {
            match send(service, access, accepted, count) {
                (200, _) => accepted += count,
                refused => {
                    assert!(refused.0 == 503 && refused.1.contains("unavailable"), "{refused:?}");
                    break;
                }
            }
            assert!(accepted < 1_000_000, "the disk never fills");
        }
    }
    accepted
}

/// Without room the service says so, and reads; with room again it works again, by itself. Whether it is ready without room
/// depends on whether anything can be written.
fn recovers(service: &Service, access: &str, nothing_is_written: bool, give_room: impl FnOnce()) {
    import_bin(service, access);
    let accepted = fill(service, access);
    let status = |path| service.request("GET", path, None, None).unwrap().0;
    let until = |wanted: u16| {
        let start = Instant::now();
        while status("/health/ready") != wanted {
            assert!(start.elapsed() < Duration::from_secs(10), "ready does not become {wanted}");
            sleep(Duration::from_millis(50));
        }
        start.elapsed()
    };
    if nothing_is_written {
        until(503);
    }
    assert_eq!(status("/health/live"), 200);
    json_of(service.request("GET", "/v1/fleet/bins/b", Some(access), None), 200);
    // Every connection of the pool meets the fault.
    let refused: Vec<_> = (0..24)
        .map(|_| {
            let (address, access) = (service.address.clone(), access.to_owned());
            let body = json!({"readings": [{"bin": "b", "at": 1_600_000_000_000_i64, "fill_percent": 1}]});
            std::thread::spawn(move || request(&address, "POST", "/v1/readings", Some(&access), Some(&body)))
        })
        .collect();
    for answer in refused {
        let status = answer.join().unwrap().unwrap().0;
        assert!([200, 503].contains(&status), "{status}");
    }
    give_room();
    let after = until(200);
    for _ in 0..24 {
        service.sign_in();
    }
    assert_eq!(send(service, access, accepted, 100).0, 200);
    let newest = json_of(service.request("GET", "/v1/readings/b?limit=1", Some(access), None), 200);
    assert_eq!(newest[0]["at"], 1_700_000_000_000 + (accepted + 99) * 60_000);
    let log = json_of(service.request("POST", "/v1/audit/verify", Some(access), Some(&json!({}))), 200);
    assert_eq!(log["reason"], Value::Null, "{log}");
    eprintln!("outages: full after {accepted} readings; ready again {after:.1?} after there was room");
}

/// Row 13 of the plan: without room on the disk nothing that was accepted is lost, and reading goes on.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    const BATCH: i64 = 1_000;
    let place = Place::sqlite();
    let service = Service::start(&place);
    let access = service.sign_up(&place);
    import_bin(&service, &access);
    service.stop();
    // No file may grow beyond two megabytes: the operating system refuses, as it does when there is no room.
    let mut limited = Command::new("sh");
    limited.args(["-c", r#"trap "" XFSZ; ulimit -f 4096; exec "$0" "$@""#]);
    let limited = place.program_by(limited);
    let service = Service::start_by(&place, limited);
    let access = service.sign_in();
    let mut accepted = 0;
    let refused = loop {
        match send(&service, &access, accepted * BATCH, BATCH) {
            (200, _) => accepted += 1,
            refused => break refused,
        }
        assert!(accepted < 1_000, "the disk never fills");
    };
    assert!(refused.0 == 503 && refused.1.contains("unavailable"), "{refused:?}");
    json_of(service.request("GET", "/health/live", None, None), 200);
    json_of(service.request("GET", "/v1/fleet/bins/b", Some(&access), None), 200);
    service.kill();
    let found = count_of(&place, "readings");
    assert_eq!(found, accepted * BATCH);
    let service = Service::start(&place);
    let access = service.sign_in();
    assert_eq!(send(&service, &access, accepted * BATCH, BATCH).0, 200);
    assert!(place.run(&["audit", "verify"]).status.success());
    service.stop();
    eprintln!("outages: the disk was full after {accepted} batches of {BATCH} readings; {found} are there");
}

/// A small file system of its own is the data folder: nobody but the service sees it.
#[cfg(target_os = "linux")]
#[test]
fn room_again_means_work_again_over_sqlite() {
    const MOUNT: &str =
        r#"mount -t tmpfs -o size=10m tmpfs "$0" && head -c 3000000 /dev/zero > "$0/ballast" && exec "$@""#;
    let place = Place::sqlite();
    let mount = || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", MOUNT]).arg(place.path());
        command
    };
    let allowed = mount().arg("true").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !allowed.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this user may not mount a small file system in a name space of its own");
        return;
    }
    let limited = place.program_by(mount());
    let service = Service::start_by(&place, limited);
    let access = service.sign_up(&place);
    let inside = PathBuf::from(format!("/proc/{}/root{}", service.child.id(), place.path().display()));
    recovers(&service, &access, true, || std::fs::remove_file(inside.join("ballast")).unwrap());
    service.stop();
}

/// The database lies in a table space on a small file system, where the server has one. A server that has no room for one
/// database works badly for others: the test runs alone.
#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn room_again_means_work_again_over_postgres() {
    let given = |name: &str| std::env::var(name).ok();
    let (Some(small), Some(root)) = (given("MILKRUN_TEST_POSTGRES_SMALL"), given("MILKRUN_TEST_POSTGRES_ROOT")) else {
        eprintln!("skipped: the server has no small file system (MILKRUN_TEST_POSTGRES_SMALL)");
        return;
    };
    let place = Place::postgres_within("full", &small);
    // As the server sees it: nobody else does.
    let ballast = PathBuf::from(format!("{root}{small}/ballast"));
    std::fs::write(&ballast, vec![b'x'; 8 << 20]).unwrap();
    let service = Service::start(&place);
    let access = service.sign_up(&place);
    recovers(&service, &access, false, || std::fs::remove_file(ballast).unwrap());
    service.stop();
}
