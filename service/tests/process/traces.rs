//! Traces, as a collector receives them: what they say, what they do not say, and that nobody waits for a collector.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use prost::Message as _;
use serde_json::{Value, json};

use super::support::{PASSWORD, Place, Service, json_of, request};

/// Requests by path: their heads in lower case, and their bodies.
type Received = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Somebody who answers every request with 200 and nothing, and keeps it.
fn receiver() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let received = Received::default();
    let kept = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || receive(stream, &kept));
        }
    });
    (address, received)
}

fn receive(mut stream: TcpStream, kept: &Received) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (mut head, mut length, mut line) = (String::new(), 0, String::new());
        while lines.read_line(&mut line).ok().filter(|read| *read > 0)? > 2 {
            head += &line.to_ascii_lowercase();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
            line.clear();
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).ok()?;
        kept.lock().unwrap().push((head, body));
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok()?;
    }
}

fn program(place: &Place, collector: &str) -> Command {
    let mut program = place.program();
    program.env("MILKRUN_TRACES_ENDPOINT", collector).env("MILKRUN_OUTSIDE_PRIVATE_ADDRESSES", "['127.0.0.1']");
    program
}

/// All spans that a collector was sent, after the resources were looked at.
fn spans(received: &Received) -> Vec<Span> {
    let mut found = Vec::new();
    for (head, body) in received.lock().unwrap().iter() {
        assert!(head.starts_with("post /v1/traces http/1.1") && head.contains("application/x-protobuf"), "{head}");
        let sent = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        for of in sent.resource_spans {
            let resource = of.resource.unwrap().attributes;
            let text = |name: &str| match &resource.iter().find(|pair| pair.key == name).unwrap().value {
                Some(value) => format!("{value:?}"),
                None => String::new(),
            };
            assert!(text("service.name").contains("milkrun-service"), "{resource:?}");
            assert!(text("service.version").contains(env!("CARGO_PKG_VERSION")), "{resource:?}");
            found.extend(of.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    found
}

fn attribute(span: &Span, name: &str) -> Value {
    let value = span.attributes.iter().find(|pair| pair.key == name).and_then(|pair| pair.value.clone()?.value);
    match value {
        Some(any_value::Value::StringValue(text)) => json!(text),
        Some(any_value::Value::IntValue(number)) => json!(number),
        _ => Value::Null,
    }
}

#[track_caller]
fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let names = || spans.iter().map(|span| span.name.as_str()).collect::<std::collections::BTreeSet<_>>();
    spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("no span {name}: {:?}", names()))
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Whether a span is below another one.
fn is_below(spans: &[Span], span: &Span, ancestor: &Span) -> bool {
    let mut at = span;
    while let Some(parent) = spans.iter().find(|other| other.span_id == at.parent_span_id) {
        if parent.span_id == ancestor.span_id {
            return true;
        }
        at = parent;
    }
    false
}

/// A day with a plan, of which a webhook is told; the plan is asked for within another program's trace.
fn a_day(service: &Service, access: &str, webhook: &str, traceparent: &str) {
    let send = |method: &str, path: &str, body: Value, status: u16| {
        json_of(service.request(method, path, Some(access), Some(&body)), status)
    };
    send("POST", "/v1/webhook-endpoints", json!({"url": webhook, "events": ["day.plan_changed"]}), 201);
    send("POST", "/v1/fleet/depots/import", json!([{"code": "secret-yard", "lon": 4.9, "lat": 52.37}]), 200);
    send("POST", "/v1/fleet/vehicles/import", json!([{"code": "t1", "depot": "secret-yard", "capacity_kg": 900}]), 200);
    send("POST", "/v1/fleet/bins/import", json!([{"code": "secret-bin", "lon": 4.8, "lat": 52.3, "load_kg": 90}]), 200);
    // The header goes along with the token.
    let access = format!("{access}\r\ntraceparent: {traceparent}");
    let asked = json!({"iterations": 10, "name": "secret-name"});
    let job = json_of(service.request("POST", "/v1/plans?x=secret-query", Some(&access), Some(&asked)), 202);
    let job = format!("/v1/jobs/{}", job["job"]["id"].as_str().unwrap());
    let plan = loop {
        let job = json_of(service.request("GET", &job, Some(&access), None), 200);
        if let Value::String(plan) = &job["plan_id"] {
            break plan.clone();
        }
        sleep(Duration::from_millis(50));
    };
    send("PUT", "/v1/days/2026-12-03", json!({"plan_id": plan, "version": 0}), 200);
}

fn spans_say_what_was_done(store: &str, place: &Place) {
    let ((collector, received), (webhook, events)) = (receiver(), receiver());
    let service = Service::start_by(place, program(place, &collector));
    let access = service.sign_up(place);
    let (trace, caller) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    a_day(&service, &access, &webhook, &format!("00-{trace}-{caller}-00"));
    let start = Instant::now();
    while events.lock().unwrap().is_empty() || !figures(&service).contains("milkrun_trace_spans_total{ended=\"sent\"}")
    {
        assert!(start.elapsed() < Duration::from_secs(30), "nothing was sent");
        sleep(Duration::from_millis(100));
    }
    service.stop();
    let spans = spans(&received);

    let asked = named(&spans, "POST /v1/plans");
    assert_eq!((hex(&asked.trace_id).as_str(), hex(&asked.parent_span_id).as_str()), (trace, caller));
    assert_eq!((asked.kind, attribute(asked, "http.response.status_code")), (SpanKind::Server as i32, json!(202)));
    assert_eq!(attribute(asked, "request.id").as_str().map(str::len), Some(36));
    let inserted = named(&spans, "INSERT plan_jobs");
    assert_eq!((&inserted.trace_id, &inserted.parent_span_id), (&asked.trace_id, &asked.span_id));
    assert!(inserted.start_time_unix_nano >= asked.start_time_unix_nano);
    assert!(inserted.end_time_unix_nano >= inserted.start_time_unix_nano);

    let work = named(&spans, "plan");
    assert_eq!((attribute(work, "ended"), work.parent_span_id.as_slice()), (json!("done"), [].as_slice()));
    assert_ne!(work.trace_id, asked.trace_id);
    assert_eq!(
        (work.links.len(), &work.links[0].span_id, &work.links[0].trace_id),
        (1, &asked.span_id, &asked.trace_id)
    );
    let stored = named(&spans, "store_result");
    assert!(is_below(&spans, stored, work) && is_below(&spans, named(&spans, "INSERT plans"), stored));

    let chosen = named(&spans, "PUT /v1/days/{day}");
    assert!(is_below(&spans, named(&spans, "update"), chosen));
    let delivery = named(&spans, "delivery");
    assert_eq!(delivery.links[0].trace_id, chosen.trace_id);
    let call = named(&spans, "webhook");
    assert_eq!((call.kind, &call.parent_span_id), (SpanKind::Client as i32, &delivery.span_id));
    let handed_on = format!("traceparent: 00-{}-{}-01", hex(&call.trace_id), hex(&call.span_id));
    assert!(events.lock().unwrap()[0].0.contains(&handed_on), "{handed_on}");

    let all = format!("{spans:?}");
    for kept in ["secret", "ada@example.org", PASSWORD, access.as_str(), "$1"] {
        assert!(!all.contains(kept), "{kept} is in a span");
    }
    eprintln!("traces ({store}): {} spans read back, of {} names", spans.len(), {
        let names: std::collections::BTreeSet<_> = spans.iter().map(|span| &span.name).collect();
        names.len()
    });
}

#[test]
fn a_collector_sees_what_was_done() {
    spans_say_what_was_done("SQLite", &Place::sqlite());
}

#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn a_collector_sees_what_was_done_over_postgres() {
    spans_say_what_was_done("PostgreSQL", &Place::postgres("traces"));
}

fn figures(service: &Service) -> String {
    request(&service.metrics, "GET", "/metrics", None, None).unwrap().1
}

/// A figure of spans, by what became of them.
fn count(service: &Service, ended: &str) -> u64 {
    let figures = figures(service);
    let name = format!("milkrun_trace_spans_total{{ended=\"{ended}\"}} ");
    figures.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |value| value.parse().unwrap())
}

