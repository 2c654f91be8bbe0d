//! What a walk asks of a search, whatever the class of problem.

use crate::plan::RouteStops;
use crate::search::block::Block;
use crate::search::random::Random;
use crate::units::Cost;

/// What a solution is measured by from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measures {
    /// Required jobs unserved.
    pub(crate) missing: usize,
    /// Routes in use.
    pub(crate) used: usize,
    pub(crate) cost: Cost,
}

/// A working solution that is changed in place, and the best solution so far.
pub(crate) trait Searcher {
    /// One iteration: ruin, recreate, improve; then the result is kept or undone. Returns whether it is a new best.
    fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool;

    /// Goes back to the best solution.
    fn restore_best(&mut self);

    /// Begins anew with another solution, where the class of problem gains by that; else goes back to the best one.
    fn start_again(&mut self, _random: &mut Random) {
        self.restore_best();
    }

    /// Sets aside the best solution since this was last done.
    fn set_aside(&mut self) {}

    /// Goes on from the best of the `last` solutions that were set aside, which is then no longer one of them.
    fn resume(&mut self, _last: usize) {
        self.restore_best();
    }

    /// Takes the best solution since it was last begun anew into the population, where the class of problem has one.
    fn join_population(&mut self) {}

    /// Begins anew with a first solution unlike the others.
    fn start_anew(&mut self, _random: &mut Random) {
        self.restore_best();
    }

    /// Begins anew with a child of two solutions of the population.
    fn recombine(&mut self, _random: &mut Random) {
        self.restore_best();
    }

    /// Takes a vehicle away where the present start is to have fewer and all required jobs are served. Whether it still has too many.
    fn take_vehicle_away(&mut self) -> bool {
        false
    }

    /// How many routes may be in use.
    fn limit(&self) -> usize {
        usize::MAX
    }

    /// The working solution.
    fn current(&self) -> Measures;

    /// The best solution.
    fn best(&self) -> Measures;

    /// What the best solution is compared by, most important first.
    fn best_value(&self) -> Vec<i64>;

    /// The routes of the best solution.
    fn best_routes(&mut self) -> Vec<RouteStops>;

    /// What a stop costs on average, without the fixed costs of vehicles.
    fn mean_cost(&self) -> f64;

    /// Sets how many routes may be in use.
    fn set_limit(&mut self, limit: usize);

    /// Takes all stops out of the route that has the fewest.
    fn drop_smallest(&mut self);
}

/// A search that can work on a part of a solution.
pub(crate) trait Divisible: Searcher {
    /// Goes on with a part of a solution, which is its best one from here on; what is in no part of it is not there.
    fn enter(&mut self, block: &Block);

    /// The routes of the working solution.
    fn current_routes(&self) -> Vec<RouteStops>;
}
