//! Problems built around a plan that just satisfies their limits: the search must find a feasible plan, too.
//!
//! `MILKRUN_FEASIBLE_PROBLEMS` replaces the number of problems, for soak tests.

use crate::random_collections;

use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, Route, RouteStops};
use milkrun::{Plan, Problem, SolveParams, Stop, TimeWindow, solve};
use random_collections::{FEATURES, Features, day_problem};

/// Number of problems.
const PROBLEMS: u64 = 200;
/// In how many of 200 the search may fail to find a feasible plan within its iterations.
const ALLOWED_FAILURES: u64 = 3;
const ITERATIONS: u64 = 2_000;

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n) as i64
    }
}

fn found(problem: &Problem, seed: u64, iterations: u64) -> Plan {
    let stop = Stop::after_iterations(iterations);
    let plan = solve(problem, &SolveParams { stop, seed, ..SolveParams::default() }).plan;
    let report = check_plan(problem, &plan);
    assert!(report.is_truthful() && report.is_feasible() == plan.is_feasible(), "{report}");
    plan
}

/// The plan with its routes starting when they do.
fn as_driven(plan: &Plan) -> Vec<RouteStops> {
    let routes = plan.route_stops().iter().zip(plan.routes());
    routes.map(|(stops, route)| RouteStops { start: Some(route.start), ..stops.clone() }).collect()
}

/// The problem with limits that the plan just satisfies, in which every job that the plan serves is required.
fn around(problem: &Problem, plan: &Plan, dice: &mut Dice) -> Option<Problem> {
    let mut b = problem.to_builder();
    let visits = || plan.routes().iter().flat_map(Route::visits);
    for visit in visits() {
        let slack = |dice: &mut Dice| dice.below(30);
        if let Activity::Client(id) = visit.activity {
            let client = &mut b.clients_mut()[id.index()];
            client.required = true;
            if dice.below(2) == 0 {
                let window = TimeWindow::new(visit.start - slack(dice), visit.start + slack(dice));
                (client.time_window, client.more_windows) = (window, Vec::new());
            }
        }
    }
    for (t, vehicle) in b.vehicle_types_mut().iter_mut().enumerate() {
        let routes: Vec<&Route> = plan.routes().iter().filter(|route| route.vehicle_type.index() == t).collect();
        let most = |of: &dyn Fn(&Route) -> i64| routes.iter().map(|route| of(route)).max();
        if routes.is_empty() {
            continue;
        }
        vehicle.count = routes.len();
        for (d, capacity) in vehicle.capacity.iter_mut().enumerate() {
            let load = |route: &Route| route.trips.iter().map(|trip| trip.max_load[d]).max().unwrap_or(0);
            *capacity = most(&load).unwrap_or(*capacity);
        }
        if dice.below(2) == 0 {
            vehicle.max_duration = most(&Route::duration).map(|most| most + dice.below(10));
        }
        if dice.below(3) == 0 {
            vehicle.max_distance = most(&|route| route.distance);
            vehicle.max_driving = most(&|route| route.driving);
        }
        if dice.below(3) == 0 {
            vehicle.max_work = most(&|route| route.work);
            vehicle.max_trips = routes.iter().map(|route| route.trips.len()).max();
        }
        if dice.below(2) == 0 {
            vehicle.shift.late = most(&|route| route.end).unwrap_or(vehicle.shift.late);
        }
    }
    let problem = b.build().ok()?;
    let plan = Plan::new(&problem, as_driven(plan)).ok()?;
    plan.is_feasible().then_some(problem)
}

#[test]
fn the_search_finds_a_plan_where_there_is_one() {
    let problems = std::env::var("MILKRUN_FEASIBLE_PROBLEMS").ok().and_then(|text| text.parse().ok());
    let problems: u64 = problems.unwrap_or(PROBLEMS);
    let (mut tried, mut failed) = (0, Vec::new());
    for seed in 0..problems {
        let mut dice = Dice(seed);
        let all = (1 << FEATURES.len()) - 1;
        let features = Features(dice.below(all) as u32 & dice.below(all) as u32);
        let loose = day_problem(features, 14, seed);
        let first = found(&loose, seed, 200);
        let Some(tight) = around(&loose, &first, &mut dice) else { continue };
        tried += 1;
        let plan = found(&tight, seed + 1, ITERATIONS);
        if !plan.is_feasible() {
            let names: Vec<&str> = FEATURES.into_iter().filter(|name| features.has(name)).collect();
            failed.push(format!("{seed} ({} clients; {names:?}): {:?}", tight.clients().len(), plan.violations()));
        }
    }
    assert!(tried > problems / 4, "too few problems were made: {tried}");
    let allowed = ALLOWED_FAILURES * problems.div_ceil(PROBLEMS);
    assert!(failed.len() as u64 <= allowed, "{} of {tried} problems:\n{}", failed.len(), failed.join("\n"));
}
