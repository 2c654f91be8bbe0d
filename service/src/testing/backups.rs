//! The restore drill: what a backup brings back is what was there, row by row, and every secret opens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use serde_json::json;
use tempfile::TempDir;

use super::networks::map;
use super::outside::with_drivers;
use super::over_both_stores;
use super::world::{Actor, World, config, new_database, shared};
use crate::audit::{self, Ledger};
use crate::backup::{self, Manifest};
use crate::config::Config;
use crate::crypto::MasterKey;
use crate::storage::{AuditLog as _, Backend, Connection, Inventory as _, Store};

over_both_stores!(
    every_row_comes_back_and_every_secret_opens,
    what_is_written_meanwhile_is_in_it_whole_or_not_at_all,
    what_does_not_fit_is_refused_by_name,
    a_secret_that_was_damaged_before_is_no_obstacle,
);

/// Whether the programs are there that dump this kind of database; says so if not.
fn can_dump(world: &World) -> bool {
    let works = |name: &str| std::process::Command::new(name).arg("--version").output().is_ok();
    let can = world.config.database_url.is_none() || (works("pg_dump") && works("pg_restore"));
    if !can {
        eprintln!("skipped: there is no pg_dump");
    }
    can
}

/// Tables with their rows.
type Rows = BTreeMap<String, Vec<String>>;

/// Every row of every table, as text.
async fn rows(connection: &mut Connection, backend: &dyn Backend) -> Rows {
    let mut all = Rows::new();
    for table in connection.rows_of_tables(backend).await.unwrap().into_keys() {
        let row = if backend.name() == "sqlite" {
            let columns = format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid");
            let columns: Vec<(String,)> =
                sqlx::query_as(sqlx::AssertSqlSafe(columns)).fetch_all(&mut *connection).await.unwrap();
            let columns: Vec<String> = columns.into_iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
            columns.join(" || ',' || ")
        } else {
            "CAST(t AS TEXT)".to_owned()
        };
        let statement = sqlx::AssertSqlSafe(format!("SELECT {row} FROM \"{table}\" t"));
        let found: Vec<(String,)> = sqlx::query_as(statement).fetch_all(&mut *connection).await.unwrap();
        let mut found: Vec<String> = found.into_iter().map(|(row,)| row).collect();
        found.sort();
        all.insert(table, found);
    }
    all
}

async fn rows_of(store: &Store) -> Rows {
    rows(&mut store.connection().await.unwrap(), store.backend()).await
}

/// An organisation that has some of everything: a plan of a day, confirmations, a network, a second factor, accounts at
/// providers, and messages that wait. Gives the administrator and the factor's secret.
async fn furnished(world: &World) -> (Actor, Vec<u8>) {
    let admin = world.founder("ada").await;
    let stop = world.prepare();
    world.upload(&admin, "centre", &[("map", &map(6)), ("profile", b"car")]).await.expect(202);
    assert_eq!(world.prepared(&admin, "centre").await["state"], "ready");
    stop.send_replace(true);
    let plan = with_drivers(world, &admin).await;
    world.set_twilio(&admin, "http://127.0.0.1:9", json!({})).await;
    let body = json!({"url": "http://127.0.0.1:9/events", "events": ["day.plan_changed"]});
    world.post(&admin, "/v1/webhook-endpoints", body).await.expect(201);
    let chosen = json!({"plan_id": plan, "version": 0});
    world.send(Some(&admin.access), "PUT", "/v1/days/2026-12-03", Some(chosen)).await.expect(200);
    let done = json!({"stops": [{"code": "b0001", "outcome": "done", "at": 40_000}]});
    world.post(&admin, "/v1/days/2026-12-03/confirmations", done).await.expect(204);
    world.app.refresher().refresh().await.unwrap();
    let (secret, _) = world.enrol(&admin).await;
    audit::append_if_due(&mut world.app.ledger.connection().await.unwrap(), &world.config.data, world.clock.now())
        .await
        .unwrap();
    (admin, secret)
}

