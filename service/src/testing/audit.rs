//! The audit log.

use serde_json::json;

use super::over_both_stores;
use super::world::World;
use crate::audit::{self, Event};

over_both_stores!(every_tampering_is_found, the_database_refuses_changes, an_organisation_sees_its_own);

async fn filled(world: &World, entries: usize) {
    let desk = &world.app.desk;
    for i in 0..entries {
        let mut tx = desk.store.begin().await.unwrap();
        let event = Event::new("test.happened").with(json!({"number": i}));
        audit::append(&mut tx, &desk.ring, world.clock.now(), event).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn open_the_log(world: &World) {
    let statements = match world.app.desk.store.backend().name() {
        "sqlite" => "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete",
        _ => "DROP TRIGGER audit_log_append_only ON audit_log",
    };
    let mut connection = world.app.desk.store.connection().await.unwrap();
    sqlx::raw_sql(statements).execute(&mut *connection).await.unwrap();
}

async fn every_tampering_is_found(world: World) {
    filled(&world, 40).await;
    let desk = &world.app.desk;
    let data = &world.config.data;
    let mut connection = desk.store.connection().await.unwrap();
    assert!(audit::append_if_due(&mut connection, data, world.clock.now()).await.unwrap());
    let whole = audit::verify(&mut connection, &desk.ring, data).await.unwrap();
    assert_eq!((whole.first_bad, whole.checkpoints), (None, 1));
    let last = whole.entries;
    open_the_log(&world).await;
    let mut found = 0;
    let rounds = if desk.store.backend().name() == "sqlite" { 1_000 } else { 200 };
    for round in 0..rounds {
        let seq = 1 + round % last;
        let (statement, first) = match round / last % 8 {
            0 => (format!("UPDATE audit_log SET at = at + 1 WHERE seq = {seq}"), seq),
            1 => (format!("UPDATE audit_log SET action = 'x' WHERE seq = {seq}"), seq),
            2 => (format!("UPDATE audit_log SET actor = 'x' WHERE seq = {seq}"), seq),
            3 => (format!("UPDATE audit_log SET detail = '{{}}' WHERE seq = {seq}"), seq),
            4 => (format!("UPDATE audit_log SET subject = 'x' WHERE seq = {seq}"), seq),
            5 => (format!("DELETE FROM audit_log WHERE seq = {seq}"), seq),
            6 => (format!("DELETE FROM audit_log WHERE seq >= {seq}"), seq),
            _ => {
                let other = if seq == last { 1 } else { seq + 1 };
                let swap = "UPDATE audit_log SET detail = CASE seq WHEN {a} THEN 'a' ELSE 'b' END, mac = (SELECT mac
                            FROM audit_log x WHERE x.seq = {a} + {b} - audit_log.seq) WHERE seq IN ({a}, {b})";
                (swap.replace("{a}", &seq.to_string()).replace("{b}", &other.to_string()), seq.min(other))
            }
        };
        // In a transaction that is rolled back: each tampering is alone.
        let mut tx = desk.store.begin().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone())).execute(&mut *tx).await.unwrap();
        let report = audit::verify(&mut tx, &desk.ring, data).await.unwrap();
        assert_eq!(report.first_bad, Some(first), "{statement}");
        found += 1;
    }
    // Whoever can also change the head is betrayed by the checkpoint.
    let mut tx = desk.store.begin().await.unwrap();
    let cut = format!(
        "DELETE FROM audit_log WHERE seq = {last};
         UPDATE audit_head SET seq = {last} - 1, mac = (SELECT mac FROM audit_log WHERE seq = {last} - 1)"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(cut)).execute(&mut *tx).await.unwrap();
    assert_eq!(audit::verify(&mut tx, &desk.ring, data).await.unwrap().first_bad, Some(last));
    eprintln!("audit: {} of {} tamperings found", found + 1, rounds + 1);
}

async fn the_database_refuses_changes(world: World) {
    filled(&world, 3).await;
    for statement in ["UPDATE audit_log SET at = 0", "DELETE FROM audit_log"] {
        let mut connection = world.app.desk.store.connection().await.unwrap();
        let refused = sqlx::query(statement).execute(&mut *connection).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

async fn an_organisation_sees_its_own(world: World) {
    let ada = world.founder("ada").await;
    let eve = world.founder("eve").await;
    let of = async |actor| world.get(actor, "/v1/audit?limit=1000").await.expect(200);
    let (adas, eves) = (of(&ada).await, of(&eve).await);
    let org = world.get(&ada, "/v1/me").await.expect(200)["organisation"].clone();
    assert!(adas.as_array().unwrap().iter().all(|entry| entry["org_id"] == org));
    assert!(eves.as_array().unwrap().iter().all(|entry| entry["org_id"] != org));
    assert!(adas.as_array().unwrap().iter().any(|entry| entry["action"] == "user.created"));
    // Nothing tells how much others do: entries are numbered among one's own, and only those are counted.
    let numbers = |log: &serde_json::Value| -> Vec<i64> {
        log.as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect()
    };
    let (adas, eves) = (of(&ada).await, of(&eve).await);
    for log in [&adas, &eves] {
        let count = log.as_array().unwrap().len() as i64;
        assert_eq!(numbers(log), (1..=count).collect::<Vec<_>>());
    }
    let later = world.get(&ada, "/v1/audit?after=2&limit=2").await.expect(200);
    assert_eq!(numbers(&later), [3, 4]);
    assert_eq!(later[0]["mac"], adas[2]["mac"]);
    world.get(&ada, "/v1/audit?after=-1").await.expect(422);
    let own = of(&eve).await.as_array().unwrap().len() as i64 + 1;
    let report = world.post(&eve, "/v1/audit/verify", json!({})).await.expect(200);
    assert_eq!(report, json!({"entries": own, "valid": true, "reason": null}));
}
