//! Outside systems: what is to be sent is sent, what providers tell is kept, and secrets stay secret.

use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::Request;
use data_encoding::HEXLOWER;
use milkrun_providers::webhooks::{Incoming, standard};
use serde_json::{Value, json};

use super::over_both_stores;
use super::stub::{Reply, Stub};
use super::world::{Actor, World, shared};
use crate::crypto::{Context, Purpose};
use crate::storage::Outbox as _;
use crate::storage::outbox::QUEUE;

over_both_stores!(
    drivers_are_told_of_changed_routes,
    messages_go_to_the_account_that_is_set_up,
    whatever_statement_is_the_last_nothing_is_lost_or_sent_twice,
    what_fails_is_tried_again_and_then_given_up,
    the_days_money_holds_over_restarts,
    events_go_to_endpoints_and_verify,
    endpoints_are_guarded,
    what_providers_tell_is_verified_and_kept_once,
    secrets_are_sealed_and_never_shown,
    invitations_are_sent,
);

const DAY: &str = "/v1/days/2026-12-03";
const CANARY: &str = "canary-provider-key-8812";

impl World {
    async fn outbox(&self, actor: &Actor, state: &str) -> Vec<Value> {
        self.get(actor, &format!("/v1/outbox?state={state}")).await.expect(200).as_array().unwrap().clone()
    }

    async fn set(&self, actor: &Actor, capability: &str, body: Value) -> super::world::Answer {
        self.send(Some(&actor.access), "PUT", &format!("/v1/providers/{capability}"), Some(body)).await
    }

    pub(super) async fn set_twilio(&self, actor: &Actor, address: &str, more: Value) {
        let settings = json!({"account": "AC0123", "from": "+15005550006", "address": address});
        let mut body = json!({"provider": "twilio", "secret": CANARY, "settings": settings});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.set(actor, "messages", body).await.expect(204);
    }
}

