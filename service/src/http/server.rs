//! Listening, maintenance in the background, and stopping in good order.

use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::access::App;
use super::connections::{self, stopped};
use super::{documents, metrics};
use crate::audit;
use crate::auth::sessions;
use crate::error::Error;
use crate::networks::{self, Preparer};
use crate::planning::Worker;

/// How often keys, counts and checkpoints are looked after.
const MAINTENANCE: Duration = Duration::from_secs(30);

/// Serves until a signal to stop; then accepts no new requests, answers pending ones, returns jobs to the queue, and
/// ends.
pub(crate) async fn serve(app: App, listeners: (TcpListener, TcpListener), stop: watch::Receiver<bool>) {
    let (public, private) = listeners;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..app.config.planning.workers {
        let worker = Worker {
            store: app.desk.store.clone(),
            ring: app.desk.ring.clone(),
            clock: app.clock.clone(),
            settings: app.config.planning.clone(),
            shelf: app.shelf.clone(),
            wake: app.wake.clone(),
        };
        tasks.spawn(worker.run(stop.clone()));
    }
    for _ in 0..app.config.networks.workers {
        let preparer = Preparer {
            store: app.desk.store.clone(),
            ring: app.desk.ring.clone(),
            clock: app.clock.clone(),
            folder: app.shelf.folder().clone(),
            settings: app.config.networks.clone(),
            lease_seconds: app.config.planning.lease_seconds,
            wake: app.wake_preparers.clone(),
        };
        tasks.spawn(preparer.run(stop.clone()));
    }
    tasks.spawn(maintain(app.clone(), stop.clone()));
    let figures = axum::serve(private, metrics::router(app.clone())).with_graceful_shutdown(stopped(stop.clone()));
    tasks.spawn(async move {
        if let Err(error) = figures.await {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    let (ending, streams) = (stopped(stop.clone()), app.streams.clone());
    tasks.spawn(async move {
        ending.await;
        streams.end();
    });
    let serving = connections::serve(public, documents::router(app.clone()), &app.config, stop.clone());
    let longest = Duration::from_secs(app.config.limits.shutdown_seconds);
    let over = async {
        stopped(stop).await;
        tokio::time::sleep(longest).await;
    };
    tokio::select! {
        () = serving => {}
        () = over => tracing::warn!("some requests did not end in time"),
    }
    let _ = tokio::time::timeout(longest, async { while tasks.join_next().await.is_some() {} }).await;
    app.desk.store.close().await;
}

async fn maintain(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = maintain_once(&app).await {
            tracing::warn!(%error, "maintenance was put off");
        }
        tokio::select! {
            () = tokio::time::sleep(MAINTENANCE) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn maintain_once(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let desk = &app.desk;
    // Addresses and users that have not been seen lately need no memory.
    app.addresses.retain_recent();
    app.addresses.shrink_to_fit();
    app.users.retain_recent();
    app.users.shrink_to_fit();
    desk.ring.reload(&mut *desk.store.connection().await?).await?;
    desk.tokens.maintain(&desk.store, &desk.ring, now, false).await?;
    let mut tx = desk.store.begin().await?;
    sessions::sweep(&mut tx, now).await?;
    tx.commit().await?;
    sweep_networks(app).await?;
    audit::append_if_due(&mut *desk.store.connection().await?, &app.config.data, now).await?;
    Ok(())
}

/// Removes versions of networks that were replaced, and files that belong to none.
pub(crate) async fn sweep_networks(app: &App) -> Result<(), Error> {
    let (gone, known) = networks::sweep(&app.desk.store).await?;
    for (_, id) in &gone {
        app.shelf.forget(id).await;
    }
    let folder = app.shelf.folder().clone();
    let swept = tokio::task::spawn_blocking(move || {
        for (org, id) in &gone {
            folder.remove(org, id);
        }
        folder.sweep(&known.into_iter().collect(), SystemTime::now());
    });
    if swept.await.is_err() {
        tracing::warn!("files of networks could not be looked after");
    }
    Ok(())
}
