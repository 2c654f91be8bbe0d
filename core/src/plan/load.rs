//! What is on board along a trip.

use crate::model::Problem;
use crate::plan::{Activity, TripStops};
use crate::units::Load;

/// Loads of one trip, each by dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TripLoad {
    /// On leaving the depot: all that single clients get.
    pub(super) start: Vec<Load>,
    /// After each activity.
    pub(super) after: Vec<Vec<Load>>,
    /// The most at any point.
    pub(super) max: Vec<Load>,
    /// The least at any point.
    pub(super) min: Vec<Load>,
}

/// Deliveries are on board from the start, pickups until the end, shipments from pickup to delivery.
pub(super) fn trip_load(problem: &Problem, trip: &TripStops) -> TripLoad {
    let dimensions = problem.load_dimensions();
    let start: Vec<Load> = (0..dimensions)
        .map(|d| {
            trip.activities.iter().fold(0, |sum: Load, &activity| match activity {
                Activity::Client(c) => sum.saturating_add(Problem::amount(&problem.client(c).delivery, d)),
                _ => sum,
            })
        })
        .collect();
    let (mut max, mut min) = (start.clone(), start.clone());
    let mut load = start.clone();
    let mut after = Vec::with_capacity(trip.activities.len());
    for &activity in &trip.activities {
        for (d, load) in load.iter_mut().enumerate() {
            *load = load.saturating_add(change(problem, activity, d));
            max[d] = max[d].max(*load);
            min[d] = min[d].min(*load);
        }
        after.push(load.clone());
    }
    TripLoad { start, after, max, min }
}

/// By how much the activity changes the load in `dimension`.
fn change(problem: &Problem, activity: Activity, dimension: usize) -> Load {
    match activity {
        Activity::Client(c) => {
            let client = problem.client(c);
            Problem::amount(&client.pickup, dimension) - Problem::amount(&client.delivery, dimension)
        }
        Activity::Pickup(s) => Problem::amount(&problem.shipment(s).amount, dimension),
        Activity::Delivery(s) => -Problem::amount(&problem.shipment(s).amount, dimension),
        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => 0,
    }
}
