//! Street networks: made from a map, kept in a file, and asked for tables, routes and areas.

use std::io;
use std::path::PathBuf;

use milkrun::Coord;
use milkrun::document::{
    AreaDocument, DayKind, FailureDocument, NetworkReportDocument, RoadLegDocument, SnapDocument, SpotDocument,
    StreetChangeDocument,
};
use milkrun::travel::road::{
    City, CityPlan, FileError, Network as CoreNetwork, Reading, RoadError, RoadProfile, RoadTable, Spot, Streets,
    StreetsError,
};
use milkrun::travel::{SourcePoint, UNREACHABLE};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::cancel::CancelToken;
use crate::document::{given, taken};
use crate::failure::raise;
use crate::worker;

/// Longitudes, latitudes and what errors call each point.
type Points = Vec<(f64, f64, String)>;

/// The number of rows and columns, and the bytes of distances and durations.
type TableBytes<'py> = (usize, usize, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// The streets of a map as one profile drives them.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Network {
    pub(crate) inner: CoreNetwork,
    report: NetworkReportDocument,
}

#[pymethods]
impl Network {
    /// Prepares a map for a profile: the name of one that is shipped, or the text of one.
    #[staticmethod]
    fn prepare(py: Python<'_>, map: PathBuf, links: Option<PathBuf>, profile: &str) -> PyResult<Self> {
        let profile = match RoadProfile::shipped(profile) {
            Some(profile) => profile,
            None => RoadProfile::from_toml(profile).map_err(|error| raise(py, error))?,
        };
        let prepared = worker::wait(py, move |token| {
            let reading = Reading { cancel: token.clone(), ..Reading::default() };
            let streets = match links {
                Some(links) => Streets::open_csv_with(map, links, &reading),
                None => Streets::open_with(map, &reading),
            };
            let streets = streets.map_err(Unprepared::Streets)?;
            let network = CoreNetwork::new_with(&streets, &profile, token, &|_| {})
                .map_err(|error| Unprepared::Failure(error.into()))?;
            let report = NetworkReportDocument::new(&network, Some(streets.report()));
            Ok(Self { inner: network, report })
        })?;
        prepared.map_err(|error| match error {
            Unprepared::Streets(StreetsError::Io { file, source }) => of_system(&file, &source),
            Unprepared::Streets(error) => raise(py, error),
            Unprepared::Failure(failure) => raise(py, failure),
        })
    }

    /// Opens a file that was saved.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let opened = worker::wait(py, move |_| CoreNetwork::open(path))?;
        let inner = opened.map_err(|error| of_file(py, error))?;
        let report = NetworkReportDocument::new(&inner, None);
        Ok(Self { inner, report })
    }

    /// Writes a file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let network = self.inner.clone();
        worker::wait(py, move |_| network.save(path))?.map_err(|error| of_file(py, error))
    }

    /// What it has, and what it does not have of the map.
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        given(py, &self.report)
    }

    /// Where points are on streets: documents.
    fn snap<'py>(&self, py: Python<'py>, points: Points, snap: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let spots = self.spots(py, points, taken(snap)?)?;
        given(py, &spots.iter().map(SpotDocument::from).collect::<Vec<_>>())
    }

    /// Distances and durations as 64-bit integers of this machine's byte order, row-major: metres and seconds times their
    /// scales, rounded to the nearest. Without destinations, they are the origins.
    #[expect(clippy::too_many_arguments, reason = "they are those of the Python method")]
    fn table<'py>(
        &self,
        py: Python<'py>,
        origins: Points,
        destinations: Option<Points>,
        snap: &Bound<'py, PyAny>,
        distance_scale: f64,
        time_scale: f64,
        cancel: &CancelToken,
    ) -> PyResult<TableBytes<'py>> {
        let snap: SnapDocument = taken(snap)?;
        let from = self.spots(py, origins, snap)?;
        let to = destinations.map(|points| self.spots(py, points, snap)).transpose()?;
        let network = self.inner.clone();
        let (table, interrupted) = worker::run_untold(py, cancel, move |token| {
            let table = network.table_with(&from, to.as_ref().unwrap_or(&from), token, &|_| {})?;
            Ok::<_, RoadError>((table.shape(), scaled(&table, distance_scale, time_scale)))
        })?;
        match table {
            Err(RoadError::Cancelled) if interrupted => Err(PyKeyboardInterrupt::new_err(())),
            Err(error) => Err(raise(py, error)),
            Ok(((rows, columns), (distances, durations))) => {
                Ok((rows, columns, PyBytes::new(py, &distances), PyBytes::new(py, &durations)))
            }
        }
    }

    /// The fastest drive through points in their order: a document of each leg.
    fn route<'py>(&self, py: Python<'py>, points: Points, snap: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let spots = self.spots(py, points, taken(snap)?)?;
        let route = py.detach(|| self.inner.route(&spots)).map_err(|error| raise(py, error))?;
        given(py, &route.legs.iter().map(RoadLegDocument::from).collect::<Vec<_>>())
    }

    /// The network with changes of its usual travel times: documents.
    fn change(&self, py: Python<'_>, changes: &Bound<'_, PyAny>) -> PyResult<Self> {
        let changes: Vec<StreetChangeDocument> = taken(changes)?;
        let changes = StreetChangeDocument::read_all(changes).map_err(|failure| raise(py, failure))?;
        let network = self.inner.clone();
        let changed = worker::wait(py, move |token| network.change_with(&changes, token))?;
        Ok(self.at_other_times(changed.map_err(|error| raise(py, error))?))
    }

    /// The network at an hour of the week, by the traffic of its profile.
    fn at_hour(&self, py: Python<'_>, day: &Bound<'_, PyAny>, minute: u32) -> PyResult<Self> {
        let day: DayKind = taken(day)?;
        let network = self.inner.clone();
        let there = worker::wait(py, move |token| network.at_hour_with(day.into(), minute, token))?;
        Ok(self.at_other_times(there.map_err(|error| raise(py, error))?))
    }

    /// How fast the streets between points are over a day: seconds and percentages.
    fn speed_curve(
        &self,
        py: Python<'_>,
        day: &Bound<'_, PyAny>,
        points: Points,
        midnight: i64,
        snap: &Bound<'_, PyAny>,
    ) -> PyResult<Vec<(i64, u32)>> {
        let day: DayKind = taken(day)?;
        let spots = self.spots(py, points, taken(snap)?)?;
        let network = self.inner.clone();
        let curve = worker::wait(py, move |token| network.speed_curve_with(day.into(), &spots, midnight, token))?;
        let curve = curve.map_err(|error| raise(py, error))?;
        Ok(curve.steps.iter().map(|step| (step.from, step.percent)).collect())
    }

    /// What is reached from a point: a document.
    fn isochrone<'py>(
        &self,
        py: Python<'py>,
        point: (f64, f64, String),
        seconds: u32,
        reach: f64,
        snap: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let spots = self.spots(py, vec![point], taken(snap)?)?;
        let area = py.detach(|| self.inner.isochrone(&spots[0], seconds, reach));
        given(py, &AreaDocument::from(&area.map_err(|error| raise(py, error))?))
    }
}

