//! Recreate: greedy insertion in a random order, now and then blind for a place (Christiaens & Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914). Only positions beside a stop's candidate neighbours are evaluated, so that an iteration
//! costs the same whatever the problem's size and the routes' lengths.

use crate::search::classical::routes::Routes;
use crate::search::data::{Data, NONE};
use crate::search::neighbours::CandidateArc;
use crate::search::random::{Blinks, Random};
use crate::units::Cost;

/// How often a position is skipped.
const BLINK: f64 = 0.01;

/// Inserts stops greedily.
pub(crate) struct Recreate {
    blinks: Blinks,
    /// How often a route is opened for the first stop although another place is cheaper.
    opening: f64,
    keyed: Vec<(i64, u32)>,
    /// By how much the cost of serving optional stops may exceed their prize for now. Stops that do not pay alone may pay
    /// together, and only the whole solution tells.
    prize_factor: Cost,
    /// Whether the next stop opens a route although another place is cheaper.
    open: bool,
    /// Stops that made room for others.
    pub(super) ejected: Vec<u32>,
}

/// How often optional stops are served at a loss, what the loss may be, in prizes, and how often the first of them then
/// opens a route.
const GENEROUS: f64 = 0.5;
const PRIZE_FACTOR: Cost = 16;
const GENEROUS_OPENING: f64 = 0.6;
/// How many stops may make room for others in an iteration.
const MAX_EJECTED: usize = 10;
/// More than any route costs, in prizes of one.
const ANY_PRICE: Cost = 1 << 20;

/// In which order stops are inserted.
#[derive(Clone, Copy)]
enum InsertionOrder {
    Random,
    Demand,
    Far,
    Near,
    TimeWindowWidth,
    EarlyFirst,
    LateFirst,
}

/// The place found for a stop.
#[derive(Clone, Copy)]
struct InsertionPosition {
    delta: i32,
    after: u32,
}

impl Recreate {
    pub(crate) fn new(opening: f64, random: &mut Random) -> Self {
        Self {
            blinks: Blinks::new(BLINK, random),
            opening,
            keyed: Vec::new(),
            prize_factor: 1,
            open: false,
            ejected: Vec::new(),
        }
    }

    /// Inserts those of `stops` that can be inserted and pay.
    pub(crate) fn run<const TIMED: bool>(
        &mut self,
        routes: &mut Routes<'_, TIMED>,
        random: &mut Random,
        stops: &[u32],
    ) {
        let prize_factor = if routes.data.has_optional && random.unit() < GENEROUS { PRIZE_FACTOR } else { 1 };
        self.run_with(routes, random, stops, prize_factor);
    }

    /// As [`run`](Self::run), but serves optional stops whatever their prize.
    pub(crate) fn run_at_any_price<const TIMED: bool>(
        &mut self,
        routes: &mut Routes<'_, TIMED>,
        random: &mut Random,
        stops: &[u32],
    ) {
        self.run_with(routes, random, stops, ANY_PRICE);
    }

    fn run_with<const TIMED: bool>(
        &mut self,
        routes: &mut Routes<'_, TIMED>,
        random: &mut Random,
        stops: &[u32],
        prize_factor: Cost,
    ) {
        self.prize_factor = prize_factor;
        self.open = random.unit() < if prize_factor == PRIZE_FACTOR { GENEROUS_OPENING } else { self.opening };
        let order = choose_order(random, routes.data.timed);
        let mut keyed = std::mem::take(&mut self.keyed);
        keyed.clear();
        let data = routes.data;
        keyed.extend(stops.iter().map(|&c| (key(data, order, c as usize, random), c)));
        keyed.sort_unstable();
        self.ejected.clear();
        let mut reinserted = 0;
        for &(_, c) in &keyed {
            self.insert(routes, random, c as usize);
            while let Some(&c) = self.ejected.get(reinserted) {
                reinserted += 1;
                self.insert(routes, random, c as usize);
            }
        }
        if prize_factor == PRIZE_FACTOR {
            drop_unpaid(routes, &keyed);
        }
        self.keyed = keyed;
    }

    /// The stops that made room for others in the last run; they were inserted again if that was possible.
    pub(crate) fn ejected(&self) -> &[u32] {
        &self.ejected
    }

