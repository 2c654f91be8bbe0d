//! Sign-ins that are odd.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, Answer, PASSWORD, World};
use crate::config::AddressList;

over_both_stores!(
    what_is_new_is_told,
    a_device_is_known_again,
    a_code_by_mail_confirms,
    codes_are_guessed_at_in_vain,
    who_has_a_factor_is_asked_for_it,
    blocked_looks_like_wrong,
    sign_ins_are_listed,
    refused_ones_are_kept_in_number,
    asking_again_and_again_makes_nobody_known,
);

/// Signs in from an address, with more in the body.
async fn from(world: &World, address: [u8; 4], email: &str, more: Value) -> Answer {
    let mut body = json!({"email": email, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    let mut request = Request::post("/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0");
    request.extensions_mut().unwrap().insert(ConnectInfo(SocketAddr::from((address, 4_000))));
    world.answer(request.body(Body::from(body.to_string())).unwrap()).await
}

const HOME: [u8; 4] = [203, 0, 113, 7];
const FAR: [u8; 4] = [198, 51, 100, 7];

/// A user who has signed in from home on one device; the device's secret.
async fn settled(world: &World, admin: &Actor, name: &str) -> (String, String) {
    let user = world.member(admin, name, "viewer").await;
    let mut device = json!({});
    for _ in 0..6 {
        let session = from(world, HOME, &user.email, device).await.expect(200);
        device = json!({"device": session["device"]});
    }
    (user.email, device["device"].as_str().unwrap().to_owned())
}

/// Sets mail up, at a provider that cannot be reached.
async fn with_mail(world: &World, admin: &Actor) {
    let settings = json!({"from": "fleet@example.org", "address": "http://127.0.0.1:9"});
    let account = json!({"provider": "sendgrid", "secret": "SG.made-up", "settings": settings});
    world.send(Some(&admin.access), "PUT", "/v1/providers/mail", Some(account)).await.expect(204);
}

/// The letters to somebody, as they wait to be sent.
pub(super) async fn letters(world: &World, email: &str) -> Vec<(String, String)> {
    let mut connection = world.app.ledger.connection().await.unwrap();
    let mut letters = Vec::new();
    let query = sqlx::query_as("SELECT id, org_id, sealed FROM outbox WHERE kind = 'mail' ORDER BY created_at, id");
    let rows: Vec<(String, String, Vec<u8>)> = query.fetch_all(&mut *connection).await.unwrap();
    for (id, org, sealed) in rows {
        let place = ["outbox/v1", org.as_str(), id.as_str()];
        let (ring, purpose) = (&world.app.ledger.ring, crate::crypto::Purpose::Providers);
        let text = ring.open_fresh(&mut connection, purpose, crate::crypto::Context(&place), &sealed).await.unwrap();
        let content: Value = serde_json::from_slice(&text).unwrap();
        if content["mail"]["to"] == email {
            let text = |name: &str| content["mail"][name].as_str().unwrap().to_owned();
            letters.push((text("subject"), text("text")));
        }
    }
    letters
}

async fn what_is_new_is_told(world: World) {
    let ada = world.founder("ada").await;
    let (email, device) = settled(&world, &ada, "vera").await;
    assert_eq!(letters(&world, &email).await, []);
    // Another block: not worth a letter. Another device beside it is, and there is no mail to ask by.
    from(&world, FAR, &email, json!({"device": device})).await.expect(200);
    assert_eq!(letters(&world, &email).await, []);
    from(&world, [45, 9, 9, 9], &email, json!({"device": "never-seen"})).await.expect(200);
    let told = letters(&world, &email).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("From: 45.9.9.9\nWith: Firefox on Linux"), "{}", told[0].1);
    let created = world.details("session.created").await;
    let last = created.last().unwrap();
    assert_eq!((&last["score"], &last["signs"]), (&json!(60), &json!([["new_network", 25], ["new_device", 35]])));
}

async fn a_device_is_known_again(world: World) {
    let ada = world.founder("ada").await;
    let (email, device) = settled(&world, &ada, "vera").await;
    // At the very first sign-in there is nothing to compare with: what is shown then is nobody's secret either.
    let role = world.role(&ada, "viewer").await;
    let link = world.post(&ada, "/v1/invitations", json!({"role": role})).await.expect(201);
    let link = link["link"].as_str().unwrap().split_once("#sign-up=").unwrap().1.to_owned();
    let body = json!({"link": link, "email": "new@example.org", "password": PASSWORD, "name": "new"});
    world.send(None, "POST", "/v1/sign-up", Some(body)).await.expect(201);
    let chosen = json!({"device": "chosen-by-whoever-sits-there"});
    let first = from(&world, HOME, "new@example.org", chosen.clone()).await.expect(200);
    assert_ne!(first["device"], chosen["device"]);
    from(&world, HOME, "new@example.org", chosen).await.expect(200);
    assert_eq!(world.details("session.created").await.last().unwrap()["signs"], json!([["new_device", 35]]));
    // The same secret goes on; one that was made up is not taken over.
    let again = from(&world, HOME, &email, json!({"device": device})).await.expect(200);
    assert_eq!(again["device"], json!(device));
    let made_up = from(&world, HOME, &email, json!({"device": "abc"})).await.expect(200);
    assert_ne!(made_up["device"], json!("abc"));
    assert_eq!(world.details("session.created").await.last().unwrap()["signs"], json!([["new_device", 35]]));
    // Another person's device is a new one for this person.
    let (other, _) = settled(&world, &ada, "walt").await;
    from(&world, HOME, &other, json!({"device": device})).await.expect(200);
    assert_eq!(world.details("session.created").await.last().unwrap()["signs"], json!([["new_device", 35]]));
    // Only hashes are stored.
    let mut connection = world.app.ledger.connection().await.unwrap();
    let query = sqlx::query_as("SELECT COUNT(*) FROM sign_ins WHERE device_shown = $1 OR device_given = $1");
    let (plain,): (i64,) = query.bind(device).fetch_one(&mut *connection).await.unwrap();
    assert_eq!(plain, 0);
    let refreshed = json!({"refresh_token": again["refresh_token"]});
    assert_eq!(
        world.send(None, "POST", "/v1/sessions/refresh", Some(refreshed)).await.expect(200)["device"],
        Value::Null
    );
}

/// The code of the newest letter.
async fn code(world: &World, email: &str) -> String {
    let (_, text) = letters(world, email).await.pop().unwrap();
    text.split_once("within ten minutes: ").unwrap().1[..9].to_owned()
}

async fn a_code_by_mail_confirms(world: World) {
    let ada = world.founder("ada").await;
    with_mail(&world, &ada).await;
    let (email, _) = settled(&world, &ada, "vera").await;
    let asked = from(&world, FAR, &email, json!({})).await;
    assert_eq!((asked.status.as_u16(), asked.code()), (401, "confirmation_required"));
    let first = code(&world, &email).await;
    // Asked again at once, the same code goes on; a minute later there is another.
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "confirmation_required");
    assert_eq!(letters(&world, &email).await.len(), 1);
    world.clock.advance(61_000);
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "confirmation_required");
    let second = code(&world, &email).await;
    assert_ne!(first, second);
    assert_eq!(from(&world, FAR, &email, json!({"confirmation": first})).await.code(), "confirmation_failed");
    // With a wrong password a right code is worth nothing.
    let wrong = json!({"confirmation": second, "password": "not the password at all"});
    assert_eq!(from(&world, FAR, &email, wrong).await.code(), "sign_in_failed");
    let session = from(&world, FAR, &email, json!({"confirmation": second})).await.expect(200);
    assert_eq!(world.details("session.confirmation_asked").await.len(), 3);
    // Used up; and the device is known now.
    assert_eq!(
        from(&world, [45, 9, 9, 9], &email, json!({"confirmation": second})).await.code(),
        "confirmation_failed"
    );
    from(&world, FAR, &email, json!({"device": session["device"]})).await.expect(200);
    // Old codes are worth nothing.
    world.clock.advance(61_000);
    assert_eq!(from(&world, [45, 9, 9, 9], &email, json!({})).await.code(), "confirmation_required");
    let third = code(&world, &email).await;
    world.clock.advance(600_000);
    assert_eq!(from(&world, [45, 9, 9, 9], &email, json!({"confirmation": third})).await.code(), "confirmation_failed");
}

