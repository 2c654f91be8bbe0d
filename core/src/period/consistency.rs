//! Prices of days that differ: other vehicles, other times of day.

use std::collections::HashMap;
use std::time::Instant;

use super::expand::{DayVehicle, Expanded};
use crate::algorithm::{CancelToken, Progress, SolveParams, Stop, StopReason, solve_with};
use crate::ids::VehicleTypeId;
use crate::model::{Faults, Problem, SoftWindow};
use crate::plan::{Activity, Plan, RouteStops};
use crate::units::{Cost, Duration, MAX_COST, MAX_VALUE, Time};

/// How often the usual vehicles and times are taken from the plan anew.
const ROUNDS: u32 = 3;

/// Of ten parts of the time, how many are spent before the first round, and on each.
const FIRST_SHARE: u32 = 4;
const ROUND_SHARE: u32 = 2;

/// What it costs when the visits to a client differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Consistency {
    /// Cost of each visit by another vehicle than the client's usual one: the one whose [`Territory`](super::Territory) it lies in, or else
    /// the one that makes most of its visits.
    pub other_vehicle: Cost,
    /// Cost of each visit on a day that the client was not told, of those that were told days: see
    /// [`PeriodParams::told`](super::PeriodParams::told).
    pub moved_day: Cost,
    /// Cost of each unit of time by which a visit begins earlier or later than is usual for the client, beyond the tolerance.
    /// The usual time is the median of its visits. A client with a soft window of its own has no other usual time.
    pub per_time: Cost,
    /// Differences of time up to this cost nothing.
    pub tolerance: Duration,
}

impl Consistency {
    /// Sets what a visit by another vehicle costs.
    pub fn other_vehicle(mut self, cost: Cost) -> Self {
        self.other_vehicle = cost;
        self
    }

    /// Sets what each unit of time beyond the tolerance costs.
    pub fn per_time(mut self, cost: Cost, tolerance: Duration) -> Self {
        (self.per_time, self.tolerance) = (cost, tolerance);
        self
    }

    /// Sets what a visit on a day costs that was not told.
    pub fn moved_day(mut self, cost: Cost) -> Self {
        self.moved_day = cost;
        self
    }

    pub(super) fn is_free(&self, period: &Expanded) -> bool {
        let moves_cost = self.moved_day > 0 && period.told.iter().any(Option::is_some);
        self.other_vehicle == 0 && self.per_time == 0 && !moves_cost
    }

    pub(super) fn check(&self, faults: &mut Faults) {
        let prices = [
            ("other_vehicle", self.other_vehicle, MAX_COST),
            ("moved_day", self.moved_day, MAX_COST),
            ("per_time", self.per_time, MAX_COST),
        ];
        for (name, value, most) in prices.into_iter().chain([("tolerance", self.tolerance, MAX_VALUE)]) {
            if !(0..=most).contains(&value) {
                let message = format!("must be from 0 to {most}");
                faults.add(format!("consistency.{name}"), value, &message, "give a smaller value that is not negative");
            }
        }
    }
}

/// Where the days of a plan differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inconsistency {
    /// Visits by another vehicle than the client's usual one; zero where vehicles of a type are not told apart and no price says
    /// that it matters.
    pub other_vehicle: usize,
    /// Visits on days that were not told, of clients that were told days.
    pub moved_days: usize,
    /// Units of time, summed over all visits, beyond the tolerance around the client's usual time.
    pub time: Duration,
    /// What all of that costs.
    pub cost: Cost,
}

impl Inconsistency {
    pub(super) fn of(period: &Expanded, plan: &Plan, consistency: &Consistency) -> Self {
        let mut found = Self::default();
        for (client, visits) in visits(period, plan).into_iter().enumerate() {
            if let Some(told) = &period.told[client] {
                found.moved_days += visits.iter().filter(|visit| !told.contains(&visit.day)).count();
            }
            let Some(usual) = Usual::of(period, client, &visits) else { continue };
            let window = !visits.iter().any(|visit| visit.has_window);
            for visit in &visits {
                if consistency.other_vehicle > 0 {
                    found.other_vehicle += usize::from(visit.vehicle != usual.vehicle);
                }
                if window {
                    found.time += ((visit.start - usual.start).abs() - consistency.tolerance).max(0);
                }
            }
        }
        let vehicles = consistency.other_vehicle.saturating_mul(found.other_vehicle as Cost);
        let days = consistency.moved_day.saturating_mul(found.moved_days as Cost);
        let times = consistency.per_time.saturating_mul(found.time);
        found.cost = vehicles.saturating_add(days).saturating_add(times);
        found
    }
}

/// Which vehicle it is on every day: its type, and which of the type.
pub(super) type Vehicle = (VehicleTypeId, usize);

/// A visit of a plan.
struct Visited {
    vehicle: Vehicle,
    day: usize,
    start: Time,
    has_window: bool,
}

/// What is usual for a client.
struct Usual {
    vehicle: Vehicle,
    start: Time,
}