    fn insert<const TIMED: bool>(&mut self, routes: &mut Routes<'_, TIMED>, random: &mut Random, c: usize) {
        let data = routes.data;
        let demand = i64::from(data.demand[c]);
        let depot = data.vehicles[0].start_point as usize;
        let mut best = InsertionPosition { delta: i32::MAX, after: NONE };
        let candidate_arcs = data.neighbours.candidate_arcs(c);
        let reach = candidate_arcs.last().map_or(0, |a| a.distance);
        for &CandidateArc { node: v, distance: to } in candidate_arcs {
            let v = v as usize;
            let node = routes.nodes[v];
            if node.route == NONE || routes.info[node.route as usize].load + demand > data.capacity {
                continue;
            }
            let delta = routes.insertion(c, v, to);
            if delta < best.delta && !self.blinks.next(random) && routes.in_time(c, v, node.next as usize) {
                best = InsertionPosition { delta, after: v as u32 };
            }
            // The place before `v` is another candidate's place after itself, unless what comes before is far or a depot.
            let p = node.prev as usize;
            if !routes.is_stop(p) || node.arc + to > reach {
                let delta = routes.insertion(c, p, routes.distance(p, c));
                if delta < best.delta && !self.blinks.next(random) && routes.in_time(c, p, v) {
                    best = InsertionPosition { delta, after: p as u32 };
                }
            }
        }
        if best.after == NONE && data.neighbours.candidates(c).iter().all(|&v| routes.nodes[v as usize].route == NONE) {
            best = fallback_position(routes, c, demand);
        }
        let alone = i64::from(data.travel.distance(0, depot, c)) + i64::from(data.travel.distance(0, c, depot));
        let mut cost = if best.after == NONE { i64::MAX } else { routes.distance_cost(i64::from(best.delta)) };
        let alone = routes.distance_cost(alone) + routes.fixed_cost();
        let opens = std::mem::take(&mut self.open);
        let may_eject = !opens && data.required[c] && self.ejected.len() < MAX_EJECTED;
        if may_eject && alone < cost && self.eject(routes, c, alone) {
            return;
        }
        if (opens || alone < cost)
            && demand <= data.capacity
            && let Some(route) = routes.unused()
        {
            let start = routes.start(route);
            if routes.in_time(c, start, routes.end(route)) {
                cost = alone;
                best.after = start as u32;
            }
        }
        if best.after != NONE && cost < routes.penalty[c] * self.prize_factor {
            routes.insert(c, best.after as usize);
        }
    }
}

/// Where none of the neighbours is served: the best position at the beginning or the end of a route.
fn fallback_position<const TIMED: bool>(routes: &Routes<'_, TIMED>, c: usize, demand: i64) -> InsertionPosition {
    let mut best = InsertionPosition { delta: i32::MAX, after: NONE };
    for route in (0..routes.info.len()).filter(|&r| routes.info[r].size > 0) {
        if routes.info[route].load + demand > routes.data.capacity {
            continue;
        }
        for v in [routes.start(route), routes.nodes[routes.end(route)].prev as usize] {
            let delta = routes.insertion(c, v, routes.distance(v, c));
            if delta < best.delta && routes.in_time(c, v, routes.nodes[v].next as usize) {
                best = InsertionPosition { delta, after: v as u32 };
            }
        }
    }
    best
}

/// Takes out again what costs more than its prize, after all is in place.
fn drop_unpaid<const TIMED: bool>(routes: &mut Routes<'_, TIMED>, stops: &[(i64, u32)]) {
    for &(_, u) in stops {
        let u = u as usize;
        if routes.data.required[u] || routes.nodes[u].route == NONE {
            continue;
        }
        let (p, s) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        let saved =
            i64::from(routes.nodes[u].arc) + i64::from(routes.nodes[s].arc) - i64::from(routes.arc_between(p, s));
        if routes.distance_cost(saved) > routes.penalty[u] && !routes.remove(u, u) {
            routes.insert(u, p);
        }
    }
}

fn choose_order(random: &mut Random, timed: bool) -> InsertionOrder {
    match random.below(if timed { 17 } else { 11 }) {
        0..4 => InsertionOrder::Random,
        4..8 => InsertionOrder::Demand,
        8..10 => InsertionOrder::Far,
        10 => InsertionOrder::Near,
        11..13 => InsertionOrder::TimeWindowWidth,
        13..15 => InsertionOrder::EarlyFirst,
        _ => InsertionOrder::LateFirst,
    }
}

fn key(data: &Data<'_>, order: InsertionOrder, c: usize, random: &mut Random) -> i64 {
    let depot = data.vehicles[0].start_point as usize;
    match order {
        InsertionOrder::Random => (random.bits() >> 1) as i64,
        InsertionOrder::Demand => -data.size[c],
        InsertionOrder::Far => -i64::from(data.travel.distance(0, depot, c)),
        InsertionOrder::Near => i64::from(data.travel.distance(0, depot, c)),
        InsertionOrder::TimeWindowWidth => i64::from(data.late[c]) - i64::from(data.early[c]),
        InsertionOrder::EarlyFirst => i64::from(data.early[c]),
        InsertionOrder::LateFirst => -i64::from(data.late[c]),
    }
}
