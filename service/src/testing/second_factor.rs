//! Second factors.

use serde_json::{Value, json};

use super::over_both_stores;
use super::sign_ins::letters;
use super::world::{Actor, World, code_at, shared};
use crate::auth::factors::{self, Proof};
use crate::crypto::Purpose;

over_both_stores!(
    a_code_works_once,
    of_many_at_once_one_succeeds,
    other_writings_of_a_code_are_refused,
    recovery_codes_work_once,
    guessing_codes_is_slowed_down,
    a_secret_opens_in_its_own_row_only,
    a_factor_can_be_removed,
    the_log_says_why_a_proof_was_refused,
    a_factor_shows_presence,
    a_proof_seals_with_the_newest_key,
    an_organisation_may_demand_one,
    changes_are_told_by_mail,
    what_is_over_is_swept,
);

async fn a_code_works_once(world: World) {
    let admin = world.founder("ada").await;
    let other = world.actor(&admin.email).await;
    let factor = world.post(&admin, "/v1/me/mfa", json!({})).await.expect(201);
    assert!(factor["qr_svg"].as_str().unwrap().contains("<svg"));
    assert!(factor["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    let png = data_encoding::BASE64.decode(factor["qr_png"].as_str().unwrap().as_bytes()).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    // A pending factor asks for nothing yet.
    world.sign_in(&admin.email, json!({})).await.expect(200);
    let (secret, codes) = world.enrol(&admin).await;
    assert_eq!((secret.len(), codes.len()), (20, 10));
    // The change of factors ended the other session.
    assert_eq!(world.get(&other, "/v1/me").await.code(), "token_invalid");
    assert_eq!(world.sign_in(&admin.email, json!({})).await.code(), "mfa_required");
    let code = world.code(&secret);
    world.sign_in(&admin.email, json!({"code": code})).await.expect(200);
    assert_eq!(world.sign_in(&admin.email, json!({"code": code})).await.code(), "mfa_failed");
    // Neither does it once the clock is set back.
    world.clock.advance(-30_000);
    let earlier = world.code(&secret);
    assert_eq!(world.sign_in(&admin.email, json!({"code": earlier})).await.code(), "mfa_failed");
    // The step before the running one is accepted, the one after it is not.
    world.clock.advance(90_000);
    let next = code_at(&secret, world.clock.now() + 30_000);
    assert_eq!(world.sign_in(&admin.email, json!({"code": next})).await.code(), "mfa_failed");
    let late = code_at(&secret, world.clock.now() - 30_000);
    world.sign_in(&admin.email, json!({"code": late})).await.expect(200);
    // The code that finished the enrolment counts as used.
    let bob = world.member(&admin, "bob", "viewer").await;
    let factor = world.post(&bob, "/v1/me/mfa", json!({})).await.expect(201);
    let secret = data_encoding::BASE32_NOPAD.decode(factor["secret"].as_str().unwrap().as_bytes()).unwrap();
    let first = world.code(&secret);
    world.post(&bob, "/v1/me/mfa/confirm", json!({"code": first})).await.expect(200);
    assert_eq!(world.sign_in(&bob.email, json!({"code": first})).await.code(), "mfa_failed");
}

async fn of_many_at_once_one_succeeds(world: World) {
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let (code, now) = (world.code(&secret), world.clock.now());
    let me = world.get(&admin, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let world = shared(world);
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let factor = factors::active(&mut connection, &me).await.unwrap().unwrap();
    drop(connection);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (world, factor, code) = (world.clone(), factor.clone(), code.clone());
            tokio::spawn(async move {
                let proof = Proof { code: Some(code), recovery_code: None };
                let desk = &world.app.desk;
                factors::prove(&desk.store, &desk.ring, &factor, proof, now).await.is_ok()
            })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += u32::from(task.await.unwrap());
    }
    eprintln!("second factor: of 64 equal codes at once, {accepted} accepted");
    assert_eq!(accepted, 1);
}

async fn other_writings_of_a_code_are_refused(world: World) {
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let code = world.code(&secret);
    let wide: String = code.chars().filter_map(|c| char::from_u32(c as u32 + 0xFEE0)).collect();
    let mut refused = 0;
    for written in
        [format!(" {code}"), format!("{code} "), format!("{} {}", &code[..3], &code[3..]), wide, format!("0{code}")]
    {
        world.clock.advance(3_600_000);
        let answer = world.sign_in(&admin.email, json!({"code": written})).await;
        assert_eq!(answer.code(), "mfa_failed", "{written:?}");
        refused += 1;
    }
    eprintln!("second factor: {refused} other writings of a right code refused");
}

async fn recovery_codes_work_once(world: World) {
    let admin = world.founder("ada").await;
    let (_, codes) = world.enrol(&admin).await;
    world.sign_in(&admin.email, json!({"recovery_code": codes[3]})).await.expect(200);
    assert_eq!(world.sign_in(&admin.email, json!({"recovery_code": codes[3]})).await.code(), "mfa_failed");
    world.sign_in(&admin.email, json!({"recovery_code": codes[4]})).await.expect(200);
    let guess = async |code: &str| world.sign_in(&admin.email, json!({"recovery_code": code})).await;
    for wrong in ["aaaa-bbbb-cccc-dddd", "", &codes[5][..18], &format!("{} ", codes[5]), &codes[5].to_uppercase()] {
        assert_eq!(guess(wrong).await.code(), "mfa_failed", "{wrong:?}");
    }
    // Five failures are free; the sixth is the last before a wait, in which no code works.
    assert_eq!(guess("aaaa-bbbb-cccc-dddd").await.code(), "mfa_failed");
    assert_eq!(guess(&codes[5]).await.code(), "mfa_failed");
    world.clock.advance(31_000);
    guess(&codes[5]).await.expect(200);
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let hashes: Vec<(String,)> =
        sqlx::query_as("SELECT hash FROM recovery_codes").fetch_all(&mut *connection).await.unwrap();
    assert!(hashes.iter().all(|(hash,)| hash.starts_with("$argon2id$") && !codes.iter().any(|c| hash.contains(c))));
}

async fn guessing_codes_is_slowed_down(world: World) {
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let right = world.code(&secret);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..6 {
        assert_eq!(world.sign_in(&admin.email, json!({"code": wrong})).await.code(), "mfa_failed");
    }
    // Throttled looks like wrong, even for the right code.
    assert_eq!(world.sign_in(&admin.email, json!({"code": right})).await.code(), "mfa_failed");
    world.clock.advance(61_000);
    let right = world.code(&secret);
    world.sign_in(&admin.email, json!({"code": right})).await.expect(200);
    // Beyond a hundred failures in a row only a reset helps.
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let counted = "INSERT INTO throttles SELECT 'factor:' || id, 95, 0, 0 FROM factors WHERE state = 'active'";
    sqlx::query(counted).execute(&mut *connection).await.unwrap();
    drop(connection);
    let mut last = String::new();
    for _ in 0..10 {
        world.clock.advance(3_601_000);
        last = world.sign_in(&admin.email, json!({"code": "00000x"})).await.code().to_owned();
    }
    assert_eq!(last, "mfa_failed");
    world.clock.advance(3_601_000);
    let right = world.code(&secret);
    assert_eq!(world.sign_in(&admin.email, json!({"code": right})).await.code(), "mfa_failed");
}

async fn a_secret_opens_in_its_own_row_only(world: World) {
    let admin = world.founder("ada").await;
    let bob = world.member(&admin, "bob", "viewer").await;
    let (secret, _) = world.enrol(&bob).await;
    world.enrol(&admin).await;
    let mut connection = world.app.desk.store.connection().await.unwrap();
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT id, secret_ct FROM factors ORDER BY id").fetch_all(&mut *connection).await.unwrap();
    for (id, other) in [(&rows[0].0, &rows[1].1), (&rows[1].0, &rows[0].1)] {
        sqlx::query("UPDATE factors SET secret_ct = $1 WHERE id = $2")
            .bind(other.clone())
            .bind(id.clone())
            .execute(&mut *connection)
            .await
            .unwrap();
    }
    let answer = world.sign_in(&bob.email, json!({"code": world.code(&secret)})).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, "mfa_unavailable"));
}

