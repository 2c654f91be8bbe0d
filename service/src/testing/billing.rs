//! Invoices for emptyings that drivers have confirmed.

use serde_json::{Value, json};

use super::driving::{bins, driven};
use super::over_both_stores;
use super::world::{Actor, Answer, World, shared};

over_both_stores!(
    an_emptying_is_billed_once,
    what_cannot_be_billed_is_told,
    what_was_seen_is_approved_and_nothing_else,
    of_many_at_once_one_is_billed_and_one_approved,
    invoices_are_seen_by_few,
);

pub(super) const DAY: &str = "2026-12-03";

/// A word of a driver, with or without a weight.
pub(super) fn emptied(id: &str, code: &str, at: i64, amount: Option<i64>) -> Value {
    json!({"id": id, "version": 1, "code": code, "outcome": "done", "at": at, "amount": amount})
}

pub(super) fn missed(id: &str, code: &str, at: i64) -> Value {
    json!({"id": id, "version": 1, "code": code, "outcome": "missed", "reason": "blocked", "at": at})
}

/// Two payers: one pays by emptying and 19 per cent of tax, one by weight.
async fn payers(world: &World, admin: &Actor) {
    let payers = json!([
        {"code": "inn", "name": "The Inn", "email": "inn@example.org", "currency": "eur", "price_per_emptying": 350,
         "tax_basis_points": 1900},
        {"code": "mill", "name": "Mill", "customer": "cus_mill", "currency": "eur", "price_per_tonne": 12_345,
         "material_prices": "paper=4000", "days_until_due": 30}]);
    world.import(admin, "payers", payers).await.expect(200);
}

/// The first bins of a route: who pays for each, and what is in it.
pub(super) async fn assign_payers(world: &World, admin: &Actor, of: &[(&str, &str, &str)]) {
    let mut changed = Vec::new();
    for (code, payer, material) in of {
        let mut bin = world.get(admin, &format!("/v1/fleet/bins/{code}")).await.expect(200);
        (bin["payer"], bin["material"]) = (json!(payer), json!(material));
        changed.push(bin);
    }
    world.import(admin, "bins", changed.into()).await.expect(200);
}

pub(super) async fn draft(world: &World, admin: &Actor) -> Value {
    world.post(admin, "/v1/invoices", json!({"from": "2026-12-01", "until": "2026-12-31"})).await.expect(201)
}

pub(super) async fn approve(world: &World, admin: &Actor, invoice: &Value) -> Answer {
    let path = format!("/v1/invoices/{}/approval", invoice["id"].as_str().unwrap());
    world.post(admin, &path, json!({"version": invoice["version"], "total": invoice["total"]})).await
}

pub(super) async fn found(world: &World, admin: &Actor, invoice: &Value) -> Value {
    world.get(admin, &format!("/v1/invoices/{}", invoice["id"].as_str().unwrap())).await.expect(200)
}

/// A day on which two bins of the inn were emptied, and one of the mill.
pub(super) async fn emptied_day(world: &World) -> (Actor, Actor, Vec<String>) {
    let (admin, [dora, _]) = driven(world).await;
    let own = bins(&world.route(&dora).await);
    payers(world, &admin).await;
    assign_payers(world, &admin, &[(&own[0], "inn", ""), (&own[1], "inn", ""), (&own[2], "mill", "paper")]).await;
    let words = [
        emptied("word-0001", &own[0], 25_000, None),
        emptied("word-0002", &own[1], 25_300, Some(80)),
        emptied("word-0003", &own[2], 25_600, Some(137)),
    ];
    world.report(&dora, &words).await.expect(200);
    (admin, dora, own)
}

