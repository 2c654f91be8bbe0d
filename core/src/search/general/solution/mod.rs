//! The working solution: routes, the position of each stop, and the objective. Changes of an iteration can be undone.

mod adjacent_gaps;
mod executed;
mod install;
mod place_halts;
mod remove;
mod served;
mod site_usage;
mod starts;
mod undo;
#[cfg(debug_assertions)]
mod verify;

pub(crate) use adjacent_gaps::{AdjacentGaps, AdjacentTimes};
pub(crate) use place_halts::CheapestRoute;
pub(crate) use undo::Snapshot;

use std::cell::RefCell;

use crate::search::block::Block;
use crate::search::data::NONE;
use crate::search::general::goals::{Goals, Value};
use crate::search::general::halts::Halts;
use crate::search::general::layout::{Layout, SequenceIndex};
use crate::search::general::route::Route;
use crate::search::general::solution::adjacent_gaps::NO_GAPS;
use crate::search::interrupt::{Interrupt, NEVER};
use crate::search::random::Random;
use crate::search::sparse_set::SparseSet;
use crate::units::Cost;

/// The working solution.
pub(crate) struct Solution<'a> {
    pub(crate) layout: &'a Layout<'a>,
    pub(crate) goals: &'a Goals,
    /// Scratch of relation tests.
    pub(crate) sequence_index: RefCell<SequenceIndex>,
    /// Whether the search must end.
    pub(crate) interrupt: Interrupt<'a>,
    pub(crate) routes: Vec<Route>,
    /// The route and position of each stop; `NONE`: unserved.
    pub(crate) place: Vec<(u32, u32)>,
    /// By stop; of the unserved, without a route.
    pub(crate) adjacent_gaps: Vec<AdjacentGaps>,
    /// The times of these gaps, where [times are screened](Layout::screens_times).
    pub(crate) adjacent_times: Vec<AdjacentTimes>,
    pub(crate) unserved: SparseSet,
    /// The stops that may be served; empty: all.
    own: Vec<u32>,
    /// How many members of each group are served.
    group_served: Vec<u32>,
    /// The served members of groups with patterns, as bits.
    served_members: Vec<u64>,
    /// How many groups have members served that are no pattern.
    broken_patterns: usize,
    /// Cost of all routes and of the patterns by which groups are served, and prizes forgone.
    pub(crate) cost: Cost,
    /// Required jobs that are unserved.
    pub(crate) missing: i64,
    /// Clients unserved by priority class.
    classes: Vec<i64>,
    /// Vehicles that are not in use, by type.
    unused: Vec<Vec<u32>>,
    pub(crate) num_used: usize,
    /// Most vehicles that may be in use.
    pub(crate) limit: usize,
    /// What routes leave at disposal sites, by site and dimension.
    site_used: Vec<i64>,
    /// Routes as they were when the iteration began.
    saved: Vec<(usize, Route)>,
    is_saved: Vec<bool>,
    spare: Vec<Route>,
    pub(crate) halts: Halts,
    room: Vec<i64>,
    order: Vec<u32>,
    sequence: Vec<u32>,
    /// How often halts have been placed anew.
    placings: u64,
}

impl<'a> Solution<'a> {
    /// A solution that serves nothing but what has been served already.
    pub(crate) fn new(layout: &'a Layout<'a>, goals: &'a Goals) -> Self {
        let m = layout.num_stops();
        let vehicle_types: Vec<usize> =
            layout.base.vehicles.iter().enumerate().flat_map(|(t, v)| std::iter::repeat_n(t, v.count.max(1))).collect();
        let mut unused = vec![Vec::new(); layout.vehicles.len()];
        for (r, &vehicle_type) in vehicle_types.iter().enumerate().rev() {
            // A type without vehicles keeps one slot that is never used.
            if layout.base.vehicles[vehicle_type].count > 0 {
                unused[vehicle_type].push(r as u32);
            }
        }
        let mut solution = Self {
            layout,
            sequence_index: RefCell::default(),
            interrupt: NEVER,
            goals,
            routes: vehicle_types.iter().map(|&vehicle_type| Route::empty(vehicle_type)).collect(),
            place: vec![(NONE, 0); m],
            adjacent_gaps: vec![NO_GAPS; m],
            adjacent_times: vec![AdjacentTimes::default(); if layout.screens_times { m } else { 0 }],
            unserved: SparseSet::full(m),
            own: Vec::new(),
            group_served: vec![0; layout.base.members.len()],
            served_members: vec![0; layout.base.members.len()],
            broken_patterns: 0,
            cost: 0,
            missing: 0,
            classes: vec![0; usize::from(layout.highest_class) + 1],
            unused,
            num_used: 0,
            limit: usize::MAX,
            site_used: vec![0; layout.sites.len() * layout.dims],
            is_saved: vec![false; vehicle_types.len()],
            saved: Vec::new(),
            spare: Vec::new(),
            halts: Halts::default(),
            room: Vec::new(),
            order: Vec::new(),
            sequence: Vec::new(),
            placings: 0,
        };
        for r in 0..solution.routes.len() {
            layout.backward_pass(&mut solution.routes[r]);
        }
        let data = layout.base;
        for u in 0..m {
            if data.group[u] == NONE {
                solution.account(u, 1);
            }
        }
        for g in 0..data.members.len() {
            solution.account_group(g, 1);
        }
        solution.load_executed();
        solution.begin();
        solution
    }

