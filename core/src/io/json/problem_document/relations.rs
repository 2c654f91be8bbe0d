//! What ties clients to each other and to vehicles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::io::json::reference::Ref;
use crate::model::Position;

/// A tie between clients, or between a client and its vehicle.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Relation")]
pub(in crate::io::json) enum RelationDocument {
    /// Those of the clients that are served are on one route.
    SameVehicle(Vec<Ref>),
    /// All of the clients are served, or none; they follow each other on one trip in this order, with no other client in
    /// between.
    Sequence(Vec<Ref>),
    /// Where both clients are served, they are on one route, in this order.
    Precedence(PrecedenceDocument),
    /// All of the clients are served, or none of them, by any vehicles.
    AllOrNone(Vec<Ref>),
    /// No two of the clients are on one route.
    Incompatible(Vec<Ref>),
    /// The client, where it is served, is served by a certain vehicle type or at a certain place of its route.
    Pin(PinDocument),
}

/// Who comes before whom.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Precedence")]
pub(in crate::io::json) struct PrecedenceDocument {
    /// The earlier client.
    pub(in crate::io::json) before: Ref,
    /// The later client.
    pub(in crate::io::json) after: Ref,
}

/// Who is served by whom, and where on the route.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Pin")]
pub(in crate::io::json) struct PinDocument {
    /// Who.
    pub(in crate::io::json) client: Ref,
    /// The vehicle type; any, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) vehicle_type: Option<Ref>,
    /// Where on the route; anywhere, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) position: Option<PositionDocument>,
}

/// A place on a route.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Position")]
pub(in crate::io::json) enum PositionDocument {
    /// Before all other clients of the route.
    First,
    /// After all other clients of the route.
    Last,
}

impl PositionDocument {
    pub(in crate::io::json) fn of(position: Position) -> Option<Self> {
        match position {
            Position::Any => None,
            Position::First => Some(Self::First),
            Position::Last => Some(Self::Last),
        }
    }
}

impl From<PositionDocument> for Position {
    fn from(position: PositionDocument) -> Self {
        match position {
            PositionDocument::First => Self::First,
            PositionDocument::Last => Self::Last,
        }
    }
}
