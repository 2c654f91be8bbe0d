//! Services that compute from coordinates alone, and keep the limits of the real ones.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::stub::{Asked, Reply};
use super::{FakeClock, KEY};
use crate::web::Clock as _;
use crate::wire::Rows;

/// A place as it travels: millionths of a degree, and whether it is approached at the curb.
type Place = (i64, i64, bool);

/// What the made-up streets have from one place to another: metres, seconds. One pair in 13 has no path.
pub(super) fn travel(from: Place, to: Place) -> Option<(f64, f64)> {
    if (from.0, from.1) == (to.0, to.1) {
        return Some((0.0, 0.0));
    }
    let mix = |place: Place, factor: i64| place.0 * factor + place.1 * 31 + i64::from(place.2) * 977;
    let number = (mix(from, 17) + mix(to, 29)).rem_euclid(100_003);
    (number % 13 != 0).then(|| (number as f64 / 2.0, number as f64 / 20.0))
}

pub(super) fn place(x: f64, y: f64, curb: bool) -> Place {
    ((x * 1e6).round() as i64, (y * 1e6).round() as i64, curb)
}

/// One of the parameters of a query.
fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The places that a path of OSRM's kind names.
fn places(path: &str) -> Vec<Place> {
    let list = path.split('?').next().unwrap().rsplit('/').next().unwrap();
    let curbs: Vec<bool> = parameter(path, "approaches").unwrap_or("").split(';').map(|word| word == "curb").collect();
    let read = |(i, pair): (usize, &str)| {
        let (x, y) = pair.split_once(',').unwrap();
        place(x.parse().unwrap(), y.parse().unwrap(), curbs.get(i).copied().unwrap_or(false))
    };
    list.split(';').enumerate().map(read).collect()
}

fn indices(path: &str, name: &str) -> Vec<usize> {
    parameter(path, name).unwrap().split(';').map(|number| number.parse().unwrap()).collect()
}

/// Tables of distances and durations.
fn tables(from: &[Place], to: &[Place]) -> (Rows, Rows) {
    let table = |of: fn((f64, f64)) -> f64| {
        from.iter().map(|&a| to.iter().map(|&b| travel(a, b).map(of)).collect()).collect::<Vec<_>>()
    };
    (table(|cell| cell.0), table(|cell| cell.1))
}

fn line(from: Place, to: Place) -> Value {
    let at = |place: Place| json!([place.0 as f64 / 1e6, place.1 as f64 / 1e6]);
    json!({ "type": "LineString", "coordinates": [at(from), at(to)] })
}

/// Answers of OSRM's kind, for coordinates of which none is in the sea: south of 43 degrees.
fn like_osrm(path: &str, table: &str) -> Reply {
    let places = places(path);
    let fault = |code: &str| Reply::status(400, json!({ "code": code, "message": "no" }).to_string());
    if path.starts_with("/nearest/") {
        let distance = if places[0].1 < 43_000_000 { 20_000.0 } else { 12.5 };
        return Reply::ok(json!({ "code": "Ok", "waypoints": [{ "distance": distance }] }).to_string());
    }
    if parameter(path, "radiuses").is_some() && places.iter().any(|place| place.1 < 43_000_000) {
        return fault("NoSegment");
    }
    let near = |place: &Place| json!({ "distance": if place.1 < 43_000_000 { 20_000.0 } else { 12.5 } });
    if path.starts_with(table) {
        let pick = |name| indices(path, name).into_iter().map(|i| places[i]).collect::<Vec<Place>>();
        let (from, to) = (pick("sources"), pick("destinations"));
        let (distances, durations) = tables(&from, &to);
        let (sources, destinations): (Vec<_>, Vec<_>) =
            (from.iter().map(near).collect(), to.iter().map(near).collect());
        let body = json!({ "code": "Ok", "distances": distances, "durations": durations,
            "sources": sources, "destinations": destinations });
        return Reply::ok(body.to_string());
    }
    let legs: Option<Vec<Value>> = places
        .windows(2)
        .map(|pair| {
            let (metres, seconds) = travel(pair[0], pair[1])?;
            let steps = json!([{ "geometry": line(pair[0], pair[1]) }, { "geometry": line(pair[1], pair[1]) }]);
            Some(json!({ "distance": metres, "duration": seconds, "steps": steps }))
        })
        .collect();
    match legs {
        Some(legs) => Reply::ok(
            json!({ "code": "Ok", "routes": [{ "legs": legs }],
            "waypoints": places.iter().map(near).collect::<Vec<_>>() })
            .to_string(),
        ),
        None => fault("NoRoute"),
    }
}

