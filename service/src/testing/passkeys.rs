//! Passkeys, end to end, with an authenticator made of software.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, Answer, World, shared};
use crate::auth::passkeys::authenticator::Authenticator;

over_both_stores!(
    passkeys_need_an_address_and_codes,
    a_passkey_signs_in_and_shows_presence,
    a_challenge_is_answered_once,
    of_many_answers_at_once_one_succeeds,
    a_key_is_its_users_alone,
    a_copy_of_a_key_is_noticed,
    codes_and_passkeys_end_together,
    wrong_answers_have_to_wait,
);

const ORIGIN: &str = "http://localhost:8080";

/// The same world at an address that browsers take.
async fn at_localhost(world: World) -> World {
    world.restart(|config| config.public_url = Some(ORIGIN.to_owned())).await
}

fn authenticator(algorithm: i64) -> Authenticator {
    Authenticator::new(algorithm, "localhost", ORIGIN)
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Sends what an authenticator has made.
async fn finish(world: &World, actor: &Actor, name: &str, (client, attestation): &(Vec<u8>, Vec<u8>)) -> Answer {
    let body = json!({"name": name, "client_data": text(client), "attestation": text(attestation)});
    world.post(actor, "/v1/me/passkeys", body).await
}

/// Adds a passkey; gives its id.
async fn add(world: &World, actor: &Actor, made: &Authenticator) -> String {
    let asked = world.post(actor, "/v1/me/passkeys/challenge", json!({})).await.expect(201);
    let made = made.create(asked["challenge"].as_str().unwrap());
    finish(world, actor, "key", &made).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// The challenge of a sign-in whose password is right.
async fn asked(world: &World, actor: &Actor) -> Value {
    let answer = world.sign_in(&actor.email, json!({})).await;
    assert_eq!(answer.code(), "mfa_required");
    answer.body["passkey"].clone()
}

async fn use_key(world: &World, actor: &Actor, made: &mut Authenticator) -> Answer {
    let challenge = asked(world, actor).await["challenge"].as_str().unwrap().to_owned();
    let answered = made.get(&challenge);
    world.sign_in(&actor.email, json!({"passkey": made.body(&answered)})).await
}

async fn passkeys_need_an_address_and_codes(world: World) {
    let ada = world.founder("ada").await;
    assert_eq!(world.post(&ada, "/v1/me/passkeys/challenge", json!({})).await.code(), "not_allowed");
    assert_eq!(world.get(&ada, "/v1/me").await.expect(200)["passkeys"], json!(false));
    let world = at_localhost(world).await;
    let ada = world.actor(&ada.email).await;
    assert_eq!(world.get(&ada, "/v1/me").await.expect(200)["passkeys"], json!(true));
    let answer = world.post(&ada, "/v1/me/passkeys/challenge", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (409, "not_allowed"));
    world.enrol(&ada).await;
    world.clock.advance(301_000);
    assert_eq!(world.post(&ada, "/v1/me/passkeys/challenge", json!({})).await.code(), "step_up_required");
}

async fn a_passkey_signs_in_and_shows_presence(world: World) {
    let world = at_localhost(world).await;
    let mut ada = world.founder("ada").await;
    let other = world.actor(&ada.email).await;
    let (_, codes) = world.enrol(&ada).await;
    assert_eq!(world.get(&other, "/v1/me").await.code(), "token_invalid");
    // Without passkeys, nothing is asked of one.
    assert_eq!(asked(&world, &ada).await, Value::Null);
    for algorithm in [-7, -8, -257] {
        let mut made = authenticator(algorithm);
        let id = add(&world, &ada, &made).await;
        let listed = world.get(&ada, "/v1/me/passkeys").await.expect(200);
        let last = listed.as_array().unwrap().last().unwrap();
        assert_eq!((&last["id"], &last["name"], &last["used_at"]), (&json!(id), &json!("key"), &Value::Null));
        let session = use_key(&world, &ada, &mut made).await.expect(200);
        let listed = world.get(&ada, "/v1/me/passkeys").await.expect(200);
        assert!(listed.as_array().unwrap().last().unwrap()["used_at"].is_i64());
        // Presence, once it is asked for again.
        world.clock.advance(301_000);
        let token = session["access_token"].as_str().unwrap();
        let role = json!({"name": format!("r{algorithm}"), "permissions": []});
        let send = async |path: &str, body: Value| world.send(Some(token), "POST", path, Some(body)).await;
        assert_eq!(send("/v1/roles", role.clone()).await.code(), "step_up_required");
        let challenge = send("/v1/sessions/step-up/passkey", json!({})).await.expect(201);
        assert_eq!(challenge["user_verification"], "preferred");
        let answered = made.get(challenge["challenge"].as_str().unwrap());
        send("/v1/sessions/step-up", json!({"passkey": made.body(&answered)})).await.expect(204);
        send("/v1/roles", role).await.expect(201);
        // The next one is added by this session.
        ada.access = token.to_owned();
    }
    let request = asked(&world, &ada).await;
    assert_eq!((request["credentials"].as_array().unwrap().len(), &request["rp_id"]), (3, &json!("localhost")));
    // Codes and recovery codes go on beside them.
    world.sign_in(&ada.email, json!({"recovery_code": codes[0]})).await.expect(200);
    let verified = world.details("factor.verified").await;
    assert_eq!(verified.iter().filter(|detail| detail["passkey"] == true).count(), 6);
}

async fn a_challenge_is_answered_once(world: World) {
    let world = at_localhost(world).await;
    let ada = world.founder("ada").await;
    world.enrol(&ada).await;
    let mut made = authenticator(-7);
    // One registration for each challenge, by the session that asked, in time.
    let start = async |actor: &Actor| {
        let asked = world.post(actor, "/v1/me/passkeys/challenge", json!({})).await.expect(201);
        asked["challenge"].as_str().unwrap().to_owned()
    };
    let challenge = start(&ada).await;
    assert_eq!(finish(&world, &ada, "key", &made.create("never-asked-for")).await.code(), "mfa_failed");
    finish(&world, &ada, "key", &made.create(&challenge)).await.expect(201);
    let second = authenticator(-7);
    assert_eq!(finish(&world, &ada, "key", &second.create(&challenge)).await.code(), "mfa_failed");
    let late = start(&ada).await;
    world.clock.advance(300_000);
    assert_eq!(finish(&world, &ada, "key", &second.create(&late)).await.code(), "mfa_failed");
    // A challenge for adding is none for signing in, nor for presence, nor the other way about.
    let mut refused = 4;
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = made.get(&challenge);
    let body = json!({"passkey": made.body(&answered)});
    assert_eq!(world.post(&ada, "/v1/sessions/step-up", body.clone()).await.code(), "mfa_failed");
    // The attempt has not used it up for what it was for.
    world.sign_in(&ada.email, body.clone()).await.expect(200);
    assert_eq!(world.sign_in(&ada.email, body).await.code(), "mfa_failed");
    refused += 2;
    for _ in 0..2 {
        // Of another session of the same user.
        let one = use_key(&world, &ada, &mut made).await.expect(200);
        let two = use_key(&world, &ada, &mut made).await.expect(200);
        let (one, two) = (one["access_token"].as_str().unwrap(), two["access_token"].as_str().unwrap());
        let step = world.send(Some(one), "POST", "/v1/sessions/step-up/passkey", None).await.expect(201);
        let answered = made.get(step["challenge"].as_str().unwrap());
        let body = json!({"passkey": made.body(&answered)});
        let foreign = world.send(Some(two), "POST", "/v1/sessions/step-up", Some(body.clone())).await;
        assert_eq!(foreign.code(), "mfa_failed");
        world.send(Some(one), "POST", "/v1/sessions/step-up", Some(body)).await.expect(204);
        refused += 1;
    }
    // Too late, and wrong in itself: then it is used up.
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let mut answered = made.get(&challenge);
    answered.signature[8] ^= 1;
    let bent = world.sign_in(&ada.email, json!({"passkey": made.body(&answered)})).await;
    assert_eq!(bent.code(), "mfa_failed");
    answered.signature[8] ^= 1;
    assert_eq!(world.sign_in(&ada.email, json!({"passkey": made.body(&answered)})).await.code(), "mfa_failed");
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = made.get(&challenge);
    world.clock.advance(300_000);
    assert_eq!(world.sign_in(&ada.email, json!({"passkey": made.body(&answered)})).await.code(), "mfa_failed");
    refused += 3;
    // No more wait than some, and those that are over go.
    for _ in 0..20 {
        asked(&world, &ada).await;
    }
    assert_eq!(world.count("passkey_challenges").await, 8);
    eprintln!("passkeys: {refused} answers to challenges of others, used up, too old, or for something else refused");
}

async fn of_many_answers_at_once_one_succeeds(world: World) {
    let world = at_localhost(world).await;
    let ada = world.founder("ada").await;
    world.enrol(&ada).await;
    let mut made = authenticator(-7);
    add(&world, &ada, &made).await;
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = made.get(&challenge);
    let body = json!({"passkey": made.body(&answered)});
    let world = shared(world);
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (world, email, body) = (world.clone(), ada.email.clone(), body.clone());
            tokio::spawn(async move { world.sign_in(&email, body).await.status.as_u16() == 200 })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += u32::from(task.await.unwrap());
    }
    eprintln!("passkeys: of 32 equal answers at once, {accepted} accepted");
    assert_eq!(accepted, 1);
}

async fn a_key_is_its_users_alone(world: World) {
    let world = at_localhost(world).await;
    let (ada, eve) = (world.founder("ada").await, world.founder("eve").await);
    let bob = world.member(&ada, "bob", "viewer").await;
    for actor in [&ada, &eve, &bob] {
        world.enrol(actor).await;
    }
    let mut keys = [authenticator(-7), authenticator(-7), authenticator(-7)];
    let mut ids = Vec::new();
    for (actor, key) in [&ada, &eve, &bob].into_iter().zip(&keys) {
        ids.push(add(&world, actor, key).await);
    }
    let mut refused = 0;
    for (i, actor) in [&ada, &eve, &bob].into_iter().enumerate() {
        for (j, key) in keys.iter_mut().enumerate() {
            let status = use_key(&world, actor, key).await.status.as_u16();
            assert_eq!(status == 200, i == j, "user {i}, key {j}");
            refused += u32::from(i != j);
        }
    }
    // Another's challenge, another's handle, and a key that is registered already.
    let challenge = asked(&world, &eve).await["challenge"].as_str().unwrap().to_owned();
    let answered = keys[0].get(&challenge);
    let body = json!({"passkey": keys[0].body(&answered)});
    assert_eq!(world.sign_in(&ada.email, body).await.code(), "mfa_failed");
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = keys[0].get(&challenge);
    let mut body = keys[0].body(&answered);
    body["user_handle"] = text(world.id(&bob).await.as_bytes()).into();
    assert_eq!(world.sign_in(&ada.email, json!({"passkey": body})).await.code(), "mfa_failed");
    world.clock.advance(61_000);
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = keys[0].get(&challenge);
    let mut body = keys[0].body(&answered);
    body["user_handle"] = text(world.id(&ada).await.as_bytes()).into();
    world.sign_in(&ada.email, json!({"passkey": body})).await.expect(200);
    let again = world.post(&eve, "/v1/me/passkeys/challenge", json!({})).await.expect(201);
    let stolen = keys[0].create(again["challenge"].as_str().unwrap());
    assert_eq!(finish(&world, &eve, "key", &stolen).await.code(), "not_allowed");
    refused += 3;
    // Nobody removes another's.
    for (actor, id) in [(&eve, &ids[0]), (&bob, &ids[0]), (&ada, &ids[2])] {
        let foreign = world.delete(actor, &format!("/v1/me/passkeys/{id}")).await;
        let nothing = world.delete(actor, "/v1/me/passkeys/0").await;
        assert_eq!((foreign.status.as_u16(), &foreign.body), (404, &nothing.body));
        refused += 1;
    }
    assert_eq!(world.count("passkeys").await, 3);
    eprintln!("passkeys: {refused} uses of another user's or another organisation's key refused");
}

async fn a_copy_of_a_key_is_noticed(world: World) {
    let world = at_localhost(world).await;
    let ada = world.founder("ada").await;
    world.enrol(&ada).await;
    let mut made = authenticator(-7);
    let id = add(&world, &ada, &made).await;
    made.count = 10;
    use_key(&world, &ada, &mut made).await.expect(200);
    for count in [10, 9, 1] {
        made.count = count - 1;
        assert_eq!(use_key(&world, &ada, &mut made).await.code(), "mfa_failed", "{count}");
    }
    made.count = 0;
    assert_eq!(use_key(&world, &ada, &mut made).await.code(), "mfa_failed");
    made.count = 11;
    use_key(&world, &ada, &mut made).await.expect(200);
    let why: Vec<Value> =
        world.details("factor.refused").await.into_iter().map(|detail| detail["why"].clone()).collect();
    assert_eq!(why, vec![json!("counter"); 4]);
    let log = world.get(&ada, "/v1/audit?limit=1000").await.expect(200);
    assert!(
        log.as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["action"] == "factor.refused" && entry["subject"] == id.as_str())
    );
    // One that does not count goes on saying zero.
    let mut silent = authenticator(-8);
    silent.count = 0;
    add(&world, &ada, &silent).await;
    for _ in 0..2 {
        use_key(&world, &ada, &mut silent).await.expect(200);
    }
}

