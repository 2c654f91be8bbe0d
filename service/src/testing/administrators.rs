//! The last administrator, and who may change what.

use serde_json::{Value, json};

use super::over_both_stores;
use super::world::{Actor, World};
use crate::auth::roles::PERMISSIONS;
use crate::auth::{Refusal, users};

over_both_stores!(
    the_last_administrator_stays,
    two_administrators_cannot_both_go,
    an_organisation_is_restored,
    nobody_takes_away_what_they_do_not_have,
);

async fn patch(world: &World, actor: &Actor, id: &str, body: Value) -> super::world::Answer {
    world.send(Some(&actor.access), "PATCH", &format!("/v1/users/{id}"), Some(body)).await
}

/// A manager of users who may not do everything is no administrator.
async fn the_last_administrator_stays(world: World) {
    let admin = world.founder("ada").await;
    let body = json!({"name": "staff", "permissions": ["users:manage", "fleet:read", "plans:read"]});
    world.post(&admin, "/v1/roles", body).await.expect(201);
    world.member(&admin, "carl", "staff").await;
    let (own, staff) = (world.id(&admin).await, world.role(&admin, "staff").await);
    for body in [json!({"roles": [staff]}), json!({"roles": []}), json!({"status": "disabled"})] {
        let refused = patch(&world, &admin, &own, body).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "not_allowed"), "{}", refused.text);
    }
    let second = world.member(&admin, "bea", "admin").await;
    patch(&world, &admin, &own, json!({"roles": [staff]})).await.expect(200);
    // Now she is the last one.
    let id = world.id(&second).await;
    assert_eq!(patch(&world, &second, &id, json!({"status": "disabled"})).await.code(), "not_allowed");
}

async fn two_administrators_cannot_both_go(world: World) {
    let ada = world.founder("ada").await;
    let bea = world.member(&ada, "bea", "admin").await;
    let (first, second) = (world.id(&ada).await, world.id(&bea).await);
    for round in 0..10 {
        let ways = tokio::join!(
            patch(&world, &ada, &first, json!({"roles": []})),
            patch(&world, &bea, &second, json!({"roles": []})),
        );
        let mut codes = [ways.0.code().to_owned(), ways.1.code().to_owned()];
        codes.sort();
        assert_eq!(codes, ["", "not_allowed"], "{round}");
        let (left, gone) = if ways.0.status.is_success() { (&bea, &first) } else { (&ada, &second) };
        let admin = world.role(left, "admin").await;
        patch(&world, left, gone, json!({"roles": [admin]})).await.expect(200);
    }
}

/// What the interface never allows may have happened before, or in the database: a command mends it, and is logged.
async fn an_organisation_is_restored(world: World) {
    let ada = world.founder("ada").await;
    let (store, ring) = (&world.app.desk.store, &world.app.desk.ring);
    let mut connection = store.connection().await.unwrap();
    for statement in [
        "DELETE FROM user_roles",
        "DELETE FROM role_permissions WHERE permission LIKE 'fleet:%'",
        "UPDATE users SET status = 'disabled'",
        "DELETE FROM roles WHERE name = 'viewer'",
    ] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
    drop(connection);
    assert_eq!(world.get(&ada, "/v1/me").await.status.as_u16(), 401);
    let unknown = users::restore(store, ring, "nobody@example.org", true, world.clock.now()).await;
    assert!(matches!(unknown, Err(Refusal::Missing)));
    let restored = users::restore(store, ring, &ada.email, false, world.clock.now()).await.unwrap();
    assert_eq!((restored.status.as_str(), restored.email.as_str()), ("active", ada.email.as_str()));
    let ada = world.actor(&ada.email).await;
    let permissions = |roles: &Value, name: &str| {
        let role = roles.as_array().unwrap().iter().find(|role| role["name"] == name);
        role.map_or(0, |role| role["permissions"].as_array().unwrap().len())
    };
    let roles = world.get(&ada, "/v1/roles").await.expect(200);
    assert_eq!(
        (permissions(&roles, "admin"), permissions(&roles, "planner"), permissions(&roles, "viewer")),
        (PERMISSIONS.len(), 5, 0)
    );
    users::restore(store, ring, &ada.email, true, world.clock.now()).await.unwrap();
    let roles = world.get(&ada, "/v1/roles").await.expect(200);
    assert_eq!(
        (permissions(&roles, "admin"), permissions(&roles, "planner"), permissions(&roles, "viewer")),
        (PERMISSIONS.len(), 7, 2)
    );
    assert_eq!(world.details("organisation.restored").await, [json!({"roles": false}), json!({"roles": true})]);
}

async fn nobody_takes_away_what_they_do_not_have(world: World) {
    let admin = world.founder("ada").await;
    let body = json!({"name": "clerk", "permissions": ["roles:manage", "users:manage"]});
    world.post(&admin, "/v1/roles", body).await.expect(201);
    let clerk = world.member(&admin, "carl", "clerk").await;
    let change = async |role: &str, permissions: Value| {
        let path = format!("/v1/roles/{}", world.role(&admin, role).await);
        world.send(Some(&clerk.access), "PUT", &path, Some(json!({ "permissions": permissions }))).await
    };
    for role in ["planner", "viewer"] {
        let refused = change(role, json!([])).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (403, "forbidden"), "{}", refused.text);
    }
    change("clerk", json!(["roles:manage"])).await.expect(204);
}
