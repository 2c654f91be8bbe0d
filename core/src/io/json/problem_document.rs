//! A problem as a document. These types mirror the model so that the model stays free of the format.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::reference::Ref;
use super::travel::TravelDocument;
use crate::model::TimeWindow;

/// A routing problem. Lists of amounts have one value for each load dimension; missing ones are zero. Times count from
/// the planning origin.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "milkrun problem")]
#[schemars(rename = "Problem")]
pub(super) struct ProblemDocument {
    /// The kind of document.
    pub(super) milkrun: ProblemKind,
    /// The version of the format.
    #[schemars(extend("const" = 1))]
    pub(super) version: u64,
    /// Where the schema is, for editors.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<String>,
    /// The problem's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Where distances and durations come from; straight lines, rounded to the nearest integer, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) travel: Option<TravelDocument>,
    /// In which order deliveries and pickups of single clients may follow each other on a trip.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) backhauls: BackhaulsDocument,
    /// Places that others refer to. They come first in the rows and columns of matrices; points given elsewhere
    /// follow, those of depots first, then of clients, then of shipments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<LocationDocument>,
    /// Where vehicles start, end and reload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) depots: Vec<DepotDocument>,
    /// Groups of clients of which at most one is served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<GroupDocument>,
    /// Single stops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) clients: Vec<ClientDocument>,
    /// Pickups with their deliveries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) shipments: Vec<ShipmentDocument>,
    /// The fleet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) vehicle_types: Vec<VehicleTypeDocument>,
}

#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProblemKind {
    Problem,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Backhauls")]
pub(super) enum BackhaulsDocument {
    /// Any order.
    #[default]
    Mixed,
    /// Clients with a pickup and no delivery come after all clients with a delivery, and no trip begins with one.
    AfterLinehauls,
}

/// A place that others refer to.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Location")]
pub(super) struct LocationDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Horizontal coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) x: Option<f64>,
    /// Vertical coordinate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) y: Option<f64>,
    /// Longitude in degrees, instead of x.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lon: Option<f64>,
    /// Latitude in degrees, instead of y.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lat: Option<f64>,
}

/// A point of its own.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Point")]
pub(super) struct PointDocument {
    /// Horizontal coordinate.
    #[serde(default)]
    pub(super) x: Option<f64>,
    /// Vertical coordinate.
    #[serde(default)]
    pub(super) y: Option<f64>,
    /// Longitude in degrees, instead of x.
    #[serde(default)]
    pub(super) lon: Option<f64>,
    /// Latitude in degrees, instead of y.
    #[serde(default)]
    pub(super) lat: Option<f64>,
}

/// A location by index or name, or a point of its own.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum PlaceDocument {
    Location(Ref),
    Point(PointDocument),
}

impl<'de> Deserialize<'de> for PlaceDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlaceVisitor;
        impl<'de> Visitor<'de> for PlaceVisitor {
            type Value = PlaceDocument;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the index or name of a location, or an object with x and y or lon and lat")
            }

            fn visit_u64<E: Error>(self, index: u64) -> Result<PlaceDocument, E> {
                Ok(PlaceDocument::Location(Ref::Index(usize::try_from(index).unwrap_or(usize::MAX))))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<PlaceDocument, E> {
                Ok(PlaceDocument::Location(Ref::Name(name.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlaceDocument, A::Error> {
                PointDocument::deserialize(MapAccessDeserializer::new(map)).map(PlaceDocument::Point)
            }
        }
        deserializer.deserialize_any(PlaceVisitor)
    }
}

impl JsonSchema for PlaceDocument {
    fn schema_name() -> Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The index or name of a location, or a point of its own.",
            "anyOf": [generator.subschema_for::<Ref>(), generator.subschema_for::<PointDocument>()]
        })
    }
}

/// Earliest and latest time, both included; null where there is none. Nothing starts before 0 unless an earliest time
/// says so.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Window")]
pub(super) struct WindowDocument(Option<i64>, Option<i64>);

impl From<TimeWindow> for WindowDocument {
    fn from(window: TimeWindow) -> Self {
        let late = (window.late != TimeWindow::UNBOUNDED_LATE).then_some(window.late);
        Self((window.early != 0 || late.is_some()).then_some(window.early), late)
    }
}

impl From<WindowDocument> for TimeWindow {
    fn from(window: WindowDocument) -> Self {
        Self::new(window.0.unwrap_or(Self::ALWAYS.early), window.1.unwrap_or(Self::UNBOUNDED_LATE))
    }
}

/// Where vehicles start, end and reload.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Depot")]
pub(super) struct DepotDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Where it is.
    pub(super) location: PlaceDocument,
    /// When vehicles may start to load and must be back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) time_window: WindowDocument,
    /// Time that loading takes before each trip.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) service: i64,
}

/// Clients of which at most one is served.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Group")]
pub(super) struct GroupDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Whether one member must be served; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(super) required: bool,
}

/// A single stop.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Client")]
pub(super) struct ClientDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Where it is.
    pub(super) location: PlaceDocument,
    /// Amounts brought from the depot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) delivery: Vec<i64>,
    /// Amounts taken to the depot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) pickup: Vec<i64>,
    /// Time that the service takes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) service: i64,
    /// When the service may start.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) time_window: WindowDocument,
    /// The trip that serves the client does not start to load before this time.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) release: i64,
    /// What it costs to leave the client unserved, where that is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) prize: i64,
    /// Whether the client must be served; true, if not given. For members of a group, the group says it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(super) required: bool,
    /// The group of which at most one member is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Ref>,
}

/// One end of a shipment.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stop")]
pub(super) struct StopDocument {
    /// Where it is.
    pub(super) location: PlaceDocument,
    /// Time that loading or unloading takes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) service: i64,
    /// When it may start.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) time_window: WindowDocument,
}

/// Something taken from one stop to another by the same vehicle on the same trip.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Shipment")]
pub(super) struct ShipmentDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// Where it is loaded.
    pub(super) pickup: StopDocument,
    /// Where it is unloaded.
    pub(super) delivery: StopDocument,
    /// How much it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) amount: Vec<i64>,
    /// What it costs not to carry the shipment, where that is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) prize: i64,
    /// Whether the shipment must be carried; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(super) required: bool,
}

/// A number of vehicles that are alike. Each drives at most one route.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VehicleType")]
pub(super) struct VehicleTypeDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// How many there are.
    #[serde(default = "one")]
    pub(super) count: usize,
    /// Capacities; none at all means unlimited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) capacity: Vec<i64>,
    /// The depot where routes start; at the first stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<Ref>,
    /// The depot where routes end; at the last stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<Ref>,
    /// Cost of using one vehicle.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) fixed_cost: i64,
    /// Cost of a unit of distance.
    #[serde(default = "unit_cost")]
    pub(super) cost_per_distance: i64,
    /// Cost of a unit of route duration.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) cost_per_duration: i64,
    /// When a route may start at the earliest and must have ended.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) shift: WindowDocument,
    /// Longest duration of a route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_duration: Option<i64>,
    /// Longest distance of a route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_distance: Option<i64>,
    /// The clients that these vehicles may serve; all, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) allowed_clients: Option<Vec<Ref>>,
    /// Depots at which a vehicle may end a trip and start the next one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) reload_depots: Vec<Ref>,
    /// Most trips that a route may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_trips: Option<usize>,
    /// The travel profile whose distances and durations hold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) profile: u32,
}

fn yes() -> bool {
    true
}

fn one() -> usize {
    1
}

fn unit_cost() -> i64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
