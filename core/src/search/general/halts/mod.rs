//! Places disposal visits, reloads, breaks and rests anew over a given order of stops: a forward label-setting programme (as in
//! resource-constrained shortest paths, Irnich & Desaulniers 2005, doi:10.1007/0-387-25486-2_2) with few labels at each stop,
//! bounded by what the route may cost.

mod bound;
mod dominance;
mod emptying;
mod extend;
mod finish;
mod label;
mod pauses;
mod time_bound;

use crate::search::data::NONE;
use crate::search::general::halts::emptying::SITES;
use crate::search::general::halts::label::Label;
use crate::search::general::halts::pauses::Pauses;
use crate::search::general::layout::{Element, Layout};
use crate::search::general::route::Route;
use crate::units::{Cost, Duration, Time};

/// How many labels and halts the programme tries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thoroughness {
    /// Labels kept at each stop.
    width: usize,
    /// Halts in a row between two stops.
    depth: usize,
    /// Complete routes that are evaluated exactly.
    finals: usize,
    /// Whether halts are tried that hardly ever pay.
    thorough: bool,
    /// Whether a later departure may be as good as an earlier one.
    keeps_later: bool,
}

impl Thoroughness {
    /// For routes of any length.
    pub(crate) const QUICK: Self = Self { width: 5, depth: 3, finals: 2, thorough: false, keeps_later: false };

    /// For short routes: nearly everything.
    pub(crate) const THOROUGH: Self = Self { width: 32, depth: 4, finals: 24, thorough: true, keeps_later: false };

    /// The same where routes should last alike.
    pub(crate) const BALANCED: Self = Self { width: 64, keeps_later: true, ..Self::THOROUGH };
}

/// Labels of one leg beyond which no further halts are tried.
const MOST_LABELS: usize = 4_096;

/// A question to the programme.
#[derive(Clone, Copy)]
pub(crate) struct Request<'r> {
    pub(crate) vehicle_type: usize,
    /// What stays as it is, from the route's start on.
    pub(crate) prefix: &'r [Element],
    /// How many elements of that have been driven already.
    pub(crate) fixed: usize,
    /// The stops after it.
    pub(crate) order: &'r [u32],
    /// What the route may cost at most; the result costs less.
    pub(crate) limit: Cost,
    /// What disposal sites still take, by site and dimension; empty: anything.
    pub(crate) site_room: &'r [i64],
    pub(crate) thoroughness: Thoroughness,
    /// The vehicle does not leave before.
    pub(crate) not_before: Time,
    /// Whether what stays as it is may break rules.
    pub(crate) is_lenient: bool,
    /// Whether partial routes are dropped that are too late for the rest of the order: where room is short, not where cost counts.
    pub(crate) drops_late: bool,
}

/// The programme, and its buffers.
#[derive(Default)]
pub(crate) struct Halts {
    labels: Vec<Label>,
    rows: Vec<i64>,
    steps: Vec<Element>,
    frontier: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    to_go: Vec<Cost>,
    /// Waste that the order picks up behind each position, by dimension.
    ahead: Vec<i64>,
    /// What a unit of waste costs at least, by waste class and dimension; empty where it may stay on board.
    least_fees: Vec<f64>,
    least_visit: Cost,
    /// What the detour over a disposal site costs at least, from each position on.
    least_detour: Vec<Cost>,
    /// How long a visit to a disposal site and the detour over it take at least, from each position on.
    least_stay: Vec<Duration>,
    /// Until when the vehicle must leave each position if it halts no more, and the work behind it.
    latest: Vec<Time>,
    work: Vec<Duration>,
    sites: Vec<(i64, u32)>,
    pauses: Vec<Pauses>,
    chain: Vec<u32>,
    /// Whether labels of different numbers of trips are not compared: releases tell them apart.
    apart: bool,
    /// When the route starts at the earliest.
    start: Time,
    trial: Route,
}

impl Halts {
    /// Writes the cheapest route that serves the stops in the given order into `out`; false: none costs less than the limit.
    pub(crate) fn place(&mut self, layout: &Layout<'_>, request: Request<'_>, out: &mut Route) -> bool {
        let vehicle = &layout.vehicles[request.vehicle_type];
        if request.order.is_empty() && request.prefix.len() <= 1 {
            *out = Route::empty(request.vehicle_type);
            return request.limit > 0;
        }
        if !vehicle.has_halts {
            self.compose(request, &[]);
            return self.evaluate(layout, request.limit, out);
        }
        self.search(layout, request) && self.finish(layout, request, out)
    }

