//! The interface as a whole, from its own description.

use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, PASSWORD, World};
use crate::auth::roles::PERMISSIONS;
use crate::http::document;

over_both_stores!(
    every_operation_has_its_rule,
    nothing_of_another_organisation_is_seen,
    answers_are_careful,
    floods_are_held_off,
    an_outage_is_reported,
);

/// Operations that need nobody signed in.
const PUBLIC: [&str; 7] = [
    "post /v1/sign-up",
    "post /v1/sessions",
    "post /v1/sessions/refresh",
    "get /.well-known/jwks.json",
    "get /health/live",
    "get /health/ready",
    // Signed by the provider.
    "post /v1/hooks/{id}",
];

/// Every operation with the permission that it asks for; `None`: public; empty: to be signed in.
fn operations() -> Vec<(String, String, Option<String>)> {
    let document = serde_json::to_value(document()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let scopes = operation.get("security").map(|security| {
                let scopes = security[0]["bearer"].as_array().unwrap();
                scopes.first().map_or(String::new(), |scope| scope.as_str().unwrap().to_owned())
            });
            found.push((method.clone(), path.clone(), scopes));
        }
    }
    found
}

fn filled(path: &str) -> String {
    path.replace("{kind}", "bins")
        .replace("{id}", "nothing")
        .replace("{code}", "nothing")
        .replace("{bin}", "nothing")
        .replace("{day}", "2026-12-03")
        .replace("{capability}", "messages")
}

