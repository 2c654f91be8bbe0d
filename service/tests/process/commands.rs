//! Commands that must not do more than they say.

use std::process::Command;

use super::support::{Place, Service, count_of};

/// `scrub-check` leaves a database as it is, and says what it cannot know.
#[test]
fn scrub_check_changes_nothing() {
    let place = Place::sqlite();
    let said = |arguments: &[&str]| {
        let output = place.run(arguments);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let empty = said(&["mfa", "scrub-check"]);
    assert!(!empty.0 && empty.1.contains("has no schema"), "{empty:?}");
    assert!(said(&["schema", "up", "--to", "1"]).1.starts_with("1 of "));
    let clean = said(&["mfa", "scrub-check"]);
    assert!(clean.0 && clean.1.contains("schema 1: 0 secrets are stored as plaintext and 0 sealed"), "{clean:?}");
    super::support::run_on(
        &place,
        "INSERT INTO organisations VALUES ('o', 'o', 0);
         INSERT INTO users VALUES ('u', 'o', 'u@example.org', 'u', '-', 'active', 0);
         INSERT INTO factors (id, org_id, user_id, state, secret_plain, created_at)
         VALUES ('f', 'o', 'u', 'active', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', 0)",
    );
    let found = said(&["mfa", "scrub-check"]);
    assert!(!found.0 && found.1.contains("schema 1: 1 secrets are stored as plaintext"), "{found:?}");
    assert!(said(&["schema", "version"]).1.starts_with("1 of "));
    assert!(!place.path().join("master.key").exists());
}

/// Going down asks, where something would be lost.
#[test]
fn going_down_asks_before_data_is_lost() {
    let place = Place::sqlite();
    let service = Service::start(&place);
    service.sign_up(&place);
    service.stop();
    let refused = place.run(&["schema", "down", "--to", "0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("users: 1") && said.contains("--delete-data"), "{said}");
    assert_eq!(count_of(&place, "users"), 1);
    // Nothing lies in the tables of the later versions.
    assert!(place.run(&["schema", "down", "--to", "4"]).status.success());
    assert!(place.run(&["schema", "down", "--to", "0", "--delete-data"]).status.success());
    let left = place.run(&["schema", "version"]);
    assert!(String::from_utf8_lossy(&left.stdout).starts_with("0 of "));
}

/// A folder that is there is somebody's: who may read it is not changed.
#[cfg(unix)]
#[test]
fn a_folder_that_is_there_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::sqlite();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(place.run(&["schema", "up"]).status.success());
    assert_eq!(mode(place.path()), 0o755);
    let inner = place.path().join("a/b");
    let mut program = Command::new(env!("CARGO_BIN_EXE_milkrun-service"));
    assert!(program.arg("--data").arg(&inner).args(["schema", "up"]).status().unwrap().success());
    assert_eq!(mode(&inner), 0o700);
}

/// A database that is not there is named at once, with the cause.
#[test]
fn what_keeps_the_database_away_is_said() {
    let place = Place::sqlite();
    let told = |url: &str| {
        let mut program = place.program();
        program.args(["--database", url, "schema", "version"]).env("MILKRUN_DATABASE_CONNECT_RETRIES", "0");
        let output = program.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let refused = told("postgres://nobody@127.0.0.1:1/none");
    assert!(refused.to_lowercase().contains("refused") && !refused.contains("timed out"), "{refused}");
    let missing = told("sqlite:/nowhere/at/all.sqlite");
    assert!(missing.contains("unable to open database file"), "{missing}");
}
