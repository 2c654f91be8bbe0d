//! The search for problems with the rules of the working day, checked by the judge.

use crate::random_collections;

use milkrun::plan::check::check_plan;
use milkrun::{Plan, Problem, SolveParams, Stop, solve};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use random_collections::{FEATURES, Features, any_features, day_problem};

fn solve_and_judge(problem: &Problem, iterations: u64) -> Plan {
    let params = SolveParams { stop: Stop::after_iterations(iterations), seed: 7, ..SolveParams::default() };
    let result = solve(problem, &params);
    let report = check_plan(problem, &result.plan);
    assert!(report.is_truthful(), "{report}");
    assert_eq!(report.violations.len(), result.plan.violations().len(), "{report}\n{:?}", result.plan.violations());
    assert_eq!(report.cost(), result.plan.cost());
    result.plan
}

/// Whether a plan's only violations are unserved clients and shipments.
fn only_unserved(plan: &Plan) -> bool {
    let unserved = ["client_unserved", "shipment_unserved", "group_unserved"];
    plan.violations().iter().all(|violation| unserved.contains(&violation.kind()))
}

/// Whether vehicles have executed activities, which may violate rules that the search cannot repair.
fn went_on(problem: &Problem, plan: &Plan) -> bool {
    problem.vehicle_types().iter().any(|v| !v.executed.is_empty())
        && plan.violations().iter().all(|violation| violation.kind() != "executed_changed")
}

proptest! {
    // The same problems in each run.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_plan_passes_the_judge(features in any_features(), seed in any::<u64>()) {
        let problem = day_problem(features, 14, seed);
        let plan = solve_and_judge(&problem, 120);
        prop_assert!(only_unserved(&plan) || went_on(&problem, &plan), "{:?} {:?}", features, plan.violations());
    }

    #[test]
    fn warm_starts_never_end_worse(features in any_features(), seed in any::<u64>()) {
        let problem = day_problem(features, 10, seed);
        let first = solve_and_judge(&problem, 60);
        let stop = Stop::after_iterations(20);
        let warm = SolveParams { stop, seed: 8, initial: Some(first.clone()), ..SolveParams::default() };
        let second = solve(&problem, &warm).plan;
        prop_assert!(!first.is_better_than(&second), "{:?}", features);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(8), ..ProptestConfig::with_cases(100) })]

    #[test]
    fn the_same_seed_gives_the_same_plan(features in any_features(), seed in any::<u64>()) {
        let problem = day_problem(features, 12, seed);
        prop_assert_eq!(solve_and_judge(&problem, 50), solve_and_judge(&problem, 50));
    }
}

#[test]
fn every_feature_alone_is_solved_feasibly_now_and_then() {
    for (bit, name) in FEATURES.iter().enumerate() {
        let feasible = (0..30).filter(|&seed| {
            let problem = day_problem(Features(1 << bit), 10, seed);
            solve_and_judge(&problem, 60).is_feasible()
        });
        assert!(feasible.count() >= 5, "{name}");
    }
}
