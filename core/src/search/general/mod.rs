//! The search for general problems: whatever has disposal sites, breaks, driver rules, relations, several vehicle types or
//! depots, shipments, groups, prizes, releases.
//!
//! A route is a sequence of explicit elements: stops, disposal visits, reloads, breaks and rests. One exact step leads from an
//! element to the next (`state`); what the rest of a route asks of whatever comes before is kept at each gap (`route`), so that
//! an insertion is priced in constant time (`price`). Prices rank; an exact pass from the change on decides. Halts are placed
//! anew over a given order of stops by a small label programme (`halts`), only on routes that an iteration has changed.

mod close;
mod construct;
mod element;
mod exchange;
mod fits;
mod halts;
mod insert;
mod layout;
mod load;
mod moves;
mod price;
mod recreate;
mod relations;
mod relocate;
mod route;
mod ruin;
mod solution;
mod speed;
mod state;
#[cfg(test)]
mod tests;
mod trips;
mod tune;
mod value;
mod vehicles;

pub(crate) use layout::{Layout, is_general};
pub(crate) use value::Value;

use crate::plan::{Activity, RouteStops};
use crate::search::data::NONE;
use crate::search::interrupt::Interrupt;
use crate::search::random::Random;
use crate::search::strings::RuinParams;
use crate::search::{Measures, Searcher};
use crate::units::Cost;
use insert::Insert;
use moves::Moves;
use ruin::Ruin;
use solution::{Snapshot, Solution};
use tune::Tune;
use value::Goals;

/// More than any quantity of a problem, and small enough to be added up.
pub(crate) const UNLIMITED: i64 = i64::MAX / 64;

/// What serving a required job is worth: more than any cost.
pub(crate) const REQUIRED_WORTH: Cost = UNLIMITED / 8;

