//! From plaintext secrets to encrypted ones.

use std::fmt::Write as _;

use data_encoding::BASE32_NOPAD;
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::over_both_stores;
use super::world::{World, code_at, shared};
use crate::auth::factors;
use crate::mfa;

over_both_stores!(
    a_legacy_database_is_migrated,
    while_the_service_runs,
    keys_are_rotated,
    it_leads_back_until_it_is_finished,
    what_cannot_be_read_is_reported,
    plaintext_is_found_at_every_version,
    one_damaged_secret_stops_no_rotation,
);

/// A database as the release before encryption left it: schema 1, secrets as base32. Made by the project.
const LEGACY: &str = include_str!("legacy.sql");

/// Secrets of a test are its own: tests share a server, whose files are searched for them.
fn secret(of: u8, i: usize) -> Vec<u8> {
    let byte = |b: u8| b.wrapping_mul(31).wrapping_add((i % 251) as u8) ^ (i / 251) as u8;
    std::iter::once(of).chain((0..19).map(byte)).collect()
}

/// Takes the world back to the schema without encryption and fills it; gives the number of secrets.
async fn legacy(world: &World, of: u8, more: usize) -> usize {
    let store = &world.app.desk.store;
    store.migrate_down(1).await.unwrap();
    let mut connection = store.connection().await.unwrap();
    sqlx::raw_sql("DELETE FROM settings").execute(&mut *connection).await.unwrap();
    let own = BASE32_NOPAD.encode(&[of; 5]);
    let fixture = LEGACY.replace("NVUWY23S", &own).replace("nvuwy23s", &own.to_lowercase()).replace("MZUXQ5DV", &own);
    sqlx::raw_sql(AssertSqlSafe(fixture)).execute(&mut *connection).await.unwrap();
    for chunk in (0..more).collect::<Vec<_>>().chunks(500) {
        let mut text = String::new();
        for i in chunk {
            let plain = BASE32_NOPAD.encode(&secret(of, *i));
            let _ = write!(
                text,
                "INSERT INTO users VALUES ('m{i:05}', 'legacy', 'm{i}@example.org', 'm', '-', 'active', 0);
                 INSERT INTO factors (id, org_id, user_id, state, secret_plain, created_at)
                 VALUES ('m{i:05}', 'legacy', 'm{i:05}', 'active', '{plain}', 0);"
            );
        }
        sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; {text} COMMIT"))).execute(&mut *connection).await.unwrap();
    }
    drop(connection);
    store.migrate_up(None).await.unwrap();
    let (plain, sealed) = mfa::counts(&mut store.connection().await.unwrap()).await.unwrap();
    assert_eq!((plain, sealed), (more as i64 + 3, 0));
    more + 3
}

async fn reopen(world: World) -> World {
    world.restart(|_| {}).await
}

async fn a_legacy_database_is_migrated(world: World) {
    let secrets = legacy(&world, 1, 1_100).await;
    let world = reopen(world).await;
    let desk = &world.app.desk;
    let (store, ring) = (&desk.store, &desk.ring);
    let now = || world.clock.now();
    let mut steps = Vec::new();
    let done = mfa::migrate(store, ring, now, |sealed| steps.push(sealed)).await.unwrap();
    assert_eq!((done.sealed as usize, done.compared, done.unreadable.len()), (secrets, secrets, 0));
    assert!(steps.len() >= 3 && steps.is_sorted());
    // Once more does nothing more.
    assert_eq!(mfa::migrate(store, ring, now, |_| {}).await.unwrap().sealed, 0);
    let verified = mfa::verify(store, ring).await.unwrap();
    assert!(verified.is_complete());
    assert_eq!(verified.opened as usize, secrets);
    mfa::finish(store, ring, now()).await.unwrap();
    let refused = sqlx::query("UPDATE factors SET secret_plain = 'AAAA', secret_ct = NULL")
        .execute(&mut *store.connection().await.unwrap())
        .await;
    assert!(refused.is_err(), "plaintext is impossible");
    let scrubbed = mfa::scrub_check(store, &mfa::Keys::Ring(ring), &[]).await.unwrap();
    eprintln!(
        "migration, {}: {secrets} secrets sealed and compared, {} places left in {} files",
        store.backend().name(),
        scrubbed.hits(),
        scrubbed.files.len()
    );
    assert_eq!((scrubbed.secrets, scrubbed.hits(), scrubbed.unread.len()), (secrets, 0, 0), "{scrubbed:?}");
    assert!(!scrubbed.files.is_empty());
    // The check finds what there is to be found.
    let dump = world.config.data.join("dump");
    std::fs::write(
        &dump,
        format!(
            "\0xx{0}yy{1}\0",
            BASE32_NOPAD.encode(&secret(1, 7)),
            BASE32_NOPAD.encode(&secret(1, 8)).to_lowercase()
        ),
    )
    .unwrap();
    assert_eq!(mfa::scrub_check(store, &mfa::Keys::Ring(ring), &[dump]).await.unwrap().hits(), 2);
}

