//! Alternatives of a day: made by a job, compared, chosen.

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World};

over_both_stores!(
    alternatives_are_made_compared_and_chosen,
    a_search_for_alternatives_is_cancelled,
    what_no_front_can_be_is_said,
    an_organisation_keeps_so_many,
);

const DAY: &str = "/v1/days/2026-12-03";

/// Some alternatives, once they are there.
async fn made(world: &World, admin: &Actor, seed: u64) -> Value {
    let body =
        json!({"objectives": ["cost", "makespan"], "points": 4, "iterations": 3_000, "seconds": 30, "seed": seed});
    let asked = world.post(admin, &format!("{DAY}/alternatives"), body).await.expect(202);
    let job = world.ended(admin, asked["job"]["id"].as_str().unwrap()).await;
    assert_eq!((&job["state"], &job["plan_id"]), (&json!("done"), &Value::Null), "{job}");
    world.get(admin, &format!("/v1/alternatives/{}", job["front_id"].as_str().unwrap())).await.expect(200)
}

fn numbers(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect()
}

async fn alternatives_are_made_compared_and_chosen(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 30).await;
    let stop = world.work();
    let found = made(&world, &admin, 1).await;
    let (id, plans) = (found["id"].as_str().unwrap(), found["plans"].as_array().unwrap());
    let points: Vec<Vec<i64>> =
        found["document"]["points"].as_array().unwrap().iter().map(|point| numbers(&point["values"])).collect();
    assert!((2..=4).contains(&points.len()) && plans.len() == points.len(), "{found}");
    for (point, plan) in points.iter().zip(plans) {
        // Each point is a plan like any other, and has the values that are said.
        let of = plan["id"].as_str().unwrap();
        assert_eq!((plan["cost"].as_i64(), &plan["feasible"]), (Some(point[0]), &json!(true)));
        world.get(&admin, &format!("/v1/plans/{of}/geojson")).await.expect(200);
        let document = world.get(&admin, &format!("/v1/plans/{of}")).await.expect(200);
        let ends = document["routes"].as_array().unwrap().iter().map(|route| route["end"].as_i64().unwrap());
        // Of a plan that serves nothing, nothing ends.
        assert_eq!(ends.max().unwrap_or(0), point[1], "{document}");
        // None is better than another.
        assert!(points.iter().filter(|other| other[0] <= point[0] && other[1] <= point[1]).count() == 1, "{points:?}");
    }
    let last = points.len() - 1;
    let compared = world.get(&admin, &format!("/v1/alternatives/{id}/comparison?of=0&with={last}")).await.expect(200);
    assert_eq!(compared["cost"].as_i64(), Some(points[last][0] - points[0][0]));
    let distance = |plan: &Value| plan["distance"].as_i64().unwrap();
    assert_eq!(compared["distance"].as_i64(), Some(distance(&plans[last]) - distance(&plans[0])));
    let same = world.get(&admin, &format!("/v1/alternatives/{id}/comparison?of=1&with=1")).await.expect(200);
    assert_eq!((&same["cost"], &same["moved"]), (&json!(0), &json!([])));
    assert_eq!(world.get(&admin, &format!("/v1/alternatives/{id}/comparison?of=0&with=99")).await.code(), "not_found");
    // The same again is answered from what is stored.
    let body = json!({"objectives": ["cost", "makespan"], "points": 4, "iterations": 3_000, "seconds": 30, "seed": 1});
    let again = world.post(&admin, &format!("{DAY}/alternatives"), body).await.expect(200);
    assert_eq!(again["front_id"], id);

    // One is chosen, and only by who has seen the day's plan.
    let choice = format!("/v1/alternatives/{id}/choice");
    let wrong = world.post(&admin, &choice, json!({"point": 99, "version": 0})).await.expect(422);
    assert_eq!(wrong["faults"][0]["path"], "$.point");
    let chosen = world.post(&admin, &choice, json!({"point": last, "version": 0})).await.expect(200);
    assert_eq!((&chosen["version"], &chosen["plan_id"]), (&json!(1), &plans[last]["id"]));
    assert_eq!(world.get(&admin, DAY).await.expect(200)["plan_id"], plans[last]["id"]);
    assert_eq!(world.post(&admin, &choice, json!({"point": 0, "version": 0})).await.code(), "day_changed");
    let listed = world.get(&admin, &format!("{DAY}/alternatives")).await.expect(200);
    assert_eq!((&listed[0]["chosen"], &listed[0]["chosen_version"]), (&json!(last), &json!(1)));
    let first = format!("/v1/plans/{}", plans[0]["id"].as_str().unwrap());
    assert_eq!(world.delete(&admin, &first).await.code(), "in_use");

    // They go together, but for the plan that the day has.
    world.delete(&admin, &format!("/v1/alternatives/{id}")).await.expect(204);
    assert_eq!(world.get(&admin, &format!("/v1/alternatives/{id}")).await.code(), "not_found");
    assert_eq!(world.get(&admin, &first).await.code(), "not_found");
    assert_eq!((world.count("plans").await, world.count("front_points").await), (1, 0));
    world.get(&admin, &format!("{DAY}/routes")).await.expect(200);
    let audited = world.audited().await;
    for action in ["alternatives.stored", "alternatives.chosen", "alternatives.deleted"] {
        assert!(audited.iter().any(|known| known == action), "{action}");
    }
    stop.send_replace(true);
}

