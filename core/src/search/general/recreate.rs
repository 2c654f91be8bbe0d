//! Recreate: what an iteration has removed and what is unserved near it is inserted, job by job, in one of several orders.

use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::moves::Moves;
use crate::search::random::Random;
use crate::units::Cost;

/// How often optional stops are served at a loss, and what the loss may be, in prizes.
const GENEROUS: f64 = 0.3;

const LEAN_GENEROUS: f64 = 0.5;

pub(super) const PRIZE_FACTOR: Cost = 16;

/// How often, where something required is unserved, optional stops are served whatever that costs.
const DESPERATE: f64 = 0.3;

/// How often they are where nothing required is.
const ANY_PRICE: f64 = 0.02;

/// How often jobs are inserted in the order of their prizes.
const BY_PRIZE: f64 = 0.5;

impl GeneralSearch<'_> {
    /// Adds unserved stops to those about to be inserted: near the ruin, and some from anywhere.
    pub(super) fn add_unserved(&mut self, random: &mut Random, centre: usize) {
        const NEAR: usize = 40;
        const WIDE: usize = 100;
        const OFTEN_WIDE: f64 = 0.2;
        const LEAN_NEAR: usize = 20;
        const LEAN_WIDE: f64 = 0.3;
        const ANYWHERE: usize = 8;
        // Where what is required is unserved, much is likely to be: the more of it is tried, the fewer iterations there are.
        const MOST_MISSING: usize = 12;
        const MISSING_ANYWHERE: usize = 3;
        let off = self.solution.unserved.items();
        if off.len() == self.jobs.len() {
            return;
        }
        let layout = self.solution.layout;
        let lean = layout.is_lean;
        let (near, often_wide) = match (lean, layout.base.has_optional) {
            (true, true) => (LEAN_NEAR, LEAN_WIDE),
            (true, false) => (LEAN_NEAR, 0.0),
            _ => (NEAR, OFTEN_WIDE),
        };
        let width = if often_wide > 0.0 && random.unit() < often_wide { WIDE } else { near };
        let near = self.solution.layout.base.neighbours.near(centre).iter().take(width);
        let misses = !lean && self.solution.missing > 0;
        let (most, anywhere) = if misses { (MOST_MISSING, MISSING_ANYWHERE) } else { (usize::MAX, ANYWHERE) };
        let mut more: Vec<u32> = near.copied().filter(|&u| self.solution.waits(u)).take(most).collect();
        more.push(centre as u32);
        if lean && self.solution.missing == 0 {
            // What is optional comes in near the ruin only.
        } else if off.len() <= 2 * anywhere {
            more.extend_from_slice(off);
        } else {
            more.extend((0..anywhere).map(|_| off[random.below(off.len())]));
        }
        for u in more {
            if self.solution.waits(u) && !self.jobs.contains(&u) {
                self.jobs.push(u);
            }
        }
    }

    /// Inserts the listed stops greedily, in a random order of some kind.
    pub(super) fn recreate(&mut self, random: &mut Random) {
        self.recreate_with(random, None);
    }

    /// As [`recreate`](Self::recreate), but with a given factor on prizes, if any.
    pub(super) fn recreate_with(&mut self, random: &mut Random, prize_factor: Option<Cost>) {
        let layout = self.solution.layout;
        let base = layout.base;
        let order = if layout.is_lean {
            lean_order(random, layout.timed)
        } else {
            random.below(if layout.timed { 14 } else { 10 })
        };
        let depot = base.vehicles[0].start_point as usize;
        let generous = if layout.is_lean { LEAN_GENEROUS } else { GENEROUS };
        self.insert.prize_factor = if base.has_optional && random.unit() < generous { PRIZE_FACTOR } else { 1 };
        if let Some(prize_factor) = prize_factor {
            self.insert.prize_factor = prize_factor;
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
            if !self.is_representative(u) || stands_for_others && keyed.iter().any(|&(_, v)| v == u as u32) {
                continue;
            }
            let stop = &layout.stops[u];
            let (early, late) = (stop.early, stop.late.min(stop.soft_late));
            let key = match order {
                0..4 => (random.bits() >> 1) as i64,
                4..7 => -(0..layout.dims).map(|d| layout.amount(u, d)).sum::<i64>(),
                7..9 => -i64::from(base.travel.distance(0, depot, u)),
                9 => i64::from(base.travel.distance(0, depot, u)),
                10 | 11 => late - early,
                12 => early,
                _ => -late,
            };
            keyed.push((key, u as u32));
        }
        keyed.sort_unstable();
        let by_prize = (base.has_optional && !layout.is_lean) || layout.highest_class > 0;
        if by_prize && random.unit() < BY_PRIZE {
            keyed.sort_by_key(|&(_, u)| {
                let ranked = u8::MAX - layout.class[u as usize];
                (
                    !base.required[u as usize],
                    ranked,
                    std::cmp::Reverse(self.insert.scaled_prize(&self.solution, u as usize)),
                )
            });
        }
        self.keyed = keyed;
        self.insert_keyed(random);
        if !layout.is_lean && self.insert.prize_factor > 1 || self.insert.any_price {
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
        let vehicle_types = layout.vehicles.len();
        if !layout.is_lean {
            self.insert.opening =
                (layout.is_tiny && random.unit() < TINY_OPENINGS).then(|| random.below(vehicle_types));
            return;
        }
        self.insert.upgrades = layout.has_larger && self.solution.goals.is_empty() && random.unit() < UPGRADES;
        let often = match self.insert.prize_factor {
            PRIZE_FACTOR => GENEROUS_OPENINGS,
            _ if layout.timed == (vehicle_types < 2) => OPENINGS,
            _ if layout.is_tiny => TINY_OPENINGS,
            _ => 0.0,
        };
        self.insert.opening = (random.unit() < often).then(|| random.below(vehicle_types));
    }

    /// Inserts the jobs in the order that was found.
    pub(super) fn insert_keyed(&mut self, random: &mut Random) {
        /// How often halts are placed anew for the sake of insertions, unless the problem is tiny or has no halts but reloads: where
        /// much finds no place, nearly all time would go there.
        const MAX_PLACINGS: usize = 4;
        let keyed = std::mem::take(&mut self.keyed);
        let layout = self.solution.layout;
        self.insert.placings_left = if layout.is_tiny || layout.is_lean { usize::MAX } else { MAX_PLACINGS };
        for &(_, u) in &keyed {
            if self.is_interrupted() {
                break;
            }
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
            let limit = self.insert.scaled_prize(&self.solution, u);
            if let Some(group) = self.solution.layout.patterns.group(self.solution.layout.base, u) {
                self.insert_pattern(random, group, limit);
                continue;
            }
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
            if self.is_interrupted() {
                break;
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
        if let Some(group) = layout.patterns.group(base, u) {
            let waits = |&v: &u32| self.solution.route_of(v) == NONE;
            return base.members[group].iter().copied().find(waits).map_or(u, |v| v as usize);
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
    pub(super) fn is_representative(&self, u: usize) -> bool {
        let base = self.solution.layout.base;
        if base.partner[u] != NONE {
            return base.is_pickup(u);
        }
        self.representative(u) == u
            && !self.solution.is_group_served(u)
            && !self.solution.layout.relations.impossible[u]
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
