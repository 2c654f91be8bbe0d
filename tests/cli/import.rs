//! `milkrun import`, and `milkrun solve` on tables.

use std::fs;
use std::path::Path;

use crate::support::{Run, data, folder, milkrun};

/// The day for which the examples are tested.
const DAY: [&str; 2] = ["--day", "2026-12-03"];

fn import(dir: &Path, words: &[&str]) -> Run {
    milkrun(dir, &[&["import"], words].concat())
}

#[test]
fn a_folder_of_tables_becomes_a_plan_in_two_commands() {
    let folder = folder();
    let dir = folder.path();
    let tables = data("tables");
    let tables = tables.to_str().unwrap();
    let run = import(dir, &[&[tables, "--out", "day.json"], &DAY[..]].concat()).code(0);
    let run = run.reports(&[
        "bins.csv: bins, 64 rows (UTF-8; cells are separated by `,`)",
        "`Address` read as address",
        "`Postcode` kept as a tag",
        "`Capacity (t)` read as capacity, in t",
        "parking takes 60 s, once at each place",
        "Thursday, 2026-12-03: ",
        "not, on other days of the week",
        "; 3 trucks, 2 disposal sites, 1 depot",
    ]);
    assert_eq!(run.out, "");
    let solve = ["solve", "day.json", "--iterations", "300", "--out", "plan.json"];
    milkrun(dir, &solve).code(0).reports(&["2026-12-03: ", " clients, 1 depot, 3 vehicles"]);
    let plan: serde_json::Value = serde_json::from_str(&fs::read_to_string(dir.join("plan.json")).unwrap()).unwrap();
    let visits = || plan["routes"].as_array().unwrap().iter().flat_map(|route| route["trips"].as_array().unwrap());
    let visits = || visits().flat_map(|trip| trip["visits"].as_array().unwrap());
    assert!(visits().any(|visit| visit["remarks"] == "key at the baker's"), "{plan}");
    assert!(visits().any(|visit| visit["tags"]["Postcode"] == "1310"), "{plan}");
    assert!(visits().any(|visit| visit["tags"]["Phone"] == "55-0100" || visit["tags"]["Phone"] == "55-0200"), "{plan}");
    milkrun(dir, &["check", "day.json", "plan.json"]).code(0);
}

#[test]
fn solve_takes_the_tables_themselves() {
    let folder = folder();
    let dir = folder.path();
    let tables = data("tables");
    let tables = tables.to_str().unwrap();
    let solve = ["solve", tables, "--iterations", "300", "--json"];
    let whole = milkrun(dir, &[&solve[..], &DAY[..]].concat()).code(0).reports(&["64 rows"]).json();
    let files: Vec<String> = ["depots", "bins", "trucks", "sites"].map(|name| format!("{tables}/{name}.csv")).into();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let rest = ["--iterations", "300", "--json", "--quiet"];
    let run = milkrun(dir, &[&["solve"], &files[..], &rest[..], &DAY[..]].concat()).code(0);
    assert_eq!(run.err, "");
    assert_eq!(run.json()["unserved"], whole["unserved"]);
    assert_eq!(whole["feasible"], true);
}

#[test]
fn german_tables_say_the_same() {
    let folder = folder();
    let dir = folder.path();
    let (english, german) = (data("tables"), data("tabellen"));
    import(dir, &[&[english.to_str().unwrap(), "--out", "en.json", "--quiet"], &DAY[..]].concat()).code(0);
    let run = import(dir, &[&[german.to_str().unwrap(), "--out", "de.json"], &DAY[..]].concat()).code(0);
    run.reports(&[
        "windows-1252, for it is not UTF-8; another one with --encoding; cells are separated by `;`",
        "`Straße` read as address",
        "`Bemerkung` read as remarks",
        "`Größe (l)` read as size, in l",
    ]);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(dir.join(name)).unwrap()).unwrap()
    };
    let (english, german) = (read("en.json"), read("de.json"));
    let clients = |problem: &serde_json::Value| problem["clients"].as_array().unwrap().clone();
    let (english, german) = (clients(&english), clients(&german));
    assert!(english.len() > 20);
    assert_eq!(english.len(), german.len());
    for (en, de) in english.iter().zip(&german) {
        assert_eq!((&en["pickup"], &en["service"]), (&de["pickup"], &de["service"]));
        assert_eq!(en.get("time_windows"), de.get("time_windows"));
    }
}

