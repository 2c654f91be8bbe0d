//! Samsara: positions by cursor, and routes, of which no older version stays.

use std::sync::{Arc, Mutex};

use milkrun::CancelToken;
use serde_json::{Value, json};

use super::stub::{Asked, Reply, Stub};
use super::{Still, account, options};
use crate::Samsara;
use crate::capabilities::{Dispatch, DispatchStop, Replaced, Telematics as _};
use crate::client::ClientOptions;

#[test]
fn samsara_gives_positions_by_cursor_and_takes_routes() {
    let stub = Stub::start(|asked, _| {
        match asked.method.as_str() {
            "POST" => return Reply::ok(json!({"data": {"id": "r9"}}).to_string()),
            // Nothing was sent under this name before.
            "DELETE" => return Reply::status(404, "{\"message\": \"not found\"}"),
            _ => {}
        }
        let gps =
            json!([{"time": "2026-12-03T07:30:00Z", "latitude": 52.37, "longitude": 4.9, "speedMilesPerHour": 10.0}]);
        let data = json!([{"id": "v1", "gps": gps}, {"id": "v2"}]);
        Reply::ok(json!({"data": data, "pagination": {"endCursor": "c&2", "hasNextPage": true}}).to_string())
    });
    let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let never = CancelToken::new();
    let page = vehicles.positions(None, &never).unwrap();
    assert_eq!((page.positions.len(), page.cursor.as_str(), page.has_more), (1, "c&2", true));
    let found = &page.positions[0];
    assert_eq!((found.vehicle.as_str(), found.at, found.lon, found.lat), ("v1", 1_796_283_000_000, 4.9, 52.37));
    assert!((found.speed - 4.4704).abs() < 1e-9);
    vehicles.positions(Some(&page.cursor), &never).unwrap();
    let stop = DispatchStop { name: "b7".to_owned(), lon: 4.9, lat: 52.4, arrival: 1_796_283_000_000 };
    let (id, name, vehicle) = ("7f".to_owned(), "2026-12-03".to_owned(), "v1".to_owned());
    let route = Dispatch { id, name, vehicle, stops: vec![stop] };
    let replaced = Replaced { sent: vec!["k-1".to_owned()], uncertain: Vec::new() };
    assert_eq!(vehicles.dispatch(&route, "k-2", &replaced, &never).unwrap().reference, "r9");
    let asked = stub.asked();
    assert_eq!(asked[0].path, "/fleet/vehicles/stats/feed?types=gps");
    assert_eq!(asked[1].path, "/fleet/vehicles/stats/feed?types=gps&after=c%262");
    assert_eq!((asked[2].method.as_str(), asked[2].path.as_str()), ("DELETE", "/fleet/routes/milkrunkey:k1"));
    let body: Value = serde_json::from_str(&asked[3].body).unwrap();
    assert_eq!(body["stops"][0]["scheduledArrivalTime"], "2026-12-03T07:30:00Z");
    assert_eq!(
        (&body["vehicleId"], &body["externalIds"]),
        (&json!("v1"), &json!({"milkrun": "7f", "milkrunkey": "k2"}))
    );
    // One without stops takes back what was sent.
    let none = Dispatch { stops: Vec::new(), ..route };
    vehicles.dispatch(&none, "k-3", &Replaced { sent: vec!["k-2".to_owned()], ..replaced }, &never).unwrap();
    vehicles.dispatch(&none, "k-3", &Replaced::default(), &never).unwrap();
    // So it does where nothing is known but an attempt of its own.
    let own = Replaced { sent: vec!["k-3".to_owned()], uncertain: Vec::new() };
    vehicles.dispatch(&none, "k-3", &own, &never).unwrap();
    vehicles.take_back("k-3", &never).unwrap();
    let deleted: Vec<String> = stub.asked()[4..].iter().map(|asked| asked.path.clone()).collect();
    assert!(stub.asked()[4..].iter().all(|asked| asked.method == "DELETE"));
    let names = ["milkrunkey:k2", "milkrun:7f", "milkrunkey:k3", "milkrun:7f", "milkrunkey:k3"];
    assert_eq!(deleted, names.map(|name| format!("/fleet/routes/{name}")));
}

#[test]
fn one_broken_receiver_hides_no_other() {
    let stub = Stub::start(|_, _| {
        let at = |lat: f64, lon: f64| json!({"time": "2026-12-03T07:30:00Z", "latitude": lat, "longitude": lon});
        let data = json!([
            {"id": "v1", "gps": [at(52.37, 4.9), at(91.0, 4.9), at(52.38, 4.9)]},
            {"id": "v2", "gps": [at(52.4, 1_000.0)]},
            {"id": "v3", "gps": [{"time": "noon", "latitude": 52.4, "longitude": 4.9}, {"latitude": "x"}]},
            {"gps": [at(52.4, 4.9)]},
            {"id": "v5", "gps": {"time": "x".repeat(9_000)}},
            {"id": "v6", "gps": [at(52.5, 4.9)]},
        ]);
        Reply::ok(json!({"data": data, "pagination": {"endCursor": "c2", "hasNextPage": false}}).to_string())
    });
    let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let page = vehicles.positions(None, &CancelToken::new()).unwrap();
    let found: Vec<(&str, f64)> = page.positions.iter().map(|at| (at.vehicle.as_str(), at.lat)).collect();
    assert_eq!(found, [("v1", 52.37), ("v1", 52.38), ("v6", 52.5)]);
    assert_eq!((page.passed_over, page.why.as_str()), (6, "/data/0/gps/1: 91, 4.9 is not a place"));
}

