//! Which walks recombine what they find together.

use std::sync::Arc;

use super::*;
use crate::algorithm::SolveParams;
use crate::algorithm::run::Run;
use crate::plan::Plan;
use crate::search::data::Data;
use crate::search::interrupt::NEVER;

/// Asks a run of `solve` on so many threads and cores.
fn run<R>(problem: &Problem, params: &SolveParams, [threads, cores]: [usize; 2], ask: impl FnOnce(&Run<'_>) -> R) -> R {
    let data = Data::new(problem);
    let shared = shared(params.stop);
    let (general, population) = (None, Arc::default());
    ask(&Run { data: &data, general, params, interrupt: NEVER, shared: &shared, threads, cores, population })
}

/// Two hundred clients in four directions from the yard, ten to a vehicle.
fn town(windows: bool) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(50.0, 50.0)));
    for i in 0..200 {
        let client = Client::at(Coord::new(f64::from(i * 37 % 101), f64::from(i * 61 % 103))).delivery([1]);
        b.add_client(if windows { client.time_window(0, 400 + i64::from(i)) } else { client });
    }
    b.add_vehicle_type(VehicleType::new(30).capacity([10]).depot(yard));
    b.build().expect("a valid problem")
}

#[test]
fn walks_with_a_core_each_and_a_limit_of_time_alone_share_a_population() {
    let two = [2, 2];
    let seconds = |seconds: f64| SolveParams { stop: Stop::after_secs(seconds), ..SolveParams::default() };
    let shares =
        |problem: &Problem, params: &SolveParams, at| run(problem, params, at, |run: &Run<'_>| run.shares_population());
    let town = town(false);
    assert!(
        shares(&town, &seconds(10.0), two) && shares(&town, &SolveParams::default(), two),
        "ten seconds, said or not"
    );
    assert!(shares(&town, &seconds(10.0), [3, 4]));
    assert!(!shares(&town, &seconds(10.0), [1, 2]), "one walk has its own");
    assert!(!shares(&town, &seconds(10.0), [4, 2]), "walks that wait for each other get less done than the clock says");
    assert!(!shares(&town, &seconds(5.0), two), "too little work");
    let ten = seconds(10.0).stop;
    let limited = [
        Stop { max_iterations: Some(1_000_000_000), ..ten },
        ten.or_no_improvement(1_000_000_000),
        Stop::default().or_target_cost(1),
    ];
    for stop in limited {
        assert!(!shares(&town, &SolveParams { stop, ..SolveParams::default() }, two), "{stop:?}");
    }
    let initial = Some(Plan::of_known(&town, Vec::new()));
    assert!(!shares(&town, &SolveParams { initial, ..seconds(10.0) }, two), "a plan to begin with");
    assert!(!shares(&self::town(true), &seconds(100.0), two), "several numbers of vehicles may be tried");
    assert!(!shares(&problem(true), &seconds(10.0), two), "fewer vehicles first");
    assert!(shares(&problem(false), &seconds(10.0), two));
    let target = SolveParams { stop: seconds(10.0).stop.or_target_cost(1), ..SolveParams::default() };
    assert!(shares(&town, &target, two), "a walk may reach a target before the time is up");
}

#[test]
fn both_walks_hold_one_population() {
    let params = SolveParams { stop: Stop::after_secs(2.0), ..SolveParams::default() };
    let small = problem(false);
    let ((outcomes, threads), most, members) = run(&small, &params, [2, 2], |run| {
        let mut most = 0;
        let found = run.all(&mut |_| most = most.max(Arc::strong_count(&run.population)), false);
        (found, most, run.population.len())
    });
    assert_eq!((outcomes.len(), threads, most), (2, 2, 3));
    assert!(members > 0, "what they have found is in it");
    let alone = run(&small, &SolveParams { stop: Stop::after_iterations(50_000), ..params }, [1, 2], |run| {
        run.all(&mut |_| {}, false);
        run.population.len()
    });
    assert_eq!(alone, 0, "a single walk has its own");
}
