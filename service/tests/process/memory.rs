//! How much memory bodies take that are refused.

use std::fmt::Write as _;
use std::thread::spawn;

use serde_json::{Value, json};

use super::support::{Place, Service, json_of, request_of};

/// Most memory of the process, MiB: its own needs, and eight large bodies with what is made of them.
const MOST: u64 = 400;

/// The most memory that a process ever had, MiB.
fn peak(service: &Service) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_024
}

/// A service that waits for bodies longer than a busy machine takes to send them.
fn patient(place: &Place) -> Service {
    let mut program = place.program();
    program.env("MILKRUN_LIMITS_BODY_SECONDS", "120").env("MILKRUN_LIMITS_REQUEST_SECONDS", "120");
    Service::start_by(place, program)
}

/// Sends a body so many times at once; gives the statuses.
fn at_once(
    service: &Service,
    access: &str,
    times: usize,
    path: &str,
    (media_type, body): (&'static str, &str),
) -> Vec<u16> {
    let sending: Vec<_> = (0..times)
        .map(|_| {
            let (address, access, path) = (service.address.clone(), access.to_owned(), path.to_owned());
            let body = body.to_owned();
            spawn(move || {
                request_of(&address, ("POST", &path), Some(&access), (media_type, body.as_bytes()))
                    .expect("an answer")
                    .0
            })
        })
        .collect();
    sending.into_iter().map(|sending| sending.join().unwrap()).collect()
}

/// Eight megabytes of a short piece again and again.
fn filled(start: &str, piece: &str, end: &str) -> String {
    let count = ((8 << 20) - start.len() - end.len()) / piece.len();
    format!("{start}{}{end}", piece.repeat(count)).replace(",]", "]")
}

/// A million rows, or objects, or lists are refused without being kept.
#[cfg(target_os = "linux")]
#[test]
fn what_is_refused_takes_little_memory() {
    let place = Place::sqlite();
    let service = patient(&place);
    let access = service.sign_up(&place);
    let json = "application/json";
    let bodies = [
        ("/v1/fleet/bins/import", "text/csv", filled("code,lon\n", "a,1\n", "")),
        ("/v1/fleet/bins/import", "text/csv", filled("code,lon\n", ",1\n", "")),
        (
            "/v1/fleet/drivers/import",
            "text/csv",
            (0..900_000).fold(String::from("code\n"), |all, i| all + &format!("{i}\n")),
        ),
        ("/v1/fleet/bins/import", json, filled("[", "{},", "]")),
        ("/v1/fleet/bins/import", json, filled("[{\"code\":[", "[],", "]}]")),
        ("/v1/fleet/bins/import", json, format!("[{{{}\"z\":0}}]", "\"a\":0,".repeat(1_300_000))),
        (
            "/v1/fleet/bins/import",
            "application/geo+json",
            filled("{\"type\":\"FeatureCollection\",\"features\":[", "{},", "]}"),
        ),
        ("/v1/plans", json, filled("{\"problem\":[", "{},", "]}")),
        ("/v1/plans", json, filled("{\"problem\":{\"milkrun\":\"problem\",\"version\":1,\"clients\":[", "{},", "]}}")),
        ("/v1/plans", json, format!("{{{}\"z\":0}}", "\"a\":0,".repeat(1_300_000))),
    ];
    let start = peak(&service);
    for (path, media_type, body) in &bodies {
        let statuses = at_once(&service, &access, 8, path, (media_type, body));
        eprintln!("memory: {path}, {media_type}, 8 times {} bytes: {} MiB at most", body.len(), peak(&service));
        assert_eq!(statuses, [422; 8], "{path} {body:.60}");
    }
    let readings = format!("{{\"readings\":[{}{{}}]}}", "{},".repeat(349_000));
    assert_eq!(at_once(&service, &access, 32, "/v1/readings", (json, &readings)), [422; 32]);
    let most = peak(&service);
    eprintln!("memory: {start} MiB before, {most} MiB at most");
    assert!(most < MOST, "{most} MiB");
    service.stop();
}

/// Whoever asks for a plan of more bins than may be planned is told so before they are loaded.
#[cfg(target_os = "linux")]
#[test]
fn too_many_bins_are_not_loaded() {
    let place = Place::sqlite();
    let service = patient(&place);
    let access = service.sign_up(&place);
    let send = |kind: &str, rows: Value| {
        let path = format!("/v1/fleet/{kind}/import");
        json_of(service.request("POST", &path, Some(&access), Some(&rows)), 200);
    };
    send("depots", json!([{"code": "yard", "lon": 4.9, "lat": 52.37}]));
    send("vehicles", json!([{"code": "t1", "depot": "yard", "capacity_kg": 5000}]));
    let mut bins = String::from("code,lon,lat,load_kg,fill_percent\n");
    for i in 0..50_000 {
        let _ = writeln!(bins, "b{i},4.9,52.4,100,{}", i % 100);
    }
    let sent =
        request_of(&service.address, ("POST", "/v1/fleet/bins/import"), Some(&access), ("text/csv", bins.as_bytes()));
    json_of(sent, 200);
    let statuses = at_once(&service, &access, 50, "/v1/plans", ("application/json", "{}"));
    assert_eq!(statuses, [422; 50]);
    let most = peak(&service);
    eprintln!("memory: 50 requests to plan 50000 bins: {most} MiB at most");
    assert!(most < MOST, "{most} MiB");
    // Fewer of them are no reason to refuse.
    let fuller = service.request("POST", "/v1/plans", Some(&access), Some(&json!({"min_fill": 99, "seconds": 1})));
    json_of(fuller, 202);
    service.stop();
}
