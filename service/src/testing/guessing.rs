//! Guessing passwords, and what right passwords may do at the same time.

use serde_json::json;

use super::over_both_stores;
use super::world::{World, shared};

over_both_stores!(
    an_own_account_does_not_help_to_guess,
    right_ones_at_once_all_succeed,
    a_refused_sign_in_is_in_the_log,
    waits_are_told,
);

/// Signing in to one's own account between guesses at others does not make the address forget them.
async fn an_own_account_does_not_help_to_guess(world: World) {
    let eve = world.founder("eve").await;
    let mut guesses = 0;
    'guessing: for round in 0..40 {
        for i in 0..4 {
            let body = json!({"email": format!("a{round}-{i}@example.org"), "password": "not the password at all"});
            match world.send(None, "POST", "/v1/sessions", Some(body)).await.code() {
                "sign_in_failed" => guesses += 1,
                "throttled" => break 'guessing,
                other => panic!("{other}"),
            }
        }
        let own = world.sign_in(&eve.email, json!({})).await;
        assert!(own.status.is_success() || own.code() == "throttled", "{}", own.text);
    }
    eprintln!("guessing: {guesses} guesses from an address that has an account of its own");
    assert_eq!(guesses, 51);
}

async fn right_ones_at_once_all_succeed(world: World) {
    let ada = world.founder("ada").await;
    let world = shared(world);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (world, email) = (world.clone(), ada.email.clone());
            tokio::spawn(async move { world.sign_in(&email, json!({})).await.status.as_u16() })
        })
        .collect();
    let mut signed_in = 0;
    for task in tasks {
        signed_in += u16::from(task.await.unwrap() == 200);
    }
    eprintln!("guessing: of 50 right sign-ins at once, {signed_in} succeed");
    assert_eq!(signed_in, 50);
    // Wrong ones at once still share one count.
    let wrong = json!({"email": ada.email, "password": "not the password at all"});
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (world, wrong) = (world.clone(), wrong.clone());
            tokio::spawn(async move { world.send(None, "POST", "/v1/sessions", Some(wrong)).await.code().to_owned() })
        })
        .collect();
    let mut judged = 0;
    for task in tasks {
        judged += u16::from(task.await.unwrap() == "sign_in_failed");
    }
    assert_eq!(judged, 6);
}

async fn a_refused_sign_in_is_in_the_log(world: World) {
    let ada = world.founder("ada").await;
    let eve = world.founder("eve").await;
    let wrong = json!({"email": ada.email, "password": "not the password at all"});
    world.send(None, "POST", "/v1/sessions", Some(wrong)).await.expect(401);
    let unknown = json!({"email": "nobody@example.org", "password": "not the password at all"});
    world.send(None, "POST", "/v1/sessions", Some(unknown)).await.expect(401);
    let refused = async |actor| {
        let log = world.get(actor, "/v1/audit?limit=1000").await.expect(200);
        let entries = log.as_array().unwrap().iter().filter(|entry| entry["action"] == "session.refused");
        entries.map(|entry| entry["subject"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(refused(&ada).await, [json!(world.id(&ada).await)]);
    assert_eq!(refused(&eve).await, [json!(null); 0]);
}

async fn waits_are_told(world: World) {
    world.clock.stop();
    let ada = world.founder("ada").await;
    let (secret, _) = world.enrol(&ada).await;
    let code = |code: String| world.sign_in(&ada.email, json!({ "code": code }));
    let wait = |answer: &super::world::Answer| {
        answer.headers.get("retry-after").map(|value| value.to_str().unwrap().to_owned())
    };
    for _ in 0..5 {
        let refused = code("000000".to_owned()).await;
        assert_eq!((refused.code(), wait(&refused)), ("mfa_failed", None));
    }
    for (advance, expected) in [(0, "30"), (0, "30"), (10_000, "20"), (20_000, "60")] {
        world.clock.advance(advance);
        let refused = code("000000".to_owned()).await;
        assert_eq!((refused.code(), wait(&refused).as_deref()), ("mfa_failed", Some(expected)));
    }
    world.clock.advance(60_000);
    code(world.code(&secret)).await.expect(200);
    let wrong = json!({"email": "nobody@example.org", "password": "not the password at all"});
    for _ in 0..6 {
        world.send(None, "POST", "/v1/sessions", Some(wrong.clone())).await.expect(401);
    }
    let throttled = world.send(None, "POST", "/v1/sessions", Some(wrong)).await;
    assert_eq!((throttled.code(), wait(&throttled).as_deref()), ("throttled", Some("30")));
}
