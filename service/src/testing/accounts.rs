//! Accounts, sessions, roles.

use serde_json::json;

use super::over_both_stores;
use super::world::{PASSWORD, World};
use crate::auth::invitations::{founder_link, is_valid};
use crate::auth::sessions::sweep;

over_both_stores!(
    the_first_link,
    a_link_makes_one_account,
    sessions_end,
    a_stolen_refresh_token_ends_the_session,
    changed_permissions_apply_at_once,
    guessing_is_slowed_down,
    sensitive_actions_ask_for_presence,
    no_user_can_extend_their_own_permissions,
    sessions_have_two_lives,
    expired_data_is_deleted,
    presence_cannot_be_guessed,
    leaked_passwords_are_refused,
);

async fn the_first_link(world: World) {
    let (store, now) = (&world.app.desk.store, world.clock.now());
    let first = founder_link(store, now).await.unwrap().unwrap();
    let second = founder_link(store, now).await.unwrap().unwrap();
    let is_good = async |link: &str, at: i64| is_valid(&mut store.connection().await.unwrap(), link, at).await.unwrap();
    assert!(!is_good(&first, now).await, "a link made before is void");
    assert!(is_good(&second, now).await && is_good(&second, now + 3 * 86_400_000 - 1).await);
    assert!(!is_good(&second, now + 3 * 86_400_000).await, "it ends after three days");
    let founder =
        json!({"link": second, "email": "ada@example.org", "password": PASSWORD, "name": "Ada", "organisation": "x"});
    world.send(None, "POST", "/v1/sign-up", Some(founder)).await.expect(201);
    assert!(!is_good(&second, now).await, "it has been used");
    assert_eq!(founder_link(store, now).await.unwrap(), None);
}

async fn a_link_makes_one_account(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    let me = world.get(&viewer, "/v1/me").await.expect(200);
    assert_eq!(me["permissions"], json!(["fleet:read", "plans:read"]));
    let role = world.role(&admin, "viewer").await;
    let link = world.post(&admin, "/v1/invitations", json!({"role": role})).await.expect(201);
    let link = link["link"].as_str().unwrap().split_once('=').unwrap().1;
    let body = |email: &str, password: &str| json!({"link": link, "email": email, "password": password, "name": "x"});
    let up = async |body| world.send(None, "POST", "/v1/sign-up", Some(body)).await;
    let weak = up(body("w@example.org", "password1234")).await.expect(422);
    assert_eq!(weak["faults"][0]["path"], "$.password");
    assert_eq!(up(body("vera@example.org", PASSWORD)).await.code(), "taken");
    up(body("w@example.org", PASSWORD)).await.expect(201);
    assert_eq!(up(body("x@example.org", PASSWORD)).await.code(), "link_invalid");
}

async fn sessions_end(world: World) {
    let admin = world.founder("ada").await;
    let first = world.member(&admin, "vera", "viewer").await;
    let second = world.actor("vera@example.org").await;
    world.send(Some(&first.access), "DELETE", "/v1/sessions/current", None).await.expect(204);
    assert_eq!(world.get(&first, "/v1/me").await.code(), "token_invalid");
    world.get(&second, "/v1/me").await.expect(200);
    let third = world.actor("vera@example.org").await;
    world.send(Some(&third.access), "DELETE", "/v1/sessions", None).await.expect(204);
    for ended in [&second, &third] {
        assert_eq!(world.get(ended, "/v1/me").await.code(), "token_invalid");
        let body = json!({"refresh_token": ended.refresh});
        assert_eq!(world.send(None, "POST", "/v1/sessions/refresh", Some(body)).await.code(), "token_invalid");
    }
    // An access token has a short life, a session a longer one.
    world.clock.advance(601_000);
    assert_eq!(world.get(&admin, "/v1/me").await.code(), "token_invalid");
    let body = json!({"refresh_token": admin.refresh});
    world.send(None, "POST", "/v1/sessions/refresh", Some(body)).await.expect(200);
}

