//! What a vehicle does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{SpanDocument, span};
use crate::io::json::reference::Ref;

/// What a vehicle has done.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Activity")]
pub(in crate::io::json) enum ActivityDocument {
    /// The client that was served.
    Client(Ref),
    /// The shipment that was loaded.
    Pickup(Ref),
    /// The shipment that was unloaded.
    Delivery(Ref),
    /// The disposal site where the vehicle emptied.
    Dispose(Ref),
    /// The vehicle type's break that was taken.
    Break(Ref),
    /// How long the driver rested, as a driver rule asks.
    Rest(
        #[serde(deserialize_with = "span")]
        #[schemars(with = "SpanDocument")]
        i64,
    ),
}
