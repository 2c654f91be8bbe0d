//! What a route consumes and emits.

use super::replay::{Purpose, Replay, ReplayedStop};
use crate::model::Problem;

/// Thousandths of litres or kilowatt-hours, and grams of CO₂.
pub(super) fn consumed_and_emitted(problem: &Problem, replay: &Replay) -> (i64, i64) {
    let Some(consumption) = &problem.vehicle_type(replay.stops.vehicle_type).consumption else { return (0, 0) };
    // In 10⁻¹² litres or kilowatt-hours, so that nothing is lost in sums.
    let whole = |coefficient: f64| (coefficient * 1e12).round() as i128;
    let mut energy: i128 = 0;
    let mut before: Option<&ReplayedStop> = None;
    for stop in &replay.path {
        if let Some(before) = before {
            let mut rate = whole(consumption.per_distance);
            for (dimension, &per_load) in consumption.per_load_distance.iter().enumerate() {
                let load = i128::from(on_board_after(replay, before, dimension));
                rate = rate.saturating_add(whole(per_load).saturating_mul(load));
            }
            energy = energy.saturating_add(rate.saturating_mul(stop.distance.into()));
        }
        if matches!(stop.purpose, Purpose::Serve { .. }) && !stop.is_pause() {
            let idle = whole(consumption.per_idle).saturating_mul(stop.takes.into());
            energy = energy.saturating_add(whole(consumption.per_stop)).saturating_add(idle);
        }
        before = Some(stop);
    }
    let nearest =
        |value: i128, unit: i128| i64::try_from(value.saturating_add(unit / 2).div_euclid(unit)).unwrap_or(i64::MAX);
    let micrograms = (consumption.co2 * 1e9).round() as i128;
    (nearest(energy, 1_000_000_000), nearest(energy.saturating_mul(micrograms), 1_000_000_000_000_000_000))
}

fn on_board_after(replay: &Replay, stop: &ReplayedStop, dimension: usize) -> i64 {
    let position = match stop.purpose {
        Purpose::Load { .. } => 0,
        Purpose::Serve { position, .. } => position + 1,
        Purpose::End { .. } => return 0,
    };
    replay.cargo[stop.trip].loads.get(dimension).map_or(0, |loads| loads[position])
}
