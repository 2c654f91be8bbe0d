//! The drivers, on a search that only counts what it is asked.

mod cooling;
mod fleet_minimisation;
mod run;
mod termination;
mod walk;

use std::time::Instant;

use crate::algorithm::termination::Shared;
use crate::algorithm::{CancelToken, Stop};
use crate::model::{Client, Coord, Depot, Goal, Measure, Problem, VehicleType};
use crate::plan::RouteStops;
use crate::search::random::Random;
use crate::search::{Measures, Searcher};

/// A search whose solution becomes cheaper with each iteration, and which notes what happens to it.
#[derive(Default)]
struct Script {
    iterations: u64,
    temperatures: Vec<f64>,
    restored: usize,
    starts: usize,
    set_aside: usize,
    /// Solutions that joined the population, first solutions after the first, and children.
    generations: [usize; 3],
    /// What each child costs, if it is to be better than what was found before.
    child_cost: Option<i64>,
    resumed: Vec<usize>,
    limits: Vec<usize>,
    dropped: usize,
    current: Option<Measures>,
    best: Option<Measures>,
    /// Iterations that bring a better solution.
    improves_until: u64,
}

const START: Measures = Measures { missing: 0, used: 4, cost: 1_000 };

impl Searcher for Script {
    fn iterate(&mut self, _random: &mut Random, temperature: f64) -> bool {
        self.iterations += 1;
        self.temperatures.push(temperature);
        let is_better = self.iterations <= self.improves_until;
        if is_better {
            let cost = START.cost - self.iterations as i64;
            self.best = Some(Measures { cost, ..self.best() });
            self.current = self.best;
        }
        is_better
    }

    fn restore_best(&mut self) {
        self.restored += 1;
    }

    fn start_again(&mut self, _random: &mut Random) {
        self.starts += 1;
    }

    fn set_aside(&mut self) {
        self.set_aside += 1;
    }

    fn resume(&mut self, last: usize) {
        self.resumed.push(last);
    }

    fn join_population(&mut self) {
        self.generations[0] += 1;
    }

    fn start_anew(&mut self, _random: &mut Random) {
        self.generations[1] += 1;
    }

    fn recombine(&mut self, _random: &mut Random) {
        self.generations[2] += 1;
        self.best = self.child_cost.map(|cost| Measures { cost, ..START }).or(self.best);
    }

    fn current(&self) -> Measures {
        self.current.unwrap_or(START)
    }

    fn best(&self) -> Measures {
        self.best.unwrap_or(START)
    }

    fn best_value(&self) -> Vec<i64> {
        vec![self.best().cost]
    }

    fn best_routes(&mut self) -> Vec<RouteStops> {
        Vec::new()
    }

    fn mean_cost(&self) -> f64 {
        10.0
    }

    fn set_limit(&mut self, limit: usize) {
        self.limits.push(limit);
    }

    fn drop_smallest(&mut self) {
        self.dropped += 1;
    }
}

/// Eight clients that fill two vehicles; fewer vehicles first, where that is asked.
fn problem(vehicles_first: bool) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for x in 1..=8 {
        b.add_client(Client::at(Coord::new(f64::from(x), 0.0)).delivery([1]));
    }
    b.add_vehicle_type(VehicleType::new(8).capacity([4]).depot(yard));
    if vehicles_first {
        b.add_goal(Goal::ranked(Measure::Vehicles));
    }
    b.build().expect("a valid problem")
}

fn shared(stop: Stop) -> Shared {
    Shared::new(Instant::now(), stop, CancelToken::new())
}
