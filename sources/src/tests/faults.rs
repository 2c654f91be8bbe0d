//! Servers that fail, and keys that are kept.

use std::sync::Arc;
use std::time::Duration;

use milkrun::CancelToken;
use milkrun::travel::{RequestError, SourceError, SourceRun, TravelSource};

use super::fakes;
use super::stub::{Asked, Reply, Stub};
use super::{FakeClock, KEY, google, grid, http, mapbox, osrm, valhalla};
use crate::{ElementBudget, HttpSettings, MapboxOptions, OsrmOptions, SetupError, Truck, ValhallaOptions};

/// Asks OSRM for a table of three points.
fn table(stub: &Stub, clock: &Arc<FakeClock>, http: HttpSettings) -> Result<(), SourceError> {
    osrm(&stub.address(), clock, http).table(&grid(3), SourceRun::new(&CancelToken::new())).map(drop)
}

fn request_error(outcome: Result<(), SourceError>) -> RequestError {
    match outcome {
        Err(SourceError::Request(error)) => *error,
        other => panic!("{other:?}"),
    }
}

/// The first replies, then those of a sound server.
fn failing(mut first: Vec<Reply>) -> Stub {
    first.reverse();
    Stub::start(move |asked: &Asked, before| first.pop().unwrap_or_else(|| fakes::osrm(asked, before)))
}

