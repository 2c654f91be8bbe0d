//! Invoices on their way to a provider of payments, and what it tells of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::Request;
use data_encoding::HEXLOWER;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::billing::{DAY, approve, assign_payers, draft, emptied, emptied_day, found};
use super::over_both_stores;
use super::stub::{Asked, Reply, Stub};
use super::world::{Actor, World};

over_both_stores!(
    an_invoice_is_sent_and_settled,
    whatever_statement_is_the_last_one_invoice_is_made,
    what_is_refused_can_be_mended,
    what_is_void_is_billed_again,
    customers_are_made_anew_for_another_account,
    a_customer_who_was_deleted_is_made_anew,
);

/// A Stripe that heeds keys: what is asked under a key that it knows, it answers as before. Counts what was finalised.
pub(super) struct Payments {
    pub(super) stub: Stub,
    pub(super) finalised: Arc<Mutex<BTreeMap<String, usize>>>,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    account: &'static str,
    by_key: BTreeMap<String, Value>,
    forgotten: usize,
    invoices: Vec<Value>,
    items: Vec<(String, Value)>,
    /// Customers who were deleted.
    deleted: BTreeSet<String>,
    /// What is asked at the end of this path is done, and the answer is lost.
    loses: Option<&'static str>,
    /// What is asked at the end of this path is refused for what is in it.
    refuses: Option<&'static str>,
}

impl Payments {
    /// What is asked at the end of this path is done, and the answer is lost. `None`: no longer.
    pub(super) fn loses(&self, path: Option<&'static str>) {
        self.books.lock().unwrap().loses = path;
    }

    /// What is asked at the end of this path is refused for what is in it. `None`: no longer.
    pub(super) fn refuses(&self, path: Option<&'static str>) {
        self.books.lock().unwrap().refuses = path;
    }

    /// Somebody writes an item into all drafts.
    pub(super) fn write_into_drafts(&self) {
        let books = &mut *self.books.lock().unwrap();
        let drafts = books.invoices.iter().filter(|invoice| invoice["status"] == "draft");
        let item = |draft: &Value| (draft["id"].as_str().unwrap().to_owned(), json!({"id": "ii_other", "amount": 5}));
        books.items.extend(drafts.map(item));
    }

    /// Somebody deletes all drafts with their items.
    pub(super) fn delete_drafts(&self) {
        let books = &mut *self.books.lock().unwrap();
        let is_draft = |invoice: &Value| invoice["status"] == "draft";
        let drafts: Vec<Value> =
            books.invoices.iter().filter(|invoice| is_draft(invoice)).map(|i| i["id"].clone()).collect();
        books.invoices.retain(|invoice| !is_draft(invoice));
        books.items.retain(|(of, _)| !drafts.contains(&json!(of)));
    }

    /// Somebody deletes a customer there.
    fn delete(&self, customer: &str) {
        self.books.lock().unwrap().deleted.insert(customer.to_owned());
    }

    /// The keys are forgotten, as after some days.
    pub(super) fn forget_keys(&self) {
        let mut books = self.books.lock().unwrap();
        let known = books.by_key.len();
        books.by_key.clear();
        books.forgotten += known;
    }

    /// What was asked by `POST` at a path.
    pub(super) fn posted(&self, path: &str) -> usize {
        self.stub.asked().iter().filter(|asked| asked.method == "POST" && asked.path == path).count()
    }

    /// The invoices that there are, drafts among them.
    pub(super) fn invoices(&self) -> Vec<Value> {
        self.books.lock().unwrap().invoices.clone()
    }
}

fn payments() -> Payments {
    payments_of("acct_1")
}

pub(super) fn payments_of(account: &'static str) -> Payments {
    let finalised: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let books = Arc::new(Mutex::new(Books { account, ..Books::default() }));
    let (kept, own) = (Arc::clone(&finalised), Arc::clone(&books));
    let stub = Stub::start(move |asked, _| {
        let mut books = own.lock().unwrap();
        let is_at = |end: Option<&str>| asked.method == "POST" && end.is_some_and(|end| asked.path.ends_with(end));
        if is_at(books.refuses) {
            return Reply::status(400, "{\"error\": {\"message\": \"the amount is out of range\"}}");
        }
        if asked.method == "POST" && fields(asked).get("customer").is_some_and(|of| books.deleted.contains(of)) {
            return Reply::status(400, "{\"error\": {\"message\": \"No such customer\"}}");
        }
        let answer = answered(&mut books, &kept, asked);
        if is_at(books.loses) { Reply::status(500, "") } else { Reply::ok(answer.to_string()) }
    });
    Payments { stub, finalised, books }
}