/// Whoever accepts connections and says nothing, and whoever refuses them.
#[test]
fn nobody_waits_for_a_collector() {
    const REQUESTS: usize = 300;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (how, address, ended) in [("hangs", silent.local_addr().unwrap(), "dropped"), ("refuses", closed, "failed")] {
        let place = Place::sqlite();
        let mut program = program(&place, &format!("http://{address}"));
        program.env("MILKRUN_TRACES_QUEUE", "100").env("MILKRUN_TRACES_TIMEOUT_SECONDS", "60");
        let service = Service::start_by(&place, program);
        let access = service.sign_up(&place);
        let (start, mut longest) = (Instant::now(), Duration::ZERO);
        for _ in 0..REQUESTS {
            let sent = Instant::now();
            json_of(service.request("GET", "/v1/me", Some(&access), None), 200);
            longest = longest.max(sent.elapsed());
        }
        let took = start.elapsed();
        // The queue lets spans go after two seconds at the latest; those under way keep their room.
        while count(&service, ended) == 0 {
            assert!(start.elapsed() < Duration::from_secs(90), "{how}: no span {ended}");
            sleep(Duration::from_millis(200));
        }
        assert!(longest < Duration::from_secs(10), "{how}: a request waited {longest:?}");
        let stop = Instant::now();
        service.stop();
        assert!(stop.elapsed() < Duration::from_secs(15), "{how}: stopping took {:?}", stop.elapsed());
        eprintln!("traces, a collector that {how}: {REQUESTS} requests answered in {took:?}, {longest:?} at most");
    }
}

#[test]
fn settings_that_cannot_be_used_are_told_at_the_start() {
    for (name, value, told) in [
        ("MILKRUN_TRACES_ENDPOINT", "collector:4318", "traces.endpoint"),
        ("MILKRUN_TRACES_PERCENT", "101", "traces.percent is 101"),
        ("MILKRUN_TRACES_QUEUE", "0", "traces.queue is 0"),
    ] {
        let ended = Place::sqlite().program().env(name, value).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && said.contains(told), "{name}={value}: {said}");
    }
}
