//! Traces to a collector by OTLP over HTTP, and the header by which they go on from one program to the next.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{
    Link, SpanContext, SpanKind, TraceContextExt as _, TraceId, TraceState, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample};
use tracing::level_filters::LevelFilter;
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;

use super::collector::Collector;
use super::statements::Statements;
use super::{Listener, Sending, TARGET, queue};
use crate::config::Config;

/// The longest time that what waits is sent for, when the service stops.
const LAST: Duration = Duration::from_secs(3);

/// Starts to send traces to a collector; gives what is wrong with the settings otherwise.
pub(super) fn start(
    endpoint: &str,
    config: &Config,
    target: &'static str,
) -> Result<(Option<Listener>, Sending), String> {
    let settings = &config.traces;
    let longest = Duration::from_secs(settings.timeout_seconds);
    let collector = Collector::new(endpoint, settings.authorization.clone(), longest).map_err(|e| e.to_string())?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(collector)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .with_timeout(longest)
        .build()
        .map_err(|error| format!("traces.endpoint is {endpoint}: {error}"))?;
    let resource = Resource::builder_empty()
        .with_service_name("milkrun-service")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.instance.id", uuid::Uuid::new_v4().to_string()));
    let provider = SdkTracerProvider::builder()
        .with_resource(resource.build())
        .with_sampler(Share(Sampler::TraceIdRatioBased(f64::from(settings.percent) / 100.0)))
        .with_span_processor(queue::before(exporter, settings.queue))
        .build();
    let tracer = provider.tracer("milkrun-service");
    // Of other targets, what goes wrong is told within the span in which it does.
    let is_ours = |data: &tracing::Metadata<'_>| {
        let is_fault = || data.target().starts_with(env!("CARGO_CRATE_NAME")) && *data.level() <= Level::WARN;
        data.target() == TARGET || (data.is_event() && is_fault())
    };
    let spans = tracing_opentelemetry::layer()
        .with_tracer(tracer.clone())
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_filter(filter_fn(is_ours).with_max_level_hint(LevelFilter::INFO));
    let is_statement = move |data: &tracing::Metadata<'_>| [TARGET, target].contains(&data.target());
    let system = if config.database_url().starts_with("sqlite:") { "sqlite" } else { "postgresql" };
    let statements = Statements::new(tracer, system, target)
        .with_filter(filter_fn(is_statement).with_max_level_hint(LevelFilter::DEBUG));
    Ok((Some(Box::new(spans.and_then(statements))), Sending { provider: Some(provider) }))
}

/// Sends what waits, unless that takes long, and nothing more.
pub(super) fn stop(provider: &SdkTracerProvider) {
    if let Err(error) = provider.shutdown_with_timeout(LAST) {
        tracing::warn!(%error, "the last traces may not have been sent");
    }
}

/// Has a span go on from what the header `traceparent` names.
pub(super) fn continue_from(span: &Span, headers: &HeaderMap) {
    if span.is_disabled() {
        return;
    }
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
    if parent.span().span_context().is_valid() {
        // It has just been made, so it has not started.
        let _ = span.set_parent(parent);
    }
}

/// Links a span to another one.
pub(super) fn link(span: &Span, to: Option<&str>) {
    if let Some(context) = to.filter(|_| !span.is_disabled()).and_then(parse) {
        span.add_link(context);
    }
}

/// The span within which this is called, if it is recorded.
pub(super) fn current() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let of = span.span_context();
    (of.is_valid() && of.is_sampled()).then(|| format!("00-{}-{}-01", of.trace_id(), of.span_id()))
}

fn parse(text: &str) -> Option<SpanContext> {
    let carrier = HashMap::from([("traceparent".to_owned(), text.to_owned())]);
    let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
    let found = context.span().span_context().clone();
    found.is_valid().then_some(found)
}

/// Which traces are recorded: a share of them, decided by their ids. A caller may name a trace but not have it recorded: it is
/// anybody. Within the process, whatever belongs to a recorded span is recorded, and so is the work that it asked for.
#[derive(Clone, Debug)]
struct Share(Sampler);

impl ShouldSample for Share {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let around = parent.map(|context| context.span().span_context().clone()).filter(SpanContext::is_valid);
        let state = around.as_ref().map_or_else(TraceState::default, |span| span.trace_state().clone());
        let is_recorded = match around.filter(|span| !span.is_remote()) {
            Some(span) => Some(span.is_sampled()),
            None => links.iter().any(|link| link.span_context.is_sampled()).then_some(true),
        };
        match is_recorded {
            Some(true) => result(SamplingDecision::RecordAndSample, state),
            Some(false) => result(SamplingDecision::Drop, state),
            None => {
                let decided = self.0.should_sample(None, trace, name, kind, attributes, links);
                result(decided.decision, state)
            }
        }
    }
}

fn result(decision: SamplingDecision, trace_state: TraceState) -> SamplingResult {
    SamplingResult { decision, attributes: Vec::new(), trace_state }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags};

    use super::*;
    use crate::config::Secret;

    fn context(is_sampled: bool, is_remote: bool) -> SpanContext {
        let flags = if is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        SpanContext::new(TraceId::from(7), SpanId::from(9), flags, is_remote, TraceState::default())
    }

    fn is_recorded(share: f64, parent: Option<SpanContext>, link: Option<SpanContext>) -> bool {
        let parent = parent.map(|span| Context::new().with_remote_span_context(span));
        let links: Vec<Link> = link.into_iter().map(|span| Link::new(span, Vec::new(), 0)).collect();
        let sampler = Share(Sampler::TraceIdRatioBased(share));
        let decided =
            sampler.should_sample(parent.as_ref(), TraceId::from(7), "request", &SpanKind::Server, &[], &links);
        decided.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn a_caller_does_not_decide_what_is_recorded() {
        assert!(!is_recorded(0.0, Some(context(true, true)), None));
        assert!(is_recorded(1.0, Some(context(false, true)), None));
        assert!(is_recorded(0.0, Some(context(true, false)), None), "what belongs to a recorded span");
        assert!(!is_recorded(1.0, Some(context(false, false)), None));
        assert!(is_recorded(0.0, None, Some(context(true, true))), "what it asked for");
        assert!(!is_recorded(0.0, None, Some(context(false, true))));
    }

    #[test]
    fn links_are_read_back() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let found = parse(text).unwrap();
        assert_eq!(format!("00-{}-{}-01", found.trace_id(), found.span_id()), text);
        assert!(found.is_sampled());
        for wrong in ["", "00-x-y-01", "00-00000000000000000000000000000000-b7ad6b7169203331-01"] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn settings_that_cannot_be_used_say_so() {
        let of = |endpoint: &str, authorization: Option<&str>| {
            let mut config = Config::default();
            config.traces.authorization = authorization.map(|text| Secret(text.to_owned()));
            start(endpoint, &config, "statements").map(|_| ()).unwrap_err()
        };
        assert!(of("collector:4318", None).contains("http://"));
        assert!(of("http://collector:4318", Some("Bearer x")).contains("collector"));
        assert!(!of("http://collector:4318", Some("Bearer x")).contains("Bearer"), "no secret in an error");
    }
}
