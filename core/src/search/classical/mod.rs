//! The search for the classical problems: routes of nothing but stops, each from a depot and back to it, one load dimension in one
//! direction or backhauls after linehauls, no limits but capacity, time windows, durations and which vehicles may serve what; what is optional may stay
//! unserved for its prize.
//!
//! Routes are doubly linked lists of small nodes, so that an evaluation touches few cache lines. What evaluations need of windows and of
//! differences between vehicles is resolved at compile time ([`Class`]).

mod class;
mod construct;
mod eject;
mod fleets;
mod found;
mod local_search;
mod operators;
mod population;
mod recreate;
mod routes;
mod ruin;

#[cfg(feature = "internals")]
pub(crate) mod bench;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::plan::RouteStops;
use crate::search::block::Block;
use crate::search::data::Data;
use crate::search::interrupt::{Interrupt, NEVER};
use crate::search::random::Random;
use crate::search::ruin_size::RuinParams;
use crate::search::{Divisible, Measures, Searcher};
pub(crate) use class::{
    Capacity, CapacityWithBackhauls, Class, Fleet, FleetWithBackhauls, TimedFleet, TimedFleetWithBackhauls, Windows,
};
use construct::construct;
use fleets::Fleets;
use found::Found;
use local_search::LocalSearch;
pub(crate) use population::Population;
use recreate::Recreate;
use routes::Routes;
use ruin::{Ruin, clear};

/// Iterations between two rises of the penalties of required stops that stay unserved.
const RAISE_EVERY: u64 = 256;
/// Candidates that cost at most so many temperatures more than the current solution are improved by local search.
const MAX_EXCESS_IMPROVED: f64 = 10.0;
/// How often the first stop opens a route although another place is cheaper, where time matters, and where vehicles differ alone.
const OPENING_IN_TIME: f64 = 0.1;
const OPENING_OF_FLEETS: f64 = 0.05;
/// The same where backhauls may need a route that linehauls alone do not.
const OPENING_FOR_BACKHAULS: f64 = 0.02;
/// How often routes exchange vehicles with others.
const EXCHANGE_VEHICLES: f64 = 1.0 / 16.0;
/// Iterations between two checks of the bookkeeping (debug builds).
#[cfg(debug_assertions)]
const VERIFY_EVERY: u64 = 32;

/// One walk's state.
pub(crate) struct ClassicalSearch<'a, C: Class> {
    routes: Routes<'a, C>,
    ruin: Ruin,
    recreate: Recreate,
    local_search: LocalSearch,
    jobs: Vec<u32>,
    iterations: u64,
    fleets: Fleets,
    /// Solutions to be recombined, which several walks may share.
    population: Arc<Population>,
    /// The best solution of all walks before the present one.
    best_before: Option<Found>,
    interrupt: Interrupt<'a>,
}

fn opening<C: Class>() -> f64 {
    match (C::TIMED, C::FLEET) {
        (true, _) => OPENING_IN_TIME,
        (false, true) => OPENING_OF_FLEETS,
        (false, false) if C::ORDERED => OPENING_FOR_BACKHAULS,
        (false, false) => 0.0,
    }
}

impl<'a, C: Class> ClassicalSearch<'a, C> {
    pub(crate) fn new(data: &'a Data<'a>, random: &mut Random) -> Self {
        let routes = Routes::new(data);
        Self {
            ruin: Ruin::new(RuinParams::of_stops(data), routes.info.len()),
            routes,
            recreate: Recreate::new(opening::<C>(), random),
            local_search: LocalSearch::new(data.num_stops()),
            jobs: Vec::new(),
            iterations: 0,
            fleets: Fleets::default(),
            population: Arc::default(),
            best_before: None,
            interrupt: NEVER,
        }
    }

    /// Completes first solutions by appending only, once interrupted.
    pub(crate) fn until(self, interrupt: Interrupt<'a>) -> Self {
        Self { interrupt, ..self }
    }

    /// Recombines what is found with what the other walks of this population find.
    pub(crate) fn share(self, population: Arc<Population>) -> Self {
        Self { population, ..self }
    }

    /// What the best solution of the present walk is compared by: without penalties, which rise from walk to walk.
    fn value(&self) -> Vec<i64> {
        let best = self.routes.best();
        let used = if self.routes.data.vehicles_first { best.used } else { 0 };
        let penalties = if best.missing > 0 { self.routes.best_penalties() } else { 0 };
        vec![best.missing as i64, used as i64, best.cost - penalties]
    }