async fn a_factor_can_be_removed(world: World) {
    let admin = world.founder("ada").await;
    let bob = world.member(&admin, "bob", "viewer").await;
    let path = format!("/v1/users/{}/mfa", world.id(&bob).await);
    assert_eq!(world.delete(&bob, "/v1/me/mfa").await.code(), "not_found");
    assert_eq!(world.delete(&admin, &path).await.code(), "not_found");
    let (secret, _) = world.enrol(&bob).await;
    assert_eq!(world.count("recovery_codes").await, 10);
    let other = world.sign_in(&bob.email, json!({"code": world.code(&secret)})).await.expect(200);
    let other = other["access_token"].as_str().unwrap();
    world.delete(&bob, "/v1/me/mfa").await.expect(204);
    // One's own session goes on, the others have ended, and the password is enough again.
    world.get(&bob, "/v1/me").await.expect(200);
    assert_eq!(world.send(Some(other), "GET", "/v1/me", None).await.code(), "token_invalid");
    world.sign_in(&bob.email, json!({})).await.expect(200);
    assert_eq!((world.count("factors").await, world.count("recovery_codes").await), (0, 0));
    // Somebody who has lost it asks the administrator.
    world.enrol(&bob).await;
    assert_eq!(world.sign_in(&bob.email, json!({"code": "000000"})).await.code(), "mfa_failed");
    world.delete(&admin, &path).await.expect(204);
    assert_eq!(world.get(&bob, "/v1/me").await.code(), "token_invalid");
    world.sign_in(&bob.email, json!({})).await.expect(200);
    assert_eq!((world.count("factors").await, world.count("throttles").await), (0, 0));
    let audited = world.audited().await;
    assert!(["factor.removed", "factor.reset"].iter().all(|action| audited.contains(&(*action).to_owned())));
}

