//! `milkrun forecast`, `milkrun select` and `milkrun backtest`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{folder, milkrun, milkrun_with_input};

/// Three bins, read four times a day for three weeks: one gains ten points a day, one five, one two; each is emptied at 90.
fn readings() -> String {
    let mut text = String::from("bin,time,fill\n");
    for (name, gain) in [("quick", 10.0), ("even", 5.0), ("slow", 2.0)] {
        let mut level = 0.0;
        for step in 0..84 {
            writeln!(text, "{name},{},{level:.1}", step * 21_600).unwrap();
            level = if level >= 90.0 { 0.0 } else { level + gain / 4.0 };
        }
    }
    text
}

const CITY: &str = r#"{
    "milkrun": "problem", "version": 1, "name": "city",
    "depots": [{"name": "yard", "location": {"x": 0, "y": 0}}],
    "clients": [
        {"name": "quick", "location": {"x": 30, "y": 40}, "pickup": [1]},
        {"name": "even", "location": {"x": 60, "y": 80}},
        {"name": "shop", "location": {"x": 6, "y": 8}, "pickup": [2]}
    ],
    "vehicle_types": [{"name": "truck", "capacity": [500], "start": "yard", "end": "yard"}]
}"#;

fn with_readings() -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("readings.csv"), readings()).unwrap();
    fs::write(folder.path().join("city.json"), CITY).unwrap();
    folder
}

fn bin<'a>(answer: &'a Value, id: &str) -> &'a Value {
    answer["bins"].as_array().unwrap().iter().find(|bin| bin["id"] == id).unwrap()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn when_bins_are_full() {
    let folder = with_readings();
    let run = milkrun(folder.path(), &["forecast", "readings.csv", "--horizons", "12h,5d,30d", "--json"]).code(0);
    run.reports(&["3 bins, 252 readings", "emptyings"]);
    let answer = milkrun(folder.path(), &["forecast", "readings.csv", "--horizons", "12h,5d,30d", "--json"]).json();
    for id in ["quick", "even", "slow"] {
        let p: Vec<f64> = bin(&answer, id)["p_full"].as_array().unwrap().iter().map(|p| p.as_f64().unwrap()).collect();
        assert!(p[0] <= p[1] && p[1] <= p[2], "{id}: {p:?}");
    }
    // Its level is 7.5 + … and gains ten points a day: not within half a day, surely within a month.
    let quick = &bin(&answer, "quick")["p_full"];
    assert!(quick[0].as_f64().unwrap() < 0.05 && quick[2].as_f64().unwrap() > 0.95, "{quick}");
    // 41.5 points at two a day: five days are far too few.
    assert!(bin(&answer, "slow")["p_full"][1].as_f64().unwrap() < 0.01);
    let steps: Vec<&Value> = answer["readings"].as_array().unwrap().iter().map(|r| &r["step"]).collect();
    assert_eq!(steps.len(), 3);
}

