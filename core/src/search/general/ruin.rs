//! Ruin: strings of neighbouring stops (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914), now and then a trip or
//! a whole route.

use crate::search::data::NONE;
use crate::search::general::layout::Element;
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::search::ruin_size::{RuinParams, draw_length};

/// How often a set of which all are served or none goes as a whole: the others may stay while one finds another place.
const WITH_SET: f64 = 0.5;

/// How often all visits of a group with patterns go together.
const WITH_PATTERN: f64 = 0.7;

/// How often stops that share their vehicle go together.
const WITH_PARTNERS: f64 = 0.5;

/// Takes stops out, and its space.
pub(super) struct Ruin {
    params: RuinParams,
    routes: Vec<u32>,
    stops: Vec<u32>,
    out: Vec<u32>,
}

impl Ruin {
    pub(super) fn new(params: RuinParams) -> Self {
        Self { params, routes: Vec::new(), stops: Vec::new(), out: Vec::new() }
    }

    /// Takes stops out of routes near a given one, or a random one, and notes all that are out in `removed`. Returns the seed.
    pub(super) fn run(
        &mut self,
        solution: &mut Solution<'_>,
        random: &mut Random,
        around: Option<usize>,
        removed: &mut Vec<u32>,
    ) -> usize {
        removed.clear();
        let data = solution.layout.base;
        let seed = around.unwrap_or_else(|| solution.draw_stop(random));
        let served = solution.num_own() - solution.unserved.items().len();
        let mean_size = (served as f64 / solution.num_used.max(1) as f64).max(1.0);
        let (longest, mut strings) = self.params.draw_strings(random, mean_size);
        self.routes.clear();
        let kind_of_ruin = random.unit();
        let route = solution.route_of(seed as u32);
        let RuinParams { whole_route, trip, sort, .. } = self.params;
        let mut sorted = false;
        if route != NONE && kind_of_ruin < whole_route + trip + sort {
            sorted = kind_of_ruin >= whole_route + trip;
            self.piece(solution, route as usize, seed, kind_of_ruin < whole_route, removed);
            if sorted {
                let waste_class = |u: u32| solution.layout.stops[u as usize].waste_class;
                let (own, others) = (waste_class(seed as u32), random.below(2) == 0);
                removed.retain(|&u| (waste_class(u) == own) != others);
            }
            if !removed.is_empty() {
                self.routes.push(route);
                strings = if solution.layout.is_lean { strings } else { strings.min(2) };
            }
        }
        for c in std::iter::once(seed as u32).chain(data.neighbours.near(seed).iter().copied()) {
            let route = solution.route_of(c);
            if route == NONE || self.routes.contains(&route) {
                continue;
            }
            self.routes.push(route);
            self.string(solution, random, c, route as usize, longest, removed);
            strings -= 1;
            if strings == 0 {
                break;
            }
        }
        Self::complete(solution, random, removed);
        self.take(solution, removed);
        if sorted {
            // What is left may go to another disposal site.
            solution.replace_halts(route as usize, true);
        }
        seed
    }

    /// Notes the trip of a stop, or its whole route, where that is not too long.
    fn piece(&self, solution: &Solution<'_>, route: usize, seed: usize, whole: bool, removed: &mut Vec<u32>) {
        let own = &solution.routes[route];
        let at = solution.place[seed].1 as usize;
        let (mut from, mut to) = (own.fixed, own.elements.len() - 1);
        if !whole {
            let empties = |e: &Element| e.is_emptying();
            from = (own.fixed..at).rev().find(|&p| empties(&own.elements[p])).unwrap_or(from);
            to = (at..to).find(|&p| empties(&own.elements[p])).unwrap_or(to);
        }
        let stops = own.elements[from.min(to)..to].iter().filter_map(|e| e.node());
        // A long route that is built anew tends to stay away, with the prizes of its stops.
        let most = if solution.layout.is_lean { 4.0 } else { 6.0 };
        if stops.clone().count() as f64 <= most * self.params.removed {
            removed.extend(stops.map(|u| u as u32));
        }
    }