    /// Takes over what can be taken over of a plan.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        self.routes.load(plan);
    }

    /// Serves what can be served.
    pub(crate) fn construct(&mut self, random: &mut Random) {
        construct(&mut self.routes, &mut self.recreate, random, self.interrupt);
    }

    /// Adds stops that no route visits to those about to be inserted: near the ruin, and any that must be served.
    fn add_unserved(&mut self, centre: usize, random: &mut Random) {
        /// How many of the ruin's neighbours may come in: now and then enough for a route of their own.
        const NEAR: usize = 20;
        const WIDE: usize = 100;
        const OFTEN_WIDE: f64 = 0.3;
        /// How many of those that must be served may come in from anywhere.
        const REQUIRED: usize = 8;
        let (routes, jobs) = (&self.routes, &mut self.jobs);
        let known = jobs.len();
        if routes.unserved().len() == known {
            return;
        }
        let data = routes.data;
        let width = if data.has_optional && random.unit() < OFTEN_WIDE { WIDE } else { NEAR };
        for &u in data.neighbours.near(centre).iter().take(width).chain(&[centre as u32]) {
            if routes.is_unserved(u as usize) && !jobs[..known].contains(&u) {
                jobs.push(u);
            }
        }
        let off = routes.unserved();
        for _ in 0..REQUIRED.min(off.len()) {
            let u = off[random.below(off.len())];
            if data.required[u as usize] && !jobs.contains(&u) {
                jobs.push(u);
            }
        }
    }
}

impl<C: Class> Searcher for ClassicalSearch<'_, C> {
    fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        self.routes.begin();
        let before = self.routes.cost as f64;
        self.recreate.backhauls_wait = self.routes.has_waiting_backhaul();
        let centre = self.ruin.run(&mut self.routes, random, &mut self.jobs);
        self.add_unserved(centre, random);
        let routes = &mut self.routes;
        self.recreate.run(routes, random, &self.jobs);
        self.jobs.extend_from_slice(self.recreate.ejected());
        if !routes.is_out_of_order() && routes.cost as f64 <= before + MAX_EXCESS_IMPROVED * temperature {
            self.local_search.change_vehicles(routes);
            self.local_search.run(routes, &self.jobs);
            if C::FLEET && random.unit() < EXCHANGE_VEHICLES {
                self.local_search.exchange_vehicles(routes);
            }
            if routes.is_best() {
                self.local_search.intensify(routes, &self.jobs);
            }
        }
        let mut is_best = false;
        if routes.is_out_of_order() || routes.cost as f64 >= before + temperature * random.exponential() {
            routes.rollback();
        } else {
            is_best = routes.commit() && self.is_best_of_all();
        }
        self.iterations += 1;
        #[cfg(debug_assertions)]
        if self.iterations.is_multiple_of(VERIFY_EVERY) {
            self.routes.verify();
        }
        if self.iterations.is_multiple_of(RAISE_EVERY) {
            self.routes.increase_penalties();
        }
        is_best
    }

    fn restore_best(&mut self) {
        self.routes.restore_best();
    }

    fn start_again(&mut self, _random: &mut Random) {
        self.try_next_fleet();
    }

    fn set_aside(&mut self) {
        self.set_fleet_aside();
    }

    fn resume(&mut self, last: usize) {
        self.resume_fleet(last);
    }

    fn join_population(&mut self) {
        self.add_to_population();
    }

    fn start_anew(&mut self, random: &mut Random) {
        self.begin_differently(random);
    }

    fn recombine(&mut self, random: &mut Random) {
        self.begin_with_child(random);
    }

    fn take_vehicle_away(&mut self) -> bool {
        self.approach_fleet()
    }

    fn limit(&self) -> usize {
        self.routes.limit
    }

    fn current(&self) -> Measures {
        Measures { missing: self.routes.missing, used: self.routes.num_used(), cost: self.routes.cost }
    }

    fn best(&self) -> Measures {
        self.better_before().map_or_else(|| self.routes.best(), |found| found.measures)
    }

    fn best_value(&self) -> Vec<i64> {
        self.better_before().map_or_else(|| self.value(), |found| found.value.clone())
    }

    fn best_routes(&mut self) -> Vec<RouteStops> {
        self.better_before().map_or_else(|| self.routes.best_routes(), |found| found.routes.clone())
    }

    fn mean_cost(&self) -> f64 {
        self.routes.travel_cost() as f64 / self.routes.served().max(1) as f64
    }

    fn set_limit(&mut self, limit: usize) {
        self.routes.limit = limit;
    }

    fn drop_smallest(&mut self) {
        let routes = &mut self.routes;
        let used = (0..routes.info.len()).filter(|&r| routes.info[r].size > 0);
        if let Some(route) = used.min_by_key(|&r| routes.info[r].size) {
            routes.begin();
            clear(routes, route, &mut Vec::new());
            routes.commit();
        }
    }
}

impl<C: Class> Divisible for ClassicalSearch<'_, C> {
    fn enter(&mut self, block: &Block) {
        // What stops of other blocks are worth stays as it was.
        let penalty = std::mem::take(&mut self.routes.penalty);
        self.routes = Routes::of_block(self.routes.data, block, penalty);
        self.routes.load(&block.routes);
        self.fleets = Fleets::default();
        self.best_before = None;
    }

    fn current_routes(&self) -> Vec<RouteStops> {
        self.routes.current_routes()
    }
}
