//! What routes cost, and what serving a job is worth.

use super::input::{Costs, Input, Vehicle};
use super::objective::Price;
use crate::io::fields::Found;
use crate::travel::ProfileMatrices;
use crate::units::{Cost, Duration, MAX_COST, MAX_VALUE};

/// The finest part of a unit of money that is counted: a millionth.
const FINEST: i64 = 1_000_000;
/// The highest price of a metre or second, and that of a tour, in the parts that are counted.
const MOST: (f64, f64) = (500_000.0, (1u64 << 38) as f64);

/// The prices of a document's vehicles, in whole parts of its unit of money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prices {
    /// Parts of a unit.
    pub(super) scale: i64,
    price: Price,
}

impl Prices {
    pub(super) fn new(found: &mut Found, input: &Input) -> Self {
        let price = input.objective.price;
        if price != Price::Cost {
            return Self { scale: 1, price };
        }
        let all = || input.vehicles.iter().map(|vehicle| vehicle.costs);
        let highest = |of: fn(&Costs) -> f64| all().map(|costs| of(&costs)).fold(0.0, f64::max);
        let (rate, fixed) = (highest(|costs| costs.distance.max(costs.time)), highest(|costs| costs.fixed));
        let fits = |scale: i64| rate * scale as f64 <= MOST.0 && fixed * scale as f64 <= MOST.1;
        let whole = |scale: i64| {
            let is_whole = |number: f64| {
                let scaled = number * scale as f64;
                (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-3)
            };
            all().all(|costs| is_whole(costs.fixed) && is_whole(costs.distance) && is_whole(costs.time))
        };
        if !fits(1) {
            let message = "costs are too high";
            found.faults.add("fleet.vehicles", rate.max(fixed), message, "give them in a coarser unit of money");
            return Self { scale: 1, price };
        }
        let mut scale = 1;
        while scale < FINEST && !whole(scale) && fits(scale * 10) {
            scale *= 10;
        }
        if !whole(scale) {
            found.warnings.push(format!("fleet.vehicles: costs are counted in whole parts, {scale} to a unit"));
        }
        Self { scale, price }
    }

    /// The price of a tour, of a unit of distance and of a second.
    pub(super) fn of(&self, vehicle: &Vehicle) -> (Cost, Cost, Cost) {
        let parts = |number: f64| (number * self.scale as f64).round() as i64;
        match self.price {
            Price::Cost => (parts(vehicle.costs.fixed), parts(vehicle.costs.distance), parts(vehicle.costs.time)),
            Price::Distance => (0, 1, 0),
            Price::Duration => (0, 0, 1),
        }
    }

    /// More than a plan costs, as far as numbers go.
    pub(super) fn dearest(&self, input: &Input, travel: &[ProfileMatrices]) -> Cost {
        let mut dearest = 1;
        for vehicle in &input.vehicles {
            let own = input.profiles.iter().position(|profile| profile.name == vehicle.profile);
            let Some(matrices) = own.and_then(|p| travel.get(p)) else { continue };
            let (fixed, distance, time) = self.of(vehicle);
            let arc = matrices.distance.largest_reachable().saturating_mul(2);
            let cost = arc.saturating_mul(distance).saturating_add(longest(vehicle).saturating_mul(time));
            dearest = dearest.max(fixed.saturating_add(cost));
        }
        dearest.saturating_mul(input.num_tasks().max(1) as i64).saturating_add(1)
    }
}

/// The longest shift of a vehicle.
fn longest(vehicle: &Vehicle) -> Duration {
    let lengths =
        vehicle.shifts.iter().map(|shift| shift.end.map_or(MAX_VALUE, |(_, late)| late.saturating_sub(shift.earliest)));
    lengths.max().unwrap_or(0).clamp(0, vehicle.max_duration.unwrap_or(MAX_VALUE))
}

/// What the least job is worth where the heaviest counts `heaviest` times as much, and what a tour adds to its cost.
pub(super) fn worth(found: &mut Found, dearest: Cost, tours: usize, heaviest: i64) -> (Cost, Cost) {
    let most = (MAX_COST / heaviest.max(1)).max(1);
    let tour = dearest.min(most / (tours as i64 + 2));
    let job = tour.saturating_mul(tours as i64 + 1).saturating_add(dearest).min(most);
    if tour < dearest {
        let message =
            "objectives: costs and values are so high that a job may be unassigned, or a tour added, for its cost";
        found.warnings.push(message.to_owned());
    }
    (job, tour.max(1))
}