/// OSRM with a table size of 10 and a route size of 5.
pub(super) fn osrm(asked: &Asked, _: usize) -> Reply {
    let path = &asked.path;
    if path.starts_with("/table/") && indices(path, "sources").len() * indices(path, "destinations").len() > 100 {
        return Reply::status(400, r#"{"code":"TooBig","message":"Too many table coordinates"}"#);
    }
    if path.starts_with("/route/") && places(path).len() > 5 {
        return Reply::status(400, r#"{"code":"TooBig","message":"Too many coordinates"}"#);
    }
    like_osrm(path, "/table/v1/driving/")
}

/// Requests of the last minute, and what they cost.
#[derive(Default)]
struct Minute(Vec<(Duration, u64)>);

impl Minute {
    /// Whether a request of this cost is within the limits.
    fn takes(&mut self, now: Duration, cost: u64, most: u64) -> bool {
        self.0.retain(|&(time, _)| now < time + Duration::from_secs(60));
        let fits = self.0.iter().map(|&(_, cost)| cost).sum::<u64>() + cost <= most;
        if fits {
            self.0.push((now, cost));
        }
        fits
    }
}

/// Mapbox: 25 coordinates a request, 60 requests a minute.
pub(super) fn mapbox(clock: Arc<FakeClock>) -> impl FnMut(&Asked, usize) -> Reply + Send + 'static {
    let mut minute = Minute::default();
    move |asked, _| {
        if parameter(&asked.path, "access_token") != Some(KEY) {
            return Reply::status(401, r#"{"message":"Not Authorized - Invalid Token"}"#);
        }
        if !(2..=25).contains(&places(&asked.path).len()) {
            return Reply::status(422, r#"{"code":"InvalidInput","message":"Coordinates must number 2 to 25"}"#);
        }
        if !minute.takes(clock.now(), 1, 60) {
            return Reply::status(429, r#"{"message":"Too Many Requests"}"#);
        }
        match like_osrm(&asked.path, "/directions-matrix/v1/mapbox/driving/") {
            // It says so with status 200.
            Reply::Answer { status: 400, body, headers } => Reply::Answer { status: 200, body, headers },
            other => other,
        }
    }
}

/// Google Routes: 625 elements a request, 3,000 a minute; in any order, without zeros.
pub(super) fn google(clock: Arc<FakeClock>) -> impl FnMut(&Asked, usize) -> Reply + Send + 'static {
    let mut minute = Minute::default();
    move |asked, _| {
        let fault = |status: u16, name: &str| {
            Reply::status(status, json!([{ "error": { "code": status, "message": "no", "status": name } }]).to_string())
        };
        if asked.header("x-goog-api-key") != Some(KEY) {
            return fault(403, "PERMISSION_DENIED");
        }
        let Some(fields) = asked.header("x-goog-fieldmask") else { return fault(400, "INVALID_ARGUMENT") };
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        if asked.path.ends_with(":computeRoutes") {
            assert!(fields.contains("routes.legs.polyline.geoJsonLinestring"));
            return google_route(&body);
        }
        let ends = |name: &str| {
            body[name].as_array().unwrap().iter().map(|end| google_place(&end["waypoint"])).collect::<Vec<_>>()
        };
        let (from, to) = (ends("origins"), ends("destinations"));
        if from.len() * to.len() > 625 {
            return fault(400, "INVALID_ARGUMENT");
        }
        if !minute.takes(clock.now(), (from.len() * to.len()) as u64, 3_000) {
            return fault(429, "RESOURCE_EXHAUSTED");
        }
        let cell = |i: usize, j: usize| match travel(from[i], to[j]) {
            Some((metres, seconds)) if metres > 0.0 => json!({ "originIndex": i, "destinationIndex": j, "status": {},
                "condition": "ROUTE_EXISTS", "distanceMeters": metres.round(), "duration": format!("{seconds}s") }),
            Some(_) => {
                json!({ "originIndex": i, "destinationIndex": j, "condition": "ROUTE_EXISTS", "duration": "0s" })
            }
            None => json!({ "originIndex": i, "destinationIndex": j, "condition": "ROUTE_NOT_FOUND" }),
        };
        let mut cells: Vec<Value> = (0..from.len()).flat_map(|i| (0..to.len()).map(move |j| cell(i, j))).collect();
        cells.reverse();
        Reply::ok(Value::from(cells).to_string())
    }
}

fn google_place(waypoint: &Value) -> Place {
    let at = &waypoint["location"]["latLng"];
    let number = |name: &str| at[name].as_f64().unwrap();
    place(number("longitude"), number("latitude"), waypoint["sideOfRoad"] == true)
}

fn google_route(body: &Value) -> Reply {
    let between = body["intermediates"].as_array().unwrap();
    assert!(between.len() <= 25, "at most 25 intermediates");
    let all: Vec<Place> =
        [&body["origin"]].into_iter().chain(between).chain([&body["destination"]]).map(google_place).collect();
    let legs: Option<Vec<Value>> = all
        .windows(2)
        .map(|pair| {
            let (metres, seconds) = travel(pair[0], pair[1])?;
            let polyline = json!({ "geoJsonLinestring": line(pair[0], pair[1]) });
            Some(json!({ "distanceMeters": metres.round(), "duration": format!("{seconds}s"), "polyline": polyline }))
        })
        .collect();
    Reply::ok(legs.map_or_else(|| "{}".to_owned(), |legs| json!({ "routes": [{ "legs": legs }] }).to_string()))
}

/// Valhalla with 100 pairs a request and 5 locations a path.
pub(super) fn valhalla(asked: &Asked, _: usize) -> Reply {
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    let fault = |code: u64| Reply::status(400, json!({ "error_code": code, "error": "no" }).to_string());
    let read = |name: &str| {
        let point = |at: &Value| {
            place(at["lon"].as_f64().unwrap(), at["lat"].as_f64().unwrap(), at["preferred_side"] == "same")
        };
        body[name].as_array().map(|list| list.iter().map(point).collect::<Vec<Place>>()).unwrap_or_default()
    };
    let (from, to, along) = (read("sources"), read("targets"), read("locations"));
    if from.len() * to.len() > 100 || along.len() > 5 {
        return fault(150);
    }
    if asked.path == "/locate" {
        let edges = |place: &Place| if place.1 < 43_000_000 { json!([]) } else { json!([{ "way_id": 1 }]) };
        let found: Vec<Value> = along.iter().map(|place| json!({ "edges": edges(place), "nodes": [] })).collect();
        return Reply::ok(Value::from(found).to_string());
    }
    if from.iter().chain(&to).chain(&along).any(|place| place.1 < 43_000_000) {
        return fault(171);
    }
    if asked.path == "/sources_to_targets" {
        let (metres, durations) = tables(&from, &to);
        // Beyond 8 degrees east, there is an island.
        let is_island = |place: &Place| place.0 > 8_000_000;
        if from.iter().any(|a| to.iter().any(|b| is_island(a) != is_island(b))) {
            return fault(170);
        }
        let distances: Vec<Vec<Option<f64>>> = metres
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.map(|m| m.round() / 1_000.0)).collect())
            .collect();
        return Reply::ok(
            json!({ "sources_to_targets": { "distances": distances, "durations": durations } }).to_string(),
        );
    }
    let legs: Option<Vec<Value>> = along
        .windows(2)
        .map(|pair| {
            let (metres, seconds) = travel(pair[0], pair[1])?;
            let points = pair.iter().map(|p| polyline_point(*p)).collect::<Vec<_>>();
            let shape = polyline::encode_coordinates(points, 6).unwrap();
            Some(json!({ "summary": { "time": seconds, "length": metres / 1_000.0 }, "shape": shape }))
        })
        .collect();
    legs.map_or_else(|| fault(442), |legs| Reply::ok(json!({ "trip": { "legs": legs } }).to_string()))
}

fn polyline_point(place: Place) -> geo_types::Coord {
    geo_types::Coord { x: place.0 as f64 / 1e6, y: place.1 as f64 / 1e6 }
}
