//! The plan and the judge compute everything independently, and must agree on all of it.

use crate::common;

use common::planned;
use milkrun::plan::check::{check, check_plan};
use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::{Client, ClientId, Coord, Depot, DisposalSite, Plan, Position, Problem, Relation, VehicleType};
use proptest::prelude::*;

fn sorted(violations: &[Violation]) -> Vec<String> {
    let mut texts: Vec<String> = violations.iter().map(|v| format!("{v:?}")).collect();
    texts.sort_unstable();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn plan_and_judge_agree((problem, stops) in planned()) {
        let plan = Plan::new(&problem, stops.clone()).unwrap();
        let report = check_plan(&problem, &plan);
        prop_assert_eq!(&report.discrepancies, &[]);
        prop_assert_eq!(sorted(plan.violations()), sorted(&report.violations));
        prop_assert_eq!(plan.breakdown(), report.breakdown);
        // Unused vehicles affect only the numbering of routes.
        let raw = check(&problem, &stops);
        prop_assert_eq!(raw.is_feasible(), plan.is_feasible());
        prop_assert_eq!(raw.breakdown, plan.breakdown());
    }

    #[test]
    fn times_add_up((problem, stops) in planned()) {
        for route in Plan::new(&problem, stops).unwrap().routes() {
            let service: i64 = route.visits().map(|v| v.departure - v.start).sum();
            let loading: i64 = route.trips.iter().filter(|t| t.start_depot.is_some()).map(|t| t.departure - t.start).sum();
            prop_assert_eq!(route.duration(), route.driving + route.waiting + service + loading);
            prop_assert_eq!(route.distance, route.trips.iter().map(|t| t.distance).sum::<i64>());
        }
    }

    /// Starting later, a feasible route ends later or misses a time window, and its duration never decreases.
    #[test]
    fn the_start_is_the_best_there_is((problem, stops) in planned()) {
        let plan = Plan::new(&problem, stops).unwrap();
        for (r, route) in plan.routes().iter().enumerate() {
            if plan.violations().iter().any(|v| v.route() == Some(r)) {
                continue;
            }
            let alone = vec![plan.route_stops()[r].clone()];
            for later in [1, 7, 100] {
                let mut b = problem.to_builder();
                b.vehicle_types_mut()[route.vehicle_type.index()].shift.early = route.start + later;
                let Ok(pushed) = b.build() else { continue };
                let other = Plan::new(&pushed, alone.clone()).unwrap();
                let other_route = &other.routes()[0];
                let in_time = !other.violations().iter().any(|v| v.route() == Some(0));
                prop_assert!(other_route.end > route.end || !in_time);
                prop_assert!(other_route.duration() >= route.duration() || !in_time);
            }
        }
    }
}

/// A computation of quadratic time would take minutes here.
#[test]
fn large_plans_are_judged_in_reasonable_time() {
    const N: usize = 60_000;
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    let dump = b.add_disposal_site(DisposalSite::at(Coord::new(0.0, 0.0)).daily_capacity([N as i64]));
    let clients: Vec<ClientId> =
        (0..N).map(|i| b.add_client(Client::at(Coord::new((i % 300) as f64, 0.0)).pickup([1]))).collect();
    let truck = VehicleType::new(1).depot(yard).capacity([N as i64]).disposal_sites([dump]).reload_depots([yard]);
    let truck = b.add_vehicle_type(truck);
    for pair in clients.windows(2) {
        b.add_relation(Relation::Precedence(pair[0], pair[1]));
    }
    b.add_relation(Relation::SameVehicle(clients.clone()));
    b.add_relation(Relation::Pin { client: clients[N - 1], vehicle_type: Some(truck), position: Position::Last });
    let problem = b.build().unwrap();
    let trip = |activities| TripStops { start: Some(yard), activities, end: Some(yard) };
    let serve = |&client: &ClientId| Activity::Client(client);
    let one_trip = vec![trip(clients.iter().map(serve).collect())];
    let emptied = vec![trip(clients.iter().flat_map(|c| [serve(c), Activity::Dispose(dump)]).collect())];
    let many_trips = clients.iter().map(|client| trip(vec![serve(client)])).collect();
    for trips in [one_trip, emptied, many_trips] {
        let plan = Plan::new(&problem, vec![RouteStops { vehicle_type: truck, start: None, trips }]).unwrap();
        let report = check_plan(&problem, &plan);
        assert!(report.is_feasible() && report.is_truthful());
    }
}
