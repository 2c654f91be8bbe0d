//! What answers have in common.

use std::fmt::Write as _;

use milkrun::Coord;
use milkrun::travel::{Approach, Leg, PointProblem, SourcePoint, TableRequest, TravelBlock};
use serde::Deserialize;

/// Rows of numbers; `null` where there is no path.
pub(crate) type Rows = Vec<Vec<Option<f64>>>;

/// The block of a part of a table, from rows of metres and of seconds.
pub(crate) fn block(request: &TableRequest<'_>, metres: &Rows, seconds: &Rows) -> Result<TravelBlock, String> {
    let (rows, columns) = (request.origins.len(), request.destinations.len());
    for (name, values) in [("distances", metres), ("durations", seconds)] {
        if values.len() != rows || values.iter().any(|row| row.len() != columns) {
            let found = values.first().map_or(0, Vec::len);
            return Err(format!("{rows} × {columns} {name} were expected, and {} × {found} came", values.len()));
        }
    }
    let mut block = TravelBlock::new(rows, columns);
    for row in 0..rows {
        for column in 0..columns {
            let cell = metres[row][column].zip(seconds[row][column]);
            set(&mut block, request, (row, column), cell)?;
        }
    }
    Ok(block)
}

/// Sets a cell to metres and seconds; from a point to itself, both are zero.
pub(crate) fn set(
    block: &mut TravelBlock,
    request: &TableRequest<'_>,
    (row, column): (usize, usize),
    cell: Option<(f64, f64)>,
) -> Result<(), String> {
    let (from, to) = (request.origins[row], request.destinations[column]);
    let cell = if from == to { Some((0.0, 0.0)) } else { cell };
    let wrong = |value| format!("from point {from} to point {to}, {value} is neither a distance nor a duration");
    block.set(row, column, cell).map_err(wrong)
}

/// A leg of metres and seconds; repeated points of its line are dropped, and it has at least the two at its ends.
pub(crate) fn leg(metres: f64, seconds: f64, mut line: Vec<Coord>, ends: &[SourcePoint]) -> Result<Leg, String> {
    let mut block = TravelBlock::new(1, 1);
    block.set(0, 0, Some((metres, seconds))).map_err(|v| format!("{v} is neither a distance nor a duration"))?;
    let (distance, duration) = block.get(0, 0).unwrap_or_default();
    if line.iter().any(|point| !(-180.0..=180.0).contains(&point.x) || !(-90.0..=90.0).contains(&point.y)) {
        return Err("a leg's line leaves the Earth".to_owned());
    }
    line.dedup();
    if line.is_empty() {
        line = ends.iter().map(|point| point.coord).collect();
    } else if line.len() == 1 {
        line.push(line[0]);
    }
    Ok(Leg { distance, duration, geometry: line })
}

/// `lon,lat;lon,lat`, to a tenth of a metre.
pub(crate) fn coordinates<'a>(points: impl IntoIterator<Item = &'a SourcePoint>) -> String {
    let mut text = String::new();
    for point in points {
        let separator = if text.is_empty() { "" } else { ";" };
        let _ = write!(text, "{separator}{:.6},{:.6}", point.coord.x, point.coord.y);
    }
    text
}

/// `&approaches=curb;unrestricted`, or nothing if every point may be approached from either side.
pub(crate) fn approaches<'a>(points: impl IntoIterator<Item = &'a SourcePoint>) -> String {
    let words: Vec<&str> = points.into_iter().map(|point| word(point.approach)).collect();
    if words.contains(&"curb") { format!("&approaches={}", words.join(";")) } else { String::new() }
}

fn word(approach: Approach) -> &'static str {
    match approach {
        Approach::Any => "unrestricted",
        Approach::Curb => "curb",
    }
}

/// Numbers between semicolons.
pub(crate) fn joined(numbers: impl IntoIterator<Item = usize>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(";")
}

/// The points of a part of a table, each once, and where its origins and destinations are among them.
pub(crate) struct Named {
    pub(crate) points: Vec<usize>,
    pub(crate) origins: Vec<usize>,
    pub(crate) destinations: Vec<usize>,
}

impl Named {
    pub(crate) fn new(request: &TableRequest<'_>) -> Self {
        let mut points: Vec<usize> = request.origins.iter().chain(request.destinations).copied().collect();
        points.sort_unstable();
        points.dedup();
        let places = |indices: &[usize]| indices.iter().map(|index| points.binary_search(index).unwrap_or(0)).collect();
        let (origins, destinations) = (places(request.origins), places(request.destinations));
        Self { points, origins, destinations }
    }
}

/// An answer of OSRM, whose form Mapbox has taken over.
#[derive(Deserialize)]
pub(crate) struct OsrmTable {
    pub(crate) durations: Rows,
    pub(crate) distances: Rows,
    /// Where origins and destinations were taken to; OSRM is asked not to tell.
    #[serde(default)]
    pub(crate) sources: Vec<Waypoint>,
    #[serde(default)]
    pub(crate) destinations: Vec<Waypoint>,
}

/// Where a point was taken to.
#[derive(Deserialize)]
pub(crate) struct Waypoint {
    /// Metres from the point.
    #[serde(default)]
    pub(crate) distance: Option<f64>,
}

/// What OSRM and Mapbox call a fault.
#[derive(Deserialize)]
pub(crate) struct Code {
    pub(crate) code: String,
}

/// A path along points.
#[derive(Deserialize)]
pub(crate) struct OsrmRoute {
    routes: Vec<OsrmPath>,
    #[serde(default)]
    waypoints: Vec<Waypoint>,
}

#[derive(Deserialize)]
struct OsrmPath {
    legs: Vec<OsrmLeg>,
}

#[derive(Deserialize)]
struct OsrmLeg {
    distance: f64,
    duration: f64,
    #[serde(default)]
    steps: Vec<OsrmStep>,
}

#[derive(Deserialize)]
struct OsrmStep {
    geometry: Line,
}

/// A line of GeoJSON.
#[derive(Deserialize)]
pub(crate) struct Line {
    pub(crate) coordinates: Vec<[f64; 2]>,
}

impl OsrmRoute {
    /// The legs among `points`.
    pub(crate) fn into_legs(self, points: &[SourcePoint]) -> Result<Vec<Leg>, String> {
        let path = self.routes.into_iter().next().ok_or("there is no route in it")?;
        if path.legs.len() + 1 != points.len() {
            return Err(format!("{} legs were expected, and {} came", points.len() - 1, path.legs.len()));
        }
        let read = |(i, found): (usize, OsrmLeg)| {
            let line = found.steps.iter().flat_map(|step| &step.geometry.coordinates).map(|&[x, y]| Coord::new(x, y));
            leg(found.distance, found.duration, line.collect(), &points[i..i + 2])
        };
        path.legs.into_iter().enumerate().map(read).collect()
    }

    /// The points that were taken too far.
    pub(crate) fn beyond(&self, limit: Option<f64>) -> Vec<(usize, PointProblem)> {
        beyond(self.waypoints.iter().enumerate(), limit)
    }
}

/// The points that were taken farther than a limit.
pub(crate) fn beyond<'a>(
    waypoints: impl Iterator<Item = (usize, &'a Waypoint)>,
    limit: Option<f64>,
) -> Vec<(usize, PointProblem)> {
    let Some(most) = limit else { return Vec::new() };
    let is_far = |waypoint: &Waypoint| waypoint.distance.is_some_and(|distance| distance > most);
    waypoints.filter(|(_, waypoint)| is_far(waypoint)).map(|(i, _)| (i, PointProblem::Unsnapped { limit })).collect()
}
