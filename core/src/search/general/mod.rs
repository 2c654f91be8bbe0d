//! The search for general problems: whatever has disposal sites, breaks, driver rules, relations, several vehicle types or
//! depots, shipments, groups, prizes, releases.
//!
//! A route is a sequence of explicit elements: stops and halts, that is disposal visits, reloads, breaks and rests. One exact step
//! leads from an element to the next (`route/step.rs`); what the rest of a route asks of whatever comes before is kept at each
//! gap (`route/backward.rs`), so that an insertion is priced in constant time (`price`). Prices rank; an exact pass from the change
//! on decides. Halts are placed anew over a given order of stops by a small label programme (`halts`), only on routes that an
//! iteration has changed.
//!
//! Imports go one way: `layout`, `route`, `goals` and `price`, `halts`, `solution`, then the operators (`insert`, `moves`, `schedules`,
//! `ruin`), then what an iteration consists of (`visit_pattern`, `recreate`, `reunite`, `close`, `construct`, `iteration`).

mod close;
mod construct;
mod goals;
mod halts;
mod insert;
mod iteration;
mod layout;
mod limits;
mod load;
mod moves;
mod price;
mod recreate;
mod reunite;
mod route;
mod ruin;
mod schedules;
mod solution;
#[cfg(test)]
mod tests;
mod visit_pattern;

pub(crate) use goals::Value;
pub(crate) use insert::Wanted;
pub(crate) use layout::{Layout, is_general};

use crate::plan::{Activity, RouteStops};
use crate::search::block::Block;
use crate::search::data::NONE;
use crate::search::general::goals::Goals;
use crate::search::general::insert::Insert;
use crate::search::general::moves::Moves;
use crate::search::general::ruin::Ruin;
use crate::search::general::schedules::ScheduleChoice;
use crate::search::general::solution::{Snapshot, Solution};
use crate::search::interrupt::Interrupt;
use crate::search::random::Random;
use crate::search::ruin_size::RuinParams;
use crate::search::{Divisible, Measures, Searcher};
use crate::units::Cost;

/// How often a position is skipped.
const BLINK: f64 = 0.01;

/// The goals of a problem, as walks share them.
pub(crate) struct GeneralGoals(Goals);

impl GeneralGoals {
    pub(crate) fn new(layout: &Layout<'_>) -> Self {
        Self(Goals::new(layout))
    }
}

/// One walk's state.
pub(crate) struct GeneralSearch<'a> {
    solution: Solution<'a>,
    insert: Insert,
    ruin: Ruin,
    moves: Moves,
    schedule_choice: ScheduleChoice,
    /// Whether schedules of all routes are chosen together.
    chooses_schedules: bool,
    best: Snapshot,
    /// The best solution since one was last set aside, and those that were.
    local: Snapshot,
    aside: Vec<Snapshot>,
    jobs: Vec<u32>,
    keyed: Vec<(i64, u32)>,
    before: Value,
    now: Value,
    changed: Vec<u32>,
    /// Whether vehicles empty on their routes.
    has_trips: bool,
    /// Whether closing a route may pay.
    closes: bool,
    /// The weight of a unit of a ranked measure against cost, in insertion.
    unit: Cost,
}

impl<'a> GeneralSearch<'a> {
    pub(crate) fn new(layout: &'a Layout<'a>, goals: &'a GeneralGoals, random: &mut Random) -> Self {
        let solution = Solution::new(layout, &goals.0);
        let has_sites = layout.vehicles.iter().any(|v| !v.sites.is_empty() || !v.reload.is_empty());
        let starts_matter = layout.has_soft || layout.vehicles.iter().any(|v| !v.speed.flat || !v.breaks.is_empty());
        let sort = if layout.sorts { 0.1 } else { 0.0 };
        let ruin = if layout.is_lean {
            RuinParams::of_stops(layout.base)
        } else if has_sites {
            RuinParams { removed: 10.0, removed_from_short: 10.0, whole_route: 0.01, trip: 0.1, sort }
        } else {
            RuinParams { removed: 10.0, removed_from_short: 10.0, whole_route: 0.05, trip: 0.0, sort }
        };
        Self {
            solution,
            insert: Insert::new(BLINK, random, layout.resources()),
            ruin: Ruin::new(ruin),
            moves: Moves::default(),
            schedule_choice: ScheduleChoice::default(),
            chooses_schedules: layout.is_tiny && (goals.0.are_of_time() || starts_matter),
            best: Snapshot::default(),
            local: Snapshot::default(),
            aside: Vec::new(),
            jobs: Vec::new(),
            keyed: Vec::new(),
            before: Vec::new(),
            now: Vec::new(),
            changed: Vec::new(),
            unit: 1,
            has_trips: has_sites,
            closes: !layout.is_lean && layout.num_stops() > limits::MAX_TINY_STOPS,
        }
    }