async fn a_search_for_alternatives_is_cancelled(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 40).await;
    let stop = world.work();
    let body = json!({"objectives": ["cost", "distance", "vehicles"], "seconds": 60});
    let asked = world.post(&admin, &format!("{DAY}/alternatives"), body).await.expect(202);
    let id = asked["job"]["id"].as_str().unwrap();
    for _ in 0..200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        if world.get(&admin, &format!("/v1/jobs/{id}")).await.expect(200)["state"] == "running" {
            break;
        }
    }
    let start = std::time::Instant::now();
    world.delete(&admin, &format!("/v1/jobs/{id}")).await.expect(202);
    assert_eq!(world.ended(&admin, id).await["state"], "cancelled");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    assert_eq!((world.count("fronts").await, world.count("plans").await), (0, 0));
    stop.send_replace(true);
}

async fn what_no_front_can_be_is_said(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let faults = async |body: Value| -> Vec<String> {
        let answer = world.post(&admin, &format!("{DAY}/alternatives"), body).await.expect(422);
        let faults = answer["faults"].as_array().unwrap().iter();
        faults.map(|fault| fault["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(faults(json!({"points": 1, "what": 0})).await, ["$.objectives", "$.points", "$.what"]);
    assert_eq!(faults(json!({"objectives": ["cost"]})).await, ["$.objectives"]);
    assert_eq!(
        faults(json!({"objectives": ["cost", "beauty", "cost"], "seed": -1})).await,
        ["$.objectives[1]", "$.objectives[2]", "$.seed"]
    );
    let wrong = json!({"objectives": ["cost", "distance"]});
    world.post(&admin, "/v1/days/today/alternatives", wrong).await.expect(422);
    assert_eq!(world.count("plan_jobs").await, 0);
}

async fn an_organisation_keeps_so_many(world: World) {
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let org = world.get(&admin, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned();
    let mut connection = world.app.ledger.connection().await.unwrap();
    for number in 0..200 {
        sqlx::query(
            "INSERT INTO fronts (id, org_id, name, day, content_key, document, asked_by, created_at)
             VALUES ($1, $2, '', '2026-12-04', $1, '{}', '', 0)",
        )
        .bind(format!("f{number}"))
        .bind(org.clone())
        .execute(&mut *connection)
        .await
        .unwrap();
    }
    drop(connection);
    let body = json!({"objectives": ["cost", "distance"]});
    let full = world.post(&admin, &format!("{DAY}/alternatives"), body.clone()).await;
    assert_eq!((full.status.as_u16(), full.code()), (409, "too_many"));
    world.delete(&admin, "/v1/alternatives/f7").await.expect(204);
    world.post(&admin, &format!("{DAY}/alternatives"), body).await.expect(202);
}
