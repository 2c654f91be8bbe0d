//! Killed wherever it is: no secret and no job is lost.

use std::fmt::Write as _;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};

use super::support::{Place, Service, count_of, json_of, rounds, runtime};

const SECRETS: usize = 1_500;

#[test]
fn killed_migrations_lose_nothing() {
    migrations("SQLite", |_| Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn killed_migrations_lose_nothing_over_postgres() {
    migrations("PostgreSQL", |round| Place::postgres(&format!("migrations{round}")));
}

/// Row 1 of the plan: the migration and the rotation are killed wherever they are.
fn migrations(store: &str, place: impl Fn(u64) -> Place) {
    let mut kills = 0;
    let mut delay = 5;
    for round in 0..rounds() {
        let place = place(round);
        assert!(place.run(&["schema", "up", "--to", "1"]).status.success());
        fill(&place.url());
        for arguments in [["mfa", "migrate"].as_slice(), &["mfa", "rotate"], &["mfa", "rotate", "--resume"]] {
            for _ in 0..15 {
                let mut command = place.program();
                command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
                let mut child = command.spawn().unwrap();
                sleep(Duration::from_millis(delay));
                if child.try_wait().unwrap().is_none() {
                    child.kill().unwrap();
                    kills += 1;
                }
                child.wait().unwrap();
                delay = (delay * 3 / 2) % 250 + 5;
            }
        }
        are_whole(&place);
    }
    let secrets = SECRETS as u64 * rounds();
    eprintln!(
        "kills ({store}): {kills} of migration and rotation, {secrets} of {secrets} secrets whole, 0 places left"
    );
    assert!(kills >= 10 * rounds(), "{kills}");
}

/// All secrets are sealed, none is left in the database's files, and the audit log is whole.
fn are_whole(place: &Place) {
    for arguments in [["mfa", "migrate", "--finish"].as_slice(), &["mfa", "rotate", "--resume"], &["audit", "verify"]] {
        let done = place.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }
    let verified = String::from_utf8(place.run(&["mfa", "verify"]).stdout).unwrap();
    assert_eq!(verified.trim(), format!("0 plaintext, {SECRETS} sealed, {SECRETS} opened"));
    let scrubbed = place.run(&["mfa", "scrub-check"]);
    let text = String::from_utf8_lossy(&scrubbed.stdout).into_owned();
    let clean = text.contains(&format!("{SECRETS} secrets looked for, 0 places found"));
    assert!(scrubbed.status.success() && clean, "{text}");
}

/// Fills a database of schema 1 with plaintext secrets, as the release before encryption stored them.
fn fill(url: &str) {
    let mut text = String::from("BEGIN; INSERT INTO organisations VALUES ('o', 'o', 0);");
    for i in 0..SECRETS {
        let bytes: Vec<u8> = (0..20_u8).map(|b| b.wrapping_mul(37) ^ (i % 256) as u8 ^ (i / 256) as u8 & b).collect();
        let plain = data_encoding::BASE32_NOPAD.encode(&[&(i as u32).to_be_bytes()[..], &bytes[4..]].concat());
        let _ = write!(
            text,
            "INSERT INTO users VALUES ('u{i}', 'o', '{i}@example.org', 'u', '-', 'active', 0);
             INSERT INTO factors (id, org_id, user_id, state, secret_plain, created_at)
             VALUES ('f{i:05}', 'o', 'u{i}', 'active', '{plain}', 0);"
        );
    }
    runtime().block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("{text} COMMIT"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn a_killed_service_loses_no_job() {
    jobs("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_killed_service_loses_no_job_over_postgres() {
    jobs("PostgreSQL", &Place::postgres("jobs"));
}

/// Row 16 of the plan: whenever the service is killed, each job ends with one plan, and asking again starts no other.
fn jobs(store: &str, place: &Place) {
    let clients: Vec<Value> =
        (0..40).map(|i| json!({"location": {"x": i * 37 % 100, "y": i * 61 % 100}, "delivery": [1]})).collect();
    let problem = json!({"milkrun": "problem", "version": 1, "depots": [{"name": "y", "location": {"x": 50, "y": 50}}],
        "clients": clients, "vehicle_types": [{"count": 5, "capacity": [10], "start": "y", "end": "y"}]});
    let mut service = Service::start(place);
    let mut access = service.sign_up(place);
    let mut longest = Duration::ZERO;
    for round in 0..rounds() {
        let body = json!({"problem": problem, "seconds": 1, "seed": round});
        let asked = service.request("POST", "/v1/plans", Some(&access), Some(&body));
        let id = json_of(asked, 202)["job"]["id"].as_str().unwrap().to_owned();
        sleep(Duration::from_millis((round * 97 + 700) % 1_300));
        service.kill();
        service = Service::start(place);
        let killed = Instant::now();
        access = service.sign_in();
        loop {
            let job = json_of(service.request("GET", &format!("/v1/jobs/{id}"), Some(&access), None), 200);
            if job["state"] == "done" {
                let again = service.request("POST", "/v1/plans", Some(&access), Some(&body));
                assert_eq!(json_of(again, 200)["plan_id"], job["plan_id"]);
                break;
            }
            assert!(killed.elapsed() < Duration::from_mins(1), "{job}");
            sleep(Duration::from_millis(50));
        }
        longest = longest.max(killed.elapsed());
    }
    let plans = count_of(place, "plans");
    service.stop();
    eprintln!(
        "kills ({store}): {} of a service with a job, {plans} plans, the last {longest:?} after the start",
        rounds()
    );
    assert_eq!(u64::try_from(plans), Ok(rounds()));
}