/// The fields of a form.
fn fields(asked: &Asked) -> BTreeMap<String, String> {
    let read = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    asked
        .body
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (read(name), read(value)))
        .collect()
}

fn answered(books: &mut Books, finalised: &Mutex<BTreeMap<String, usize>>, asked: &Asked) -> Value {
    let path = asked.path.split('?').next().unwrap().to_owned();
    if path == "/v1/account" {
        return json!({"object": "account", "id": books.account});
    }
    if asked.method == "DELETE" {
        let id = path.split('/').nth(3).unwrap();
        books.invoices.retain(|invoice| invoice["id"] != id);
        books.items.retain(|(_, item)| item["id"] != id);
        return json!({"id": id, "deleted": true});
    }
    if let Some(customer) = path.strip_prefix("/v1/customers/") {
        return json!({"object": "customer", "id": customer, "deleted": books.deleted.contains(customer)});
    }
    if asked.method == "GET" {
        let own: Vec<Value> = if path == "/v1/invoices/search" {
            // It does not know yet what was made a moment ago.
            Vec::new()
        } else if path == "/v1/invoices" {
            let of = asked.path.split("customer=").nth(1).unwrap().split('&').next().unwrap();
            books.invoices.iter().filter(|invoice| invoice["customer"] == of).cloned().collect()
        } else {
            let of = asked.path.split("invoice=").nth(1).unwrap().split('&').next().unwrap();
            books.items.iter().filter(|(invoice, _)| invoice == of).map(|(_, item)| item.clone()).collect()
        };
        let object = if path.ends_with("/search") { "search_result" } else { "list" };
        return json!({"object": object, "data": own});
    }
    let key = asked.header("idempotency-key").unwrap().to_owned();
    if let Some(known) = books.by_key.get(&key) {
        return known.clone();
    }
    let fields = fields(asked);
    let number = books.forgotten + books.by_key.len();
    let answer = match path.as_str() {
        "/v1/customers" => json!({"object": "customer", "id": format!("cus_{number}")}),
        "/v1/invoices" => {
            let made = json!({"object": "invoice", "id": format!("in_{number}"), "status": "draft",
                              "customer": fields["customer"], "metadata": {"key": fields["metadata[key]"]}});
            books.invoices.push(made.clone());
            made
        }
        "/v1/invoiceitems" => {
            let item = json!({"object": "invoiceitem", "id": format!("ii_{number}"), "amount": fields["amount"].parse::<i64>().unwrap(),
                              "metadata": {"item": fields["metadata[item]"]}});
            books.items.push((fields["invoice"].clone(), item.clone()));
            item
        }
        path => {
            let id = path.split('/').nth(3).unwrap().to_owned();
            let own = books.invoices.iter_mut().find(|invoice| invoice["id"] == id.as_str()).unwrap();
            own["status"] = "open".into();
            *finalised.lock().unwrap().entry(id.clone()).or_default() += 1;
            own.clone()
        }
    };
    books.by_key.insert(key, answer.clone());
    answer
}

/// Sets Stripe up; gives where it tells what has become of invoices.
pub(super) async fn with_stripe(world: &World, admin: &Actor, stub: &Stub, secret: &str) -> String {
    let account = json!({"provider": "stripe", "secret": secret, "webhook_secrets": ["whsec"],
                         "settings": {"address": stub.address()}});
    world.send(Some(&admin.access), "PUT", "/v1/providers/payments", Some(account)).await.expect(204);
    let shown = world.get(admin, "/v1/providers").await.expect(200);
    let own = shown.as_array().unwrap().iter().find(|entry| entry["capability"] == "payments").unwrap();
    own["webhook_url"].as_str().unwrap().split_once("/v1/").unwrap().1.to_owned()
}