/// A city with a driver for each truck, and a plan of the day. Gives the plan.
pub(super) async fn with_drivers(world: &World, admin: &Actor) -> String {
    world.city(admin, 12).await;
    let drivers = json!([{"code": "d1", "vehicle": "t1", "phone": "+4915112345671"},
                         {"code": "d2", "vehicle": "t2", "phone": "+4915112345672"}, {"code": "d3", "vehicle": "t1"}]);
    world.import(admin, "drivers", drivers).await.expect(200);
    let stop = world.work();
    let job = world.post(admin, "/v1/plans", json!({"iterations": 50})).await.expect(202)["job"]["id"].clone();
    let plan = world.ended(admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    stop.send_replace(true);
    plan
}

async fn choose(world: &World, actor: &Actor, plan: &str, version: i64) {
    let body = json!({"plan_id": plan, "version": version});
    world.send(Some(&actor.access), "PUT", DAY, Some(body)).await.expect(200);
}

/// Vehicles of the plan that have a driver with a telephone.
async fn told(world: &World, admin: &Actor) -> usize {
    world.get(admin, &format!("{DAY}/routes")).await.expect(200).as_array().unwrap().len()
}

async fn drivers_are_told_of_changed_routes(world: World) {
    let admin = world.founder("ada").await;
    let plan = with_drivers(&world, &admin).await;
    choose(&world, &admin, &plan, 0).await;
    let routes = told(&world, &admin).await;
    assert_eq!((world.outbox(&admin, "queued").await.len(), world.deliver().await), (routes, routes));
    // The same plan again changes nothing for anybody.
    choose(&world, &admin, &plan, 1).await;
    assert_eq!(world.deliver().await, 0);
    let sent = world.outbox(&admin, "sent").await;
    assert!(sent.iter().all(|row| row["provider"] == "local" && row["kind"] == "message"), "{sent:?}");
    let org = std::fs::read_dir(world.config.data.join("outbox")).unwrap().next().unwrap().unwrap().path();
    let texts: Vec<String> = std::fs::read_dir(org.join("messages"))
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(texts.len(), routes);
    assert!(texts.iter().all(|text| text.contains("+491511234567") && text.contains("2026-12-03, t")), "{texts:?}");
    // What was sent is wiped, and forgotten after a month.
    assert_eq!(world.count("outbox WHERE state = 'sent' AND LENGTH(sealed) > 0").await, 0);
    world.app.keeper().sweep().await.unwrap();
    assert_eq!(world.count("outbox").await, routes as i64);
    // With more bins, somebody drives another route.
    world.city(&admin, 24).await;
    let stop = world.work();
    let job = world.post(&admin, "/v1/plans", json!({"iterations": 50})).await.expect(202)["job"]["id"].clone();
    let other = world.ended(&admin, job.as_str().unwrap()).await["plan_id"].as_str().unwrap().to_owned();
    stop.send_replace(true);
    choose(&world, &admin, &other, 2).await;
    assert!(world.deliver().await >= 1);
}

async fn messages_go_to_the_account_that_is_set_up(world: World) {
    let stub = Stub::start(|_, before| {
        Reply::status(201, json!({"sid": format!("SM{before}"), "status": "queued"}).to_string())
    });
    let admin = world.founder("ada").await;
    let plan = with_drivers(&world, &admin).await;
    world.set_twilio(&admin, &stub.address(), json!({"price": 70_000, "day_budget": 1_000_000})).await;
    choose(&world, &admin, &plan, 0).await;
    let count = world.deliver().await;
    assert_eq!(stub.count(), count);
    let rows = world.outbox(&admin, "sent").await;
    assert!(
        rows.len() == count
            && rows
                .iter()
                .all(|row| row["provider"] == "twilio" && row["reference"].as_str().unwrap().starts_with("SM"))
    );
    let shown = world.get(&admin, "/v1/providers").await.expect(200);
    let messages = shown.as_array().unwrap().iter().find(|entry| entry["capability"] == "messages").unwrap();
    assert_eq!(messages["spent_today"], 70_000 * count);
    assert_eq!((messages["health"]["breaker"].as_str(), messages["waiting"].as_i64()), (Some("closed"), Some(0)));
    assert!(messages["webhook_url"].as_str().unwrap().contains("/v1/hooks/"));
    world.delete(&admin, "/v1/providers/messages").await.expect(204);
    assert_eq!(world.get(&admin, "/v1/providers").await.expect(200)[0]["provider"], "local");
}

/// The outbox is worked on and cut off after each of its steps in turn, as a process that is killed would be; then it is taken up
/// by another one.
async fn whatever_statement_is_the_last_nothing_is_lost_or_sent_twice(world: World) {
    let admin = world.founder("ada").await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&seen);
    // An endpoint that knows events by their id, as the scheme asks of receivers.
    let stub = Stub::start(move |asked, _| {
        kept.lock().unwrap().push(asked.header("webhook-id").unwrap().to_owned());
        Reply::status(204, "")
    });
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().map(str::to_owned);
    let org = match org {
        Some(org) => org,
        None => only_organisation(&world).await,
    };
    let url = format!("{}/events", stub.address());
    let made = world
        .post(&admin, "/v1/webhook-endpoints", json!({"url": url, "events": ["day.plan_changed"]}))
        .await
        .expect(201);
    let endpoint = made["id"].as_str().unwrap().to_owned();
    let write = async |row: usize| {
        let mut tx = world.app.desk.store.begin().await.unwrap();
        let content = crate::outbox::Content::Webhook(format!("{{\"n\": {row}}}"));
        let cause = format!("row {row}");
        crate::outbox::enqueue(&mut tx, &world.app.desk.ring, (&org, &endpoint, &cause), &content, world.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    let (rows, cuts) = world.cut_off_after_each_step(write).await;
    let mut ids = seen.lock().unwrap().clone();
    let calls = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), rows, "each row arrived");
    eprintln!(
        "outbox: cut off after each of its steps ({cuts} cuts): {rows} of {rows} rows arrived, in {calls} calls, each under one id"
    );
}

async fn only_organisation(world: &World) -> String {
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let (id,): (String,) = sqlx::query_as("SELECT id FROM organisations").fetch_one(&mut *connection).await.unwrap();
    id
}