async fn codes_are_guessed_at_in_vain(world: World) {
    let ada = world.founder("ada").await;
    with_mail(&world, &ada).await;
    let (email, _) = settled(&world, &ada, "vera").await;
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "confirmation_required");
    let right = code(&world, &email).await;
    for guess in ["aaaa-aaaa", "", &right[..8], &format!("{right} "), &right.to_uppercase(), "bbbb-bbbb"] {
        let answer = from(&world, FAR, &email, json!({"confirmation": guess})).await;
        assert_eq!(answer.code(), "confirmation_failed", "{guess:?}");
    }
    // After six failures, the right one has to wait as well, wherever it comes from.
    let waits = from(&world, [45, 9, 9, 9], &email, json!({"confirmation": right})).await;
    assert_eq!(waits.code(), "confirmation_failed");
    assert!(waits.headers.contains_key(header::RETRY_AFTER));
    world.clock.advance(31_000);
    from(&world, FAR, &email, json!({"confirmation": right})).await.expect(200);
}

async fn who_has_a_factor_is_asked_for_it(world: World) {
    let ada = world.founder("ada").await;
    with_mail(&world, &ada).await;
    let vera = world.member(&ada, "vera", "viewer").await;
    let (secret, _) = world.enrol(&vera).await;
    assert_eq!(from(&world, FAR, &vera.email, json!({"device": "new"})).await.code(), "mfa_required");
    let body = json!({"device": "new", "code": world.code(&secret)});
    from(&world, FAR, &vera.email, body).await.expect(200);
    let own = world.get(&ada, "/v1/sign-ins?limit=1").await.expect(200);
    assert_eq!(own[0]["outcome"], "confirmed");
    let told = letters(&world, &vera.email).await;
    assert_eq!(
        told.iter().map(|(subject, _)| subject.as_str()).collect::<Vec<_>>(),
        ["A second factor was set up for your milkrun account", "A new sign-in to your milkrun account"]
    );
}

