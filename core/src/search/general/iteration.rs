//! One iteration: ruin, recreate, improve, accept or undo.

use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::goals::Value;
use crate::search::general::visit_pattern::free_members;
use crate::search::random::Random;
use crate::units::Cost;

/// Candidates that cost at most so many temperatures more than the current solution are improved by moves.
const MAX_EXCESS_IMPROVED: f64 = 10.0;

/// One in so many changed routes of nothing but stops and reloads has its reloads placed anew.
const LEAN_HALTS: usize = 8;

/// One in so many changed routes that empty no more often than they must has its halts placed anew.
const FULL_HALTS: usize = 4;

/// How often a route is closed: its stops move to the other routes.
const CLOSE: f64 = 0.004;

/// How often whole trips are moved where vehicles empty en route.
const TRIP_MOVES: f64 = 0.03;

impl GeneralSearch<'_> {
    /// Chooses exact starts, and removes stops from routes that turn out infeasible until none is. Whether that succeeded.
    pub(super) fn choose_starts_or_drop(&mut self) -> bool {
        /// How many stops may be removed.
        const MAX_REMOVED: usize = 400;
        let mut order = Vec::new();
        for _ in 0..MAX_REMOVED {
            let Some(route) = self.solution.choose_starts() else { return true };
            self.solution.free_order(route, &mut order);
            // What came last goes first.
            let Some(&last) = self.jobs.iter().rev().find(|u| order.contains(u)).or(order.last()) else { return false };
            let mut out = self.removed_with(last);
            self.ruin.take(&mut self.solution, &mut out);
        }
        self.solution.choose_starts().is_none()
    }

    /// The stops that are removed with a stop: the other end of its shipment, or all of its set that may go.
    pub(super) fn removed_with(&self, u: u32) -> Vec<u32> {
        let layout = self.solution.layout;
        let partner = layout.base.partner[u as usize];
        if partner != NONE {
            return vec![u, partner];
        }
        if let Some(group) = layout.patterns.group(layout.base, u as usize) {
            return free_members(&self.solution, group);
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
    pub(super) fn iterate_around(&mut self, random: &mut Random, temperature: f64, around: Option<usize>) -> bool {
        self.solution.begin();
        let mut before = std::mem::take(&mut self.before);
        self.solution.value(&mut before);
        let moves_trip = around.is_none() && self.has_trips && random.unit() < TRIP_MOVES;
        let closes = around.is_none() && !moves_trip && self.closes && random.unit() < CLOSE;
        if closes {
            self.close_route(random);
        } else if moves_trip {
            self.jobs.clear();
            let excess = (MAX_EXCESS_IMPROVED * temperature) as Cost;
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
        // What was interrupted is not complete.
        let mut feasible = !self.is_interrupted() && self.choose_starts_or_drop();
        if feasible {
            self.solution.value(&mut self.now);
            if worse_by(&self.now, &before).is_none_or(|excess| excess < MAX_EXCESS_IMPROVED * temperature) {
                self.improve(random);
                feasible = self.solution.choose_starts().is_none();
                if feasible && self.chooses_schedules && self.is_near_best() {
                    self.schedule_choice.run(&mut self.solution);
                }
                self.solution.value(&mut self.now);
            }
        }
        let threshold = temperature * random.exponential();
        let accepted = feasible
            && !self.solution.has_broken_pattern()
            && !self.solution.exceeds_site_capacity()
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
    fn is_near_best(&mut self) -> bool {
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

    /// One in how many changed routes has its halts placed anew: each that empties more often than it must.
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

    pub(super) fn keep_best(&mut self) -> bool {
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

    /// Removes the served stops of all-or-none sets of which others are unserved, and what is served of a group but is none of
    /// its patterns.
    pub(super) fn drop_incomplete(&mut self) {
        self.drop_broken_patterns();
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
