//! Traces: what a request, a piece of work in the background or a call of a provider was made of, as spans that a collector of
//! OpenTelemetry shows. They hold names, patterns and ids; never a value, a query, a header or a body.
//!
//! Spans are written here in any case, and cost next to nothing while nobody listens. Who listens is behind the feature
//! `otlp`. Log and traces do not see each other's spans: these have a target of their own.

#[cfg(feature = "otlp")]
mod collector;
#[cfg(feature = "otlp")]
mod otlp;
#[cfg(feature = "otlp")]
mod queue;
#[cfg(feature = "otlp")]
mod statements;

use std::time::Duration;

use axum::http::HeaderMap;
use tracing::Span;
use tracing_subscriber::{Layer, Registry};

use crate::config::{Config, ConfigError};

/// The target of spans that are for traces alone; in macros it must be written out.
pub(crate) const TARGET: &str = "traces";

/// What takes part in the subscriber to hear of spans.
pub(crate) type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Traces, while they are sent. What waits is sent when this goes, unless that takes long.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    #[cfg(feature = "otlp")]
    provider: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Starts to send traces, if the settings name a collector. `statements` is the target under which the database library tells of
/// statements.
///
/// # Errors
///
/// [`ConfigError::Range`] with what is wrong with the settings.
pub(crate) fn start(config: &Config, statements: &'static str) -> Result<(Option<Listener>, Sending), ConfigError> {
    let Some(endpoint) = &config.traces.endpoint else { return Ok((None, Sending::default())) };
    #[cfg(feature = "otlp")]
    return otlp::start(endpoint, config, statements).map_err(ConfigError::Range);
    #[cfg(not(feature = "otlp"))]
    let _ = statements;
    #[cfg(not(feature = "otlp"))]
    Err(ConfigError::Range(format!(
        "traces.endpoint is {endpoint}: this program was compiled without the feature `otlp`; leave it out, or compile with it"
    )))
}

impl Drop for Sending {
    fn drop(&mut self) {
        #[cfg(feature = "otlp")]
        if let Some(provider) = self.provider.take() {
            otlp::stop(&provider);
        }
    }
}

/// Spans so far, by what became of them: `sent`, `failed` (the collector did not take them) and `dropped` (too many waited).
/// None: traces are not sent.
pub(crate) fn counts() -> Option<[(&'static str, u64); 3]> {
    #[cfg(feature = "otlp")]
    return queue::counts();
    #[cfg(not(feature = "otlp"))]
    None
}

/// A request: the caller's trace goes on if the header `traceparent` names one.
pub(crate) fn request(headers: &HeaderMap, id: &str, method: &str, path: &str) -> Span {
    let span = tracing::info_span!(
        target: "traces",
        parent: None,
        "request",
        otel.name = format!("{method} {path}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = path,
        http.response.status_code = tracing::field::Empty,
        request.id = id,
    );
    #[cfg(feature = "otlp")]
    otlp::continue_from(&span, headers);
    #[cfg(not(feature = "otlp"))]
    let _ = headers;
    span
}

/// How a request ended: an error is one of the service's own.
pub(crate) fn answered(span: &Span, status: u16) {
    // Signed: other numbers arrive as texts.
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A use case, within what asks for it.
pub(crate) fn operation(name: &'static str) -> Span {
    tracing::info_span!(
        target: "traces",
        "operation",
        otel.name = name,
        otel.status_code = tracing::field::Empty,
        ended = tracing::field::Empty,
        tries = tracing::field::Empty,
    )
}

/// How a use case ended, and how often it was tried.
pub(crate) fn operated(span: &Span, ended: &'static str, tries: u32) {
    span.record("ended", ended).record("tries", i64::from(tries));
    if ["failed", "unavailable"].contains(&ended) {
        span.record("otel.status_code", "ERROR");
    }
}

/// Work that waited in a queue: a trace of its own, linked to what asked for it.
pub(crate) fn work(kind: &'static str, id: &str, asked_by: Option<&str>) -> Span {
    let span = tracing::info_span!(
        target: "traces",
        parent: None,
        "work",
        otel.name = kind,
        otel.kind = "consumer",
        otel.status_code = tracing::field::Empty,
        id,
        ended = tracing::field::Empty,
    );
    #[cfg(feature = "otlp")]
    otlp::link(&span, asked_by);
    #[cfg(not(feature = "otlp"))]
    let _ = asked_by;
    span
}

/// How the work ended within which this is called.
pub(crate) fn ended(span: &Span, word: &'static str) {
    span.record("ended", word);
    if word == "failed" {
        span.record("otel.status_code", "ERROR");
    }
}

/// A call of a provider, within what asks for it.
pub(crate) fn call(provider: &'static str) -> Span {
    tracing::info_span!(
        target: "traces",
        "call",
        otel.name = provider,
        otel.kind = "client",
        otel.status_code = tracing::field::Empty,
    )
}

/// An attempt of a call, within the call.
pub(crate) fn attempted(call: &'static str, outcome: &'static str, took: Duration) {
    tracing::info!(target: "traces", call, outcome, seconds = took.as_secs_f64(), "attempt");
}

/// Where this is called: trace and span, as in the header `traceparent`. None where nothing is traced.
pub(crate) fn current() -> Option<String> {
    #[cfg(feature = "otlp")]
    return otlp::current();
    #[cfg(not(feature = "otlp"))]
    None
}
