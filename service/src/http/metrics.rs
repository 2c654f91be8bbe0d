//! Figures for Prometheus, on a port of their own.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::access::App;
use crate::logging;
use crate::networks;
use crate::planning::jobs;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts to collect; once for the process.
pub(crate) fn install() -> Option<PrometheusHandle> {
    let start = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok().map(|()| handle)
    };
    HANDLE.get_or_init(start).clone()
}

/// What the private port serves.
pub(crate) fn router(app: App) -> Router {
    Router::new().route("/metrics", get(render)).with_state(app)
}

async fn render(State(app): State<App>) -> String {
    let (behind, failed) = logging::dropped();
    for (why, lines) in [("behind", behind), ("failed", failed)] {
        metrics::counter!("milkrun_log_lines_dropped_total", "why" => why).absolute(lines);
    }
    let (size, idle) = app.desk.store.pool_size();
    metrics::gauge!("milkrun_database_connections").set(f64::from(size));
    metrics::gauge!("milkrun_database_connections_idle").set(idle as f64);
    if let Ok(mut connection) = app.desk.store.connection().await
        && let Ok((queued, running)) = jobs::QUEUE.length(&mut connection).await
    {
        metrics::gauge!("milkrun_jobs_queued").set(queued as f64);
        metrics::gauge!("milkrun_jobs_running").set(running as f64);
    }
    if let Ok(mut connection) = app.desk.store.connection().await
        && let Ok((queued, preparing)) = networks::QUEUE.length(&mut connection).await
    {
        metrics::gauge!("milkrun_networks_queued").set(queued as f64);
        metrics::gauge!("milkrun_networks_preparing").set(preparing as f64);
    }
    app.metrics
        .as_ref()
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}
