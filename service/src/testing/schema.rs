//! The schema, up and down, with data.

use serde_json::json;
use sqlx::{AssertSqlSafe, Row as _};

use super::over_both_stores;
use super::world::World;
use crate::storage::{NEWEST, Store};

over_both_stores!(up_down_up_with_data, what_is_encrypted_is_not_lost_by_going_down, keys_must_match);

/// The tables with their columns, and triggers and indices, as text.
async fn shape(store: &Store) -> String {
    let query = match store.backend().name() {
        "sqlite" => "SELECT name || ': ' || COALESCE(sql, '') FROM sqlite_master
                     WHERE name NOT LIKE '_sqlx%' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        _ => "SELECT CAST(line AS TEXT) FROM (
                  SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
                  FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'
                  AND table_name NOT IN ('geometry_columns', 'geography_columns')
                  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                  UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                  UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal) lines ORDER BY line",
    };
    let mut connection = store.connection().await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(query).fetch_all(&mut *connection).await.unwrap();
    // Partitions come and go with the months that have readings.
    let lines = rows
        .into_iter()
        .map(|(line,)| line)
        .filter(|line| ["readings_2", "spatial_ref_sys", "_sqlx_"].iter().all(|foreign| !line.contains(foreign)));
    // A partition repeats some of its table's lines.
    lines.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("\n")
}

/// All rows of some tables, as text.
async fn rows(store: &Store, tables: &[&str]) -> String {
    let mut text = String::new();
    let mut connection = store.connection().await.unwrap();
    for table in tables {
        // The place of a bin follows from the rest, and has a type of its own.
        let columns = match *table {
            "bins" => "id, org_id, code, name, lon, lat, load_kg, fill_percent",
            // Later versions have more.
            "depots" => "id, org_id, code, name, lon, lat, open_from, open_until, service_seconds",
            "vehicles" => "id, org_id, code, name, depot, capacity_kg, shift_from, shift_until, max_trips, updated_at",
            "readings" => "org_id, bin_code, at, fill_percent",
            _ => "*",
        };
        // Earlier versions do not know the purpose.
        let of = if *table == "data_keys" { "WHERE purpose <> 'providers'" } else { "" };
        let statement = format!("SELECT {columns} FROM {table} {of} ORDER BY 1");
        for row in sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *connection).await.unwrap() {
            for i in 0..row.len() {
                text += &row
                    .try_get::<Option<String>, _>(i)
                    .map(|v| format!("{v:?} "))
                    .or_else(|_| row.try_get::<Option<i64>, _>(i).map(|v| format!("{v:?} ")))
                    .or_else(|_| row.try_get::<Option<Vec<u8>>, _>(i).map(|v| format!("{v:?} ")))
                    .or_else(|_| row.try_get::<Option<f64>, _>(i).map(|v| format!("{v:?} ")))
                    .unwrap();
            }
            text.push('\n');
        }
    }
    text
}

async fn up_down_up_with_data(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 20).await;
    world
        .post(
            &admin,
            "/v1/readings",
            json!({"readings": [{"bin": "b0001", "at": 1_700_000_000_000_i64, "fill_percent": 55.0}]}),
        )
        .await
        .expect(200);
    let store = &world.app.desk.store;
    let newest = shape(store).await;
    let versions: Vec<(i64, &[&str])> = vec![
        (8, &["users", "roles", "role_permissions", "bins", "depots", "vehicles", "readings"]),
        (7, &["users", "roles", "data_keys", "audit_log", "bins", "readings"]),
        (6, &["users", "data_keys", "audit_log", "bins", "vehicles"]),
        (5, &["users", "audit_log", "bins", "vehicles", "depots"]),
        (4, &["users", "roles", "role_permissions", "sessions", "data_keys", "signing_keys", "audit_log"]),
        (3, &["users", "roles", "sessions", "data_keys"]),
        (2, &["users", "roles", "sessions", "data_keys", "signing_keys"]),
        (1, &["users", "roles", "sessions", "refresh_tokens", "settings"]),
    ];
    let mut checked = 0;
    for (version, tables) in versions {
        let before = rows(store, tables).await;
        assert!(!before.is_empty(), "the tables have rows");
        store.migrate_down(version).await.unwrap();
        assert_eq!(store.version().await.unwrap(), version);
        assert_eq!(rows(store, tables).await, before, "down to {version}");
        store.migrate_up(None).await.unwrap();
        crate::mfa::enforce(store).await.unwrap();
        assert_eq!(shape(store).await, newest, "up from {version}");
        assert_eq!(rows(store, tables).await, before, "up from {version}");
        checked += 1;
    }
    store.migrate_down(0).await.unwrap();
    assert_eq!(shape(store).await, "");
    store.migrate_up(None).await.unwrap();
    crate::mfa::enforce(store).await.unwrap();
    assert_eq!((shape(store).await, store.version().await.unwrap()), (newest, NEWEST));
    eprintln!(
        "schema, {}: {} rounds down and up with data, all rows and the shape the same",
        store.backend().name(),
        checked + 1
    );
}

async fn what_is_encrypted_is_not_lost_by_going_down(world: World) {
    let admin = world.founder("ada").await;
    world.enrol(&admin).await;
    let store = &world.app.desk.store;
    let refused = store.migrate_down(1).await;
    assert!(refused.is_err());
    let mut connection = store.connection().await.unwrap();
    let (sealed,): (i64,) =
        sqlx::query_as("SELECT COUNT(secret_ct) FROM factors").fetch_one(&mut *connection).await.unwrap();
    assert_eq!(sealed, 1);
}

async fn keys_must_match(world: World) {
    world.founder("ada").await;
    let desk = &world.app.desk;
    let other = crate::crypto::MasterKey::generate().unwrap();
    let opened = crate::crypto::KeyRing::open(&desk.store, other, 1).await.unwrap_err().to_string();
    assert!(opened.contains("does not open with this master key"), "{opened}");
    // Another master key, put in place properly, opens everything.
    let new = crate::crypto::MasterKey::parse(&"ab".repeat(32), "test").unwrap();
    let mut tx = desk.store.begin().await.unwrap();
    assert_eq!(desk.ring.change_master(&mut tx, &new).await.unwrap(), 4);
    tx.commit().await.unwrap();
    crate::crypto::KeyRing::open(&desk.store, new, 1).await.unwrap();
}
