//! Plans of arbitrary stops: their numbers must be what the judge finds.

use crate::random_collections;

use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::{ClientId, DepotId, DisposalSiteId, Plan, Problem, ShipmentId, SolveParams, Stop, VehicleTypeId, solve};
use proptest::prelude::*;
use random_collections::{Features, any_features, day_problem};

/// Numbers that decide what a plan is, taken one after another.
struct Choices<'a>(std::iter::Cycle<std::slice::Iter<'a, u32>>);

impl Choices<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |&choice| choice as usize % n.max(1))
    }

    fn depot(&mut self, problem: &Problem, usual: Option<DepotId>) -> Option<DepotId> {
        match self.below(8) {
            0 => None,
            1 => Some(DepotId::new(self.below(problem.depots().len()))),
            _ => usual,
        }
    }

    fn activity(&mut self, problem: &Problem, vehicle_type: VehicleTypeId) -> Activity {
        let breaks = problem.vehicle_type(vehicle_type).breaks.len();
        let (sites, shipments) = (problem.disposal_sites().len(), problem.shipments().len());
        match self.below(10) {
            0 if sites > 0 => Activity::Dispose(DisposalSiteId::new(self.below(sites))),
            1 if shipments > 0 => Activity::Pickup(ShipmentId::new(self.below(shipments))),
            2 if shipments > 0 => Activity::Delivery(ShipmentId::new(self.below(shipments))),
            3 | 4 if breaks > 0 => Activity::Break(self.below(breaks)),
            5 | 6 => Activity::Rest(self.below(31) as i64),
            _ => Activity::Client(ClientId::new(self.below(problem.clients().len()))),
        }
    }

    fn trip(&mut self, problem: &Problem, vehicle_type: VehicleTypeId) -> TripStops {
        let own = problem.vehicle_type(vehicle_type);
        let activities = (0..self.below(9)).map(|_| self.activity(problem, vehicle_type)).collect();
        TripStops { start: self.depot(problem, own.start), activities, end: self.depot(problem, own.end) }
    }

    fn route(&mut self, problem: &Problem) -> RouteStops {
        let vehicle_type = VehicleTypeId::new(self.below(problem.vehicle_types().len()));
        let trips = (0..=self.below(3)).map(|_| self.trip(problem, vehicle_type)).collect();
        let start = (self.below(3) == 0).then(|| self.below(400) as i64 - 50);
        RouteStops { vehicle_type, start, trips }
    }
}

/// Violations in an order of their own, to compare them.
fn sorted(violations: &[Violation]) -> Vec<String> {
    let mut texts: Vec<String> = violations.iter().map(|violation| format!("{violation:?}")).collect();
    texts.sort();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_judge_agrees(
        features in any_features(), seed in any::<u64>(), numbers in prop::collection::vec(any::<u32>(), 40..120),
    ) {
        let problem = day_problem(features, 8, seed);
        let mut choices = Choices(numbers.iter().cycle());
        let stops: Vec<RouteStops> = (0..=choices.below(3)).map(|_| choices.route(&problem)).collect();
        let plan = Plan::new(&problem, stops.clone()).unwrap();
        let report = check_plan(&problem, &plan);
        prop_assert!(report.is_truthful(), "{report}\n{stops:?}\n{:?}\n{:?}", problem.vehicle_types(), problem.clients());
        prop_assert_eq!(sorted(&report.violations), sorted(plan.violations()));
        prop_assert_eq!(report.cost(), plan.cost());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Arbitrary plans, including those with unknown ids.
    #[test]
    fn a_search_starts_from_it(
        features in prop_oneof![1 => Just(Features(0)), 3 => any_features()],
        seed in any::<u64>(),
        numbers in prop::collection::vec(any::<u32>(), 40..120),
    ) {
        let problem = day_problem(features, 8, seed);
        let mut choices = Choices(numbers.iter().cycle());
        let stops: Vec<RouteStops> = (0..=choices.below(3)).map(|_| choices.route(&problem)).collect();
        let initial = Plan::new(&problem, stops.clone()).unwrap();
        let stop = Stop::after_iterations(20);
        let found = solve(&problem, &SolveParams { stop, initial: Some(initial.clone()), ..SolveParams::default() }).plan;
        prop_assert!(!initial.is_better_than(&found), "{stops:?}");
        let report = check_plan(&problem, &found);
        prop_assert!(report.is_truthful(), "{report}\n{stops:?}");
        prop_assert_eq!(report.is_feasible(), found.is_feasible());
    }
}
