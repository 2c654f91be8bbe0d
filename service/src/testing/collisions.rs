//! Two transactions that meet. `SQLite` has one writer at a time, so that none do.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::world::World;
use crate::error::Error;
use crate::operations::{Operation, watched};
use crate::storage::Accounts as _;

/// Holds two organisations, one after the other, long enough that whoever does it the other way round has begun, too.
async fn hold(world: &World, orgs: [&str; 2], tries: &AtomicU32) -> Result<Option<()>, Error> {
    tries.fetch_add(1, Ordering::Relaxed);
    let mut change = world.app.ledger.begin().await?;
    change.hold_organisation(orgs[0]).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    change.hold_organisation(orgs[1]).await?;
    change.commit().await?;
    Ok(Some(()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
async fn who_is_turned_away_comes_again() {
    let world = World::postgres().await;
    let mut orgs = Vec::new();
    for name in ["ada", "eve"] {
        let founder = world.founder(name).await;
        orgs.push(world.get(&founder, "/v1/me").await.expect(200)["organisation"].as_str().unwrap().to_owned());
    }
    let (one, other) = ([orgs[0].as_str(), &orgs[1]], [orgs[1].as_str(), &orgs[0]]);
    // As it is, one of the two fails.
    let tries = AtomicU32::new(0);
    let ended = futures_util::future::join(hold(&world, one, &tries), hold(&world, other, &tries)).await;
    let failed: Vec<Error> = [ended.0, ended.1].into_iter().filter_map(Result::err).collect();
    assert!(failed.len() == 1 && failed[0].is_collision(), "{failed:?}");
    // Watched, both succeed.
    let tries = AtomicU32::new(0);
    let ended = futures_util::future::join(
        watched(Operation::Update, || hold(&world, one, &tries)),
        watched(Operation::Update, || hold(&world, other, &tries)),
    )
    .await;
    assert!(ended.0.is_ok() && ended.1.is_ok(), "{ended:?}");
    assert!(tries.load(Ordering::Relaxed) > 2);
}