/// An event of Stripe's, signed as it signs.
async fn tell(world: &World, hook: &str, id: &str, kind: &str, object: Value) {
    let body = json!({"id": id, "type": kind, "data": {"object": object}}).to_string();
    let at = world.clock.now() / 1_000;
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"whsec");
    let signature = HEXLOWER.encode(hmac::sign(&key, format!("{at}.{body}").as_bytes()).as_ref());
    let request = Request::post(format!("/v1/{hook}"))
        .header("content-type", "application/json")
        .header("stripe-signature", format!("t={at},v1={signature}"))
        .body(Body::from(body));
    world.answer(request.unwrap()).await.expect(204);
}

async fn an_invoice_is_sent_and_settled(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments();
    let hook = with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    for invoice in drafted["invoices"].as_array().unwrap() {
        approve(&world, &admin, invoice).await.expect(200);
        world.clock.advance(10);
    }
    let shown = world.get(&admin, "/v1/providers").await.expect(200);
    let own = shown.as_array().unwrap().iter().find(|entry| entry["capability"] == "payments").unwrap();
    assert_eq!(own["waiting"], 2);
    // The mill's invoice is paid so quickly that it is told before it is noted that it was sent.
    tell(&world, &hook, "evt_0", "invoice.paid", json!({"id": "in_5"})).await;
    assert_eq!(world.deliver().await, 2);
    let (inn, mill) =
        (found(&world, &admin, &drafted["invoices"][0]).await, found(&world, &admin, &drafted["invoices"][1]).await);
    assert_eq!((&inn["state"], &inn["provider"], &inn["version"]), (&json!("sent"), &json!("stripe"), &json!(3)));
    assert_eq!((&mill["state"], &mill["version"]), (&json!("paid"), &json!(4)), "{mill}");
    // Who has a name at the provider has no other made.
    let asked = provider.stub.asked();
    let customers: Vec<&Asked> = asked.iter().filter(|asked| asked.path == "/v1/customers").collect();
    assert_eq!(customers.len(), 1);
    assert!(customers[0].body.contains("inn%40example.org"), "{}", customers[0].body);
    let made: Vec<&Asked> =
        asked.iter().filter(|asked| asked.method == "POST" && asked.path == "/v1/invoices").collect();
    assert!(made[0].body.contains("customer=cus_0") && made[1].body.contains("customer=cus_mill"));
    assert!(made[0].body.contains("days_until_due=14") && made[1].body.contains("days_until_due=30"));
    // Lines and tax add up to the total.
    let amount = |asked: &&Asked| -> i64 {
        let fields = fields(asked);
        fields["amount"].parse().unwrap()
    };
    let amounts: Vec<i64> = asked
        .iter()
        .filter(|asked| asked.method == "POST" && asked.path == "/v1/invoiceitems")
        .map(|a| amount(&a))
        .collect();
    assert_eq!(amounts, [700, 133, 548]);
    // What comes late, twice, or of another invoice changes nothing.
    let reference = inn["reference"].as_str().unwrap();
    let state = async || found(&world, &admin, &inn).await["state"].as_str().unwrap().to_owned();
    tell(&world, &hook, "evt_1", "invoice.paid", json!({"id": "in_other"})).await;
    assert_eq!(state().await, "sent");
    tell(&world, &hook, "evt_2", "invoice.marked_uncollectible", json!({"id": reference})).await;
    assert_eq!(state().await, "uncollectible");
    tell(&world, &hook, "evt_3", "invoice.paid", json!({"id": reference})).await;
    tell(&world, &hook, "evt_2", "invoice.marked_uncollectible", json!({"id": reference})).await;
    tell(&world, &hook, "evt_4", "invoice.voided", json!({"id": reference})).await;
    assert_eq!(state().await, "paid");
    tell(&world, &hook, "evt_5", "charge.refunded", json!({"invoice": reference, "refunded": false})).await;
    assert_eq!(state().await, "paid", "a part of it is not all of it");
    tell(&world, &hook, "evt_6", "charge.refunded", json!({"invoice": reference, "refunded": true})).await;
    assert_eq!(state().await, "refunded");
    assert_eq!(world.details("invoice.settled").await.len(), 4);
    // What a provider tells of invoices is no word on whether a message arrived.
    let outbox = world.get(&admin, "/v1/outbox").await.expect(200);
    assert!(outbox.as_array().unwrap().iter().all(|row| row["delivery"] == "" && row["kind"] == "invoice"), "{outbox}");
    assert_eq!(world.count("outbox WHERE LENGTH(sealed) > 0").await, 0, "what was sent is wiped");
}

