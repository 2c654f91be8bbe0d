//! Street networks: how points are snapped, what a network has, and what it answers. Seconds, metres and degrees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FailureDocument, IssueDocument};
use crate::geometry::Area;
use crate::model::Coord;
use crate::travel::Approach;
use crate::travel::road::{
    FileError, Ignored, Leg, Network, NetworkError, OffRoad, ProfileError, RoadError, Snap, Spot, StreetsError,
    StreetsReport,
};

/// From which side a vehicle must arrive at a point.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Approach")]
pub enum ApproachKind {
    /// From either side.
    #[default]
    Any,
    /// So that the point is on the side of the street on which one drives.
    Curb,
}

/// How points are snapped to streets. Fields that are omitted are as usual.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Snap")]
pub struct SnapDocument {
    /// From which side a vehicle must arrive.
    pub approach: ApproachKind,
    /// How far from a street a point may be, in metres.
    pub limit: f64,
    /// Streets that are at most so many metres farther away than the nearest one are places to stop, too.
    pub slack: f64,
    /// The most places for one point.
    pub places: usize,
}

impl Default for SnapDocument {
    fn default() -> Self {
        let Snap { limit, slack, places, .. } = Snap::default();
        Self { approach: ApproachKind::Any, limit, slack, places }
    }
}

impl From<SnapDocument> for Snap {
    fn from(SnapDocument { approach, limit, slack, places }: SnapDocument) -> Self {
        let approach = match approach {
            ApproachKind::Any => Approach::Any,
            ApproachKind::Curb => Approach::Curb,
        };
        Self { approach, limit, slack, places }
    }
}

/// Parts of a map that are not in a network, for one reason.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "LeftOut")]
pub struct LeftOutDocument {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: usize,
    /// The first of them.
    pub examples: Vec<String>,
}

impl From<&Ignored> for LeftOutDocument {
    fn from(Ignored { reason, count, examples }: &Ignored) -> Self {
        Self { reason: reason.clone(), count: *count, examples: examples.clone() }
    }
}

/// What a network has, and what it does not have of the map.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "NetworkReport")]
pub struct NetworkReportDocument {
    /// The name of the profile that drives.
    pub profile: String,
    /// Number of segments that can be driven in at least one direction.
    pub segments: usize,
    /// Number of directed segments: the ways to be on a street.
    pub directed_segments: usize,
    /// Number of turns.
    pub turns: usize,
    /// Number of turn restrictions that hold for the profile.
    pub restrictions: usize,
    /// Metres of the segments.
    pub length: f64,
    /// Number of segments that can be driven but are not connected, there and back, with the rest.
    pub disconnected_segments: usize,
    /// Metres of the disconnected segments.
    pub disconnected_length: f64,
    /// Segments that the profile does not use, by reason.
    pub unused: Vec<LeftOutDocument>,
    /// What the map says that is not applied, by reason; null of a network that comes from a file of its own.
    pub ignored: Option<Vec<LeftOutDocument>>,
    /// The date that the map's data is from, in seconds since 1970; null where it does not say that.
    pub data_date: Option<i64>,
}

impl NetworkReportDocument {
    /// The report of a network, and of the streets that it was made from.
    pub fn new(network: &Network, streets: Option<&StreetsReport>) -> Self {
        let report = network.report();
        let list = |ignored: &Vec<Ignored>| ignored.iter().map(LeftOutDocument::from).collect();
        Self {
            profile: network.profile().name.clone(),
            segments: report.segments,
            directed_segments: report.directed_segments,
            turns: report.turns,
            restrictions: report.restrictions,
            length: report.length,
            disconnected_segments: report.disconnected_segments,
            disconnected_length: report.disconnected_length,
            unused: list(&report.unused),
            ignored: streets.map(|streets| list(&streets.ignored)),
            data_date: network.data_date(),
        }
    }
}

/// A longitude and a latitude.
fn pair(at: Coord) -> (f64, f64) {
    (at.x, at.y)
}

/// A point on a street.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Spot")]
pub struct SpotDocument {
    /// Longitude and latitude of the point.
    pub point: (f64, f64),
    /// Longitude and latitude of its nearest place on a street.
    pub on_street: (f64, f64),
    /// Metres between the two. They are in no travel time.
    pub away: f64,
    /// How many places on streets it may be reached at.
    pub places: usize,
}

impl From<&Spot> for SpotDocument {
    fn from(spot: &Spot) -> Self {
        Self {
            point: pair(spot.point()),
            on_street: pair(spot.on_street()),
            away: spot.away(),
            places: spot.num_places(),
        }
    }
}

/// A drive from one point to the next.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "RoadLeg")]
pub struct RoadLegDocument {
    /// Seconds.
    pub duration: i64,
    /// Metres.
    pub distance: i64,
    /// Longitudes and latitudes along the streets, at least two.
    pub geometry: Vec<(f64, f64)>,
    /// The names of the streets that it follows, in their order, without those that have none.
    pub streets: Vec<String>,
    /// The map's numbers of the ways that it follows.
    pub ways: Vec<i64>,
}

impl From<&Leg> for RoadLegDocument {
    fn from(Leg { duration, distance, geometry, streets, ways }: &Leg) -> Self {
        let geometry = geometry.iter().copied().map(pair).collect();
        Self { duration: *duration, distance: *distance, geometry, streets: streets.clone(), ways: ways.clone() }
    }
}

