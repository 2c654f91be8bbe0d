//! Connections: how many there may be, how long a request's head may take, and their end when the service stops.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service as _;

use super::shares::Shares;
use crate::auth::throttle;
use crate::config::Config;

/// How long a connection that was just accepted has to send its request, once the service stops.
const SETTLING: Duration = Duration::from_millis(250);
/// How long nothing is accepted where the system refuses: for want of files, say.
const PAUSE: Duration = Duration::from_millis(500);

/// Accepts connections until the service stops; then lets the requests end that are under way.
pub(super) async fn serve(listener: TcpListener, router: Router, config: &Config, stop: watch::Receiver<bool>) {
    let limits = &config.limits;
    let shares = Shares::new(limits.connections, limits.connections_per_address);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(limits.head_seconds));
    let http = Arc::new(http);
    let (settled, end) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopped(stop.clone()) => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                let gone = [ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset, ErrorKind::ConnectionRefused];
                if !gone.contains(&error.kind()) {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
        };
        let is_ours = config.trusted_proxies.contains(&peer.ip().to_canonical());
        let Ok(share) = shares.take((!is_ours).then(|| throttle::network(peer.ip()))) else {
            metrics::counter!("milkrun_connections_refused_total").increment(1);
            continue;
        };
        // Answers go out at once; without it they are only slower.
        let _ = stream.set_nodelay(true);
        let (http, router, end) = (http.clone(), router.clone(), end.clone());
        connections.spawn(async move {
            handle(&http, stream, peer, router, end).await;
            drop(share);
        });
    }
    drop(listener);
    // An idle connection is closed at once: one that was just accepted would lose the request that is on its way.
    tokio::time::sleep(SETTLING).await;
    settled.send_replace(true);
    while connections.join_next().await.is_some() {}
}

/// Serves one connection; after `end`, no further request of it.
async fn handle(
    http: &http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    end: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    // Whoever hangs up or is too slow is no fault of the service.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopped(end) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Waits for a signal to stop.
pub(super) async fn stopped(mut stop: watch::Receiver<bool>) {
    // A sender that is gone says the same.
    let _ = stop.wait_for(|stop| *stop).await;
}