    /// Visits all undominated routes that serve the stops in the given order, in no particular sequence.
    pub(crate) fn for_each(&mut self, layout: &Layout<'_>, request: Request<'_>, visit: &mut dyn FnMut(&Route)) {
        if !layout.vehicles[request.vehicle_type].has_halts {
            self.compose(request, &[]);
            if layout.evaluate(&mut self.trial, 0, true) {
                visit(&self.trial);
            }
        } else if self.search(layout, request) {
            let ends = std::mem::take(&mut self.frontier);
            for &id in &ends {
                self.trace(request, id);
                if layout.evaluate(&mut self.trial, 0, true) {
                    visit(&self.trial);
                }
            }
            self.frontier = ends;
        }
    }

    /// Finds routes over an order of stops: labels at the end. Whether there are any.
    fn search(&mut self, layout: &Layout<'_>, request: Request<'_>) -> bool {
        self.apart = layout.has_releases;
        self.compute_bounds(layout, request);
        if !self.seed_label(layout, request) {
            return false;
        }
        let mut before = request.prefix.last().and_then(|e| e.node());
        for position in 0..=request.order.len() {
            let target = request.order.get(position).map_or(Element::END, |&u| Element::stop(u));
            let follows =
                |u: usize| target.node().is_some_and(|v| layout.relations.next[u] == v as u32 && v as u32 != NONE);
            let in_sequence = before.is_some_and(follows);
            self.extend_all(layout, request, position, target, in_sequence);
            if self.next.is_empty() {
                return false;
            }
            std::mem::swap(&mut self.frontier, &mut self.next);
            before = target.node();
        }
        true
    }

    fn seed_label(&mut self, layout: &Layout<'_>, request: Request<'_>) -> bool {
        let vehicle = &layout.vehicles[request.vehicle_type];
        self.labels.clear();
        self.rows.clear();
        self.steps.clear();
        self.frontier.clear();
        self.rows.resize(layout.resources(), 0);
        let served = request.prefix.iter().filter_map(|e| e.node());
        let first = served.chain(request.order.iter().map(|&u| u as usize).take(1));
        let release = first.map(|u| layout.stops[u].release).max().filter(|&r| r > 0).unwrap_or(Time::MIN);
        let release = release.max(request.not_before);
        let mut state = layout.root(vehicle, release, 0, &mut self.rows);
        self.start = state.begin;
        for p in 1..request.prefix.len() {
            let next = Layout::located_after(vehicle, request.prefix, p);
            let towards = layout
                .point(vehicle, request.prefix[next])
                .unwrap_or_else(|| request.order.first().copied().unwrap_or(vehicle.end_point));
            if !layout.extend(
                vehicle,
                &mut state,
                &mut self.rows,
                request.prefix[p],
                towards,
                Time::MIN,
                request.is_lenient,
            ) {
                return false;
            }
        }
        let mut cost = vehicle.fixed_cost;
        if request.prefix.len() > 1 {
            cost += vehicle.cost_per_distance * state.distance
                + vehicle.cost_per_duration * state.work
                + state.fees
                + state.assignment;
        } else if self.order_bound(layout, request) >= request.limit {
            return false;
        }
        self.compute_time_bounds(layout, request);
        self.labels.push(Label { state, cost, rank: cost, parent: NONE, steps: (0, 0), halts: 0 });
        self.frontier.push(0);
        true
    }

    /// Extends all labels to the next stop, directly and over halts.
    fn extend_all(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        target: Element,
        in_sequence: bool,
    ) {
        self.next.clear();
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        queue.extend_from_slice(&self.frontier);
        let mut at = 0;
        while let Some(&id) = queue.get(at) {
            at += 1;
            let direct = self.extend_to(layout, request, position, id, target, true);
            let depth = request.thoroughness.depth.max(layout.waste_classes.min(SITES));
            if in_sequence || self.labels[id as usize].halts as usize >= depth || queue.len() > MOST_LABELS {
                continue;
            }
            self.extend_to_halts(layout, request, position, id, target, direct, &mut queue);
        }
        self.queue = queue;
    }
}
