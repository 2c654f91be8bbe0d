//! Second factors.

use serde_json::json;

use super::over_both_stores;
use super::world::{World, code_at, shared};
use crate::auth::factors::{self, Proof};

over_both_stores!(
    a_code_works_once,
    of_many_at_once_one_succeeds,
    other_writings_of_a_code_are_refused,
    recovery_codes_work_once,
    guessing_codes_is_slowed_down,
    a_secret_opens_in_its_own_row_only,
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