#[test]
fn every_fault_is_told_with_row_column_value_and_remedy() {
    let folder = folder();
    let dir = folder.path();
    let bins = "Name,Lat,Lon,Days,Hours,Start,Size\n\
                a,52.1,5.1,Mon/Thu,6-14,,240\n\
                b,,,Mon,6-14,,240\n\
                c,52.1,5.1,someday,6-14,,240\n\
                d,52.1,5.1,every 2nd week,6-14,,240\n\
                e,52.1,5.1,Mon,14,,240\n\
                f,95,5.1,Mon,6-14,03/04/2026,240\n\
                g,52.1,5.1,Mon,6-14,,1.100\n";
    fs::write(dir.join("bins.csv"), bins).unwrap();
    let run = import(dir, &["bins.csv", "--day", "2026-12-03"]).code(2);
    run.reports(&[
        "the tables have 7 faults:",
        "bins.csv, row 3: has no position; add columns `latitude` and `longitude`",
        "bins.csv, row 4, column \"Days\" = someday: has \"someday\", which is no day; write Mon/Thu",
        "bins.csv, row 5, column \"Days\" = every 2nd week: does not say from which week on; give a column `start`",
        "bins.csv, row 6, column \"Hours\" = 14: is a single time, not a window; write 06:00-10:00",
        "bins.csv, row 7, column \"Start\" = 03/04/2026: may be 2026-04-03 or 2026-03-04",
        "bins.csv, row 7, column \"Lat\" = 95: does not lie in -90 to 90 degrees",
        "bins.csv, row 8, column \"Size\" = 1.100: may be 1100 or 1.100",
    ]);
    fs::write(dir.join("bins.csv"), "Name,Lat,Lon,Days\na,52.1,5.1,Mon/Thu\n").unwrap();
    let run = import(dir, &["bins.csv"]).code(2);
    run.reports(&["depends on the day; say which day is planned: --day 2026-12-03"]);
    let run = import(dir, &["bins.csv", "--day", "2026-12-03"]).code(2);
    run.reports(&["trucks: there are none; add a table of trucks", "depots: there are none; add a table of depots"]);
}

#[test]
fn what_columns_and_files_are_can_be_said() {
    let folder = folder();
    let dir = folder.path();
    fs::write(dir.join("a.csv"), "Nummer;Wo;Kap.;Farbe\n7;52,1 5,1;80;rot\n").unwrap();
    fs::write(dir.join("b.csv"), "Wagen;Kap.\nA;1,5\n").unwrap();
    fs::write(dir.join("c.csv"), "Hof;Wo\nH;52 5\n").unwrap();
    let named = ["--bins", "a.csv", "--trucks", "b.csv", "--depots", "c.csv", "--map", "Wo=position", "--quiet"];
    let files = ["a.csv", "b.csv", "c.csv"];
    let run = import(dir, &[&files[..], &named[..], &["--map", "Farbe=ignore"]].concat()).code(0);
    assert_eq!(run.json()["clients"][0]["tags"]["Kap."], "80", "a client has no capacity");
    assert!(run.json()["clients"][0]["tags"].get("Farbe").is_none());
    let words = [&files[..], &named[..], &["--map", "Kap.=capacity:t", "--map", "Farbe=colour"]].concat();
    import(dir, &words).code(2).reports(&["--map Farbe = colour: is no field; give tag, ignore, or one of name"]);
    let words = [&files[..], &named[..], &["--map", "Kap.=capacity:t"]].concat();
    let problem = import(dir, &words).code(0).json();
    assert_eq!(problem["vehicle_types"][0]["capacity"][0], 1_500);
    import(dir, &["missing.csv"]).code(2).reports(&["missing.csv: cannot be read", "check the path"]);
    import(dir, &["."]).code(2);
}

#[test]
fn defaults_are_a_file() {
    let folder = folder();
    let dir = folder.path();
    let tables = data("tables");
    fs::write(dir.join("own.toml"), "parking = 600\n[density]\nother = 1.0\n").unwrap();
    let tables = tables.to_str().unwrap();
    let plain = import(dir, &[&[tables, "--quiet"], &DAY[..]].concat()).code(0).json();
    let own = import(dir, &[&[tables, "--quiet", "--defaults", "own.toml"], &DAY[..]].concat()).code(0).json();
    let setup = |problem: &serde_json::Value| problem["clients"][0]["setup"].as_i64().unwrap();
    assert_eq!(setup(&own), setup(&plain) + 540);
    assert!(own["clients"][0]["pickup"][0].as_i64() > plain["clients"][0]["pickup"][0].as_i64());
}

/// Points of a map with properties are clients, depots and sites; faults name the feature.
#[test]
fn features_of_a_map_become_a_plan() {
    let folder = folder();
    let dir = folder.path();
    let point = |lon: f64, properties: serde_json::Value| {
        let geometry = serde_json::json!({"type": "Point", "coordinates": [lon, 52.5]});
        serde_json::json!({"type": "Feature", "geometry": geometry, "properties": properties})
    };
    let collection = |load: &str| {
        serde_json::json!({"type": "FeatureCollection", "features": [
            point(13.40, serde_json::json!({"kind": "depot", "name": "yard"})),
            point(13.42, serde_json::json!({"name": "mill", "load": load, "hours": "08:00-12:00", "gate": "north"})),
            point(13.44, serde_json::json!({"name": "shop", "load": "90 kg"})),
            point(13.46, serde_json::json!({"kind": "site", "name": "dump"})),
            {"type": "Feature", "geometry": null, "properties": {"kind": "truck", "name": "red", "capacity": "1 t"}}]})
        .to_string()
    };
    fs::write(dir.join("points.geojson"), collection("120 kg")).unwrap();
    import(dir, &["points.geojson", "--out", "day.json"]).code(0).reports(&[
        "GeoJSON: features of the kind bins",
        "`hours` read as window",
        "`gate` kept as a tag",
        "1 truck, 1 disposal site, 1 depot",
    ]);
    let solve = ["solve", "points.geojson", "--iterations", "100", "--json", "--out", "plan.json"];
    assert_eq!(milkrun(dir, &solve).code(0).json()["feasible"], true);
    milkrun(dir, &["check", "day.json", "plan.json"]).code(0);
    fs::write(dir.join("wrong.geojson"), collection("heavy")).unwrap();
    import(dir, &["wrong.geojson"]).code(2).reports(&["wrong.geojson, features[1], column \"load\" = heavy: "]);
}
