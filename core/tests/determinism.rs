//! The same problem, parameters and seed give the same plan: fifty problems of all classes.

#[allow(dead_code, reason = "each test uses a part of it")]
mod random_collections;
#[allow(dead_code, reason = "each test uses a part of it")]
mod support;

use milkrun::{Goal, Measure, Problem, SolveParams, Stop, solve};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use random_collections::{Features, day_problem};
use support::{Mix, problem};

/// A generator that draws the same problems each time.
fn runner(seed: u8) -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

fn classes() -> Vec<(&'static str, Mix)> {
    let p = Mix::PLAIN;
    vec![
        ("CVRP", p),
        ("VRPTW", Mix { windows: true, ..p }),
        ("PCVRPTW", Mix { windows: true, prizes: true, ..p }),
        ("MDVRPTW", Mix { windows: true, durations: true, fleet: true, ..p }),
        ("HFVRP", Mix { fleet: true, ..p }),
        ("VRPB", Mix { backhauls: true, ..p }),
        ("MTVRPTWR", Mix { windows: true, reloads: true, ..p }),
        ("GVRP", Mix { groups: true, ..p }),
        ("PDPTW", Mix { windows: true, shipments: true, ..p }),
    ]
}

fn same_twice(problem: &Problem, name: &str) {
    for threads in [1, 2] {
        let stop = Stop::after_iterations(400);
        let params = SolveParams { stop, seed: 11, threads, ..SolveParams::default() };
        assert_eq!(solve(problem, &params).plan, solve(problem, &params).plan, "{name}, {threads} threads");
    }
}

#[test]
fn fifty_problems_are_solved_the_same_way_twice() {
    let mut count = 0;
    for (name, mix) in classes() {
        for seed in 0..4 {
            let tree = problem(mix, 25).new_tree(&mut runner(seed)).expect("the generator rejects nothing");
            same_twice(&tree.current(), name);
            count += 1;
        }
    }
    for seed in 0..4 {
        let tree = problem(classes()[1].1, 25).new_tree(&mut runner(40 + seed)).expect("nothing is rejected");
        let mut builder = tree.current().to_builder();
        builder.add_goal(Goal::ranked(Measure::Vehicles));
        same_twice(&builder.build().expect("a goal spoils nothing"), "vehicles first");
        count += 1;
    }
    for seed in 0..10 {
        same_twice(&day_problem(Features(u32::MAX >> 12), 15, seed), "day");
        count += 1;
    }
    assert_eq!(count, 50);
}