async fn back_up(world: &World, name: &str) -> (PathBuf, Manifest) {
    let out = world.folder.path().join(name);
    let manifest = backup::create(&world.app.ledger, &world.config, &out).await.unwrap();
    (out, manifest)
}

/// An empty database of the same kind, and a data folder with the master key alone.
async fn elsewhere(world: &World) -> (TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let database = if world.config.database_url.is_some() { Some(new_database().await) } else { None };
    let config = config(&folder, database);
    fs::create_dir(&config.data).unwrap();
    fs::copy(world.config.data.join("master.key"), config.data.join("master.key")).unwrap();
    (folder, config)
}

/// Files below a folder, with what is in them.
fn files(folder: &std::path::Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            let within = PathBuf::from(entry.file_name());
            found.extend(files(&entry.path()).into_iter().map(|(name, bytes)| (within.join(name), bytes)));
        } else {
            found.insert(entry.file_name().into(), fs::read(entry.path()).unwrap());
        }
    }
    found
}

async fn every_row_comes_back_and_every_secret_opens(world: World) {
    if !can_dump(&world) {
        return;
    }
    let (admin, secret) = furnished(&world).await;
    let here = rows_of(&world.app.desk.store).await;
    let (file, manifest) = back_up(&world, "quiet").await;
    assert!(manifest.secrets >= 5 && manifest.unopened.is_empty() && manifest.missing.is_empty(), "{manifest:?}");
    for (table, rows) in &here {
        assert_eq!(manifest.tables[table], rows.len() as i64, "{table}");
    }
    let bytes = fs::read(&file).unwrap();
    let master = fs::read(world.config.data.join("master.key")).unwrap();
    for hidden in [&b"ada@example.org"[..], b"SQLite format 3", b"PGDMP", b"tables", master.as_slice()] {
        assert!(!bytes.windows(hidden.len()).any(|window| window == hidden), "{}", String::from_utf8_lossy(hidden));
    }
    let (folder, config) = elsewhere(&world).await;
    let restored = backup::restore(&config, &world.clock, &file).await.unwrap();
    assert_eq!((&restored.manifest, restored.audit.first_bad), (&manifest, None));
    assert!(restored.audit.checkpoints > 0);
    let store = Store::open(&config).await.unwrap();
    let mut there = rows_of(&store).await;
    store.close().await;
    // That it was restored is the one entry that is new.
    assert_eq!(there["audit_log"].len(), here["audit_log"].len() + 1);
    there.get_mut("audit_log").unwrap().retain(|row| !row.contains("backup.restored"));
    let (mut compared, mut tables) = (0, 0);
    assert_eq!(here.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    for (table, rows) in &here {
        if table != "audit_head" {
            assert_eq!(rows, &there[table], "{table}");
            (compared, tables) = (compared + rows.len(), tables + 1);
        }
    }
    for full in ["readings", "networks", "factors", "outbox", "plans", "stops", "day_figures", "confirmations"] {
        assert!(full == "readings" || !here[full].is_empty(), "{full} is empty: nothing was compared");
    }
    let networks = files(&world.config.data.join("networks"));
    assert!(networks.len() == 1 && networks == files(&config.data.join("networks")), "{:?}", networks.keys());
    let name = world.app.desk.store.backend().name();
    // The restored service works: the password and the code are right, the map finds what it found.
    let box_of_all = "/v1/map/bins?west=4.8&south=52.3&east=5&north=52.5";
    let before = world.get(&admin, box_of_all).await.expect(200);
    assert_eq!(before.as_array().unwrap().len(), 12);
    let again = World::start(folder, config).await;
    again.clock.advance(world.clock.now() - again.clock.now() + 60_000);
    let session = again.sign_in(&admin.email, json!({"code": again.code(&secret)})).await.expect(200);
    let ada = Actor { access: session["access_token"].as_str().unwrap().to_owned(), ..admin };
    assert_eq!(again.get(&ada, box_of_all).await.expect(200), before);
    assert_eq!(again.post(&ada, "/v1/audit/verify", json!({})).await.expect(200)["valid"], true);
    eprintln!("restore drill ({name}): {compared} rows of {tables} tables alike, {} secrets open", manifest.secrets);
}

/// Writes one round after the other: readings of all bins, and a driver, which is logged. Counts the rounds in `done`, and gives
/// their number.
async fn write_on(world: Arc<World>, admin: Actor, stop: Arc<AtomicBool>, done: Arc<AtomicI64>) -> i64 {
    let mut round = 0;
    while !stop.load(Ordering::Relaxed) {
        let readings: Vec<_> = (0..12)
            .map(|i| json!({"bin": format!("b{i:04}"), "at": 1_700_000_000_000_i64 + round * 60_000, "fill_percent": round % 100}))
            .collect();
        world.post(&admin, "/v1/readings", json!({ "readings": readings })).await.expect(200);
        world.import(&admin, "drivers", json!([{"code": format!("w{round:05}")}])).await.expect(200);
        round += 1;
        done.store(round, Ordering::Relaxed);
    }
    round
}

async fn what_is_written_meanwhile_is_in_it_whole_or_not_at_all(world: World) {
    if !can_dump(&world) {
        return;
    }
    let (admin, _) = furnished(&world).await;
    let before = rows_of(&world.app.desk.store).await;
    let (world, stop, done) = (shared(world), Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writing = tokio::spawn(write_on(world.clone(), admin, stop.clone(), done.clone()));
    let mut copies = Vec::new();
    for i in 0..3 {
        // At least one round more than the last time.
        let before = done.load(Ordering::Relaxed);
        while done.load(Ordering::Relaxed) <= before + 1 {
            assert!(!writing.is_finished(), "writing goes on");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        copies.push(back_up(&world, &format!("busy{i}")).await);
    }
    stop.store(true, Ordering::Relaxed);
    let rounds = writing.await.unwrap();
    let after = rows_of(&world.app.desk.store).await;
    let mut seen = Vec::new();
    for (file, manifest) in copies {
        let (_folder, config) = elsewhere(&world).await;
        let restored = backup::restore(&config, &world.clock, &file).await.unwrap();
        assert_eq!((&restored.manifest, restored.audit.first_bad), (&manifest, None));
        let store = Store::open(&config).await.unwrap();
        let there = rows_of(&store).await;
        let of_round = |query: &'static str| {
            let store = store.clone();
            async move {
                let (count,): (i64,) =
                    sqlx::query_as(query).fetch_one(&mut *store.connection().await.unwrap()).await.unwrap();
                count
            }
        };
        let readings = of_round("SELECT COUNT(*) FROM readings").await;
        let last = of_round("SELECT COALESCE(MAX(at), 0) FROM readings").await;
        let drivers = of_round("SELECT COUNT(*) FROM drivers WHERE code LIKE 'w%'").await;
        let fill = of_round("SELECT COUNT(DISTINCT fill_percent) FROM bins").await;
        let shown = of_round("SELECT MAX(fill_percent) FROM bins").await;
        let logged = of_round("SELECT COUNT(*) FROM audit_log WHERE action = 'fleet.imported'").await;
        store.close().await;
        let logged_before = before["audit_log"].iter().filter(|row| row.contains("fleet.imported")).count() as i64;
        // Whole rounds, one after the other, without a gap; what belongs to them agrees.
        let round = readings / 12;
        assert_eq!((readings % 12, last), (0, 1_700_000_000_000 + (round - 1) * 60_000));
        assert_eq!((fill, shown), (1, (round - 1) % 100));
        assert!(drivers == round || drivers == round - 1, "{drivers} drivers after {round} rounds");
        assert_eq!(logged, logged_before + drivers);
        // Whatever is in it was there before, or is there now.
        for (table, rows) in &there {
            let known: BTreeSet<&String> = before[table].iter().chain(&after[table]).collect();
            let is_changing = table.starts_with("bins") || ["audit_head", "settings"].contains(&table.as_str());
            let new: Vec<_> =
                rows.iter().filter(|row| !known.contains(row) && !row.contains("backup.restored")).collect();
            assert!(is_changing || new.is_empty(), "{table}: {new:?}");
        }
        seen.push(round);
    }
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]) && seen[2] <= rounds, "{seen:?} of {rounds}");
    let name = world.app.desk.store.backend().name();
    eprintln!("restore drill ({name}): 3 backups of {rounds} rounds of writing, after {seen:?} rounds, each whole");
}