/// Invoices are sent and cut off after each step in turn, as by a process that is killed; then they are taken up by another one.
async fn whatever_statement_is_the_last_one_invoice_is_made(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments();
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let write = async |_| {
        // The same emptyings are billed again and again: the test takes them off the invoice before.
        let mut tx = world.app.desk.store.begin().await.unwrap();
        sqlx::query("DELETE FROM invoice_items").execute(&mut *tx).await.unwrap();
        sqlx::query("UPDATE payers SET known_as = ''").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        let admin = world.actor(&admin.email).await;
        let body = json!({"from": DAY, "until": DAY, "payer": "inn"});
        let drafted = world.post(&admin, "/v1/invoices", body).await.expect(201);
        approve(&world, &admin, &drafted["invoices"][0]).await.expect(200);
    };
    let (rounds, cuts) = world.cut_off_after_each_step(write).await;
    assert_eq!(world.count("invoices WHERE state <> 'sent'").await, 0);
    let finalised = provider.finalised.lock().unwrap().clone();
    assert!(finalised.values().all(|times| *times == 1), "{finalised:?}");
    let mut connection = world.app.ledger.connection().await.unwrap();
    let told: Vec<(String,)> =
        sqlx::query_as("SELECT reference FROM invoices").fetch_all(&mut *connection).await.unwrap();
    let told: BTreeSet<String> = told.into_iter().map(|(reference,)| reference).collect();
    assert_eq!(
        (finalised.len(), told),
        (rounds, finalised.keys().cloned().collect()),
        "each invoice once, and known here"
    );
    let calls = provider.stub.asked().iter().filter(|asked| asked.path.ends_with("/finalize")).count();
    eprintln!(
        "invoices: cut off after each of their steps ({cuts} cuts): {rounds} of {rounds} made, each once, in {calls} calls"
    );
}

