//! The search, checked by the judge: random problems of mixed classes, brute force on tiny ones, and how a search ends.

use crate::support;

use milkrun::plan::check::{check, check_plan};
use milkrun::{
    CancelToken, Client, Coord, Depot, Plan, Problem, SolveParams, Stop, StopReason, VehicleType, solve, solve_with,
};
use proptest::prelude::*;
use support::{Mix, any_mix, problem};

fn params(iterations: u64, seed: u64) -> SolveParams {
    SolveParams { stop: Stop::after_iterations(iterations), seed, ..SolveParams::default() }
}

/// In debug builds, solving also checks every incremental value of the search against a recomputation.
fn solve_and_judge(problem: &Problem, iterations: u64) -> Plan {
    let result = solve(problem, &params(iterations, 7));
    let report = check_plan(problem, &result.plan);
    assert!(report.is_truthful(), "{report:?}");
    assert_eq!(report.is_feasible(), result.plan.is_feasible());
    assert_eq!(report.cost(), result.plan.cost());
    result.plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_plan_of_mixed_problems_passes_the_judge(
        (mix, problem) in any_mix().prop_flat_map(|mix| (Just(mix), problem(mix, 18))),
    ) {
        let plan = solve_and_judge(&problem, 300);
        // Services satisfy all rules: the only violations allowed are unserved required clients.
        let unserved = plan.unserved();
        let missing = unserved.required_clients.len() + unserved.required_shipments.len() + unserved.required_groups.len();
        prop_assert_eq!(plan.violations().len(), missing, "{:?} {:?}", mix, plan.violations());
    }

    #[test]
    fn warm_start_never_ends_worse(
        problem in any_mix().prop_flat_map(|mix| problem(mix, 14)), seed in 0u64..100,
    ) {
        let first = solve(&problem, &params(200, seed)).plan;
        let warm = SolveParams { initial: Some(first.clone()), ..params(50, seed + 1) };
        let second = solve(&problem, &warm).plan;
        prop_assert!(check(&problem, second.route_stops()).is_feasible() >= first.is_feasible());
        if first.is_feasible() {
            prop_assert!(second.cost() <= first.cost());
        }
    }

    #[test]
    fn same_seed_same_plan(problem in any_mix().prop_flat_map(|mix| problem(mix, 16)), threads in 1usize..4) {
        let params = SolveParams { threads, ..params(200, 3) };
        prop_assert_eq!(solve(&problem, &params).plan, solve(&problem, &params).plan);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn brute_force_agrees_on_tiny_problems(
        problem in (any::<bool>(), any::<bool>(), any::<bool>()).prop_flat_map(|(windows, durations, prizes)| {
            problem(Mix { windows, prizes, durations, ..Mix::PLAIN }, 6)
        }),
    ) {
        let plan = solve_and_judge(&problem, 3_000);
        let best = brute_force(&problem);
        prop_assert_eq!(plan.is_feasible().then(|| plan.cost()), best);
    }
}

/// The minimum cost over all assignments of all subsets of optional clients to vehicles of one type; `None`: none is
/// feasible.
fn brute_force(problem: &Problem) -> Option<i64> {
    use milkrun::plan::{Activity, RouteStops, TripStops};
    let n = problem.clients().len();
    let depot = problem.vehicle_types()[0].start;
    let route = |order: &[usize]| {
        let activities = order.iter().map(|&c| Activity::Client(milkrun::ClientId::new(c))).collect();
        RouteStops {
            vehicle_type: milkrun::VehicleTypeId::new(0),
            start: None,
            trips: vec![TripStops { start: depot, activities, end: problem.vehicle_types()[0].end }],
        }
    };
    // Cheapest feasible single route of every subset, priced by the judge.
    let prizes: i64 = problem.clients().iter().filter(|c| !c.required).map(|c| c.prize).sum();
    let mut single = vec![None; 1 << n];
    permutations(n, &mut |order| {
        let set: usize = order.iter().map(|&c| 1 << c).sum();
        let report = check(problem, &[route(order)]);
        let unserved: i64 = (0..n)
            .filter(|c| set >> c & 1 == 0 && !problem.clients()[*c].required)
            .map(|c| problem.clients()[c].prize)
            .sum();
        let missing = (0..n).filter(|c| set >> c & 1 == 0 && problem.clients()[*c].required).count();
        if report.violations.len() == missing {
            let cost = report.cost() - unserved;
            if single[set].is_none_or(|best| cost < best) {
                single[set] = Some(cost);
            }
        }
    });
    let mut best: Vec<Option<i64>> = vec![None; 1 << n];
    best[0] = Some(0);
    for set in 1..1usize << n {
        let mut part = set;
        while part > 0 {
            if let (Some(a), Some(b)) = (single[part], best[set ^ part])
                && best[set].is_none_or(|c| a + b < c)
            {
                best[set] = Some(a + b);
            }
            part = (part - 1) & set;
        }
    }
    let required: usize = (0..n).filter(|&c| problem.clients()[c].required).map(|c| 1 << c).sum();
    let gained = |set: usize| -> i64 {
        (0..n)
            .filter(|c| set >> c & 1 == 1 && !problem.clients()[*c].required)
            .map(|c| problem.clients()[c].prize)
            .sum()
    };
    (0..1usize << n)
        .filter(|set| set & required == required)
        .filter_map(|set| best[set].map(|cost| cost + prizes - gained(set)))
        .min()
}

/// Calls `visit` with every ordered selection of numbers below `n`.
fn permutations(n: usize, visit: &mut impl FnMut(&[usize])) {
    fn extend(n: usize, order: &mut Vec<usize>, visit: &mut impl FnMut(&[usize])) {
        for c in 0..n {
            if !order.contains(&c) {
                order.push(c);
                visit(order);
                extend(n, order, visit);
                order.pop();
            }
        }
    }
    extend(n, &mut Vec::new(), visit);
}

/// A ring of clients around a depot.
fn ring(clients: usize, vehicles: usize, capacity: i64) -> Problem {
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for i in 0..clients {
        let angle = i as f64 / clients as f64 * std::f64::consts::TAU;
        builder.add_client(Client::at(Coord::new(1000.0 * angle.cos(), 1000.0 * angle.sin())).delivery([1]));
    }
    builder.add_vehicle_type(VehicleType::new(vehicles).capacity([capacity]).depot(depot));
    builder.build().expect("a valid problem")
}

#[test]
fn cancellation_is_obeyed() {
    let problem = ring(2_000, 100, 40);
    let cancel = CancelToken::new();
    // A search that ignores the token would go on for ten minutes, and end for another reason.
    let params = SolveParams { stop: Stop::after_secs(600.0), ..SolveParams::default() };
    let result = solve_with(&problem, &params, &cancel, &mut |_| cancel.cancel());
    assert_eq!(result.stopped, StopReason::Cancelled);
    assert!(result.plan.is_feasible());
}

#[test]
fn each_limit_stops() {
    let problem = ring(40, 10, 8);
    let run = |stop: Stop| solve(&problem, &SolveParams { stop, ..SolveParams::default() });
    let by_iterations = run(Stop::after_iterations(100));
    assert_eq!((by_iterations.stopped, by_iterations.iterations), (StopReason::MaxIterations, 100));
    assert_eq!(run(Stop::after_secs(0.05)).stopped, StopReason::MaxRuntime);
    assert_eq!(run(Stop::default().or_no_improvement(2_000)).stopped, StopReason::NoImprovement);
    let best = run(Stop::after_iterations(5_000)).plan.cost();
    let by_target = run(Stop::after_iterations(1_000_000).or_target_cost(best + 1_000));
    assert_eq!(by_target.stopped, StopReason::TargetCost);
    assert!(by_target.plan.cost() <= best + 1_000);
}

#[test]
fn progress_is_reported() {
    let problem = ring(200, 20, 20);
    let mut seen = Vec::new();
    let params = SolveParams { stop: Stop::after_secs(1.0), ..SolveParams::default() };
    let _ = solve_with(&problem, &params, &CancelToken::new(), &mut |progress| seen.push(progress.clone()));
    assert!(!seen.is_empty());
    assert!(seen.windows(2).all(|w| w[0].iterations <= w[1].iterations && w[0].best_cost >= w[1].best_cost));
}

#[test]
fn nothing_to_do_is_answered() {
    let problem = Problem::builder().build().expect("an empty problem is valid");
    let result = solve(&problem, &SolveParams::default());
    assert_eq!((result.stopped, result.plan.is_feasible()), (StopReason::Trivial, true));
}

#[test]
fn unserved_jobs_are_explained() {
    let mut builder = ring(5, 2, 2).to_builder();
    builder.add_client(Client::at(Coord::new(5.0, 5.0)).delivery([3]));
    let problem = builder.build().expect("a valid problem");
    let plan = solve(&problem, &params(500, 1)).plan;
    assert!(!plan.is_feasible());
    // Two vehicles take four of the five, and no vehicle can take the sixth.
    assert_eq!(plan.unserved().required_clients.len(), 2);
}
