//! Telematics by Samsara.

use std::sync::Arc;

use jiff::Timestamp;
use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::capabilities::{Dispatch, DispatchStop, Page, Position, Provider, Receipt, Replaced, Telematics};
use crate::client::{Account, Ask, Client, ClientOptions, json as read_json, text_at};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "samsara";
/// What our own names for routes are called there: no two routes have the same.
const OWN: &str = "milkrun";
/// What the key of a route is called there: each version has its own.
const KEY: &str = "milkrunkey";
/// Routes that may be made in a minute: the lowest of its limits, which all calls are held to.
const CALLS_PER_MINUTE: u64 = 100;
/// Most characters that are told of what is wrong with a position.
const LONGEST: usize = 200;
/// Metres a second of a mile an hour.
const MILE_AN_HOUR: f64 = 0.447_04;

/// An account at Samsara. It knows no keys, but a route has two names of ours there: one for its day and vehicle, which no other may have,
/// and one for its version, by which it is taken back. What comes late, whatever it does, does it to its own version.
#[derive(Clone, Debug)]
pub struct Samsara {
    client: Arc<Client>,
    authorization: SecretString,
    price: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gps {
    time: String,
    latitude: f64,
    longitude: f64,
    #[serde(default)]
    speed_miles_per_hour: f64,
}

impl Samsara {
    /// An account; its secret is a token that may read vehicles' statistics and write routes.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, mut options: ClientOptions) -> Result<Self, SetupError> {
        let address = account.address.as_deref().unwrap_or("https://api.samsara.com");
        options.calls_per_minute = options.calls_per_minute.or(Some(CALLS_PER_MINUTE));
        let authorization = SecretString::from(format!("Bearer {}", account.secret.expose_secret()));
        let client = Client::new(NAME, address, vec![account.secret], options)?;
        Ok(Self { client: Arc::new(client), authorization, price: account.price })
    }

    /// Deletes the route of a name, if there is one.
    fn delete(&self, name: &str, value: &str, cancel: &CancelToken) -> Result<(), CallError> {
        let path = format!("/fleet/routes/{name}:{value}");
        let ask = Ask { method: Method::Delete, ..Ask::get("a route that is replaced", path) };
        match self.client.call(&ask.with("authorization", self.authorization.clone()), cancel, &|_| Ok(())) {
            Ok(()) | Err(CallError::Refused { status: Some(404), .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn make(&self, route: &Dispatch, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let stop = |stop: &DispatchStop| {
            let arrival = Timestamp::from_millisecond(stop.arrival).unwrap_or_default().to_string();
            json!({
                "name": stop.name,
                "scheduledArrivalTime": arrival,
                "singleUseLocation": {"address": stop.name, "latitude": stop.lat, "longitude": stop.lon},
            })
        };
        let stops: Vec<Value> = route.stops.iter().map(stop).collect();
        let names = json!({OWN: route.id, KEY: key});
        let body = json!({"name": route.name, "vehicleId": route.vehicle, "externalIds": names, "stops": stops});
        let ask = Ask::json("a route", Method::Post, "/fleet/routes", &body)
            .with("authorization", self.authorization.clone())
            .costing(self.price);
        self.client.call(&ask, cancel, &|answer| Ok(Receipt { reference: text_at(&read_json(answer)?, "/data/id")? }))
    }
}

/// A key as it stands there: letters and digits alone.
fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A position of the feed; or what is wrong with it.
fn position(vehicle: &str, value: &Value) -> Result<Position, String> {
    let gps = Gps::deserialize(value).map_err(|error| error.to_string())?;
    let Gps { time, latitude: lat, longitude: lon, speed_miles_per_hour } = gps;
    if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
        return Err(format!("{lat}, {lon} is not a place"));
    }
    let at: Timestamp = time.parse().map_err(|_| format!("{time:?} is not a time"))?;
    let (vehicle, at, speed) = (vehicle.to_owned(), at.as_millisecond(), speed_miles_per_hour * MILE_AN_HOUR);
    Ok(Position { vehicle, at, lon, lat, speed })
}

/// A page of the feed. A vehicle without a position is none; what cannot be read of one is passed over, and counted: one receiver
/// that is broken hides no other vehicle.
fn page(value: &Value) -> Result<Page, String> {
    let vehicles = value["data"].as_array().ok_or("/data is not a list")?;
    let (mut positions, mut faults) = (Vec::new(), Vec::new());
    for (i, vehicle) in vehicles.iter().enumerate() {
        let all = match vehicle.get("gps") {
            None | Some(Value::Null) => continue,
            Some(all) => all.as_array(),
        };
        match (text_at(vehicle, "/id"), all) {
            (Ok(name), Some(all)) => {
                for (g, gps) in all.iter().enumerate() {
                    match position(&name, gps) {
                        Ok(position) => positions.push(position),
                        Err(problem) => faults.push(format!("/data/{i}/gps/{g}: {problem}")),
                    }
                }
            }
            (Err(problem), _) => faults.push(format!("/data/{i}{problem}")),
            (Ok(_), None) => faults.push(format!("/data/{i}/gps is not a list")),
        }
    }
    let cursor = text_at(value, "/pagination/endCursor")?;
    let has_more = value.pointer("/pagination/hasNextPage").and_then(Value::as_bool);
    let has_more = has_more.ok_or("/pagination/hasNextPage is missing")?;
    let passed_over = faults.len();
    let why = faults.into_iter().next().map(clipped).unwrap_or_default();
    Ok(Page { positions, passed_over, why, cursor, has_more })
}

/// What a provider sends may be long.
fn clipped(text: String) -> String {
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain(['…']).collect() }
}

impl Provider for Samsara {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        true
    }

    fn health(&self) -> Option<Health> {
        Some(self.client.health())
    }
}

impl Telematics for Samsara {
    fn positions(&self, cursor: Option<&str>, cancel: &CancelToken) -> Result<Page, CallError> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("types", "gps");
        if let Some(cursor) = cursor {
            query.append_pair("after", cursor);
        }
        let path = format!("/fleet/vehicles/stats/feed?{}", query.finish());
        let ask = Ask::get("positions", path).with("authorization", self.authorization.clone());
        self.client.call(&ask, cancel, &|answer| page(&read_json(answer)?))
    }

    fn dispatch(
        &self,
        route: &Dispatch,
        key: &str,
        replaced: &Replaced,
        cancel: &CancelToken,
    ) -> Result<Receipt, CallError> {
        let key = plain(key);
        for before in replaced.sent.iter().chain(&replaced.uncertain) {
            self.delete(KEY, &plain(before), cancel)?;
        }
        if route.stops.is_empty() {
            // Nothing is known of another version than this one, which an attempt before may have begun.
            if replaced.sent.iter().chain(&replaced.uncertain).all(|before| plain(before) == key) {
                self.delete(OWN, &route.id, cancel)?;
            }
            return Ok(Receipt { reference: String::new() });
        }
        let made = match self.make(route, &key, cancel) {
            // Another one has the name: it came meanwhile, or is one of which nothing is known here any longer.
            Err(CallError::Refused { status: Some(400 | 409), .. }) => {
                self.delete(OWN, &route.id, cancel)?;
                self.make(route, &key, cancel)?
            }
            made => made?,
        };
        for before in replaced.uncertain.iter().map(|before| plain(before)).filter(|before| *before != key) {
            self.delete(KEY, &before, cancel)?;
        }
        Ok(made)
    }

    fn take_back(&self, key: &str, cancel: &CancelToken) -> Result<(), CallError> {
        self.delete(KEY, &plain(key), cancel)
    }
}