async fn an_emptying_is_billed_once(world: World) {
    let (admin, dora, own) = emptied_day(&world).await;
    let drafted = draft(&world, &admin).await;
    assert_eq!(drafted["left_out"], json!({"without_payer": 0, "without_weight": 0, "without_price": 0}));
    let invoices = drafted["invoices"].as_array().unwrap();
    assert_eq!(invoices.len(), 2);
    let (inn, mill) = (&invoices[0], &invoices[1]);
    // Two at 3.50, and 19 % of 7.00; 137 kg at 40.00 a tonne are 5.48.
    for (invoice, name, emptyings, [net, tax, total]) in
        [(inn, "The Inn", 2, [700, 133, 833]), (mill, "Mill", 1, [548, 0, 548])]
    {
        let told = (&invoice["name"], &invoice["emptyings"], &invoice["state"], &invoice["version"]);
        assert_eq!(told, (&json!(name), &json!(emptyings), &json!("draft"), &json!(1)));
        assert_eq!((&invoice["net"], &invoice["tax"], &invoice["total"]), (&json!(net), &json!(tax), &json!(total)));
    }
    let whole = found(&world, &admin, mill).await;
    assert_eq!(
        whole["items"],
        json!([{"day": DAY, "code": own[2], "name": "", "material": "paper", "kilograms": 137, "emptying_price": 0,
                "tonne_price": 4000, "amount": 548}])
    );
    // The same period again has nothing left, and neither has a part of it.
    assert_eq!(draft(&world, &admin).await["invoices"], json!([]));
    let part = json!({"from": DAY, "until": DAY, "payer": "inn"});
    assert_eq!(world.post(&admin, "/v1/invoices", part.clone()).await.expect(201)["invoices"], json!([]));
    // What is reported later comes onto an invoice of its own; what is not done onto none.
    assign_payers(&world, &admin, &[(&own[3], "inn", ""), (&own[4], "inn", "")]).await;
    let words = [emptied("word-0004", &own[3], 26_000, None), missed("word-0005", &own[4], 26_300)];
    world.report(&dora, &words).await.expect(200);
    let later = draft(&world, &admin).await;
    assert_eq!((later["invoices"].as_array().unwrap().len(), &later["invoices"][0]["emptyings"]), (1, &json!(1)));
    // A draft that is deleted frees what is on it; prices are those of the day on which it is drafted anew.
    let path = format!("/v1/invoices/{}", inn["id"].as_str().unwrap());
    world.delete(&admin, &path).await.expect(204);
    world.delete(&admin, &path).await.expect(404);
    let dearer = json!([{"code": "inn", "name": "The Inn", "email": "inn@example.org", "currency": "eur", "price_per_emptying": 401,
                         "tax_basis_points": 1900}]);
    world.import(&admin, "payers", dearer).await.expect(200);
    let again = world.post(&admin, "/v1/invoices", part).await.expect(201);
    let again = &again["invoices"][0];
    assert_eq!((&again["emptyings"], &again["net"], &again["tax"]), (&json!(2), &json!(802), &json!(152)));
    assert_eq!(world.get(&admin, "/v1/invoices?payer=inn").await.expect(200).as_array().unwrap().len(), 2);
    assert_eq!(world.get(&admin, "/v1/invoices?state=sent").await.expect(200), json!([]));
    let log = world.audited().await;
    let count = |action: &str| log.iter().filter(|known| *known == action).count();
    assert_eq!((count("invoice.drafted"), count("invoice.deleted")), (4, 1));
}

async fn what_cannot_be_billed_is_told(world: World) {
    let (admin, [dora, _]) = driven(&world).await;
    let own = bins(&world.route(&dora).await);
    payers(&world, &admin).await;
    let free = json!([{"code": "free", "email": "f@example.org", "currency": "eur"}]);
    world.import(&admin, "payers", free).await.expect(200);
    let of = [(&*own[0], "mill", "paper"), (&*own[1], "gone", ""), (&*own[2], "free", ""), (&*own[3], "inn", "")];
    assign_payers(&world, &admin, &of).await;
    // The last word on a bin counts, be it a driver's or the office's.
    let words = [
        emptied("word-0001", &own[0], 25_000, None),
        emptied("word-0002", &own[1], 25_300, Some(80)),
        emptied("word-0003", &own[2], 25_600, Some(80)),
        emptied("word-0004", &own[3], 25_900, Some(80)),
        emptied("word-0005", &own[4], 26_200, Some(80)),
        missed("word-0006", &own[3], 26_500),
    ];
    world.report(&dora, &words).await.expect(200);
    // What the office alone says was done is nothing that a driver has confirmed.
    let said = json!({"stops": [{"code": own[3], "outcome": "done", "at": 27_000}, {"code": own[5], "outcome": "done", "at": 27_000}]});
    world.post(&admin, &format!("/v1/days/{DAY}/confirmations"), said).await.expect(204);
    assign_payers(&world, &admin, &[(&own[5], "inn", "")]).await;
    let drafted = draft(&world, &admin).await;
    assert_eq!(drafted["invoices"], json!([]));
    assert_eq!(drafted["left_out"], json!({"without_payer": 2, "without_weight": 1, "without_price": 1}));
    // Nothing of it is lost: with its weight, it is billed.
    world.report(&dora, &[emptied("word-0007", &own[0], 25_000, Some(250))]).await.expect(200);
    let drafted = draft(&world, &admin).await;
    assert_eq!((&drafted["invoices"][0]["payer"], &drafted["invoices"][0]["total"]), (&json!("mill"), &json!(1_000)));
    let ask = async |body: Value| world.post(&admin, "/v1/invoices", body).await;
    for wrong in [
        json!({"from": "2026-12-31", "until": "2026-12-01"}),
        json!({"from": "2026-01-01", "until": "2027-01-02"}),
        json!({"from": "2020-12-01", "until": "2020-12-31"}),
        json!({"from": "2026-12-1", "until": "2026-12-31"}),
        json!({"from": "2026-12-01"}),
    ] {
        ask(wrong.clone()).await.expect(422);
    }
    ask(json!({"from": "2026-01-01", "until": "2027-01-01"})).await.expect(201);
    world.get(&admin, "/v1/invoices?state=lost").await.expect(422);
}