async fn the_log_says_why_a_proof_was_refused(world: World) {
    let admin = world.founder("ada").await;
    let (secret, codes) = world.enrol(&admin).await;
    let right = world.code(&secret);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let proofs = [
        (json!({"code": "abcdef"}), "malformed"),
        (json!({"code": "12345"}), "malformed"),
        (json!({"code": wrong}), "wrong"),
        (json!({"recovery_code": "aaaa-bbbb-cccc-dddd"}), "wrong_recovery_code"),
    ];
    let mut why = Vec::new();
    for (proof, expected) in proofs {
        assert_eq!(world.sign_in(&admin.email, proof).await.code(), "mfa_failed");
        why.push(expected);
    }
    world.sign_in(&admin.email, json!({"code": right})).await.expect(200);
    assert_eq!(world.sign_in(&admin.email, json!({"code": right})).await.code(), "mfa_failed");
    why.push("replayed");
    // One of the two, not both.
    let both = json!({"code": right, "recovery_code": codes[0]});
    assert_eq!(world.sign_in(&admin.email, both).await.code(), "mfa_required");
    let told = world.details("factor.refused").await;
    assert_eq!(told.iter().map(|detail| detail["why"].as_str().unwrap()).collect::<Vec<_>>(), why);
}

async fn a_factor_shows_presence(world: World) {
    world.clock.stop();
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let step = async |body| world.post(&admin, "/v1/sessions/step-up", body).await;
    // The enrolment was the proof; thirty seconds have gone by since.
    world.clock.advance(270_000);
    world.post(&admin, "/v1/roles", json!({"name": "a", "permissions": []})).await.expect(201);
    world.clock.advance(1);
    let late = world.post(&admin, "/v1/roles", json!({"name": "b", "permissions": []})).await;
    assert_eq!(late.code(), "step_up_required");
    // With a factor, the password proves nothing.
    assert_eq!(step(json!({"password": super::world::PASSWORD})).await.code(), "mfa_required");
    let right = world.code(&secret);
    step(json!({"code": right})).await.expect(204);
    world.post(&admin, "/v1/roles", json!({"name": "b", "permissions": []})).await.expect(201);
    assert_eq!(step(json!({"code": right})).await.code(), "mfa_failed");
}