async fn blocked_looks_like_wrong(world: World) {
    let list = world.folder.path().join("list.txt");
    std::fs::write(&list, "198.51.100.0/24\n").unwrap();
    let list = AddressList { path: list, source: "made up".to_owned(), max_age_hours: 24, weight: 100 };
    let world = world.restart(|config| config.sign_ins.lists = vec![list]).await;
    assert_eq!(world.app.door.addresses.refresh(), [""; 0]);
    let ada = world.founder("ada").await;
    with_mail(&world, &ada).await;
    let (email, _) = settled(&world, &ada, "vera").await;
    let blocked = from(&world, FAR, &email, json!({})).await;
    let wrong = from(&world, FAR, &email, json!({"password": "not the password at all"})).await;
    assert_eq!((blocked.status, &blocked.body), (wrong.status, &wrong.body));
    let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&blocked), names(&wrong));
    // It is counted like a wrong one, so that nothing is learnt by going on.
    for _ in 0..4 {
        assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "sign_in_failed");
    }
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "throttled");
    // The person is told, and the log.
    let told = letters(&world, &email).await;
    assert_eq!((told.len(), told[0].0.as_str()), (5, "A sign-in to your milkrun account was refused"));
    let logged = world.details("session.blocked").await;
    assert_eq!(logged[0]["signs"], json!([["new_network", 25], ["new_device", 35], ["listed", 100]]));
    // At home nothing has changed.
    world.clock.advance(3_600_000);
    from(&world, HOME, &email, json!({})).await;
    assert_eq!(world.audited().await.iter().filter(|action| *action == "session.blocked").count(), 5);
}

