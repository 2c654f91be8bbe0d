//! What plans are measured by, and how fast vehicles are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::time::{ClockDocument, clock};
use crate::model::{Goal, Measure, SpeedStep};

/// How a figure of the whole plan counts.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Goal")]
pub(in crate::io::json) struct GoalDocument {
    /// What is measured.
    pub(in crate::io::json) measure: MeasureDocument,
    /// What a unit of it costs; if not given, it comes before all cost, and before the ranked goals that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<i64>,
    /// Only what exceeds this value counts; all of it, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<i64>,
}

/// A figure of a whole plan; the smaller, the better.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Measure")]
pub(in crate::io::json) enum MeasureDocument {
    /// How many vehicles are used.
    Vehicles,
    /// When the last route ends.
    Makespan,
    /// By how much the longest route lasts longer than the shortest.
    DurationSpread,
    /// By how much more, in the first load dimension, the fullest route takes than the emptiest.
    LoadSpread,
    /// By how many stops the route with the most exceeds the one with the fewest.
    StopSpread,
    /// How scattered the routes are: straight distances of all stops from the middle of their routes' stops, summed up.
    Scatter,
    /// How much CO₂ all routes emit, in grams; a weight is what a kilogram costs.
    Emissions,
    /// The distance of all routes.
    Distance,
}

impl From<Goal> for GoalDocument {
    fn from(Goal { measure, weight, target }: Goal) -> Self {
        let measure = match measure {
            Measure::Vehicles => MeasureDocument::Vehicles,
            Measure::Makespan => MeasureDocument::Makespan,
            Measure::DurationSpread => MeasureDocument::DurationSpread,
            Measure::LoadSpread => MeasureDocument::LoadSpread,
            Measure::StopSpread => MeasureDocument::StopSpread,
            Measure::Scatter => MeasureDocument::Scatter,
            Measure::Emissions => MeasureDocument::Emissions,
            Measure::Distance => MeasureDocument::Distance,
        };
        Self { measure, weight, target }
    }
}

impl From<GoalDocument> for Goal {
    fn from(GoalDocument { measure, weight, target }: GoalDocument) -> Self {
        let measure = match measure {
            MeasureDocument::Vehicles => Measure::Vehicles,
            MeasureDocument::Makespan => Measure::Makespan,
            MeasureDocument::DurationSpread => Measure::DurationSpread,
            MeasureDocument::LoadSpread => Measure::LoadSpread,
            MeasureDocument::StopSpread => Measure::StopSpread,
            MeasureDocument::Scatter => Measure::Scatter,
            MeasureDocument::Emissions => Measure::Emissions,
            MeasureDocument::Distance => Measure::Distance,
        };
        Self { measure, weight, target }
    }
}

/// From when on how fast a travel profile is.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpeedStep")]
pub(in crate::io::json) struct SpeedStepDocument {
    /// From when on.
    #[serde(deserialize_with = "clock")]
    #[schemars(with = "ClockDocument")]
    from: i64,
    /// How fast, in percent of what the travel's durations say.
    percent: u32,
}

impl From<SpeedStep> for SpeedStepDocument {
    fn from(SpeedStep { from, percent }: SpeedStep) -> Self {
        Self { from, percent }
    }
}

impl From<SpeedStepDocument> for SpeedStep {
    fn from(SpeedStepDocument { from, percent }: SpeedStepDocument) -> Self {
        Self { from, percent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_called_what_the_model_calls_them() {
        for measure in Measure::ALL {
            let GoalDocument { measure: document, .. } = Goal::ranked(measure).into();
            assert_eq!(serde_json::to_value(document).unwrap(), measure.name());
        }
    }
}
