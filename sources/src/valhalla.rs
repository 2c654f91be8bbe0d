//! Valhalla: `/sources_to_targets` and `/route` of a server of one's own, for trucks by their measures.

use std::fmt;

use milkrun::Coord;
use milkrun::travel::{
    Approach, Leg, PointProblem, SourceError, SourceLimits, SourcePoint, SourceRun, TableRequest, TravelBlock,
    TravelSource,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chunk::stitched;
use crate::http::{Answer, Call, Http, HttpSettings};
use crate::legs::{Stretch, along};
use crate::osrm::dated;
use crate::setup::{SetupError, check_range, check_snap};
use crate::wire::{self, Named, Rows};

const NAME: &str = "Valhalla";

/// Valhalla's errors: points in parts of the network that are not connected, no street near a point, no path.
const UNCONNECTED: u64 = 170;
const NO_STREET: u64 = 171;
const NO_PATH: u64 = 442;

/// What is driven.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Costing {
    /// A car.
    #[default]
    Auto,
    /// A truck of these measures.
    Truck(Truck),
    /// A bicycle.
    Bicycle,
    /// Walking.
    Pedestrian,
}

/// A truck's measures; what is not given is Valhalla's own default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Truck {
    /// Metres.
    pub height: Option<f64>,
    /// Metres.
    pub width: Option<f64>,
    /// Metres.
    pub length: Option<f64>,
    /// Tonnes.
    pub weight: Option<f64>,
    /// Tonnes on one axle.
    pub axle_load: Option<f64>,
    /// How many axles there are.
    pub axle_count: Option<u32>,
    /// Whether it carries dangerous goods.
    pub hazmat: bool,
}

/// How a Valhalla server is asked.
#[derive(Clone, Debug)]
pub struct ValhallaOptions {
    /// What is driven.
    pub costing: Costing,
    /// Most metres between a point and the street it is taken to; a kilometre unless given. `None`: as far as the server
    /// searches, 35 km.
    pub snap_limit: Option<f64>,
    /// The server's `max_matrix_location_pairs`: most cells of a request; 2,500 unless given.
    pub matrix_pairs: usize,
    /// The server's `max_locations`: most points of a path; 20 unless given.
    pub route_size: usize,
    /// The date or another name of the server's data, so that a cache knows answers from older data; may be empty.
    pub data_date: String,
    /// How requests are sent.
    pub http: HttpSettings,
}

impl Default for ValhallaOptions {
    fn default() -> Self {
        Self {
            costing: Costing::default(),
            snap_limit: Some(1_000.0),
            matrix_pairs: 2_500,
            route_size: 20,
            data_date: String::new(),
            http: HttpSettings::default(),
        }
    }
}

/// Tables and paths of a Valhalla server, of release 3.4 or newer.
pub struct Valhalla {
    pub(crate) http: Http,
    options: ValhallaOptions,
}

impl Valhalla {
    /// The server at an address such as `http://127.0.0.1:8002`.
    pub fn new(address: &str, options: ValhallaOptions) -> Result<Self, SetupError> {
        check_snap(NAME, options.snap_limit)?;
        check_range(
            NAME,
            "matrix_pairs",
            options.matrix_pairs as f64,
            1.0..=1e9,
            "it must be from 1 to 1,000,000,000",
        )?;
        check_range(NAME, "route_size", options.route_size as f64, 2.0..=1e6, "it must be from 2 to 1,000,000")?;
        if let Costing::Truck(truck) = &options.costing {
            truck.check()?;
        }
        let http = Http::new(NAME, address, None, &options.http, &limits(&options))?;
        Ok(Self { http, options })
    }

    fn location(&self, point: &SourcePoint) -> Value {
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        let mut location = json!({ "lon": round(point.coord.x), "lat": round(point.coord.y), "type": "break" });
        if let Some(limit) = self.options.snap_limit {
            location["search_cutoff"] = limit.into();
        }
        if point.approach == Approach::Curb {
            location["preferred_side"] = "same".into();
        }
        location
    }

    /// A request with what is driven.
    fn call(&self, path: &str, label: String, cells: u64, mut body: Value) -> Call {
        body["costing"] = self.options.costing.name().into();
        if let Costing::Truck(truck) = &self.options.costing {
            body["costing_options"] = json!({ "truck": truck.options() });
        }
        Call { label, path: path.to_owned(), body: Some(body.to_string()), headers: &[], cells }
    }

