//! A wrong value in a document is refused at its path, in the words of a person who writes documents. Every place of
//! two documents that have every field is tried.

use milkrun::io::json::{
    AskedTravel, JsonError, ServiceKind, plan_schema, problem_schema, read_plan, read_problem, read_problem_on,
    write_problem,
};
use milkrun::{Problem, Travel};
use serde_json::{Value, json};

/// A problem with every field that there is, except for the kinds of travel in [`TRAVELS`].
fn problem() -> Value {
    let text = r#"{
        "milkrun": "problem", "version": 1, "$schema": "problem.schema.json", "name": "all",
        "origin": "2026-12-03T00:00[Europe/Amsterdam]",
        "travel": {"type": "euclidean", "rounding": "round"}, "backhauls": "mixed",
        "locations": [{"name": "a", "x": 0, "y": 0}, {"name": "b", "x": 3, "y": 4.5}],
        "depots": [{"name": "yard", "location": "a", "time_window": [0, null], "service": 1, "remarks": "gate", "tags": {"a": "b"}}],
        "materials": [{"name": "glass"}, {"name": "paper"}],
        "separate_materials": [["glass", 1]],
        "disposal_sites": [{
            "name": "tip", "location": "b", "hours": [[0, 9000]], "service": 1, "unloading": [{"amount": 1, "per": 2}],
            "visit_cost": 1, "tipping_fee": [{"amount": 1, "per": 2}], "materials": ["glass", 1], "daily_capacity": [900], "remarks": "weigh", "tags": {}
        }],
        "groups": [{"name": "either", "required": false, "patterns": [[0, "mill"], ["mill"]], "pattern_costs": [5, 0]}],
        "clients": [
            {
                "name": "farm", "location": {"x": 1, "y": 1}, "delivery": [1], "pickup": [1], "service": 5, "setup": 3,
                "time_window": [0, 9000], "soft_window": {"early": 1, "late": 2, "cost_per_early": 1, "cost_per_late": 1},
                "window_covers": "service", "release": 0, "prize": 9, "required": false, "group": "either", "material": "glass",
                "service_by_type": [{"vehicle_type": 0, "service": 4}], "assignment_costs": [{"vehicle_type": 0, "cost": 9}], "skills": ["ramp"],
                "allowed_vehicles": [0], "forbidden_vehicles": [], "priority": 1, "remarks": "a dog", "tags": {"a": "b"}
            },
            {"name": "mill", "location": 1, "time_windows": [[0, 10], [20, 9000]], "required": false, "group": 0},
            {"name": "inn", "location": "b"}
        ],
        "shipments": [{
            "name": "box", "pickup": {"location": 0, "service": 1, "setup": 2, "time_window": [0, 9000], "window_covers": "service"}, "delivery": {"location": 1},
            "amount": [1], "prize": 5, "required": false, "remarks": "fragile", "tags": {"a": "b"}
        }],
        "zones": [
            {"name": "north", "area": {"type": "Polygon", "coordinates": [[[-9, -9], [9, -9], [9, 9], [-9, 9], [-9, -9]]]}},
            {"area": {"type": "MultiPolygon", "coordinates": [[[[20, 20], [21, 20], [21, 21]]], [[[30, 20], [31, 20], [31, 21]]]]}}
        ],
        "vehicle_types": [{
            "zones": [{"serve_only": "north"}, {"closed": {"zone": 1, "during": [[0, 100]]}}, {"closed": {"zone": 1}}],
            "name": "truck", "count": 1, "capacity": [9], "start": "yard", "end": 0, "fixed_cost": 1,
            "cost_per_distance": 1, "cost_per_duration": 1, "shift": [0, 9000], "max_duration": 9000,
            "max_distance": 9000, "allowed_clients": [0, "mill", "inn"], "reload_depots": ["yard"], "max_trips": 3,
            "disposal_sites": ["tip"], "end_empty": false, "compartments": [{"materials": ["glass"], "capacity": [9]}],
            "max_route_load": [90], "max_stops": 9,
            "breaks": [{"name": "lunch", "start": [0, 9000], "duration": 5, "location": "a", "paid": true}],
            "driver_rules": [{"effort": "driving", "max": 900, "rest": 5, "split": [2, 3], "any_pause": true}],
            "paid_rests": true, "max_driving": 9000, "max_work": 9000,
            "overtime": [{"after": 900, "cost_per_duration": 1}], "cost_per_waiting": 1, "skills": ["ramp"],
            "consumption": {"energy": "electricity", "per_distance": 0.5, "per_load_distance": [0.25], "per_stop": 1.5,
                "per_idle": 0.125, "co2": 0.2},
            "executed": [{"client": "inn"}, {"pickup": 0}, {"delivery": 0}, {"rest": 5}], "profile": 0, "remarks": "new", "tags": {"a": "b"}
        }],
        "relations": [
            {"same_vehicle": [0, "inn"]}, {"precedence": {"before": 2, "after": "farm"}}, {"incompatible": [0, 1]},
            {"pin": {"client": 2, "vehicle_type": "truck", "position": "first"}}
        ],
        "goals": [{"measure": "makespan", "weight": 1, "target": 2}],
        "speeds": [[{"from": 0, "percent": 90}]]
    }"#;
    serde_json::from_str(text).unwrap()
}

