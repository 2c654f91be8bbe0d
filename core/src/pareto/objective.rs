//! What fronts are about.

use crate::model::{Measure, Problem};
use crate::plan::Plan;

/// A figure of a plan that should be small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Objective {
    /// The plan's cost, with prizes of what is unserved and weighted goals of the problem.
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
    /// How much CO₂ all routes emit, in grams.
    Emissions,
}

impl Objective {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Cost,
        Self::Distance,
        Self::Vehicles,
        Self::Makespan,
        Self::Unserved,
        Self::Balance,
        Self::Scatter,
        Self::Emissions,
    ];

    /// Its name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Distance => "distance",
            Self::Vehicles => "vehicles",
            Self::Makespan => "makespan",
            Self::Unserved => "unserved",
            Self::Balance => "balance",
            Self::Scatter => "scatter",
            Self::Emissions => "emissions",
        }
    }

    /// Its value in a plan for the problem.
    pub fn of(self, problem: &Problem, plan: &Plan) -> i64 {
        match self {
            Self::Cost => plan.cost(),
            Self::Unserved => (plan.unserved().clients.len() + plan.unserved().shipments.len()) as i64,
            _ => self.measure().map_or(0, |measure| plan.measure(problem, measure)),
        }
    }

    /// The measure that a goal can be about; `None` of cost and of what is unserved.
    pub(super) const fn measure(self) -> Option<Measure> {
        match self {
            Self::Cost | Self::Unserved => None,
            Self::Distance => Some(Measure::Distance),
            Self::Vehicles => Some(Measure::Vehicles),
            Self::Makespan => Some(Measure::Makespan),
            Self::Balance => Some(Measure::DurationSpread),
            Self::Scatter => Some(Measure::Scatter),
            Self::Emissions => Some(Measure::Emissions),
        }
    }
}
