//! The plan of a day: chosen, adapted, confirmed, compared.

use axum::http::header;
use milkrun::io::json;
use milkrun::plan::check::check_plan;
use milkrun::{SolveParams, Stop, solve};
use milkrun_oracle::generate::Generator;
use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World, shared};
use crate::planning::plans::{self, NewPlan, Solved};

over_both_stores!(
    a_day_has_a_plan_and_its_versions,
    of_many_dispatchers_none_overwrites_another,
    an_adaptation_is_proposed_and_accepted,
    a_proposal_is_of_one_version,
    what_cannot_be_adapted_says_why,
    drivers_words_are_compared_with_the_plan,
    stored_plans_come_back_whole,
);

const DAY: &str = "/v1/days/2026-12-03";

/// A plan of the city; its id.
async fn planned(world: &World, admin: &Actor, seed: u64) -> String {
    let body = json!({"iterations": 200, "seconds": 20, "seed": seed});
    let job = world.post(admin, "/v1/plans", body).await.expect(202)["job"]["id"].as_str().unwrap().to_owned();
    world.ended(admin, &job).await["plan_id"].as_str().unwrap().to_owned()
}

async fn choose(world: &World, actor: &Actor, plan: &str, version: i64) -> super::world::Answer {
    world.send(Some(&actor.access), "PUT", DAY, Some(json!({"plan_id": plan, "version": version}))).await
}

async fn a_day_has_a_plan_and_its_versions(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 20).await;
    let stop = world.work();
    let (first, second) = (planned(&world, &admin, 1).await, planned(&world, &admin, 2).await);
    assert_eq!(world.get(&admin, DAY).await.code(), "not_found");
    let made = choose(&world, &admin, &first, 0).await;
    assert_eq!(made.headers[header::ETAG], "\"1\"");
    assert_eq!(made.expect(200)["version"], 1);
    // Who has not seen the first version cannot replace it.
    let refused = choose(&world, &admin, &second, 0).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (409, "day_changed"));
    assert_eq!(choose(&world, &admin, &second, 2).await.code(), "day_changed");
    assert_eq!(choose(&world, &admin, &second, 1).await.expect(200)["version"], 2);
    assert_eq!(choose(&world, &admin, "no-such-plan", 2).await.expect(422)["faults"][0]["path"], "$.plan_id");
    assert_eq!(world.get(&admin, DAY).await.expect(200)["plan_id"], *second);
    let history = world.get(&admin, &format!("{DAY}/history")).await.expect(200);
    let plans: Vec<&str> = history.as_array().unwrap().iter().map(|v| v["plan_id"].as_str().unwrap()).collect();
    assert_eq!(plans, [second.as_str(), first.as_str()]);
    assert_eq!(world.get(&admin, "/v1/days").await.expect(200)[0]["version"], 2);
    // The routes of the day, of a vehicle, of a depot.
    let routes = async |query: &str| world.get(&admin, &format!("{DAY}/routes{query}")).await.expect(200);
    let all = routes("").await;
    let all = all.as_array().unwrap();
    let stops: usize = all.iter().map(|route| route["stops"].as_array().unwrap().len()).sum();
    assert!(stops > 20, "twenty bins and the tip: {stops}");
    let vehicle = all[0]["vehicle"].as_str().unwrap();
    assert_eq!(routes(&format!("?vehicle={vehicle}")).await.as_array().unwrap().len(), 1);
    assert_eq!(routes("?depot=yard").await.as_array().unwrap(), all);
    assert_eq!(routes("?depot=elsewhere").await, json!([]));
    // A plan that a day has, or had, is kept.
    let kept = world.delete(&admin, &format!("/v1/plans/{first}")).await;
    assert_eq!((kept.status.as_u16(), kept.code()), (409, "in_use"));
    for wrong in ["2026-13-01", "today", "2026-1-1"] {
        world.get(&admin, &format!("/v1/days/{wrong}")).await.expect(422);
    }
    stop.send_replace(true);
}

