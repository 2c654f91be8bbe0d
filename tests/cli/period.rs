//! `milkrun period`, its pages, and days with a time zone.

use std::fs;

use crate::support::{folder, milkrun};

const DAY: &str = r#"{"milkrun": "problem", "version": 1, "origin": "2026-10-24T00:00[Europe/Amsterdam]",
    "travel": {"type": "haversine", "speed": 10},
    "depots": [{"name": "yard", "location": {"lon": 5.0, "lat": 52.0}}],
    "clients": [
        {"name": "mill", "location": {"lon": 5.01, "lat": 52.0}, "service": "PT10M", "time_window": ["08:00", "09:00"]},
        {"name": "farm", "location": {"lon": 5.02, "lat": 52.0}, "service": "PT10M"}],
    "vehicle_types": [{"name": "Red", "start": "yard", "end": "yard", "shift": ["06:00", "16:00"]}]}"#;

const VISITS: &str = r#"{"days": 3, "visits": [{"client": "mill", "frequency": 2}]}"#;

#[test]
fn pages_and_sheets_of_all_days() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("day.json"), DAY).unwrap();
    fs::write(dir.join("visits.json"), VISITS).unwrap();
    let period = ["period", "day.json", "--visits", "visits.json", "--iterations", "200", "--quiet"];
    let pages = ["--report", "week.html", "--sheets", "sheets.html"];
    let told = milkrun(dir, &[&period[..], &pages[..]].concat()).code(0).out;
    assert!(told.contains("truck  vehicle") && told.contains("3 days cost"), "{told}");
    let page = fs::read_to_string(dir.join("week.html")).unwrap();
    assert!(page.contains("Saturday, 24 October 2026 to Monday, 26 October 2026"), "{}", &page[..2_000]);
    assert_eq!(page.matches("class=\"milkrun mr-oneday\"").count(), 3);
    let sheets = fs::read_to_string(dir.join("sheets.html")).unwrap();
    let driven = (0..3).filter(|day| page.contains(&format!("id=\"mr-truck-{day}-1\""))).count();
    assert_eq!(sheets.matches("<section class=\"sheet\">").count(), driven);
    // Another first day.
    let dated = [&period[..], &["--date", "2026-11-30", "--report", "-"]].concat();
    assert!(milkrun(dir, &dated).code(0).out.contains("Monday, 30 November 2026 to Wednesday, 2 December 2026"));
    milkrun(dir, &[&period[..], &["--report", "-", "--json"]].concat()).code(2).reports(&["all use standard output"]);
    milkrun(dir, &[&period[..], &["--report", "day.json"]].concat()).code(2).reports(&["would overwrite the problem"]);
}

#[test]
fn a_night_in_which_clocks_are_turned() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("day.json"), DAY.replace("10-24", "10-25")).unwrap();
    let solve = ["solve", "day.json", "--iterations", "50", "--out", "plan.json", "--ical", "day.ics"];
    let told = milkrun(dir, &solve).code(0).out;
    let calendar = fs::read_to_string(dir.join("day.ics")).unwrap();
    for line in
        ["BEGIN:VTIMEZONE", "DTSTART;TZID=Europe/Amsterdam:20261025T0", "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100"]
    {
        assert!(calendar.contains(line), "{line}: {calendar}");
    }
    // From the window on, service is at eight by the clocks, nine hours after midnight.
    let plan = fs::read_to_string(dir.join("plan.json")).unwrap();
    assert!(plan.contains("\"start\": 32400") || plan.contains("\"start\": 33"), "{plan}");
    assert!(told.contains("truck") && !told.contains("9:5"), "{told}");
    let found = milkrun(dir, &["where", "plan.json", "mill"]).code(0).out;
    assert!(found.starts_with("mill: Red (truck 1), stop "), "{found}");
    let adapt = ["adapt", "day.json", "plan.json", "--event", "cancel farm", "--time-limit", "200ms", "--now"];
    milkrun(dir, &[&adapt[..], &["06:30"]].concat()).code(0);
    milkrun(dir, &[&adapt[..], &["2026-10-25T06:30+01:00"]].concat()).code(0);
    milkrun(dir, &[&adapt[..], &["02:30"]].concat()).code(2).reports(&["--now \"02:30\"", "give its offset"]);
    milkrun(dir, &[&adapt[..], &["noon"]].concat()).code(2).reports(&["a time of day"]);
}