async fn a_stolen_refresh_token_ends_the_session(world: World) {
    let admin = world.founder("ada").await;
    let refresh = async |token: &str| {
        world.send(None, "POST", "/v1/sessions/refresh", Some(json!({"refresh_token": token}))).await
    };
    let next = refresh(&admin.refresh).await.expect(200);
    let (access, token) = (next["access_token"].as_str().unwrap(), next["refresh_token"].as_str().unwrap());
    world.send(Some(access), "GET", "/v1/me", None).await.expect(200);
    refresh(&admin.refresh).await.expect(401);
    world.send(Some(access), "GET", "/v1/me", None).await.expect(401);
    refresh(token).await.expect(401);
    assert!(world.audited().await.contains(&"session.token_reused".to_owned()));
}

async fn changed_permissions_apply_at_once(world: World) {
    let admin = world.founder("ada").await;
    let actor = world.member(&admin, "vera", "viewer").await;
    let id = world.get(&actor, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    assert_eq!(world.import(&actor, "drivers", json!([{"code": "d"}])).await.code(), "forbidden");
    let viewer = world.role(&admin, "viewer").await;
    let change = json!({"permissions": ["fleet:read", "fleet:write"]});
    world.send(Some(&admin.access), "PUT", &format!("/v1/roles/{viewer}"), Some(change)).await.expect(204);
    world.import(&actor, "drivers", json!([{"code": "d"}])).await.expect(200);
    let patch = async |body| world.send(Some(&admin.access), "PATCH", &format!("/v1/users/{id}"), Some(body)).await;
    patch(json!({"roles": []})).await.expect(200);
    assert_eq!(world.get(&actor, "/v1/fleet/bins").await.code(), "forbidden");
    patch(json!({"status": "disabled"})).await.expect(200);
    assert_eq!(world.get(&actor, "/v1/me").await.code(), "token_invalid");
    assert_eq!(world.sign_in(&actor.email, json!({})).await.code(), "sign_in_failed");
    // Nobody locks everybody out.
    let me = world.get(&admin, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let own = world.send(Some(&admin.access), "PATCH", &format!("/v1/users/{me}"), Some(json!({"roles": []}))).await;
    assert_eq!(own.code(), "not_allowed");
}

async fn guessing_is_slowed_down(world: World) {
    let admin = world.founder("ada").await;
    let wrong = json!({"email": admin.email, "password": "not the password at all"});
    let mut codes = Vec::new();
    for _ in 0..8 {
        codes.push(world.send(None, "POST", "/v1/sessions", Some(wrong.clone())).await.code().to_owned());
    }
    assert_eq!(codes.iter().filter(|code| *code == "sign_in_failed").count(), 6, "{codes:?}");
    assert_eq!(codes.last().unwrap(), "throttled");
    // The right password has to wait too, and is not told from a wrong one.
    assert_eq!(world.sign_in(&admin.email, json!({})).await.code(), "throttled");
    world.clock.advance(31_000);
    world.sign_in(&admin.email, json!({})).await.expect(200);
    // An unknown account is answered alike.
    let unknown = json!({"email": "nobody@example.org", "password": "not the password at all"});
    let unknown = world.send(None, "POST", "/v1/sessions", Some(unknown)).await;
    assert_eq!((unknown.status.as_u16(), unknown.code()), (401, "sign_in_failed"));
}

async fn sensitive_actions_ask_for_presence(world: World) {
    let admin = world.founder("ada").await;
    world.clock.advance(301_000);
    let new = json!({"password": "other quiet copper lanterns"});
    let change = async |token: &str| world.send(Some(token), "PUT", "/v1/me/password", Some(new.clone())).await;
    assert_eq!(change(&admin.access).await.code(), "step_up_required");
    assert_eq!(world.post(&admin, "/v1/me/mfa", json!({})).await.code(), "step_up_required");
    let step = async |body| world.post(&admin, "/v1/sessions/step-up", body).await;
    assert_eq!(step(json!({"password": "wrong"})).await.code(), "sign_in_failed");
    step(json!({"password": PASSWORD})).await.expect(204);
    change(&admin.access).await.expect(204);
    assert_eq!(world.sign_in(&admin.email, json!({})).await.code(), "sign_in_failed");
}

/// Who manages users can neither become an administrator nor make one, and cannot touch those who are.
async fn no_user_can_extend_their_own_permissions(world: World) {
    let admin = world.founder("ada").await;
    let body = json!({"name": "staff", "permissions": ["users:manage", "fleet:read", "plans:read"]});
    world.post(&admin, "/v1/roles", body).await.expect(201);
    let clerk = world.member(&admin, "carl", "staff").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    let (top, staff, low) =
        (world.role(&admin, "admin").await, world.role(&admin, "staff").await, world.role(&admin, "viewer").await);
    let patch =
        async |who: &str, body| world.send(Some(&clerk.access), "PATCH", &format!("/v1/users/{who}"), Some(body)).await;
    let (chief, own, other) = (world.id(&admin).await, world.id(&clerk).await, world.id(&viewer).await);
    world.enrol(&admin).await;
    let tried = [
        patch(&own, json!({"roles": [top]})).await,
        patch(&other, json!({"roles": [low, top]})).await,
        patch(&chief, json!({"status": "disabled"})).await,
        patch(&chief, json!({"roles": [low]})).await,
        world.post(&clerk, "/v1/invitations", json!({"role": top})).await,
        world.delete(&clerk, &format!("/v1/users/{chief}/mfa")).await,
    ];
    for answer in tried {
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "forbidden"), "{}", answer.text);
    }
    patch(&other, json!({"roles": [staff]})).await.expect(200);
    patch(&other, json!({"status": "active"})).await.expect(200);
    world.get(&viewer, "/v1/me").await.expect(200);
    patch(&other, json!({"status": "disabled"})).await.expect(200);
    patch(&other, json!({"status": "active", "roles": [low]})).await.expect(200);
    // The sessions from before stay ended.
    assert_eq!(world.get(&viewer, "/v1/me").await.code(), "token_invalid");
    world.actor(&viewer.email).await;
    world.post(&clerk, "/v1/invitations", json!({"role": low})).await.expect(201);
    assert_eq!(patch(&other, json!({"roles": ["none"]})).await.code(), "not_found");
    // The role of administrators stays as it is.
    let role = format!("/v1/roles/{top}");
    let change = world.send(Some(&admin.access), "PUT", &role, Some(json!({"permissions": ["users:manage"]}))).await;
    assert_eq!(change.code(), "not_allowed");
}

