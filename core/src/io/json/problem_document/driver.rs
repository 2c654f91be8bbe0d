//! What a driver's day must have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{SpanDocument, span, spans_or_none};
use super::{PlaceDocument, WindowDocument, is_default, is_true, yes};
use crate::model::{DriverRule, Effort, OvertimeStep};

/// A break of a vehicle's driver.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Break")]
pub(in crate::io::json) struct BreakDocument {
    /// A name to refer to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::io::json) name: String,
    /// When it may start.
    pub(in crate::io::json) start: WindowDocument,
    /// How long it is.
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    pub(in crate::io::json) duration: i64,
    /// Where it is taken; wherever the vehicle is, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::io::json) location: Option<PlaceDocument>,
    /// Whether it counts as paid time; true, if not given.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub(in crate::io::json) paid: bool,
}

/// At most so much driving (or work) without a rest in between.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DriverRule")]
pub(in crate::io::json) struct DriverRuleDocument {
    /// What is added up.
    effort: EffortDocument,
    /// The most of it without a rest.
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    max: i64,
    /// How long the rest is.
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    rest: i64,
    /// Two shorter pauses that serve instead, the first before the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "spans_or_none")]
    #[schemars(with = "Option<(SpanDocument, SpanDocument)>")]
    split: Option<(i64, i64)>,
    /// Whether any halt without the effort that lasts as long as the rest serves, too.
    #[serde(default, skip_serializing_if = "is_default")]
    any_pause: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Effort")]
enum EffortDocument {
    /// Driving.
    Driving,
    /// Driving, loading, service and unloading: all but waiting and pauses.
    Work,
}

impl From<DriverRule> for DriverRuleDocument {
    fn from(DriverRule { effort, max, rest, split, any_pause }: DriverRule) -> Self {
        let effort = match effort {
            Effort::Driving => EffortDocument::Driving,
            Effort::Work => EffortDocument::Work,
        };
        Self { effort, max, rest, split, any_pause }
    }
}

impl From<DriverRuleDocument> for DriverRule {
    fn from(DriverRuleDocument { effort, max, rest, split, any_pause }: DriverRuleDocument) -> Self {
        let effort = match effort {
            EffortDocument::Driving => Effort::Driving,
            EffortDocument::Work => Effort::Work,
        };
        Self { effort, max, rest, split, any_pause }
    }
}

/// One step of the price of long days: it adds to the cost of duration and to the steps before.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OvertimeStep")]
pub(in crate::io::json) struct OvertimeDocument {
    /// Paid time from which on the step holds.
    #[serde(deserialize_with = "span")]
    #[schemars(with = "SpanDocument")]
    after: i64,
    /// Extra cost of a unit of time.
    cost_per_duration: i64,
}

impl From<OvertimeStep> for OvertimeDocument {
    fn from(OvertimeStep { after, cost_per_duration }: OvertimeStep) -> Self {
        Self { after, cost_per_duration }
    }
}

impl From<OvertimeDocument> for OvertimeStep {
    fn from(OvertimeDocument { after, cost_per_duration }: OvertimeDocument) -> Self {
        Self { after, cost_per_duration }
    }
}