impl Usual {
    /// `None`: there are no two visits that could differ, nor a territory.
    fn of(period: &Expanded, client: usize, visits: &[Visited]) -> Option<Self> {
        let home = period.home[client];
        if visits.is_empty() || (visits.len() < 2 && home.is_none()) {
            return None;
        }
        let mut counts: HashMap<Vehicle, usize> = HashMap::new();
        for visit in visits {
            *counts.entry(visit.vehicle).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|&(vehicle, count)| (count, std::cmp::Reverse(vehicle)))?.0;
        let vehicle = home.unwrap_or(most);
        let mut starts: Vec<Time> = visits.iter().map(|visit| visit.start).collect();
        starts.sort_unstable();
        Some(Self { vehicle, start: starts[(starts.len() - 1) / 2] })
    }
}

/// By client of the day, its visits.
fn visits(period: &Expanded, plan: &Plan) -> Vec<Vec<Visited>> {
    let mut all: Vec<Vec<Visited>> = Vec::new();
    for (route, stops) in plan.routes().iter().zip(plan.route_stops()) {
        let DayVehicle { day, vehicle_type, unit } = period.vehicle(stops);
        for visit in route.trips.iter().flat_map(|trip| &trip.visits) {
            let Activity::Client(client) = visit.activity else { continue };
            let of = period.visits[client.index()].0.index();
            if all.len() <= of {
                all.resize_with(of + 1, Vec::new);
            }
            let has_window = period.problem.client(client).soft_window.is_some();
            all[of].push(Visited { vehicle: (vehicle_type, unit), day, start: visit.start, has_window });
        }
    }
    all
}

