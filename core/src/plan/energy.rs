//! What a route consumes and emits.

use crate::model::{Consumption, ExactConsumption};
use crate::plan::load::TripLoad;
use crate::plan::path::{PathStop, Role};
use crate::plan::timetable::Leg;
use crate::units::Load;

/// Thousandths of litres or kilowatt-hours, and grams of CO₂; nothing where the vehicle does not say what it consumes.
pub(super) fn of_route(
    consumption: Option<&Consumption>,
    path: &[PathStop],
    legs: &[Leg],
    loads: &[TripLoad],
) -> (i64, i64) {
    let Some(rates) = consumption.map(Consumption::exact) else { return (0, 0) };
    let on_board = |stop: &PathStop, d: usize| match stop.role {
        Role::Load(_) => amount(&loads[stop.trip].start, d),
        Role::Visit(position, _) => amount(&loads[stop.trip].after[position], d),
        Role::Return(_) => 0,
    };
    let arcs = path.windows(2).zip(legs.iter().skip(1));
    let arcs = arcs.map(|(pair, leg)| rates.arc(leg.distance, |d| on_board(&pair[0], d)));
    let stops = path.iter().filter(|stop| matches!(stop.role, Role::Visit(..)) && !stop.is_pause());
    let stops = stops.map(|stop| rates.stop(stop.service));
    let energy = arcs.chain(stops).fold(0, i128::saturating_add);
    (ExactConsumption::consumed(energy), rates.emitted(energy))
}

fn amount(loads: &[Load], dimension: usize) -> Load {
    loads.get(dimension).copied().unwrap_or(0)
}
