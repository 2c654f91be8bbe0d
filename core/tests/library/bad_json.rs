//! Invalid documents, one by one: each gives the right kind of error with its path, and none panics.

use milkrun::Problem;
use milkrun::io::json::{JsonError, JsonFault, read_plan, read_problem, write_problem};

const GOOD: &str = r#"{
    "milkrun": "problem", "version": 1,
    "locations": [{"name": "a", "x": 0, "y": 0}, {"name": "b", "x": 3, "y": 4}],
    "depots": [{"name": "yard", "location": "a"}],
    "groups": [{"name": "either"}],
    "clients": [
        {"name": "farm", "location": "b", "delivery": [5], "time_window": [0, 10], "prize": 0, "group": "either"},
        {"name": "mill", "location": {"x": 1, "y": 1}}
    ],
    "shipments": [{"name": "box", "amount": [1], "pickup": {"location": 0}, "delivery": {"location": 1}}],
    "vehicle_types": [{"count": 1, "capacity": [9], "start": "yard", "end": 0, "shift": [0, null]}]
}"#;

const PLAN: &str = r#"{
    "milkrun": "plan", "version": 1,
    "routes": [{"vehicle_type": 0, "trips": [{
        "start_depot": "yard", "end_depot": "yard",
        "visits": [{"client": "farm"}, {"client": 1}, {"pickup": "box"}, {"delivery": 0}]
    }]}]
}"#;

/// The kind of error, and where it is.
fn summary(error: &JsonError) -> String {
    // Every error has a message; the snapshots below show some.
    assert!(!error.to_string().is_empty());
    let fault = |fault: &JsonFault| {
        let debug = format!("{fault:?}");
        let kind = debug.split([' ', '{']).next().unwrap_or_default().to_owned();
        format!("{kind} {}", fault.path())
    };
    match error {
        JsonError::Syntax { line, column, .. } => format!("syntax {line}:{column}"),
        JsonError::Kind { found, .. } => format!("kind {found:?}"),
        JsonError::Version { found } => format!("version {found:?}"),
        JsonError::Shape { faults, .. } => {
            faults.iter().map(|fault| format!("shape {}", fault.path)).collect::<Vec<_>>().join(", ")
        }
        JsonError::Content { faults, .. } => faults.iter().map(fault).collect::<Vec<_>>().join(", "),
        JsonError::Invalid(error) => {
            let paths: Vec<String> = error.issues.iter().map(|issue| format!("invalid {}", issue.path)).collect();
            paths.join(", ")
        }
        JsonError::Plan(error) => format!("plan {error}"),
        other => format!("another kind: {other:?}"),
    }
}

fn good() -> Problem {
    read_problem(GOOD).unwrap()
}

/// The valid problem with one piece of its text replaced.
fn with(from: &str, to: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{from} must be there exactly once");
    GOOD.replace(from, to)
}

fn plan_with(from: &str, to: &str) -> String {
    assert_eq!(PLAN.matches(from).count(), 1, "{from} must be there exactly once");
    PLAN.replace(from, to)
}

#[test]
fn the_good_files_are_valid() {
    let problem = good();
    assert_eq!(read_problem(&write_problem(&problem)).unwrap(), problem);
    assert!(read_plan(PLAN, &problem).is_ok());
}

#[test]
fn not_json() {
    let deep = format!("{{\"milkrun\": {}", "[".repeat(100_000));
    let cases = [
        ("", "syntax 1:0"),
        ("   \n ", "syntax 2:1"),
        ("{", "syntax 1:1"),
        (&GOOD[..GOOD.len() - 1], "syntax 12:0"),
        (&GOOD[..100], "syntax 3:58"),
        ("{\"milkrun\": \"problem\", \"version\": 1,}", "syntax 1:37"),
        ("{\"milkrun\": \"problem\", \"version\": 1} {}", "syntax 1:38"),
        ("{milkrun: 1}", "syntax 1:2"),
        ("{\"milkrun\": NaN}", "syntax 1:13"),
        ("{\"milkrun\": Infinity}", "syntax 1:13"),
        ("{\"milkrun\": \"problem", "syntax 1:20"),
        ("{\"milkrun\": \"\u{1}\"}", "syntax 1:13"),
        ("\u{feff}{}", "syntax 1:1"),
        (&deep, "syntax 1:100012"),
    ];
    for (text, expected) in cases {
        assert_eq!(summary(&read_problem(text).unwrap_err()), expected, "{text:.60}");
    }
    for (to, expected) in
        [("NaN", "syntax"), ("-Infinity", "syntax"), ("1e999", "shape locations[1].x"), ("0x1F", "syntax")]
    {
        let text = with("\"x\": 3", &format!("\"x\": {to}"));
        assert!(summary(&read_problem(&text).unwrap_err()).starts_with(expected), "{to}");
    }
}

