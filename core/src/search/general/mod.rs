//! The search for general problems: whatever has disposal sites, breaks, driver rules, relations, several vehicle types or
//! depots, shipments, groups, prizes, releases.
//!
//! A route is a sequence of explicit elements: stops, disposal visits, reloads, breaks and rests. One exact step leads from an
//! element to the next (`state`); what the rest of a route asks of whatever comes before is kept at each gap (`route`), so that
//! an insertion is priced in constant time (`price`). Prices rank; an exact pass from the change on decides. Halts are placed
//! anew over a given order of stops by a small label programme (`halts`), only on routes that an iteration has changed.

mod element;
mod exchange;
mod halts;
mod insert;
mod layout;
mod load;
mod moves;
mod price;
mod relations;
mod route;
mod ruin;
mod solution;
mod speed;
mod state;
#[cfg(test)]
mod tests;
mod tune;
mod value;

pub(crate) use layout::{Layout, is_general};
pub(crate) use value::Value;

use crate::plan::{Activity, RouteStops};
use crate::search::data::NONE;
use crate::search::random::Random;
use crate::units::Cost;
use insert::Insert;
use moves::Moves;
use ruin::{Ruin, RuinParams};
use solution::{Snapshot, Solution};
use tune::Tune;
use value::Goals;

/// More than any quantity of a problem, and small enough to be added up.
pub(crate) const UNLIMITED: i64 = i64::MAX / 64;

/// How often a place is overlooked.
const BLINK: f64 = 0.01;
/// How often optional stops are served at a loss, and what the loss may be, in prizes.
const GENEROUS: f64 = 0.3;
const LEAN_GENEROUS: f64 = 0.5;
const GENEROSITY: Cost = 16;
/// What a unit of a ranked measure is worth beside the mean cost of a stop, to choose places by.
const RANKED_UNIT: Cost = 100;
/// How often, where something required is unserved, optional stops are served whatever that costs.
const DESPERATE: f64 = 0.3;
/// How often they are where nothing required is.
const ANY_PRICE: f64 = 0.02;
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
/// How often jobs are inserted by what they are worth.
const BY_WORTH: f64 = 0.5;

pub(crate) fn knob(name: &str, default: f64) -> f64 {
    std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(default)
}

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
    jobs: Vec<u32>,
    keyed: Vec<(i64, u32)>,
    before: Value,
    now: Value,
    changed: Vec<u32>,
    /// Whether vehicles empty on the way, and how often whole trips are moved then.
    has_trips: bool,
    trip_moves: f64,
    /// Whether a vehicle less may pay.
    closes: bool,
    full_halts: usize,
    /// What a ranked measure of time is worth beside cost, to choose places by.
    unit: Cost,
}

impl<'a> GeneralSearch<'a> {
    pub(crate) fn new(layout: &'a Layout<'a>, goals: &'a GeneralGoals, random: &mut Random) -> Self {
        let solution = Solution::new(layout, &goals.0);
        let has_sites = layout.vehicles.iter().any(|v| !v.sites.is_empty() || !v.reload.is_empty());
        let starts_matter = layout.has_soft || layout.vehicles.iter().any(|v| !v.speed.flat || !v.breaks.is_empty());
        let (removed, whole_route) = if layout.is_lean {
            lean_ruin(layout)
        } else {
            (knob("MK_REM", 10.0), if has_sites { knob("MK_WHOLE", 0.01) } else { 0.05 })
        };
        let ruin = RuinParams {
            mean_removed: removed,
            longest: removed,
            whole_route,
            trip: if has_sites && !layout.is_lean { knob("MK_TRIP", 0.1) } else { 0.0 },
            sort: if layout.sorts { knob("MK_SORT", 0.1) } else { 0.0 },
            split: 0.5,
        };
        Self {
            solution,
            insert: Insert::new(BLINK, random, layout.lanes()),
            ruin: Ruin::new(ruin),
            moves: Moves::default(),
            tune: Tune::default(),
            tunes: layout.is_tiny && (goals.0.are_of_time() || starts_matter),
            best: Snapshot::default(),
            jobs: Vec::new(),
            keyed: Vec::new(),
            before: Vec::new(),
            now: Vec::new(),
            changed: Vec::new(),
            unit: 1,
            has_trips: has_sites,
            closes: !layout.is_lean && layout.num_stops() > solution::TINY,
            trip_moves: knob("MK_MOVE", TRIP_MOVES),
            full_halts: knob("MK_FULLH", 4.0) as usize,
        }
    }