/// A refresh token lives for two weeks, a session for thirty days, however often it is refreshed.
async fn sessions_have_two_lives(world: World) {
    const DAY: i64 = 86_400_000;
    world.clock.stop();
    let admin = world.founder("ada").await;
    let refresh = async |token: &str| {
        world.send(None, "POST", "/v1/sessions/refresh", Some(json!({"refresh_token": token}))).await
    };
    let lost = world.actor(&admin.email).await;
    world.clock.advance(14 * DAY - 1);
    let next = refresh(&admin.refresh).await.expect(200);
    world.clock.advance(1);
    assert_eq!(refresh(&lost.refresh).await.code(), "token_invalid");
    world.clock.advance(13 * DAY);
    let next = refresh(next["refresh_token"].as_str().unwrap()).await.expect(200);
    world.clock.advance(3 * DAY - 1);
    let last = refresh(next["refresh_token"].as_str().unwrap()).await.expect(200);
    let access = last["access_token"].as_str().unwrap();
    world.send(Some(access), "GET", "/v1/me", None).await.expect(200);
    world.clock.advance(1);
    assert_eq!(world.send(Some(access), "GET", "/v1/me", None).await.code(), "token_invalid");
    assert_eq!(refresh(last["refresh_token"].as_str().unwrap()).await.code(), "token_invalid");
}

