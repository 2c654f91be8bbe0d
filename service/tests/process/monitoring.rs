//! What is watched is what is told: the names of figures in the alerts and the dashboard.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::support::{Place, Service, json_of, request};

/// Names of figures in a text.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let starts = text.match_indices("milkrun_").map(|(at, _)| &text[at..]);
    starts.map(|rest| rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].to_owned()).collect()
}

/// Names that the sources give to figures: in the macros, or in lists of which the macros take them.
fn of_sources(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            of_sources(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            found.extend(text.split("\"milkrun_").skip(1).filter_map(|rest| {
                let name = rest.split('"').next()?;
                Some(format!("milkrun_{name}"))
            }));
        }
    }
}

#[test]
fn what_is_watched_is_told() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut watched = BTreeSet::new();
    for file in ["prometheus/rules.yaml", "prometheus/rules_test.yaml", "grafana/milkrun.json"] {
        watched.extend(names(&std::fs::read_to_string(root.join("operations").join(file)).unwrap()));
    }
    let mut sources = BTreeSet::new();
    of_sources(&root.join("src"), &mut sources);
    let unknown: Vec<_> = watched.difference(&sources).collect();
    assert!(unknown.is_empty(), "nobody tells {unknown:?}");
    let unwatched: Vec<_> = sources.iter().filter(|name| !watched.contains(*name)).collect();
    assert!(unwatched.is_empty(), "the dashboard does not show {unwatched:?}");

    let place = Place::sqlite();
    let service = Service::start(&place);
    let access = service.sign_up(&place);
    let send = |method: &str, path: &str, body: serde_json::Value, status: u16| {
        json_of(service.request(method, path, Some(&access), Some(&body)), status)
    };
    send("POST", "/v1/fleet/depots/import", json!([{"code": "yard", "lon": 4.9, "lat": 52.37}]), 200);
    send("POST", "/v1/fleet/vehicles/import", json!([{"code": "t1", "depot": "yard", "capacity_kg": 900}]), 200);
    send("POST", "/v1/fleet/bins/import", json!([{"code": "b1", "lon": 4.8, "lat": 52.3, "load_kg": 90}]), 200);
    let job = send("POST", "/v1/plans", json!({"iterations": 10}), 202)["job"]["id"].as_str().unwrap().to_owned();
    let plan = loop {
        let job = json_of(service.request("GET", &format!("/v1/jobs/{job}"), Some(&access), None), 200);
        if job["state"] == "done" {
            break job["plan_id"].clone();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    send("PUT", "/v1/days/2026-12-03", json!({"plan_id": plan, "version": 0}), 200);
    send("POST", "/v1/days/2026-12-03/adaptations", json!({"now": 0, "seconds": 1}), 201);
    assert!(place.run(&["backup", "--out", place.path().join("b").to_str().unwrap()]).status.success());
    let (status, figures) = request(&service.metrics, "GET", "/metrics", None, None).unwrap();
    assert_eq!(status, 200);
    let told: BTreeSet<String> = figures
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| Some(line.split(['{', ' ']).next()?.to_owned()))
        .collect();
    // Histograms come with their count and sum as well.
    let plain: BTreeSet<_> = told.iter().filter(|name| !name.ends_with("_count") && !name.ends_with("_sum")).collect();
    let strange: Vec<_> = plain.iter().filter(|name| !sources.contains(**name)).collect();
    assert!(strange.is_empty(), "{strange:?}");
    for name in ["milkrun_ready", "milkrun_backup_made_seconds", "milkrun_adaptation_seconds", "milkrun_job_seconds"] {
        assert!(told.contains(name), "{name} is not told: {told:?}");
    }
    let made = figures.lines().find_map(|line| line.strip_prefix("milkrun_backup_made_seconds ")).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    assert!((0.0..300.0).contains(&(now - made.parse::<f64>().unwrap())), "{made}");
    service.stop();
    eprintln!("monitoring: {} figures watched, {} of them told within a short day", watched.len(), plain.len());
}