async fn what_does_not_fit_is_refused_by_name(world: World) {
    if !can_dump(&world) {
        return;
    }
    furnished(&world).await;
    let (file, _) = back_up(&world, "b").await;
    let told = async |config: &Config| match backup::restore(config, &world.clock, &file).await {
        Err(error) => error.to_string(),
        Ok(restored) => panic!("{restored:?}"),
    };
    // The same name a second time, and the database that is in use.
    let out = world.folder.path().join("b");
    let again = backup::create(&world.app.ledger, &world.config, &out).await.unwrap_err().to_string();
    assert!(again.contains("is there already"), "{again}");
    let full = told(&world.config).await;
    assert!(full.contains("the database is not empty: it has the table"), "{full}");
    // Another master key, and none.
    let (_folder, config) = elsewhere(&world).await;
    fs::write(config.data.join("master.key"), "ab".repeat(32)).unwrap();
    assert!(told(&config).await.contains("made with the master key"));
    fs::remove_file(config.data.join("master.key")).unwrap();
    assert!(told(&config).await.contains("master.key"));
    // A data folder that is not empty.
    let (_folder, config) = elsewhere(&world).await;
    fs::create_dir(config.data.join("networks")).unwrap();
    let occupied = told(&config).await;
    assert!(occupied.contains("networks is there already"), "{occupied}");
    // A damaged backup changes nothing: the whole one goes into the same place afterwards.
    fs::remove_dir(config.data.join("networks")).unwrap();
    let whole = fs::read(&file).unwrap();
    for at in [40, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        fs::write(&file, bytes).unwrap();
        let damaged = told(&config).await;
        assert!(damaged.contains("damaged"), "byte {at}: {damaged}");
    }
    fs::write(&file, &whole).unwrap();
    assert!(backup::check(&file, &MasterKey::load(&config.data, false).unwrap()).is_ok());
    backup::restore(&config, &world.clock, &file).await.unwrap();
    let left: BTreeSet<_> = fs::read_dir(&config.data).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("work/") || name == "restore.work"), "{left:?}");
    // A backup of the other kind.
    let other = if world.config.database_url.is_some() { World::sqlite().await } else { return };
    let wrong = told(&other.config).await;
    assert!(
        wrong.contains("the backup is of postgres, and the database given is sqlite") || wrong.contains("master key")
    );
    let (_folder, mut config) = elsewhere(&world).await;
    config.database_url = None;
    let wrong = told(&config).await;
    assert!(wrong.contains("the backup is of postgres, and the database given is sqlite"), "{wrong}");
}

async fn a_secret_that_was_damaged_before_is_no_obstacle(world: World) {
    if !can_dump(&world) {
        return;
    }
    furnished(&world).await;
    let mut tx = world.app.desk.store.begin().await.unwrap();
    let (id, mut sealed): (String, Vec<u8>) =
        sqlx::query_as("SELECT id, secret_ct FROM factors").fetch_one(&mut *tx).await.unwrap();
    sealed[30] ^= 1;
    sqlx::query("UPDATE factors SET secret_ct = $1").bind(sealed).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let (file, manifest) = back_up(&world, "b").await;
    assert!(
        manifest.unopened.len() == 1 && manifest.unopened[0].starts_with(&format!("factor {id}: ")),
        "{manifest:?}"
    );
    let (_folder, config) = elsewhere(&world).await;
    let restored = backup::restore(&config, &world.clock, &file).await.unwrap();
    assert_eq!(restored.manifest.unopened, manifest.unopened);
    let Ledger { store, .. } = &world.app.ledger;
    let last = store.connection().await.unwrap().entries(0, 100_000).await.unwrap().pop().unwrap();
    assert_eq!(last.action, "backup.made");
}
