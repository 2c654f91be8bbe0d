//! Figures for Prometheus, on a port of their own.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::access::App;
use crate::storage::{DayFigures as _, Inventory as _, Outbox as _, Persons as _, forecasts, jobs, networks, outbox};
use crate::{logging, traces};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts to collect; once for the process.
pub(crate) fn install() -> Option<PrometheusHandle> {
    let start = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let handle = metrics::set_global_recorder(recorder).ok().map(|()| handle)?;
        // What seldom happens is told from the start: a figure that begins with one has never risen.
        metrics::counter!("milkrun_passkey_counter_regressions_total").increment(0);
        metrics::counter!("milkrun_sign_ins_total", "outcome" => "blocked").increment(0);
        Some(handle)
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
    for (ended, spans) in traces::counts().into_iter().flatten() {
        metrics::counter!("milkrun_trace_spans_total", "ended" => ended).absolute(spans);
    }
    let (size, idle) = app.desk.store.pool_size();
    metrics::gauge!("milkrun_database_connections").set(f64::from(size));
    metrics::gauge!("milkrun_database_connections_idle").set(idle as f64);
    for (queue, waiting, busy) in [
        (jobs::QUEUE, "milkrun_jobs_queued", "milkrun_jobs_running"),
        (networks::QUEUE, "milkrun_networks_queued", "milkrun_networks_preparing"),
        (forecasts::QUEUE, "milkrun_forecast_runs_queued", "milkrun_forecast_runs_running"),
    ] {
        if let Ok((waits, works)) = queue.length(&app.desk.store).await {
            metrics::gauge!(waiting).set(waits as f64);
            metrics::gauge!(busy).set(works as f64);
        }
    }
    if let Ok(mut connection) = app.ledger.connection().await
        && let Ok(days) = connection.count_changed_days().await
    {
        metrics::gauge!("milkrun_days_to_refresh").set(days as f64);
    }
    if let Ok((queued, sending)) = outbox::QUEUE.length(&app.ledger.store).await
        && let Ok(mut connection) = app.ledger.connection().await
        && let Ok(dead) = connection.count_dead().await
    {
        for (state, rows) in [("queued", queued), ("sending", sending), ("dead", dead)] {
            metrics::gauge!("milkrun_outbox_rows", "state" => state).set(rows as f64);
        }
    }
    metrics::gauge!("milkrun_ready").set(f64::from(u8::from(app.ledger.store.is_ready().await)));
    if let Ok(mut connection) = app.ledger.connection().await {
        if let Ok(waiting) = connection.count_unscrubbed().await {
            metrics::gauge!("milkrun_erasures_unscrubbed").set(waiting as f64);
        }
        if let Ok(at) = connection.backed_up_at().await {
            metrics::gauge!("milkrun_backup_made_seconds").set(at as f64 / 1_000.0);
        }
    }
    for ((provider, state), count) in app.hub.breakers() {
        metrics::gauge!("milkrun_provider_breakers", "provider" => provider, "state" => state).set(f64::from(count));
    }
    app.metrics
        .as_ref()
        .map(|handle| {
            handle.run_upkeep();
            handle.render()
        })
        .unwrap_or_default()
}