async fn what_was_seen_is_approved_and_nothing_else(world: World) {
    let (admin, dora, own) = emptied_day(&world).await;
    let drafted = draft(&world, &admin).await;
    let (inn, mill) = (drafted["invoices"][0].clone(), drafted["invoices"][1].clone());
    let with = |name: &str, value: i64| {
        let mut other = inn.clone();
        other[name] = value.into();
        other
    };
    for other in [with("total", 832), with("version", 2)] {
        assert_eq!(approve(&world, &admin, &other).await.code(), "invoice_changed");
    }
    // A phone that was out of reach says that one of the two was not possible after all, and what the other one weighed.
    world.report(&dora, &[missed("word-0011", &own[0], 29_000)]).await.expect(200);
    let refused = approve(&world, &admin, &inn).await;
    assert!(
        refused.code() == "invoice_changed" && refused.text.contains("its version is 2 and its total 417"),
        "{}",
        refused.text
    );
    let now = found(&world, &admin, &inn).await;
    assert_eq!((&now["emptyings"], &now["total"], &now["version"]), (&json!(1), &json!(417), &json!(2)));
    assert_eq!(now["items"].as_array().unwrap().len(), 1);
    assert_eq!(approve(&world, &admin, &inn).await.code(), "invoice_changed", "the version that was seen is over");
    let approved = approve(&world, &admin, &now).await.expect(200);
    assert_eq!((&approved["state"], &approved["version"]), (&json!("approved"), &json!(3)));
    assert_eq!(approve(&world, &admin, &approved).await.code(), "not_a_draft");
    let path = format!("/v1/invoices/{}", inn["id"].as_str().unwrap());
    assert_eq!(world.delete(&admin, &path).await.code(), "not_a_draft");
    // Another weight is another total; nothing that holds is nothing to be paid.
    world.report(&dora, &[emptied("word-0012", &own[2], 29_300, Some(1_000))]).await.expect(200);
    assert_eq!(approve(&world, &admin, &mill).await.code(), "invoice_changed");
    let heavier = found(&world, &admin, &mill).await;
    assert_eq!((&heavier["total"], &heavier["items"][0]["kilograms"]), (&json!(4_000), &json!(1_000)));
    world.report(&dora, &[missed("word-0013", &own[2], 29_600)]).await.expect(200);
    assert!(approve(&world, &admin, &heavier).await.text.contains("it is gone"));
    world.get(&admin, &format!("/v1/invoices/{}", mill["id"].as_str().unwrap())).await.expect(404);
    let log = world.audited().await;
    let count = |action: &str| log.iter().filter(|known| *known == action).count();
    assert_eq!((count("invoice.redrafted"), count("invoice.approved"), count("invoice.deleted")), (2, 1, 1));
}