    /// Makes the stops of a block all there are.
    pub(crate) fn restrict(&mut self, block: &Block) {
        self.own.clone_from(&block.stops);
        let mut is_own = vec![false; self.place.len()];
        block.stops.iter().for_each(|&u| is_own[u as usize] = true);
        for u in (0..self.place.len()).filter(|&u| !is_own[u]) {
            self.set_served(u, true);
        }
    }

    /// How many stops may be served.
    pub(crate) fn num_own(&self) -> usize {
        if self.own.is_empty() { self.place.len() } else { self.own.len() }
    }

    /// A random stop of those that may be served.
    pub(crate) fn draw_stop(&self, random: &mut Random) -> usize {
        if self.own.is_empty() {
            random.below(self.place.len())
        } else {
            self.own[random.below(self.own.len())] as usize
        }
    }

    /// Whether a stop waits to be served.
    #[inline]
    pub(crate) fn waits(&self, u: u32) -> bool {
        self.unserved.contains(u as usize)
    }

    /// Keeps so many vehicles of each type that are not in use.
    pub(crate) fn keep_unused(&mut self, count: &[usize]) {
        for (unused, &count) in self.unused.iter_mut().zip(count) {
            unused.drain(..unused.len().saturating_sub(count));
        }
    }

    /// Whether all relations within one route hold, among the stops of its sequence.
    pub(crate) fn relations_hold(&self, stops: &[u32]) -> bool {
        self.layout.relations.hold_within(stops, &mut self.sequence_index.borrow_mut())
    }

    #[inline]
    pub(crate) fn route_of(&self, u: u32) -> u32 {
        self.place[u as usize].0
    }

    /// Whether the job of a stop's group is served: by any member, or by all of a pattern.
    #[inline]
    pub(crate) fn is_group_served(&self, u: usize) -> bool {
        let group = self.layout.base.group[u];
        group != NONE
            && self.group_served[group as usize] > 0
            && (self.layout.patterns.bit(u) == 0 || self.is_pattern(group as usize))
    }

    /// Whether an unserved stop may be served besides what is served of its group.
    #[inline]
    pub(crate) fn may_join_group(&self, u: usize) -> bool {
        let group = self.layout.base.group[u];
        if group == NONE || self.group_served[group as usize] == 0 {
            return true;
        }
        let bit = self.layout.patterns.bit(u);
        let all = self.served_members[group as usize] | bit;
        bit != 0 && self.layout.patterns.of(group as usize).iter().any(|pattern| pattern & all == all)
    }

    /// The members of a group with patterns that are served, as bits.
    pub(crate) fn served_members(&self, group: usize) -> u64 {
        self.served_members[group]
    }

    /// Whether nothing is served of a group with patterns, or one of its patterns.
    pub(crate) fn is_pattern(&self, group: usize) -> bool {
        self.layout.patterns.fit(group, self.served_members[group])
    }

    /// Whether what is served of some group is none of its patterns.
    pub(crate) fn has_broken_pattern(&self) -> bool {
        self.broken_patterns > 0
    }

    /// Whether a required or prioritised job is unserved, which ranks above cost.
    pub(crate) fn lacks_ranked(&self) -> bool {
        self.missing > 0 || self.classes[1..].iter().any(|&unserved| unserved > 0)
    }

    /// A vehicle of the type that is not in use and may be.
    pub(crate) fn unused(&self, vehicle_type: usize) -> Option<usize> {
        if self.num_used < self.limit { self.spare_vehicle(vehicle_type) } else { None }
    }

    /// A vehicle of the type that is not in use, to take another one's place.
    pub(crate) fn spare_vehicle(&self, vehicle_type: usize) -> Option<usize> {
        self.unused[vehicle_type].last().map(|&r| r as usize)
    }

    /// A route to build in, its buffers kept.
    pub(crate) fn take_spare(&mut self) -> Route {
        let mut spare = self.spare.pop().unwrap_or_default();
        // What the route was bound to before does not bind the next one.
        (spare.not_before, spare.fixed_delay, spare.is_lenient, spare.is_broken) = (i64::MIN, None, false, false);
        spare
    }

    pub(crate) fn give_back(&mut self, route: Route) {
        self.spare.push(route);
    }

    /// The stops of a route behind its fixed part.
    pub(crate) fn free_order(&self, route: usize, order: &mut Vec<u32>) {
        let own = &self.routes[route];
        order.clear();
        order.extend(own.elements[own.fixed..].iter().filter_map(|e| e.node()).map(|u| u as u32));
    }

    /// The routes that have changed since the iteration began.
    pub(crate) fn changed(&self, list: &mut Vec<u32>) {
        list.clear();
        list.extend(self.saved.iter().map(|(route, _)| *route as u32));
    }

    /// The objective, most important first.
    pub(crate) fn value(&self, value: &mut Value) {
        value.clear();
        value.push(self.missing);
        value.extend(self.classes[1..].iter().rev());
        self.goals.rank(self.layout, &self.routes, value);
        value.push(self.cost + self.goals.cost(self.layout, &self.routes));
    }
}