/// Plans without prices, takes from the plan what is usual, prices other vehicles and times, and plans on, several times.
pub(super) fn search(
    period: &Expanded,
    consistency: &Consistency,
    asked: SolveParams,
    begin: Instant,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> (Plan, StopReason, u64) {
    let stop = match asked.stop {
        Stop { max_runtime: None, max_iterations: None, no_improvement: None, target_cost: None } => {
            Stop::after_secs(10.0)
        }
        stop => stop,
    };
    let whole = |plan: &Plan| {
        let cost = plan.cost().saturating_add(Inconsistency::of(period, plan, consistency).cost);
        let (_, ranks) = plan.rank().split_last().unwrap_or((&0, &[]));
        (plan.violations().len(), ranks.to_vec(), cost)
    };
    let mut params = SolveParams { stop: share(stop, FIRST_SHARE), ..asked };
    // What does not depend on a plan is priced from the beginning.
    let Ok(settled) = settled(period, consistency) else {
        let result = solve_with(&period.problem, &SolveParams { stop, ..params }, cancel, on_progress);
        return (result.plan, result.stopped, result.iterations);
    };
    let first = solve_with(&settled, &params, cancel, on_progress);
    let (mut iterations, mut stopped) = (first.iterations, first.stopped);
    let mut current = Plan::of_known(&period.problem, align(period, &first.plan));
    let mut best = current.clone();
    for round in 1..=ROUNDS {
        if stopped == StopReason::Cancelled || stopped == StopReason::Trivial {
            break;
        }
        let Ok(priced) = priced(period, &settled, &current, consistency) else { break };
        params.stop = share(stop, ROUND_SHARE);
        if let Some(all) = stop.max_runtime {
            // What a round leaves of its time belongs to the next.
            let until = all * (FIRST_SHARE + round * ROUND_SHARE) / 10;
            params.stop.max_runtime = Some(until.saturating_sub(begin.elapsed()));
        }
        params.initial = Some(Plan::of_known(&priced, current.route_stops().to_vec()));
        let result = solve_with(&priced, &params, cancel, on_progress);
        iterations += result.iterations;
        stopped = result.stopped;
        current = Plan::of_known(&period.problem, result.plan.route_stops().to_vec());
        if whole(&current) < whole(&best) {
            best = current.clone();
        }
    }
    (best, stopped, iterations)
}

/// So many tenths of what limits a search.
fn share(stop: Stop, tenths: u32) -> Stop {
    Stop {
        max_runtime: stop.max_runtime.map(|all| all * tenths / 10),
        max_iterations: stop.max_iterations.map(|all| (all.saturating_mul(tenths.into()) / 10).max(1)),
        ..stop
    }
}

/// The routes of a plan, with the vehicles of each type and day exchanged so that clients have the same one on more days: day by
/// day, the route with most visits to a vehicle's clients goes to it first.
fn align(period: &Expanded, plan: &Plan) -> Vec<RouteStops> {
    let mut routes = plan.route_stops().to_vec();
    let mut kinds: Vec<(usize, VehicleTypeId)> =
        period.vehicles.iter().map(|vehicle| (vehicle.day, vehicle.vehicle_type)).collect();
    kinds.dedup();
    // By client of the day and vehicle, how many visits so far.
    let mut visits: HashMap<(usize, Vehicle), usize> = HashMap::new();
    for (day, vehicle_type) in kinds {
        let alike = |vehicle: &DayVehicle| (vehicle.day, vehicle.vehicle_type) == (day, vehicle_type);
        let own: Vec<usize> = (0..routes.len()).filter(|&r| alike(&period.vehicle(&routes[r]))).collect();
        let mut free: Vec<usize> = (0..period.vehicles.len()).filter(|&t| alike(&period.vehicles[t])).collect();
        let clients: Vec<Vec<usize>> = own.iter().map(|&r| clients(period, &routes[r])).collect();
        let mut waiting: Vec<usize> = (0..own.len()).collect();
        while let Some((place, slot)) = most_alike(period, &visits, (vehicle_type, &clients), &waiting, &free) {
            let (i, t) = (waiting.remove(place), free.remove(slot));
            routes[own[i]].vehicle_type = VehicleTypeId::new(t);
            let unit = period.vehicles[t].unit;
            for &client in &clients[i] {
                *visits.entry((client, (vehicle_type, unit))).or_default() += 1;
            }
        }
    }
    routes
}

/// The route and the free vehicle that have most visits in common; of equals, the first.
fn most_alike(
    period: &Expanded,
    visits: &HashMap<(usize, Vehicle), usize>,
    (vehicle_type, clients): (VehicleTypeId, &[Vec<usize>]),
    waiting: &[usize],
    free: &[usize],
) -> Option<(usize, usize)> {
    let common = |route: usize, t: usize| -> usize {
        let vehicle = (vehicle_type, period.vehicles[t].unit);
        clients[route].iter().map(|&client| visits.get(&(client, vehicle)).copied().unwrap_or(0)).sum()
    };
    let pairs = (0..waiting.len()).flat_map(|place| (0..free.len()).map(move |slot| (place, slot)));
    pairs.max_by_key(|&(place, slot)| (common(waiting[place], free[slot]), std::cmp::Reverse((place, slot))))
}

fn clients(period: &Expanded, route: &RouteStops) -> Vec<usize> {
    let activities = route.trips.iter().flat_map(|trip| &trip.activities);
    let visit = |activity: &Activity| match activity {
        Activity::Client(visit) => Some(period.visits[visit.index()].0.index()),
        _ => None,
    };
    activities.filter_map(visit).collect()
}

/// The period's problem with prices of days that were not told, and of vehicles from outside a client's territory.
fn settled(period: &Expanded, prices: &Consistency) -> Result<Problem, crate::model::ValidationError> {
    let mut builder = period.problem.to_builder();
    for (visit, &(client, day)) in builder.clients_mut().iter_mut().zip(&period.visits) {
        let is_moved = period.told[client.index()].as_ref().is_some_and(|told| !told.contains(&day));
        let home = period.home[client.index()].filter(|_| prices.other_vehicle > 0);
        for (t, vehicle) in period.vehicles.iter().enumerate().filter(|(_, vehicle)| vehicle.day == day) {
            let is_other = home.is_some_and(|home| home != (vehicle.vehicle_type, vehicle.unit));
            let moved = if is_moved { prices.moved_day } else { 0 };
            let other = if is_other { prices.other_vehicle } else { 0 };
            add_cost(visit, VehicleTypeId::new(t), moved.saturating_add(other));
        }
    }
    builder.build()
}

/// Adds to what a vehicle type costs for a visit.
fn add_cost(visit: &mut crate::model::Client, vehicle_type: VehicleTypeId, more: Cost) {
    if more == 0 {
        return;
    }
    match visit.assignment_costs.iter_mut().find(|(priced, _)| *priced == vehicle_type) {
        Some((_, cost)) => *cost = cost.saturating_add(more).min(MAX_COST),
        None => visit.assignment_costs.push((vehicle_type, more.min(MAX_COST))),
    }
}

/// The settled problem with prices of other vehicles and times than are usual in a plan.
fn priced(
    period: &Expanded,
    settled: &Problem,
    plan: &Plan,
    prices: &Consistency,
) -> Result<Problem, crate::model::ValidationError> {
    let mut builder = settled.to_builder();
    let visits = visits(period, plan);
    let usual: Vec<Option<Usual>> =
        visits.iter().enumerate().map(|(client, visits)| Usual::of(period, client, visits)).collect();
    for (visit, &(client, day)) in builder.clients_mut().iter_mut().zip(&period.visits) {
        let Some(Some(usual)) = usual.get(client.index()) else { continue };
        if prices.other_vehicle > 0 && period.home[client.index()].is_none() {
            for (t, vehicle) in period.vehicles.iter().enumerate().filter(|(_, vehicle)| vehicle.day == day) {
                if (vehicle.vehicle_type, vehicle.unit) == usual.vehicle {
                    continue;
                }
                add_cost(visit, VehicleTypeId::new(t), prices.other_vehicle);
            }
        }
        if prices.per_time > 0 && visit.soft_window.is_none() {
            let window = (usual.start - prices.tolerance, usual.start + prices.tolerance + visit.window_needs().1);
            visit.soft_window = Some(SoftWindow::new(window.0, window.1, prices.per_time, prices.per_time));
        }
    }
    builder.build()
}