#[test]
fn what_passes_is_tried_again() {
    let passing: Vec<fn() -> Reply> = vec![
        || Reply::status(429, "slow down"),
        || Reply::status(500, "oops"),
        || Reply::status(502, ""),
        || Reply::status(503, "<html>busy</html>"),
        || Reply::status(504, ""),
        || Reply::Closed,
        || Reply::Truncated(r#"{"code":"Ok","distances":[],"durations":[]}"#.to_owned()),
    ];
    for (i, reply) in passing.into_iter().enumerate() {
        let stub = failing(vec![reply(), reply()]);
        let clock = Arc::new(FakeClock::default());
        table(&stub, &clock, http()).unwrap_or_else(|error| panic!("reply {i}: {error}"));
        assert_eq!(stub.count(), 3, "reply {i}");
        let waits = clock.waits();
        let within = |wait: Duration, most: u64| (most / 2..=most).contains(&(wait.as_millis() as u64));
        assert!(waits.len() == 2 && within(waits[0], 500) && within(waits[1], 1_000), "{waits:?}");
    }
}

#[test]
fn what_takes_too_long_is_tried_again() {
    let stub = failing(vec![Reply::Stalled, Reply::Stalled]);
    // On a slow machine, a sound answer may be late as well: there are attempts to spare.
    let patient = HttpSettings { timeout: Duration::from_millis(300), attempts: 50, ..http() };
    table(&stub, &Arc::default(), patient).unwrap();
    assert!(stub.count() >= 3);
    let stub = Stub::start(|_, _| Reply::Stalled);
    let brief = HttpSettings { timeout: Duration::from_millis(100), attempts: 2, ..http() };
    let error = request_error(table(&stub, &Arc::default(), brief));
    assert!(error.problem.ends_with(", after 2 attempts"), "{error}");
}

#[test]
fn what_does_not_pass_is_given_up_after_all_attempts() {
    let stub = Stub::start(|_, _| Reply::status(503, r#"{"message":"maintenance"}"#));
    let error = request_error(table(&stub, &Arc::default(), http()));
    assert_eq!(stub.count(), 4);
    assert_eq!(error.status, Some(503));
    let wanted = format!(
        "OSRM: the table of 3 × 3 points at {}: status 503: maintenance, after 4 attempts; check that the service runs and is \
         not overloaded, or ask again later",
        stub.address()
    );
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn a_service_says_when_to_come_back() {
    for (header, seconds) in [("7", 7), ("Sat, 28 Nov 2026 12:01:30 GMT", 90)] {
        let stub = failing(vec![Reply::status(429, "").with("retry-after", header)]);
        let clock = Arc::new(FakeClock::default());
        table(&stub, &clock, http()).unwrap();
        assert_eq!(clock.waits(), [Duration::from_secs(seconds)], "{header}");
    }
    let stub = failing(vec![Reply::status(429, "").with("retry-after", "86400")]);
    let error = request_error(table(&stub, &Arc::default(), http()));
    assert_eq!((stub.count(), error.problem.as_str()), (1, "too many requests; it asks to wait 86400 s"));
}

#[test]
fn what_would_not_help_is_not_tried_again() {
    let cases: Vec<(Reply, Option<u16>, &str)> = vec![
        (Reply::Endless, Some(200), "the answer is longer than 10000 bytes"),
        (Reply::ok("x".repeat(10_001)), Some(200), "the answer is longer than 10000 bytes"),
        (Reply::Noise, None, "the answer is not HTTP"),
        (Reply::status(302, "").with("location", "http://127.0.0.1:1/"), Some(302), "it points to another address"),
        (Reply::status(401, r#"{"message":"who are you"}"#), Some(401), "who are you"),
        (Reply::status(403, ""), Some(403), "access is refused"),
        (Reply::status(404, "<h1>Not\n  here</h1>"), Some(404), "<h1>Not here</h1>"),
        (Reply::status(400, r#"{"code":"InvalidOptions","message":"bad radius"}"#), Some(400), "bad radius"),
        (Reply::ok(""), Some(200), "EOF while parsing"),
        (Reply::ok("[1, 2"), Some(200), "invalid"),
        (Reply::ok(r#"{"distances":[[0]]}"#), Some(200), "missing field `durations`"),
        (
            Reply::ok(r#"{"distances":[[0,1],[1,0]],"durations":[[0,1],[1,0]]}"#),
            Some(200),
            "3 × 3 distances were expected, and 2 × 2 came",
        ),
        (
            Reply::ok(r#"{"distances":[[0,1,2],[1,0,2],[1,2,0]],"durations":[[0,1,2],[1,0],[1,2,0]]}"#),
            Some(200),
            "3 × 3 durations were expected, and 3 × 3 came",
        ),
        (
            Reply::ok(r#"{"distances":[[0,1,2],[1,0,-2],[1,2,0]],"durations":[[0,1,2],[1,0,2],[1,2,0]]}"#),
            Some(200),
            "from point 1 to point 2, -2 is neither a distance nor a duration",
        ),
        (
            Reply::ok(r#"{"distances":[[0,1,2],[1,0,2],[1,2,0]],"durations":[[0,1e300,2],[1,0,2],[1,2,0]]}"#),
            Some(200),
            "is neither a distance nor a duration",
        ),
        (
            Reply::ok(r#"{"distances":[[0,NaN,2],[1,0,2],[1,2,0]],"durations":[[0,1,2],[1,0,2],[1,2,0]]}"#),
            Some(200),
            "expected",
        ),
    ];
    for (reply, status, problem) in cases {
        let stub = failing(vec![reply]);
        let clock = Arc::new(FakeClock::default());
        let error = request_error(table(&stub, &clock, HttpSettings { longest_body: 10_000, ..http() }));
        assert_eq!(error.status, status, "{error}");
        assert!(error.problem.contains(problem), "{error}");
        assert!(!error.remedy.is_empty() && error.request.contains("the table of 3 × 3 points at http://127.0.0.1"));
        assert_eq!((stub.count(), clock.waits().len()), (1, 0), "{error}");
    }
}

#[test]
fn no_server_is_an_error_after_all_attempts() {
    let stub = Stub::start(fakes::osrm);
    let address = stub.address();
    drop(stub);
    // Another program may have taken the port meanwhile; it is no OSRM, either.
    let source = osrm(&address, &Arc::default(), http());
    let error = source.table(&grid(3), SourceRun::new(&CancelToken::new())).map(drop).unwrap_err().to_string();
    assert!(error.starts_with("OSRM: the table of 3 × 3 points at http://127.0.0.1"), "{error}");
}

#[test]
fn wrong_elements_of_google_are_refused() {
    let cell = |i: usize, j: usize, rest: &str| {
        format!(r#"{{"originIndex":{i},"destinationIndex":{j},"condition":"ROUTE_EXISTS","distanceMeters":5{rest}}}"#)
    };
    let sound = r#","duration":"3s""#;
    let list = |cells: &[String]| format!("[{}]", cells.join(","));
    let all = [cell(0, 0, sound), cell(0, 1, sound), cell(1, 0, sound), cell(1, 1, sound)];
    let with = |last: String| list(&[all[0].clone(), all[1].clone(), all[2].clone(), last]);
    for (body, problem) in [
        (list(&all[..3]), "2 × 2 cells were expected, and 1 of them did not come"),
        (with(all[0].clone()), "origin 0 and destination 0 was not asked for, or comes twice"),
        (with(cell(2, 1, sound)), "origin 2 and destination 1 was not asked for"),
        (with(cell(1, 1, r#","duration":"three""#)), "the duration \"three\" is not one"),
        (with(cell(1, 1, r#","duration":"3s","status":{"code":5,"message":"lost"}"#)), "fails: lost"),
        (with(r#"{"error":{"code":8,"message":"quota"}}"#.to_owned()), "fails: quota"),
        (with(r#"{"originIndex":1,"destinationIndex":1}"#.to_owned()), "a cell's condition is None"),
        (format!("{}{}", &list(&all[..3])[..30], "…"), "EOF"),
    ] {
        let stub = Stub::start(move |_, _| Reply::ok(body.clone()));
        let source = google(&stub.address(), &Arc::default(), ElementBudget::unlimited());
        let outcome = source.table(&grid(2), SourceRun::new(&CancelToken::new())).map(drop);
        let error = request_error(outcome);
        assert!(error.problem.contains(problem) || problem == "EOF", "{error}");
    }
}

#[test]
fn wrong_legs_are_refused() {
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    for body in [
        r#"{"code":"Ok","routes":[]}"#,
        r#"{"code":"Ok","routes":[{"legs":[]}]}"#,
        r#"{"code":"Ok","routes":[{"legs":[{"distance":-1,"duration":3}]}]}"#,
        r#"{"code":"Ok","routes":[{"legs":[{"distance":1,"duration":3,"steps":[{"geometry":{"coordinates":[[500,2]]}}]}]}]}"#,
        r#"{"trip":{"legs":[{"summary":{"time":1,"length":2},"shape":"\u0001~~~"}]}}"#,
        r#"{"trip":{"legs":[]}}"#,
        r#"{"routes":[{"legs":[]}]}"#,
    ] {
        let stub = Stub::start(move |_, _| Reply::ok(body));
        let (address, clock) = (stub.address(), Arc::default());
        let budget = ElementBudget::unlimited;
        let sources: [Box<dyn TravelSource>; 4] = [
            Box::new(osrm(&address, &clock, http())),
            Box::new(valhalla(&address, &clock, ValhallaOptions::default())),
            Box::new(mapbox(&address, &clock, budget())),
            Box::new(google(&address, &clock, budget())),
        ];
        for source in sources {
            let outcome = source.legs(&grid(2), run);
            // An answer of Google's without routes is one without a path.
            assert!(outcome.is_err(), "{}: {body}", source.name());
        }
    }
}

/// Asks for a table, and gives all texts in which a key might be.
fn texts(source: &dyn TravelSource, shown: String) -> [String; 4] {
    let error = source.table(&grid(3), SourceRun::new(&CancelToken::new())).unwrap_err();
    [format!("{error} {error:?}"), shown, source.describe(), source.identity()]
}

#[test]
fn a_key_is_seen_nowhere() {
    // Services that repeat the key in their messages, at any place, even where the message is cut.
    for (status, padding) in [400, 403, 429, 503].into_iter().flat_map(|status| [0, 150, 290].map(|n| (status, n))) {
        let stub = Stub::start(move |asked: &Asked, _| {
            let key = if format!("{asked:?}").contains(KEY) { KEY } else { "not sent" };
            let told = format!("{} {key} refused", "x".repeat(padding));
            Reply::status(status, serde_json::json!({ "message": told, "error": { "message": told } }).to_string())
        });
        let (address, clock) = (stub.address(), Arc::default());
        let (first, second) = (
            mapbox(&address, &clock, ElementBudget::unlimited()),
            google(&address, &clock, ElementBudget::unlimited()),
        );
        for texts in [texts(&first, format!("{first:?}")), texts(&second, format!("{second:?}"))] {
            assert!(texts.iter().all(|text| !text.contains(&KEY[..4])), "{texts:?}");
            assert!(texts[0].contains("[key]"), "the service repeats it: {}", texts[0]);
        }
    }
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let osrm = |address: &str, options| crate::Osrm::new(address, options).map(drop);
    for address in
        ["", "localhost:5000", "ftp://host", "http://", "https://user:secret@host", "http://host/?key=secret", "a b"]
    {
        let error = osrm(address, OsrmOptions::default()).unwrap_err();
        assert!(matches!(error, SetupError::Address { .. }), "{address}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(osrm("https://[::1]:5000/below/", OsrmOptions::default()).is_ok());
    for options in [
        OsrmOptions { profile: "driving/../../x".to_owned(), ..Default::default() },
        OsrmOptions { profile: String::new(), ..Default::default() },
        OsrmOptions { snap_limit: Some(f64::NAN), ..Default::default() },
        OsrmOptions { table_size: 0, ..Default::default() },
        OsrmOptions { route_size: 1, ..Default::default() },
        OsrmOptions { http: HttpSettings { timeout: Duration::MAX, ..http() }, ..Default::default() },
        OsrmOptions { http: HttpSettings { longest_wait: Duration::ZERO, ..http() }, ..Default::default() },
        OsrmOptions { http: HttpSettings { attempts: 0, ..http() }, ..Default::default() },
        OsrmOptions { http: HttpSettings { longest_body: 0, ..http() }, ..Default::default() },
    ] {
        assert!(matches!(osrm("http://host", options), Err(SetupError::Setting { .. })));
    }
    let truck = crate::Costing::Truck(Truck { height: Some(-3.8), ..Default::default() });
    let options = ValhallaOptions { costing: truck, ..Default::default() };
    let error = crate::Valhalla::new("http://host", options).unwrap_err().to_string();
    assert_eq!(error, "Valhalla: height is -3.8: it must be from 0 to 100 metres");
    let mapbox = |key: &str, address: &str| {
        let options = MapboxOptions { address: address.to_owned(), ..Default::default() };
        crate::Mapbox::new(key.to_owned(), ElementBudget::new(1), options).map(drop)
    };
    assert!(matches!(mapbox("", "https://host"), Err(SetupError::Key { .. })));
    assert!(matches!(mapbox("a&b", "https://host"), Err(SetupError::Key { .. })));
    assert!(matches!(mapbox("key", "http://example.org"), Err(SetupError::Insecure { .. })));
    assert!(mapbox("key", "http://localhost:1").is_ok() && mapbox("key", "https://example.org").is_ok());
}