async fn of_many_dispatchers_none_overwrites_another(world: World) {
    const EACH: usize = 5;
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    let world = shared(world);
    let dispatcher = |admin: Actor| {
        let (world, plan) = (world.clone(), plan.clone());
        async move {
            let mut version = 0;
            for _ in 0..EACH {
                loop {
                    let answer = choose(&world, &admin, &plan, version).await;
                    if answer.status.as_u16() == 200 {
                        version = answer.expect(200)["version"].as_i64().unwrap();
                        break;
                    }
                    assert_eq!(answer.code(), "day_changed");
                    let seen = world.get(&admin, DAY).await.expect(200);
                    version = seen["version"].as_i64().unwrap();
                }
            }
        }
    };
    futures_util::future::join_all((0..6).map(|_| tokio::spawn(dispatcher(admin.clone())))).await;
    let history = world.get(&admin, &format!("{DAY}/history")).await.expect(200);
    let versions: Vec<i64> = history.as_array().unwrap().iter().map(|v| v["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (1..=30).rev().collect::<Vec<i64>>(), "thirty changes, none lost");
    stop.send_replace(true);
}

async fn an_adaptation_is_proposed_and_accepted(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 30).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    choose(&world, &admin, &plan, 0).await.expect(200);
    let before = world.get(&admin, &format!("{DAY}/routes")).await.expect(200);
    let start = before[0]["start_at"].as_i64().unwrap();
    // Ten minutes after the start a bin is cancelled, and another one comes.
    let events = json!([
        {"kind": "cancelled", "client": 3},
        {"kind": "added", "client": {"x": 4.91, "y": 52.36, "pickup": [150], "name": "new"}},
    ]);
    let asked = json!({"now": start + 600, "events": events, "keep": "nothing", "seconds": 1});
    let answer = world.post(&admin, &format!("{DAY}/adaptations"), asked).await;
    let place = answer.headers[header::LOCATION].to_str().unwrap().to_owned();
    let proposed = answer.expect(201);
    assert_eq!(
        (&proposed["state"], &proposed["version"], &proposed["feasible"]),
        (&json!("proposed"), &json!(1), &json!(true))
    );
    let changes = proposed["answer"]["difference"]["changes"].as_array().unwrap();
    assert!(!changes.is_empty() && changes.iter().all(|change| change["text"].is_string()), "{proposed}");
    // Until it is accepted, the day is as it was.
    assert_eq!(world.get(&admin, DAY).await.expect(200)["version"], 1);
    let accepted = world.post(&admin, &format!("{place}/acceptance"), json!({})).await.expect(200);
    assert_eq!(accepted["state"], "accepted");
    let day = world.get(&admin, DAY).await.expect(200);
    assert_eq!((&day["version"], &day["cause"], &day["plan_id"]), (&json!(2), &json!("adapted"), &accepted["plan_id"]));
    let after = world.get(&admin, &format!("{DAY}/routes")).await.expect(200);
    let codes = |routes: &Value| -> Vec<String> {
        let stops = routes.as_array().unwrap().iter().flat_map(|route| route["stops"].as_array().unwrap());
        stops
            .filter(|stop| stop["activity"] == "client")
            .map(|stop| stop["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(codes(&after).contains(&"new".to_owned()) && !codes(&after).contains(&"b0003".to_owned()));
    assert_eq!(codes(&after).len(), 30);
    // The new plan is a plan like any other, also one to adapt again.
    let id = accepted["plan_id"].as_str().unwrap();
    world.get(&admin, &format!("/v1/plans/{id}/geojson")).await.expect(200);
    let late = json!({"now": start + 900, "events": [{"kind": "late", "route": 0, "by": 300}], "seconds": 1});
    let again = world.post(&admin, &format!("{DAY}/adaptations"), late).await.expect(201);
    let place = format!("/v1/adaptations/{}", again["id"].as_str().unwrap());
    assert_eq!(world.post(&admin, &format!("{place}/rejection"), json!({})).await.expect(200)["state"], "rejected");
    assert_eq!(world.post(&admin, &format!("{place}/acceptance"), json!({})).await.code(), "decided_before");
    assert_eq!(world.get(&admin, &place).await.expect(200)["state"], "rejected");
    let listed = world.get(&admin, &format!("{DAY}/adaptations")).await.expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let audited = world.audited().await;
    for action in ["day.plan_chosen", "adaptation.proposed", "adaptation.accepted", "adaptation.rejected"] {
        assert!(audited.iter().any(|known| known == action), "{action}");
    }
    stop.send_replace(true);
}

async fn a_proposal_is_of_one_version(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let stop = world.work();
    let (first, second) = (planned(&world, &admin, 1).await, planned(&world, &admin, 2).await);
    choose(&world, &admin, &first, 0).await.expect(200);
    let asked = json!({"now": 0, "events": [{"kind": "cancelled", "client": 1}], "seconds": 1});
    let proposed = world.post(&admin, &format!("{DAY}/adaptations"), asked).await.expect(201);
    choose(&world, &admin, &second, 1).await.expect(200);
    let place = format!("/v1/adaptations/{}/acceptance", proposed["id"].as_str().unwrap());
    let plans = world.count("plans").await;
    assert_eq!(world.post(&admin, &place, json!({})).await.code(), "day_changed");
    assert_eq!(
        (world.count("plans").await, world.get(&admin, DAY).await.expect(200)["version"].as_i64()),
        (plans, Some(2))
    );
    // Of two who accept the same proposal at once, one does.
    let asked = json!({"now": 0, "events": [{"kind": "cancelled", "client": 2}], "seconds": 1});
    let proposed = world.post(&admin, &format!("{DAY}/adaptations"), asked).await.expect(201);
    let place = format!("/v1/adaptations/{}/acceptance", proposed["id"].as_str().unwrap());
    let both = futures_util::future::join_all((0..4).map(|_| world.post(&admin, &place, json!({})))).await;
    let taken = both.iter().filter(|answer| answer.status.as_u16() == 200).count();
    assert_eq!((taken, world.get(&admin, DAY).await.expect(200)["version"].as_i64()), (1, Some(3)));
    stop.send_replace(true);
}

async fn what_cannot_be_adapted_says_why(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let stop = world.work();
    let adaptations = format!("{DAY}/adaptations");
    assert_eq!(world.post(&admin, &adaptations, json!({"now": 0})).await.code(), "not_found");
    let plan = planned(&world, &admin, 1).await;
    choose(&world, &admin, &plan, 0).await.expect(200);
    let faults = async |body: Value| -> Vec<String> {
        let answer = world.post(&admin, &adaptations, body).await.expect(422);
        let faults = answer["faults"].as_array().unwrap().iter();
        faults.map(|fault| fault["path"].as_str().unwrap().to_owned()).collect()
    };
    let events = json!([{"kind": "cancelled", "client": 99}, {"kind": "late", "route": 7, "by": 1}]);
    assert_eq!(
        faults(json!({"now": 0, "events": events})).await,
        ["$.events[0].cancelled.client", "$.events[1].late.route"]
    );
    assert_eq!(faults(json!({"now": "soon"})).await, ["$.now"]);
    assert_eq!(faults(json!({"now": 0, "seconds": 99, "what": 1})).await, ["$.seconds", "$.what"]);
    assert_eq!(world.count("adaptations").await, 0);
    stop.send_replace(true);
}

async fn drivers_words_are_compared_with_the_plan(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 10).await;
    let stop = world.work();
    let plan = planned(&world, &admin, 1).await;
    let foreman = json!({"name": "foreman", "permissions": ["plans:read", "stops:confirm"]});
    world.post(&admin, "/v1/roles", foreman).await.expect(201);
    let driver = world.member(&admin, "dora", "foreman").await;
    let words = format!("{DAY}/confirmations");
    let word = |code: &str, outcome: &str, at: i64| json!({"code": code, "outcome": outcome, "at": at});
    assert_eq!(world.post(&driver, &words, json!({"stops": []})).await.code(), "not_found");
    choose(&world, &admin, &plan, 0).await.expect(200);
    let routes = world.get(&driver, &format!("{DAY}/routes")).await.expect(200);
    let stops: Vec<&Value> = routes.as_array().unwrap().iter().flat_map(|r| r["stops"].as_array().unwrap()).collect();
    let start = |code: &str| stops.iter().find(|s| s["code"] == code).unwrap()["start_at"].as_i64().unwrap();
    let said = json!({"stops": [
        word("b0000", "done", start("b0000") + 100),
        word("b0001", "done", start("b0001") + 1_000),
        word("b0002", "missed", 40_000),
    ]});
    // The same twice, as a phone sends it that got no answer; and an older word that comes late.
    for _ in 0..2 {
        world.post(&driver, &words, said.clone()).await.expect(204);
    }
    world.post(&driver, &words, json!({"stops": [word("b0001", "missed", 1)]})).await.expect(204);
    let analysis = world.get(&admin, &format!("{DAY}/analysis")).await.expect(200);
    let sum = |name: &str| analysis.as_array().unwrap().iter().map(|own| own[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!([sum("planned"), sum("done"), sum("missed"), sum("open"), sum("late")], [10, 2, 1, 7, 1]);
    assert_eq!(world.count("confirmations").await, 3);
    // What the plan does not have is refused as a whole.
    let wrong = json!({"stops": [word("b0003", "done", 1), word("b9999", "done", 1)]});
    assert_eq!(world.post(&driver, &words, wrong).await.expect(422)["faults"][0]["path"], "$.stops[1].code");
    let wrong = json!({"stops": [word("b0003", "lost", 1), {"code": "b0004"}, word("b0004", "done", 999_999_999)]});
    let faults = world.post(&driver, &words, wrong).await.expect(422);
    let paths: Vec<&str> = faults["faults"].as_array().unwrap().iter().map(|f| f["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["$.stops[0].outcome", "$.stops[1]", "$.stops[2].at"]);
    assert_eq!(world.count("confirmations").await, 3);
    // A driver chooses nothing.
    assert_eq!(choose(&world, &driver, &plan, 1).await.code(), "forbidden");
    stop.send_replace(true);
}

/// A thousand plans through the database: the library reads back what it wrote.
async fn stored_plans_come_back_whole(world: World) {
    let admin = world.founder("ada").await;
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let store = &world.app.desk.store;
    let mut seen = 0;
    // Problems of every rule, and of every pair of rules.
    let generator = Generator::new(20, 1_000);
    for number in 0..1_000 {
        let problem = generator.instance(number).problem;
        let params = SolveParams { stop: Stop::after_iterations(20), ..SolveParams::default() };
        let plan = solve(&problem, &params).plan;
        let text = json::write_problem(&problem);
        let key = number.to_string();
        let new = NewPlan {
            org: &org,
            name: "",
            content_key: &key,
            problem: &text,
            streets: None,
            travel: &[],
            forecast: None,
        };
        let solved = Solved { problem, plan, map: String::new() };
        let mut tx = store.begin().await.unwrap();
        let id = plans::insert(&mut tx, new, &solved, 0).await.unwrap();
        tx.commit().await.unwrap();
        let mut connection = store.connection().await.unwrap();
        let stored = plans::stored(&mut connection, &org, &id).await.unwrap().unwrap();
        let again = stored.problem().unwrap();
        assert_eq!(json::write_problem(&again), text, "problem {number}");
        let read = stored.plan(&again).unwrap();
        assert_eq!(read, solved.plan, "plan {number}");
        assert_eq!(check_plan(&again, &read).discrepancies, [], "plan {number}");
        seen += read.routes().len();
    }
    eprintln!("round trip: 1,000 plans, {seen} routes, all as they were");
    assert!(seen > 1_000);
}