/// Shows possession of a factor of [`legacy`] number 2.
async fn prove_legacy(world: &World, i: usize) {
    let factor = factors::Factor { id: format!("m{i:05}"), org: "legacy".into(), user: format!("m{i:05}") };
    let proof = factors::Proof { code: Some(world.code(&secret(2, i))), recovery_code: None };
    let desk = &world.app.desk;
    factors::prove(&desk.store, &desk.ring, &factor, proof, world.clock.now()).await.unwrap();
}

async fn while_the_service_runs(world: World) {
    let secrets = legacy(&world, 2, 10_000).await;
    let world = shared(reopen(world).await);
    // Before it begins, a legacy secret is as good as ever.
    prove_legacy(&world, 50).await;
    let migration = tokio::spawn({
        let world = world.clone();
        async move {
            let desk = &world.app.desk;
            mfa::migrate(&desk.store, &desk.ring, || world.clock.now(), |_| {}).await.unwrap()
        }
    });
    // Meanwhile: others sign in with legacy secrets, enrol, and are removed.
    let admin = world.founder("ada").await;
    let mut signed_in = 0;
    for i in (0..10_000).step_by(500) {
        prove_legacy(&world, i).await;
        signed_in += 1;
    }
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let removed =
        sqlx::query("DELETE FROM factors WHERE id IN ('m00001', 'm09999')").execute(&mut *connection).await.unwrap();
    drop(connection);
    let (enrolled, _) = world.enrol(&admin).await;
    let done = migration.await.unwrap();
    let desk = &world.app.desk;
    let verified = mfa::verify(&desk.store, &desk.ring).await.unwrap();
    assert!(verified.is_complete(), "{verified:?}");
    assert_eq!(verified.opened as usize, secrets - removed.rows_affected() as usize + 1);
    world.sign_in(&admin.email, json!({"code": world.code(&enrolled)})).await.expect(200);
    eprintln!("migration under use: {} sealed, {signed_in} signed in meanwhile, 0 wrong", done.sealed);
}

async fn keys_are_rotated(world: World) {
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let desk = &world.app.desk;
    let stored = async || {
        let mut connection = desk.store.connection().await.unwrap();
        let row: (Vec<u8>,) =
            sqlx::query_as("SELECT secret_ct FROM factors").fetch_one(&mut *connection).await.unwrap();
        row.0
    };
    let before = stored().await;
    let done = mfa::rotate(&desk.store, &desk.ring, false, || world.clock.now(), |_| {}).await.unwrap();
    assert_eq!((done.resealed, done.retired.len()), (1, 1));
    assert!(mfa::verify(&desk.store, &desk.ring).await.unwrap().is_complete());
    world.sign_in(&admin.email, json!({"code": world.code(&secret)})).await.expect(200);
    // What was sealed with the retired key can no longer be opened, wherever it comes from.
    let mut connection = desk.store.connection().await.unwrap();
    sqlx::query("UPDATE factors SET secret_ct = $1").bind(before).execute(&mut *connection).await.unwrap();
    drop(connection);
    world.clock.advance(60_000);
    let answer = world.sign_in(&admin.email, json!({"code": world.code(&secret)})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, "mfa_unavailable"));
    let faults = mfa::verify(&desk.store, &desk.ring).await.unwrap().faults;
    assert!(faults[0].1.contains("retired"), "{faults:?}");
}