impl Network {
    /// What it has is the same.
    fn at_other_times(&self, inner: CoreNetwork) -> Self {
        Self { inner, report: self.report.clone() }
    }

    fn spots(&self, py: Python<'_>, points: Points, snap: SnapDocument) -> PyResult<Vec<Spot>> {
        let named = |(x, y, name): (f64, f64, String)| SourcePoint::new(x, y).named(name).approach(approach(snap));
        let found = py.detach(|| {
            let points: Vec<SourcePoint> = points.into_iter().map(named).collect();
            self.inner.snap_named(&points, &snap.into())
        });
        found.map_err(|error| raise(py, error))
    }
}

/// By travel profile: the network that vehicles drive on, and a document of how locations are snapped to its streets.
pub(crate) type Networks<'py> = Vec<Option<(PyRef<'py, Network>, Bound<'py, PyAny>)>>;

/// The same, without the interpreter.
pub(crate) fn networks(streets: Networks<'_>) -> PyResult<Vec<Option<(CoreNetwork, milkrun::travel::road::Snap)>>> {
    let own = |(network, snap): (PyRef<'_, Network>, Bound<'_, PyAny>)| {
        Ok((network.inner.clone(), taken::<SnapDocument>(&snap)?.into()))
    };
    streets.into_iter().map(|profile| profile.map(own).transpose()).collect()
}

/// The approach of every point.
fn approach(snap: SnapDocument) -> milkrun::travel::Approach {
    milkrun::travel::road::Snap::from(snap).approach
}

/// Why there is no network.
enum Unprepared {
    Streets(StreetsError),
    Failure(FailureDocument),
}

/// Distances and durations in scaled units.
fn scaled(table: &RoadTable, distance_scale: f64, time_scale: f64) -> (Vec<u8>, Vec<u8>) {
    let (rows, columns) = table.shape();
    let (mut distances, mut durations) = (Vec::new(), Vec::new());
    let whole = |value: u64, scale: f64| (value as f64 * scale + 0.5).floor() as i64;
    for row in 0..rows {
        for column in 0..columns {
            let cell = table.exact(row, column);
            let (time, length) = cell.unwrap_or_default();
            let far = |value: i64| if cell.is_some() { value } else { UNREACHABLE };
            distances.extend_from_slice(&far(whole(length, distance_scale / 100.0)).to_ne_bytes());
            durations.extend_from_slice(&far(whole(time, time_scale / 1000.0)).to_ne_bytes());
        }
    }
    (distances, durations)
}

/// What Python raises where a file is not there, or cannot be read.
fn of_system(file: &str, error: &io::Error) -> PyErr {
    io::Error::new(error.kind(), format!("{file}: {error}")).into()
}

fn of_file(py: Python<'_>, error: FileError) -> PyErr {
    match error {
        FileError::Io { file, source } => of_system(&file, &source),
        error => raise(py, error),
    }
}

/// Writes the map of a synthetic city as an OSM PBF file.
#[pyfunction]
pub(crate) fn write_city(
    py: Python<'_>,
    path: PathBuf,
    plan: &str,
    blocks: u32,
    block_length: f64,
    centre: (f64, f64),
    seed: u64,
) -> PyResult<()> {
    let plan = match plan {
        "grid" => CityPlan::Grid,
        "radial" => CityPlan::Radial,
        "river" => CityPlan::River,
        _ => return Err(PyValueError::new_err(format!("plan is {plan:?}: use one of grid, radial, river"))),
    };
    let city = City { seed, plan, blocks, block_length, centre: Coord::new(centre.0, centre.1) };
    py.detach(|| {
        let mut file = io::BufWriter::new(std::fs::File::create(&path)?);
        city.write_pbf(&mut file)?;
        io::Write::flush(&mut file)
    })
    .map_err(|error| of_system(&path.display().to_string(), &error))
}

/// The names of the profiles that are shipped.
#[pyfunction]
pub(crate) fn road_profiles() -> Vec<&'static str> {
    RoadProfile::SHIPPED.to_vec()
}

/// The text of a shipped profile, to start another from; `None` if there is none of that name.
#[pyfunction]
pub(crate) fn road_profile(name: &str) -> Option<&'static str> {
    RoadProfile::shipped_toml(name)
}
