//! Retention, what is stored about somebody, and its erasure.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World};
use crate::audit;

over_both_stores!(
    what_is_old_goes_and_the_rest_stays,
    each_organisation_says_how_long,
    nothing_of_an_erased_person_is_left_in_the_files,
    who_may_erase_whom,
    every_mention_of_an_account_is_told,
);

const DAY: i64 = 86_400_000;

async fn execute(world: &World, statement: &'static str) {
    let mut tx = world.app.desk.store.begin().await.unwrap();
    sqlx::raw_sql(statement).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_whole(world: &World) -> bool {
    let mut connection = world.app.ledger.connection().await.unwrap();
    let report = audit::verify(&mut connection, &world.app.ledger.ring, &world.config.data).await.unwrap();
    report.first_bad.is_none()
}

/// Readings of each bin, one for each of so many minutes from a time on.
async fn report(world: &World, actor: &Actor, (from, minutes): (i64, i64), bins: usize) {
    let of = |i: usize| {
        (0..minutes).map(move |m| json!({"bin": format!("b{i:04}"), "at": from + m * 60_000, "fill_percent": 9}))
    };
    let readings: Vec<Value> = (0..bins).flat_map(of).collect();
    for part in readings.chunks(5_000) {
        world.post(actor, "/v1/readings", json!({ "readings": part })).await.expect(200);
    }
}

async fn what_is_old_goes_and_the_rest_stays(world: World) {
    let ada = world.founder("ada").await;
    world.city(&ada, 6).await;
    let now = world.clock.now();
    // More than one transaction takes, then what is just old enough to stay.
    report(&world, &ada, (now - 800 * DAY, 1_200), 6).await;
    report(&world, &ada, (now - 729 * DAY, 10), 6).await;
    let stop = world.work();
    let job = world.post(&ada, "/v1/plans", json!({"iterations": 20})).await.expect(202)["job"]["id"].clone();
    let plan = world.ended(&ada, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    stop.send_replace(true);
    execute(
        &world,
        "INSERT INTO outbox (id, org_id, kind, target, cause, sealed, state, due_at, created_at, finished_at)
             SELECT 'sent', o.id, 'mail', '', 'a', h.mac, 'sent', 1, 1, 1 FROM organisations o, audit_head h;
         INSERT INTO outbox (id, org_id, kind, target, cause, sealed, state, due_at, created_at, finished_at)
             SELECT 'dead', o.id, 'mail', '', 'b', h.mac, 'dead', 1, 1, 1 FROM organisations o, audit_head h;
         INSERT INTO outbox (id, org_id, kind, target, cause, sealed, state, due_at, created_at)
             SELECT 'waits', o.id, 'mail', '', 'c', h.mac, 'queued', 1, 1 FROM organisations o, audit_head h;
         INSERT INTO webhook_events (account_id, event_id, org_id, provider, kind, content, copies, received_at)
             SELECT 'a', 'e', o.id, 'p', '', h.mac, 1, 1 FROM organisations o, audit_head h",
    )
    .await;
    world.app.keeper().sweep().await.unwrap();
    assert_eq!((world.count("readings").await, world.count("plan_jobs").await), (60, 1));
    assert_eq!((world.count("outbox").await, world.count("webhook_events").await), (1, 0));
    let logged = world.details("data.expired").await;
    let rows = |kind: &str| -> i64 {
        logged.iter().filter(|detail| detail["kind"] == kind).map(|detail| detail["rows"].as_i64().unwrap()).sum()
    };
    assert_eq!((rows("readings"), rows("messages"), rows("events")), (7_200, 2, 1));
    // In batches, of which each is logged once.
    assert_eq!(logged.iter().filter(|detail| detail["kind"] == "readings").count(), 2);
    // Nothing more is to be done, and nothing is logged.
    assert_eq!(world.app.keeper().sweep().await.unwrap(), 0);
    assert_eq!(world.details("data.expired").await.len(), logged.len());
    // Time passes: the job and the session go, the plan stays.
    world.clock.advance(91 * DAY);
    let again = world.actor(&ada.email).await;
    world.app.keeper().sweep().await.unwrap();
    assert_eq!((world.count("plan_jobs").await, world.count("readings").await), (0, 0));
    world.get(&again, &format!("/v1/plans/{plan}")).await.expect(200);
    assert_eq!(world.count("sessions").await, 1, "those that live stay");
    assert!(is_whole(&world).await);
}

async fn each_organisation_says_how_long(world: World) {
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let now = world.clock.now();
    for actor in [&ada, &eve] {
        world.city(actor, 2).await;
        report(&world, actor, (now - 10 * DAY, 30), 2).await;
    }
    let usual = json!({"readings": 730, "jobs": 90, "sign_ins": 7, "sign_in_history": 90, "messages": 30, "events": 90, "invoices": 3653});
    assert_eq!(world.get(&ada, "/v1/retention").await.expect(200), usual);
    let put = async |body: Value| world.send(Some(&ada.access), "PUT", "/v1/retention", Some(body)).await;
    for wrong in [
        json!({"readings": 0}),
        json!({"jobs": 36_501}),
        json!({"audit": 5}),
        json!({"invoices": 1_095}),
        json!({"events": "1"}),
    ] {
        put(wrong).await.expect(422);
    }
    let chosen = put(json!({"readings": 9, "sign_ins": 1})).await.expect(200);
    assert_eq!(chosen, world.get(&ada, "/v1/retention").await.expect(200));
    assert_eq!((chosen["readings"].as_i64(), chosen["jobs"].as_i64()), (Some(9), Some(90)));
    assert_eq!(world.get(&eve, "/v1/retention").await.expect(200), usual);
    world.app.keeper().sweep().await.unwrap();
    assert_eq!(world.get(&ada, "/v1/readings/b0000").await.expect(200), json!([]));
    assert_eq!(world.get(&eve, "/v1/readings/b0000").await.expect(200).as_array().unwrap().len(), 30);
    // What is not named is as usual again.
    put(json!({})).await.expect(200);
    assert_eq!(world.get(&ada, "/v1/retention").await.expect(200), usual);
    assert_eq!(world.details("retention.changed").await.len(), 2);
    world.clock.advance(301_000);
    assert_eq!(put(json!({})).await.code(), "step_up_required");
}

async fn org_of(world: &World, actor: &Actor) -> String {
    let mut connection = world.app.ledger.connection().await.unwrap();
    let query = sqlx::query_as("SELECT org_id FROM users WHERE email = $1").bind(actor.email.clone());
    let (org,): (String,) = query.fetch_one(&mut *connection).await.unwrap();
    org
}

/// How many of the database's files have one of the words.
async fn places(world: &World, words: &[&str]) -> usize {
    let store = &world.app.desk.store;
    let mut connection = store.connection().await.unwrap();
    let files: Vec<PathBuf> = store.backend().residue(&mut connection, "users").await.unwrap().files;
    assert!(!files.is_empty());
    let has = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
    let found = files.iter().filter_map(|file| std::fs::read(file).ok());
    found.map(|bytes| words.iter().filter(|word| has(&bytes, word)).count()).sum()
}

async fn nothing_of_an_erased_person_is_left_in_the_files(world: World) {
    const WORDS: [&str; 2] = ["wilhelmina-quist", "Wilhelmina-Quist"];
    let ada = world.founder("ada").await;
    let wanda = world.member(&ada, WORDS[0], "planner").await;
    execute(&world, "UPDATE users SET name = 'Wilhelmina-Quist' WHERE name = 'wilhelmina-quist'").await;
    world.enrol(&wanda).await;
    world.city(&wanda, 3).await;
    world.sign_in(&wanda.email, json!({"password": "wrong", "code": "1"})).await.expect(401);
    assert!(world.count("sign_ins WHERE outcome = 'refused'").await > 0);
    let invited = json!({"role": world.role(&ada, "viewer").await, "email": wanda.email});
    world.post(&ada, "/v1/invitations", invited.clone()).await.expect(201);
    let other = json!({"role": invited["role"], "email": "other@example.org"});
    world.post(&ada, "/v1/invitations", other).await.expect(201);
    let letters = world.config.data.join("outbox").join(org_of(&world, &ada).await).join("mail");
    std::fs::create_dir_all(&letters).unwrap();
    for (name, to) in [("1.json", wanda.email.as_str()), ("2.json", "other@example.org"), ("3.json", "")] {
        let text =
            if to.is_empty() { "{".to_owned() } else { json!({"to": to, "subject": "s", "text": "t"}).to_string() };
        std::fs::write(letters.join(name), text).unwrap();
    }
    let id = world.id(&wanda).await;
    // What is stored, first: to the person, and to who may ask for it.
    let own = world.get(&wanda, "/v1/me/data").await.expect(200);
    assert_eq!(own["account"]["name"], WORDS[1]);
    let letters_to: BTreeSet<&str> = own["letters"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    let told = ["A second factor was set up for your milkrun account", "Your invitation to milkrun"];
    assert_eq!(letters_to, BTreeSet::from(told));
    for kind in ["sessions", "factors", "roles", "audit_log"] {
        assert!(!own["mentions"][kind].as_array().unwrap().is_empty(), "{kind}: {own}");
    }
    let text = own.to_string();
    assert!(!text.contains("argon2") && !text.contains("secret"), "{text}");
    let seen = world.get(&ada, &format!("/v1/users/{id}/data")).await.expect(200);
    assert_eq!(seen["account"], own["account"]);
    assert!(places(&world, &WORDS).await > 0, "the search finds what is there");
    let path = format!("/v1/users/{id}/erasure");
    let erased = world.post(&ada, &path, json!({})).await.expect(200);
    assert_eq!((erased["user"].as_str(), &erased["scrubbed_at"]), (Some(id.as_str()), &Value::Null));
    let left: BTreeSet<_> = std::fs::read_dir(&letters).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["2.json", "3.json"].map(Into::into).into(), "letters in the data folder go with the address");
    // At once, and a second time as the first.
    world.get(&wanda, "/v1/me").await.expect(401);
    assert_eq!(world.post(&ada, &path, json!({})).await.expect(200), erased);
    world.get(&ada, &format!("/v1/users/{id}/data")).await.expect(404);
    assert_eq!(world.sign_in(&wanda.email, json!({})).await.status.as_u16(), 401);
    for (table, rows) in
        [("users", 1), ("sign_ins", 1), ("factors", 0), ("recovery_codes", 0), ("outbox", 1), ("erasures", 1)]
    {
        assert_eq!(world.count(table).await, rows, "{table}");
    }
    assert!(world.app.keeper().scrub().await.unwrap() && !world.app.keeper().scrub().await.unwrap());
    let name = world.app.desk.store.backend().name();
    let left = places(&world, &WORDS).await;
    assert_eq!(left, 0);
    assert!(world.post(&ada, &path, json!({})).await.expect(200)["scrubbed_at"].is_i64());
    // The log is whole, and says under the id what was done.
    assert!(is_whole(&world).await);
    let log = world.get(&ada, "/v1/audit?limit=100").await.expect(200);
    let by_id = log.as_array().unwrap().iter().filter(|entry| entry["actor"] == id.as_str()).count();
    assert!(by_id >= 4 && !log.to_string().contains(WORDS[0]), "{by_id}");
    assert_eq!(world.audited().await.iter().filter(|action| *action == "user.erased").count(), 1);
    eprintln!(
        "erasure ({name}): {left} places left in the database's files, {by_id} entries of the log under the id, all valid"
    );
}

async fn who_may_erase_whom(world: World) {
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let ada_id = world.id(&ada).await;
    let erase = async |actor: &Actor, id: &str| world.post(actor, &format!("/v1/users/{id}/erasure"), json!({})).await;
    // The last administrator stays.
    assert_eq!(erase(&ada, &ada_id).await.status.as_u16(), 409);
    // Another organisation's account is none.
    for (method, end) in [("GET", "data"), ("POST", "erasure")] {
        let foreign = world.send(Some(&eve.access), method, &format!("/v1/users/{ada_id}/{end}"), None).await;
        let nothing = world.send(Some(&eve.access), method, &format!("/v1/users/nobody/{end}"), None).await;
        assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nothing.body), "{end}");
    }
    // Who may erase and no more cannot reach an administrator; and presence is asked for.
    let role =
        world.post(&ada, "/v1/roles", json!({"name": "keeper", "permissions": ["data:manage"]})).await.expect(201);
    let keeper = world.member(&ada, "keeper", "keeper").await;
    assert!(role["id"].is_string());
    assert_eq!(erase(&keeper, &ada_id).await.status.as_u16(), 403);
    let viewer = world.member(&ada, "vera", "viewer").await;
    world.get(&viewer, &format!("/v1/users/{ada_id}/data")).await.expect(403);
    world.get(&viewer, "/v1/me/data").await.expect(200);
    world.clock.advance(301_000);
    assert_eq!(erase(&ada, &world.id(&keeper).await).await.code(), "step_up_required");
    assert_eq!(world.get(&viewer, "/v1/me/data").await.code(), "step_up_required");
    assert_eq!(world.count("users").await, 4);
    assert_eq!(world.count("erasures").await, 0);
}

/// Whatever table names users is told to who asks what is stored.
async fn every_mention_of_an_account_is_told(world: World) {
    let ada = world.founder("ada").await;
    let query = match world.app.desk.store.backend().name() {
        "sqlite" => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        _ => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema()"
        }
    };
    let mut connection = world.app.ledger.connection().await.unwrap();
    let columns: Vec<(String, String)> = sqlx::query_as(query).fetch_all(&mut *connection).await.unwrap();
    let names_users = |column: &str| column == "user_id" || column == "actor" || column.ends_with("_by");
    let naming: BTreeSet<String> =
        columns.into_iter().filter(|(_, column)| names_users(column)).map(|(table, _)| table).collect();
    assert!(naming.len() >= 12, "{naming:?}");
    let told = world.get(&ada, "/v1/me/data").await.expect(200);
    let told: BTreeSet<String> = told["mentions"].as_object().unwrap().keys().cloned().collect();
    // Roles are told by their names.
    let mut expected: BTreeSet<String> = naming.into_iter().filter(|table| table != "user_roles").collect();
    expected.insert("roles".to_owned());
    assert_eq!(told, expected, "a table that names users is to be told");
}
