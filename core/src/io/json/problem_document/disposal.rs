//! Materials, disposal sites and compartments.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{SpanDocument, span};
use super::{PlaceDocument, WindowDocument, is_default};
use crate::io::json::reference::Ref;
use crate::model::Rate;

/// A kind of waste.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Material")]
pub(in crate::io::json) struct MaterialDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
}

/// A landfill or transfer station: vehicles leave there what they have picked up from clients.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DisposalSite")]
pub(in crate::io::json) struct DisposalSiteDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// Where it is.
    pub(in crate::io::json) location: PlaceDocument,
    /// When unloading may start, in order and apart; at any time, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub(in crate::io::json) hours: Vec<WindowDocument>,
    /// Time that every visit takes.
    #[serde(default, skip_serializing_if = "is_default")]
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) service: i64,
    /// Time that unloading takes on top, by load dimension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) unloading: Vec<RateDocument>,
    /// Cost of every visit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(in crate::io::json) visit_cost: i64,
    /// Cost of what is unloaded, by load dimension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) tipping_fee: Vec<RateDocument>,
    /// What may be left here; everything, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) materials: Option<Vec<Ref>>,
    /// The most that all vehicles together may leave here, by load dimension; any amount, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) daily_capacity: Vec<i64>,
    /// A text for people, which goes with it into plans.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) remarks: String,
    /// Values by name, which go with it into plans.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::io::json) tags: BTreeMap<String, String>,
}

/// So much for every so much, rounded up: 90 seconds (or coins) for every thousand units of load.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rate")]
pub(in crate::io::json) struct RateDocument {
    /// What is added …
    amount: i64,
    /// … for so many units of load.
    per: i64,
}

impl From<Rate> for RateDocument {
    fn from(Rate { amount, per }: Rate) -> Self {
        Self { amount, per }
    }
}

impl From<RateDocument> for Rate {
    fn from(RateDocument { amount, per }: RateDocument) -> Self {
        Self { amount, per }
    }
}

/// A part of a vehicle that takes certain materials only.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Compartment")]
pub(in crate::io::json) struct CompartmentDocument {
    /// What goes in here. No material has two compartments of a vehicle.
    pub(in crate::io::json) materials: Vec<Ref>,
    /// How much of them fits; as much as the vehicle takes, if not given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::io::json) capacity: Vec<i64>,
}
