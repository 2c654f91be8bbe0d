//! Plans laid out, and stops moved by hand.

use serde_json::{Value, json};

use super::networks::map;
use super::over_both_stores;
use super::world::{Actor, World, shared};

over_both_stores!(
    a_board_has_names_and_the_drawing,
    moves_are_judged_before_they_are_kept,
    of_many_who_move_stops_none_overwrites_another,
    moves_that_cannot_be_made_say_why,
    stops_are_moved_along_the_streets,
);

const DAY: &str = "/v1/days/2026-12-03";

/// A city of so many bins, with a plan for the day; the plan's id.
async fn planned(world: &World, admin: &Actor, bins: usize) -> String {
    world.city(admin, bins).await;
    world
        .import(
            admin,
            "bins",
            json!([{"code": "b0003", "name": "Canal <3>", "lon": 4.91, "lat": 52.37, "load_kg": 150}]),
        )
        .await
        .expect(200);
    let body = json!({"iterations": 200, "seconds": 20, "name": "Thursday"});
    let job = world.post(admin, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    let plan = world.ended(admin, &job).await["plan_id"].as_str().unwrap().to_owned();
    let chosen = json!({"plan_id": plan, "version": 0});
    world.send(Some(&admin.access), "PUT", DAY, Some(chosen)).await.expect(200);
    plan
}

async fn judged(world: &World, actor: &Actor, version: i64, moves: Value) -> super::world::Answer {
    world.post(actor, &format!("{DAY}/moves/judgement"), json!({"version": version, "moves": moves})).await
}

async fn kept(world: &World, actor: &Actor, version: i64, moves: Value) -> super::world::Answer {
    world.post(actor, &format!("{DAY}/moves"), json!({"version": version, "moves": moves})).await
}

fn stops(board: &Value) -> Vec<Vec<&str>> {
    let routes = board["routes"].as_array().unwrap().iter();
    routes
        .map(|route| {
            let stops = route["stops"].as_array().unwrap().iter();
            stops.filter(|stop| stop["activity"] == "client").map(|stop| stop["code"].as_str().unwrap()).collect()
        })
        .collect()
}

async fn a_board_has_names_and_the_drawing(world: World) {
    let admin = world.founder("ada").await;
    let stop = world.work();
    let plan = planned(&world, &admin, 20).await;
    let board = world.get(&admin, &format!("/v1/plans/{plan}/board")).await.expect(200);
    let summary = world.get(&admin, &format!("/v1/plans/{plan}/summary")).await.expect(200);
    assert_eq!((&board["name"], &board["plan_id"]), (&json!("Thursday"), &json!(plan)));
    for name in ["distance", "duration", "served", "unserved"] {
        assert_eq!(board["figures"][name], summary[name], "{name}");
    }
    assert_eq!(stops(&board).concat().len(), 20);
    let all: Vec<&Value> =
        board["routes"].as_array().unwrap().iter().flat_map(|r| r["stops"].as_array().unwrap()).collect();
    let canal = all.iter().find(|stop| stop["code"] == "b0003").unwrap();
    assert_eq!(canal["name"], "Canal <3> (b0003)");
    let drawing = board["drawing"].as_str().unwrap();
    assert!(drawing.contains("mr-canvas") && drawing.contains("mr-timeline"), "map and timeline");
    assert!(drawing.contains("Canal &#60;3&#62; (b0003)"), "names are text");
    assert!(!drawing.contains("<script") && !drawing.contains("<style"), "style and script are files of their own");
    // What no truck may carry is unserved, and says why.
    let heavy = json!([{"code": "heavy", "lon": 4.9, "lat": 52.36, "load_kg": 90_000}]);
    world.import(&admin, "bins", heavy).await.expect(200);
    let body = json!({"iterations": 200, "seconds": 20});
    let job = world.post(&admin, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    let plan = world.ended(&admin, &job).await["plan_id"].as_str().unwrap().to_owned();
    let board = world.get(&admin, &format!("/v1/plans/{plan}/board?reasons=true")).await.expect(200);
    let unserved = &board["unserved"][0];
    assert_eq!((&unserved["code"], &unserved["activity"]), (&json!("heavy"), &json!("client")));
    assert!(!unserved["reasons"].as_array().unwrap().is_empty(), "{unserved}");
    stop.send_replace(true);
}

async fn moves_are_judged_before_they_are_kept(world: World) {
    let admin = world.founder("ada").await;
    let viewer = world.member(&admin, "vera", "viewer").await;
    let stop = world.work();
    let plan = planned(&world, &admin, 20).await;
    let board = world.get(&admin, &format!("/v1/plans/{plan}/board")).await.expect(200);
    let route = &board["routes"][0];
    let first = route["stops"][0].clone();
    // As the last one of the same route: another order, the same stops, another price.
    let moves = json!([{"client": first["index"], "route": 0}]);
    let judgement = judged(&world, &admin, 1, moves.clone()).await.expect(200);
    let changed = &judgement["board"];
    assert_eq!(judgement["before"], board["figures"]);
    assert_ne!(changed["figures"]["distance"], board["figures"]["distance"]);
    assert_eq!(stops(changed)[0].last(), first["code"].as_str().as_ref());
    assert_eq!(stops(changed).concat().len(), 20);
    // Nothing was kept.
    assert_eq!(world.get(&admin, DAY).await.expect(200)["version"], 1);
    assert_eq!(world.count("plans").await, 1);
    // Unserved, it costs what its prize says.
    let without = judged(&world, &admin, 1, json!([{"client": first["index"], "unserved": true}])).await.expect(200);
    assert_eq!(without["board"]["figures"]["unserved"], 1);
    assert!(without["board"]["figures"]["forgone"].as_i64().unwrap() > 0);
    assert_eq!(without["board"]["unserved"][0]["code"], first["code"]);
    // Who may only read neither judges nor keeps.
    assert_eq!(judged(&world, &viewer, 1, moves.clone()).await.code(), "forbidden");
    assert_eq!(kept(&world, &viewer, 1, moves.clone()).await.code(), "forbidden");
    let version = kept(&world, &admin, 1, moves.clone()).await.expect(200);
    assert_eq!((&version["version"], &version["cause"]), (&json!(2), &json!("chosen")));
    let id = version["plan_id"].as_str().unwrap();
    let now = world.get(&admin, &format!("/v1/plans/{id}/board")).await.expect(200);
    assert_eq!(now["figures"], changed["figures"]);
    assert_eq!(stops(&now), stops(changed));
    let map = world.get(&admin, &format!("/v1/plans/{id}/geojson")).await.expect(200);
    assert!(map["travel"].is_array() && !map["features"].as_array().unwrap().is_empty());
    assert!(world.audited().await.iter().any(|action| action == "day.stops_moved"));
    // The version that was changed is over.
    assert_eq!(judged(&world, &admin, 1, moves.clone()).await.code(), "day_changed");
    assert_eq!(kept(&world, &admin, 1, moves).await.code(), "day_changed");
    // The earlier plan can be chosen again.
    let back = json!({"plan_id": plan, "version": 2});
    assert_eq!(world.send(Some(&admin.access), "PUT", DAY, Some(back)).await.expect(200)["version"], 3);
    stop.send_replace(true);
}

async fn of_many_who_move_stops_none_overwrites_another(world: World) {
    let admin = world.founder("ada").await;
    let stop = world.work();
    let plan = planned(&world, &admin, 10).await;
    let board = world.get(&admin, &format!("/v1/plans/{plan}/board")).await.expect(200);
    let all: Vec<i64> = board["routes"][0]["stops"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|stop| stop["activity"] == "client")
        .map(|stop| stop["index"].as_i64().unwrap())
        .take(4)
        .collect();
    let world = shared(world);
    let dispatcher = |client: i64| {
        let (world, admin) = (world.clone(), admin.clone());
        async move { kept(&world, &admin, 1, json!([{"client": client, "unserved": true}])).await.status.as_u16() }
    };
    let mut ended: Vec<u16> = futures_util::future::join_all(all.iter().map(|client| dispatcher(*client))).await;
    ended.sort_unstable();
    assert_eq!(ended, [200, 409, 409, 409]);
    assert_eq!(world.get(&admin, DAY).await.expect(200)["version"], 2);
    stop.send_replace(true);
}

async fn moves_that_cannot_be_made_say_why(world: World) {
    let admin = world.founder("ada").await;
    let one = json!([{"client": 0, "route": 0}]);
    assert_eq!(judged(&world, &admin, 1, one.clone()).await.code(), "not_found");
    assert_eq!(kept(&world, &admin, 1, one).await.code(), "not_found");
    let stop = world.work();
    planned(&world, &admin, 5).await;
    let paths = async |version: i64, moves: Value| -> Vec<String> {
        let answer = judged(&world, &admin, version, moves).await.expect(422);
        answer["faults"].as_array().unwrap().iter().map(|fault| fault["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(paths(0, json!(["x", {"client": 1, "colour": 2}])).await, ["$.version", "$.moves[0]", "$.moves[1]"]);
    assert_eq!(paths(1, json!([{"client": 99, "unserved": true}])).await, ["$.moves[0].client"]);
    assert_eq!(
        paths(1, json!([{"client": 1, "unserved": true}, {"client": 1, "route": 9}])).await,
        ["$.moves[1].route"]
    );
    assert_eq!(paths(1, json!({"client": 1})).await, ["$.moves"]);
    let many: Vec<Value> = (0..201).map(|_| json!({"client": 1, "unserved": true})).collect();
    assert_eq!(paths(1, json!(many)).await, ["$.moves"]);
    assert_eq!(kept(&world, &admin, 1, json!([])).await.expect(422)["faults"][0]["path"], "$.moves");
    stop.send_replace(true);
}

async fn stops_are_moved_along_the_streets(world: World) {
    let admin = world.founder("ada").await;
    let (preparing, stop) = (world.prepare(), world.work());
    world.upload(&admin, "city", &[("map", &map(8))]).await.expect(202);
    assert_eq!(world.prepared(&admin, "city").await["state"], "ready");
    world.choose(&admin, json!("city")).await.expect(200);
    world.bins_in_the_city(&admin, 20).await;
    let plan = world.planned(&admin, json!({})).await;
    let chosen = json!({"plan_id": plan, "version": 0});
    world.send(Some(&admin.access), "PUT", DAY, Some(chosen)).await.expect(200);
    let board = world.get(&admin, &format!("/v1/plans/{plan}/board")).await.expect(200);
    assert!(board["drawing"].as_str().unwrap().contains("Lines follow the streets"), "along the streets");
    let first = board["routes"][0]["stops"][0]["index"].clone();
    let moves = json!([{"client": first, "route": 0}]);
    let judgement = judged(&world, &admin, 1, moves.clone()).await.expect(200);
    assert_ne!(judgement["board"]["figures"]["distance"], board["figures"]["distance"]);
    let id = kept(&world, &admin, 1, moves).await.expect(200)["plan_id"].as_str().unwrap().to_owned();
    // What is kept is what was judged, on the same streets: also for whoever reads it anew.
    let world = world.restart(|_| ()).await;
    let again = world.get(&admin, &format!("/v1/plans/{id}/board")).await.expect(200);
    assert_eq!(again["figures"], judgement["board"]["figures"]);
    assert_eq!(again["routes"], judgement["board"]["routes"]);
    let of = async |id: &str| world.get(&admin, &format!("/v1/plans/{id}/summary")).await.expect(200)["travel"].clone();
    assert_eq!(of(&id).await, of(&plan).await);
    preparing.send_replace(true);
    stop.send_replace(true);
}