async fn what_is_refused_can_be_mended(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let stub = Stub::start(|_, _| Reply::status(400, "{\"error\": {\"message\": \"no such customer\"}}"));
    with_stripe(&world, &admin, &stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let mill = &drafted["invoices"][1];
    approve(&world, &admin, mill).await.expect(200);
    world.deliver().await;
    let refused = found(&world, &admin, mill).await;
    assert_eq!(refused["state"], "approved");
    assert!(refused["problem"].as_str().unwrap().contains("400"), "{refused}");
    // However long that takes, it waits.
    world.clock.advance(100 * 86_400_000);
    world.app.keeper().sweep().await.unwrap();
    let admin = world.actor(&admin.email).await;
    // With the right customer it is sent, under the same key.
    let provider = payments();
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let right =
        json!([{"code": "mill", "name": "Mill", "customer": "cus_right", "currency": "eur", "price_per_tonne": 1}]);
    world.import(&admin, "payers", right).await.expect(200);
    let dead = world.get(&admin, "/v1/outbox?state=dead").await.expect(200)[0]["id"].as_str().unwrap().to_owned();
    world.post(&admin, &format!("/v1/outbox/{dead}/retry"), json!({})).await.expect(204);
    world.deliver().await;
    let sent = found(&world, &admin, mill).await;
    assert_eq!((&sent["state"], &sent["problem"], &sent["total"]), (&json!("sent"), &Value::Null, &json!(548)));
    assert!(provider.stub.asked().iter().any(|asked| asked.body.contains("customer=cus_right")));
    // Without any account it is a file.
    world.delete(&admin, "/v1/providers/payments").await.expect(204);
    approve(&world, &admin, &drafted["invoices"][0]).await.expect(200);
    world.deliver().await;
    let sent = found(&world, &admin, &drafted["invoices"][0]).await;
    assert_eq!((&sent["state"], &sent["provider"]), (&json!("sent"), &json!("local")));
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let file = world.config.data.join("outbox").join(org).join(sent["reference"].as_str().unwrap());
    let text: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(text["items"].as_array().unwrap().len(), 2, "{text}");
}

async fn what_is_void_is_billed_again(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments();
    let hook = with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let inn = &drafted["invoices"][0];
    approve(&world, &admin, inn).await.expect(200);
    world.deliver().await;
    assert_eq!(draft(&world, &admin).await["invoices"], json!([]));
    let sent = found(&world, &admin, inn).await;
    tell(&world, &hook, "evt_1", "invoice.voided", json!({"id": sent["reference"]})).await;
    let void = found(&world, &admin, inn).await;
    assert_eq!((&void["state"], &void["total"], &void["items"]), (&json!("voided"), &inn["total"], &json!([])));
    let again = draft(&world, &admin).await;
    assert_eq!(again["invoices"].as_array().unwrap().len(), 1);
    assert_eq!((&again["invoices"][0]["payer"], &again["invoices"][0]["total"]), (&json!("inn"), &inn["total"]));
    assert_ne!(again["invoices"][0]["id"], inn["id"]);
}

async fn customers_are_made_anew_for_another_account(world: World) {
    let (admin, dora, own) = emptied_day(&world).await;
    let (first, second) = (payments(), payments_of("acct_2"));
    let customers =
        |provider: &Payments| provider.stub.asked().iter().filter(|asked| asked.path == "/v1/customers").count();
    let mut at = 30_000;
    let mut bill = async |bin: &str, provider: &Payments, secret: &str| {
        at += 10;
        assign_payers(&world, &admin, &[(bin, "inn", "")]).await;
        world.report(&dora, &[emptied(&format!("again-{at}"), bin, at, None)]).await.expect(200);
        with_stripe(&world, &admin, &provider.stub, secret).await;
        let body = json!({"from": DAY, "until": DAY, "payer": "inn"});
        let drafted = world.post(&admin, "/v1/invoices", body).await.expect(201);
        approve(&world, &admin, &drafted["invoices"][0]).await.expect(200);
        assert_eq!(world.deliver().await, 1);
    };
    bill(&own[3], &first, "sk_1").await;
    bill(&own[4], &first, "sk_new").await;
    assert_eq!(customers(&first), 1, "the same account knows the customer, by whatever key");
    bill(&own[5], &second, "sk_2").await;
    assert_eq!((customers(&first), customers(&second)), (1, 1), "another one does not");
}

async fn a_customer_who_was_deleted_is_made_anew(world: World) {
    let (admin, _, _) = emptied_day(&world).await;
    let provider = payments();
    with_stripe(&world, &admin, &provider.stub, "sk_1").await;
    let drafted = draft(&world, &admin).await;
    let (inn, mill) = (&drafted["invoices"][0], &drafted["invoices"][1]);
    // The inn's name is known here, the mill's was given.
    let known = "UPDATE payers SET known_as = 'cus_old', known_at = 'acct_1' WHERE code = 'inn'";
    let mut tx = world.app.desk.store.begin().await.unwrap();
    sqlx::query(known).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    for customer in ["cus_old", "cus_mill"] {
        provider.delete(customer);
    }
    for invoice in [inn, mill] {
        approve(&world, &admin, invoice).await.expect(200);
    }
    let retry = async || {
        let dead = world.get(&admin, "/v1/outbox?state=dead").await.expect(200);
        for row in dead.as_array().unwrap() {
            let path = format!("/v1/outbox/{}/retry", row["id"].as_str().unwrap());
            world.post(&admin, &path, json!({})).await.expect(204);
        }
        world.deliver().await;
    };
    world.deliver().await;
    for invoice in [inn, mill] {
        let refused = found(&world, &admin, invoice).await;
        assert!(refused["problem"].as_str().unwrap().contains("No such customer"), "{refused}");
    }
    assert_eq!(provider.posted("/v1/customers"), 0);
    retry().await;
    let (inn, mill) = (found(&world, &admin, inn).await, found(&world, &admin, mill).await);
    assert_eq!((&inn["state"], &mill["state"]), (&json!("sent"), &json!("approved")), "who was given is not made");
    let customer = inn["customer"].as_str().unwrap();
    assert_eq!((provider.posted("/v1/customers"), customer == "cus_old"), (1, false));
    let known = "payers p JOIN invoices i ON i.org_id = p.org_id AND i.payer = p.code AND i.customer = p.known_as
                 WHERE p.known_at = 'acct_1' AND i.state = 'sent'";
    assert_eq!(world.count(known).await, 1);
}
