//! One annealed walk.

use super::*;
use crate::algorithm::settings::Class;
use crate::algorithm::termination::Termination;
use crate::algorithm::walk::{self, Outcome, Start};
use crate::algorithm::{SolveParams, StopReason};
use crate::model::Backhauls;
use crate::search::data::Data;

/// What a walk makes of the script, and the script afterwards.
fn walked(problem: &Problem, class: Class, stop: Stop, script: Script) -> (Outcome, Script) {
    walked_until(problem, class, stop, script, f64::INFINITY)
}

fn walked_until(problem: &Problem, class: Class, stop: Stop, mut script: Script, until: f64) -> (Outcome, Script) {
    let data = Data::new(problem);
    let shared = shared(stop);
    let params = SolveParams { stop, ..SolveParams::default() };
    let mut random = Random::new(1);
    let mut termination = Termination::new(&shared, 1, None);
    let start = Start { class, data: &data, params: &params, until, watched: None };
    let outcome = walk::run(Borrowed(&mut script), start, &mut random, &mut termination);
    (outcome, script)
}

/// The script, so that it can be asked after the walk.
struct Borrowed<'a>(&'a mut Script);

impl Searcher for Borrowed<'_> {
    fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        self.0.iterate(random, temperature)
    }

    fn restore_best(&mut self) {
        self.0.restore_best();
    }

    fn start_again(&mut self, random: &mut Random) {
        self.0.start_again(random);
    }

    fn set_aside(&mut self) {
        self.0.set_aside();
    }

    fn resume(&mut self, last: usize) {
        self.0.resume(last);
    }

    fn join_population(&mut self) {
        self.0.join_population();
    }

    fn start_anew(&mut self, random: &mut Random) {
        self.0.start_anew(random);
    }

    fn recombine(&mut self, random: &mut Random) {
        self.0.recombine(random);
    }

    fn current(&self) -> Measures {
        self.0.current()
    }

    fn best(&self) -> Measures {
        self.0.best()
    }

    fn best_value(&self) -> Vec<i64> {
        self.0.best_value()
    }

    fn best_routes(&mut self) -> Vec<RouteStops> {
        self.0.best_routes()
    }

    fn mean_cost(&self) -> f64 {
        self.0.mean_cost()
    }

    fn set_limit(&mut self, limit: usize) {
        self.0.set_limit(limit);
    }

    fn drop_smallest(&mut self) {
        self.0.drop_smallest();
    }
}

#[test]
fn it_does_as_many_iterations_as_it_may() {
    let script = Script { improves_until: 30, ..Script::default() };
    let (outcome, script) = walked(&problem(false), Class::Classical, Stop::after_iterations(1_000), script);
    assert_eq!((script.iterations, outcome.iterations, outcome.stopped), (1_000, 1_000, StopReason::MaxIterations));
    assert_eq!((outcome.best.cost, &outcome.value[..]), (970, &[970][..]));
    let (first, last) = (script.temperatures[0], script.temperatures[999]);
    assert!(last < first / 5.0, "{first} {last}");
    assert!(script.temperatures.windows(2).all(|pair| pair[1] <= pair[0]), "one cycle only cools");
}

#[test]
fn it_ends_where_nothing_improves() {
    let script = Script { improves_until: 30, ..Script::default() };
    let stop = Stop::after_iterations(1_000).or_no_improvement(50);
    let (outcome, script) = walked(&problem(false), Class::Stops, stop, script);
    assert_eq!((script.iterations, outcome.stopped), (80, StopReason::NoImprovement));
}

#[test]
fn each_cycle_begins_with_the_best_solution() {
    let (_, script) = walked(&problem(false), Class::Classical, Stop::after_iterations(20_000), Script::default());
    let rises = script.temperatures.windows(2).filter(|pair| pair[1] > pair[0]).count();
    assert!(rises > 0);
    assert_eq!(script.restored, rises);
}

