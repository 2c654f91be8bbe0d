//! `milkrun carry`.

use std::fs;

use crate::support::{folder, milkrun};

fn day(clients: &str) -> String {
    format!(
        r#"{{"milkrun": "problem", "version": 1, "name": "Thursday", "depots": [{{"location": {{"x": 0, "y": 0}}}}],
        "vehicle_types": [{{"count": 1, "capacity": [9], "start": 0, "end": 0, "max_distance": 100}}], "clients": [{clients}]}}"#
    )
}

fn client(name: &str, x: i32, pickup: i32, more: &str) -> String {
    format!(r#"{{"name": "{name}", "location": {{"x": {x}, "y": 0}}, "pickup": [{pickup}]{more}}}"#)
}

#[test]
fn what_was_missed_comes_tomorrow() {
    let folder = folder();
    let dir = folder.path();
    let optional = r#", "required": false, "prize": 3"#;
    let today = [client("bakery", 5, 2, ""), client("school", 9, 3, ""), client("farm", 900, 1, optional)];
    fs::write(dir.join("today.json"), day(&today.join(","))).unwrap();
    fs::write(dir.join("tomorrow.json"), day(&client("bakery", 5, 1, ""))).unwrap();
    milkrun(dir, &["solve", "today.json", "--iterations", "50", "--out", "plan.json"]).code(0);
    let asked = ["carry", "today.json", "plan.json", "tomorrow.json", "--missed", "bakery", "--missed", "school"];
    let lines = milkrun(dir, &[&asked[..], &["--out", "all.json"]].concat()).code(0).err;
    assert_eq!(
        lines,
        "bakery (client 0): was planned there, too: the amounts are added\n\
         school (client 1): joins the next day\n\
         farm (client 2): joins the next day\n"
    );
    let solved =
        milkrun(dir, &["solve", "all.json", "--iterations", "50", "--json", "--out", "next.json"]).code(0).json();
    assert_eq!(solved["plan"]["unserved"]["clients"], serde_json::json!(["farm"]));
    let all: serde_json::Value = serde_json::from_str(&fs::read_to_string(dir.join("all.json")).unwrap()).unwrap();
    assert_eq!(
        (&all["clients"][0]["pickup"][0], &all["clients"][1]["tags"]["carried"]),
        (&3.into(), &"Thursday".into())
    );
    // Only what was planned; to standard output.
    let text = milkrun(dir, &["carry", "today.json", "plan.json", "tomorrow.json", "--planned-only"]).code(0);
    assert_eq!(text.json()["clients"].as_array().unwrap().len(), 1);
    assert_eq!(text.err, "nothing was missed\n");
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("today.json"), day(&client("a", 5, 2, ""))).unwrap();
    fs::write(dir.join("next.json"), day(&[client("a", 5, 1, ""), client("a", 6, 1, "")].join(","))).unwrap();
    milkrun(dir, &["solve", "today.json", "--iterations", "5", "--out", "plan.json"]).code(0);
    let carry = |missed: &[&str]| {
        let mut asked = vec!["carry", "today.json", "plan.json", "next.json", "--out", "all.json"];
        asked.extend(missed.iter().flat_map(|name| ["--missed", name]));
        milkrun(dir, &asked).code(2)
    };
    carry(&["unknown", "nowhere"]).reports(&["clients[0]", "unknown", "clients[1]", "nowhere"]);
    carry(&["a"]).reports(&["several clients of the next day have this name"]);
    assert!(!dir.join("all.json").exists());
}