async fn every_operation_has_its_rule(world: World) {
    let admin = world.founder("ada").await;
    let roles = world.get(&admin, "/v1/roles").await.expect(200);
    let me = async |actor| world.get(actor, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let mut checks = 0;
    let mut actors = Vec::new();
    for role in roles.as_array().unwrap() {
        let name = role["name"].as_str().unwrap();
        let actor = world.member(&admin, &format!("a-{name}"), name).await;
        let held: Vec<String> =
            role["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect();
        actors.push((actor, held));
    }
    let nothing = world.member(&admin, "nobody", "viewer").await;
    let id = me(&nothing).await;
    world.send(Some(&admin.access), "PATCH", &format!("/v1/users/{id}"), Some(json!({"roles": []}))).await.expect(200);
    actors.push((nothing.clone(), Vec::new()));
    let disabled = world.member(&admin, "disabled", "admin").await;
    let id = me(&disabled).await;
    world
        .send(Some(&admin.access), "PATCH", &format!("/v1/users/{id}"), Some(json!({"status": "disabled"})))
        .await
        .expect(200);
    let expired = admin.access.clone();

    let mut public = Vec::new();
    for (method, path, rule) in operations() {
        let Some(rule) = rule else {
            public.push(format!("{method} {path}"));
            continue;
        };
        assert!(rule.is_empty() || PERMISSIONS.iter().any(|(name, _)| *name == rule), "{path}: {rule}");
        let (method, path) = (method.to_uppercase(), filled(&path));
        let ends_session = method == "DELETE" && path.starts_with("/v1/sessions");
        for token in [None, Some(disabled.access.as_str()), Some("nonsense")] {
            let answer = world.send(token, &method, &path, Some(json!({"unknown": 1}))).await;
            assert_eq!(answer.status.as_u16(), 401, "{method} {path} {token:?}: {}", answer.text);
            checks += 1;
        }
        for (actor, held) in &actors {
            if ends_session {
                continue;
            }
            // The body is wrong, so that what is permitted changes nothing.
            let answer = world.send(Some(&actor.access), &method, &path, Some(json!({"unknown": 1}))).await;
            let allowed = rule.is_empty() || held.contains(&rule);
            let status = answer.status.as_u16();
            assert_eq!(answer.code() == "forbidden", !allowed, "{method} {path} {}: {}", actor.email, answer.text);
            assert!(status < 500 && status != 401, "{method} {path} {}: {}", actor.email, answer.text);
            checks += 1;
        }
    }
    public.sort();
    let mut known = PUBLIC.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(public, known, "an operation without a rule");
    world.clock.advance(601_000);
    for (method, path, rule) in operations() {
        if rule.is_some() {
            let answer = world.send(Some(&expired), &method.to_uppercase(), &filled(&path), None).await;
            assert_eq!(answer.status.as_u16(), 401, "{path}");
            checks += 1;
        }
    }
    eprintln!("access: {} operations, {checks} combinations of operation and caller right", operations().len());
}

/// What one organisation has.
struct Ids<'a> {
    job: &'a str,
    plan: &'a str,
    adaptation: &'a str,
    front: &'a str,
    photo: &'a str,
    user: &'a str,
    role: &'a str,
}

/// Requests for it, which another organisation may send and must not have answered.
fn foreign(ids: &Ids<'_>) -> Vec<(&'static str, String, Option<Value>)> {
    let Ids { job, plan, adaptation, front, photo, user, role } = ids;
    let mut foreign: Vec<(&'static str, String, Option<Value>)> = vec![
        ("DELETE", "/v1/readings/b0001".to_owned(), None),
        ("GET", format!("/v1/jobs/{job}"), None),
        ("GET", format!("/v1/jobs/{job}/events"), None),
        ("DELETE", format!("/v1/jobs/{job}"), None),
        ("GET", format!("/v1/plans/{plan}"), None),
        ("GET", format!("/v1/plans/{plan}/summary"), None),
        ("GET", format!("/v1/plans/{plan}/remarks"), None),
        ("GET", format!("/v1/plans/{plan}/geojson"), None),
        ("GET", format!("/v1/plans/{plan}/board"), None),
        ("DELETE", format!("/v1/plans/{plan}"), None),
        ("GET", "/v1/days/2026-12-03".to_owned(), None),
        ("GET", "/v1/days/2026-12-03/routes".to_owned(), None),
        ("GET", "/v1/days/2026-12-03/analysis".to_owned(), None),
        ("POST", "/v1/days/2026-12-03/adaptations".to_owned(), Some(json!({"now": 0}))),
        (
            "POST",
            "/v1/days/2026-12-03/moves".to_owned(),
            Some(json!({"version": 1, "moves": [{"client": 0, "route": 0}]})),
        ),
        ("POST", "/v1/days/2026-12-03/moves/judgement".to_owned(), Some(json!({"version": 1, "moves": []}))),
        ("POST", "/v1/days/2026-12-03/confirmations".to_owned(), Some(json!({"stops": []}))),
        ("PUT", format!("/v1/days/2026-12-03/drivers/{user}"), Some(json!({"vehicle": "t1"}))),
        ("DELETE", format!("/v1/days/2026-12-03/drivers/{user}"), None),
        ("GET", format!("/v1/photos/{photo}"), None),
        ("GET", "/v1/driving/days/2026-12-03".to_owned(), None),
        ("GET", "/v1/driving/reports/report-1/photo".to_owned(), None),
        ("POST", "/v1/driving/days/2026-12-03/reports".to_owned(), Some(json!({"reports": []}))),
        ("POST", "/v1/driving/days/2026-12-03/positions".to_owned(), Some(json!({"positions": []}))),
        ("GET", format!("/v1/adaptations/{adaptation}"), None),
        ("POST", format!("/v1/adaptations/{adaptation}/acceptance"), None),
        ("POST", format!("/v1/adaptations/{adaptation}/rejection"), None),
        ("GET", format!("/v1/alternatives/{front}"), None),
        ("GET", format!("/v1/alternatives/{front}/comparison?of=0&with=0"), None),
        ("POST", format!("/v1/alternatives/{front}/choice"), Some(json!({"point": 0, "version": 1}))),
        ("DELETE", format!("/v1/alternatives/{front}"), None),
        ("PATCH", format!("/v1/users/{user}"), Some(json!({"status": "disabled"}))),
        ("PATCH", format!("/v1/users/{user}"), Some(json!({"roles": []}))),
        ("DELETE", format!("/v1/users/{user}/mfa"), None),
        ("GET", format!("/v1/users/{user}/data"), None),
        ("POST", format!("/v1/users/{user}/erasure"), None),
        ("PUT", format!("/v1/roles/{role}"), Some(json!({"permissions": []}))),
        ("POST", "/v1/invitations".to_owned(), Some(json!({"role": role}))),
    ];
    for (kind, code) in [("depots", "yard"), ("disposal-sites", "tip"), ("vehicles", "t1"), ("bins", "b0003")] {
        foreign.push(("GET", format!("/v1/fleet/{kind}/{code}"), None));
        foreign.push(("DELETE", format!("/v1/fleet/{kind}/{code}"), None));
    }
    foreign
}

/// A user who drives, and a photo of a stop; its id.
async fn with_photo(world: &World, ada: &Actor, user: &str) -> String {
    let routes = world.get(ada, "/v1/days/2026-12-03/routes").await.expect(200);
    let assigned = json!({"vehicle": routes[0]["vehicle"]});
    let path = format!("/v1/days/2026-12-03/drivers/{user}");
    world.send(Some(&ada.access), "PUT", &path, Some(assigned)).await.expect(204);
    let stops = world.get(ada, "/v1/driving/days/2026-12-03").await.expect(200)["stops"].clone();
    let code = stops.as_array().unwrap().iter().find(|stop| stop["activity"] == "client").unwrap()["code"].clone();
    let report = json!({"id": "report-1", "version": 1, "code": code, "outcome": "done", "at": 1});
    world.post(ada, "/v1/driving/days/2026-12-03/reports", json!({"reports": [report]})).await.expect(200);
    let request = Request::put("/v1/driving/reports/report-1/photo")
        .header(header::AUTHORIZATION, format!("Bearer {}", ada.access))
        .body(Body::from(crate::driving::a_photo()));
    world.answer(request.unwrap()).await.expect(204);
    let reports = world.get(ada, "/v1/days/2026-12-03/reports").await.expect(200);
    reports[0]["photo"].as_str().unwrap().to_owned()
}

async fn nothing_of_another_organisation_is_seen(world: World) {
    let ada = world.founder("ada").await;
    let eve = world.founder("eve").await;
    world.city(&ada, 12).await;
    let stop = world.work();
    let job = world.post(&ada, "/v1/plans", json!({"iterations": 50})).await.expect(202)["job"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let plan = world.ended(&ada, &job).await["plan_id"].as_str().unwrap().to_owned();
    world
        .post(
            &ada,
            "/v1/readings",
            json!({"readings": [{"bin": "b0001", "at": 1_767_225_600_000_i64, "fill_percent": 5}]}),
        )
        .await
        .expect(200);
    let chosen = json!({"plan_id": plan, "version": 0});
    world.send(Some(&ada.access), "PUT", "/v1/days/2026-12-03", Some(chosen)).await.expect(200);
    let asked = json!({"now": 0, "seconds": 1});
    let adaptation = world.post(&ada, "/v1/days/2026-12-03/adaptations", asked).await.expect(201)["id"].clone();
    let adaptation = adaptation.as_str().unwrap();
    let user = world.get(&ada, "/v1/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    let role = world.role(&ada, "viewer").await;
    let asked = json!({"objectives": ["cost", "distance"], "points": 2, "iterations": 100});
    let asked = world.post(&ada, "/v1/days/2026-12-03/alternatives", asked).await.expect(202);
    let front = world.ended(&ada, asked["job"]["id"].as_str().unwrap()).await["front_id"].as_str().unwrap().to_owned();
    let photo = with_photo(&world, &ada, &user).await;
    let ids = Ids { job: &job, plan: &plan, adaptation, front: &front, photo: &photo, user: &user, role: &role };
    let foreign = foreign(&ids);
    let mut checks = 0;
    for (method, path, body) in &foreign {
        // Twice: what the owner has read may lie in a cache.
        if *method == "GET" && !path.ends_with("/events") {
            world.get(&ada, path).await.expect(200);
        }
        let theirs = world.send(Some(&eve.access), method, path, body.clone()).await;
        assert_eq!(theirs.status.as_u16(), 404, "{method} {path}: {}", theirs.text);
        let made_up = path.replace(&job, "0").replace(&plan, "0").replace(&user, "0").replace(&role, "0");
        let made_up = made_up.replace(adaptation, "0").replace(&front, "0").replace(&photo, "0");
        let nothing = world.send(Some(&eve.access), method, &made_up, body.clone()).await;
        if made_up != *path {
            assert_eq!(nothing.body, theirs.body, "{method} {path}: the same answer as for what does not exist");
        }
        checks += 1;
    }
    for path in [
        "/v1/jobs",
        "/v1/plans",
        "/v1/fleet/bins",
        "/v1/fleet/vehicles",
        "/v1/fleet/depots",
        "/v1/analytics/days",
        "/v1/days",
        "/v1/days/2026-12-03/alternatives",
        "/v1/days/2026-12-03/reports",
        "/v1/days/2026-12-03/positions",
        "/v1/driving/days",
        "/v1/me/passkeys",
        "/v1/readings/b0001",
        "/v1/map/bins?west=-180&south=-90&east=180&north=90",
    ] {
        assert_eq!(world.get(&eve, path).await.expect(200), json!([]), "{path}");
        checks += 1;
    }
    assert_eq!(world.get(&eve, &format!("/v1/sign-ins?user={user}")).await.expect(200), json!([]));
    let sign_ins = world.get(&eve, "/v1/sign-ins").await.expect(200);
    assert!(!sign_ins.as_array().unwrap().is_empty() && !sign_ins.to_string().contains(&user), "{sign_ins}");
    checks += 2;
    let users = world.get(&eve, "/v1/users").await.expect(200);
    assert_eq!(users.as_array().unwrap().len(), 1);
    // What the others have is still there, and the same code can be one's own.
    world.import(&eve, "depots", json!([{"code": "yard", "lon": 0, "lat": 0}])).await.expect(200);
    assert_eq!(world.get(&ada, "/v1/fleet/depots/yard").await.expect(200)["lon"], 4.9);
    eprintln!("tenants: {} foreign requests, 0 answered", checks + 1);
    stop.send_replace(true);
}

async fn answers_are_careful(world: World) {
    let admin = world.founder("ada").await;
    let page = world.send(None, "GET", "/", None).await;
    assert!(page.text.contains("<title>milkrun</title>"));
    for (name, part) in [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert!(page.headers[name].to_str().unwrap().contains(part), "{name}");
    }
    assert_eq!(page.headers["x-request-id"].len(), 36);
    let docs = world.send(None, "GET", "/docs/", None).await;
    assert!(docs.status.is_success() && docs.text.contains("swagger"), "{}", docs.status);
    let described = world.send(None, "GET", "/v1/openapi.json", None).await.expect(200);
    assert_eq!(described["openapi"].as_str().unwrap().split('.').take(2).collect::<Vec<_>>(), ["3", "1"]);
    let nowhere = world.send(None, "GET", "/v1/nowhere", None).await;
    assert_eq!(
        (nowhere.status.as_u16(), nowhere.headers[header::CONTENT_TYPE].to_str().unwrap()),
        (404, "application/problem+json")
    );
    assert_eq!(world.send(None, "POST", "/v1/me", None).await.status.as_u16(), 405);
    let wrong = Request::post("/v1/sessions").header(header::CONTENT_TYPE, "text/plain").body(Body::from("x"));
    assert_eq!(world.answer(wrong.unwrap()).await.status.as_u16(), 415);
    let large = json!({"email": "x".repeat(2 << 20), "password": "x"});
    assert_eq!(world.send(None, "POST", "/v1/sessions", Some(large)).await.status.as_u16(), 413);
    let broken = Request::post("/v1/sessions").header(header::CONTENT_TYPE, "application/json").body(Body::from("{"));
    assert_eq!(world.answer(broken.unwrap()).await.status.as_u16(), 400);
    let zero = world.get(&admin, "/v1/fleet/bins/%00").await;
    assert_eq!(zero.status.as_u16(), 404);
    let cross = Request::get("/v1/me").header("origin", "https://evil.example").body(Body::empty()).unwrap();
    assert!(!world.answer(cross).await.headers.contains_key("access-control-allow-origin"));
    assert!(world.get(&admin, "/v1/me").await.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
    // A name is data, whatever it looks like.
    let name = "'; DROP TABLE bins; -- <script>";
    world.import(&admin, "drivers", json!([{"code": "d1", "name": name}])).await.expect(200);
    assert_eq!(world.get(&admin, "/v1/fleet/drivers/d1").await.expect(200)["name"], name);
}

async fn floods_are_held_off(world: World) {
    let world = world
        .restart(|config| {
            config.limits.address_per_minute = 100;
            config.limits.user_per_minute = 20;
        })
        .await;
    let from = |address: [u8; 4], forwarded: u32| {
        let mut request = Request::get("/.well-known/jwks.json")
            .header("x-forwarded-for", format!("10.{}.{}.1", forwarded / 256, forwarded % 256));
        request.extensions_mut().unwrap().insert(ConnectInfo(std::net::SocketAddr::from((address, 1))));
        request.body(Body::empty()).unwrap()
    };
    let mut held = 0;
    for i in 0..1_000 {
        let answer = world.answer(from([198, 51, 100, 1], i)).await;
        held += u32::from(answer.status.as_u16() == 429);
    }
    // Spoofed headers make no new addresses; a little is let through again meanwhile.
    assert!((880..=900).contains(&held), "{held}");
    assert_eq!(world.answer(from([198, 51, 100, 2], 0)).await.status.as_u16(), 200);
    eprintln!("limits: of a flood of 1000 with spoofed addresses, {held} held off; another caller is served");
    assert_eq!(world.app.addresses.len(), 2);
    // Whether the service lives is told in a flood, too.
    for path in ["/health/live", "/health/ready"] {
        let mut request = Request::get(path);
        request.extensions_mut().unwrap().insert(ConnectInfo(std::net::SocketAddr::from(([198, 51, 100, 1], 1))));
        assert_eq!(world.answer(request.body(Body::empty()).unwrap()).await.status.as_u16(), 200, "{path}");
    }
}

async fn an_outage_is_reported(world: World) {
    let admin = world.founder("ada").await;
    world.app.desk.store.close().await;
    let start = std::time::Instant::now();
    let answer = world.get(&admin, "/v1/me").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (503, "unavailable"));
    let wrong = json!({"email": admin.email, "password": PASSWORD});
    assert_eq!(world.send(None, "POST", "/v1/sessions", Some(wrong)).await.status.as_u16(), 503);
    assert_eq!(world.send(None, "GET", "/health/ready", None).await.status.as_u16(), 503);
    assert_eq!(world.send(None, "GET", "/health/live", None).await.status.as_u16(), 200);
    // Nobody waits for a connection until the pool gives up.
    let patience = Duration::from_millis(world.config.database.acquire_timeout_ms);
    assert!(start.elapsed() < patience, "{:?}", start.elapsed());
}
