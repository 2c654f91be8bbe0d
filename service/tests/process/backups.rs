//! Backups, killed wherever they are; and what is said where a tool is missing.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::support::{Place, Service, count_of, json_of, rounds};

#[test]
fn a_killed_backup_leaves_none() {
    kills("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_killed_backup_leaves_none_over_postgres() {
    if Command::new("pg_dump").arg("--version").output().is_err() {
        eprintln!("skipped: there is no pg_dump");
        return;
    }
    kills("PostgreSQL", &Place::postgres("backups"));
}

/// Whenever it is killed, a file that has the backup's name is a whole backup, and the next one succeeds.
fn kills(store: &str, place: &Place) {
    let service = Service::start(place);
    let access = service.sign_up(place);
    let bins: Vec<_> =
        (0..50).map(|i| json!({"code": format!("b{i}"), "lon": 4.9, "lat": 52.3, "load_kg": 90})).collect();
    json_of(service.request("POST", "/v1/fleet/bins/import", Some(&access), Some(&json!(bins))), 200);
    for batch in 0..4 {
        let readings: Vec<_> = (0..5_000_i64)
            .map(|i| json!({"bin": format!("b{}", i % 50), "at": 1_767_225_600_000 + (batch * 5_000 + i) * 1_000, "fill_percent": 5}))
            .collect();
        json_of(service.request("POST", "/v1/readings", Some(&access), Some(&json!({"readings": readings}))), 200);
    }
    let out = place.path().join("the.backup");
    let out = out.to_str().unwrap();
    let (mut killed, mut whole, mut delay) = (0, 0, 3);
    for _ in 0..20 * rounds() {
        let mut command = place.program();
        command.args(["backup", "--out", out]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        sleep(Duration::from_millis(delay));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        if std::path::Path::new(out).exists() {
            let checked = place.run(&["restore", "--check", "--from", out]);
            assert!(checked.status.success(), "{checked:?}");
            std::fs::remove_file(out).unwrap();
            whole += 1;
        }
        delay = (delay * 3 / 2) % 1_500 + 3;
    }
    let made = place.run(&["backup", "--out", out]);
    assert!(made.status.success(), "{made:?}");
    assert!(place.run(&["restore", "--check", "--from", out]).status.success());
    let left = ["backup.work", "the.backup.part"].map(|name| place.path().join(name).exists());
    assert_eq!(left, [false, false]);
    assert_eq!(count_of(place, "readings"), 20_000);
    assert!(place.run(&["audit", "verify"]).status.success());
    service.stop();
    eprintln!("backups ({store}): {killed} killed, {whole} made before, all of these whole; the next one is made");
    assert!(killed >= 5 * rounds(), "{killed}");
}

/// Without the server's programs, a backup says what to install.
#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_missing_tool_is_named_over_postgres() {
    let place = Place::postgres("tools");
    assert!(place.run(&["keys", "list"]).status.success());
    let mut command = place.program();
    let out = place.path().join("b");
    let told = command.env("PATH", place.path()).args(["backup", "--out"]).arg(&out).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(!told.status.success() && said.contains("pg_dump cannot be started") && said.contains("install"), "{said}");
    assert!(!out.exists() && !place.path().join("b.part").exists());
}

/// An empty database has no backup, and a file that is none is not restored.
#[test]
fn what_is_no_backup_is_refused() {
    let place = Place::sqlite();
    let told = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let file = place.path().join("file");
    let empty = told(place.program().args(["backup", "--out"]).arg(&file));
    assert!(empty.contains("the database is empty"), "{empty}");
    assert!(place.run(&["schema", "up", "--to", "2"]).status.success());
    assert!(place.run(&["keys", "list"]).status.success(), "makes the master key");
    for bytes in [&b""[..], b"mkbackup", b"PK\x03\x04, and what follows, which is long enough for a header"] {
        std::fs::write(&file, bytes).unwrap();
        for more in [&["restore", "--check", "--from"][..], &["restore", "--from"]] {
            let none = told(place.program().args(more).arg(&file));
            assert!(none.contains("is no backup of this service"), "{none}");
        }
    }
}