    /// Notes a string around a stop.
    fn string(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        c: u32,
        route: usize,
        longest: f64,
        removed: &mut Vec<u32>,
    ) {
        solution.free_order(route, &mut self.stops);
        let Some(at) = self.stops.iter().position(|&u| u == c) else { return };
        let size = self.stops.len();
        let (length, kept) = draw_length(random, longest, size);
        let total = length + kept;
        let (low, high) = ((at + total).saturating_sub(size), at.min(total - 1));
        // The string begins so many stops before `c`.
        let before = low.max((at + 1).saturating_sub(size - total + 1).min(high)).min(high);
        let before = before + random.below(high - before + 1);
        let first = at - before.min(at);
        let first = first.min(size - total);
        let skip = if kept > 0 { 1 + random.below(length - 1) } else { 0 };
        for i in 0..total {
            if kept == 0 || i < skip || i >= skip + kept {
                removed.push(self.stops[first + i]);
            }
        }
    }

    /// Adds stops that are removed with those noted: other ends of shipments, sequences, and often sets of which all are served
    /// or none, and stops that must be on one route.
    fn complete(solution: &Solution<'_>, random: &mut Random, removed: &mut Vec<u32>) {
        let (data, relations) = (solution.layout.base, &solution.layout.relations);
        let shipments = !solution.layout.problem.shipments().is_empty();
        let patterns = &solution.layout.patterns;
        if !relations.any() && !shipments && !patterns.any() {
            return;
        }
        let free = |u: u32| {
            let (route, position) = solution.place[u as usize];
            route != NONE && position as usize >= solution.routes[route as usize].fixed
        };
        let mut i = 0;
        // Sets whose stops have all been added.
        let (mut partner_sets, mut sets): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut groups: Vec<usize> = Vec::new();
        while i < removed.len() {
            let u = removed[i] as usize;
            i += 1;
            let mut add = |v: u32| {
                if v != NONE && free(v) && !removed.contains(&v) {
                    removed.push(v);
                }
            };
            add(data.partner[u]);
            // With all its visits a group may change its pattern; one alone finds another place.
            if let Some(group) = patterns.group(data, u).filter(|group| !groups.contains(group)) {
                groups.push(group);
                if random.unit() < WITH_PATTERN {
                    data.members[group].iter().for_each(|&v| add(v));
                }
            }
            if !relations.any() {
                continue;
            }
            let set = relations.set_of[u];
            if set != NONE && random.unit() < WITH_SET && !sets.contains(&set) {
                relations.all_or_none[set as usize].iter().for_each(|&v| add(v));
                sets.push(set);
            }
            // A sequence is inserted as a whole.
            add(relations.next[u]);
            add(relations.previous[u]);
            if !relations.same_route.of(u).is_empty() && random.unit() < WITH_PARTNERS {
                for &partner_set in relations.same_route.of(u) {
                    if !partner_sets.contains(&partner_set) {
                        relations.same_route.members(partner_set).iter().for_each(|&v| add(v));
                        partner_sets.push(partner_set);
                    }
                }
            }
        }
    }

    /// Removes stops, with the other ends of their shipments and the stops that must be on one route with them.
    pub(super) fn complete_and_take(&mut self, solution: &mut Solution<'_>, removed: &mut Vec<u32>) {
        let (data, relations) = (solution.layout.base, &solution.layout.relations);
        let mut partner_sets: Vec<u32> = Vec::new();
        for i in 0..removed.len() {
            let u = removed[i] as usize;
            let mut add = |v: u32| {
                if v != NONE && solution.route_of(v) != NONE && !removed.contains(&v) {
                    removed.push(v);
                }
            };
            add(data.partner[u]);
            for &partner_set in relations.same_route.of(u) {
                if !partner_sets.contains(&partner_set) {
                    relations.same_route.members(partner_set).iter().for_each(|&v| add(v));
                    partner_sets.push(partner_set);
                }
            }
        }
        self.take(solution, removed);
    }

    /// Removes the noted stops from their routes; further stops that this makes infeasible are removed and noted, too.
    pub(super) fn take(&mut self, solution: &mut Solution<'_>, removed: &mut Vec<u32>) {
        self.routes.clear();
        for &u in removed.iter() {
            let route = solution.route_of(u);
            if route != NONE && !self.routes.contains(&route) {
                self.routes.push(route);
            }
        }
        for i in 0..self.routes.len() {
            let route = self.routes[i] as usize;
            self.out.clear();
            self.out.extend(removed.iter().copied().filter(|&u| solution.route_of(u) == route as u32));
            solution.free_order(route, &mut self.stops);
            if !solution.take_out(route, &self.out) {
                let lost = self.stops.iter().copied().filter(|u| solution.route_of(*u) == NONE);
                let lost: Vec<u32> = lost.filter(|u| !removed.contains(u)).collect();
                removed.extend(lost);
            }
        }
    }
}
