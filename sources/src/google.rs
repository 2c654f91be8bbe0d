//! Google Routes: `computeRouteMatrix` and `computeRoutes`.

use std::fmt;

use milkrun::Coord;
use milkrun::travel::{
    Approach, Leg, SourceError, SourceLimits, SourcePoint, SourceRun, TableRequest, TravelBlock, TravelSource,
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::budget::ElementBudget;
use crate::chunk::stitched;
use crate::http::{Call, Http, HttpSettings, KeyPlace};
use crate::legs::{Stretch, along};
use crate::osrm::dated;
use crate::setup::SetupError;
use crate::wire::{self, Line};

const NAME: &str = "Google Routes";

/// Both ends of a path, and 25 points between them.
const ROUTE_SIZE: usize = 27;

/// Only what is asked for is answered, and billed.
const TABLE_FIELDS: &str = "originIndex,destinationIndex,status,condition,distanceMeters,duration";
const ROUTE_FIELDS: &str = "routes.legs.distanceMeters,routes.legs.duration,routes.legs.polyline.geoJsonLinestring";

/// What is driven, and by which speeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum GoogleMode {
    /// A car at usual speeds.
    #[default]
    Drive,
    /// A car in the present traffic.
    DriveTraffic,
    /// A car in the present traffic, by the best paths: fewer cells a request.
    DriveTrafficOptimal,
    /// Walking.
    Walk,
    /// A bicycle.
    Bicycle,
}

impl GoogleMode {
    /// The mode, and the preference that goes with driving only.
    fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Drive => ("DRIVE", Some("TRAFFIC_UNAWARE")),
            Self::DriveTraffic => ("DRIVE", Some("TRAFFIC_AWARE")),
            Self::DriveTrafficOptimal => ("DRIVE", Some("TRAFFIC_AWARE_OPTIMAL")),
            Self::Walk => ("WALK", None),
            Self::Bicycle => ("BICYCLE", None),
        }
    }

    /// Adds the mode to a request.
    fn put(self, body: &mut Value) {
        let (mode, preference) = self.words();
        body["travelMode"] = mode.into();
        if let Some(preference) = preference {
            body["routingPreference"] = preference.into();
        }
    }
}

/// How Google Routes is asked.
#[derive(Clone, Debug)]
pub struct GoogleOptions {
    /// Where; `https://routes.googleapis.com` unless given.
    pub address: String,
    /// What is driven.
    pub mode: GoogleMode,
    /// Most cells in any minute: 3,000 unless given.
    pub cells_per_minute: Option<u64>,
    /// A name of the data, so that a cache asks anew when it changes; Google tells no date. May be empty.
    pub data_date: String,
    /// How requests are sent.
    pub http: HttpSettings,
}

impl Default for GoogleOptions {
    fn default() -> Self {
        Self {
            address: "https://routes.googleapis.com".to_owned(),
            mode: GoogleMode::default(),
            cells_per_minute: None,
            data_date: String::new(),
            http: HttpSettings::default(),
        }
    }
}

/// Tables and paths of Google Routes, within a budget of elements.
pub struct Google {
    pub(crate) http: Http,
    options: GoogleOptions,
    budget: ElementBudget,
}

/// A cell of a table, which come in any order. What is zero is not sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element {
    #[serde(default)]
    origin_index: usize,
    #[serde(default)]
    destination_index: usize,
    #[serde(default)]
    status: Status,
    condition: Option<String>,
    #[serde(default)]
    distance_meters: f64,
    duration: Option<String>,
    /// A stream that fails after its beginning ends with this.
    error: Option<Status>,
}

#[derive(Default, Deserialize)]
struct Status {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    message: String,
}

impl Google {
    /// With an API key. It is shown nowhere, and sent over https only, or to this machine.
    pub fn new(
        key: impl Into<SecretString>,
        budget: ElementBudget,
        options: GoogleOptions,
    ) -> Result<Self, SetupError> {
        let key = Some((KeyPlace::Header("x-goog-api-key"), key.into()));
        let http = Http::new(NAME, &options.address, key, &options.http, &limits(&options))?;
        Ok(Self { http, options, budget })
    }