/// Fields that [`problem`] does not have.
fn variants() -> Vec<Value> {
    let with = |field: &str, value: Value| {
        let mut problem = problem();
        problem[field] = value;
        problem
    };
    let mut geographic = with("travel", json!({"type": "haversine", "speed": 8.5, "detour": 1.3}));
    geographic["locations"] = json!([{"lon": 4.5, "lat": 52}, {"name": "b", "lon": 4.6, "lat": 52}]);
    let mut done = problem();
    done["vehicle_types"][0]["executed"] = json!([{"dispose": 0}, {"break": 0}]);
    done["relations"] = json!([{"sequence": [0, 1]}, {"all_or_none": [0, 1]}]);
    let matrix =
        json!({"distance": [[0, 1, 2], [1, null, 2], [1, 2, 0]], "duration": [[0, 1, 2], [1, 0, 2], [1, 2, 0]]});
    vec![problem(), geographic, done, with("travel", json!({"type": "matrices", "profiles": [matrix]}))]
}

fn plan() -> Value {
    let visit = json!({
        "client": "inn", "pickup": 0, "delivery": 0, "dispose": 0, "break": 0, "rest": 5, "location": "b", "arrival": 5,
        "start": 5, "departure": 5, "load": [0], "remarks": "a dog", "tags": {"a": "b"}
    });
    json!({
        "milkrun": "plan", "version": 1, "$schema": "plan.schema.json", "problem": "all", "origin": "2026-12-03T00:00+01:00[Europe/Amsterdam]", "feasible": true,
        "cost": {"fixed": 1, "distance": 1, "duration": 1, "overtime": 1, "waiting": 1, "windows": 1, "disposal": 1, "assignment": 1, "goals": 1, "unserved": 1, "total": 1}, "unserved": {"clients": ["farm"], "shipments": [0]},
        "violations": [{"kind": "time_window", "route": 0, "message": "late"}],
        "routes": [{
            "vehicle_type": "truck", "start": 0, "end": 9, "duration": 9, "driving": 5, "waiting": 0, "work": 5, "pauses": 0,
            "paid": 9, "consumed": 1, "emitted": 1, "distance": 5, "remarks": "new", "tags": {"a": "b"}, "cost": {"fixed": 1, "distance": 1, "duration": 1, "overtime": 1, "waiting": 1, "windows": 1, "disposal": 1, "assignment": 1, "goals": 1, "unserved": 1, "total": 1}, "trips": [{
                "start_depot": "yard", "end_depot": 0, "start": 0, "departure": 1, "arrival": 9, "distance": 5,
                "load": [0], "max_load": [1], "visits": [visit]
            }]
        }]
    })
}

/// The problem that [`plan`] is for.
fn small() -> Problem {
    read_problem(
        r#"{"milkrun": "problem", "version": 1,
            "locations": [{"name": "a", "x": 0, "y": 0}, {"name": "b", "x": 3, "y": 4}],
            "depots": [{"name": "yard", "location": "a"}],
            "clients": [{"name": "inn", "location": "b"}, {"name": "farm", "location": "a", "required": false}],
            "vehicle_types": [{"name": "truck", "start": "yard", "end": "yard"}]}"#,
    )
    .unwrap()
}

/// Reads a document; the error, if it is refused.
type Read = fn(&str) -> Option<JsonError>;

/// All documents, each with how to read it.
fn documents() -> Vec<(Value, Read)> {
    let mut all: Vec<(Value, Read)> = Vec::new();
    all.extend(variants().into_iter().map(|each| (each, (|text: &str| read_problem(text).err()) as Read)));
    all.push((plan(), |text: &str| read_plan(text, &small()).err()));
    all
}

