//! Street networks: made from a map, kept in a file, and asked for tables, routes and areas. What takes long runs in Node's pool
//! of threads.

use std::fs::File;
use std::io::{BufWriter, Write};

use milkrun::document::{
    AreaDocument, DayKind, FailureDocument, NetworkReportDocument, RoadLegDocument, SnapDocument, SpotDocument,
    StreetChangeDocument, StreetSpeedDocument,
};
use milkrun::travel::road::{
    Change, City, CityPlan, Day, Network, RoadError, RoadProfile, RoadTable, Snap, Spot, StreetLines, Streets,
};
use milkrun::travel::{SourcePoint, UNREACHABLE};
use milkrun::{CancelToken, Coord, Location};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Float64Array, Result};
use napi_derive::napi;

use crate::document::{given, taken};
use crate::failure::{coded, thrown};
use crate::solve::NativeCancelToken;

/// Runs what may fail with a failure; a panic is one, too.
fn caught<T>(work: impl FnOnce() -> std::result::Result<T, FailureDocument>) -> Result<T> {
    FailureDocument::caught(work).map_err(thrown)
}

/// The streets of a map as one profile drives them.
#[napi]
pub struct NativeNetwork {
    inner: Network,
    report: NetworkReportDocument,
}

/// By travel profile: the network that vehicles drive on, and how locations are snapped to its streets.
#[napi]
#[derive(Default)]
pub struct NativeStreets {
    networks: Vec<Option<(Network, Snap)>>,
}

#[napi]
impl NativeStreets {
    /// Without any profile.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a profile that drives on a network.
    #[napi]
    pub fn add(&mut self, network: &NativeNetwork, snap: String) -> Result<()> {
        self.networks.push(Some((network.inner.clone(), snap_of(&snap)?)));
        Ok(())
    }

    /// Adds a profile of matrices.
    #[napi]
    pub fn skip(&mut self) {
        self.networks.push(None);
    }

    /// The lines between locations; none where no profile has a network.
    pub(crate) fn lines(&self, locations: &[Location]) -> Option<StreetLines> {
        let has_lines = self.networks.iter().any(Option::is_some);
        has_lines.then(|| StreetLines::new(locations, self.networks.iter().cloned()))
    }
}

/// A map that is being prepared, or a file that is being opened or written.
pub enum NetworkWork {
    Prepare {
        map: String,
        links: Option<String>,
        profile: Box<RoadProfile>,
    },
    Load {
        path: String,
    },
    /// Other travel times on the same streets: changed ones, or those at a day and minute.
    Change {
        network: Network,
        report: Box<NetworkReportDocument>,
        changes: Vec<Change>,
        cancel: CancelToken,
    },
    AtHour {
        network: Network,
        report: Box<NetworkReportDocument>,
        at: (Day, u32),
        cancel: CancelToken,
    },
}

impl Task for NetworkWork {
    type Output = NativeNetwork;
    type JsValue = NativeNetwork;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| match self {
            Self::Prepare { map, links, profile } => {
                let streets = match links {
                    Some(links) => Streets::open_csv(map, links)?,
                    None => Streets::open(map)?,
                };
                let inner = Network::new(&streets, profile)?;
                let report = NetworkReportDocument::new(&inner, Some(streets.report()));
                Ok(NativeNetwork { inner, report })
            }
            Self::Load { path } => {
                let inner = Network::open(path)?;
                let report = NetworkReportDocument::new(&inner, None);
                Ok(NativeNetwork { inner, report })
            }
            Self::Change { network, report, changes, cancel } => {
                Ok(NativeNetwork { inner: network.change_with(changes, cancel)?, report: (**report).clone() })
            }
            Self::AtHour { network, report, at: (day, minute), cancel } => {
                let inner = network.at_hour_with(*day, *minute, cancel)?;
                Ok(NativeNetwork { inner, report: (**report).clone() })
            }
        })
    }

    fn resolve(&mut self, _: Env, network: Self::Output) -> Result<Self::JsValue> {
        Ok(network)
    }
}