async fn sign_ins_are_listed(world: World) {
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let (email, device) = settled(&world, &ada, "vera").await;
    from(&world, FAR, &email, json!({"password": "wrong"})).await.expect(401);
    let session = from(&world, HOME, &email, json!({"device": device})).await.expect(200);
    let token = session["access_token"].as_str().unwrap();
    let own = world.send(Some(token), "GET", "/v1/me/sign-ins", None).await.expect(200);
    let outcomes: Vec<&str> = own.as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, [&["let_in", "refused"][..], &["let_in"; 7]].concat());
    assert_eq!((&own[0]["address"], &own[0]["device"]), (&json!("203.0.113.7"), &json!("Firefox on Linux")));
    assert_eq!(own[1]["address"], "198.51.100.7");
    // Page by page.
    let at = own[1]["at"].as_i64().unwrap();
    let rest = world.send(Some(token), "GET", &format!("/v1/me/sign-ins?before={at}&limit=2"), None).await.expect(200);
    assert_eq!(rest.as_array().unwrap().len(), 2);
    for wrong in ["limit=0", "limit=1001", "before=-1", "before=x", "user=1"] {
        world.send(Some(token), "GET", &format!("/v1/me/sign-ins?{wrong}"), None).await.expect(422);
    }
    world.send(Some(token), "GET", "/v1/sign-ins", None).await.expect(403);
    let vera = own[0]["user"].as_str().unwrap();
    let seen = world.get(&ada, &format!("/v1/sign-ins?user={vera}")).await.expect(200);
    assert_eq!(seen, own);
    let all = world.get(&ada, "/v1/sign-ins").await.expect(200);
    assert!(all.as_array().unwrap().len() > seen.as_array().unwrap().len());
    // Another organisation sees its own.
    assert_eq!(world.get(&eve, &format!("/v1/sign-ins?user={vera}")).await.expect(200), json!([]));
    let theirs = world.get(&eve, "/v1/sign-ins").await.expect(200);
    assert_eq!(theirs.as_array().unwrap().len(), 1);
    // They end with their time.
    world.clock.advance(91 * 86_400_000);
    let again = world.actor(&ada.email).await;
    world.app.keeper().sweep().await.unwrap();
    assert_eq!(world.get(&again, "/v1/sign-ins").await.expect(200).as_array().unwrap().len(), 1);
}

async fn refused_ones_are_kept_in_number(world: World) {
    let ada = world.founder("ada").await;
    for i in 0..=205_u8 {
        from(&world, [10, 9, i, 1], &ada.email, json!({"password": "wrong"})).await.expect(401);
    }
    let rows = world.get(&ada, "/v1/me/sign-ins?limit=1000").await.expect(200);
    let refused: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["outcome"] == "refused").collect();
    assert_eq!(refused.len(), 200);
    assert_eq!((&refused[0]["address"], &refused[199]["address"]), (&json!("10.9.205.1"), &json!("10.9.6.1")));
}

async fn asking_again_and_again_makes_nobody_known(world: World) {
    let ada = world.founder("ada").await;
    with_mail(&world, &ada).await;
    let (email, _) = settled(&world, &ada, "vera").await;
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "confirmation_required");
    // However often the right password is tried: what is known of the owner does not fall out of sight.
    let mut connection = world.app.ledger.connection().await.unwrap();
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM sign_ins WHERE outcome = 'asked'").fetch_one(&mut *connection).await.unwrap();
    for i in 0..500 {
        sqlx::query(
            "INSERT INTO sign_ins SELECT $1, org_id, user_id, at + 1, address, network, device_shown, device_given, agent,
                                         country, lon, lat, score, reasons, outcome FROM sign_ins WHERE id = $2",
        )
        .bind(format!("{id}-{i}"))
        .bind(id.clone())
        .execute(&mut *connection)
        .await
        .unwrap();
    }
    drop(connection);
    assert_eq!(from(&world, FAR, &email, json!({})).await.code(), "confirmation_required");
    assert!(world.count("sign_ins").await < 300, "and they are kept in number");
}