/// The pointers to all values inside, except for the header.
fn pointers(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        if !["", "/milkrun", "/version"].contains(&at) {
            found.push(at.to_owned());
        }
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, each)| walk(each, &format!("{at}/{name}"), found)),
            Value::Array(list) => list.iter().enumerate().for_each(|(i, each)| walk(each, &format!("{at}/{i}"), found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found
}

/// The path that messages have for a pointer.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => path.extend(["[", &index.to_string(), "]"]),
            Err(_) if path.is_empty() => path.push_str(step),
            Err(_) => path.extend([".", step]),
        }
    }
    path
}

/// The document with the raw text in place of what the pointer leads to.
fn with(document: &Value, pointer: &str, raw: &str) -> String {
    let mut changed = document.clone();
    *changed.pointer_mut(pointer).unwrap() = json!("@@@");
    changed.to_string().replace("\"@@@\"", raw)
}

/// Words of the implementation, which mean nothing to authors of documents.
fn assert_plain(error: &JsonError, context: &str) {
    const FOREIGN: [&str; 17] = [
        "Document",
        "struct",
        "enum",
        "variant",
        "tuple",
        "i64",
        "u64",
        "u32",
        "u8",
        "i32",
        "usize",
        "f64",
        "newtype",
        "invalid type",
        "invalid value",
        "EOF",
        "cannot be read",
    ];
    let text = error.to_string();
    for word in FOREIGN {
        assert!(!text.contains(word), "{context}: {text}");
    }
    assert!(text.contains("; "), "{context}: no remedy: {text}");
}