async fn it_leads_back_until_it_is_finished(world: World) {
    legacy(&world, 3, 10).await;
    let world = reopen(world).await;
    let desk = &world.app.desk;
    mfa::migrate(&desk.store, &desk.ring, || world.clock.now(), |_| {}).await.unwrap();
    assert_eq!(mfa::rollback(&desk.store, &desk.ring, world.clock.now()).await.unwrap(), 13);
    let mut connection = desk.store.connection().await.unwrap();
    let (plain,): (String,) = sqlx::query_as("SELECT secret_plain FROM factors WHERE id = 'm00007'")
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    assert_eq!(plain, BASE32_NOPAD.encode(&secret(3, 7)));
    drop(connection);
    desk.store.migrate_down(1).await.unwrap();
}

async fn what_cannot_be_read_is_reported(world: World) {
    legacy(&world, 4, 2).await;
    let world = reopen(world).await;
    let desk = &world.app.desk;
    let mut connection = desk.store.connection().await.unwrap();
    sqlx::query("UPDATE factors SET secret_plain = 'not base32!' WHERE id = 'm00001'")
        .execute(&mut *connection)
        .await
        .unwrap();
    drop(connection);
    let done = mfa::migrate(&desk.store, &desk.ring, || world.clock.now(), |_| {}).await.unwrap();
    assert_eq!((done.sealed, done.unreadable), (4, vec!["m00001".to_owned()]));
    let refused = mfa::finish(&desk.store, &desk.ring, 1).await.unwrap_err().to_string();
    assert!(refused.contains("1 secrets are plaintext"), "{refused}");
}

#[test]
fn codes_follow_rfc_6238_and_rfc_4226() {
    // RFC 6238, appendix B, SHA-1: the last six of the eight digits.
    let secret = b"12345678901234567890";
    let vectors = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    for (seconds, code) in vectors {
        assert_eq!(code_at(secret, seconds * 1_000), code[2..], "{seconds}");
    }
    // RFC 4226, appendix D: counters are steps.
    let counters = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in counters.iter().enumerate() {
        assert_eq!(code_at(secret, counter as i64 * 30_000), *code, "{counter}");
    }
    eprintln!("codes: {} vectors of RFC 6238 and {} of RFC 4226 right", vectors.len(), counters.len());
}

/// The check looks for what is there: it neither needs encryption nor brings it.
async fn plaintext_is_found_at_every_version(world: World) {
    let store = &world.app.desk.store;
    let below = mfa::Keys::Below(&world.config.data);
    let secrets = legacy(&world, 8, 20).await;
    let at = async |version| {
        store.migrate_down(version).await.unwrap();
        let found = mfa::scrub_check(store, &below, &[]).await.unwrap();
        assert_eq!((found.version, store.version().await.unwrap()), (version, version));
        assert!(!found.is_clean());
        found
    };
    for version in [9, 3, 2, 1] {
        let found = at(version).await;
        assert_eq!((found.plain, found.sealed), (secrets, 0), "{version}: {found:?}");
        assert!(found.hits() >= 20, "{version}: {found:?}");
    }
    assert_eq!(at(0).await.secrets, 0, "nothing is known");
}

async fn one_damaged_secret_stops_no_rotation(world: World) {
    let secrets = legacy(&world, 9, 5).await;
    let world = reopen(world).await;
    let (store, ring) = (&world.app.desk.store, &world.app.desk.ring);
    let now = || world.clock.now();
    mfa::migrate(store, ring, now, |_| {}).await.unwrap();
    let statement =
        "UPDATE factors SET secret_ct = (SELECT secret_ct FROM factors WHERE id = 'm00002') WHERE id = 'm00001'";
    sqlx::query(statement).execute(&mut *store.connection().await.unwrap()).await.unwrap();
    let done = mfa::rotate(store, ring, false, now, |_| {}).await.unwrap();
    assert_eq!((done.resealed as usize, done.retired.len()), (secrets - 1, 0), "{done:?}");
    assert_eq!(done.faults.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["m00001"]);
    // What it was sealed with is kept until it is mended.
    sqlx::query("DELETE FROM factors WHERE id = 'm00001'")
        .execute(&mut *store.connection().await.unwrap())
        .await
        .unwrap();
    let done = mfa::rotate(store, ring, true, now, |_| {}).await.unwrap();
    assert_eq!((done.faults.len(), done.retired.len()), (0, 1));
    let found = mfa::scrub_check(store, &mfa::Keys::Ring(ring), &[]).await.unwrap();
    assert_eq!((found.plain, found.sealed), (0, secrets - 1));
}
