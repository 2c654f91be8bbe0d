//! From the solver's whole numbers to the numbers of the user.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// How many units of the solver one unit of the user is.
///
/// ```
/// use milkrun::document::{Number, Scales};
///
/// let scales = Scales { time: 10.0, ..Scales::default() };
/// assert_eq!(scales.time(25), Number::Real(2.5));
/// assert_eq!(scales.distance(25), Number::Whole(25));
/// ```
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Scales {
    /// Of distances.
    pub distance: f64,
    /// Of times and durations.
    pub time: f64,
    /// Of loads.
    pub load: f64,
    /// Of costs and prizes.
    pub cost: f64,
}

impl Default for Scales {
    fn default() -> Self {
        Self { distance: 1.0, time: 1.0, load: 1.0, cost: 1.0 }
    }
}

/// A number of the user: whole where its scale is 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// As the solver has it.
    Whole(i64),
    /// Divided by a scale.
    Real(f64),
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

impl Number {
    fn new(value: i64, scale: f64) -> Self {
        // Exactly 1: numbers without a scale stay whole.
        if scale.to_bits() == 1.0_f64.to_bits() { Self::Whole(value) } else { Self::Real(value as f64 / scale) }
    }
}

impl Scales {
    /// A distance in the user's unit.
    pub fn distance(&self, value: i64) -> Number {
        Number::new(value, self.distance)
    }

    /// A time or duration in the user's unit.
    pub fn time(&self, value: i64) -> Number {
        Number::new(value, self.time)
    }

    /// A load in the user's unit.
    pub fn load(&self, value: i64) -> Number {
        Number::new(value, self.load)
    }

    /// A cost in the user's unit.
    pub fn cost(&self, value: i64) -> Number {
        Number::new(value, self.cost)
    }

    /// Loads in the user's unit.
    pub(super) fn loads(&self, values: &[i64]) -> Vec<Number> {
        values.iter().map(|&value| self.load(value)).collect()
    }
}