async fn what_fails_is_tried_again_and_then_given_up(world: World) {
    let world = world.restart(|config| config.outside.attempts = 2).await;
    let stub = Stub::start(|_, _| Reply::status(500, "{\"message\": \"no\"}"));
    let admin = world.founder("ada").await;
    let plan = with_drivers(&world, &admin).await;
    world.set_twilio(&admin, &stub.address(), json!({})).await;
    choose(&world, &admin, &plan, 0).await;
    let rows = world.outbox(&admin, "queued").await.len();
    let mut rounds = 0;
    while world.count("outbox WHERE state = 'dead'").await < rows as i64 {
        world.deliver().await;
        world.clock.advance(3_600_000);
        rounds += 1;
        assert!(rounds < 20, "it ends");
    }
    // The session is over by now.
    let admin = world.actor("ada@example.org").await;
    assert_eq!(stub.count(), 2 * rows, "each was tried so often");
    let dead = world.outbox(&admin, "dead").await;
    assert!(dead.iter().all(|row| row["error"].as_str().unwrap().contains("status 500")), "{dead:?}");
    assert_eq!(world.details("outbox.gave_up").await.len(), rows);
    // What a provider refuses is given up at once; whoever mends it has it sent again.
    let id = dead[0]["id"].as_str().unwrap();
    let mended = Stub::start(|_, _| Reply::status(201, json!({"sid": "SM", "status": "queued"}).to_string()));
    world.set_twilio(&admin, &mended.address(), json!({})).await;
    let eve = world.founder("eve").await;
    world.post(&eve, &format!("/v1/outbox/{id}/retry"), json!({})).await.expect(404);
    world.post(&admin, &format!("/v1/outbox/{id}/retry"), json!({})).await.expect(204);
    assert_eq!((world.deliver().await, mended.count()), (1, 1));
    world.post(&admin, &format!("/v1/outbox/{id}/retry"), json!({})).await.expect(404);
}