/// Longitudes and latitudes, one after the other, as points; errors call them by a word and their number.
fn points_of(flat: &[f64], called: (&str, &str), snap: &Snap) -> Vec<SourcePoint> {
    let point = |(i, pair): (usize, &[f64; 2])| {
        let name = format!("{}{i}{}", called.0, called.1);
        SourcePoint::new(pair[0], pair[1]).named(name).approach(snap.approach)
    };
    flat.as_chunks::<2>().0.iter().enumerate().map(point).collect()
}

/// A point, as errors call it.
const POINT: (&str, &str) = ("point ", "");

fn snap_of(document: &str) -> Result<Snap> {
    Ok(taken::<SnapDocument>(document)?.into())
}

/// Travel times and distances: metres and seconds times their scales, NaN where no path leads; row-major.
#[napi(object, object_from_js = false)]
pub struct RoadTableRecord {
    pub rows: u32,
    pub columns: u32,
    pub distances: Float64Array,
    pub durations: Float64Array,
}

/// A table that is being computed.
pub struct TableWork {
    network: Network,
    origins: Vec<SourcePoint>,
    destinations: Option<Vec<SourcePoint>>,
    snap: Snap,
    scales: (f64, f64),
    /// What stands where no path leads.
    missing: f64,
    cancel: CancelToken,
}

impl Task for TableWork {
    type Output = RoadTable;
    type JsValue = RoadTableRecord;

    fn compute(&mut self) -> Result<Self::Output> {
        caught(|| {
            let from = self.network.snap_named(&self.origins, &self.snap)?;
            let to =
                self.destinations.as_ref().map(|points| self.network.snap_named(points, &self.snap)).transpose()?;
            Ok(self.network.table_with(&from, to.as_ref().unwrap_or(&from), &self.cancel, &|_| {})?)
        })
    }

    fn resolve(&mut self, _: Env, table: Self::Output) -> Result<Self::JsValue> {
        Ok(record(&table, self.scales, self.missing))
    }
}

fn record(table: &RoadTable, scales: (f64, f64), missing: f64) -> RoadTableRecord {
    let (rows, columns) = table.shape();
    let (distances, durations) = scaled(table, scales, missing);
    RoadTableRecord {
        rows: rows as u32,
        columns: columns as u32,
        distances: distances.into(),
        durations: durations.into(),
    }
}

/// The speeds of a day that are being computed.
pub struct CurveWork {
    network: Network,
    day: Day,
    points: Vec<SourcePoint>,
    snap: Snap,
    midnight: i64,
    cancel: CancelToken,
}

impl Task for CurveWork {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<Self::Output> {
        let curve = caught(|| {
            let spots = self.network.snap_named(&self.points, &self.snap)?;
            Ok(self.network.speed_curve_with(self.day, &spots, self.midnight, &self.cancel)?)
        })?;
        given(&curve.steps.into_iter().map(StreetSpeedDocument::from).collect::<Vec<_>>())
    }

    fn resolve(&mut self, _: Env, steps: Self::Output) -> Result<Self::JsValue> {
        Ok(steps)
    }
}

/// Distances and durations in scaled units, rounded to the nearest.
fn scaled(table: &RoadTable, (distance, time): (f64, f64), missing: f64) -> (Vec<f64>, Vec<f64>) {
    let (rows, columns) = table.shape();
    let whole = |value: u64, scale: f64| (value as f64 * scale + 0.5).floor();
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let cell = |(row, column)| match table.exact(row, column) {
        Some((milliseconds, centimetres)) => (whole(centimetres, distance / 100.0), whole(milliseconds, time / 1000.0)),
        None => (missing, missing),
    };
    cells.map(cell).unzip()
}