#[test]
fn solutions_are_recombined_where_there_is_work_enough() {
    let (_, script) = walked(&problem(false), Class::Classical, Stop::after_iterations(40_000), Script::default());
    assert_eq!((script.generations, script.starts, script.restored), ([34, 5, 29], 0, 0));
    let rises = script.temperatures.windows(2).filter(|pair| pair[1] > pair[0]).count();
    assert_eq!(rises, 34, "each walk cools, and the next one begins hotter");
    let coolest = script.temperatures.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(script.temperatures[39_999] < 1.2 * coolest, "the last walk ends with the budget");
    let (_, script) = walked(&problem(false), Class::Fleet, Stop::after_iterations(31_000), Script::default());
    assert_eq!(script.generations, [0; 3]);
    let (_, script) = walked(&problem(false), Class::Fleet, Stop::after_iterations(40_000), Script::default());
    assert_eq!(script.generations, [34, 5, 29]);
    let (_, script) = walked(&problem(false), Class::Stops, Stop::after_iterations(400_000), Script::default());
    assert_eq!(script.generations, [0; 3]);
    let stop = Stop::after_iterations(40_000).or_no_improvement(40_000);
    let (_, script) = walked(&problem(false), Class::Classical, stop, Script::default());
    assert_eq!(script.generations, [0; 3], "new walks go long without an improvement");
}

#[test]
fn recombining_takes_more_work_where_moves_are_forbidden() {
    for (windows, class) in [(true, Class::Classical), (true, Class::Fleet), (false, Class::Classical)] {
        let mut b = Problem::builder();
        let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        for x in 1..=40 {
            let client = Client::at(Coord::new(f64::from(x), 0.0));
            let client = if x > 30 && !windows { client.pickup([1]) } else { client.delivery([1]) };
            b.add_client(if windows { client.time_window(0, 100 + i64::from(x)) } else { client });
        }
        if !windows {
            b.backhauls(Backhauls::AfterLinehauls);
        }
        b.add_vehicle_type(VehicleType::new(8).capacity([40]).depot(yard));
        let problem = b.build().expect("a valid problem");
        // Ten stops to a route of the first solution, but for windows: more than several numbers of vehicles are tried for.
        let walked = |iterations, used| {
            let best = Some(Measures { used, ..START });
            let script = Script { best, current: best, ..Script::default() };
            walked(&problem, class, Stop::after_iterations(iterations), script).1
        };
        assert_eq!(walked(40 * 7_000 - 1, 2).generations, [0; 3]);
        assert_eq!(walked(40 * 7_000, 2).generations, [34, 5, 29]);
        if windows && class == Class::Classical {
            let script = walked(40 * 7_000, 4);
            assert_eq!((script.generations, script.starts), ([0; 3], 4), "short routes: several numbers of vehicles");
        }
    }
}

#[test]
fn a_child_may_end_the_search() {
    let script = Script { child_cost: Some(700), ..Script::default() };
    let stop = Stop::after_iterations(40_000).or_target_cost(700);
    let (outcome, script) = walked(&problem(false), Class::Classical, stop, script);
    assert_eq!((outcome.stopped, outcome.best.cost), (StopReason::TargetCost, 700));
    assert_eq!(script.generations, [6, 5, 1], "the first child has it");
}

#[test]
fn several_starts_come_first_where_there_is_work_enough() {
    let (_, script) = walked(&problem(false), Class::Halts, Stop::after_iterations(4_000), Script::default());
    assert_eq!((script.starts, script.set_aside), (5, 8));
    let (_, script) = walked(&problem(false), Class::Halts, Stop::after_iterations(40), Script::default());
    assert_eq!((script.starts, script.set_aside), (0, 0));
}

#[test]
fn it_ends_before_the_longest_walk_where_blocks_take_over() {
    let stop = Stop::after_iterations(4_000);
    let (outcome, script) = walked_until(&problem(false), Class::Halts, stop, Script::default(), 0.5);
    assert_eq!((outcome.iterations, script.starts, script.set_aside), (2_000, 5, 7));
}

#[test]
fn vehicles_go_first_where_that_is_asked() {
    let (_, script) = walked(&problem(true), Class::Classical, Stop::after_iterations(1_000), Script::default());
    assert!(script.dropped > 0);
    assert_eq!(script.limits.last(), Some(&4), "in the end, those of the best solution may be used");
}
