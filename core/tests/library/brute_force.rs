//! The search against brute force, on tiny problems that mix all classes.

use crate::support;

use std::collections::HashMap;

use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{ClientId, Plan, Problem, ShipmentId, SolveParams, Stop, VehicleTypeId, solve};
use proptest::strategy::{Just, Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::{Mix, any_mix, problem};

/// All routes of one vehicle type, tried one after another.
struct Routes<'a> {
    problem: &'a Problem,
    stops: Vec<Activity>,
    vehicle_type: VehicleTypeId,
    /// Minimum cost of one route that serves exactly a set of stops.
    best: HashMap<usize, i64>,
}

impl Routes<'_> {
    fn price(&mut self, set: usize, trips: &[TripStops]) {
        let route = RouteStops { vehicle_type: self.vehicle_type, start: None, trips: trips.to_vec() };
        let plan = Plan::new(self.problem, vec![route]).expect("the stops are the problem's");
        let about_the_route = |kind: &str| !matches!(kind, "client_unserved" | "shipment_unserved" | "group_unserved");
        if plan.violations().iter().any(|violation| about_the_route(violation.kind())) {
            return;
        }
        let cost = plan.routes()[0].cost();
        let best = self.best.entry(set).or_insert(cost);
        *best = cost.min(*best);
    }

    /// Extends the last trip by every remaining stop, and begins another trip at every depot where that is possible.
    fn extend(&mut self, set: usize, trips: &mut Vec<TripStops>) {
        let vehicle = &self.problem.vehicle_types()[self.vehicle_type.index()];
        for i in 0..self.stops.len() {
            if set >> i & 1 == 0 {
                let last = trips.len() - 1;
                trips[last].activities.push(self.stops[i]);
                self.price(set | 1 << i, trips);
                self.extend(set | 1 << i, trips);
                trips[last].activities.pop();
            }
        }
        if trips.last().is_some_and(|trip| trip.activities.is_empty())
            || vehicle.max_trips.is_none_or(|m| trips.len() >= m)
        {
            return;
        }
        for &depot in &vehicle.reload_depots {
            let last = trips.len() - 1;
            trips[last].end = Some(depot);
            trips.push(TripStops { start: Some(depot), activities: Vec::new(), end: vehicle.end });
            self.extend(set, trips);
            trips.pop();
            trips[last].end = vehicle.end;
        }
    }
}

/// The minimum cost of all feasible plans; `None`: there is none.
fn brute_force(problem: &Problem) -> Option<i64> {
    let clients = (0..problem.clients().len()).map(|c| Activity::Client(ClientId::new(c)));
    let ends = (0..problem.shipments().len()).map(ShipmentId::new);
    let stops: Vec<Activity> = clients.chain(ends.flat_map(|s| [Activity::Pickup(s), Activity::Delivery(s)])).collect();
    let mut best: Vec<Option<i64>> = vec![None; 1 << stops.len()];
    best[0] = Some(0);
    for (t, vehicle) in problem.vehicle_types().iter().enumerate() {
        let mut routes =
            Routes { problem, stops: stops.clone(), vehicle_type: VehicleTypeId::new(t), best: HashMap::new() };
        routes.extend(0, &mut vec![TripStops { start: vehicle.start, activities: Vec::new(), end: vehicle.end }]);
        for _ in 0..vehicle.count.min(stops.len()) {
            let before = best.clone();
            for (&part, &cost) in &routes.best {
                for rest in 0..before.len() {
                    if let (0, Some(other)) = (rest & part, before[rest])
                        && best[rest | part].is_none_or(|known| cost + other < known)
                    {
                        best[rest | part] = Some(cost + other);
                    }
                }
            }
        }
    }
    let plans = best.iter().enumerate().filter_map(|(set, cost)| Some((*cost)? + forgone(problem, &stops, set)?));
    plans.min()
}

/// The prizes forgone by a set of served stops; `None` if it leaves a required job unserved, or serves two of a group
/// or half a shipment.
fn forgone(problem: &Problem, stops: &[Activity], set: usize) -> Option<i64> {
    let served = |activity: Activity| stops.iter().position(|&a| a == activity).is_some_and(|i| set >> i & 1 == 1);
    let mut cost = 0;
    for (c, client) in problem.clients().iter().enumerate() {
        let own = served(Activity::Client(ClientId::new(c)));
        if let Some(group) = client.group {
            let members = problem.group_members(group).iter();
            let others = members.filter(|&&m| served(Activity::Client(m))).count();
            if others > 1 || (others == 0 && problem.groups()[group.index()].required) {
                return None;
            }
            cost += if others == 0 { client.prize } else { 0 };
        } else if !own && client.required {
            return None;
        } else if !own {
            cost += client.prize;
        }
    }
    for (s, shipment) in problem.shipments().iter().enumerate() {
        let ends = [Activity::Pickup(ShipmentId::new(s)), Activity::Delivery(ShipmentId::new(s))].map(served);
        if ends[0] != ends[1] || (!ends[0] && shipment.required) {
            return None;
        }
        cost += if ends[0] { 0 } else { shipment.prize };
    }
    Some(cost)
}

/// Problems that are the same in each run: whether a heuristic finds the optimum must not depend on the day.
fn agree(clients: usize, count: u8, narrow: fn(Mix) -> Mix) {
    let problems = any_mix().prop_map(narrow).prop_flat_map(|mix| (Just(mix), problem(mix, clients)));
    let mut optimal = 0;
    for seed in 0..count {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (mix, problem) = problems.new_tree(&mut runner).expect("the generator rejects nothing").current();
        let params = SolveParams { stop: Stop::after_iterations(4_000), seed: 5, ..SolveParams::default() };
        let plan = solve(&problem, &params).plan;
        let report = check_plan(&problem, &plan);
        assert!(report.is_truthful(), "{report}");
        assert_eq!(report.is_feasible(), plan.is_feasible());
        let best = brute_force(&problem);
        assert_eq!(plan.is_feasible(), best.is_some(), "{mix:?}");
        if let Some(best) = best {
            assert!(plan.cost() >= best, "nothing is better than the best: {mix:?}");
            assert!(10 * plan.cost() <= 11 * best, "{} instead of {best}: {mix:?}", plan.cost());
        }
        optimal += usize::from(best.is_none_or(|best| plan.cost() == best));
    }
    assert!(100 * optimal >= 95 * usize::from(count), "{optimal} of {count} optima were found");
}

#[test]
fn on_five_clients_of_mixed_classes() {
    agree(5, 40, |mix| Mix { shipments: false, ..mix });
}

#[test]
fn on_two_clients_and_two_shipments_of_mixed_classes() {
    agree(2, 40, |mix| Mix { shipments: true, reloads: false, ..mix });
}

#[test]
fn on_seven_clients_without_reloads() {
    agree(7, 6, |mix| Mix { shipments: false, reloads: false, ..mix });
}
