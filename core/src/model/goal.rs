//! Goals of a plan besides its cost.

use crate::units::Cost;

/// A figure of a whole plan; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Measure {
    /// How many vehicles are used.
    Vehicles,
    /// When the last route ends, counted from the planning origin.
    Makespan,
    /// Difference between the longest and the shortest duration of a route.
    DurationSpread,
    /// Difference between the largest and the smallest total load of a route, in the first load dimension.
    LoadSpread,
    /// Difference between the largest and the smallest number of stops of a route.
    StopSpread,
    /// How scattered the routes are: the sum of the straight distances of all stops from the centroid of their route's
    /// stops.
    Scatter,
    /// How much CO₂ all routes emit, in grams.
    Emissions,
    /// The distance of all routes.
    Distance,
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
            Self::Emissions => "emissions",
            Self::Distance => "distance",
        }
    }

    /// Whether it depends on the times at which routes start and end.
    pub(crate) const fn is_of_time(self) -> bool {
        matches!(self, Self::Makespan | Self::DurationSpread)
    }

    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Vehicles,
        Self::Makespan,
        Self::DurationSpread,
        Self::LoadSpread,
        Self::StopSpread,
        Self::Scatter,
        Self::Emissions,
        Self::Distance,
    ];

    /// What a value costs at a weight.
    pub(crate) fn cost(self, weight: Cost, value: i64) -> Cost {
        if self != Self::Emissions {
            return weight.saturating_mul(value);
        }
        // The weight is that of a kilogram.
        let exact = (i128::from(weight) * i128::from(value) + 500).div_euclid(1_000);
        Cost::try_from(exact).unwrap_or(if exact < 0 { Cost::MIN } else { Cost::MAX })
    }
}

/// A measure, and how it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What is measured.
    pub measure: Measure,
    /// Cost of one unit, of emissions of a kilogram of CO₂ (the product is rounded to the nearest); `None`: the goal is ranked, ahead of cost and of the ranked goals that follow.
    pub weight: Option<Cost>,
    /// Only what exceeds this value counts; `None`: all of it.
    pub target: Option<i64>,
}

impl Goal {
    /// Every unit of `measure` costs `weight`; every kilogram of emissions does.
    pub const fn weighted(measure: Measure, weight: Cost) -> Self {
        Self { measure, weight: Some(weight), target: None }
    }

    /// Of two plans, the one with the smaller `measure` is better, whatever they cost. Goals that are added later rank
    /// lower.
    pub const fn ranked(measure: Measure) -> Self {
        Self { measure, weight: None, target: None }
    }

    /// Makes only that part of the measure count which exceeds a value. Ranked, it is a limit that gives way where it must: of two
    /// plans that keep to it, the next goals decide, and cost.
    pub const fn above(mut self, target: i64) -> Self {
        self.target = Some(target);
        self
    }

    /// What counts of a value.
    pub(crate) fn counted(&self, value: i64) -> i64 {
        self.target.map_or(value, |target| value.saturating_sub(target).max(0))
    }
}
