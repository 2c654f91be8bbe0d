//! What every request passes: its id, limits, headers, measurement, and the log.

use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use super::access::{Address, App};
use super::problem::Problem;
use super::shares::Full;
use crate::auth::throttle;
use crate::traces;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, measures it, and writes one line about it: never a header, a query or a body.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().to_string();
    let method = request.method().as_str().to_owned();
    // The pattern, not the address: an address holds ids, and is whatever the caller makes of it.
    let path = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let start = Instant::now();
    let span = tracing::info_span!("request", id, method, path);
    let trace = traces::request(request.headers(), &id, &method, &path);
    let mut response = next.run(request).instrument(trace.clone()).instrument(span.clone()).await;
    let seconds = start.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    metrics::counter!("milkrun_requests_total", "method" => method, "path" => path.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("milkrun_request_seconds", "path" => path).record(seconds);
    traces::answered(&trace, status);
    span.in_scope(|| tracing::info!(status, seconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Limits by address and in number; what comes on top is turned away at once.
pub(crate) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let longest = Duration::from_secs(app.config.limits.request_seconds);
    within(&app, longest, request, next).await
}

/// The same, with the time that an upload of a network may take.
pub(crate) async fn limit_upload(State(app): State<App>, request: Request, next: Next) -> Response {
    let longest = Duration::from_secs(app.config.networks.upload_seconds);
    within(&app, longest, request, next).await
}

async fn within(app: &App, longest: Duration, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = match Address::from_request_parts(&mut parts, app).await {
        Ok(Address(address)) => address,
        Err(problem) => return problem.into_response(),
    };
    // No name has a zero byte, and one of the databases does not take it.
    if parts.uri.path_and_query().is_some_and(|address| address.as_str().contains("%00")) {
        return Problem::missing().into_response();
    }
    let network = throttle::network(address);
    if app.addresses.check_key(&network).is_err() {
        let text = "too many requests from this address; wait a while";
        return Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text).into_response();
    }
    let slot = match app.slots.take(Some(network)) {
        Ok(slot) => slot,
        Err(Full::All) => {
            let text = "too many simultaneous requests";
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", text).into_response();
        }
        Err(Full::Own) => {
            let text = "too many simultaneous requests from this address";
            return Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text).into_response();
        }
    };
    let answer = tokio::time::timeout(longest, next.run(Request::from_parts(parts, body))).await;
    drop(slot);
    answer.unwrap_or_else(|_| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "the request took too long").into_response()
    })
}

/// Headers that make browsers careful.
pub(crate) async fn protect(request: Request, next: Next) -> Response {
    const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    // The interface's description is drawn by a program that sets styles in place.
    const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                        img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    // Photos are shown before they are sent, and a worker keeps the page where there is no network.
    const DRIVER: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                          connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
                          frame-ancestors 'none'";
    let docs = request.uri().path().starts_with("/docs");
    let driver = request.uri().path().starts_with("/driver");
    let private = request.uri().path().starts_with("/v1/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    let policy = match (docs, driver) {
        (true, _) => DOCS,
        (_, true) => DRIVER,
        _ => PAGE,
    };
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    let geolocation = if driver {
        "geolocation=(self), camera=(), microphone=()"
    } else {
        "geolocation=(), camera=(), microphone=()"
    };
    set(HeaderName::from_static("permissions-policy"), geolocation);
    if private {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The answer to a panic: the process lives on, the caller learns nothing of it.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
pub(crate) fn panicked(payload: Box<dyn std::any::Any + Send>) -> Response {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("unknown"), "a handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the service failed").into_response()
}