    /// Takes over what can be taken over of a plan.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        load::load(&mut self.solution, plan);
        self.solution.begin();
    }

    /// Serves what is unserved, as far as that goes, until `cancelled` says so.
    pub(crate) fn construct(&mut self, random: &mut Random, cancelled: &dyn Fn() -> bool) {
        /// How many jobs are inserted between two questions whether to stop.
        const CHUNK: usize = 16;
        /// How often what has found no place is tried again.
        const ROUNDS: usize = 3;
        self.unit = RANKED_UNIT * self.mean_cost().max(1.0) as Cost;
        if self.solution.layout.is_lean {
            self.construct_lean(random, cancelled);
        }
        for round in 0..ROUNDS {
            let left = self.chained();
            if left.is_empty() {
                break;
            }
            for chunk in left.chunks(CHUNK) {
                if cancelled() {
                    break;
                }
                self.jobs.clear();
                self.jobs.extend_from_slice(chunk);
                self.insert.generosity = if round == 0 { GENEROSITY } else { 1 };
                self.keyed.clear();
                for &u in chunk {
                    if self.stands_for_job(u as usize) && self.solution.route_of(u) == NONE {
                        self.keyed.push((0, u));
                    }
                }
                self.insert_keyed(random);
            }
            if std::env::var("MK_DBG").is_ok() {
                self.debug("round");
            }
            self.settle_or_drop();
            if std::env::var("MK_DBG").is_ok() {
                self.debug("settled");
            }
            let all: Vec<u32> = (0..self.solution.routes.len() as u32).collect();
            for &route in &all {
                if cancelled() {
                    break;
                }
                self.solution.replace_halts(route as usize, true);
            }
        }
        self.drop_incomplete();
        self.settle_or_drop();
        if std::env::var("MK_DBG").is_ok() {
            self.debug("constructed");
        }
        self.solution.begin();
        self.unit = RANKED_UNIT * self.mean_cost().max(1.0) as Cost;
        self.keep_best();
        self.close_routes(random, cancelled);
        self.complete(random, cancelled);
    }

    fn debug(&self, what: &str) {
        let s = &self.solution;
        eprintln!(
            "{what}: missing {} unserved {} used {} cost {} at {:?}",
            s.missing,
            s.unserved.items().len(),
            s.num_used,
            s.cost,
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() % 1000000
        );
        let mut why = std::collections::BTreeMap::new();
        for &u in s.unserved.items() {
            let u = u as usize;
            if !s.layout.base.required[u] {
                continue;
            }
            let st = &s.layout.stops[u];
            let allowed: Vec<usize> =
                (0..s.layout.vehicles.len()).filter(|&k| s.layout.base.vehicles[k].allows(u)).collect();
            *why.entry((st.hold, st.early, st.late.min(99999), s.layout.windows(st).len(), format!("{allowed:?}")))
                .or_insert(0) += 1;
        }
        for (k, n) in why {
            eprintln!("   {k:?}: {n}");
        }
        if what == "constructed" {
            for r in s.routes.iter().filter(|r| !r.is_empty()) {
                let l = r.last();
                eprintln!(
                    "  kind {} stops {} trips {} loads {} end {} work {} driving {} waited {} total {:?}",
                    r.kind,
                    l.stops,
                    l.trips,
                    l.loads,
                    l.leave,
                    l.work,
                    l.driving,
                    l.waited,
                    &r.lanes[(r.elements.len() - 1) * s.layout.lanes() + s.layout.lane_total()..][..s.layout.dims]
                );
            }
        }
    }

    /// Makes room for what must be served and found no place: iterations around each such stop, as many as are worth it.
    fn complete(&mut self, random: &mut Random, cancelled: &dyn Fn() -> bool) {
        /// Up to this many stops, the iterations themselves do it as fast.
        const FEW: usize = 100;
        /// How many iterations there are for each missing stop, and at most.
        const EACH: i64 = 40;
        const MOST: i64 = 1_000;
        let data = self.solution.layout.base;
        if data.num_stops() <= FEW {
            return;
        }
        let temperature = self.mean_cost().max(1.0);
        for _ in 0..(EACH * self.solution.missing).min(MOST) {
            let off = self.solution.unserved.items();
            if self.solution.missing == 0 || off.is_empty() || cancelled() {
                break;
            }
            let from = random.below(off.len());
            let missing = off[from..].iter().chain(&off[..from]).find(|&&u| data.is_required_job(u as usize));
            let around = missing.map(|&u| u as usize);
            self.iterate_around(random, temperature, around);
        }
        self.solution.begin();
    }

    /// Takes everything off a route, one with few stops rather than many, and serves it by the other vehicles in use.
    fn close_route(&mut self, random: &mut Random) {
        let routes = &self.solution.routes;
        let open: Vec<usize> = (0..routes.len()).filter(|&r| !routes[r].is_empty() && routes[r].fixed <= 1).collect();
        if open.len() < 2 {
            return;
        }
        let (a, b) = (open[random.below(open.len())], open[random.below(open.len())]);
        let route = if routes[a].num_stops() <= routes[b].num_stops() { a } else { b };
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.clear();
        jobs.extend(routes[route].stops());
        self.ruin.complete_and_take(&mut self.solution, &mut jobs);
        self.jobs = jobs;
        let limit = std::mem::replace(&mut self.solution.limit, self.solution.num_used);
        self.recreate(random);
        self.reunite(random);
        self.drop_incomplete();
        self.solution.limit = limit;
    }

    /// Closes routes of the first plan for as long as that makes it better.
    fn close_routes(&mut self, random: &mut Random, cancelled: &dyn Fn() -> bool) {
        /// How many attempts may fail in a row.
        const FAILURES: usize = 6;
        let mut failures = 0;
        while self.closes && failures < FAILURES && !cancelled() {
            self.solution.begin();
            let mut before = std::mem::take(&mut self.before);
            self.solution.value(&mut before);
            self.close_route(random);
            let feasible = self.settle_or_drop() && !self.solution.overfills();
            self.solution.value(&mut self.now);
            if feasible && self.now < before {
                self.keep_best();
            } else {
                self.solution.rollback();
                failures += 1;
            }
            self.before = before;
        }
        self.solution.begin();
    }

    /// Begins anew with another solution.
    pub(crate) fn start_again(&mut self, random: &mut Random) {
        for route in 0..self.solution.routes.len() {
            let mut order = Vec::new();
            self.solution.free_order(route, &mut order);
            if !order.is_empty() {
                self.solution.take_out(route, &order);
            }
        }
        // What is left of a route that has begun needs an exact start, too.
        self.solution.settle();
        self.solution.begin();
        self.construct(random, &|| false);
    }

    /// Serves whatever can be served at any price, in a random order: a chunk of near stops would fill the same few routes
    /// first.
    fn construct_lean(&mut self, random: &mut Random, cancelled: &dyn Fn() -> bool) {
        /// How many jobs are inserted between two questions whether to stop.
        const CHUNK: usize = 64;
        /// More than any route costs, in prizes of one.
        const ANY_PRICE: Cost = 1 << 20;
        let mut left: Vec<u32> = self.solution.unserved.items().to_vec();
        for i in (1..left.len()).rev() {
            left.swap(i, random.below(i + 1));
        }
        for chunk in left.chunks(CHUNK) {
            if cancelled() {
                return;
            }
            self.jobs.clear();
            self.jobs.extend_from_slice(chunk);
            self.recreate_with(random, Some(ANY_PRICE));
        }
    }

    /// Unserved jobs as chains of near neighbours of one hold, farthest from the depot first.
    fn chained(&self) -> Vec<u32> {
        let layout = self.solution.layout;
        let data = layout.base;
        let depot = data.vehicles[0].start_point as usize;
        let metric = &data.metric;
        let mut left: Vec<u32> = self.solution.unserved.items().to_vec();
        left.retain(|&u| self.stands_for_job(u as usize));
        let mut waiting = vec![false; data.num_stops()];
        for &u in &left {
            waiting[u as usize] = true;
        }
        left.sort_by_key(|&u| (std::cmp::Reverse(metric.distance(0, depot, u as usize)), u));
        let mut chain = Vec::with_capacity(left.len());
        for &first in &left {
            let mut at = first as usize;
            while waiting[at] {
                waiting[at] = false;
                chain.push(at as u32);
                let hold = layout.stops[at].hold;
                let near = data.neighbours.near(at).iter().map(|&v| v as usize).filter(|&v| waiting[v]);
                let next = near.clone().find(|&v| layout.stops[v].hold == hold).or_else(|| near.clone().next());
                let Some(next) = next else { break };
                at = next;
            }
        }
        // What must be served first has the choice of places, and among that what few vehicles may serve.
        let fleet = || data.vehicles.iter();
        let able = |u: u32| fleet().filter(|v| v.allows(u as usize)).map(|v| v.count).sum::<usize>();
        chain.sort_by_cached_key(|&u| (std::cmp::Reverse(self.insert.worth(&self.solution, u as usize)), able(u)));
        chain
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

    /// One iteration: ruin, recreate, improve; then the result is kept or undone. Returns whether it is a new best.
    pub(crate) fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        self.iterate_around(random, temperature, None)
    }

    /// One iteration, around a given stop.
    fn iterate_around(&mut self, random: &mut Random, temperature: f64, around: Option<usize>) -> bool {
        self.solution.begin();
        let mut before = std::mem::take(&mut self.before);
        self.solution.value(&mut before);
        let moves_trip = around.is_none() && self.has_trips && random.unit() < self.trip_moves;
        let closes = around.is_none() && !moves_trip && self.closes && random.unit() < knob("MK_CLOSE", CLOSE);
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
        let mut feasible = self.settle_or_drop();
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
            self.full_halts
        }
    }

    fn keep_best(&mut self) -> bool {
        self.solution.value(&mut self.now);
        if !self.best.value.is_empty() && self.now >= self.best.value {
            return false;
        }
        let mut best = std::mem::take(&mut self.best);
        self.solution.snapshot(&mut best);
        self.best = best;
        true
    }

    /// Adds unserved stops to those about to be inserted: near the ruin, and some from anywhere.
    fn add_unserved(&mut self, random: &mut Random, centre: usize) {
        const NEAR: usize = 40;
        const WIDE: usize = 100;
        const OFTEN_WIDE: f64 = 0.2;
        const LEAN_NEAR: usize = 20;
        const LEAN_WIDE: f64 = 0.3;
        const ANYWHERE: usize = 8;
        let off = self.solution.unserved.items();
        if off.len() == self.jobs.len() {
            return;
        }
        let lean = self.solution.layout.is_lean;
        let width = match lean {
            true if !self.solution.layout.base.has_optional => LEAN_NEAR,
            true => {
                if random.unit() < LEAN_WIDE {
                    WIDE
                } else {
                    LEAN_NEAR
                }
            }
            false => {
                if random.unit() < OFTEN_WIDE {
                    WIDE
                } else {
                    NEAR
                }
            }
        };
        let near = self.solution.layout.base.neighbours.near(centre).iter().take(width);
        let mut more: Vec<u32> = near.copied().filter(|&u| self.solution.route_of(u) == NONE).collect();
        more.push(centre as u32);
        if lean && self.solution.missing == 0 {
            // What is optional comes in near the ruin only.
        } else if off.len() <= 2 * ANYWHERE {
            more.extend_from_slice(off);
        } else {
            more.extend((0..ANYWHERE).map(|_| off[random.below(off.len())]));
        }
        for u in more {
            if self.solution.route_of(u) == NONE && !self.jobs.contains(&u) {
                self.jobs.push(u);
            }
        }
    }

    /// Inserts the listed stops greedily, in a random order of some kind.
    fn recreate(&mut self, random: &mut Random) {
        self.recreate_with(random, None);
    }

    /// As [`recreate`](Self::recreate), but where it says so serves what is optional for so many prizes.
    fn recreate_with(&mut self, random: &mut Random, generosity: Option<Cost>) {
        let layout = self.solution.layout;
        let base = layout.base;
        let order = if layout.is_lean {
            lean_order(random, layout.timed)
        } else {
            random.below(if layout.timed { 14 } else { 10 })
        };
        let depot = base.vehicles[0].start_point as usize;
        let generous = if layout.is_lean { LEAN_GENEROUS } else { GENEROUS };
        self.insert.generosity = if base.has_optional && random.unit() < generous { GENEROSITY } else { 1 };
        if let Some(generosity) = generosity {
            self.insert.generosity = generosity;
        }
        self.choose_vehicles(random);
        let mut keyed = std::mem::take(&mut self.keyed);
        keyed.clear();
        // What must be served may need what is optional, such as a linehaul before it.
        let desperate = if self.solution.lacks_ranked() { DESPERATE } else { ANY_PRICE };
        self.insert.any_price = base.has_optional && random.unit() < desperate;
        let stands_for_others = layout.is_restricted || !layout.problem.shipments().is_empty();
        for &u in &self.jobs {
            let u = u as usize;
            if self.solution.route_of(u as u32) != NONE {
                continue;
            }
            let u = self.representative(u);
            if !self.stands_for_job(u) || stands_for_others && keyed.iter().any(|&(_, v)| v == u as u32) {
                continue;
            }
            let stop = &layout.stops[u];
            let (early, late) = (stop.early, stop.late.min(stop.soft_late));
            let key = match order {
                0..4 => (random.bits() >> 1) as i64,
                4..7 => -(0..layout.dims).map(|d| layout.amount(u, d)).sum::<i64>(),
                7..9 => -i64::from(base.metric.distance(0, depot, u)),
                9 => i64::from(base.metric.distance(0, depot, u)),
                10 | 11 => late - early,
                12 => early,
                _ => -late,
            };
            keyed.push((key, u as u32));
        }
        keyed.sort_unstable();
        let by_worth = (base.has_optional && !layout.is_lean) || layout.highest_class > 0;
        if by_worth && random.unit() < BY_WORTH {
            keyed.sort_by_key(|&(_, u)| {
                let ranked = u8::MAX - layout.class[u as usize];
                (!base.required[u as usize], ranked, std::cmp::Reverse(self.insert.worth(&self.solution, u as usize)))
            });
        }
        self.keyed = keyed;
        self.insert_keyed(random);
        if !layout.is_lean && self.insert.generosity > 1 || self.insert.any_price {
            let jobs = std::mem::take(&mut self.jobs);
            Moves::drop_unpaid(&mut self.solution, &jobs);
            self.jobs = jobs;
        }
    }

    /// Decides whether this time larger vehicles may take routes over, and whether the first job opens a route.
    fn choose_vehicles(&mut self, random: &mut Random) {
        /// How often larger vehicles may take routes over.
        const UPGRADES: f64 = 0.2;
        /// How often the first job opens a route of some type: one that pays only for several stops never pays for the first.
        const OPENINGS: f64 = 0.05;
        /// The same where what is optional is served at a loss: a new route pays only once it is full of prizes.
        const GENEROUS_OPENINGS: f64 = 0.6;
        /// The same for tiny problems, whatever they have.
        const TINY_OPENINGS: f64 = 0.1;
        let layout = self.solution.layout;
        let kinds = layout.vehicles.len();
        if !layout.is_lean {
            self.insert.opening = (layout.is_tiny && random.unit() < TINY_OPENINGS).then(|| random.below(kinds));
            return;
        }
        self.insert.upgrades = kinds > 1 && self.solution.goals.is_empty() && random.unit() < UPGRADES;
        let often = match self.insert.generosity {
            GENEROSITY => GENEROUS_OPENINGS,
            _ if layout.timed == (kinds < 2) => OPENINGS,
            _ if layout.is_tiny => TINY_OPENINGS,
            _ => 0.0,
        };
        self.insert.opening = (random.unit() < often).then(|| random.below(kinds));
    }

    /// Inserts the jobs in the order that was found.
    fn insert_keyed(&mut self, random: &mut Random) {
        let keyed = std::mem::take(&mut self.keyed);
        for &(_, u) in &keyed {
            if self.solution.route_of(u) != NONE {
                continue;
            }
            let solution = &self.solution;
            if solution.limit < usize::MAX && solution.goals.count_vehicles_only() {
                // The limit says how many vehicles there are.
                self.insert.goals.clear();
            } else {
                solution.goals.prices(solution.layout, &solution.routes, self.unit, &mut self.insert.goals);
            }
            let u = u as usize;
            let limit = self.insert.worth(&self.solution, u);
            let set = self.solution.layout.relations.set_of[u];
            if set == NONE
                || self.solution.layout.relations.all_or_none[set as usize].len()
                    == self.solution.layout.relations.chain(u).count()
            {
                self.insert.run(&mut self.solution, random, u, limit);
            } else {
                self.insert_set(random, set as usize, limit);
            }
        }
        self.keyed = keyed;
    }

    /// Where a required stop found no place beside those that must be on its route: all of them together are tried on other
    /// routes.
    fn reunite(&mut self, random: &mut Random) {
        /// How many routes are tried.
        const ROUTES: usize = 6;
        let relations = &self.solution.layout.relations;
        let lost = |u: &&u32| {
            self.solution.route_of(**u) == NONE
                && !self.solution.is_group_served(**u as usize)
                && !relations.same_route[**u as usize].is_empty()
                && self.insert.worth(&self.solution, **u as usize) >= UNLIMITED / 8
        };
        let Some(&first) = self.jobs.iter().find(lost) else { return };
        let mut group = vec![first];
        let mut at = 0;
        while at < group.len() {
            for &v in &relations.same_route[group[at] as usize] {
                if !group.contains(&v) {
                    group.push(v);
                }
            }
            at += 1;
        }
        let free = |&u: &u32| {
            let (route, position) = self.solution.place[u as usize];
            route != NONE && position as usize >= self.solution.routes[route as usize].fixed
        };
        let mut out: Vec<u32> = group.iter().copied().filter(free).collect();
        self.ruin.take(&mut self.solution, &mut out);
        let solution = &self.solution;
        let used = (0..solution.routes.len()).filter(|&route| !solution.routes[route].is_empty());
        let unused = (0..solution.layout.vehicles.len()).filter_map(|kind| solution.unused(kind));
        let mut routes: Vec<usize> = used.chain(unused).collect();
        for i in (1..routes.len()).rev() {
            routes.swap(i, random.below(i + 1));
        }
        for only in routes.into_iter().take(ROUTES).map(Some).chain([None]) {
            self.insert.only = only;
            for i in (1..group.len()).rev() {
                group.swap(i, random.below(i + 1));
            }
            let jobs = group.iter().filter(|&&u| self.stands_for_job(u as usize)).map(|&u| (0, u));
            self.keyed = jobs.collect();
            self.insert_keyed(random);
            let served = |u: &u32| self.solution.route_of(*u) != NONE;
            if only.is_none() || group.iter().all(served) {
                break;
            }
            let mut out: Vec<u32> = group.iter().copied().filter(|u| served(u)).collect();
            out.retain(|&u| {
                self.solution.place[u as usize].1 as usize
                    >= self.solution.routes[self.solution.route_of(u) as usize].fixed
            });
            self.ruin.take(&mut self.solution, &mut out);
        }
        self.insert.only = None;
        for u in group {
            if !self.jobs.contains(&u) {
                self.jobs.push(u);
            }
        }
    }

    /// Serves all of a set of stops, or none.
    fn insert_set(&mut self, random: &mut Random, set: usize, limit: Cost) {
        let relations = &self.solution.layout.relations;
        let mut spent = 0;
        let mut served: Vec<u32> = Vec::new();
        let mut order = relations.all_or_none[set].clone();
        for i in (1..order.len()).rev() {
            order.swap(i, random.below(i + 1));
        }
        for &u in &order {
            if !relations.leads(u as usize) || self.solution.route_of(u) != NONE {
                continue;
            }
            match self.insert.run(&mut self.solution, random, u as usize, limit.saturating_sub(spent)) {
                Some(cost) => {
                    spent += cost;
                    served.extend(relations.chain(u as usize).map(|v| v as u32));
                }
                None => break,
            }
        }
        let complete = relations.all_or_none[set].iter().all(|&u| self.solution.route_of(u) != NONE);
        if !complete || spent >= limit {
            self.ruin.take(&mut self.solution, &mut served);
        }
    }

    /// The stop by which a job is inserted.
    fn representative(&self, u: usize) -> usize {
        let layout = self.solution.layout;
        let base = layout.base;
        if base.partner[u] != NONE {
            return if base.is_pickup(u) { u } else { base.partner[u] as usize };
        }
        let set = layout.relations.set_of[u];
        if set == NONE {
            let group = base.group[u];
            let alone = |&v: &usize| layout.relations.set_of[v] == NONE;
            let members = if group == NONE { &[][..] } else { &base.members[group as usize][..] };
            return members.iter().map(|&v| v as usize).find(alone).unwrap_or(u);
        }
        let all = &layout.relations.all_or_none[set as usize];
        let waits = |&v: &usize| layout.relations.leads(v) && self.solution.route_of(v as u32) == NONE;
        all.iter().map(|&v| v as usize).find(waits).unwrap_or(u)
    }

    /// Whether an unserved stop is what its job is inserted by.
    fn stands_for_job(&self, u: usize) -> bool {
        let base = self.solution.layout.base;
        if base.partner[u] != NONE {
            return base.is_pickup(u);
        }
        self.representative(u) == u
            && !self.solution.is_group_served(u)
            && !self.solution.layout.relations.impossible[u]
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

    /// What it costs to serve, by a vehicle of the type, the unserved job that an activity belongs to; `None`: it cannot be
    /// done without changing more of the plan.
    pub(crate) fn cheapest_insertion(&mut self, activity: Activity, kind: usize) -> Option<Cost> {
        let u = self.solution.layout.base.node_of().get(activity);
        if u == NONE || self.solution.route_of(u) != NONE {
            return None;
        }
        self.insert.cheapest(&mut self.solution, u as usize, kind)
    }

    /// What a route's stop costs on average, vehicles and disposal left out.
    pub(crate) fn mean_cost(&self) -> f64 {
        let used = self.solution.routes.iter().filter(|route| !route.is_empty());
        let cost = used.map(|route| {
            let fixed = self.solution.layout.vehicles[route.kind].fixed_cost;
            (route.cost - fixed - route.last().fees) as f64
        });
        let served = self.solution.place.len() - self.solution.unserved.items().len();
        cost.sum::<f64>() / served.max(1) as f64
    }

    /// Goes back to the best solution.
    pub(crate) fn restore_best(&mut self) {
        if !self.best.value.is_empty() {
            let best = std::mem::take(&mut self.best);
            self.solution.restore(&best);
            self.best = best;
        }
    }

    pub(crate) fn best_value(&self) -> &Value {
        &self.best.value
    }

    pub(crate) fn best_missing(&self) -> usize {
        self.best.value.first().map_or(0, |&missing| missing as usize)
    }

    pub(crate) fn num_used(&self) -> usize {
        self.solution.num_used
    }

    /// Required jobs unserved.
    pub(crate) fn missing(&self) -> usize {
        self.solution.missing.max(0) as usize
    }

    /// Routes in use in the best solution.
    pub(crate) fn best_used(&self) -> usize {
        self.best.num_used()
    }

    /// Sets how many routes may be in use.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.solution.limit = limit;
    }

    /// Takes all stops out of the route that has the fewest, of those that may be empty.
    pub(crate) fn drop_smallest(&mut self) {
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

    /// Whether routes have nothing but stops and reloads.
    pub(crate) fn is_lean(&self) -> bool {
        self.solution.layout.is_lean
    }

    /// The routes of the best solution.
    pub(crate) fn best_routes(&mut self) -> Vec<RouteStops> {
        self.restore_best();
        load::unload(&self.solution)
    }
}

/// In which order jobs are inserted, as [`GeneralSearch::recreate`] counts orders.
fn lean_order(random: &mut Random, timed: bool) -> usize {
    match random.below(if timed { 17 } else { 11 }) {
        0..4 => 0,
        4..8 => 4,
        8..10 => 7,
        10 => 9,
        11..13 => 10,
        13..15 => 12,
        _ => 13,
    }
}

/// How much is removed, and how often a whole route, on routes of nothing but stops and reloads.
fn lean_ruin(layout: &Layout<'_>) -> (f64, f64) {
    /// Stops up to which more is removed at once.
    const SMALL: usize = 300;
    let removed = if layout.num_stops() <= SMALL && !layout.timed { 15.0 } else { 10.0 };
    let whole_route = match (layout.timed, layout.vehicles.len()) {
        (true, _) => 0.05,
        // A route that is built anew may get another vehicle.
        (false, 2..) => 0.1,
        _ => 0.0,
    };
    (removed, whole_route)
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
