//! First solutions: everything is inserted, and room is made for what finds no position.

use crate::search::Searcher;
use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::recreate::PRIZE_FACTOR;
use crate::search::random::Random;
use crate::units::Cost;

/// The weight of a unit of a ranked measure in insertion, in mean costs of a stop.
const RANKED_UNIT: Cost = 100;

impl GeneralSearch<'_> {
    /// Serves what can be served, until interrupted.
    pub(crate) fn construct(&mut self, random: &mut Random) {
        /// How many jobs are inserted at a time.
        const CHUNK: usize = 16;
        /// How often what has found no place is tried again.
        const ROUNDS: usize = 3;
        self.unit = RANKED_UNIT * self.mean_cost().max(1.0) as Cost;
        if self.solution.layout.is_lean {
            self.construct_lean(random);
        }
        for round in 0..ROUNDS {
            let left = self.chained();
            if left.is_empty() {
                break;
            }
            for chunk in left.chunks(CHUNK) {
                if self.is_interrupted() {
                    break;
                }
                self.jobs.clear();
                self.jobs.extend_from_slice(chunk);
                self.insert.prize_factor = if round == 0 { PRIZE_FACTOR } else { 1 };
                self.keyed.clear();
                for &u in chunk {
                    if self.is_representative(u as usize) && self.solution.route_of(u) == NONE {
                        self.keyed.push((0, u));
                    }
                }
                self.insert_keyed(random);
            }
            self.choose_starts_or_drop();
            let all: Vec<u32> = (0..self.solution.routes.len() as u32).collect();
            for &route in &all {
                if self.is_interrupted() {
                    break;
                }
                self.solution.replace_halts(route as usize, true);
            }
        }
        self.drop_incomplete();
        self.choose_starts_or_drop();
        self.solution.begin();
        self.unit = RANKED_UNIT * self.mean_cost().max(1.0) as Cost;
        self.keep_best();
        self.close_routes(random);
        self.complete(random);
    }

    /// Makes room for required stops that found no position: a few iterations around each.
    fn complete(&mut self, random: &mut Random) {
        /// Up to this many stops, the iterations themselves do it as fast.
        const SMALL_PROBLEM_STOPS: usize = 100;
        /// Iterations for each missing stop, and in all.
        const ITERATIONS_PER_STOP: i64 = 40;
        const MAX_ITERATIONS: i64 = 1_000;
        let data = self.solution.layout.base;
        if data.num_stops() <= SMALL_PROBLEM_STOPS {
            return;
        }
        let temperature = self.mean_cost().max(1.0);
        for _ in 0..(ITERATIONS_PER_STOP * self.solution.missing).min(MAX_ITERATIONS) {
            let off = self.solution.unserved.items();
            if self.solution.missing == 0 || off.is_empty() || self.is_interrupted() {
                break;
            }
            let from = random.below(off.len());
            let missing = off[from..].iter().chain(&off[..from]).find(|&&u| data.is_required_job(u as usize));
            let around = missing.map(|&u| u as usize);
            self.iterate_around(random, temperature, around);
        }
        self.solution.begin();
    }

    /// Serves whatever can be served at any price, in a random order: a chunk of near stops would fill the same few routes
    /// first.
    fn construct_lean(&mut self, random: &mut Random) {
        /// How many jobs are inserted at a time.
        const CHUNK: usize = 64;
        /// More than any route costs, in prizes of one.
        const ANY_PRICE: Cost = 1 << 20;
        let mut left: Vec<u32> = self.solution.unserved.items().to_vec();
        for i in (1..left.len()).rev() {
            left.swap(i, random.below(i + 1));
        }
        for chunk in left.chunks(CHUNK) {
            if self.is_interrupted() {
                return;
            }
            self.jobs.clear();
            self.jobs.extend_from_slice(chunk);
            self.recreate_with(random, Some(ANY_PRICE));
        }
    }

    /// Unserved jobs as chains of near neighbours of one waste class, farthest from the depot first.
    fn chained(&self) -> Vec<u32> {
        let layout = self.solution.layout;
        let data = layout.base;
        let depot = data.vehicles[0].start_point as usize;
        let travel = &data.travel;
        let mut left: Vec<u32> = self.solution.unserved.items().to_vec();
        left.retain(|&u| self.is_representative(u as usize));
        let mut waiting = vec![false; data.num_stops()];
        for &u in &left {
            waiting[u as usize] = true;
        }
        left.sort_by_key(|&u| (std::cmp::Reverse(travel.distance(0, depot, u as usize)), u));
        let mut chain = Vec::with_capacity(left.len());
        for &first in &left {
            let mut at = first as usize;
            while waiting[at] {
                waiting[at] = false;
                chain.push(at as u32);
                let waste_class = layout.stops[at].waste_class;
                let near = data.neighbours.near(at).iter().map(|&v| v as usize).filter(|&v| waiting[v]);
                let next =
                    near.clone().find(|&v| layout.stops[v].waste_class == waste_class).or_else(|| near.clone().next());
                let Some(next) = next else { break };
                at = next;
            }
        }
        // What must be served first has the choice of places, and among that what few vehicles may serve.
        let fleet = || data.vehicles.iter();
        let able = |u: u32| fleet().filter(|v| v.allows(u as usize)).map(|v| v.count).sum::<usize>();
        chain.sort_by_cached_key(|&u| {
            (std::cmp::Reverse(self.insert.scaled_prize(&self.solution, u as usize)), able(u))
        });
        chain
    }
}
