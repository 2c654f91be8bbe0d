//! Costs other than those of distance, duration and vehicles.

use super::replay::{Purpose, Replay, rounded_up};
use crate::model::Problem;
use crate::plan::Activity;
use crate::units::Cost;

/// Overtime, waiting, soft windows, disposal and assignment of a route.
pub(super) fn costs(problem: &Problem, replay: &Replay) -> [i128; 5] {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let paid = replay.paid(problem);
    let mut overtime = 0;
    for step in &vehicle_type.overtime {
        if paid > step.after {
            overtime += i128::from(step.cost_per_duration) * i128::from(paid - step.after);
        }
    }
    let waiting = i128::from(vehicle_type.cost_per_waiting) * i128::from(replay.waiting());
    let (mut windows, mut disposal, mut assignment) = (0, 0, 0);
    for stop in &replay.path {
        if let Some(wish) = stop.wish {
            windows += i128::from(wish.cost_per_early) * i128::from((wish.early - stop.begin).max(0));
            windows += i128::from(wish.cost_per_late) * i128::from((stop.begin - wish.late).max(0));
        }
        let priced = match stop.purpose {
            Purpose::Serve { activity: Activity::Client(id), .. } => {
                &problem.clients()[id.index()].assignment_costs[..]
            }
            Purpose::Serve { activity: Activity::Pickup(id), .. } => &problem.shipments()[id.index()].assignment_costs,
            _ => &[],
        };
        let own = priced.iter().filter(|&&(t, _)| t == replay.stops.vehicle_type);
        assignment += own.map(|&(_, cost)| i128::from(cost)).sum::<i128>();
        if let Purpose::Serve { position, activity: Activity::Dispose(id) } = stop.purpose {
            let site = &problem.disposal_sites()[id.index()];
            disposal += i128::from(site.visit_cost);
            for (rate, &amount) in site.tipping_fee.iter().zip(&replay.cargo[stop.trip].unloaded[position]) {
                disposal += i128::from(rounded_up(rate.amount, amount, rate.per));
            }
        }
    }
    [overtime, waiting, windows, disposal, assignment]
}

/// The sum in 64 bits, or the largest number that they hold.
pub(super) fn fit(sum: i128) -> Cost {
    Cost::try_from(sum).unwrap_or(Cost::MAX)
}