async fn expired_data_is_deleted(world: World) {
    const DAY: i64 = 86_400_000;
    world.clock.stop();
    let admin = world.founder("ada").await;
    let over = world.actor(&admin.email).await;
    world.delete(&over, "/v1/sessions/current").await.expect(204);
    world.sign_in("nobody@example.org", json!({})).await.expect(401);
    let role = world.role(&admin, "viewer").await;
    world.post(&admin, "/v1/invitations", json!({"role": role})).await.expect(201);
    let sweep = async |at: i64| {
        world.clock.advance(at - world.clock.now());
        sweep(&world.app.ledger, at).await.unwrap();
        world.app.keeper().sweep().await.unwrap();
        [world.count("sessions").await, world.count("throttles").await, world.count("invitations").await]
    };
    let now = world.clock.now();
    let before = sweep(now).await;
    assert_eq!((before[0], before[1]), (2, 2), "an account and an address");
    // A week after it was over, and not before.
    assert_eq!(sweep(now + 7 * DAY).await, before);
    let after = [1, 0, before[2]];
    assert_eq!(sweep(now + 7 * DAY + 1).await, after);
    assert_eq!(sweep(now + 10 * DAY).await, after);
    assert_eq!(sweep(now + 10 * DAY + 1).await, [1, 0, 0]);
    assert_eq!(sweep(now + 37 * DAY).await[0], 1);
    assert_eq!(sweep(now + 37 * DAY + 1).await[0], 0);
}

async fn presence_cannot_be_guessed(world: World) {
    let admin = world.founder("ada").await;
    let step = async |password: &str| world.post(&admin, "/v1/sessions/step-up", json!({"password": password})).await;
    for _ in 0..6 {
        assert_eq!(step("wrong").await.code(), "sign_in_failed");
    }
    assert_eq!(step(PASSWORD).await.code(), "throttled");
    world.clock.advance(31_000);
    step(PASSWORD).await.expect(204);
    for _ in 0..5 {
        assert_eq!(step("wrong").await.code(), "sign_in_failed");
    }
    step(PASSWORD).await.expect(204);
}

async fn leaked_passwords_are_refused(world: World) {
    let ada = world.founder("ada").await;
    let digest = |text: &str| {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
        data_encoding::HEXUPPER.encode(digest.as_ref())
    };
    let leaked = "seven bright kettles sing";
    let mut lines = [digest(leaked), digest("password1"), digest("123456")];
    lines.sort();
    let path = world.folder.path().join("leaked.txt");
    std::fs::write(&path, lines.map(|line| format!("{line}:3\r\n")).concat()).unwrap();
    let world = world.restart(|config| config.auth.leaked_passwords = Some(path)).await;
    let ada = world.actor(&ada.email).await;
    let put = async |password: &str| {
        world.send(Some(&ada.access), "PUT", "/v1/me/password", Some(json!({"password": password}))).await
    };
    let refused = put(leaked).await.expect(422);
    assert_eq!(refused["faults"][0]["path"], "$.password");
    put("seven bright kettles sang").await.expect(204);
    let role = world.role(&ada, "viewer").await;
    let link = world.post(&ada, "/v1/invitations", json!({"role": role})).await.expect(201);
    let link = link["link"].as_str().unwrap().split_once('=').unwrap().1.to_owned();
    let body = |password: &str| json!({"link": link, "email": "w@example.org", "password": password, "name": "x"});
    world.send(None, "POST", "/v1/sign-up", Some(body(leaked))).await.expect(422);
    world.send(None, "POST", "/v1/sign-up", Some(body(PASSWORD))).await.expect(201);
}
