//! Measures of a plan, and the order in which plans are compared.

use crate::model::{Coord, Measure, Problem};
use crate::plan::load::{route_load, stops};
use crate::plan::{Route, RouteStops, Unserved};
use crate::units::Cost;

/// A measure of the routes.
pub(super) fn measure(problem: &Problem, measure: Measure, routes: &[Route], bare: &[RouteStops]) -> i64 {
    match measure {
        Measure::Vehicles => routes.len() as i64,
        Measure::Makespan => routes.iter().map(|route| route.end).max().unwrap_or(0),
        Measure::DurationSpread => spread(routes.iter().map(Route::duration)),
        Measure::LoadSpread if problem.load_dimensions() == 0 => 0,
        Measure::LoadSpread => spread(bare.iter().map(|route| route_load(problem, &route.trips, 0))),
        Measure::StopSpread => spread(bare.iter().map(|route| stops(&route.trips) as i64)),
        Measure::Distance => routes.iter().map(|route| route.distance).fold(0, i64::saturating_add),
        Measure::Emissions => routes.iter().map(|route| route.emitted).fold(0, i64::saturating_add),
        Measure::Scatter => routes.iter().map(|route| scatter(problem, route)).fold(0, i64::saturating_add),
    }
}

fn spread(values: impl Iterator<Item = i64> + Clone) -> i64 {
    let most = values.clone().max().unwrap_or(0);
    most.saturating_sub(values.min().unwrap_or(0))
}

/// Sum of the straight distances of all stops from their centroid.
fn scatter(problem: &Problem, route: &Route) -> i64 {
    let stops = route.visits().filter(|visit| visit.activity.is_service());
    let coords: Vec<Coord> = stops.map(|visit| problem.coord(visit.location)).collect();
    let n = coords.len().max(1) as f64;
    let (x, y) = coords.iter().fold((0.0, 0.0), |(x, y), c| (x + c.x, y + c.y));
    let middle = Coord::new(x / n, y / n);
    coords.iter().map(|&c| problem.travel().straight(c, middle).round() as i64).sum()
}

/// The values by which plans are compared, most important first: number of unserved clients by priority class, highest
/// class first; ranked goals; cost.
pub(super) fn rank(problem: &Problem, unserved: &Unserved, measures: &[i64], cost: Cost) -> Vec<i64> {
    let priority = |c: usize| problem.clients()[c].priority;
    let highest = problem.clients().iter().map(|client| client.priority).max().unwrap_or(0);
    let left_out = |class: u8| unserved.clients.iter().filter(|c| priority(c.index()) == class).count() as i64;
    let mut rank: Vec<i64> = (1..=highest).rev().map(left_out).collect();
    let ranked = problem.goals().iter().zip(measures).filter(|(goal, _)| goal.weight.is_none());
    rank.extend(ranked.map(|(goal, &value)| goal.counted(value)));
    rank.push(cost);
    rank
}