/// How often a place is overlooked.
const BLINK: f64 = 0.01;
/// Candidates that cost at most so many temperatures more than the current solution are worth improving.
const WORTH_IMPROVING: f64 = 10.0;
/// Of so many changed routes of nothing but stops and reloads, one has its reloads placed anew.
const LEAN_HALTS: usize = 8;
/// Of so many changed routes that empty no more often than they must, one has its halts placed anew.
const FULL_HALTS: usize = 4;
/// How often a vehicle loses all its work to others.
const CLOSE: f64 = 0.004;
/// How often whole trips are moved where vehicles empty on the way.
const TRIP_MOVES: f64 = 0.03;

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
    tune: Tune,
    /// Whether the starts of routes are chosen with care.
    tunes: bool,
    best: Snapshot,
    /// The best since solutions were last set aside, and those that were.
    local: Snapshot,
    aside: Vec<Snapshot>,
    jobs: Vec<u32>,
    keyed: Vec<(i64, u32)>,
    before: Value,
    now: Value,
    changed: Vec<u32>,
    /// Whether vehicles empty on the way.
    has_trips: bool,
    /// Whether a vehicle less may pay.
    closes: bool,
    /// What a ranked measure of time is worth beside cost, to choose places by.
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
            RuinParams { removed: 10.0, whole_route: 0.01, trip: 0.1, sort }
        } else {
            RuinParams { removed: 10.0, whole_route: 0.05, trip: 0.0, sort }
        };
        Self {
            solution,
            insert: Insert::new(BLINK, random, layout.lanes()),
            ruin: Ruin::new(ruin),
            moves: Moves::default(),
            tune: Tune::default(),
            tunes: layout.is_tiny && (goals.0.are_of_time() || starts_matter),
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
            closes: !layout.is_lean && layout.num_stops() > solution::TINY,
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

    /// Finds exact starts, and takes stops out of routes that turn out infeasible until they no longer are. Whether that was
    /// possible.
    fn settle_or_drop(&mut self) -> bool {
        /// How many stops may go.
        const MOST: usize = 400;
        let mut order = Vec::new();
        for _ in 0..MOST {
            let Some(route) = self.solution.settle() else { return true };
            self.solution.free_order(route, &mut order);
            // What came last goes first.
            let Some(&last) = self.jobs.iter().rev().find(|u| order.contains(u)).or(order.last()) else { return false };
            let mut out = self.together(last);
            self.ruin.take(&mut self.solution, &mut out);
        }
        self.solution.settle().is_none()
    }

    /// What goes together with a stop: the other end of its shipment, or all of its set that may go.
    fn together(&self, u: u32) -> Vec<u32> {
        let layout = self.solution.layout;
        let partner = layout.base.partner[u as usize];
        if partner != NONE {
            return vec![u, partner];
        }
        let set = layout.relations.set_of[u as usize];
        if set == NONE {
            return vec![u];
        }
        let free = |&v: &u32| {
            let (route, position) = self.solution.place[v as usize];
            route != NONE && position as usize >= self.solution.routes[route as usize].fixed
        };
        layout.relations.all_or_none[set as usize].iter().copied().filter(free).collect()
    }

    /// One iteration, around a given stop.
    fn iterate_around(&mut self, random: &mut Random, temperature: f64, around: Option<usize>) -> bool {
        self.solution.begin();
        let mut before = std::mem::take(&mut self.before);
        self.solution.value(&mut before);
        let moves_trip = around.is_none() && self.has_trips && random.unit() < TRIP_MOVES;
        let closes = around.is_none() && !moves_trip && self.closes && random.unit() < CLOSE;
        if closes {
            self.close_route(random);
        } else if moves_trip {
            self.jobs.clear();
            let excess = (WORTH_IMPROVING * temperature) as Cost;
            if !self.moves.move_trip(&mut self.solution, random, excess) {
                self.solution.rollback();
                self.before = before;
                return false;
            }
        } else {
            let mut jobs = std::mem::take(&mut self.jobs);
            let centre = self.ruin.run(&mut self.solution, random, around, &mut jobs);
            self.jobs = jobs;
            self.add_unserved(random, centre);
            self.recreate(random);
            self.reunite(random);
            self.drop_incomplete();
        }
        // What was interrupted is not complete, and not worth any more work.
        let mut feasible = !self.is_interrupted() && self.settle_or_drop();
        if feasible {
            self.solution.value(&mut self.now);
            if worse_by(&self.now, &before).is_none_or(|excess| excess < WORTH_IMPROVING * temperature) {
                self.improve(random);
                feasible = self.solution.settle().is_none();
                if feasible && self.tunes && self.is_worth_tuning() {
                    self.tune.run(&mut self.solution);
                }
                self.solution.value(&mut self.now);
            }
        }
        let threshold = temperature * random.exponential();
        let accepted = feasible
            && !self.solution.overfills()
            && worse_by(&self.now, &before).is_none_or(|excess| excess < threshold);
        self.before = before;
        if !accepted {
            self.solution.rollback();
            return false;
        }
        #[cfg(debug_assertions)]
        self.solution.verify();
        self.keep_best()
    }

    /// Whether the solution is close to the best one in cost, where cost alone decides between versions of routes.
    fn is_worth_tuning(&mut self) -> bool {
        if self.solution.goals.are_of_time() || self.best.value.is_empty() {
            return true;
        }
        self.solution.value(&mut self.now);
        let near = self.best.value.last().map_or(0, |cost| cost / 8);
        worse_by(&self.now, &self.best.value).is_none_or(|excess| excess <= near as f64)
    }

    /// Improves the routes that have changed.
    fn improve(&mut self, random: &mut Random) {
        self.solution.changed(&mut self.changed);
        let mut changed = std::mem::take(&mut self.changed);
        for &route in &changed {
            let all = random.below(self.halts_every(route as usize)) == 0;
            if all || !self.solution.layout.is_lean {
                self.solution.replace_halts(route as usize, all);
            }
        }
        self.moves.change_vehicles(&mut self.solution, &changed);
        let jobs = std::mem::take(&mut self.jobs);
        self.moves.run(&mut self.solution, &jobs);
        self.jobs = jobs;
        if random.below(16) == 0 {
            self.solution.changed(&mut changed);
            self.moves.swap_vehicles(&mut self.solution, &changed);
        }
        self.changed = changed;
    }

    /// Of how many times a changed route has its halts placed anew once: always where it empties more often than it must.
    fn halts_every(&self, route: usize) -> usize {
        let layout = self.solution.layout;
        let own = &self.solution.routes[route];
        if layout.is_lean {
            LEAN_HALTS
        } else if layout.is_tiny || layout.spare_emptyings(own) {
            1
        } else {
            FULL_HALTS
        }
    }

    fn keep_best(&mut self) -> bool {
        self.solution.value(&mut self.now);
        if self.local.value.is_empty() || self.now < self.local.value {
            self.solution.snapshot(&mut self.local);
        }
        if !self.best.value.is_empty() && self.now >= self.best.value {
            return false;
        }
        let mut best = std::mem::take(&mut self.best);
        self.solution.snapshot(&mut best);
        self.best = best;
        true
    }

    /// Takes out those of a set that are served where others of it are not.
    fn drop_incomplete(&mut self) {
        let relations = &self.solution.layout.relations;
        for set in &relations.all_or_none {
            let served: Vec<u32> = set.iter().copied().filter(|&u| self.solution.route_of(u) != NONE).collect();
            if !served.is_empty() && served.len() < set.len() {
                let free = |u: &u32| {
                    let (route, position) = self.solution.place[*u as usize];
                    position as usize >= self.solution.routes[route as usize].fixed
                };
                let mut out: Vec<u32> = served.into_iter().filter(free).collect();
                self.ruin.take(&mut self.solution, &mut out);
            }
        }
    }

    /// Serves unserved jobs one after the other, each where that costs least, by a vehicle of the given type or of any, and
    /// returns the routes; afterwards all is as it was before. `None`: one cannot be served without changing more of the plan.
    pub(crate) fn serve(&mut self, jobs: &[(Activity, Option<usize>)]) -> Option<Vec<RouteStops>> {
        self.solution.begin();
        let node_of = self.solution.layout.base.node_of();
        let served = jobs.iter().all(|&(activity, kind)| {
            let u = node_of.get(activity);
            u != NONE && self.solution.route_of(u) == NONE && self.insert.serve(&mut self.solution, u as usize, kind)
        });
        let routes = served.then(|| load::unload(&self.solution));
        self.solution.rollback();
        routes
    }

    /// Whether routes have nothing but stops and reloads.
    pub(crate) fn is_lean(&self) -> bool {
        self.solution.layout.is_lean
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
        self.solution.settle();
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

    /// Disposal is left out, too.
    fn mean_cost(&self) -> f64 {
        let used = self.solution.routes.iter().filter(|route| !route.is_empty());
        let cost = used.map(|route| {
            let fixed = self.solution.layout.vehicles[route.kind].fixed_cost;
            (route.cost - fixed - route.last().fees) as f64
        });
        let served = self.solution.place.len() - self.solution.unserved.items().len();
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
            self.settle_or_drop();
            self.solution.begin();
        }
    }
}

/// By how much one value is worse than another in cost alone; `None`: it is no worse. Worse in anything that ranks above cost
/// is infinitely worse, but for measures that change little by little.
fn worse_by(now: &Value, before: &Value) -> Option<f64> {
    let n = now.len();
    for i in 0..n {
        if now[i] == before[i] {
            continue;
        }
        if now[i] < before[i] {
            return None;
        }
        return Some(if i + 1 == n { (now[i] - before[i]) as f64 } else { f64::INFINITY });
    }
    Some(0.0)
}
