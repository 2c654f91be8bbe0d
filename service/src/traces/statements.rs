//! Statements of the database as spans: the verb and the table of each, how long it took and how many rows it gave. What the
//! database library tells of a statement has no values, which are bound; its text stays here all the same.

use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry_sdk::trace::SdkTracer;
use tracing::dispatcher::WeakDispatch;
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Makes spans of what the database library tells, below the span within which a statement ran.
#[derive(Debug)]
pub(super) struct Statements {
    tracer: SdkTracer,
    system: &'static str,
    /// The target under which the database library tells of statements.
    target: &'static str,
    dispatch: OnceLock<WeakDispatch>,
}

impl Statements {
    /// Of a database, `sqlite` or `postgresql`.
    pub(super) fn new(tracer: SdkTracer, system: &'static str, target: &'static str) -> Self {
        Self { tracer, system, target, dispatch: OnceLock::new() }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Statements {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        let _ = self.dispatch.set(subscriber.downgrade());
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if event.metadata().target() != self.target {
            return;
        }
        let Some(around) = context.lookup_current().map(|span| span.id()) else { return };
        let Some(dispatch) = self.dispatch.get().and_then(WeakDispatch::upgrade) else { return };
        let Some(parent) = tracing_opentelemetry::get_otel_context(&around, &dispatch) else { return };
        if !parent.span().span_context().is_sampled() {
            return;
        }
        let mut told = Told::default();
        event.record(&mut told);
        let (verb, table) = named(if told.statement.trim().is_empty() { &told.summary } else { &told.statement });
        let name = table.as_ref().map_or_else(|| verb.clone(), |table| format!("{verb} {table}"));
        let end = SystemTime::now();
        let mut attributes = vec![
            KeyValue::new("db.system.name", self.system),
            KeyValue::new("db.operation.name", verb),
            KeyValue::new("db.response.returned_rows", told.rows),
        ];
        attributes.extend(table.map(|table| KeyValue::new("db.collection.name", table)));
        let span = self.tracer.span_builder(name).with_kind(SpanKind::Client).with_attributes(attributes);
        let start = end.checked_sub(told.took).unwrap_or(end);
        span.with_start_time(start).start_with_context(&self.tracer, &parent).end_with_timestamp(end);
    }
}

/// What is told of a statement.
#[derive(Debug, Default)]
struct Told {
    summary: String,
    statement: String,
    took: Duration,
    rows: i64,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.took = Duration::try_from_secs_f64(value).unwrap_or_default();
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = i64::try_from(value).unwrap_or(i64::MAX);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// The verb of a statement, and the first table that it names: words of letters and `_` alone, so that no value is among them.
fn named(statement: &str) -> (String, Option<String>) {
    let is_name = |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let mut words = statement.split(|c: char| c.is_whitespace() || "(),;".contains(c)).filter(|word| !word.is_empty());
    let verb = words.next().filter(is_name).map_or_else(|| "statement".to_owned(), str::to_ascii_uppercase);
    if verb == "UPDATE" {
        return (verb, words.next().filter(is_name).map(str::to_owned));
    }
    let after = words.find(|word| ["FROM", "INTO", "UPDATE", "TABLE"].contains(&word.to_ascii_uppercase().as_str()));
    (verb, after.and_then(|_| words.next()).filter(is_name).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn verb_and_table_and_nothing_else() {
        let cases = [
            ("SELECT id, name FROM plan_jobs WHERE org_id = $1", "SELECT", Some("plan_jobs")),
            ("INSERT INTO plan_jobs (id) VALUES ($1)", "INSERT", Some("plan_jobs")),
            ("UPDATE outbox SET state = 'sending' WHERE id = (SELECT id FROM outbox)", "UPDATE", Some("outbox")),
            ("DELETE FROM readings\n WHERE at < $1", "DELETE", Some("readings")),
            ("BEGIN IMMEDIATE", "BEGIN", None),
            ("SELECT code FROM bins_within($1, $2)", "SELECT", Some("bins_within")),
            ("SELECT 'secret'", "SELECT", None),
            ("SELECT 1 FROM 'secret'", "SELECT", None),
            ("'secret'", "statement", None),
            ("", "statement", None),
        ];
        for (statement, verb, table) in cases {
            assert_eq!(named(statement), (verb.to_owned(), table.map(str::to_owned)), "{statement}");
        }
    }
}