async fn of_many_at_once_one_is_billed_and_one_approved(world: World) {
    const AT_ONCE: usize = 8;
    let (admin, _, _) = emptied_day(&world).await;
    let world = shared(world);
    let each = async |i: usize| {
        let body = if i.is_multiple_of(2) {
            json!({"from": DAY, "until": DAY})
        } else {
            json!({"from": "2026-12-01", "until": "2026-12-31"})
        };
        // Whoever meets too many others is told to come again.
        for _ in 0..50 {
            let answer = world.post(&admin, "/v1/invoices", body.clone()).await;
            if answer.status.as_u16() != 503 && answer.status.as_u16() != 500 {
                return answer.expect(201)["invoices"].as_array().unwrap().clone();
            }
        }
        panic!("a draft does not come through");
    };
    let drafted = futures_util::future::join_all((0..AT_ONCE).map(each)).await.concat();
    let emptyings: i64 = drafted.iter().map(|invoice| invoice["emptyings"].as_i64().unwrap()).sum();
    assert_eq!((emptyings, world.count("invoice_items").await), (3, 3), "each emptying once: {drafted:?}");
    assert_eq!(world.count("invoices").await, drafted.len() as i64);
    let inn = drafted.iter().find(|invoice| invoice["payer"] == "inn").unwrap();
    let each = async |_| approve(&world, &admin, inn).await.status.as_u16();
    let statuses = futures_util::future::join_all((0..AT_ONCE).map(each)).await;
    let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(200), count(409)), (1, AT_ONCE - 1), "{statuses:?}");
    assert_eq!(world.count("outbox WHERE kind = 'invoice'").await, 1);
}

async fn invoices_are_seen_by_few(world: World) {
    let (admin, dora, _) = emptied_day(&world).await;
    let invoice = draft(&world, &admin).await["invoices"][0].clone();
    let path = format!("/v1/invoices/{}", invoice["id"].as_str().unwrap());
    let seen = json!({"version": 1, "total": invoice["total"]});
    let eve = world.founder("eve").await;
    let planner = world.member(&admin, "paul", "planner").await;
    for (method, path, body) in [
        ("GET", path.clone(), None),
        ("DELETE", path.clone(), None),
        ("POST", format!("{path}/approval"), Some(seen)),
        ("POST", format!("{path}/withdrawal"), Some(json!({"version": 1}))),
        ("POST", format!("{path}/resolution"), Some(json!({"version": 1, "was_made": false}))),
        ("GET", "/v1/fleet/payers/inn".to_owned(), None),
        ("DELETE", "/v1/fleet/payers/inn".to_owned(), None),
    ] {
        for actor in [&planner, &dora] {
            let answer = world.send(Some(&actor.access), method, &path, body.clone()).await;
            assert_eq!(answer.code(), "forbidden", "{method} {path}");
        }
        let theirs = world.send(Some(&eve.access), method, &path, body).await;
        assert_eq!(theirs.code(), "not_found", "{method} {path}");
    }
    for list in ["/v1/invoices", "/v1/fleet/payers"] {
        assert_eq!(world.get(&eve, list).await.expect(200), json!([]));
        assert_eq!(world.get(&planner, list).await.code(), "forbidden");
    }
    assert_eq!(world.import(&planner, "payers", json!([])).await.code(), "forbidden");
    // Who has one permission and not the other does not see payers either.
    let biller = json!({"name": "biller", "permissions": ["billing:manage"]});
    world.post(&admin, "/v1/roles", biller).await.expect(201);
    let biller = world.member(&admin, "bill", "biller").await;
    assert_eq!(world.get(&biller, "/v1/fleet/payers").await.code(), "forbidden");
    world.get(&biller, &path).await.expect(200);
    assert_eq!(world.get(&admin, "/v1/fleet/payers").await.expect(200).as_array().unwrap().len(), 2);
    // Years later, what was sent or withdrawn goes, and a draft stays.
    let mut tx = world.app.desk.store.begin().await.unwrap();
    for state in ["draft", "paid", "voided"] {
        sqlx::query(
            "INSERT INTO invoices (id, org_id, payer, name, first_day, last_day, currency, emptyings, net, tax, total,
                                   tax_basis_points, days_until_due, state, version, drafted_by, drafted_at, sent_at, settled_at)
             SELECT $1, id, 'old', '', '2016-01-01', '2016-01-31', 'eur', 1, 1, 0, 1, 0, 14, $1, 1, '', 1, $2, $3
             FROM organisations WHERE name LIKE 'ada%' OR name LIKE 'Ada%' LIMIT 1",
        )
        .bind(state)
        .bind((state == "paid").then_some(1_i64))
        .bind((state == "voided").then_some(1_i64))
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let before = world.count("invoices WHERE payer = 'old'").await;
    world.app.keeper().sweep().await.unwrap();
    assert_eq!((before, world.count("invoices WHERE payer = 'old'").await), (3, 1));
}
