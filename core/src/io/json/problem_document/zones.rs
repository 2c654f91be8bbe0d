//! Zones, and what they mean for vehicles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{WindowDocument, given};
use crate::geometry::{Area, Coord};
use crate::io::json::reference::Ref;

/// A part of the map, to which the rules of vehicle types refer.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Zone")]
pub(in crate::io::json) struct ZoneDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Where it is.
    pub(in crate::io::json) area: ZoneAreaDocument,
}

/// A ring: corners, each x and y or longitude and latitude. It may end where it begins.
type Ring = Vec<(f64, f64)>;

/// An area, as a geometry of GeoJSON (RFC 7946).
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(tag = "type", deny_unknown_fields)]
#[schemars(rename = "ZoneArea")]
pub(in crate::io::json) enum ZoneAreaDocument {
    /// One polygon.
    Polygon {
        /// Its rings: the outer one, then its holes.
        coordinates: Vec<Ring>,
    },
    /// Several polygons.
    MultiPolygon {
        /// The rings of each.
        coordinates: Vec<Vec<Ring>>,
    },
}

/// What a zone means for the vehicles of a type.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ZoneRule")]
pub(in crate::io::json) enum ZoneRuleDocument {
    /// They serve clients and shipments in this zone, and in others with this rule, but nowhere else.
    ServeOnly(Ref),
    /// They serve nothing in the zone and visit no disposal site in it.
    Closed(ClosedZoneDocument),
}

/// A zone that is closed.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ClosedZone")]
pub(in crate::io::json) struct ClosedZoneDocument {
    /// Which.
    pub(in crate::io::json) zone: Ref,
    /// In which hours; always, if not given.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<WindowDocument>")]
    pub(in crate::io::json) during: Option<Vec<WindowDocument>>,
}

impl From<&ZoneAreaDocument> for Area {
    fn from(area: &ZoneAreaDocument) -> Self {
        let ring = |ring: &Ring| ring.iter().map(|&at| Coord::from(at)).collect();
        let polygon = |rings: &Vec<Ring>| rings.iter().map(ring).collect();
        let polygons = match area {
            ZoneAreaDocument::Polygon { coordinates } => vec![polygon(coordinates)],
            ZoneAreaDocument::MultiPolygon { coordinates } => coordinates.iter().map(polygon).collect(),
        };
        Self { polygons }
    }
}

impl From<&Area> for ZoneAreaDocument {
    fn from(area: &Area) -> Self {
        let ring = |ring: &Vec<Coord>| ring.iter().map(|at| (at.x, at.y)).collect::<Ring>();
        let polygon = |rings: &Vec<Vec<Coord>>| rings.iter().map(ring).collect::<Vec<_>>();
        match area.polygons.as_slice() {
            [one] => Self::Polygon { coordinates: polygon(one) },
            several => Self::MultiPolygon { coordinates: several.iter().map(polygon).collect() },
        }
    }
}
