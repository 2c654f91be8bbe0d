//! The search for problems with a hauler's constraints: disposal sites, breaks, driver rules, several windows, soft windows,
//! speeds that change, limits over the day, ties between clients, priorities and goals.
//!
//! A route is a sequence of stops; where disposal visits, breaks, rests and reloads come in is decided by dynamic programming
//! whenever the sequence is evaluated. The search itself is ruin and recreate under annealing, as for the classical problems
//! (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914), with insertion places ranked by their detour and only the
//! best few of them evaluated in full.

mod data;
mod drive;
mod evaluate;
mod goals;
mod improve;
mod insert;
mod label;
mod ledger;
mod relations;
mod ruin;
mod schedule;
mod solution;

pub(crate) use data::{DayData, is_day};

use crate::plan::{Activity, RouteStops};
use crate::search::data::NONE;
use crate::search::random::Random;
use crate::units::Cost;
use goals::Goals;
use insert::Insert;
use solution::{Snapshot, Solution};

/// Prices of a problem's goals; made once for all walks.
pub(crate) struct DayGoals(Goals);

impl DayGoals {
    pub(crate) fn new(data: &DayData<'_>) -> Self {
        Self(Goals::new(data.base))
    }
}

/// How often a place is overlooked.
const BLINK: f64 = 0.01;
/// How often optional stops are inserted in the order of what leaving them costs.
const BY_PRICE: f64 = 0.3;

/// One walk's state.
pub(crate) struct DaySearch<'a> {
    solution: Solution<'a>,
    insert: Insert,
    best: Snapshot,
    jobs: Vec<u32>,
    keyed: Vec<(i64, u32)>,
}

impl<'a> DaySearch<'a> {
    pub(crate) fn new(data: &'a DayData<'a>, goals: &'a DayGoals, random: &mut Random) -> Self {
        let mut solution = Solution::new(data, &goals.0);
        solution.settle();
        let best = Snapshot { cost: Cost::MAX, missing: usize::MAX, ..Snapshot::default() };
        Self { solution, insert: Insert::new(BLINK, random), best, jobs: Vec::new(), keyed: Vec::new() }
    }

