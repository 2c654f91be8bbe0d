//! The goals' measures.

use super::replay::{Purpose, Replay, ReplayedStop};
use crate::model::{Measure, Problem};
use crate::plan::Activity;
use crate::units::Load;

/// The measures of the problem's goals, and the cost of the weighted ones.
pub(super) fn goals(problem: &Problem, replays: &[Replay], energy: &[(i64, i64)]) -> (Vec<i64>, i128) {
    let mut measures = Vec::new();
    let mut cost = 0;
    for goal in problem.goals() {
        let value = match goal.measure {
            Measure::Emissions => energy.iter().map(|&(_, grams)| grams).fold(0, i64::saturating_add),
            other => measure(problem, replays, other),
        };
        measures.push(value);
        let counted = goal.target.map_or(value, |target| if value > target { value - target } else { 0 });
        let product = i128::from(goal.weight.unwrap_or(0)) * i128::from(counted);
        // A weight of emissions is that of a thousand grams.
        cost += if goal.measure == Measure::Emissions { (product + 500).div_euclid(1_000) } else { product };
    }
    (measures, cost)
}

fn measure(problem: &Problem, replays: &[Replay], measure: Measure) -> i64 {
    let spread = |values: Vec<i64>| match (values.iter().max(), values.iter().min()) {
        (Some(most), Some(least)) => most - least,
        _ => 0,
    };
    match measure {
        Measure::Vehicles => replays.len() as i64,
        Measure::Makespan => replays.iter().map(Replay::end).max().unwrap_or(0),
        Measure::DurationSpread => spread(replays.iter().map(|r| r.end() - r.start()).collect()),
        Measure::LoadSpread => spread(replays.iter().map(|r| total(problem, r, 0)).collect()),
        Measure::StopSpread => spread(replays.iter().map(|r| num_stops(r) as i64).collect()),
        Measure::Distance => replays.iter().map(Replay::distance).sum(),
        // It is known by route.
        Measure::Emissions => 0,
        Measure::Scatter => replays.iter().map(|replay| scatter(problem, replay)).sum(),
    }
}

fn scatter(problem: &Problem, replay: &Replay) -> i64 {
    let serves = |stop: &&ReplayedStop| {
        matches!(stop.purpose, Purpose::Serve { activity, .. } if !matches!(activity, Activity::Dispose(_)))
            && !stop.is_pause()
    };
    let points: Vec<_> = replay.path.iter().filter(serves).map(|stop| problem.coord(stop.location)).collect();
    let count = points.len().max(1) as f64;
    let x = points.iter().map(|point| point.x).sum::<f64>() / count;
    let y = points.iter().map(|point| point.y).sum::<f64>() / count;
    let middle = crate::model::Coord::new(x, y);
    points.iter().map(|&point| problem.travel().straight(point, middle).round() as i64).sum()
}

/// Number of stops of the route.
pub(super) fn num_stops(replay: &Replay) -> usize {
    let serves = |stop: &&ReplayedStop| {
        matches!(
            stop.purpose,
            Purpose::Serve { activity: Activity::Client(_) | Activity::Pickup(_) | Activity::Delivery(_), .. }
        )
    };
    replay.path.iter().filter(serves).count()
}

/// Total load that the route delivers and picks up.
pub(super) fn total(problem: &Problem, replay: &Replay, dimension: usize) -> Load {
    let of = |list: &[Load]| list.get(dimension).copied().unwrap_or_default();
    let mut sum = 0;
    for stop in &replay.path {
        match stop.purpose {
            Purpose::Serve { activity: Activity::Client(id), .. } => {
                let client = &problem.clients()[id.index()];
                sum += of(&client.delivery) + of(&client.pickup);
            }
            Purpose::Serve { activity: Activity::Pickup(id), .. } => {
                sum += of(&problem.shipments()[id.index()].amount);
            }
            _ => {}
        }
    }
    sum
}
