//! The same problem, parameters and seed give the same plan, whatever the number of threads: fifty small problems of all classes, and
//! larger ones that are searched in blocks.

use crate::random_collections;
use crate::support;

use milkrun::{
    Break, Client, Coord, Depot, DisposalSite, Goal, Measure, Problem, SolveParams, Stop, VehicleType, solve,
};
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
    let stop = Stop::after_iterations(400);
    let params = |threads| SolveParams { stop, seed: 11, threads, ..SolveParams::default() };
    assert_eq!(solve(problem, &params(1)).plan, solve(problem, &params(2)).plan, "{name}");
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

/// With so many iterations for each client, what several walks find is recombined.
#[test]
fn recombination_does_not_depend_on_threads() {
    for name in ["CVRP", "VRPTW", "MDVRPTW", "HFVRP", "VRPB"] {
        let mix = classes().into_iter().find(|&(class, _)| class == name).map(|(_, mix)| mix).expect("a class above");
        let problem = problem(mix, 8).new_tree(&mut runner(3)).expect("nothing is rejected").current();
        let stop = Stop::after_iterations(7_500 * problem.num_stops() as u64);
        let params = |threads| SolveParams { stop, seed: 3, threads, ..SolveParams::default() };
        let (one, four) = (solve(&problem, &params(1)), solve(&problem, &params(4)));
        assert_eq!((&one.plan, one.iterations), (&four.plan, four.iterations), "{name}");
        let report = milkrun::plan::check::check(&problem, one.plan.route_stops());
        assert_eq!((report.cost(), report.is_feasible()), (one.plan.cost(), one.plan.is_feasible()), "{name}");
    }
}

/// Larger problems are cut into blocks, which any number of threads search to the same end; the judge finds what the search does.
#[test]
fn blocks_do_not_depend_on_threads() {
    let p = Mix::PLAIN;
    let mixes = [
        ("CVRP", p),
        ("VRPTW", Mix { windows: true, ..p }),
        ("PCVRPTW", Mix { windows: true, prizes: true, ..p }),
        ("MDVRPTW", Mix { windows: true, durations: true, fleet: true, ..p }),
        ("VRPB", Mix { backhauls: true, ..p }),
        ("MTVRPTWR", Mix { windows: true, reloads: true, ..p }),
        ("PDPTW", Mix { windows: true, shipments: true, ..p }),
    ];
    let mut problems: Vec<(&str, Problem)> = mixes
        .into_iter()
        .map(|(name, mix)| (name, problem(mix, 600).new_tree(&mut runner(9)).expect("nothing is rejected").current()))
        .collect();
    problems.push(("day", hauler_day(500)));
    for (name, problem) in &problems {
        let answer = |threads| {
            let stop = Stop::after_iterations(3_000);
            solve(problem, &SolveParams { stop, seed: 5, threads, ..SolveParams::default() })
        };
        let one = answer(1);
        let report = milkrun::plan::check::check(problem, one.plan.route_stops());
        assert_eq!((report.cost(), report.is_feasible()), (one.plan.cost(), one.plan.is_feasible()), "{name}");
        for threads in [2, 4, 8] {
            let more = answer(threads);
            assert!(more.threads > 1, "{name} is cut into blocks: {} routes", one.plan.routes().len());
            assert_eq!((&more.plan, more.iterations), (&one.plan, one.iterations), "{name}, {threads} threads");
        }
    }
}

/// Bins, lunch breaks and a landfill.
fn hauler_day(bins: usize) -> Problem {
    let mut builder = Problem::builder();
    let yard = builder.add_depot(Depot::at(Coord::new(500.0, 500.0)));
    let landfill = builder.add_disposal_site(DisposalSite::at(Coord::new(900.0, 100.0)).service(600));
    for i in 0..bins {
        let (x, y) = ((i * 7_919 % 1_009) as f64, (i * 104_729 % 1_013) as f64);
        builder.add_client(Client::at(Coord::new(x, y)).pickup([5 + i as i64 % 20]).service(60 + i as i64 % 90));
    }
    let lunch = Break::new(14_400, 21_600, 1_800);
    let truck = VehicleType::new(40).capacity([250]).depot(yard).shift(0, 32_400).disposal_sites([landfill]);
    builder.add_vehicle_type(truck.add_break(lunch));
    builder.build().expect("a valid day")
}
