//! No plan may cost more than 64 bits hold.

use super::Validator;
use super::travel::{longest_distance, spread};
use crate::model::{Consumption, DisposalSite, Goal, Measure, VehicleType};
use crate::travel::{FARTHEST, Travel};
use crate::units::MAX_VALUE;

/// Limit on the cost of the most expensive conceivable plan.
const MAX_TOTAL_COST: i128 = 1 << 61;

/// Limit on the conceivable cost of serving a single client: the search's penalty for an unserved required client must
/// exceed it.
const MAX_SINGLE_COST: i128 = 1 << 53;

/// A route ends at most two of the largest times after it began, and no start is farther from its soft window.
const LONGEST: i128 = 2 * MAX_VALUE as i128;

impl Validator<'_> {
    pub(super) fn total_cost(&mut self, travel: &Travel) {
        let builder = self.builder;
        let longest = i128::from(longest_distance(builder, travel));
        let prizes = builder.clients.iter().map(|c| c.prize).chain(builder.shipments.iter().map(|s| s.prize));
        let prizes: i128 = prizes.map(i128::from).sum();
        let worst_route =
            |v: &VehicleType| i128::from(v.fixed_cost) + worst_day(v) + 2 * longest * i128::from(v.cost_per_distance);
        // In the worst case, every stop has a route of its own, and every reload counts as another route.
        let route = builder.vehicle_types.iter().map(worst_route).max().unwrap_or(0);
        let goals: i128 = builder.goals.iter().map(|goal| self.worst_goal(goal, travel)).sum();
        let (visit, fees) = self.worst_disposal();
        let total = 2 * self.stops() * route
            + prizes
            + self.worst_windows().sum::<i128>()
            + self.stops() * visit
            + fees
            + self.worst_assignments().sum::<i128>()
            + goals;
        let remedy = "use coarser units of money or length, or lower unit costs";
        if total > MAX_TOTAL_COST {
            let value = format!("{:.1e}", total as f64);
            self.fault("costs".into(), value, "the total cost of a plan may exceed 2^61", remedy);
            return;
        }
        let single = route
            + visit
            + fees
            + self.worst_windows().max().unwrap_or(0)
            + self.worst_assignments().max().unwrap_or(0)
            + goals;
        if single > MAX_SINGLE_COST {
            let value = format!("{:.1e}", single as f64);
            self.fault("costs".into(), value, "the cost of serving a single client may exceed 2^53", remedy);
        }
    }

    fn stops(&self) -> i128 {
        (self.builder.clients.len() + 2 * self.builder.shipments.len()) as i128
    }

    /// Every service as far from its soft window as possible.
    fn worst_windows(&self) -> impl Iterator<Item = i128> {
        let soft = self.builder.clients.iter().filter_map(|client| client.soft_window);
        soft.map(|window| LONGEST * i128::from(window.cost_per_early.max(window.cost_per_late)))
    }

    /// Every client and shipment on the vehicle type that costs most for it.
    fn worst_assignments(&self) -> impl Iterator<Item = i128> {
        let clients = self.builder.clients.iter().map(|client| &client.assignment_costs);
        let all = clients.chain(self.builder.shipments.iter().map(|shipment| &shipment.assignment_costs));
        all.map(|costs| costs.iter().map(|&(_, cost)| i128::from(cost)).max().unwrap_or(0))
    }

    /// A visit to the most expensive site, with each fee rounded up, and the fees for all waste.
    fn worst_disposal(&self) -> (i128, i128) {
        let sites = &self.builder.disposal_sites;
        let visit = sites.iter().map(|site| i128::from(site.visit_cost)).max().unwrap_or(0);
        let dimensions = sites.iter().map(|site| site.tipping_fee.len()).max().unwrap_or(0);
        let fee = |dimension: usize| {
            let all = self.picked_up(dimension);
            let of = |site: &DisposalSite| {
                site.tipping_fee.get(dimension).map(|rate| all * i128::from(rate.amount) / i128::from(rate.per.max(1)))
            };
            sites.iter().filter_map(of).max().unwrap_or(0)
        };
        (visit + dimensions as i128, (0..dimensions).map(fee).sum())
    }

    fn worst_goal(&self, goal: &Goal, travel: &Travel) -> i128 {
        let Some(weight) = goal.weight else { return 0 };
        let farthest = match travel {
            Travel::Haversine { .. } => FARTHEST,
            Travel::Euclidean { .. } | Travel::Matrices(_) => spread(self.builder),
        };
        let shipped = |amount: &[i64]| i128::from(amount.first().copied().unwrap_or(0));
        let measure = match goal.measure {
            Measure::Vehicles | Measure::StopSpread => self.stops(),
            Measure::Makespan | Measure::DurationSpread => LONGEST,
            Measure::LoadSpread => {
                let clients = self.builder.clients.iter().map(|c| shipped(&c.delivery) + shipped(&c.pickup));
                clients.chain(self.builder.shipments.iter().map(|s| shipped(&s.amount))).sum()
            }
            Measure::Scatter => self.stops() * (farthest as i128 + 1),
            Measure::Distance => 4 * self.stops() * i128::from(longest_distance(self.builder, travel)),
            // The weight is that of a kilogram.
            Measure::Emissions => self.worst_emissions(travel),
        };
        i128::from(weight).saturating_mul(measure)
    }

    /// Kilograms of CO₂ of the vehicles that emit most, each with all that there is to carry, from stop to stop and back.
    fn worst_emissions(&self, travel: &Travel) -> i128 {
        let longest = 2.0 * longest_distance(self.builder, travel) as f64;
        let emitted = |c: &Consumption| {
            let loaded = |(d, rate): (usize, &f64)| rate * self.handled(d) as f64;
            let rate = c.per_distance + c.per_load_distance.iter().enumerate().map(loaded).sum::<f64>();
            (rate * longest + c.per_stop + c.per_idle * LONGEST as f64) * c.co2
        };
        let most = self.builder.vehicle_types.iter().filter_map(|v| v.consumption.as_ref()).map(emitted);
        (most.fold(0.0, f64::max) * 2.0 * self.stops() as f64).ceil() as i128 + 1
    }

    /// All that is delivered and picked up in a dimension.
    fn handled(&self, dimension: usize) -> i128 {
        let of = |list: &[i64]| i128::from(list.get(dimension).copied().unwrap_or(0));
        let clients = self.builder.clients.iter().map(|client| of(&client.delivery) + of(&client.pickup));
        clients.chain(self.builder.shipments.iter().map(|shipment| of(&shipment.amount))).sum()
    }
}

/// The most expensive duration of a vehicle's route: waiting and overtime throughout.
fn worst_day(v: &VehicleType) -> i128 {
    let overtime: i128 = v.overtime.iter().map(|step| i128::from(step.cost_per_duration)).sum();
    LONGEST * (i128::from(v.cost_per_duration) + i128::from(v.cost_per_waiting) + overtime)
}