    /// Takes over what can be taken over of a plan.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        let data = self.solution.data;
        let node_of = data.base.node_of();
        for source in plan {
            let kind = source.vehicle_type.index();
            if kind >= data.kinds.len() {
                continue;
            }
            // The route of a vehicle that is under way goes on where it was.
            let begun = self.solution.routes.iter().position(|r| r.kind == kind && !data.kinds[kind].served.is_empty());
            let Some(route) = begun.or_else(|| self.solution.unused(kind)) else { continue };
            let activities = source.trips.iter().flat_map(|trip| &trip.activities);
            let stops: Vec<u32> = activities
                .filter(|activity| activity.is_service())
                .map(|&activity| node_of.get(activity))
                .filter(|&u| u != NONE && [NONE, route as u32].contains(&self.solution.route_of(u)))
                .collect();
            if !stops.starts_with(&data.kinds[kind].served) {
                continue;
            }
            let ties = &data.ties;
            let place = |w: u32| self.solution.route_of(w);
            if ties.in_order(&stops)
                && ties.together(&[(route as u32, &stops)], place)
                && self.solution.within_totals(kind, &stops)
            {
                self.solution.rebuild(route, stops);
            }
        }
        self.solution.settle();
        self.solution.begin();
    }

    /// Serves what is unserved, as far as that goes, until `cancelled` says so.
    pub(crate) fn construct(&mut self, random: &mut Random, cancelled: &dyn Fn() -> bool) {
        /// How many jobs are inserted between two questions whether to stop.
        const CHUNK: usize = 32;
        let mut left = self.solution.unserved.items().to_vec();
        for i in (1..left.len()).rev() {
            left.swap(i, random.below(i + 1));
        }
        let penalty = &self.solution.goals.penalty;
        left.sort_by_key(|&u| std::cmp::Reverse(penalty[u as usize]));
        for chunk in left.chunks(CHUNK) {
            if cancelled() {
                break;
            }
            self.jobs.clear();
            self.jobs.extend_from_slice(chunk);
            self.recreate(random);
        }
        self.unbundle();
        self.solution.settle();
        self.solution.begin();
        self.keep_best();
    }

    /// One iteration: ruin, recreate, improve; then the result is kept or undone. Returns whether it is a new best.
    pub(crate) fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        /// Candidates that cost at most so many temperatures more than the current solution are worth improving.
        const WORTH_IMPROVING: f64 = 10.0;
        self.solution.begin();
        let before = self.solution.cost as f64;
        let mut jobs = std::mem::take(&mut self.jobs);
        let centre = ruin::ruin(&mut self.solution, random, &mut jobs);
        self.jobs = jobs;
        self.add_unserved(random, centre);
        self.recreate(random);
        self.unbundle();
        self.solution.settle();
        if (self.solution.cost as f64) < before + WORTH_IMPROVING * temperature {
            let around = std::mem::take(&mut self.jobs);
            improve::improve(&mut self.solution, random, &around);
            self.jobs = around;
            self.solution.settle();
        }
        if self.solution.cost as f64 >= before + temperature * random.exponential() {
            self.solution.rollback();
            return false;
        }
        self.keep_best()
    }

    fn keep_best(&mut self) -> bool {
        let missing = self.solution.missing();
        if (missing, self.solution.cost) >= (self.best.missing, self.best.cost) {
            return false;
        }
        self.best = self.solution.snapshot();
        true
    }

    /// Adds stops that nobody serves to those about to be inserted: near the ruin, and some from anywhere.
    fn add_unserved(&mut self, random: &mut Random, centre: usize) {
        const NEAR: usize = 40;
        const ANYWHERE: usize = 8;
        let near = self.solution.data.base.neighbours.near(centre).iter().take(NEAR);
        let off = self.solution.unserved.items();
        if off.len() == self.jobs.len() {
            return;
        }
        let mut more: Vec<u32> = near.copied().filter(|&u| self.solution.route_of(u) == NONE).collect();
        more.push(centre as u32);
        more.extend((0..ANYWHERE.min(off.len())).map(|_| off[random.below(off.len())]));
        for u in more {
            if self.solution.route_of(u) == NONE && !self.jobs.contains(&u) {
                self.jobs.push(u);
            }
        }
    }

    /// Inserts the listed stops greedily, in a random order of some kind.
    fn recreate(&mut self, random: &mut Random) {
        let data = self.solution.data;
        let base = data.base;
        let order = random.below(12);
        let by_price = random.unit() < BY_PRICE;
        let depot = base.vehicles[0].start_point as usize;
        let dims = data.dims();
        let mut keyed = std::mem::take(&mut self.keyed);
        keyed.clear();
        for &u in &self.jobs {
            let u = u as usize;
            if self.solution.route_of(u as u32) != NONE || !self.stands_for_job(u) {
                continue;
            }
            let size: i64 = (0..dims).map(|d| self.solution.amount(u, d)).sum();
            let key = match order {
                0..4 => (random.bits() >> 1) as i64,
                4..6 => -size,
                6..8 => -i64::from(base.metric.distance(0, depot, u)),
                8 => i64::from(base.metric.distance(0, depot, u)),
                9 => i64::from(base.late[u]) - i64::from(base.early[u]),
                10 => i64::from(base.early[u]),
                _ => -i64::from(base.late[u]),
            };
            keyed.push((key, u as u32));
        }
        keyed.sort_unstable();
        if by_price {
            keyed.sort_by_key(|&(_, u)| std::cmp::Reverse(self.solution.goals.penalty[u as usize]));
        }
        for &(_, u) in &keyed {
            if self.solution.route_of(u) == NONE {
                self.insert.run(&mut self.solution, random, u as usize);
            }
        }
        self.keyed = keyed;
    }

    /// Whether an unserved stop is what its job is inserted by.
    fn stands_for_job(&self, u: usize) -> bool {
        let base = self.solution.data.base;
        if base.partner[u] != NONE {
            return base.is_pickup(u);
        }
        let group = base.group[u];
        self.solution.data.ties.leads(u)
            && (group == NONE || {
                let members = &base.members[group as usize];
                members[0] == u as u32 && members.iter().all(|&v| self.solution.route_of(v) == NONE)
            })
    }

    /// Takes out those of a bundle that are served where others of it are not.
    fn unbundle(&mut self) {
        let data = self.solution.data;
        for bundle in &data.ties.bundles {
            let served: Vec<u32> = bundle.iter().copied().filter(|&u| self.solution.route_of(u) != NONE).collect();
            if !served.is_empty() && served.len() < bundle.len() {
                let mut out: Vec<u32> = served
                    .into_iter()
                    .filter(|&u| {
                        let (route, position) = self.solution.place[u as usize];
                        position as usize >= self.solution.first_free(route as usize)
                    })
                    .collect();
                ruin::take_out(&mut self.solution, &mut out);
            }
        }
    }

    /// What it costs to serve, by a vehicle of the type, the unserved job that an activity belongs to; `None`: it cannot be
    /// done without changing more of the plan.
    pub(crate) fn cheapest_insertion(&mut self, activity: Activity, kind: usize) -> Option<Cost> {
        let u = self.solution.data.base.node_of().get(activity);
        if u == NONE || self.solution.route_of(u) != NONE {
            return None;
        }
        self.insert.cheapest(&mut self.solution, u as usize, kind)
    }

    /// What a route's stop costs on average.
    pub(crate) fn mean_cost(&self) -> f64 {
        self.solution.mean_cost()
    }

    /// Goes back to the best solution.
    pub(crate) fn restore_best(&mut self) {
        if self.best.missing < usize::MAX {
            let best = std::mem::take(&mut self.best);
            self.solution.restore(&best);
            self.best = best;
        }
    }

    pub(crate) fn best_cost(&self) -> Cost {
        self.best.cost
    }

    /// Cost of the best solution without the prices that stand for ranks.
    pub(crate) fn best_plain_cost(&self) -> Cost {
        self.best.plain_cost
    }

    pub(crate) fn best_missing(&self) -> usize {
        self.best.missing
    }

    pub(crate) fn num_used(&self) -> usize {
        self.solution.num_used()
    }

    /// The routes of the best solution.
    pub(crate) fn best_routes(&mut self) -> Vec<RouteStops> {
        self.restore_best();
        self.solution.route_stops()
    }
}