async fn codes_and_passkeys_end_together(world: World) {
    let world = at_localhost(world).await;
    let ada = world.founder("ada").await;
    let bob = world.member(&ada, "bob", "viewer").await;
    world.enrol(&bob).await;
    let mut made = authenticator(-7);
    let first = add(&world, &bob, &made).await;
    add(&world, &bob, &authenticator(-8)).await;
    let session = use_key(&world, &bob, &mut made).await.expect(200);
    world.delete(&bob, &format!("/v1/me/passkeys/{first}")).await.expect(204);
    // Other sessions have ended, and the key is worth nothing.
    assert_eq!(world.send(session["access_token"].as_str(), "GET", "/v1/me", None).await.code(), "token_invalid");
    assert_eq!(use_key(&world, &bob, &mut made).await.code(), "mfa_failed");
    assert_eq!(world.count("passkeys").await, 1);
    world.delete(&bob, "/v1/me/mfa").await.expect(204);
    assert_eq!(world.count("passkeys").await, 0);
    world.sign_in(&bob.email, json!({})).await.expect(200);
    // An administrator's reset, and an erasure, take them too.
    world.enrol(&bob).await;
    add(&world, &bob, &authenticator(-7)).await;
    let id = world.id(&bob).await;
    world.delete(&ada, &format!("/v1/users/{id}/mfa")).await.expect(204);
    assert_eq!(world.count("passkeys").await, 0);
    let bob = world.actor(&bob.email).await;
    world.enrol(&bob).await;
    add(&world, &bob, &authenticator(-7)).await;
    world.post(&ada, &format!("/v1/users/{id}/erasure"), json!({})).await.expect(200);
    assert_eq!((world.count("passkeys").await, world.count("passkey_challenges").await), (0, 0));
    // Twenty are enough.
    world.enrol(&ada).await;
    for _ in 0..20 {
        add(&world, &ada, &authenticator(-7)).await;
    }
    assert_eq!(world.post(&ada, "/v1/me/passkeys/challenge", json!({})).await.code(), "not_allowed");
}

