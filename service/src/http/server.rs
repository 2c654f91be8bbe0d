//! Listening, maintenance in the background, and stopping in good order.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::access::App;
use super::connections::{self, stopped};
use super::{documents, metrics};
use crate::error::Error;

/// How often keys, counts and checkpoints are looked after.
const MAINTENANCE: Duration = Duration::from_secs(30);

/// Serves until a signal to stop; then accepts no new requests, answers pending ones, returns jobs to the queue, and
/// ends.
pub(crate) async fn serve(app: App, listeners: (TcpListener, TcpListener), stop: watch::Receiver<bool>) {
    let (public, private) = listeners;
    let mut tasks = tokio::task::JoinSet::new();
    app.work(&mut tasks, &stop);
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
    app.ledger.store.close().await;
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
    // Addresses and users that have not been seen lately need no memory.
    app.addresses.retain_recent();
    app.addresses.shrink_to_fit();
    app.positions.retain_recent();
    app.positions.shrink_to_fit();
    app.users.retain_recent();
    app.users.shrink_to_fit();
    if let Some(figures) = &app.metrics {
        // Durations are gathered one by one until they are added up: also where nobody asks for them.
        figures.run_upkeep();
    }
    app.maintain().await
}