    /// Makes the search end as soon as `interrupt` says so.
    pub(crate) fn until(mut self, interrupt: Interrupt<'a>) -> Self {
        self.solution.interrupt = interrupt;
        self
    }

    fn is_interrupted(&self) -> bool {
        (self.solution.interrupt)()
    }

    /// Takes over what can be taken over of a plan.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        load::load(&mut self.solution, plan);
        self.solution.begin();
    }

    /// Serves unserved jobs one after the other, each where that costs least, by a vehicle of the given type or of any, and
    /// returns the routes; afterwards all is as it was before. `None`: one cannot be served without changing more of the plan.
    pub(crate) fn serve(&mut self, jobs: &[(Activity, Option<usize>)], wanted: Wanted) -> Option<Vec<RouteStops>> {
        self.solution.begin();
        let node_of = self.solution.layout.base.node_of();
        // No place is skipped.
        let mut insert = Insert::new(0.0, &mut Random::new(0), self.solution.layout.resources());
        let served = jobs.iter().all(|&(activity, vehicle_type)| {
            let u = node_of.get(activity);
            u != NONE
                && self.solution.route_of(u) == NONE
                && insert.serve(&mut self.solution, u as usize, vehicle_type, wanted)
        });
        let routes = served.then(|| load::unload(&self.solution));
        self.solution.rollback();
        routes
    }
}

impl Searcher for GeneralSearch<'_> {
    fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        self.iterate_around(random, temperature, None)
    }

    fn restore_best(&mut self) {
        if !self.best.value.is_empty() {
            let best = std::mem::take(&mut self.best);
            self.solution.restore(&best);
            self.best = best;
        }
    }

    fn start_again(&mut self, random: &mut Random) {
        let mut order = Vec::new();
        for route in 0..self.solution.routes.len() {
            self.solution.free_order(route, &mut order);
            if !order.is_empty() {
                self.solution.take_out(route, &order);
            }
        }
        // What is left of a route that has begun needs an exact start, too.
        self.solution.choose_starts();
        self.solution.begin();
        self.construct(random);
    }

    fn set_aside(&mut self) {
        self.aside.push(std::mem::take(&mut self.local));
    }

    fn resume(&mut self, last: usize) {
        self.aside.drain(..self.aside.len().saturating_sub(last));
        let best = (0..self.aside.len()).min_by(|&a, &b| self.aside[a].value.cmp(&self.aside[b].value));
        if let Some(best) = best {
            let best = self.aside.remove(best);
            self.solution.restore(&best);
            self.keep_best();
        }
    }

    fn current(&self) -> Measures {
        let missing = self.solution.missing.max(0) as usize;
        Measures { missing, used: self.solution.num_used, cost: self.solution.cost }
    }

    fn best(&self) -> Measures {
        let value = &self.best.value;
        let missing = value.first().map_or(0, |&missing| missing as usize);
        Measures { missing, used: self.best.num_used(), cost: value.last().copied().unwrap_or(0) }
    }

    fn best_value(&self) -> Vec<i64> {
        self.best.value.clone()
    }

    fn best_routes(&mut self) -> Vec<RouteStops> {
        self.restore_best();
        load::unload(&self.solution)
    }

    /// Without disposal fees.
    fn mean_cost(&self) -> f64 {
        let used = self.solution.routes.iter().filter(|route| !route.is_empty());
        let cost = used.map(|route| {
            let fixed = self.solution.layout.vehicles[route.vehicle_type].fixed_cost;
            (route.cost - fixed - route.last().fees) as f64
        });
        let served = self.solution.num_own() - self.solution.unserved.items().len();
        cost.sum::<f64>() / served.max(1) as f64
    }

    fn set_limit(&mut self, limit: usize) {
        self.solution.limit = limit;
    }

    fn drop_smallest(&mut self) {
        let routes = &self.solution.routes;
        let used = (0..routes.len()).filter(|&r| !routes[r].is_empty() && routes[r].fixed <= 1);
        if let Some(route) = used.min_by_key(|&r| routes[r].num_stops()) {
            let mut stops = routes[route].stops().collect();
            self.ruin.complete_and_take(&mut self.solution, &mut stops);
            self.drop_incomplete();
            self.choose_starts_or_drop();
            self.solution.begin();
        }
    }
}

impl Divisible for GeneralSearch<'_> {
    fn enter(&mut self, block: &Block) {
        let mut solution = Solution::new(self.solution.layout, self.solution.goals);
        solution.interrupt = self.solution.interrupt;
        solution.restrict(block);
        load::load(&mut solution, &block.routes);
        solution.keep_unused(&block.unused);
        self.solution = solution;
        self.jobs.clear();
        self.choose_starts_or_drop();
        self.solution.begin();
        self.best = Snapshot::default();
        self.local = Snapshot::default();
        self.keep_best();
    }

    fn current_routes(&self) -> Vec<RouteStops> {
        load::unload(&self.solution)
    }
}