async fn a_proof_seals_with_the_newest_key(world: World) {
    let admin = world.founder("ada").await;
    let (secret, _) = world.enrol(&admin).await;
    let (store, ring) = (&world.app.desk.store, &world.app.desk.ring);
    let prove = async || {
        world.clock.advance(30_000);
        world.sign_in(&admin.email, json!({"code": world.code(&secret)})).await.expect(200);
        let mut connection = store.connection().await.unwrap();
        let stored = "SELECT key_id, secret_ct FROM factors";
        let stored: (Vec<u8>, Vec<u8>) = sqlx::query_as(stored).fetch_one(&mut *connection).await.unwrap();
        stored
    };
    let (old, sealed) = prove().await;
    assert_eq!(prove().await, (old.clone(), sealed), "the key is the newest");
    let mut tx = store.begin().await.unwrap();
    let new = ring.add_primary(&mut tx, Purpose::Mfa, world.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    ring.reload(&mut store.connection().await.unwrap()).await.unwrap();
    let (key, sealed) = prove().await;
    assert_eq!(key, new.0);
    assert_ne!(key, old);
    assert_eq!(prove().await, (key, sealed));
}

async fn an_organisation_may_demand_one(world: World) {
    let ada = world.founder("ada").await;
    let eve = world.founder("eve").await;
    let bob = world.member(&ada, "bob", "viewer").await;
    let cleo = world.member(&ada, "cleo", "viewer").await;
    let path = "/v1/second-factor-demand";
    let demand =
        async |who: &Actor, from: i64| world.send(Some(&who.access), "PUT", path, Some(json!({"from": from}))).await;
    let signed_in = async |email: &str, more: Value| {
        let grant = world.sign_in(email, more).await.expect(200);
        let text = |name: &str| grant[name].as_str().unwrap().to_owned();
        Actor { email: email.to_owned(), access: text("access_token"), refresh: text("refresh_token") }
    };
    let tomorrow = world.clock.now() + 86_400_000;
    // Who has none cannot demand it of others.
    assert_eq!(demand(&ada, tomorrow).await.expect(422)["faults"][0]["path"], "$.from");
    assert_eq!(demand(&bob, tomorrow).await.code(), "forbidden");
    // Neither nothing nor null lifts it.
    for body in [json!({}), json!({"from": null})] {
        let refused = world.send(Some(&ada.access), "PUT", path, Some(body)).await.expect(422);
        assert_eq!(refused["faults"][0]["path"], "$.from", "{refused}");
    }
    let (adas, _) = world.enrol(&ada).await;
    let ada = signed_in(&ada.email, json!({"code": world.code(&adas)})).await;
    demand(&ada, tomorrow).await.expect(204);
    assert_eq!(world.get(&ada, path).await.expect(200), json!({"from": tomorrow}));
    world.get(&bob, "/v1/plans").await.expect(200);
    world.clock.advance(86_400_000);
    // From then on the own account is all that is left, and enough to set one up.
    let bob = signed_in(&bob.email, json!({})).await;
    assert_eq!(world.get(&bob, "/v1/plans").await.code(), "second_factor_required");
    world.get(&bob, "/v1/me").await.expect(200);
    let (bobs, _) = world.enrol(&bob).await;
    let bob = signed_in(&bob.email, json!({"code": world.code(&bobs)})).await;
    world.get(&bob, "/v1/plans").await.expect(200);
    // Without it, the session that showed it is as good as one that never did.
    world.delete(&bob, "/v1/me/mfa").await.expect(204);
    assert_eq!(world.get(&bob, "/v1/plans").await.code(), "second_factor_required");
    // Other organisations are free, and what was demanded is lifted again.
    let eve = signed_in(&eve.email, json!({})).await;
    world.get(&eve, "/v1/plans").await.expect(200);
    let cleo = signed_in(&cleo.email, json!({})).await;
    assert_eq!(world.get(&cleo, "/v1/plans").await.code(), "second_factor_required");
    let ada = signed_in(&ada.email, json!({"code": world.code(&adas)})).await;
    world.delete(&ada, path).await.expect(204);
    world.get(&cleo, "/v1/plans").await.expect(200);
    assert!(world.audited().await.contains(&"second_factor.demanded".to_owned()));
}

async fn changes_are_told_by_mail(world: World) {
    let admin = world.founder("ada").await;
    let bob = world.member(&admin, "bob", "viewer").await;
    let subjects = async |email: &str| -> Vec<String> {
        letters(&world, email).await.into_iter().map(|(subject, _)| subject).collect()
    };
    // Started, and not finished: nothing has changed yet.
    world.post(&bob, "/v1/me/mfa", json!({})).await.expect(201);
    let none = subjects(&bob.email).await;
    assert_eq!(none, [""; 0]);
    world.enrol(&bob).await;
    world.delete(&bob, "/v1/me/mfa").await.expect(204);
    let password = json!({"password": "another row of quiet words"});
    world.send(Some(&bob.access), "PUT", "/v1/me/password", Some(password)).await.expect(204);
    world.enrol(&bob).await;
    let path = format!("/v1/users/{}/mfa", world.id(&bob).await);
    world.delete(&admin, &path).await.expect(204);
    let told = subjects(&bob.email).await;
    let expected = [
        "A second factor was set up for your milkrun account",
        "The second factor of your milkrun account was removed",
        "The password of your milkrun account was changed",
        "A second factor was set up for your milkrun account",
        "The second factor of your milkrun account was reset",
    ];
    let sorted = |mut subjects: Vec<String>| {
        subjects.sort();
        subjects
    };
    assert_eq!(sorted(told), sorted(expected.map(str::to_owned).to_vec()));
    let others = subjects(&admin.email).await;
    assert_eq!(others, [""; 0], "it is nobody else's business");
}

async fn what_is_over_is_swept(world: World) {
    let admin = world.founder("ada").await;
    let (_, codes) = world.enrol(&admin).await;
    let guess = async |what: Value| assert_eq!(world.sign_in(&admin.email, what).await.code(), "mfa_failed");
    guess(json!({"code": "nocode"})).await;
    guess(json!({"recovery_code": &codes[0][..18]})).await;
    let user = world.id(&admin).await;
    let mut tx = world.app.ledger.store.begin().await.unwrap();
    let now = world.clock.now();
    for (statement, key) in [
        ("INSERT INTO passkey_challenges VALUES ($1, $2, 'sign_in', '', $3, $3)", Some(vec![1_u8])),
        ("INSERT INTO sign_in_codes VALUES ($1, 'x', $2, $2)", None),
        ("INSERT INTO throttles VALUES ('factor:gone', 3, $1, $1)", None),
        ("INSERT INTO throttles VALUES ('factor:recovery:gone', 3, $1, $1)", None),
    ] {
        let mut query = sqlx::query(statement);
        if let Some(key) = key {
            query = query.bind(key).bind(user.clone());
        } else if statement.contains("codes") {
            query = query.bind(user.clone());
        }
        query.bind(now).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let counts = async || {
        [
            world.count("passkey_challenges").await,
            world.count("sign_in_codes").await,
            world.count("throttles WHERE subject LIKE 'factor:recovery:%'").await,
            world.count("throttles WHERE subject LIKE 'factor:%'").await,
        ]
    };
    world.app.maintain().await.unwrap();
    assert_eq!(counts().await, [1, 1, 2, 4]);
    world.clock.advance(8 * 86_400_000);
    world.app.maintain().await.unwrap();
    // Failures at codes are never forgotten as long as there is the factor.
    assert_eq!(counts().await, [0, 0, 0, 1]);
}