    fn ask(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        let ends = |indices: &[usize]| {
            let end = |&index: &usize| json!({ "waypoint": waypoint(&request.points[index]) });
            indices.iter().map(end).collect::<Vec<Value>>()
        };
        let mut body = json!({ "origins": ends(request.origins), "destinations": ends(request.destinations) });
        self.options.mode.put(&mut body);
        let call = Call {
            label: format!("the table of {} × {} points", request.origins.len(), request.destinations.len()),
            path: "/distanceMatrix/v2:computeRouteMatrix".to_owned(),
            body: Some(body.to_string()),
            headers: &[("x-goog-fieldmask", TABLE_FIELDS)],
            cells: request.cells(),
        };
        let answer = self.http.send(&call, request.run)?;
        if answer.status != 200 {
            return Err(self.http.unexpected(&call, &answer));
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let elements: Vec<Element> =
            serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        table(request, elements).map_err(|problem| malformed(&problem))
    }

    fn ask_legs(&self, part: Stretch<'_>, run: SourceRun<'_>) -> Result<Option<Vec<Leg>>, SourceError> {
        let places: Vec<Value> = part.points.iter().map(waypoint).collect();
        let (first, last) = (&places[0], &places[places.len() - 1]);
        let between = &places[1..places.len() - 1];
        let mut body = json!({ "origin": first, "destination": last, "intermediates": between });
        body["polylineEncoding"] = "GEO_JSON_LINESTRING".into();
        self.options.mode.put(&mut body);
        let call = Call {
            label: part.label(),
            path: "/directions/v2:computeRoutes".to_owned(),
            body: Some(body.to_string()),
            headers: &[("x-goog-fieldmask", ROUTE_FIELDS)],
            cells: part.points.len() as u64 - 1,
        };
        let answer = self.http.send(&call, run)?;
        if answer.status != 200 {
            return Err(self.http.unexpected(&call, &answer));
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let found: Routes = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        // Without a path, the answer is empty.
        let Some(route) = found.routes.into_iter().next() else { return Ok(None) };
        legs(route, part.points).map(Some).map_err(|problem| malformed(&problem))
    }
}

/// An answer with paths.
#[derive(Deserialize)]
struct Routes {
    #[serde(default)]
    routes: Vec<Route>,
}

#[derive(Deserialize)]
struct Route {
    legs: Vec<RouteLeg>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RouteLeg {
    #[serde(default)]
    distance_meters: f64,
    duration: Option<String>,
    polyline: Option<Polyline>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Polyline {
    geo_json_linestring: Line,
}

fn legs(route: Route, points: &[SourcePoint]) -> Result<Vec<Leg>, String> {
    if route.legs.len() + 1 != points.len() {
        return Err(format!("{} legs were expected, and {} came", points.len() - 1, route.legs.len()));
    }
    let read = |(i, found): (usize, RouteLeg)| {
        let line = found.polyline.map(|polyline| polyline.geo_json_linestring.coordinates).unwrap_or_default();
        let line = line.into_iter().map(|[x, y]| Coord::new(x, y)).collect();
        wire::leg(found.distance_meters, seconds(found.duration.as_deref())?, line, &points[i..i + 2])
    };
    route.legs.into_iter().enumerate().map(read).collect()
}

/// Puts elements in their places, each of which must come once.
fn table(request: &TableRequest<'_>, elements: Vec<Element>) -> Result<TravelBlock, String> {
    let (rows, columns) = (request.origins.len(), request.destinations.len());
    let mut block = TravelBlock::new(rows, columns);
    let mut seen = vec![false; rows * columns];
    for element in elements {
        let (row, column) = (element.origin_index, element.destination_index);
        if let Some(error) = element.error.or_else(|| (element.status.code != 0).then_some(element.status)) {
            return Err(format!("the cell of origin {row} and destination {column} fails: {}", error.message));
        }
        if row >= rows || column >= columns || std::mem::replace(&mut seen[row * columns + column], true) {
            return Err(format!("the cell of origin {row} and destination {column} was not asked for, or comes twice"));
        }
        let cell = match element.condition.as_deref() {
            Some("ROUTE_EXISTS") => Some((element.distance_meters, seconds(element.duration.as_deref())?)),
            Some("ROUTE_NOT_FOUND") => None,
            other => return Err(format!("a cell's condition is {other:?}")),
        };
        wire::set(&mut block, request, (row, column), cell)?;
    }
    match seen.iter().filter(|&&seen| !seen).count() {
        0 => Ok(block),
        missing => Err(format!("{rows} × {columns} cells were expected, and {missing} of them did not come")),
    }
}

/// `160s` or `160.5s`; what is zero may be missing.
fn seconds(text: Option<&str>) -> Result<f64, String> {
    let Some(text) = text else { return Ok(0.0) };
    let number = text.strip_suffix('s').and_then(|number| number.parse().ok());
    number.ok_or_else(|| format!("the duration {:?} is not one", text.chars().take(40).collect::<String>()))
}

fn waypoint(point: &SourcePoint) -> Value {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let place = json!({ "latLng": { "latitude": round(point.coord.y), "longitude": round(point.coord.x) } });
    match point.approach {
        Approach::Any => json!({ "location": place }),
        Approach::Curb => json!({ "location": place, "sideOfRoad": true }),
    }
}

fn limits(options: &GoogleOptions) -> SourceLimits {
    let mut limits = SourceLimits::default();
    limits.cells = Some(if options.mode == GoogleMode::DriveTrafficOptimal { 100 } else { 625 });
    limits.cells_per_minute = Some(options.cells_per_minute.unwrap_or(3_000));
    limits
}

impl TravelSource for Google {
    fn name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> String {
        let GoogleOptions { mode, data_date, .. } = &self.options;
        format!("Google Routes at {}, {mode:?}{}", self.http.address(), dated(data_date))
    }

    fn identity(&self) -> String {
        let GoogleOptions { mode, data_date, .. } = &self.options;
        format!("google; {}; mode {mode:?}; data {data_date:?}", self.http.address())
    }

    fn limits(&self) -> SourceLimits {
        limits(&self.options)
    }

    fn check_budget(&self, cells: u64) -> Result<(), SourceError> {
        self.budget.check(NAME, cells)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        stitched(NAME, request, &self.limits(), Some(&self.budget), |part| self.ask(part))
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        along(NAME, points, ROUTE_SIZE, run, Some(&self.budget), |part| self.ask_legs(part, run))
    }
}

impl fmt::Debug for Google {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Google");
        shown.field("address", &self.http.address()).field("options", &self.options).field("budget", &self.budget);
        shown.finish_non_exhaustive()
    }
}