    /// Asks for a part of a table, all points of which are known to be near streets, or not.
    fn ask(&self, request: &TableRequest<'_>, are_near: bool) -> Result<TravelBlock, SourceError> {
        #[derive(Deserialize)]
        struct Table {
            sources_to_targets: Cells,
        }
        #[derive(Deserialize)]
        struct Cells {
            durations: Rows,
            distances: Rows,
        }
        let locations =
            |indices: &[usize]| indices.iter().map(|&index| self.location(&request.points[index])).collect::<Vec<_>>();
        let (sources, targets) = (locations(request.origins), locations(request.destinations));
        let body = json!({ "sources": sources, "targets": targets, "units": "kilometers", "verbose": false });
        let label = format!("the table of {} × {} points", request.origins.len(), request.destinations.len());
        let call = self.call("/sources_to_targets", label, request.cells(), body);
        let answer = self.http.send(&call, request.run)?;
        match (answer.status, code(&answer)) {
            (200, _) => {}
            (400, Some(UNCONNECTED | NO_STREET | NO_PATH)) => {
                if !are_near {
                    self.name_unsnapped(request.points, &Named::new(request).points, request.run)?;
                }
                // All points are on streets, which are not connected: some cells have no path.
                return self.halves(request);
            }
            _ => return Err(self.http.unexpected(&call, &answer)),
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let table: Table = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        let Cells { durations, distances } = table.sources_to_targets;
        let to_metres = |row: Vec<Option<f64>>| row.into_iter().map(|cell| cell.map(|km| km * 1_000.0)).collect();
        let metres: Rows = distances.into_iter().map(to_metres).collect();
        wire::block(request, &metres, &durations).map_err(|problem| malformed(&problem))
    }

    /// Valhalla refuses a table whose points are in parts of the network that are not connected: it is asked for in
    /// halves, down to single cells.
    fn halves(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        request.run.check(NAME)?;
        let (origins, destinations) = (request.origins, request.destinations);
        let mut whole = TravelBlock::new(origins.len(), destinations.len());
        if origins.len() == 1 && destinations.len() == 1 {
            return Ok(whole);
        }
        let by_row = origins.len() >= destinations.len();
        let middle = origins.len().max(destinations.len()) / 2;
        let parts = if by_row {
            let (first, second) = origins.split_at(middle);
            [TableRequest { origins: first, ..*request }, TableRequest { origins: second, ..*request }]
        } else {
            let (first, second) = destinations.split_at(middle);
            [TableRequest { destinations: first, ..*request }, TableRequest { destinations: second, ..*request }]
        };
        for (part, start) in parts.iter().zip([0, middle]) {
            let (row, column) = if by_row { (start, 0) } else { (0, start) };
            whole.paste(row, column, &self.ask(part, true)?);
        }
        Ok(whole)
    }

    fn ask_legs(
        &self,
        all: &[SourcePoint],
        part: Stretch<'_>,
        run: SourceRun<'_>,
    ) -> Result<Option<Vec<Leg>>, SourceError> {
        #[derive(Deserialize)]
        struct Route {
            trip: Trip,
        }
        #[derive(Deserialize)]
        struct Trip {
            legs: Vec<TripLeg>,
        }
        #[derive(Deserialize)]
        struct TripLeg {
            summary: Summary,
            shape: String,
        }
        #[derive(Deserialize)]
        struct Summary {
            time: f64,
            length: f64,
        }
        let locations: Vec<Value> = part.points.iter().map(|point| self.location(point)).collect();
        let body = json!({ "locations": locations, "units": "kilometers", "directions_type": "none" });
        let call = self.call("/route", part.label(), part.points.len() as u64 - 1, body);
        let answer = self.http.send(&call, run)?;
        match (answer.status, code(&answer)) {
            (200, _) => {}
            (400, Some(UNCONNECTED | NO_STREET | NO_PATH)) => {
                let used: Vec<usize> = (part.first..part.first + part.points.len()).collect();
                self.name_unsnapped(all, &used, run)?;
                return Ok(None);
            }
            _ => return Err(self.http.unexpected(&call, &answer)),
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let route: Route = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        if route.trip.legs.len() + 1 != part.points.len() {
            let (wanted, found) = (part.points.len() - 1, route.trip.legs.len());
            return Err(malformed(&format!("{wanted} legs were expected, and {found} came")));
        }
        let read = |(i, found): (usize, TripLeg)| {
            let Summary { time, length } = found.summary;
            wire::leg(length * 1_000.0, time, line(&found.shape)?, &part.points[i..i + 2])
        };
        let legs: Result<Vec<Leg>, String> = route.trip.legs.into_iter().enumerate().map(read).collect();
        legs.map(Some).map_err(|problem| malformed(&problem))
    }

    /// The error that names the points without a street near them: Valhalla does not say which they are.
    fn name_unsnapped(&self, points: &[SourcePoint], used: &[usize], run: SourceRun<'_>) -> Result<(), SourceError> {
        #[derive(Deserialize)]
        struct Located {
            edges: Option<Vec<Value>>,
            nodes: Option<Vec<Value>>,
        }
        let limit = self.options.snap_limit;
        let mut problems = Vec::new();
        for used in used.chunks(self.options.route_size) {
            let locations: Vec<Value> = used.iter().map(|&index| self.location(&points[index])).collect();
            let body = json!({ "locations": locations, "verbose": false });
            let call = self.call("/locate", format!("the streets near {} points", used.len()), 0, body);
            let answer = self.http.send(&call, run)?;
            let Ok(located) = serde_json::from_slice::<Vec<Located>>(&answer.body) else {
                return Err(self.http.unexpected(&call, &answer));
            };
            let is_empty = |found: &Option<Vec<Value>>| found.as_ref().is_none_or(Vec::is_empty);
            let far = used.iter().zip(located).filter(|(_, found)| is_empty(&found.edges) && is_empty(&found.nodes));
            problems.extend(far.map(|(&index, _)| (index, PointProblem::Unsnapped { limit })));
        }
        SourceError::of_points(NAME, points, problems)
    }
}

/// A line of six decimals, as Valhalla encodes it.
fn line(text: &str) -> Result<Vec<Coord>, String> {
    let line = polyline::decode_polyline(text, 6).map_err(|_| "a leg's line cannot be decoded".to_owned())?;
    Ok(line.coords().map(|point| Coord::new(point.x, point.y)).collect())
}

fn limits(options: &ValhallaOptions) -> SourceLimits {
    let mut limits = SourceLimits::default();
    limits.cells = Some(options.matrix_pairs);
    limits
}

fn code(answer: &Answer) -> Option<u64> {
    serde_json::from_slice::<Value>(&answer.body).ok()?.get("error_code")?.as_u64()
}

impl Costing {
    fn name(&self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Truck(_) => "truck",
            Self::Bicycle => "bicycle",
            Self::Pedestrian => "pedestrian",
        }
    }
}

impl Truck {
    fn check(&self) -> Result<(), SetupError> {
        let metres = "it must be from 0 to 100 metres";
        let tonnes = "it must be from 0 to 1,000 tonnes";
        for (setting, value, most, remedy) in [
            ("height", self.height, 100.0, metres),
            ("width", self.width, 100.0, metres),
            ("length", self.length, 100.0, metres),
            ("weight", self.weight, 1_000.0, tonnes),
            ("axle_load", self.axle_load, 1_000.0, tonnes),
            ("axle_count", self.axle_count.map(f64::from), 20.0, "it must be from 0 to 20"),
        ] {
            check_range(NAME, setting, value.unwrap_or(0.0), 0.0..=most, remedy)?;
        }
        Ok(())
    }