async fn the_days_money_holds_over_restarts(world: World) {
    let stub = Stub::start(|_, _| Reply::status(201, json!({"sid": "SM", "status": "queued"}).to_string()));
    let admin = world.founder("ada").await;
    world.set_twilio(&admin, &stub.address(), json!({"price": 70_000, "day_budget": 150_000})).await;
    let org = only_organisation(&world).await;
    let ring = world.app.desk.ring.clone();
    let message = milkrun_providers::Message { to: "+4915112345671".to_owned(), text: "go".to_owned() };
    let mut tx = world.app.desk.store.begin().await.unwrap();
    for i in 0..5 {
        let content = crate::outbox::Content::Message(message.clone());
        crate::outbox::enqueue(&mut tx, &ring, (&org, "", &format!("c{i}")), &content, world.clock.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    world.deliver().await;
    assert_eq!(stub.count(), 2);
    let world = world.restart(|_| {}).await;
    // They are due by the service's clock, and it is still the day whose money is spent.
    world.clock.advance(2 * 86_400_000);
    world.deliver().await;
    assert_eq!((stub.count(), world.count("outbox WHERE state = 'queued'").await), (2, 3));
    assert_eq!(
        world.count("outbox WHERE state = 'queued' AND attempts > 0").await,
        0,
        "what is held back is no attempt"
    );
}

async fn events_go_to_endpoints_and_verify(world: World) {
    let stub = Stub::start(|_, before| if before == 0 { Reply::status(500, "") } else { Reply::status(200, "") });
    let admin = world.founder("ada").await;
    let plan = with_drivers(&world, &admin).await;
    let url = format!("{}/events?of=milkrun", stub.address());
    let made = world
        .post(&admin, "/v1/webhook-endpoints", json!({"url": url, "events": ["day.plan_changed"]}))
        .await
        .expect(201);
    let first = made["secret"].as_str().unwrap().to_owned();
    let id = made["id"].as_str().unwrap().to_owned();
    let renewed = world.post(&admin, &format!("/v1/webhook-endpoints/{id}/secret"), json!({})).await.expect(201);
    let second = renewed["secret"].as_str().unwrap().to_owned();
    choose(&world, &admin, &plan, 0).await;
    world.deliver().await;
    let asked = stub.asked();
    assert_eq!(asked.len(), 2, "a failure is tried again");
    assert_eq!(asked[0].header("webhook-id"), asked[1].header("webhook-id"));
    for secret in [&first, &second] {
        let incoming = Incoming {
            url: &url,
            headers: &asked[1].headers,
            body: asked[1].body.as_bytes(),
            now: world.clock.now() / 1_000,
        };
        assert!(
            standard::verify(&incoming, &[secret.as_str().into()]).is_ok(),
            "both sign while one replaces the other"
        );
    }
    let body: Value = serde_json::from_str(&asked[1].body).unwrap();
    assert_eq!(
        (body["type"].as_str(), body["data"]["plan_id"].as_str()),
        (Some("day.plan_changed"), Some(plan.as_str()))
    );
    let shown = world.get(&admin, "/v1/webhook-endpoints").await;
    assert!(!shown.text.contains("whsec_"), "{}", shown.text);
    // An accepted adaptation is an event, too.
    let asked = world.post(&admin, &format!("{DAY}/adaptations"), json!({"now": 0, "seconds": 1})).await.expect(201);
    let accepted = format!("/v1/adaptations/{}/acceptance", asked["id"].as_str().unwrap());
    world.post(&admin, &accepted, json!({})).await.expect(200);
    world.deliver().await;
    let body: Value = serde_json::from_str(&stub.asked()[2].body).unwrap();
    assert_eq!(body["data"]["version"], 2);
    let eve = world.founder("eve").await;
    world.delete(&eve, &format!("/v1/webhook-endpoints/{id}")).await.expect(404);
    world.post(&eve, &format!("/v1/webhook-endpoints/{id}/secret"), json!({})).await.expect(404);
    assert_eq!(world.get(&eve, "/v1/outbox").await.expect(200), json!([]));
    world.delete(&admin, &format!("/v1/webhook-endpoints/{id}")).await.expect(204);
    choose(&world, &admin, &plan, 2).await;
    world.deliver().await;
    assert_eq!(stub.count(), 3);
}

async fn endpoints_are_guarded(world: World) {
    let world = world.restart(|config| config.outside.private_addresses = Vec::new()).await;
    let admin = world.founder("ada").await;
    let urls = [
        "http://127.0.0.1:9/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://10.1.2.3/",
        "http://example.org/",
        "https://[::ffff:192.168.0.1]/",
        "ftp://example.org/",
        "https://a:b@example.org/",
    ];
    for url in urls {
        let answer =
            world.post(&admin, "/v1/webhook-endpoints", json!({"url": url, "events": ["day.plan_changed"]})).await;
        assert_eq!(answer.expect(422)["faults"][0]["path"], "$.url", "{url}");
    }
    assert_eq!(world.count("webhook_endpoints").await, 0);
}

fn stripe_request(path: &str, secret: &str, at: i64, body: &str) -> Request<Body> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = HEXLOWER.encode(hmac::sign(&key, format!("{at}.{body}").as_bytes()).as_ref());
    let request = Request::builder().method("POST").uri(path).header("stripe-signature", format!("t={at},v1={tag}"));
    request.body(Body::from(body.to_owned())).unwrap()
}

async fn what_providers_tell_is_verified_and_kept_once(world: World) {
    // All at once, on a machine that may be busy with other things.
    let change = |config: &mut crate::config::Config| {
        config.limits.concurrency_per_address = 200;
        config.limits.request_seconds = 120;
        config.database.acquire_timeout_ms = 100_000;
    };
    let world = world.restart(change).await;
    let admin = world.founder("ada").await;
    let body = json!({"provider": "stripe", "secret": CANARY, "webhook_secrets": ["whsec_new", "whsec_old"]});
    world.set(&admin, "payments", body).await.expect(204);
    let shown = world.get(&admin, "/v1/providers").await.expect(200);
    let url =
        shown.as_array().unwrap().iter().find(|entry| entry["provider"] == "stripe").unwrap()["webhook_url"].clone();
    let path = format!("/v1/hooks/{}", url.as_str().unwrap().rsplit('/').next().unwrap());
    let now = world.clock.now() / 1_000;
    let event = r#"{"id": "evt_1", "type": "invoice.paid"}"#;
    let world = shared(world);
    let sending: Vec<_> = (0..100)
        .map(|i| {
            let (world, path) = (world.clone(), path.clone());
            let secret = if i % 2 == 0 { "whsec_new" } else { "whsec_old" };
            tokio::spawn(async move { world.answer(stripe_request(&path, secret, now, event)).await.status.as_u16() })
        })
        .collect();
    for sent in sending {
        assert_eq!(sent.await.unwrap(), 204);
    }
    assert_eq!(world.count("webhook_events").await, 1);
    let refused = [
        stripe_request(&path, "whsec_other", now, event),
        stripe_request(&path, "whsec_new", now - 301, event),
        stripe_request(&path, "whsec_new", now + 900, event),
        Request::builder().method("POST").uri(&path).body(Body::from(event)).unwrap(),
    ];
    for request in refused {
        let answer = world.answer(request).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "unverified"), "{}", answer.text);
    }
    for (body, kind) in [("no JSON", ""), (r#"{"id": "evt_2", "type": "of.tomorrow"}"#, "of.tomorrow")] {
        assert_eq!(world.answer(stripe_request(&path, "whsec_new", now, body)).await.status.as_u16(), 204, "{kind}");
    }
    let missing = world.answer(stripe_request("/v1/hooks/nothing", "whsec_new", now, event)).await;
    assert_eq!(missing.status.as_u16(), 404);
    let events = world.get(&admin, "/v1/webhook-events").await.expect(200);
    let mut seen: Vec<(&str, i64)> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["kind"].as_str().unwrap(), e["copies"].as_i64().unwrap()))
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, [("", 1), ("invoice.paid", 100), ("of.tomorrow", 1)]);
    eprintln!("webhooks: one event sent 100 times at once is kept once; 4 of 4 that are not right are refused");
}

