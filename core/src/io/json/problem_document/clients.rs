//! Clients, groups of them, and shipments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{ClockDocument, SpanDocument, clock, span};
use super::{PlaceDocument, SoftWindowDocument, WindowCoversDocument, WindowDocument, given, is_default, is_true, yes};
use crate::io::json::reference::Ref;

/// Clients of which at most one is served.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Group")]
pub(in crate::io::json) struct GroupDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Whether one member must be served; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(in crate::io::json) required: bool,
    /// Visit patterns: lists of members. Those that are served are exactly the members of one of them; without patterns, each
    /// member is one by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) patterns: Vec<Vec<Ref>>,
    /// What each pattern costs where it is the one that is served: as many values as patterns, or none. It is counted with the
    /// costs of assignment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) pattern_costs: Vec<i64>,
}

/// A single stop.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Client")]
pub(in crate::io::json) struct ClientDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Where it is.
    pub(in crate::io::json) location: PlaceDocument,
    /// Amounts brought from the depot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) delivery: Vec<i64>,
    /// Amounts taken to the depot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) pickup: Vec<i64>,
    /// Time that the service takes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) service: i64,
    /// Time that is spent once at the place, before its first service, where the vehicle comes from another place: parking,
    /// unlocking a gate. No window holds it.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) setup: i64,
    /// When the service may start.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "WindowDocument")]
    pub(in crate::io::json) time_window: Option<WindowDocument>,
    /// All windows in which the service may start, in order and apart, instead of the one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub(in crate::io::json) time_windows: Vec<WindowDocument>,
    /// When the service should start, at a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) soft_window: Option<SoftWindowDocument>,
    /// Whether the windows, the soft one included, hold the `start` of the service or all of the `service`; `start`, if not
    /// given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) window_covers: WindowCoversDocument,
    /// The trip that serves the client does not start to load before this time.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "clock")]
    #[schemars(with = "ClockDocument")]
    pub(in crate::io::json) release: i64,
    /// What it costs to leave the client unserved, where that is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) prize: i64,
    /// Whether the client must be served; true, if not given. For members of a group, the group says it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(in crate::io::json) required: bool,
    /// The group of which at most one member is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) group: Option<Ref>,
    /// What is picked up; waste that every disposal site takes, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) material: Option<Ref>,
    /// Time that the service takes for vehicles of certain types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) service_by_type: Vec<ServiceDocument>,
    /// What serving the client costs in addition with vehicles of certain types, such as those of another driver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) assignment_costs: Vec<AssignmentDocument>,
    /// Skills that the vehicle must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) skills: Vec<String>,
    /// The vehicle types that may serve the client; all, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) allowed_vehicles: Option<Vec<Ref>>,
    /// Vehicle types that may not serve the client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) forbidden_vehicles: Vec<Ref>,
    /// The class of an optional client: a higher class comes before lower ones and before cost. Of class 0, only prizes
    /// count.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) priority: u8,
    /// A text for people, which goes with it into plans.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) remarks: String,
    /// Values by name, which go with it into plans.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::io::json) tags: BTreeMap<String, String>,
}

/// Time that a service takes for vehicles of one type.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ServiceByType")]
pub(in crate::io::json) struct ServiceDocument {
    /// Whose.
    pub(in crate::io::json) vehicle_type: Ref,
    /// How long it takes them.
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) service: i64,
}

/// What serving a client, or carrying a shipment, costs in addition with vehicles of one type.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AssignmentCost")]
pub(in crate::io::json) struct AssignmentDocument {
    /// Whose.
    pub(in crate::io::json) vehicle_type: Ref,
    /// How much.
    pub(in crate::io::json) cost: i64,
}

/// One end of a shipment.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stop")]
pub(in crate::io::json) struct StopDocument {
    /// Where it is.
    pub(in crate::io::json) location: PlaceDocument,
    /// Time that loading or unloading takes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) service: i64,
    /// Time that is spent once at the place, before its first service, where the vehicle comes from another place: parking,
    /// unlocking a gate. No window holds it.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) setup: i64,
    /// When it may start.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) time_window: WindowDocument,
    /// Whether the window holds the `start` of the service or all of the `service`; `start`, if not given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) window_covers: WindowCoversDocument,
}

/// Something taken from one stop to another by the same vehicle on the same trip.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Shipment")]
pub(in crate::io::json) struct ShipmentDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Where it is loaded.
    pub(in crate::io::json) pickup: StopDocument,
    /// Where it is unloaded.
    pub(in crate::io::json) delivery: StopDocument,
    /// How much it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) amount: Vec<i64>,
    /// What it costs not to carry the shipment, where that is allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) prize: i64,
    /// Whether the shipment must be carried; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(in crate::io::json) required: bool,
    /// What carrying the shipment costs in addition with vehicles of certain types, such as those of another driver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) assignment_costs: Vec<AssignmentDocument>,
    /// A text for people, which goes with it into plans.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) remarks: String,
    /// Values by name, which go with it into plans.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::io::json) tags: BTreeMap<String, String>,
}