#[napi]
impl NativeNetwork {
    /// Prepares a map for a profile: the name of one that is shipped, or the text of one.
    #[napi(ts_return_type = "Promise<NativeNetwork>")]
    pub fn prepare(map: String, links: Option<String>, profile: String) -> Result<AsyncTask<NetworkWork>> {
        let profile = match RoadProfile::shipped(&profile) {
            Some(profile) => profile,
            None => RoadProfile::from_toml(&profile).map_err(thrown)?,
        };
        Ok(AsyncTask::new(NetworkWork::Prepare { map, links, profile: Box::new(profile) }))
    }

    /// Opens a file that was saved.
    #[napi(ts_return_type = "Promise<NativeNetwork>")]
    pub fn load(path: String) -> AsyncTask<NetworkWork> {
        AsyncTask::new(NetworkWork::Load { path })
    }

    /// Writes a file.
    #[napi]
    pub fn save(&self, path: String) -> Result<()> {
        caught(|| Ok(self.inner.save(path)?))
    }

    /// The document of what it has.
    #[napi]
    pub fn report(&self) -> Result<String> {
        given(&self.report)
    }

    /// Where points are on streets: documents.
    #[napi]
    pub fn snap(&self, points: Float64Array, snap: String) -> Result<String> {
        given(&self.spots(&points, &snap)?.iter().map(SpotDocument::from).collect::<Vec<_>>())
    }

    /// The network with changes of its usual travel times: documents.
    #[napi(ts_return_type = "Promise<NativeNetwork>")]
    pub fn change(&self, changes: String, cancel: &NativeCancelToken) -> Result<AsyncTask<NetworkWork>> {
        let changes = StreetChangeDocument::read_all(taken(&changes)?).map_err(thrown)?;
        let (network, report) = (self.inner.clone(), Box::new(self.report.clone()));
        let cancel = cancel.inner.clone();
        Ok(AsyncTask::new(NetworkWork::Change { network, report, changes, cancel }))
    }

    /// The network at an hour of the week, by the traffic of its profile; the day is a document.
    #[napi(ts_return_type = "Promise<NativeNetwork>")]
    pub fn at_hour(&self, day: String, minute: u32, cancel: &NativeCancelToken) -> Result<AsyncTask<NetworkWork>> {
        let at = (taken::<DayKind>(&day)?.into(), minute);
        let (network, report) = (self.inner.clone(), Box::new(self.report.clone()));
        let cancel = cancel.inner.clone();
        Ok(AsyncTask::new(NetworkWork::AtHour { network, report, at, cancel }))
    }

