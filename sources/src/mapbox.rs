//! Mapbox: the Matrix and the Directions API.

use std::fmt;

use milkrun::travel::{
    Leg, SourceError, SourceLimits, SourcePoint, SourceRun, TableRequest, TravelBlock, TravelSource,
};
use secrecy::SecretString;

use crate::budget::ElementBudget;
use crate::chunk::stitched;
use crate::http::{Answer, Call, Http, HttpSettings, KeyPlace};
use crate::legs::{Stretch, along};
use crate::osrm::dated;
use crate::setup::{SetupError, check_snap};
use crate::wire::{self, Code, Named, OsrmRoute, OsrmTable};

const NAME: &str = "Mapbox";

/// What is driven, and by which speeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MapboxProfile {
    /// A car at usual speeds.
    #[default]
    Driving,
    /// A car in the present traffic: fewer points a request.
    DrivingTraffic,
    /// A bicycle.
    Cycling,
    /// Walking.
    Walking,
}

impl MapboxProfile {
    fn name(self) -> &'static str {
        match self {
            Self::Driving => "driving",
            Self::DrivingTraffic => "driving-traffic",
            Self::Cycling => "cycling",
            Self::Walking => "walking",
        }
    }
}

/// How Mapbox is asked.
#[derive(Clone, Debug)]
pub struct MapboxOptions {
    /// Where; `https://api.mapbox.com` unless given.
    pub address: String,
    /// What is driven.
    pub profile: MapboxProfile,
    /// Most metres between a point and the street it is taken to; a kilometre unless given. `None`: any.
    pub snap_limit: Option<f64>,
    /// Most requests in any minute: 60 unless given, 30 with traffic.
    pub requests_per_minute: Option<u64>,
    /// A name of the data, so that a cache asks anew when it changes; Mapbox tells no date. May be empty.
    pub data_date: String,
    /// How requests are sent.
    pub http: HttpSettings,
}

impl Default for MapboxOptions {
    fn default() -> Self {
        Self {
            address: "https://api.mapbox.com".to_owned(),
            profile: MapboxProfile::default(),
            snap_limit: Some(1_000.0),
            requests_per_minute: None,
            data_date: String::new(),
            http: HttpSettings::default(),
        }
    }
}

/// Tables and paths of Mapbox, within a budget of elements.
pub struct Mapbox {
    pub(crate) http: Http,
    options: MapboxOptions,
    budget: ElementBudget,
}

impl Mapbox {
    /// With an access token. It is shown nowhere, and sent over https only, or to this machine.
    pub fn new(
        token: impl Into<SecretString>,
        budget: ElementBudget,
        options: MapboxOptions,
    ) -> Result<Self, SetupError> {
        check_snap(NAME, options.snap_limit)?;
        let key = Some((KeyPlace::Query("access_token"), token.into()));
        let http = Http::new(NAME, &options.address, key, &options.http, &limits(&options))?;
        Ok(Self { http, options, budget })
    }

    fn ask(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError> {
        let named = Named::new(request);
        let points = || named.points.iter().map(|&index| &request.points[index]);
        let path = format!(
            "/directions-matrix/v1/mapbox/{}/{}?annotations=duration,distance&sources={}&destinations={}{}",
            self.options.profile.name(),
            wire::coordinates(points()),
            wire::joined(named.origins.iter().copied()),
            wire::joined(named.destinations.iter().copied()),
            wire::approaches(points()),
        );
        let label = format!("the table of {} × {} points", request.origins.len(), request.destinations.len());
        let call = Call { label, path, body: None, headers: &[], cells: request.cells() };
        let answer = self.http.send(&call, request.run)?;
        if answer.status != 200 {
            return Err(self.http.unexpected(&call, &answer));
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        // Faults of single requests come with status 200, too.
        if code(&answer).as_deref() != Some("Ok") {
            return Err(self.http.unexpected(&call, &answer));
        }
        let table: OsrmTable = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        let ends = |indices: &[usize], waypoints| {
            let used = indices.iter().copied().zip(waypoints);
            wire::beyond(used, self.options.snap_limit)
        };
        let mut far = ends(request.origins, table.sources.iter().collect::<Vec<_>>());
        far.extend(ends(request.destinations, table.destinations.iter().collect()));
        far.sort_by_key(|&(index, _)| index);
        far.dedup_by_key(|&mut (index, _)| index);
        SourceError::of_points(NAME, request.points, far)?;
        wire::block(request, &table.distances, &table.durations).map_err(|problem| malformed(&problem))
    }

    fn ask_legs(
        &self,
        all: &[SourcePoint],
        part: Stretch<'_>,
        run: SourceRun<'_>,
    ) -> Result<Option<Vec<Leg>>, SourceError> {
        let path = format!(
            "/directions/v5/mapbox/{}/{}?overview=false&steps=true&geometries=geojson&continue_straight=false{}",
            self.options.profile.name(),
            wire::coordinates(part.points),
            wire::approaches(part.points),
        );
        let call = Call { label: part.label(), path, body: None, headers: &[], cells: part.points.len() as u64 - 1 };
        let answer = self.http.send(&call, run)?;
        match code(&answer).as_deref() {
            Some("Ok") if answer.status == 200 => {}
            Some("NoRoute") => return Ok(None),
            _ => return Err(self.http.unexpected(&call, &answer)),
        }
        let malformed = |problem: &str| self.http.malformed(&call, &answer, problem);
        let route: OsrmRoute = serde_json::from_slice(&answer.body).map_err(|error| malformed(&error.to_string()))?;
        part.faults(NAME, all, route.beyond(self.options.snap_limit))?;
        route.into_legs(part.points).map(Some).map_err(|problem| malformed(&problem))
    }
}

/// Points of one request.
fn most_points(profile: MapboxProfile) -> usize {
    if profile == MapboxProfile::DrivingTraffic { 10 } else { 25 }
}

fn limits(options: &MapboxOptions) -> SourceLimits {
    let most_requests = if options.profile == MapboxProfile::DrivingTraffic { 30 } else { 60 };
    let mut limits = SourceLimits::default();
    limits.points = Some(most_points(options.profile));
    limits.requests_per_minute = Some(options.requests_per_minute.unwrap_or(most_requests));
    limits
}

fn code(answer: &Answer) -> Option<String> {
    serde_json::from_slice::<Code>(&answer.body).ok().map(|fault| fault.code)
}

impl TravelSource for Mapbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> String {
        let MapboxOptions { profile, data_date, .. } = &self.options;
        format!("Mapbox at {}, profile {}{}", self.http.address(), profile.name(), dated(data_date))
    }

    fn identity(&self) -> String {
        let MapboxOptions { profile, snap_limit, data_date, .. } = &self.options;
        let address = self.http.address();
        format!("mapbox; {address}; profile {}; snap {snap_limit:?}; data {data_date:?}", profile.name())
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
        // 25 for every profile but the one with traffic, as for tables; paths are limited more generously there.
        let most = most_points(self.options.profile);
        along(NAME, points, most, run, Some(&self.budget), |part| self.ask_legs(points, part, run))
    }
}

impl fmt::Debug for Mapbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Mapbox");
        shown.field("address", &self.http.address()).field("options", &self.options).field("budget", &self.budget);
        shown.finish_non_exhaustive()
    }
}