async fn secrets_are_sealed_and_never_shown(world: World) {
    let admin = world.founder("ada").await;
    world.set_twilio(&admin, "https://api.twilio.com", json!({"webhook_secrets": ["canary-webhook-secret-1"]})).await;
    let texts = [
        world.get(&admin, "/v1/providers").await.text,
        world.get(&admin, "/v1/audit?limit=1000").await.text,
        format!("{:?} {:?}", world.app.hub, world.app.desk.ring),
    ];
    assert!(texts.iter().all(|text| !text.contains("canary-")), "{texts:?}");
    // Sealed to its row, and to no other.
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let (id, org, sealed): (String, String, Vec<u8>) =
        sqlx::query_as("SELECT id, org_id, sealed FROM provider_accounts").fetch_one(&mut *connection).await.unwrap();
    assert!(!sealed.windows(7).any(|part| part == b"canary-"));
    let ring = &world.app.desk.ring;
    let opened = ring.open_value(Purpose::Providers, Context(&["provider/v1", &org, &id]), &sealed).unwrap();
    assert!(String::from_utf8_lossy(&opened).contains(CANARY));
    for place in
        [["provider/v1", org.as_str(), "other"], ["provider/v1", "other", &id], ["webhook-endpoint/v1", &org, &id]]
    {
        assert!(ring.open_value(Purpose::Providers, Context(&place), &sealed).is_err());
    }
    assert!(ring.open_value(Purpose::Mfa, Context(&["provider/v1", &org, &id]), &sealed).is_err());
    // Faults of settings quote no secret.
    let bad = json!({"provider": "twilio", "secret": CANARY, "settings": {"account": "AC1"}});
    let answer = world.set(&admin, "messages", bad).await;
    assert!(answer.status.as_u16() == 422 && !answer.text.contains("canary"), "{}", answer.text);
    for (capability, body) in [
        ("messages", json!({"provider": "stripe", "secret": "x"})),
        ("messages", json!({"provider": "twilio"})),
        ("payments", json!({"provider": "stripe", "secret": "x", "settings": {"unknown": 1}})),
    ] {
        world.set(&admin, capability, body).await.expect(422);
    }
    world.set(&admin, "nothing", json!({"provider": "local"})).await.expect(404);
}

async fn invitations_are_sent(world: World) {
    let admin = world.founder("ada").await;
    let role = world.role(&admin, "driver").await;
    let body = json!({"role": role, "email": "Bo@Example.org"});
    let link = world.post(&admin, "/v1/invitations", body).await.expect(201)["link"].as_str().unwrap().to_owned();
    // What waits is sealed: the link's secret is nowhere in the clear.
    assert_eq!(world.count("outbox WHERE kind = 'mail'").await, 1);
    let secret = link.split_once("#sign-up=").unwrap().1;
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let (sealed,): (Vec<u8>,) = sqlx::query_as("SELECT sealed FROM outbox").fetch_one(&mut *connection).await.unwrap();
    assert!(!sealed.windows(secret.len()).any(|part| part == secret.as_bytes()));
    assert_eq!(connection.count_dead().await.unwrap(), 0);
    drop(connection);
    assert_eq!(world.deliver().await, 1);
    let org = only_organisation(&world).await;
    let folder = world.config.data.join("outbox").join(org).join("mail");
    let letter = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let letter: Value = serde_json::from_str(&std::fs::read_to_string(letter).unwrap()).unwrap();
    assert_eq!(letter["to"], "bo@example.org");
    assert!(letter["text"].as_str().unwrap().contains(&link));
    let faults = world.post(&admin, "/v1/invitations", json!({"role": role, "email": "nowhere"})).await.expect(422);
    assert_eq!(faults["faults"][0]["path"], "$.email");
    assert_eq!(QUEUE.length(&world.app.ledger.store).await.unwrap(), (0, 0));
}