#[test]
fn another_kind_or_version() {
    let kind = "\"milkrun\": \"problem\"";
    let version = "\"version\": 1";
    let cases = [
        (with(kind, "\"milkrun\": \"plan\""), "kind Some(\"\\\"plan\\\"\")"),
        (with(kind, "\"milkrun\": 7"), "kind Some(\"7\")"),
        (with("\"milkrun\": \"problem\", ", ""), "kind None"),
        ("{}".to_owned(), "kind None"),
        (with(version, "\"version\": 2"), "version Some(\"2\")"),
        (with(version, "\"version\": \"1\""), "version Some(\"\\\"1\\\"\")"),
        (with(version, "\"version\": -1"), "version Some(\"-1\")"),
        (with("\"version\": 1,", ""), "version None"),
        ("[1, 2]".to_owned(), "shape the document"),
        ("null".to_owned(), "shape the document"),
        ("\"problem\"".to_owned(), "shape the document"),
        (with(kind, "\"milkrun\": \"problem\", \"milkrun\": \"problem\""), "shape milkrun"),
    ];
    for (text, expected) in cases {
        assert_eq!(summary(&read_problem(&text).unwrap_err()), expected, "{text:.60}");
    }
    assert_eq!(summary(&read_plan(GOOD, &good()).unwrap_err()), "kind Some(\"\\\"problem\\\"\")");
}

#[test]
fn wrong_shapes() {
    let window = "\"time_window\": [0, 10]";
    let capacity = "\"capacity\": [9]";
    let first_client = "\"name\": \"farm\", \"location\": \"b\"";
    let euclidean = "\"milkrun\": \"problem\", \"travel\": {\"type\": \"euclidean\", \"speed\": 3}";
    let flying = "\"milkrun\": \"problem\", \"travel\": {\"type\": \"broomstick\"}";
    let no_speed = "\"milkrun\": \"problem\", \"travel\": {\"type\": \"haversine\"}";
    let half =
        "\"milkrun\": \"problem\", \"travel\": {\"type\": \"matrices\", \"profiles\": [{\"distance\": [[0, 1.5]]}]}";
    let kind = "\"milkrun\": \"problem\"";
    let cases = [
        (with("\"depots\"", "\"depot\""), "shape depot"),
        (with("\"delivery\": [5]", "\"deliveries\": [5]"), "shape clients[0].deliveries"),
        (with("\"delivery\": [5]", "\"delivery\": 5"), "shape clients[0].delivery"),
        (with("\"delivery\": [5]", "\"delivery\": [5.5]"), "shape clients[0].delivery[0]"),
        (with("\"delivery\": [5]", "\"delivery\": [\"5\"]"), "shape clients[0].delivery[0]"),
        (with("\"delivery\": [5]", "\"delivery\": [9223372036854775808]"), "shape clients[0].delivery[0]"),
        (with("\"delivery\": [5]", "\"delivery\": [null]"), "shape clients[0].delivery[0]"),
        (with(window, "\"time_window\": [0]"), "shape clients[0].time_window"),
        (with(window, "\"time_window\": [0, 1, 2]"), "shape clients[0].time_window"),
        (with(window, "\"time_window\": {\"early\": 0}"), "shape clients[0].time_window"),
        (with(window, "\"time_window\": [\"8 am\", 10]"), "shape clients[0].time_window[0]"),
        (with(first_client, "\"name\": \"farm\""), "shape clients[0]"),
        (with(first_client, "\"name\": \"farm\", \"location\": [3, 4]"), "shape clients[0].location"),
        (with(first_client, "\"name\": \"farm\", \"location\": -1"), "shape clients[0].location"),
        (with(first_client, "\"name\": \"farm\", \"location\": {\"x\": 1, \"z\": 1}"), "shape clients[0].location.z"),
        (with(first_client, "\"name\": \"farm\", \"name\": \"b\", \"location\": 0"), "shape clients[0].name"),
        (with(first_client, "\"name\": 5, \"location\": 0"), "shape clients[0].name"),
        (with("\"x\": 3", "\"x\": \"3\""), "shape locations[1].x"),
        (with("\"count\": 1", "\"count\": -1"), "shape vehicle_types[0].count"),
        (with(capacity, "\"capacity\": [9], \"profile\": 4294967296"), "shape vehicle_types[0].profile"),
        (with(kind, euclidean), "shape travel.speed"),
        (with(kind, flying), "shape travel.type"),
        (with(kind, no_speed), "shape travel"),
        (with(kind, half), "shape travel.profiles[0].distance[0][1]"),
        (with(kind, "\"milkrun\": \"problem\", \"backhauls\": \"first\""), "shape backhauls"),
    ];
    for (text, expected) in cases {
        assert_eq!(summary(&read_problem(&text).unwrap_err()), expected, "{text}");
    }
}