    /// How fast the streets between points are over a day: documents of steps.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn speed_curve(
        &self,
        day: String,
        points: Float64Array,
        midnight: f64,
        snap: String,
        cancel: &NativeCancelToken,
    ) -> Result<AsyncTask<CurveWork>> {
        let snap = snap_of(&snap)?;
        Ok(AsyncTask::new(CurveWork {
            network: self.inner.clone(),
            day: taken::<DayKind>(&day)?.into(),
            points: points_of(&points, POINT, &snap),
            snap,
            midnight: midnight as i64,
            cancel: cancel.inner.clone(),
        }))
    }

    /// Travel times and distances. Without destinations, they are the origins.
    #[napi(ts_return_type = "Promise<RoadTableRecord>")]
    pub fn table(
        &self,
        origins: Float64Array,
        destinations: Option<Float64Array>,
        snap: String,
        cancel: &NativeCancelToken,
    ) -> Result<AsyncTask<TableWork>> {
        let snap = snap_of(&snap)?;
        Ok(AsyncTask::new(TableWork {
            network: self.inner.clone(),
            origins: points_of(&origins, POINT, &snap),
            destinations: destinations.map(|points| points_of(&points, POINT, &snap)),
            snap,
            scales: (1.0, 1.0),
            missing: f64::NAN,
            cancel: cancel.inner.clone(),
        }))
    }

    /// The matrices between the locations of a model, in scaled units: what the solver takes for a pair without a way stands where
    /// no path leads.
    #[napi]
    pub fn matrices(
        &self,
        locations: Float64Array,
        snap: String,
        distance_scale: f64,
        time_scale: f64,
    ) -> Result<RoadTableRecord> {
        let mut work = self.matrix_work(&locations, &snap, (distance_scale, time_scale), CancelToken::new())?;
        Ok(record(&work.compute()?, work.scales, work.missing))
    }

    /// The same, away from the main thread.
    #[napi(ts_return_type = "Promise<RoadTableRecord>")]
    pub fn matrices_later(
        &self,
        locations: Float64Array,
        snap: String,
        distance_scale: f64,
        time_scale: f64,
        cancel: &NativeCancelToken,
    ) -> Result<AsyncTask<TableWork>> {
        let scales = (distance_scale, time_scale);
        Ok(AsyncTask::new(self.matrix_work(&locations, &snap, scales, cancel.inner.clone())?))
    }

    /// The fastest drive through points in their order: a document of each leg.
    #[napi]
    pub fn route(&self, points: Float64Array, snap: String) -> Result<String> {
        let spots = self.spots(&points, &snap)?;
        let route = caught(|| Ok(self.inner.route(&spots)?))?;
        given(&route.legs.iter().map(RoadLegDocument::from).collect::<Vec<_>>())
    }

    /// What is reached from a point: a document.
    #[napi]
    pub fn isochrone(&self, point: Float64Array, seconds: u32, reach: f64, snap: String) -> Result<String> {
        let spots = self.spots(&point, &snap)?;
        let Some(spot) = spots.first() else { return Err(coded("setting", "a point is missing")) };
        given(&AreaDocument::from(&caught(|| Ok(self.inner.isochrone(spot, seconds, reach)?))?))
    }

    fn matrix_work(&self, at: &[f64], snap: &str, scales: (f64, f64), cancel: CancelToken) -> Result<TableWork> {
        let snap = snap_of(snap)?;
        Ok(TableWork {
            network: self.inner.clone(),
            origins: points_of(at, ("locations[", "]"), &snap),
            destinations: None,
            snap,
            scales,
            missing: UNREACHABLE as f64,
            cancel,
        })
    }

    fn spots(&self, points: &[f64], snap: &str) -> Result<Vec<Spot>> {
        let snap = snap_of(snap)?;
        let found: std::result::Result<_, RoadError> = self.inner.snap_named(&points_of(points, POINT, &snap), &snap);
        found.map_err(thrown)
    }
}

/// Writes the map of a synthetic city as an OSM PBF file.
#[napi]
pub fn write_city(
    path: String,
    plan: String,
    blocks: u32,
    block_length: f64,
    centre: Float64Array,
    seed: u32,
) -> Result<()> {
    let plan = match plan.as_str() {
        "grid" => CityPlan::Grid,
        "radial" => CityPlan::Radial,
        "river" => CityPlan::River,
        _ => return Err(coded("setting", format!("unknown plan `{plan}`: use one of grid, radial, river"))),
    };
    let [x, y] = centre[..] else { return Err(coded("setting", "centre: give a longitude and a latitude")) };
    let city = City { seed: u64::from(seed), plan, blocks, block_length, centre: Coord::new(x, y) };
    let written = File::create(&path).map(BufWriter::new).and_then(|mut file| {
        city.write_pbf(&mut file)?;
        file.flush()
    });
    written.map_err(|error| coded("road", format!("{path}: {error}")))
}

/// The names of the profiles that are shipped.
#[napi]
pub fn road_profiles() -> Vec<String> {
    RoadProfile::SHIPPED.map(str::to_owned).to_vec()
}

/// The text of a shipped profile, to start another from; nothing if there is none of that name.
#[napi]
pub fn road_profile(name: String) -> Option<String> {
    RoadProfile::shipped_toml(&name).map(str::to_owned)
}
