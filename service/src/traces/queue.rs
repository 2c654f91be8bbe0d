//! The spans that wait to be sent: so many at most, and what becomes of each is counted.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};

/// Spans that are sent together.
const BATCH: usize = 512;
/// The longest time that a span waits for others.
const DELAY: Duration = Duration::from_secs(2);

/// The counts of the process.
static COUNTS: OnceLock<Arc<Counts>> = OnceLock::new();

/// What became of spans.
#[derive(Debug, Default)]
pub(super) struct Counts {
    waiting: AtomicUsize,
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

/// Spans so far, by what became of them.
pub(super) fn counts() -> Option<[(&'static str, u64); 3]> {
    let counts = COUNTS.get()?;
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    Some([("sent", of(&counts.sent)), ("failed", of(&counts.failed)), ("dropped", of(&counts.dropped))])
}

/// A queue of at most `most` spans before an exporter, which works on a thread of its own.
pub(super) fn before<E: SpanExporter + 'static>(exporter: E, most: usize) -> impl SpanProcessor {
    let counts = COUNTS.get_or_init(Arc::default).clone();
    queue(exporter, most, counts)
}

fn queue<E: SpanExporter + 'static>(exporter: E, most: usize, counts: Arc<Counts>) -> Queue {
    let batch = BatchConfigBuilder::default()
        .with_max_queue_size(most)
        .with_max_export_batch_size(BATCH.min(most))
        .with_scheduled_delay(DELAY);
    let counted = Counted { exporter, counts: counts.clone() };
    let inner = BatchSpanProcessor::builder(counted).with_batch_config(batch.build()).build();
    Queue { inner, most, counts }
}

/// Takes spans as long as there is room. The library's queue drops what is too much by itself, but tells nobody.
#[derive(Debug)]
struct Queue {
    inner: BatchSpanProcessor,
    most: usize,
    counts: Arc<Counts>,
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        if self.counts.waiting.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.counts.waiting.fetch_sub(1, Ordering::Relaxed);
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.inner.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// Counts what an exporter is given. Spans wait until it has ended: those under way take room, too.
#[derive(Debug)]
struct Counted<E> {
    exporter: E,
    counts: Arc<Counts>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let ended = self.exporter.export(batch).await;
        self.counts.waiting.fetch_sub(spans, Ordering::Relaxed);
        let count = match &ended {
            Ok(()) => &self.counts.sent,
            Err(error) => {
                tracing::warn!(%error, spans, "the collector did not take traces");
                &self.counts.failed
            }
        };
        count.fetch_add(spans as u64, Ordering::Relaxed);
        ended
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Instant;

    use opentelemetry::trace::{Tracer as _, TracerProvider as _};
    use opentelemetry_sdk::error::OTelSdkError;
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    /// Each batch ends as the test says, and not before.
    #[derive(Debug)]
    struct Slow(Mutex<Receiver<bool>>);

    impl SpanExporter for Slow {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            let is_taken = self.0.lock().unwrap().recv().unwrap_or(false);
            if is_taken { Ok(()) } else { Err(OTelSdkError::InternalFailure("no".to_owned())) }
        }
    }

    #[test]
    fn what_has_no_room_is_dropped_and_counted() {
        const MOST: usize = 10;
        let (go, gate) = channel();
        let counts = Arc::new(Counts::default());
        let processor = queue(Slow(Mutex::new(gate)), MOST, counts.clone());
        let provider = SdkTracerProvider::builder().with_span_processor(processor).build();
        let tracer = provider.tracer("test");
        let start = Instant::now();
        for _ in 0..25 {
            tracer.start("span");
        }
        assert!(start.elapsed() < DELAY, "nothing waits for the exporter");
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        assert_eq!((of(&counts.dropped), of(&counts.sent)), (15, 0));
        go.send(true).unwrap();
        provider.force_flush().unwrap();
        assert_eq!((of(&counts.dropped), of(&counts.sent), of(&counts.failed)), (15, 10, 0));
        for _ in 0..3 {
            tracer.start("span");
        }
        go.send(false).unwrap();
        assert!(provider.force_flush().is_err());
        assert_eq!((of(&counts.dropped), of(&counts.sent), of(&counts.failed)), (15, 10, 3));
        assert_eq!(counts.waiting.load(Ordering::Relaxed), 0);
    }
}