fn matrices(text: &str) -> String {
    let kind = "\"milkrun\": \"problem\"";
    with(kind, &format!("{kind}, \"travel\": {{\"type\": \"matrices\", \"profiles\": {text}}}"))
}

#[test]
fn parts_that_do_not_match() {
    let both_wrong = with("\"start\": \"yard\", \"end\": 0", "\"start\": \"yrd\", \"end\": 7");
    let cases = [
        (with("\"location\": \"a\"", "\"location\": \"c\""), "UnknownName depots[0].location"),
        (with("\"location\": \"a\"", "\"location\": 2"), "UnknownIndex depots[0].location"),
        (with("\"location\": \"a\"", "\"location\": 18446744073709551615"), "UnknownIndex depots[0].location"),
        (with("\"group\": \"either\"", "\"group\": \"neither\""), "UnknownName clients[0].group"),
        (both_wrong, "UnknownName vehicle_types[0].start, UnknownIndex vehicle_types[0].end"),
        (
            with("\"count\": 1", "\"reload_depots\": [\"yard\", \"tip\"]"),
            "UnknownName vehicle_types[0].reload_depots[1]",
        ),
        (
            with("\"count\": 1", "\"allowed_clients\": [\"mill\", \"farmer\", 2]"),
            "UnknownName vehicle_types[0].allowed_clients[1], UnknownIndex vehicle_types[0].allowed_clients[2]",
        ),
        // Two objects may share a name as long as no reference uses it.
        (
            with("\"name\": \"a\"", "\"name\": \"b\""),
            "UnknownName depots[0].location, AmbiguousName clients[0].location",
        ),
        (with("\"x\": 3, ", ""), "OddCoordinates locations[1]"),
        (with("\"x\": 3", "\"x\": 3, \"lon\": 3"), "OddCoordinates locations[1]"),
        (with(", \"x\": 3, \"y\": 4", ""), "NoCoordinates locations[1]"),
        (with("\"x\": 3, \"y\": 4", "\"lon\": 3, \"lat\": 4"), "MixedCoordinates locations[1]"),
        (with("{\"x\": 1, \"y\": 1}", "{}"), "NoCoordinates clients[1].location"),
        (matrices("[{\"distance\": [[0, 1], [1]]}]"), "RaggedMatrix travel.profiles[0].distance[1]"),
        (matrices("[{\"distance\": [[0, 1, 2]]}]"), "RaggedMatrix travel.profiles[0].distance[0]"),
        (matrices("[{\"distance\": [[0, 1], [-1, 0]]}]"), "MatrixValue travel.profiles[0].distance[1][0]"),
        (
            matrices("[{\"distance\": [[0]], \"duration\": [[1073741824]]}]"),
            "MatrixValue travel.profiles[0].duration[0][0]",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(summary(&read_problem(&text).unwrap_err()), expected, "{text}");
    }
}

#[test]
fn invalid_problems() {
    let window = "\"time_window\": [0, 10]";
    let geographic = "\"milkrun\": \"problem\", \"travel\": {\"type\": \"haversine\", \"speed\": 8}";
    let swapped = with("\"milkrun\": \"problem\"", geographic)
        .replace("{\"x\": 1, \"y\": 1}", "{\"lon\": 52, \"lat\": 104}")
        .replace("\"x\":", "\"lon\":")
        .replace("\"y\":", "\"lat\":");
    let cases = [
        (with("\"delivery\": [5]", "\"delivery\": [-5]"), "invalid clients[0].delivery[0]"),
        (with("\"delivery\": [5]", "\"delivery\": [1073741824]"), "invalid clients[0].delivery[0]"),
        (with("\"delivery\": [5]", "\"delivery\": [5, 5]"), "invalid vehicle_types[0].capacity"),
        (with("\"delivery\": [5]", "\"service\": -1"), "invalid clients[0].service"),
        (with("\"delivery\": [5]", "\"release\": -1"), "invalid clients[0].release"),
        (with("\"prize\": 0", "\"prize\": -1"), "invalid clients[0].prize"),
        (with("\"prize\": 0", "\"prize\": 1125899906842625"), "invalid clients[0].prize"),
        (with(window, "\"time_window\": [10, 0]"), "invalid clients[0].time_window"),
        (with(window, "\"time_window\": [0, 9223372036854775807]"), "invalid clients[0].time_window.late"),
        (with(window, "\"time_window\": [-9223372036854775808, 0]"), "invalid clients[0].time_window.early"),
        (with("\"count\": 1", "\"count\": 0"), "invalid vehicle_types"),
        (with("\"count\": 1", "\"max_trips\": 0"), "invalid vehicle_types[0].max_trips"),
        (with("\"count\": 1", "\"max_duration\": -1"), "invalid vehicle_types[0].max_duration"),
        (with("\"count\": 1", "\"fixed_cost\": -1"), "invalid vehicle_types[0].fixed_cost"),
        (with("\"count\": 1", "\"profile\": 1"), "invalid vehicle_types[0].profile"),
        (
            with("\"capacity\": [9]", "\"capacity\": [9, 9]").replace("[5]", "[5, 1, 1]"),
            "invalid vehicle_types[0].capacity",
        ),
        (with(", \"group\": \"either\"", ""), "invalid groups[0]"),
        (with("\"amount\": [1]", "\"amount\": [-1]"), "invalid shipments[0].amount[0]"),
        (with("\"x\": 3", "\"x\": 1e300"), "invalid locations"),
        // A point given with its client is reported there, not as a location.
        (swapped, "invalid clients[1].location.lat"),
        (matrices("[{\"distance\": [[0]]}]"), "invalid travel.profiles[0].distance"),
        (matrices("[]"), "invalid travel.profiles"),
        (
            with("\"delivery\": [5]", "\"delivery\": [-5], \"service\": -1").replace("\"count\": 1", "\"count\": 0"),
            "invalid clients[0].delivery[0], invalid clients[0].service, invalid vehicle_types",
        ),
    ];
    for (text, expected) in cases {
        let error = read_problem(&text).map(|_| ()).expect_err(&text);
        assert_eq!(summary(&error), expected, "{text}");
    }
}

#[test]
fn bad_plans() {
    let client = "{\"client\": \"farm\"}";
    let visit = "routes[0].trips[0].visits[0]";
    let cases = [
        (String::new(), "syntax 1:0".to_owned()),
        (PLAN[..90].to_owned(), "syntax 4:4".to_owned()),
        (plan_with("\"version\": 1", "\"version\": 1.0"), "version Some(\"1.0\")".to_owned()),
        (plan_with("\"routes\"", "\"tours\""), "shape tours, shape the document".to_owned()),
        (plan_with("\"vehicle_type\": 0, ", ""), "shape routes[0]".to_owned()),
        (plan_with("\"vehicle_type\": 0", "\"vehicle_type\": 1"), "UnknownIndex routes[0].vehicle_type".to_owned()),
        (
            plan_with("\"start_depot\": \"yard\"", "\"start_depot\": \"\""),
            "UnknownName routes[0].trips[0].start_depot".to_owned(),
        ),
        (plan_with(client, "{\"client\": \"barn\"}"), format!("UnknownName {visit}.client")),
        (plan_with(client, "{\"pickup\": 1}"), format!("UnknownIndex {visit}.pickup")),
        (plan_with(client, "{\"delivery\": \"sack\"}"), format!("UnknownName {visit}.delivery")),
        (plan_with(client, "{\"client\": 0, \"location\": \"c\"}"), format!("UnknownName {visit}.location")),
        (plan_with(client, "{}"), format!("OddVisit {visit}")),
        (plan_with(client, "{\"client\": 0, \"pickup\": 0}"), format!("OddVisit {visit}")),
        (plan_with(client, "{\"customer\": 0}"), format!("shape {visit}.customer")),
        (plan_with(client, "{\"client\": 0, \"arrival\": 1e3}"), format!("shape {visit}.arrival")),
        (plan_with(client, "0"), format!("shape {visit}")),
    ];
    let problem = good();
    for (text, expected) in cases {
        assert_eq!(summary(&read_plan(&text, &problem).unwrap_err()), expected, "{text}");
    }
}

#[test]
fn messages_give_place_value_and_remedy() {
    let message = |text: &str| read_problem(text).unwrap_err().to_string();
    insta::assert_snapshot!(message("{\"milkrun\": \"problem\", \"version\": 1"), @"line 1, column 35: the text ends too early; mend the JSON there");
    insta::assert_snapshot!(message("{\"milkrun\": \"vrp\"}"), @r#"the document's kind is "vrp": a problem starts with "milkrun": "problem""#);
    insta::assert_snapshot!(message("{\"milkrun\": \"problem\", \"version\": 2}"), @"the document's version is 2: this release reads version 1");
    insta::assert_snapshot!(message(&with("\"delivery\": [5]", "\"delivery\": [5.5]")), @"
    the document has 1 fault:
      clients[0].delivery[0] (line 7, column 56): expected a whole number, found 5.5; use a finer unit (such as metres in place of kilometres), so that it has no decimals
    ");
    insta::assert_snapshot!(message(&with("\"capacity\": [9]", "\"capasity\": [9]")), @r#"
    the document has 1 fault:
      vehicle_types[0].capasity (line 11, column 36): there is no field "capasity" here; call it "capacity", or remove it
    "#);
    insta::assert_snapshot!(message(&with("\"start\": \"yard\", \"end\": 0", "\"start\": \"yrd\", \"end\": 7")), @r#"
    the document has 2 faults:
      vehicle_types[0].start: no depot is called "yrd"; correct the name, or use an index
      vehicle_types[0].end: there is no depot 7; there are 1, counted from 0
    "#);
    insta::assert_snapshot!(message(&with("\"time_window\": [0, 10]", "\"time_window\": [10, 0]")), @"
    the problem has 1 fault:
      clients[0].time_window = [10, 0]: closes before it opens; swap the two times or, if the window spans midnight, add a day to the later one
    ");
}

proptest::proptest! {
    /// Reading a changed document never panics.
    #[test]
    fn damaged_documents_are_reported(
        at in proptest::prelude::any::<proptest::sample::Index>(),
        cut in 0_usize..20,
        paste in "[\\[\\]{}\",:0-9eE.+-]{0,6}|null|true|-9e99|18446744073709551615",
    ) {
        let problem = good();
        for (document, is_plan) in [(GOOD, false), (PLAN, true)] {
            let from = at.index(document.len());
            let damaged = format!("{}{paste}{}", &document[..from], &document[(from + cut).min(document.len())..]);
            let error = if is_plan { read_plan(&damaged, &problem).err() } else { read_problem(&damaged).err() };
            if let Some(error) = error {
                summary(&error);
            }
        }
    }
}
