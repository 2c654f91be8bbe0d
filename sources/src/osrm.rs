//! OSRM: `/table/v1` and `/route/v1` of a server of one's own.

use std::fmt;

use milkrun::travel::{
    Leg, PointProblem, SourceError, SourceLimits, SourcePoint, SourceRun, TableRequest, TravelBlock, TravelSource,
};

use crate::chunk::stitched;
use crate::http::{Answer, Call, Http, HttpSettings};
use crate::legs::{Stretch, along};
use crate::setup::{SetupError, check_range, check_snap, check_word};
use crate::wire::{self, Code, Named, OsrmRoute, OsrmTable, Waypoint};

const NAME: &str = "OSRM";

/// How an OSRM server is asked.
#[derive(Clone, Debug)]
pub struct OsrmOptions {
    /// The profile's name in addresses; most servers do not examine it. `driving` unless given.
    pub profile: String,
    /// Most metres between a point and the street it is taken to; a kilometre unless given. `None`: any.
    pub snap_limit: Option<f64>,
    /// The server's `--max-table-size`; 100 unless given. Larger tables are asked for in parts.
    pub table_size: usize,
    /// The server's `--max-viaroute-size`; 500 unless given.
    pub route_size: usize,
    /// The date or another name of the server's data, so that a cache knows answers from older data; may be empty.
    pub data_date: String,
    /// How requests are sent.
    pub http: HttpSettings,
}

impl Default for OsrmOptions {
    fn default() -> Self {
        Self {
            profile: "driving".to_owned(),
            snap_limit: Some(1_000.0),
            table_size: 100,
            route_size: 500,
            data_date: String::new(),
            http: HttpSettings::default(),
        }
    }
}

/// Tables and paths of an OSRM server.
pub struct Osrm {
    pub(crate) http: Http,
    options: OsrmOptions,
}

impl Osrm {
    /// The server at an address such as `http://127.0.0.1:5000`.
    pub fn new(address: &str, options: OsrmOptions) -> Result<Self, SetupError> {
        check_word(NAME, "profile", &options.profile)?;
        check_snap(NAME, options.snap_limit)?;
        let least_two = "it must be from 2 to 1,000,000";
        check_range(NAME, "table_size", options.table_size as f64, 2.0..=1e6, least_two)?;
        check_range(NAME, "route_size", options.route_size as f64, 2.0..=1e6, least_two)?;
        let http = Http::new(NAME, address, None, &options.http, &limits(&options))?;
        Ok(Self { http, options })
    }

    fn radiuses(&self, count: usize) -> String {
        match self.options.snap_limit {
            Some(limit) => format!("&radiuses={}", vec![limit.to_string(); count].join(";")),
            None => String::new(),
        }
    }

    fn ask(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        let named = Named::new(request);
        let points = || named.points.iter().map(|&index| &request.points[index]);
        let path = format!(
            "/table/v1/{}/{}?annotations=duration,distance&skip_waypoints=true&sources={}&destinations={}{}{}",
            self.options.profile,
            wire::coordinates(points()),
            wire::joined(named.origins.iter().copied()),
            wire::joined(named.destinations.iter().copied()),
            self.radiuses(named.points.len()),
            wire::approaches(points()),
        );
        let label = format!("the table of {} × {} points", request.origins.len(), request.destinations.len());
        let call = Call { label, path, body: None, headers: &[], cells: request.cells() };
        let answer = self.http.send(&call, request.run)?;
        if answer.status != 200 {
            if code(&answer).as_deref() == Some("NoSegment") {
                self.name_unsnapped(request.points, &named.points, request.run)?;
            }
            return Err(self.http.unexpected(&call, &answer));
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let table: OsrmTable = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        wire::block(request, &table.distances, &table.durations).map_err(|problem| malformed(&problem))
    }

    fn ask_legs(
        &self,
        all: &[SourcePoint],
        part: Stretch<'_>,
        run: SourceRun<'_>,
    ) -> Result<Option<Vec<Leg>>, SourceError> {
        let path = format!(
            "/route/v1/{}/{}?overview=false&steps=true&geometries=geojson&continue_straight=false&generate_hints=false{}{}",
            self.options.profile,
            wire::coordinates(part.points),
            self.radiuses(part.points.len()),
            wire::approaches(part.points),
        );
        let call = Call { label: part.label(), path, body: None, headers: &[], cells: part.points.len() as u64 - 1 };
        let answer = self.http.send(&call, run)?;
        if answer.status != 200 {
            match code(&answer).as_deref() {
                Some("NoRoute") => return Ok(None),
                Some("NoSegment") => {
                    let used: Vec<usize> = (part.first..part.first + part.points.len()).collect();
                    self.name_unsnapped(all, &used, run)?;
                }
                _ => {}
            }
            return Err(self.http.unexpected(&call, &answer));
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let route: OsrmRoute = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        route.into_legs(part.points).map(Some).map_err(|problem| malformed(&problem))
    }

    /// The error that names the points without a street near them: OSRM tells of the first only.
    fn name_unsnapped(&self, points: &[SourcePoint], used: &[usize], run: SourceRun<'_>) -> Result<(), SourceError> {
        #[derive(serde::Deserialize)]
        struct Nearest {
            waypoints: Vec<Waypoint>,
        }
        let limit = self.options.snap_limit;
        let mut problems = Vec::new();
        for &index in used {
            let place = wire::coordinates([&points[index]]);
            let path = format!("/nearest/v1/{}/{place}?number=1&generate_hints=false", self.options.profile);
            let label = format!("the street nearest to point {index}");
            let call = Call { label, path, body: None, headers: &[], cells: 0 };
            let answer = self.http.send(&call, run)?;
            let nearest = serde_json::from_slice::<Nearest>(&answer.body).ok();
            let distance = nearest.and_then(|nearest| nearest.waypoints.into_iter().next()?.distance);
            if distance.is_none_or(|distance| limit.is_some_and(|limit| distance > limit)) {
                problems.push((index, PointProblem::Unsnapped { limit }));
            }
        }
        SourceError::of_points(NAME, points, problems)
    }
}

/// OSRM counts origins times destinations, and refuses more than the square of its table size.
fn limits(options: &OsrmOptions) -> SourceLimits {
    let mut limits = SourceLimits::default();
    limits.origins = Some(options.table_size);
    limits.destinations = Some(options.table_size);
    limits
}

fn code(answer: &Answer) -> Option<String> {
    serde_json::from_slice::<Code>(&answer.body).ok().map(|fault| fault.code)
}

impl TravelSource for Osrm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> String {
        format!("OSRM at {}, profile {}{}", self.http.address(), self.options.profile, dated(&self.options.data_date))
    }

    fn identity(&self) -> String {
        let OsrmOptions { profile, snap_limit, data_date, .. } = &self.options;
        format!("osrm; {}; profile {profile}; snap {snap_limit:?}; data {data_date:?}", self.http.address())
    }

    fn limits(&self) -> SourceLimits {
        limits(&self.options)
    }

    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        stitched(NAME, request, &self.limits(), None, |part| self.ask(part))
    }

    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError> {
        along(NAME, points, self.options.route_size, run, None, |part| self.ask_legs(points, part, run))
    }
}

impl fmt::Debug for Osrm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Osrm").field("address", &self.http.address()).field("options", &self.options).finish()
    }
}

/// The date of data as descriptions end with it.
pub(crate) fn dated(date: &str) -> String {
    if date.is_empty() { String::new() } else { format!(", data of {date}") }
}