#[test]
fn no_more_routes_a_minute_than_samsara_allows() {
    let stub = Stub::start(|_, _| Reply::ok(json!({"data": {"id": "r"}}).to_string()));
    let clock = Arc::<Still>::default();
    let vehicles =
        Samsara::new(account(&stub.address()), ClientOptions { calls_per_minute: Some(3), ..options(&clock) }).unwrap();
    let (id, name, vehicle) = ("7f".to_owned(), "d".to_owned(), "v".to_owned());
    let route = Dispatch { id, name, vehicle, stops: Vec::new() };
    let send = || vehicles.dispatch(&route, "k", &Replaced::default(), &CancelToken::new());
    assert!((0..3).all(|_| send().is_ok()));
    let error = send().unwrap_err();
    assert!(error.was_held_back() && error.wait().unwrap().as_secs() == 61, "{error}");
    clock.advance(error.wait().unwrap());
    assert!(send().is_ok());
    assert_eq!(stub.count(), 4);
}

/// A Samsara as far as routes go: by their two names. It does not heed that names are unique, unless it is told to.
#[derive(Default)]
struct Routes {
    /// Name of day and vehicle, key, and vehicle.
    kept: Vec<(String, String, String)>,
    /// What was posted and hangs, to be done later.
    hanging: Vec<(String, String, String)>,
    heeds_names: bool,
    /// Whether the next route hangs.
    hangs: bool,
    /// When what hangs is done: before a request of this method.
    arrives_with: &'static str,
}

impl Routes {
    fn answer(&mut self, asked: &Asked) -> Reply {
        if asked.method == self.arrives_with {
            for late in std::mem::take(&mut self.hanging) {
                self.keep(late);
            }
        }
        if asked.method == "DELETE" {
            let (name, value) = asked.path.rsplit('/').next().unwrap().split_once(':').unwrap();
            let before = self.kept.len();
            self.kept.retain(|(own, key, _)| *(if name == "milkrun" { own } else { key }) != value);
            return if self.kept.len() < before { Reply::status(204, "") } else { Reply::status(404, "") };
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let names = &body["externalIds"];
        let route = (text(&names["milkrun"]), text(&names["milkrunkey"]), text(&body["name"]));
        if std::mem::take(&mut self.hangs) {
            self.hanging.push(route);
            return Reply::Stalled;
        }
        if self.keep(route) {
            Reply::ok(json!({"data": {"id": "r"}}).to_string())
        } else {
            Reply::status(400, "{\"message\": \"duplicate external id\"}")
        }
    }

    fn keep(&mut self, route: (String, String, String)) -> bool {
        let is_taken = self.kept.iter().any(|(own, key, _)| *own == route.0 || *key == route.1);
        if !(self.heeds_names && is_taken) {
            self.kept.push(route);
            return true;
        }
        false
    }
}

/// An older version hangs, a newer one is sent, and the older one arrives in the middle of that, whenever that is: it is not there in the end.
#[test]
fn a_version_that_comes_late_does_not_stay_on_the_device() {
    for (heeds_names, arrives_with) in [(false, "DELETE"), (false, "POST"), (true, "DELETE"), (true, "POST")] {
        let routes = Arc::new(Mutex::new(Routes { heeds_names, hangs: true, arrives_with, ..Routes::default() }));
        let kept = Arc::clone(&routes);
        let stub = Stub::start(move |asked, _| kept.lock().unwrap().answer(asked));
        let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let never = CancelToken::new();
        let stop = DispatchStop { name: "b7".to_owned(), lon: 4.9, lat: 52.4, arrival: 0 };
        let route = |name: &str| Dispatch {
            id: "7f".to_owned(),
            name: name.to_owned(),
            vehicle: "v1".to_owned(),
            stops: vec![stop.clone()],
        };
        let error = vehicles.dispatch(&route("old"), "k-1", &Replaced::default(), &never).unwrap_err();
        assert!(error.may_have_arrived(), "{error}");
        // Where names are unique, what comes after all of this is refused by Samsara.
        let replaced = Replaced { sent: Vec::new(), uncertain: vec!["k-1".to_owned()] };
        vehicles.dispatch(&route("new"), "k-2", &replaced, &never).unwrap();
        let names = || routes.lock().unwrap().kept.iter().map(|(.., name)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(), ["new"], "{heeds_names} {arrives_with}");
        // What is deleted late is the older version's own.
        vehicles.take_back("k-1", &never).unwrap();
        assert_eq!(names(), ["new"]);
    }
}

#[test]
fn a_route_of_which_nothing_is_known_gives_way() {
    let routes =
        Routes { heeds_names: true, kept: vec![("7f".into(), "k0".into(), "old".into())], ..Routes::default() };
    let routes = Arc::new(Mutex::new(routes));
    let kept = Arc::clone(&routes);
    let stub = Stub::start(move |asked, _| kept.lock().unwrap().answer(asked));
    let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let stops = vec![DispatchStop { name: "b7".to_owned(), lon: 4.9, lat: 52.4, arrival: 0 }];
    let route = Dispatch { id: "7f".to_owned(), name: "new".to_owned(), vehicle: "v1".to_owned(), stops };
    vehicles.dispatch(&route, "k-2", &Replaced::default(), &CancelToken::new()).unwrap();
    let kept: Vec<String> = routes.lock().unwrap().kept.iter().map(|(.., name)| name.clone()).collect();
    assert_eq!(kept, ["new"]);
}
