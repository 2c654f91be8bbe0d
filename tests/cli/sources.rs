//! `milkrun matrix --source`, and problems whose travel a service knows: a server on this machine that answers as OSRM does.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::{Run, command, folder, milkrun};

const POINTS: &str = "name,lon,lat,approach\nyard,7.41,43.73,any\nmill,7.42,43.74,any\nquay,7.43,43.73,curb\n";

/// A server; it counts requests, and ends with the program.
struct Osrm {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Osrm {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                count.fetch_add(1, Ordering::Relaxed);
                let _ = answer(stream);
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// The metres between two points by their longitudes, in both directions the same but for a metre.
fn metres(from: f64, to: f64) -> f64 {
    ((to - from).abs() * 1e5).round() + f64::from(u8::from(from < to))
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let coordinates = path.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let lons: Vec<f64> = coordinates.split(';').filter_map(|pair| pair.split(',').next()?.parse().ok()).collect();
    let chosen = |key: &str| -> Vec<f64> {
        let list = path.split(['?', '&']).find_map(|word| word.strip_prefix(key)).unwrap_or_default();
        list.split(';').filter_map(|index| lons.get(index.parse::<usize>().ok()?).copied()).collect()
    };
    let body = if path.starts_with("/table/") {
        let row = |from: &f64| -> Vec<f64> {
            chosen("destinations=")
                .iter()
                .map(|to| if (from - to).abs() < 1e-9 { 0.0 } else { metres(*from, *to) })
                .collect()
        };
        let distances: Vec<Vec<f64>> = chosen("sources=").iter().map(row).collect();
        let durations: Vec<Vec<f64>> = distances.iter().map(|row| row.iter().map(|m| m / 10.0).collect()).collect();
        serde_json::json!({"code": "Ok", "distances": distances, "durations": durations})
    } else {
        let leg = |pair: &[f64]| {
            let line = [[pair[0], 43.73], [pair[0], 43.75], [pair[1], 43.73]];
            let (distance, geometry) = (metres(pair[0], pair[1]), serde_json::json!({"coordinates": line}));
            let steps = [serde_json::json!({"geometry": geometry})];
            serde_json::json!({"distance": distance, "duration": distance / 10.0, "steps": steps})
        };
        let legs: Vec<serde_json::Value> = lons.windows(2).map(leg).collect();
        serde_json::json!({"code": "Ok", "routes": [{"legs": legs}]})
    };
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len())
}

fn matrix(folder: &Path, words: &[&str]) -> Run {
    fs::write(folder.join("points.csv"), POINTS).unwrap();
    milkrun(folder, &[&["matrix", "--points", "points.csv"], words].concat())
}

#[test]
fn a_table_comes_from_a_server_and_is_kept() {
    let (folder, server) = (folder(), Osrm::start());
    let asked = ["--source", "osrm", "--url", &server.url, "--cache", "kept"];
    let table = matrix(folder.path(), &asked).code(0).out;
    assert!(table.starts_with("from,to,seconds,metres\nyard,yard,0,0\nyard,mill,100,1001\n"), "{table}");
    assert!(table.contains("\nmill,yard,100,1000\n"), "{table}");
    let before = server.requests();
    assert!(before > 0);
    assert_eq!(matrix(folder.path(), &asked).code(0).out, table);
    assert_eq!(server.requests(), before, "everything was kept");
    matrix(folder.path(), &[&asked[..], &["--data-date", "today"]].concat()).code(0);
    assert!(server.requests() > before, "kept answers are of other data");
}

#[test]
fn straight_lines_say_that_they_are() {
    let folder = folder();
    let run = matrix(folder.path(), &["--source", "straight", "--speed", "36", "--detour", "2"]).code(0);
    let cell = run.out.lines().find(|line| line.starts_with("yard,quay,")).unwrap();
    let [seconds, metres] = [2, 3].map(|column| cell.split(',').nth(column).unwrap().parse::<f64>().unwrap());
    // 20 thousandths of a degree at 43.73° north are 1,607 m.
    assert!((metres - 3_214.0).abs() < 5.0 && (seconds - metres / 10.0).abs() < 1.0, "{cell}");
    run.reports(&["an estimate, not streets"]);
    matrix(folder.path(), &["--source", "straight", "--speed", "0"]).code(2).reports(&["the speed is 0"]);
}

#[test]
fn arrays_of_numpy_have_both_tables() {
    let (folder, server) = (folder(), Osrm::start());
    matrix(folder.path(), &["--source", "osrm", "--url", &server.url, "--out", "table.npz"]).code(0);
    let file = fs::File::open(folder.path().join("table.npz")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut array = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let values = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!((values % 64, bytes[values - 1]), (0, b'\n'));
        let header = String::from_utf8_lossy(&bytes[10..values]).into_owned();
        assert!(header.starts_with("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 3), }"), "{header}");
        let integers = bytes[values..].as_chunks::<8>().0.iter().map(|bytes| i64::from_le_bytes(*bytes));
        integers.collect::<Vec<i64>>()
    };
    assert_eq!(array("metres.npy"), [0, 1_001, 2_001, 1_000, 0, 1_001, 2_000, 1_000, 0]);
    assert_eq!(array("seconds.npy"), [0, 100, 200, 100, 0, 100, 200, 100, 0]);
    matrix(folder.path(), &["--source", "straight", "--out", "table.parquet"])
        .code(2)
        .reports(&["not written as Parquet"]);
}

#[test]
fn what_a_source_needs_is_said() {
    let folder = folder();
    let refused = |words: &[&str], told: &[&str]| matrix(folder.path(), words).code(2).reports(told);
    refused(&["--source", "osrm"], &["url: give the server's address"]);
    refused(&["--source", "valhalla", "--url", "http://127.0.0.1:1", "--budget", "9"], &["budget: OSRM and Valhalla"]);
    refused(
        &["--source", "google", "--url", "https://x.example"],
        &["url: Mapbox and Google", "budget: cells are billed"],
    );
    refused(&["--source", "mapbox", "--budget", "9", "--key-env", "NO_SUCH_KEY"], &["no variable NO_SUCH_KEY"]);
    refused(&["--source", "valhalla", "--url", "http://127.0.0.1:1", "--profile", "tank"], &["no profile `tank`"]);
    refused(&[], &["--network"]);
    // Nothing is spent: nine cells are more than the budget.
    fs::write(folder.path().join("points.csv"), POINTS).unwrap();
    let words = ["matrix", "--points", "points.csv", "--source", "google", "--budget", "3", "--profile", "walk"];
    let output = command(folder.path()).args(words).env("MILKRUN_GOOGLE_KEY", "no-key").output().unwrap();
    let run = Run::of(&output).code(2).reports(&["budget"]);
    assert!(!run.err.contains("no-key"), "{}", run.err);
}

#[test]
fn a_problem_travels_as_a_service_says() {
    let (folder, server) = (folder(), Osrm::start());
    let day = r#"{"milkrun": "problem", "version": 1,
        "travel": {"type": "service", "service": "osrm", "url": "URL", "profile": ["van", "truck"], "curb": true,
            "cache": "kept", "data_date": "2026-11-01"},
        "depots": [{"location": {"lon": 7.41, "lat": 43.73}, "name": "yard"}],
        "clients": [
            {"location": {"lon": 7.42, "lat": 43.74}, "name": "mill", "pickup": [1]},
            {"location": {"lon": 7.43, "lat": 43.73}, "name": "quay", "pickup": [1]}],
        "vehicle_types": [
            {"start": "yard", "end": "yard", "capacity": [2], "profile": 0},
            {"start": "yard", "end": "yard", "capacity": [2], "profile": 1}]}"#;
    fs::create_dir(folder.path().join("day")).unwrap();
    fs::write(folder.path().join("day/day.json"), day.replace("URL", &server.url)).unwrap();
    let solve =
        ["solve", "day/day.json", "--iterations", "50", "--out", "plan.json", "--geojson", "map.geojson", "--json"];
    let solved = milkrun(folder.path(), &solve).code(0).json();
    // Out in one arc, and back with a stop in between: each arc to the east is a metre longer.
    assert_eq!(solved["cost"], 4_001);
    assert!(folder.path().join("day/kept").is_dir());
    let map = fs::read_to_string(folder.path().join("map.geojson")).unwrap();
    assert!(map.contains("43.75"), "the map follows the lines of the service: {map}");
    fs::write(folder.path().join("paid.json"), day.replace("\"osrm\", \"url\": \"URL\"", "\"google\"")).unwrap();
    milkrun(folder.path(), &["solve", "paid.json"]).code(2).reports(&["travel: budget: cells are billed"]);
}
