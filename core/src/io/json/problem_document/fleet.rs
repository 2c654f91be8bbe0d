//! Depots and vehicles.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{SpanDocument, span, span_or_none};
use super::{
    ActivityDocument, BreakDocument, CompartmentDocument, ConsumptionDocument, DriverRuleDocument, OvertimeDocument,
    PlaceDocument, WindowDocument, ZoneRuleDocument, is_default, is_true, one, unit_cost, yes,
};
use crate::io::json::reference::Ref;

/// Where vehicles start, end and reload.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Depot")]
pub(in crate::io::json) struct DepotDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Where it is.
    pub(in crate::io::json) location: PlaceDocument,
    /// When vehicles may start to load and must be back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) time_window: WindowDocument,
    /// Time that loading takes before each trip.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) service: i64,
    /// A text for people, which goes with it into plans.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) remarks: String,
    /// Values by name, which go with it into plans.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::io::json) tags: BTreeMap<String, String>,
}

/// A number of vehicles that are alike. Each drives at most one route.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VehicleType")]
pub(in crate::io::json) struct VehicleTypeDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// How many there are.
    #[serde(default = "one")]
    pub(in crate::io::json) count: usize,
    /// Capacities; none at all means unlimited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) capacity: Vec<i64>,
    /// The depot where routes start; at the first stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) start: Option<Ref>,
    /// The depot where routes end; at the last stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) end: Option<Ref>,
    /// Cost of using one vehicle.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) fixed_cost: i64,
    /// Cost of a unit of distance.
    #[serde(default = "unit_cost")]
    pub(in crate::io::json) cost_per_distance: i64,
    /// Cost of a unit of route duration.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) cost_per_duration: i64,
    /// When a route may start at the earliest and must have ended.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) shift: WindowDocument,
    /// Longest duration of a route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "span_or_none")]
    #[schemars(with = "Option<SpanDocument>")]
    pub(in crate::io::json) max_duration: Option<i64>,
    /// Longest distance of a route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) max_distance: Option<i64>,
    /// The clients that these vehicles may serve; all, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) allowed_clients: Option<Vec<Ref>>,
    /// What zones mean for the vehicles: which they serve, and which are closed to them. Depots and the places of breaks are
    /// not held against zones, nor is the drive from stop to stop.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) zones: Vec<ZoneRuleDocument>,
    /// Depots at which a vehicle may end a trip and start the next one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) reload_depots: Vec<Ref>,
    /// Maximum number of trips of a route. A visit to a disposal site begins another trip if a service follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) max_trips: Option<usize>,
    /// Where the vehicle may empty what it has picked up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) disposal_sites: Vec<Ref>,
    /// Whether no waste may be on board when a trip ends.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) end_empty: bool,
    /// Parts of the vehicle for certain materials; others cannot be taken then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) compartments: Vec<CompartmentDocument>,
    /// The most that a route may deliver and pick up over all its trips.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) max_route_load: Vec<i64>,
    /// Most stops of a route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) max_stops: Option<usize>,
    /// The driver's breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) breaks: Vec<BreakDocument>,
    /// When the driver must rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) driver_rules: Vec<DriverRuleDocument>,
    /// Whether the rests that the rules ask for are paid time; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(in crate::io::json) paid_rests: bool,
    /// Longest time that a route may drive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "span_or_none")]
    #[schemars(with = "Option<SpanDocument>")]
    pub(in crate::io::json) max_driving: Option<i64>,
    /// Longest time that a route may drive, load, serve and unload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "span_or_none")]
    #[schemars(with = "Option<SpanDocument>")]
    pub(in crate::io::json) max_work: Option<i64>,
    /// What long days cost, in ascending steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) overtime: Vec<OvertimeDocument>,
    /// Cost of a unit of waiting.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) cost_per_waiting: i64,
    /// What the vehicle consumes and emits; nothing is known of it, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) consumption: Option<ConsumptionDocument>,
    /// What the vehicle and its crew can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) skills: Vec<String>,
    /// What the vehicle has done already: its route begins with it. For a type of one vehicle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) executed: Vec<ActivityDocument>,
    /// The travel profile whose distances and durations hold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) profile: u32,
    /// A text for people, which goes with it into plans.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) remarks: String,
    /// Values by name, which go with it into plans.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::io::json) tags: BTreeMap<String, String>,
}