/// An area: polygons, of which each is a list of rings, the outer one first: longitudes and latitudes.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Area")]
pub struct AreaDocument {
    /// The coordinates of a multipolygon, as `GeoJSON` has them.
    pub polygons: Vec<Vec<Vec<(f64, f64)>>>,
}

impl From<&Area> for AreaDocument {
    fn from(area: &Area) -> Self {
        let ring = |ring: &Vec<Coord>| ring.iter().copied().map(pair).collect();
        let polygon = |rings: &Vec<Vec<Coord>>| rings.iter().map(ring).collect();
        Self { polygons: area.polygons.iter().map(polygon).collect() }
    }
}

const CODE: &str = "road";

impl From<StreetsError> for FailureDocument {
    fn from(error: StreetsError) -> Self {
        let issue = |fault: &String| IssueDocument { message: fault.clone(), ..IssueDocument::default() };
        let issues = match &error {
            StreetsError::Faults { faults, .. } => faults.iter().map(issue).collect(),
            _ => Vec::new(),
        };
        Self { issues, ..Self::new(CODE, error.to_string()) }
    }
}

impl From<ProfileError> for FailureDocument {
    fn from(error: ProfileError) -> Self {
        let message = error.to_string();
        let issues = error.faults.into_iter().map(|fault| IssueDocument {
            path: fault.path,
            message: fault.text,
            ..IssueDocument::default()
        });
        Self { issues: issues.collect(), ..Self::new(CODE, message) }
    }
}

impl From<NetworkError> for FailureDocument {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::Profile(error) => error.into(),
            error => Self::new(CODE, error.to_string()),
        }
    }
}

impl From<FileError> for FailureDocument {
    fn from(error: FileError) -> Self {
        Self::new(CODE, error.to_string())
    }
}

impl From<RoadError> for FailureDocument {
    fn from(error: RoadError) -> Self {
        let issues = match &error {
            RoadError::OffRoad { points, .. } => points.iter().map(off_road).collect(),
            _ => Vec::new(),
        };
        Self { issues, ..Self::new(CODE, error.to_string()) }
    }
}

fn off_road(point: &OffRoad) -> IssueDocument {
    let limit = point.limit;
    let (message, remedy) = match point.nearest {
        Some(metres) => {
            (format!("is {metres:.0} m from the nearest street that may be used"), "move it, or raise the limit")
        }
        None => (
            format!("has no street within {limit} m that may be used"),
            "give the longitude before the latitude, and points inside the map",
        ),
    };
    IssueDocument {
        path: point.name.clone(),
        value: format!("{}, {}", point.at.x, point.at.y),
        message,
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::road::{City, RoadProfile, Streets};

    #[test]
    fn documents_say_what_a_network_says() {
        let streets = City { blocks: 6, ..City::default() }.streets().unwrap();
        let network = Network::new(&streets, &RoadProfile::car()).unwrap();
        let report = NetworkReportDocument::new(&network, Some(streets.report()));
        assert_eq!((report.profile.as_str(), report.segments), ("car", network.report().segments));
        assert_eq!(report.ignored.as_ref().map(Vec::len), Some(streets.report().ignored.len()));

        let snap: SnapDocument = serde_json::from_str(r#"{"approach": "curb", "limit": 80}"#).unwrap();
        let snap = Snap::from(snap);
        assert_eq!(snap, Snap { approach: Approach::Curb, limit: 80.0, ..Snap::default() });
        let points = [Coord::new(11.0, 48.0), Coord::new(11.001, 48.001)];
        let spots = network.snap(&points, &Snap::default()).unwrap();
        let spot = SpotDocument::from(&spots[0]);
        assert_eq!((spot.point, spot.away), ((11.0, 48.0), spots[0].away()));
        let route = network.route(&spots).unwrap();
        let leg = RoadLegDocument::from(&route.legs[0]);
        assert_eq!((leg.duration, leg.distance), (route.duration(), route.distance()));
        assert_eq!(leg.geometry.len(), route.legs[0].geometry.len());
        let area = network.isochrone(&spots[0], 60, 40.0).unwrap();
        assert_eq!(AreaDocument::from(&area).polygons.len(), area.polygons.len());
    }

    #[test]
    fn failures_have_every_fault() {
        let streets = City { blocks: 6, ..City::default() }.streets().unwrap();
        let network = Network::new(&streets, &RoadProfile::car()).unwrap();
        let points = [Coord::new(11.0, 48.0), Coord::new(12.0, 48.0), Coord::new(0.0, 99.0)];
        let failure = FailureDocument::from(network.snap(&points, &Snap::default()).unwrap_err());
        let paths: Vec<&str> = failure.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!((failure.code, paths), ("road", vec!["point 1", "point 2"]));
        let failure = FailureDocument::from(RoadProfile::from_toml("name = 'van'\nspeed = 3\nfast = 2").unwrap_err());
        let paths: Vec<&str> = failure.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(paths, ["fast", "speed"], "{failure:?}");
        let failure = FailureDocument::from(Streets::from_csv(&b"node,lon,lat\nx"[..], &b"link"[..]).unwrap_err());
        assert_eq!(failure.code, "road");
    }
}
