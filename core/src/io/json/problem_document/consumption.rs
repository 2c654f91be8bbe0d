//! What vehicles consume and emit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;
use crate::model::{Consumption, Energy};

/// What a vehicle consumes, in litres or kilowatt-hours, and what it emits.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Consumption")]
pub(in crate::io::json) struct ConsumptionDocument {
    /// What it drives on.
    #[serde(default, skip_serializing_if = "is_default")]
    energy: EnergyDocument,
    /// Litres or kilowatt-hours for each unit of distance, empty.
    #[serde(default, skip_serializing_if = "is_default")]
    per_distance: f64,
    /// In addition, for each unit of load on board and each unit of distance, by load dimension.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    per_load_distance: Vec<f64>,
    /// For each stop.
    #[serde(default, skip_serializing_if = "is_default")]
    per_stop: f64,
    /// For each unit of time that it serves or unloads.
    #[serde(default, skip_serializing_if = "is_default")]
    per_idle: f64,
    /// Kilograms of CO₂ for each litre or kilowatt-hour; 2.69 for fuel and 0 for electricity, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    co2: Option<f64>,
}

/// What a vehicle drives on.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Energy")]
pub(in crate::io::json) enum EnergyDocument {
    /// Liquid fuel, in litres.
    #[default]
    Fuel,
    /// Electricity, in kilowatt-hours.
    Electricity,
}

impl From<&ConsumptionDocument> for Consumption {
    fn from(document: &ConsumptionDocument) -> Self {
        let usual = match document.energy {
            EnergyDocument::Fuel => Self::diesel(document.per_distance),
            EnergyDocument::Electricity => Self::electric(document.per_distance),
        };
        let co2 = document.co2.unwrap_or(usual.co2);
        let per_load_distance = document.per_load_distance.clone();
        usual.per_load_distance(per_load_distance).per_stop(document.per_stop).per_idle(document.per_idle).co2(co2)
    }
}

impl From<&Consumption> for ConsumptionDocument {
    fn from(consumption: &Consumption) -> Self {
        Self {
            energy: match consumption.energy {
                Energy::Fuel => EnergyDocument::Fuel,
                Energy::Electricity => EnergyDocument::Electricity,
            },
            per_distance: consumption.per_distance,
            per_load_distance: consumption.per_load_distance.clone(),
            per_stop: consumption.per_stop,
            per_idle: consumption.per_idle,
            co2: Some(consumption.co2),
        }
    }
}
