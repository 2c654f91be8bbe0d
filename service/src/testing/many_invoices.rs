//! Many payers, many invoices, and approvals that meet.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::billing::{DAY, approve, assign_payers, draft, emptied, emptied_day, found};
use super::over_both_stores;
use super::world::{Actor, World, shared};

over_both_stores!(
    many_payers_are_drafted_one_after_the_other,
    lists_go_on_where_they_ended,
    approvals_and_a_new_report_meet,
);

/// So many payers, each with two bins that a driver has emptied.
async fn with_payers(world: &World, count: usize) -> Actor {
    world.set_to(&format!("{DAY}T20:00:00Z"));
    let admin = world.founder("ada").await;
    let payers: Vec<Value> = (0..count)
        .map(|i| json!({"code": format!("p{i:04}"), "email": "p@example.org", "currency": "eur", "price_per_emptying": 100 + i}))
        .collect();
    world.import(&admin, "payers", payers.into()).await.expect(200);
    let bins: Vec<Value> = (0..2 * count)
        .map(|i| json!({"code": format!("b{i:04}"), "lon": 4.9, "lat": 52.37, "load_kg": 150, "payer": format!("p{:04}", i / 2)}))
        .collect();
    world.import(&admin, "bins", bins.into()).await.expect(200);
    let user = world.id(&admin).await;
    let mut tx = world.app.desk.store.begin().await.unwrap();
    for statement in [
        "INSERT INTO confirmations (org_id, day, activity, code, outcome, reason, at_second, confirmed_by, received_at)
         SELECT org_id, '2026-12-03', 'client', code, 'done', '', 25000, $1, 1 FROM bins",
        "INSERT INTO reports (user_id, id, org_id, day, vehicle, activity, code, outcome, reason, remark, at_second, version, received_at)
         SELECT $1, code, org_id, '2026-12-03', 't1', 'client', code, 'done', '', '', 25000, 1, 1 FROM bins",
    ] {
        sqlx::query(statement).bind(user.clone()).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    admin
}

/// Makes the database refuse drafts of payers whose codes begin with this, or no longer.
async fn refuse_drafts_of(world: &World, payers: &str, refuses: bool) {
    let store = &world.app.desk.store;
    // Each has a name of its own: a connection of SQLite may still know what another one has dropped.
    let name = format!("refuse_{payers}");
    let statement = match (store.backend().name(), refuses) {
        ("sqlite", true) => format!(
            "CREATE TRIGGER {name} BEFORE INSERT ON invoices WHEN NEW.payer LIKE '{payers}%' BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        ("sqlite", false) => format!("DROP TRIGGER {name}"),
        (_, true) => format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN IF NEW.payer LIKE '{payers}%' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
             CREATE TRIGGER {name} BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
        (_, false) => format!("DROP TRIGGER {name} ON invoices; DROP FUNCTION {name}"),
    };
    let mut tx = store.begin().await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn many_payers_are_drafted_one_after_the_other(world: World) {
    const PAYERS: usize = 420;
    let admin = with_payers(&world, PAYERS).await;
    let world = shared(world);
    let body = json!({"from": DAY, "until": DAY});
    let made = |answer: &Value| (answer["invoices"].as_array().unwrap().len(), answer["payers_left"].as_u64().unwrap());
    // What is drafted is there before the rest is: nobody who writes waits for all of it.
    let (drafting, own, request) = (world.clone(), admin.clone(), body.clone());
    let drafting = tokio::spawn(async move { drafting.post(&own, "/v1/invoices", request).await.expect(201) });
    let mut seen = BTreeSet::new();
    while !drafting.is_finished() {
        seen.insert(world.count("invoices").await);
        tokio::task::yield_now().await;
    }
    assert_eq!(made(&drafting.await.unwrap()), (200, 220));
    assert!(seen.iter().any(|count| (1..200).contains(count)), "{seen:?}");
    // Those who cannot be drafted are omitted, and stop no payer behind them.
    refuse_drafts_of(&world, "p02", true).await;
    assert_eq!(made(&world.post(&admin, "/v1/invoices", body.clone()).await.expect(201)), (100, 120));
    refuse_drafts_of(&world, "p02", false).await;
    refuse_drafts_of(&world, "p0250", true).await;
    assert_eq!(made(&world.post(&admin, "/v1/invoices", body.clone()).await.expect(201)), (119, 1));
    let failed = world.post(&admin, "/v1/invoices", body.clone()).await;
    assert!(failed.status.is_server_error(), "{}", failed.text);
    assert_eq!((world.count("invoices").await, world.count("invoice_items").await), (419, 838));
    refuse_drafts_of(&world, "p0250", false).await;
    assert_eq!(made(&world.post(&admin, "/v1/invoices", body.clone()).await.expect(201)), (1, 0));
    assert_eq!(made(&world.post(&admin, "/v1/invoices", body).await.expect(201)), (0, 0));
    // Each payer has one, with both emptyings; and each is in the log.
    let whole = world.count(
        "invoices i WHERE emptyings = 2 AND total = (SELECT SUM(amount) FROM invoice_items WHERE invoice_id = i.id)",
    );
    assert_eq!(whole.await, PAYERS as i64);
    assert_eq!(world.details("invoice.drafted").await.len(), PAYERS);
    let mut payers = BTreeSet::new();
    let mut connection = world.app.ledger.connection().await.unwrap();
    for (payer,) in
        sqlx::query_as::<_, (String,)>("SELECT payer FROM invoices").fetch_all(&mut *connection).await.unwrap()
    {
        assert!(payers.insert(payer));
    }
    assert_eq!(payers.len(), PAYERS);
}

async fn lists_go_on_where_they_ended(world: World) {
    let admin = with_payers(&world, 25).await;
    let body = json!({"from": DAY, "until": DAY});
    let made = world.post(&admin, "/v1/invoices", body).await.expect(201)["invoices"].as_array().unwrap().clone();
    let id = |invoice: &Value| invoice["id"].as_str().unwrap().to_owned();
    let (mut after, mut listed) = (String::new(), Vec::new());
    loop {
        let page = world.get(&admin, &format!("/v1/invoices?state=draft&limit=10&after={after}")).await.expect(200);
        let page: Vec<String> = page.as_array().unwrap().iter().map(id).collect();
        let Some(last) = page.last() else { break };
        after.clone_from(last);
        // Where the last one is gone by the next page, that goes on all the same.
        if listed.is_empty() {
            world.delete(&admin, &format!("/v1/invoices/{last}")).await.expect(204);
        }
        listed.extend(page);
    }
    assert_eq!(listed, made.iter().rev().map(id).collect::<Vec<_>>(), "the newest first");
    let of_payer = world.get(&admin, &format!("/v1/invoices?payer=p0003&after={}", listed[0])).await.expect(200);
    assert_eq!(of_payer.as_array().unwrap().len(), 1);
    // The emptyings of one, too.
    let path = format!("/v1/invoices/{}", listed[0]);
    let page = async |query: &str| world.get(&admin, &format!("{path}?{query}")).await.expect(200)["items"].clone();
    assert_eq!(page("").await.as_array().unwrap().len(), 2);
    let first = page("limit=1").await;
    let after =
        format!("{} {}", first[0]["day"].as_str().unwrap(), first[0]["code"].as_str().unwrap()).replace(' ', "%20");
    let second = page(&format!("limit=1&after={after}")).await;
    assert_eq!((&first[0]["code"], &second[0]["code"]), (&json!("b0048"), &json!("b0049")));
    assert_eq!(page(&format!("after={DAY}%20b0049")).await, json!([]));
    for wrong in ["after=b0049", "after=2026-12-03", "after=2026-13-03%20b1", "limit=0", "limit=1001", "before=1"] {
        world.get(&admin, &format!("{path}?{wrong}")).await.expect(422);
    }
    world.get(&admin, "/v1/invoices?limit=0").await.expect(422);
}

/// Two people approve the same draft as they saw it, and a driver corrects the weight at this moment: what is approved is what was seen, by
/// one of them, or nothing is.
async fn approvals_and_a_new_report_meet(world: World) {
    let (admin, dora, own) = emptied_day(&world).await;
    draft(&world, &admin).await;
    let (mut approved, mut changed) = (0, 0);
    for (round, bin) in own[3..].iter().enumerate() {
        assign_payers(&world, &admin, &[(bin, "mill", "paper")]).await;
        let at = 30_000 + 100 * round as i64;
        world.report(&dora, &[emptied(&format!("first-{round:03}"), bin, at, Some(1_000))]).await.expect(200);
        let drafted = draft(&world, &admin).await;
        let seen = &drafted["invoices"][0];
        assert_eq!(seen["total"], 4_000);
        let correction = [emptied(&format!("second-{round:03}"), bin, at + 50, Some(2_000))];
        // Every other time the report has a start, of a millisecond more each time.
        let start = Duration::from_millis((round % 2 * round) as u64);
        let later = async || {
            tokio::time::sleep(start).await;
            approve(&world, &admin, seen).await
        };
        let (report, first, second) = tokio::join!(world.report(&dora, &correction), later(), later());
        report.expect(200);
        let statuses = [first.status.as_u16(), second.status.as_u16()];
        assert!(
            statuses.iter().all(|status| [200, 409].contains(status)),
            "{statuses:?} {} {}",
            first.text,
            second.text
        );
        let now = found(&world, &admin, seen).await;
        let sum: i64 = now["items"].as_array().unwrap().iter().map(|item| item["amount"].as_i64().unwrap()).sum();
        assert_eq!(now["total"], sum);
        let sent = world.count("outbox WHERE kind = 'invoice'").await;
        if statuses.contains(&200) {
            approved += 1;
            assert_eq!((statuses.iter().sum::<u16>(), &now["state"], sum), (609, &json!("approved"), 4_000));
        } else {
            changed += 1;
            assert_eq!((&now["state"], &now["version"], sum), (&json!("draft"), &json!(2), 8_000), "{now}");
        }
        assert_eq!(sent, approved);
    }
    eprintln!("approvals that met a new report: {approved} came before it, {changed} after");
}