/// Values that are accepted without a fault of the shape. Whether the plan or problem is valid is another matter.
fn shape_faults(error: Option<JsonError>, context: &str) -> Vec<(String, String)> {
    if let Some(error) = &error {
        assert_plain(error, context);
    }
    match error {
        Some(JsonError::Shape { faults, omitted: 0 }) => faults.into_iter().map(|f| (f.path, f.message)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_documents_have_every_field() {
    fn names(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(parts) => {
                if let Some(Value::Object(properties)) = parts.get("properties") {
                    found.extend(properties.keys().cloned());
                }
                parts.values().for_each(|part| names(part, found));
            }
            Value::Array(parts) => parts.iter().for_each(|part| names(part, found)),
            _ => {}
        }
    }
    let text: String = documents().iter().map(|(document, _)| document.to_string()).collect();
    let mut all = Vec::new();
    names(&problem_schema(), &mut all);
    names(&plan_schema(), &mut all);
    // Travel along streets is looked up by the reader of a document: the test below and those of the command line have it.
    let asked = ["budget", "cache", "curb", "data_date", "file", "url"];
    for name in all.iter().filter(|name| !asked.contains(&name.as_str())) {
        assert!(text.contains(&format!("\"{name}\":")), "no document has {name}");
    }
}

#[test]
fn travel_that_a_document_names_is_looked_up() {
    let asked = |travel: Value| {
        let mut found = None;
        let document = json!({
            "milkrun": "problem", "version": 1, "travel": travel,
            "depots": [{"location": {"lon": 7, "lat": 43}}],
            "clients": [{"location": {"lon": 8, "lat": 43}}],
            "vehicle_types": [{"start": 0, "end": 0}]
        })
        .to_string();
        let read = read_problem_on(&document, &mut |asked, locations| {
            found = Some((asked.clone(), locations.len()));
            Ok(Travel::haversine(10.0))
        });
        (read.map_err(|error| error.to_string()), found, read_problem(&document).map_err(|error| error.to_string()))
    };
    let (read, found, alone) = asked(json!({"type": "service", "service": "google", "profile": ["drive", "walk"],
        "curb": true, "budget": 10, "cache": "kept", "data_date": "today"}));
    assert_eq!(read.map(|problem| problem.clients().len()), Ok(1));
    let Some((AskedTravel::Service(service), 2)) = found else { panic!("{found:?}") };
    assert_eq!((service.service, service.profiles().len(), service.curb), (ServiceKind::Google, 2, true));
    assert_eq!((service.budget, service.url, service.data_date.as_deref()), (Some(10), None, Some("today")));
    assert!(alone.unwrap_err().contains("opens no connection such as to google"));
    let (_, found, alone) = asked(json!({"type": "network", "file": "city.network"}));
    assert!(matches!(found, Some((AskedTravel::Network(_), 2))), "{found:?}");
    assert!(alone.unwrap_err().contains("opens no file"));
    for wrong in [
        json!({"type": "service", "url": "http://127.0.0.1"}),
        json!({"type": "service", "service": "osrm", "file": "city.network"}),
        json!({"type": "network", "file": "city.network", "budget": 3}),
    ] {
        let (read, found, _) = asked(wrong);
        let told = read.unwrap_err();
        assert!(told.contains("  travel") && told.contains("; ") && found.is_none(), "{told}");
    }
}

#[test]
fn the_documents_have_the_right_shape() {
    for (document, read) in documents() {
        assert_eq!(shape_faults(read(&document.to_string()), ""), [], "{document}");
    }
    assert_eq!(read_problem(&problem().to_string()).err().map(|error| error.to_string()), None);
}

/// The fields of the message of the only fault.
fn only_fault(document: &Value) -> String {
    let error = read_problem(&document.to_string()).unwrap_err().to_string();
    error.split_once("):").map_or(error.clone(), |(_, message)| message.trim().to_owned())
}

#[test]
fn times_in_words_mean_seconds() {
    let numbers = problem();
    let mut words = numbers.clone();
    let mut numbers = numbers;
    for (pointer, number, word) in [
        ("/clients/0/time_window", json!([27_000, 93_600]), json!(["07:30", "26:00"])),
        ("/clients/0/service", json!(90), json!("PT1M30S")),
        ("/clients/0/soft_window/late", json!(28_805), json!("8:00:05")),
        ("/vehicle_types/0/max_duration", json!(93_600), json!("P1DT2H")),
        ("/vehicle_types/0/shift", json!([21_600, null]), json!(["6:00", null])),
        ("/vehicle_types/0/driver_rules/0/split", json!([900, 1800]), json!(["PT15M", "PT30M"])),
        ("/vehicle_types/0/executed/3/rest", json!(1800), json!("PT30M")),
        ("/speeds/0/0/from", json!(25_200), json!("07:00")),
    ] {
        *numbers.pointer_mut(pointer).unwrap() = number;
        *words.pointer_mut(pointer).unwrap() = word;
    }
    let read = |document: &Value| read_problem(&document.to_string()).unwrap();
    assert_eq!(read(&numbers), read(&words));
    // What is written has numbers.
    assert_eq!(write_problem(&read(&words)), write_problem(&read(&numbers)));
}

#[test]
fn times_in_other_words_are_faults() {
    let message = |pointer: &str, value: Value| {
        let mut document = problem();
        *document.pointer_mut(pointer).unwrap() = value;
        only_fault(&document)
    };
    let service = |text: &str| message("/clients/0/service", json!(text));
    assert_eq!(
        service("0:10"),
        "expected a whole number or a duration such as \"PT1H30M\", found \"0:10\"; write 600 or \"PT10M\" for 0:10"
    );
    assert!(service("10 min").ends_with("write seconds as a number, or as in \"PT45S\", \"PT10M\", \"PT1H30M\""));
    let opens = |text: &str| message("/clients/0/time_window", json!([text, null]));
    assert!(
        opens("7:60").starts_with("expected a whole number or a time of day such as \"07:30\""),
        "{}",
        opens("7:60")
    );
    assert!(opens("PT7H").starts_with("expected a whole number or a time of day"));
    assert!(message("/clients/0/delivery", json!(["07:30"])).contains("expected a whole number, found"));
}

#[test]
fn wrong_values_are_reported_in_plain_words() {
    let pieces = [
        "null",
        "true",
        "\"x\"",
        "\"07:30\"",
        "\"7\"",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "{\"x\":1}",
        "-1",
        "1",
        "1.5",
        "1.0",
        "-0",
        "1e400",
        "-1e3",
        "9223372036854775808",
        "18446744073709551616",
        "\"\\ud800\"",
        "{\"first\":null}",
    ];
    let mut refused = 0;
    for (document, read) in documents() {
        for pointer in pointers(&document) {
            for piece in pieces {
                let text = with(&document, &pointer, piece);
                for (at, message) in shape_faults(read(&text), &format!("{pointer} = {piece}")) {
                    let path = path(&pointer);
                    let there = at.starts_with(&path) || path.starts_with(&at);
                    // If the kind of travel changes, its other fields belong to no kind.
                    assert!(there || path == "travel.type", "{piece} at {path} is said of {at}: {message}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 5_000, "{refused}");
}

#[test]
fn a_list_never_stands_for_an_object() {
    for (document, read) in documents() {
        for pointer in pointers(&document) {
            let Some(Value::Object(fields)) = document.pointer(&pointer) else { continue };
            let in_order = Value::Array(fields.values().cloned().collect()).to_string();
            for list in [in_order.as_str(), "[]"] {
                let found = shape_faults(read(&with(&document, &pointer, list)), &pointer);
                assert_eq!(found.len(), 1, "{list} at {pointer}: {found:?}");
                let (at, message) = &found[0];
                assert_eq!(*at, path(&pointer));
                assert!(message.contains("an object") && message.contains("found a list"), "{message}");
            }
        }
    }
    let text = r#"{"milkrun": "problem", "version": 1, "vehicle_types": [[]]}"#;
    insta::assert_snapshot!(read_problem(text).unwrap_err(), @r#"
    the document has 1 fault:
      vehicle_types[0] (line 1, column 56): expected an object, found a list; name each value, as in {"name": "…"}
    "#);
}

#[test]
fn a_repeated_field_is_reported() {
    for (document, read) in documents() {
        let text = document.to_string();
        for pointer in pointers(&document) {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if document.pointer(parent).is_some_and(Value::is_object) {
                // The field is written twice, the second time under a temporary name.
                let mut twice = document.clone();
                let fields = twice.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                let value = fields[name].clone();
                fields.insert("@@@".to_owned(), value);
                let text = twice.to_string().replace("\"@@@\"", &format!("\"{name}\""));
                let found = shape_faults(read(&text), &pointer);
                assert!(
                    found.iter().any(|(at, message)| *at == path(&pointer) && message.contains("twice")),
                    "{pointer}"
                );
            }
        }
        assert!(shape_faults(read(&text), "").is_empty());
    }
}

#[test]
fn all_decimals_are_reported_at_once() {
    fn spoil(value: &mut Value, count: &mut usize) {
        match value {
            Value::Object(fields) => {
                let fields = fields
                    .iter_mut()
                    .filter(|(name, _)| !["version", "x", "y", "consumption", "coordinates"].contains(&name.as_str()));
                fields.for_each(|(_, each)| spoil(each, count));
            }
            Value::Array(list) => list.iter_mut().for_each(|each| spoil(each, count)),
            Value::Number(_) => {
                *value = json!(2.5);
                *count += 1;
            }
            _ => {}
        }
    }
    let (mut document, mut count) = (problem(), 0);
    spoil(&mut document, &mut count);
    assert!(count > 60, "{count}");
    assert_eq!(shape_faults(read_problem(&document.to_string()).err(), "").len(), count);
}

#[test]
fn long_lists_and_long_values_are_cut() {
    let head = r#"{"milkrun": "problem", "version": 1,"#;
    let million = "0.5,".repeat(1_000_000);
    let name = "n".repeat(1_000_000);
    let texts = [
        format!("{head} \"clients\": [{{\"location\": 0, \"delivery\": [{million}0.5]}}]}}"),
        format!("{head} \"{name}\": 1}}"),
        format!("{head} \"depots\": [{{\"location\": \"{name}\"}}]}}"),
        format!("{head} \"depots\": [{{\"location\": 0, \"service\": \"{name}\"}}]}}"),
        format!("{head} \"depots\": [{{\"location\": 0, \"service\": 1{}}}]}}", "0".repeat(1_000_000)),
        format!("{head} \"backhauls\": \"{name}\"}}"),
        format!("{head} \"travel\": {{\"type\": \"{name}\"}}}}"),
        format!("{head} \"separate_materials\": [[\"{name}\", \"{name}\"]]}}"),
        format!("{{\"milkrun\": \"{name}\"}}"),
        format!("{{\"milkrun\": \"problem\", \"version\": \"{name}\"}}"),
        format!("{head} \"depots\": [{{\"location\": 0}}], \"locations\": [{}{{}}]}}", "{},".repeat(100_000)),
        format!(
            "{head} \"clients\": [{}{{\"location\": {{\"x\": 0, \"y\": 0}}}}]}}",
            "{\"location\": {\"x\": 0, \"y\": 0}, \"service\": -1},".repeat(100_000)
        ),
    ];
    for text in texts {
        let error = read_problem(&text).unwrap_err();
        let message = error.to_string();
        assert!(message.len() < 20_000, "{} bytes for {:.80}", message.len(), text);
        let kept = match &error {
            JsonError::Shape { faults, .. } => faults.len(),
            JsonError::Content { faults, .. } => faults.len(),
            JsonError::Invalid(error) => error.issues.len(),
            _ => 1,
        };
        assert!(kept <= 1_000, "{kept}");
    }
}
