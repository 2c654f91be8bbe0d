//! The log: JSON lines on standard error, written beside the work. Nobody waits for it, and nothing fails because of it:
//! lines that it does not get rid of are dropped, and counted.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::Subscriber;
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry};

use crate::storage;
use crate::traces::{self, Listener};

/// Lines that wait to be written, at most: a megabyte or two.
const WAITING: usize = 4_000;

/// Lines that could not be written.
static FAILED: AtomicU64 = AtomicU64::new(0);
/// Counts the lines for which there was no room among those that wait.
static BEHIND: OnceLock<ErrorCounter> = OnceLock::new();

/// The log, while it is written. What waits is written when it goes, unless that takes long.
pub(crate) struct Log(Option<WorkerGuard>);

impl Drop for Log {
    fn drop(&mut self) {
        // The library says on standard output that it gave up; where nobody reads that, it panics.
        let guard = self.0.take();
        let _ = std::thread::spawn(move || drop(guard)).join();
    }
}

/// Starts the log, beside which traces may be listened to.
pub(crate) fn start(filter: &str, traces: Option<Listener>) -> Log {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING);
    let (writer, guard) = builder.finish(Counted(io::stderr()));
    let _ = BEHIND.set(writer.error_counter());
    // A second subscriber in one process (tests) is no fault. A layer within an option would not hear of its registration.
    let _ = match traces {
        Some(traces) => registry().with(traces).with(lines(filter, writer)).try_init(),
        None => registry().with(lines(filter, writer)).try_init(),
    };
    // The usual words of a panic go to standard error at once, where they may wait for ever.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a thread panicked");
    }));
    Log(Some(guard))
}

/// What writes the lines.
fn lines<S>(filter: EnvFilter, writer: NonBlocking) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    // Statements may hold what the log must not.
    let is_for_log = |data: &tracing::Metadata<'_>| ![traces::TARGET, storage::STATEMENTS].contains(&data.target());
    let filter = filter.and(filter_fn(is_for_log).with_max_level_hint(LevelFilter::TRACE));
    fmt::layer().json().with_span_list(false).log_internal_errors(false).with_writer(writer).with_filter(filter)
}

/// Lines that were dropped so far: for want of room among those that wait, and because they could not be written.
pub(crate) fn dropped() -> (u64, u64) {
    let behind = BEHIND.get().map_or(0, |counter| counter.dropped_lines() as u64);
    (behind, FAILED.load(Ordering::Relaxed))
}

/// Writes whole lines, and counts those that cannot be written.
struct Counted<W>(W);

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.write_all(line).is_err() {
            FAILED.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // What does not take lines says so when they are written.
        let _ = self.0.flush();
        Ok(())
    }
}