#[test]
fn the_same_as_a_table_and_from_a_pipe() {
    let folder = with_readings();
    milkrun(folder.path(), &["forecast", "readings.csv", "--out", "f.csv", "--model", "gamma"]).code(0);
    let text = fs::read_to_string(folder.path().join("f.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("id,last_reading,level,p_full_1d,p_full_2d,p_full_3d,p_full_7d,full_by_10pct"));
    assert!(lines[1].starts_with("quick,1970-01-21T18:00:00Z,"), "{}", lines[1]);
    let renamed = readings().replace("bin,time,fill", "sensor,seen,percent");
    let arguments = ["forecast", "-", "--columns", "sensor,seen,percent", "--out", "-", "--model", "gamma"];
    assert_eq!(milkrun_with_input(folder.path(), &arguments, &renamed).code(0).out, text);
}

#[test]
fn decisions_go_into_the_problem() {
    let folder = with_readings();
    let select = ["select", "readings.csv", "--at", "1970-01-27", "--json"];
    let answer = milkrun(folder.path(), &select).code(0).json();
    let actions = ["must", "may", "skip"].map(|action| answer[action].as_u64().unwrap());
    assert_eq!(actions.iter().sum::<u64>(), 3);
    assert_eq!(bin(&answer, "slow")["action"], "skip");

    let with_problem = ["--problem", "city.json", "--out", "today.json", "--full-load", "200", "--visit-cost", "1000"];
    let run = milkrun(folder.path(), &[&select[..4], &with_problem[..]].concat()).code(0);
    run.reports(&["bins without a client in the problem: 1, the first is \"slow\"", "must"]);
    let today = read_json(&folder.path().join("today.json"));
    let clients = today["clients"].as_array().unwrap();
    for id in ["quick", "even"] {
        let (client, choice) = (clients.iter().find(|c| c["name"] == id).unwrap(), bin(&answer, id));
        let load = client["pickup"][0].as_f64().unwrap();
        assert!((load - 2.0 * choice["level"].as_f64().unwrap()).abs() < 2.0, "{client} {choice}");
        let required = client["required"].as_bool().unwrap_or(true);
        assert_eq!(required, choice["action"] == "must", "{client} {choice}");
    }
    let shop = clients.iter().find(|c| c["name"] == "shop").unwrap();
    assert_eq!((shop["pickup"][0].as_u64(), shop["required"].as_bool().unwrap_or(true)), (Some(2), true));
    milkrun(folder.path(), &["solve", "today.json", "--iterations", "100"]).code(0);
}

#[test]
fn faults_of_readings() {
    let folder = with_readings();
    let bad = "id,time,value\na,0,1\na,noon,x\n,5,2\n";
    fs::write(folder.path().join("bad.csv"), bad).unwrap();
    let run = milkrun(folder.path(), &["forecast", "bad.csv"]).code(2);
    run.reports(&["bad.csv: line 3 = \"noon\"", "line 3 = \"x\"", "line 4"]);
    fs::write(folder.path().join("empty.csv"), "id,time,value\n").unwrap();
    milkrun(folder.path(), &["forecast", "empty.csv"]).code(2).reports(&["there are no readings"]);
    fs::write(folder.path().join("one.csv"), "id,time,value\na,0,5\n").unwrap();
    milkrun(folder.path(), &["forecast", "one.csv"]).code(2).reports(&["give more readings"]);
    fs::write(folder.path().join("rounds.csv"), "id,time\nunknown,5\n").unwrap();
    let run = milkrun(folder.path(), &["forecast", "readings.csv", "--emptyings", "rounds.csv"]).code(2);
    run.reports(&["unknown"]);
    milkrun(folder.path(), &["select", "readings.csv", "--tolerance", "2", "--period", "0d"]).code(2);
    milkrun(folder.path(), &["select", "readings.csv", "--tolerance", "2"]).code(2).reports(&["tolerance = 2"]);
    milkrun(folder.path(), &["select", "readings.csv", "--problem", "city.json"]).code(2).reports(&["--out"]);
    milkrun(folder.path(), &["select", "readings.csv", "--problem", "village.vrp", "--out", "x.json"]).code(2);
    milkrun(folder.path(), &["forecast", "-", "--emptyings", "-"]).code(2).reports(&["standard input"]);
    milkrun(folder.path(), &["backtest"]).code(2);
    fs::write(folder.path().join("few.csv"), "id,time,value\na,0,5\na,100000,50\n").unwrap();
    milkrun(folder.path(), &["backtest", "few.csv", "--visits"]).code(2).reports(&["give more rows"]);
}

/// Tables that are readable, but give no meaningful forecast.
#[test]
fn readings_in_another_unit() {
    let folder = with_readings();
    let write = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    let fails = |arguments: &[&str], words: &[&str]| {
        milkrun(folder.path(), arguments).code(2).reports(words);
    };
    write("latin.csv", b"id,time,value\nM\xfcll,0,1\nM\xe4ll,0,2\n");
    fails(&["forecast", "latin.csv"], &["line 2", "line 3", "is not UTF-8; save the table as UTF-8"]);
    write("mars.csv", b"id,time,value\na,2026-01-01T00:00[Mars/Olympus],1\n");
    fails(&["forecast", "mars.csv"], &["line 2", "unknown time zone"]);
    write("late.csv", format!("{}odd,2040-01-01,5\n", readings()).as_bytes());
    for command in ["forecast", "select", "backtest"] {
        fails(&[command, "late.csv"], &["the readings of \"odd\" = 2040-01-01", "is more than two years after"]);
    }
    write("old.csv", format!("{}odd,-100000000000,5\n", readings()).as_bytes());
    fails(&["backtest", "old.csv"], &["more than two years before", "more than a hundred years"]);
    fails(
        &["forecast", "readings.csv", "--now", "1970-01-05"],
        &["--now 1970-01-05", "the last reading is of 1970-01-21"],
    );
    fails(&["select", "readings.csv", "--at", "0"], &["--at 1970-01-01", "remove later readings"]);
    write("two.csv", b"id,time,value\na,0,5\na,100000,50\n");
    fails(&["backtest", "two.csv"], &["the history is too short"]);
    write("lvl.csv", b"id,time,lvl\na,0,5\na,100000,50\n");
    fails(&["forecast", "lvl.csv"], &["no reading has a value", "--columns"]);
    write("share.csv", b"id,time,value\na,0,0.1\na,21600,0.2\na,43200,0.3\n");
    milkrun(folder.path(), &["forecast", "share.csv"]).code(0).reports(&["warning: no level exceeds 0.3", "--full"]);
    let rows = "b,noon,x\n".repeat(100_000);
    write("bad.csv", format!("id,time,value\n{rows}").as_bytes());
    let run = milkrun(folder.path(), &["forecast", "bad.csv"]).code(2);
    assert!(run.err.len() < 20_000, "{}", run.err.len());
    run.reports(&["and 199950 more"]);
}

/// The same moments, as seconds and as times of a zone.
#[test]
fn zones_of_readings() {
    let folder = with_readings();
    let answer = |name: &str| milkrun(folder.path(), &["forecast", name, "--json"]).code(0).json();
    let rows = |time: &dyn Fn(i64) -> String| {
        let rows = (0..40).map(|day: i64| format!("a,{},{}", time(day), 7 * (day % 12)));
        rows.collect::<Vec<_>>().join("\n")
    };
    let plain = rows(&|day| (1_767_222_000 + day * 86_400).to_string());
    let zoned = rows(&|day| {
        let (month, day) = if day < 31 { (1, day + 1) } else { (2, day - 30) };
        format!("2026-{month:02}-{day:02}T00:00[Europe/Berlin]")
    });
    fs::write(folder.path().join("plain.csv"), format!("id,time,value\n{plain}")).unwrap();
    fs::write(folder.path().join("zoned.csv"), format!("id,time,value\n{zoned}")).unwrap();
    assert_eq!(answer("plain.csv"), answer("zoned.csv"));
}

#[test]
fn backtests() {
    let folder = with_readings();
    let answer = milkrun(folder.path(), &["backtest", "readings.csv", "--json"]).code(0).json();
    let fills = answer["fill"].as_array().unwrap();
    assert_eq!(fills.len(), 6, "two models, three horizons");
    assert!(fills[0]["forecasts"].as_u64().unwrap() > 20 && fills[0]["mae"].as_f64().unwrap() < 1.0, "{}", fills[0]);
    let daily = answer["daily"].as_array().unwrap();
    assert_eq!(daily.len(), 4);
}

#[test]
fn ways_to_decide() {
    let folder = folder();
    let arguments = [
        "backtest",
        "--simulate",
        "--seeds",
        "5",
        "--bins",
        "15",
        "--days",
        "50",
        "--readings-out",
        "city.csv",
        "--prices",
        "2,1.5,40",
        "--json",
    ];
    let run = milkrun(folder.path(), &arguments).code(0);
    let answer = run.json();
    let policies = answer.as_array().unwrap();
    assert_eq!(policies.len(), 6);
    for policy in policies {
        assert_eq!(
            (policy["runs"][0]["days"].as_u64(), policy["runs"][0]["infeasible_days"].as_u64()),
            (Some(8), Some(0))
        );
        let run = &policy["runs"][0];
        let of = |name: &str| run[name].as_f64().unwrap();
        let money = 2.0 * of("kilometres") + 1.5 * of("visits") + 40.0 * of("overflows");
        assert!((of("money") - money).abs() < 1e-6, "{run}");
    }
    assert_eq!(policies[0]["runs"][0]["visits"], 60, "fifteen bins, every second of eight days");
    assert_eq!(milkrun(folder.path(), &arguments).code(0).out, run.out, "equal seeds give equal answers");
    milkrun(folder.path(), &["backtest", "city.csv"]).code(0);
    milkrun(folder.path(), &["forecast", "city.csv"]).code(0).reports(&["15 bins, 3000 readings"]);
}
