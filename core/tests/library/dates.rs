//! Problems whose times are dates.

use milkrun::calendar::Origin;
use milkrun::io::json::{self, JsonError};
use milkrun::plan::check::check_plan;
use milkrun::{Problem, SolveParams, Stop, solve};

fn document(origin: &str, window: &str) -> String {
    format!(
        r#"{{"milkrun": "problem", "version": 1,{origin}
        "depots": [{{"name": "yard", "location": {{"lon": 5.0, "lat": 52.0}}}}],
        "travel": {{"type": "haversine", "speed": 10}},
        "clients": [{{"name": "mill", "location": {{"lon": 5.01, "lat": 52.0}}, "service": "PT10M", "time_window": {window}}}],
        "vehicle_types": [{{"start": "yard", "end": "yard", "shift": ["06:00", "16:00"]}}]}}"#
    )
}

const TURNED: &str = r#""origin": "2026-10-25T00:00[Europe/Amsterdam]","#;

fn read(text: &str) -> Problem {
    json::read_problem(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn dates_and_times_of_day_count_from_the_origin() {
    let hour = 3_600;
    for window in [
        r#"["2026-10-25T08:00", "2026-10-25T09:00"]"#,
        r#"["08:00", "09:00"]"#,
        r#"["2026-10-25T08:00+01:00", "2026-10-25T08:00:00Z"]"#,
        r#"["2026-10-25T08:00[Europe/Amsterdam]", "2026-10-25T10:00[Europe/Helsinki]"]"#,
        "[32400, 36000]",
    ] {
        let problem = read(&document(TURNED, window));
        let found = problem.clients()[0].time_window;
        // The night has one hour more.
        assert_eq!((found.early, found.late), (9 * hour, 10 * hour), "{window}");
        assert_eq!(problem.vehicle_types()[0].shift.early, 7 * hour);
        assert_eq!(read(&json::write_problem(&problem)), problem, "{window}");
        assert_eq!(problem.to_builder().build().unwrap(), problem);
    }
    let spring = TURNED.replace("10-25", "03-29");
    assert_eq!(read(&document(&spring, r#"["08:00", null]"#)).clients()[0].time_window.early, 7 * hour);
    let later = TURNED.replace("T00:00", "T05:30");
    assert_eq!(read(&document(&later, r#"["08:00", null]"#)).clients()[0].time_window.early, 2 * hour + hour / 2);
    assert_eq!(read(&document(&later, r#"["00:00", null]"#)).clients()[0].time_window.early, -(6 * hour + hour / 2));
}

#[test]
fn plans_say_when_their_times_begin() {
    let problem = read(&document(TURNED, r#"["08:00", "09:00"]"#));
    let plan = solve(&problem, &SolveParams { stop: Stop::after_iterations(20), ..SolveParams::default() }).plan;
    assert!(plan.is_feasible() && check_plan(&problem, &plan).is_truthful());
    let text = json::write_plan(&problem, &plan);
    assert!(text.contains("2026-10-25T00:00:00+02:00[Europe/Amsterdam]"), "{text}");
    let read = json::read_reported_plan(&text, &problem).unwrap();
    assert_eq!((&read.plan, read.discrepancies.len()), (&plan, 0));
    let table = plan.table(&problem).for_dispatchers(problem.clock()).to_string();
    assert!(table.contains("7:58–8:") || table.contains("8:10"), "{table}");
    let found = json::find_visits(&text, "mill").unwrap();
    assert_eq!(found.origin.as_deref(), Some("2026-10-25T00:00:00+02:00[Europe/Amsterdam]"));
}

fn faults(text: &str) -> Vec<(String, String)> {
    match json::read_problem(text) {
        Err(JsonError::Shape { faults, .. }) => {
            faults.iter().map(|fault| (fault.path.clone(), format!("{}; {}", fault.message, fault.remedy))).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_there_twice_or_never_is_refused_all_at_once() {
    let found = faults(&document(TURNED, r#"["02:30", "2026-10-25T02:45"]"#));
    assert_eq!(
        found.iter().map(|fault| fault.0.as_str()).collect::<Vec<_>>(),
        ["clients[0].time_window[0]", "clients[0].time_window[1]"]
    );
    assert!(found.iter().all(|(_, words)| words.contains("occurs twice") && words.contains("give its offset")));
    let spring = TURNED.replace("10-25", "03-29");
    assert!(faults(&document(&spring, r#"["02:30", null]"#))[0].1.contains("or never"));
    let words = &faults(&document(TURNED, r#"["noon", null]"#))[0].1;
    assert!(words.contains("a time of day such as"), "{words}");
}

#[test]
fn dates_need_an_origin() {
    let found = faults(&document("", r#"["2026-10-25T08:00", "9:00"]"#));
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("\"origin\"") && found[0].1.contains("is a date"), "{found:?}");
    for (origin, word) in [
        (r#""origin": "2026-10-25","#, "names no time zone"),
        (r#""origin": "2026-10-25T00:00[Mars/Olympus]","#, "unknown time zone"),
        (r#""origin": "2026-10-25T02:30[Europe/Amsterdam]","#, "occurs twice"),
        (r#""origin": "tomorrow","#, "no date and time with a time zone"),
        (r#""origin": 7,"#, "expected"),
    ] {
        let found = faults(&document(origin, r#"["2026-10-25T08:00", null]"#));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == "origin" && found[0].1.contains(word), "{found:?}");
    }
}

#[test]
fn patches_may_have_dates() {
    let problem = read(&document(TURNED, r#"["08:00", "09:00"]"#));
    let patch = serde_json::json!({"clients": {"mill": {"time_window": ["2026-10-25T10:00", null]}}});
    let patched = json::merge_problem(&problem, &patch).unwrap();
    assert_eq!(patched.clients()[0].time_window.early, 11 * 3_600);
    assert_eq!(patched.origin(), Some(&Origin::new("2026-10-25T00:00[Europe/Amsterdam]").unwrap()));
}
