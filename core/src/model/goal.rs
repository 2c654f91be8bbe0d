//! What a plan is measured by, besides its cost.

use crate::units::Cost;

/// A figure of a whole plan; the smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many vehicles are used.
    Vehicles,
    /// When the last route ends, counted from the planning origin.
    Makespan,
    /// By how much the longest route lasts longer than the shortest.
    DurationSpread,
    /// By how much more, in the first load dimension, the route that takes the most takes than the one that takes the least.
    LoadSpread,
    /// By how many stops the route with the most exceeds the one with the fewest.
    StopSpread,
    /// How scattered the routes are: straight distances of all stops from the middle of their routes' stops, summed up.
    Scatter,
}

impl Measure {
    /// Its name in documents: `duration_spread`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vehicles => "vehicles",
            Self::Makespan => "makespan",
            Self::DurationSpread => "duration_spread",
            Self::LoadSpread => "load_spread",
            Self::StopSpread => "stop_spread",
            Self::Scatter => "scatter",
        }
    }

    /// Whether it depends on when routes begin and end.
    pub(crate) const fn is_of_time(self) -> bool {
        matches!(self, Self::Makespan | Self::DurationSpread)
    }

    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Vehicles, Self::Makespan, Self::DurationSpread, Self::LoadSpread, Self::StopSpread, Self::Scatter];
}

/// How a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What is measured.
    pub measure: Measure,
    /// What a unit of it costs; `None`: it comes before all cost, and before the ranked goals that follow.
    pub weight: Option<Cost>,
}

impl Goal {
    /// Every unit of `measure` costs `weight`.
    pub const fn weighted(measure: Measure, weight: Cost) -> Self {
        Self { measure, weight: Some(weight) }
    }

    /// Of two plans, the one with less of `measure` is better whatever they cost. Goals that are added later rank lower.
    pub const fn ranked(measure: Measure) -> Self {
        Self { measure, weight: None }
    }
}