async fn wrong_answers_have_to_wait(world: World) {
    let world = at_localhost(world).await;
    let ada = world.founder("ada").await;
    let (secret, _) = world.enrol(&ada).await;
    let mut made = authenticator(-7);
    add(&world, &ada, &made).await;
    let mut thief = authenticator(-7);
    for _ in 0..6 {
        assert_eq!(use_key(&world, &ada, &mut thief).await.code(), "mfa_failed");
    }
    let waits = use_key(&world, &ada, &mut made).await;
    assert_eq!(waits.code(), "mfa_failed");
    assert!(waits.headers.contains_key("retry-after"));
    // A code is another factor.
    world.sign_in(&ada.email, json!({"code": world.code(&secret)})).await.expect(200);
    world.clock.advance(31_000);
    use_key(&world, &ada, &mut made).await.expect(200);
    // Only one proof at a time, and nothing that is no answer.
    let challenge = asked(&world, &ada).await["challenge"].as_str().unwrap().to_owned();
    let answered = made.get(&challenge);
    let both = json!({"passkey": made.body(&answered), "code": "000000"});
    assert_eq!(world.sign_in(&ada.email, both).await.code(), "mfa_required");
    for wrong in [json!(5), json!({}), json!({"credential": "!"}), json!([])] {
        let faults = world.sign_in(&ada.email, json!({"passkey": wrong})).await.expect(422);
        assert!(faults["faults"][0]["path"].as_str().unwrap().starts_with("$.passkey"), "{faults}");
    }
}
