//! What leaves for people and other programs: `show`, and the same options of `solve`, `adapt` and `demo`.

use std::fs;

use crate::support::{HOPELESS, folder, milkrun, names};

const ALL: [&str; 12] = [
    "--report",
    "day.html",
    "--sheets",
    "sheets.html",
    "--gpx",
    "day.gpx",
    "--csv",
    "day.csv",
    "--ical",
    "day.ics",
    "--date",
    "2026-12-03",
];

#[test]
fn solve_and_show_write_the_same() {
    let folder = folder();
    let dir = folder.path();
    let solve = ["solve", "waste_day.json", "--iterations", "100", "--out", "plan.json"];
    let run = milkrun(dir, &[&solve[..], &ALL].concat()).code(0);
    // Times of day, not seconds.
    let is_time = |text: &str| {
        let below = |part: &str, end: u8| part.parse::<u8>().is_ok_and(|number| number < end);
        text.split_once(':').is_some_and(|(hours, minutes)| below(hours, 24) && below(minutes, 60))
    };
    let spans: Vec<_> = run.out.split_whitespace().filter_map(|word| word.split_once('–')).collect();
    let trucks = run.out.lines().filter(|line| line.trim_start().starts_with(|first: char| first.is_ascii_digit()));
    // The heading names the column.
    assert_eq!(spans.len(), 1 + trucks.count(), "{}", run.out);
    for (start, end) in &spans[1..] {
        assert!(is_time(start) && is_time(end), "{}", run.out);
    }
    assert!(run.out.contains(" min"), "{}", run.out);
    let files = ["day.csv", "day.gpx", "day.html", "day.ics", "sheets.html"];
    let written = files.map(|name| fs::read_to_string(dir.join(name)).unwrap());
    assert!(files.iter().all(|name| names(dir).contains(&(*name).to_owned())));
    for (text, expected) in written.iter().zip([
        "truck,vehicle,vehicle_type,trip,position,stop,kind",
        "<gpx version=\"1.1\"",
        "Thursday, 3 December 2026",
        "BEGIN:VCALENDAR",
        "Not possible, because",
    ]) {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert_eq!(written[0].matches(",client,").count(), 120);
    assert_eq!(written[2].matches("class=\"mr-find\"").count(), 120);
    for name in files {
        fs::remove_file(dir.join(name)).unwrap();
    }
    let shown = milkrun(dir, &[&["show", "waste_day.json", "plan.json"][..], &ALL].concat()).code(0);
    assert_eq!(shown.out.lines().next(), run.out.lines().next());
    assert_eq!(files.map(|name| fs::read_to_string(dir.join(name)).unwrap()), written);
}

#[test]
fn what_cannot_be_written_is_refused_before_the_search() {
    let folder = folder();
    let dir = folder.path();
    let before = names(dir);
    let refused = |arguments: &[&str], words: &[&str]| {
        let long = ["--time-limit", "1h"];
        milkrun(dir, &[&["solve"], arguments, &long].concat()).code(2).reports(words);
        assert_eq!(names(dir), before, "nothing is left");
    };
    refused(&["waste_day.json", "--report", "no/such/day.html"], &["no/such/day.html", "give a path"]);
    refused(&["waste_day.json", "--ical", "day.ics"], &["a calendar needs the day"]);
    refused(&["village.vrp", "--gpx", "day.gpx"], &["GPX needs longitudes and latitudes"]);
    refused(&["waste_day.json", "--csv", "day.csv", "--date", "tomorrow"], &["date = \"tomorrow\""]);
    refused(
        &["waste_day.json", "--report", "a.html", "--sheets", "a.html"],
        &["--report and --sheets are the same file"],
    );
    refused(&["waste_day.json", "--report", "-", "--json"], &["--report and --json all use standard output"]);
    refused(&["waste_day.json", "--sheets", "waste_day.json"], &["--sheets would overwrite the problem"]);
}

#[test]
fn a_page_can_go_to_standard_output() {
    let folder = folder();
    let run = milkrun(folder.path(), &["solve", "village.vrp", "--iterations", "20", "--report", "-"]).code(0);
    assert!(run.out.starts_with("<!doctype html>") && run.out.trim_end().ends_with("</html>"), "{}", run.out);
    // The times of benchmark files have any unit: they are numbers.
    assert!(run.out.contains("truck") && !run.out.contains(" km"));
}

#[test]
fn an_infeasible_plan_says_what_is_wrong() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("hopeless.json"), HOPELESS).unwrap();
    milkrun(dir, &["solve", "hopeless.json", "--iterations", "20", "--report", "day.html", "--out", "plan.json"])
        .code(3);
    let page = fs::read_to_string(dir.join("day.html")).unwrap();
    assert!(page.contains("This plan violates rules") && page.contains("Not served: "), "{page}");
    let shown =
        milkrun(dir, &["show", "hopeless.json", "plan.json", "--explain-limit", "0", "--report", "day.html"]).code(3);
    assert!(shown.out.contains("infeasible"), "{}", shown.out);
    assert!(fs::read_to_string(dir.join("day.html")).unwrap().contains("Reasons were not looked for"));
}