    /// What is given, in Valhalla's words.
    fn options(&self) -> Value {
        let mut options = serde_json::Map::new();
        for (name, value) in [
            ("height", self.height),
            ("width", self.width),
            ("length", self.length),
            ("weight", self.weight),
            ("axle_load", self.axle_load),
        ] {
            if let Some(value) = value {
                options.insert(name.to_owned(), value.into());
            }
        }
        if let Some(count) = self.axle_count {
            options.insert("axle_count".to_owned(), count.into());
        }
        options.insert("hazmat".to_owned(), self.hazmat.into());
        options.into()
    }
}

impl TravelSource for Valhalla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> String {
        let measures = match &self.options.costing {
            Costing::Truck(truck) => format!(" {}", truck.options()),
            _ => String::new(),
        };
        let ValhallaOptions { costing, data_date, .. } = &self.options;
        format!("Valhalla at {}, costing {}{measures}{}", self.http.address(), costing.name(), dated(data_date))
    }

    fn identity(&self) -> String {
        let ValhallaOptions { costing, snap_limit, data_date, .. } = &self.options;
        format!("valhalla; {}; costing {costing:?}; snap {snap_limit:?}; data {data_date:?}", self.http.address())
    }

    fn limits(&self) -> SourceLimits {
        limits(&self.options)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        stitched(NAME, request, &self.limits(), None, |part| self.ask(part, false))
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        along(NAME, points, self.options.route_size, run, None, |part| self.ask_legs(points, part, run))
    }
}

impl fmt::Debug for Valhalla {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Valhalla").field("address", &self.http.address()).field("options", &self.options).finish()
    }
}
