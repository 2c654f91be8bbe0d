//! What is asked of a front, and what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Number, Scales};
use crate::algorithm::SolveParams;
use crate::pareto::{Front, Objective, ParetoParams};

/// A figure of a plan that should be small.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Objective")]
pub enum ObjectiveKind {
    /// The plan's cost.
    Cost,
    /// The distance of all routes.
    Distance,
    /// How many vehicles are used.
    Vehicles,
    /// When the last route ends.
    Makespan,
    /// Clients and shipments that are not served.
    Unserved,
    /// Difference between the longest and the shortest duration of a route.
    Balance,
    /// How scattered the routes are.
    Scatter,
    /// How much CO₂ all routes emit, in kilograms.
    Emissions,
}

impl From<ObjectiveKind> for Objective {
    fn from(kind: ObjectiveKind) -> Self {
        match kind {
            ObjectiveKind::Cost => Self::Cost,
            ObjectiveKind::Distance => Self::Distance,
            ObjectiveKind::Vehicles => Self::Vehicles,
            ObjectiveKind::Makespan => Self::Makespan,
            ObjectiveKind::Unserved => Self::Unserved,
            ObjectiveKind::Balance => Self::Balance,
            ObjectiveKind::Scatter => Self::Scatter,
            ObjectiveKind::Emissions => Self::Emissions,
        }
    }
}

impl From<Objective> for ObjectiveKind {
    fn from(objective: Objective) -> Self {
        match objective {
            Objective::Cost => Self::Cost,
            Objective::Distance => Self::Distance,
            Objective::Vehicles => Self::Vehicles,
            Objective::Makespan => Self::Makespan,
            Objective::Unserved => Self::Unserved,
            Objective::Balance => Self::Balance,
            Objective::Scatter => Self::Scatter,
            Objective::Emissions => Self::Emissions,
        }
    }
}

/// What is asked of a front.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Pareto")]
pub struct ParetoDocument {
    /// Two or three objectives.
    pub objectives: Vec<ObjectiveKind>,
    /// About how many points.
    pub points: usize,
}

impl ParetoDocument {
    /// The parameters, with when to stop, seed and threads of a search.
    pub fn params(&self, search: &SolveParams) -> ParetoParams {
        let objectives: Vec<Objective> = self.objectives.iter().map(|&kind| kind.into()).collect();
        ParetoParams::new(objectives, search.stop).points(self.points).seed(search.seed).threads(search.threads)
    }
}

/// A point of a front. Its plan is a document of its own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "FrontPoint")]
pub struct FrontPointDocument {
    /// The values of the objectives, in their order.
    pub values: Vec<Number>,
    /// What it takes to get here from the point before, in words; empty for the first.
    pub trade: String,
}

/// Plans of which none is nowhere worse than another.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Front")]
pub struct FrontDocument {
    /// The objectives: cost, if it is one, and the others in their order.
    pub objectives: Vec<ObjectiveKind>,
    /// The points, by their values.
    pub points: Vec<FrontPointDocument>,
    /// How many searches there were.
    pub runs: usize,
    /// How much of the box between the best values and a tenth beyond the worst the front covers, from 0 to 1.
    pub covered: f64,
    /// Whether the front was not cut short.
    pub complete: bool,
    /// How many seconds it took.
    pub runtime: f64,
}

impl FrontDocument {
    /// The front, with numbers in the user's units.
    pub fn new(front: &Front, scales: &Scales) -> Self {
        let units: Vec<f64> = front.objectives.iter().map(|&objective| unit(objective, scales)).collect();
        let number = |(i, &value): (usize, &i64)| match front.objectives[i] {
            Objective::Cost => scales.cost(value),
            Objective::Distance => scales.distance(value),
            Objective::Makespan | Objective::Balance => scales.time(value),
            Objective::Emissions => Number::Real(value as f64 / 1e3),
            Objective::Vehicles | Objective::Unserved | Objective::Scatter => Number::Whole(value),
        };
        let point = |(p, point): (usize, &crate::pareto::FrontPoint)| FrontPointDocument {
            values: point.values.iter().enumerate().map(number).collect(),
            trade: p.checked_sub(1).map_or_else(String::new, |before| front.trade(before, p, &units)),
        };
        Self {
            objectives: front.objectives.iter().map(|&objective| objective.into()).collect(),
            points: front.points.iter().enumerate().map(point).collect(),
            runs: front.runs,
            covered: front.covered,
            complete: front.complete,
            runtime: front.runtime.as_secs_f64(),
        }
    }
}

/// How many of the solver's units one of the user's is.
fn unit(objective: Objective, scales: &Scales) -> f64 {
    match objective {
        Objective::Cost => scales.cost,
        Objective::Distance => scales.distance,
        Objective::Makespan | Objective::Balance => scales.time,
        Objective::Emissions => 1e3,
        Objective::Vehicles | Objective::Unserved | Objective::Scatter => 1.0,
    }
}