#[test]
fn the_demo_has_a_page_with_streets() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let run = milkrun(dir, &["demo", "--iterations", "20", "--report", "day.html", "--gpx", "day.gpx"]).code(0);
    run.reports(&["The page of the day is in day.html."]);
    assert_eq!(names(dir), ["day.gpx", "day.html", "milkrun-demo.geojson"]);
    let page = fs::read_to_string(dir.join("day.html")).unwrap();
    assert!(page.contains("Lines follow the streets.") && page.contains("kg on board"));
    assert!(fs::read_to_string(dir.join("day.gpx")).unwrap().contains("<trkseg>"));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_browser_the_demo_says_where_its_page_is() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let mut command = crate::support::command(dir);
    // No program is found, and so no browser.
    let command = command
        .args(["demo", "--iterations", "5", "--open"])
        .env("PATH", dir)
        .env_remove("DISPLAY")
        .env("BROWSER", "none");
    let run = crate::support::Run::of(&command.output().unwrap()).code(0);
    run.reports(&["The page of the day is in milkrun-demo.html.", "open the file in one yourself"]);
    assert_eq!(names(dir), ["milkrun-demo.geojson", "milkrun-demo.html"]);
}

#[cfg(feature = "tables")]
#[test]
fn tables_give_the_day_and_the_units() {
    let folder = folder();
    let dir = folder.path();
    let tables = crate::support::data("tables");
    let tables = tables.to_str().unwrap();
    let day = ["--day", "2026-12-03", "-q"];
    let solve = ["solve", tables, "--iterations", "50", "--out", "plan.json", "--ical", "day.ics"];
    milkrun(dir, &[&solve[..], &day].concat()).code(0);
    assert!(fs::read_to_string(dir.join("day.ics")).unwrap().contains("DTSTART:20261203T"));
    milkrun(dir, &[&["show", tables, "plan.json", "--sheets", "sheets.html"][..], &day].concat()).code(0);
    let sheets = fs::read_to_string(dir.join("sheets.html")).unwrap();
    assert!(
        sheets.contains("kg on board") && sheets.contains("narrow gate, reverse in") && sheets.contains("3 × 120 l")
    );
}

#[test]
fn an_adapted_plan_has_a_page() {
    let folder = folder();
    let dir = folder.path();
    milkrun(dir, &["solve", "waste_day.json", "--iterations", "50", "--out", "plan.json", "-q"]).code(0);
    let adapt =
        ["adapt", "waste_day.json", "plan.json", "--now", "7:30", "--time-limit", "200ms", "--report", "now.html"];
    let run = milkrun(dir, &adapt);
    assert!(matches!(run.code, Some(0 | 3)), "{}", run.err);
    assert!(fs::read_to_string(dir.join("now.html")).unwrap().contains("</html>"));
}
