//! Recreate: greedy insertion in a random order, now and then blind for a place (Christiaens & Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914). Only positions beside a stop's candidate neighbours are evaluated, so that an iteration
//! costs the same whatever the problem's size and the routes' lengths.

use crate::search::classical::class::{Class, Load as _};
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
    /// Whether backhauls wait for a route, which only a linehaul opens.
    pub(super) backhauls_wait: bool,
    keyed: Vec<(i64, u32)>,
    /// By how much the cost of serving optional stops may exceed their prize for now. Stops that do not pay alone may pay
    /// together, and only the whole solution tells.
    prize_factor: Cost,
    /// Whether the next stop opens a route although another place is cheaper.
    open: bool,
    /// Whether larger vehicles may take routes over this time.
    upgrades: bool,
    /// Stops that made room for others.
    pub(super) ejected: Vec<u32>,
    stops: Vec<u32>,
}

/// How often optional stops are served at a loss, what the loss may be, in prizes, and how often the first of them then
/// opens a route.
const GENEROUS: f64 = 0.5;
const PRIZE_FACTOR: Cost = 16;
const GENEROUS_OPENING: f64 = 0.6;
/// The same where backhauls wait for a route.
const OPENING_FOR_WAITING: f64 = 0.5;
/// How often larger vehicles may take routes over.
const UPGRADES: f64 = 0.2;
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
    /// What it costs, as [`Routes::weigh`] says.
    weight: i64,
    after: u32,
    /// The unused route that takes the route over, since its vehicle is larger; `NONE`: it stays with its own.
    larger: u32,
}

impl Recreate {
    pub(crate) fn new(opening: f64, random: &mut Random) -> Self {
        Self {
            blinks: Blinks::new(BLINK, random),
            opening,
            backhauls_wait: false,
            keyed: Vec::new(),
            prize_factor: 1,
            open: false,
            upgrades: false,
            ejected: Vec::new(),
            stops: Vec::new(),
        }
    }

    /// Inserts those of `stops` that can be inserted and pay.
    pub(crate) fn run<C: Class>(&mut self, routes: &mut Routes<'_, C>, random: &mut Random, stops: &[u32]) {
        let prize_factor = if routes.data.has_optional && random.unit() < GENEROUS { PRIZE_FACTOR } else { 1 };
        self.run_with(routes, random, stops, prize_factor);
    }

    /// As [`run`](Self::run), but serves optional stops whatever their prize.
    pub(crate) fn run_at_any_price<C: Class>(
        &mut self,
        routes: &mut Routes<'_, C>,
        random: &mut Random,
        stops: &[u32],
    ) {
        self.run_with(routes, random, stops, ANY_PRICE);
    }

    fn run_with<C: Class>(
        &mut self,
        routes: &mut Routes<'_, C>,
        random: &mut Random,
        stops: &[u32],
        prize_factor: Cost,
    ) {
        self.prize_factor = prize_factor;
        self.open = random.unit()
            < match prize_factor {
                PRIZE_FACTOR => GENEROUS_OPENING,
                _ if self.backhauls_wait => OPENING_FOR_WAITING,
                _ => self.opening,
            };
        let linehauls_first = self.open && self.backhauls_wait;
        self.upgrades = C::FLEET && routes.has_larger() && random.unit() < UPGRADES;
        let order = choose_order(random, routes.data.timed);
        let mut keyed = std::mem::take(&mut self.keyed);
        keyed.clear();
        let data = routes.data;
        keyed.extend(stops.iter().map(|&c| (key(data, order, c as usize, random), c)));
        keyed.sort_unstable();
        if linehauls_first {
            keyed.sort_by_key(|&(_, c)| routes.is_backhaul(c as usize));
        }
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

    fn insert<C: Class>(&mut self, routes: &mut Routes<'_, C>, random: &mut Random, c: usize) {
        let data = routes.data;
        let mut best = self.best_position(routes, random, c);
        let is_alone = || data.neighbours.candidates(c).iter().all(|&v| routes.nodes[v as usize].route == NONE);
        // No route can be opened for a backhaul: it goes to where there is any place.
        if best.after == NONE && (routes.is_backhaul(c) || is_alone()) {
            best = fallback_position(routes, c);
        }
        let mut cost = if best.after == NONE { i64::MAX } else { routes.weighed_cost(best.weight) };
        let opens = !routes.is_backhaul(c) && std::mem::take(&mut self.open);
        let mut unused = match opens {
            _ if !C::FLEET => None,
            true => routes.any_unused(c, random),
            false => routes.cheapest_unused(c, cost),
        };
        // Without such a vehicle, ejections are tried for what another one of the first type would cost.
        let alone = unused.map_or_else(|| routes.cost_alone(0, c), |(_, alone)| alone);
        let may_eject = !opens && data.required[c] && self.ejected.len() < MAX_EJECTED;
        if may_eject && alone < cost && self.eject(routes, c, alone) {
            return;
        }
        if !C::FLEET
            && (opens || alone < cost)
            && routes.load_of(c).fits(data.capacity)
            && let Some(route) = routes.unused_of(0)
            && routes.may_stand(c, routes.start(route), routes.end(route))
        {
            unused = Some((route, alone));
        }
        if let Some((route, alone)) = unused
            && (opens || alone < cost)
        {
            cost = alone;
            best = InsertionPosition { weight: 0, after: routes.start(route) as u32, larger: NONE };
        }
        if best.after == NONE || cost >= routes.penalty[c] * self.prize_factor {
            return;
        }
        let mut after = best.after as usize;
        if C::FLEET && best.larger != NONE {
            let (route, larger) = (routes.nodes[after].route as usize, best.larger as usize);
            let is_first = after == routes.start(route);
            self.stops.clear();
            routes.list_stops(route, &mut self.stops);
            routes.rewrite([(route, &[]), (larger, &self.stops)]);
            after = if is_first { routes.start(larger) } else { after };
        }
        routes.insert(c, after);
    }

    /// The cheapest position of a stop beside its candidate neighbours.
    #[inline]
    fn best_position<C: Class>(&mut self, routes: &Routes<'_, C>, random: &mut Random, c: usize) -> InsertionPosition {
        let data = routes.data;
        let load = routes.load_of(c);
        let mut best = InsertionPosition { weight: i64::MAX, after: NONE, larger: NONE };
        let candidate_arcs = data.neighbours.candidate_arcs(c);
        // Those of the other kind may lie farther away than others that are not among them.
        let is_own = |arc: &&CandidateArc| !C::ORDERED || data.order[arc.node as usize] == data.order[c];
        let reach = candidate_arcs.iter().rev().find(is_own).map_or(0, |arc| arc.distance);
        for &CandidateArc { node: v, distance: to } in candidate_arcs {
            let v = v as usize;
            let node = routes.nodes[v];
            if node.route == NONE {
                continue;
            }
            let route = node.route as usize;
            let is_full = !routes.fits(route, load);
            if is_full && !(C::FLEET && self.upgrades) {
                continue;
            }
            let mut behind = routes.weigh(route, routes.insertion(c, v, to));
            // The place before `v` is another candidate's place after itself, unless what comes before is far, a
            // depot, or of the other kind.
            let p = node.prev as usize;
            let mut before = if !routes.is_stop(p) || node.arc + to > reach || routes.is_turn(p, v) {
                routes.weigh(route, routes.insertion(c, p, routes.distance(p, c)))
            } else {
                i64::MAX
            };
            if behind.min(before) >= best.weight || !routes.may_serve(route, c) {
                continue;
            }
            let (mut larger, mut change) = (NONE, 0);
            if C::FLEET && is_full {
                let Some((unused, cost)) = routes.larger_vehicle(route, c) else { continue };
                (larger, change) = (unused as u32, cost);
                if !routes.has_one_rate() {
                    behind = routes.weigh(unused, routes.insertion(c, v, to));
                    before = routes.weigh(unused, routes.insertion(c, p, routes.distance(p, c)));
                }
            }
            let is_better = |weight: i64, best: InsertionPosition| weight < best.weight.saturating_sub(change);
            if is_better(behind, best) && !self.blinks.next(random) && routes.may_stand(c, v, node.next as usize) {
                best = InsertionPosition { weight: behind + change, after: v as u32, larger };
            }
            if is_better(before, best) && !self.blinks.next(random) && routes.may_stand(c, p, v) {
                best = InsertionPosition { weight: before + change, after: p as u32, larger };
            }
        }
        best
    }
}

/// Where there is no place beside a neighbour: the best position at the beginning or the end of a route.
fn fallback_position<C: Class>(routes: &Routes<'_, C>, c: usize) -> InsertionPosition {
    let mut best = InsertionPosition { weight: i64::MAX, after: NONE, larger: NONE };
    let load = routes.load_of(c);
    for route in (0..routes.info.len()).filter(|&r| routes.info[r].size > 0) {
        if !routes.fits(route, load) || !routes.may_serve(route, c) {
            continue;
        }
        for v in [routes.start(route), routes.nodes[routes.end(route)].prev as usize] {
            let weight = routes.weigh(route, routes.insertion(c, v, routes.distance(v, c)));
            if weight < best.weight && routes.may_stand(c, v, routes.nodes[v].next as usize) {
                best = InsertionPosition { weight, after: v as u32, larger: NONE };
            }
        }
    }
    best
}

/// Takes out again what costs more than its prize, after all is in place.
fn drop_unpaid<C: Class>(routes: &mut Routes<'_, C>, stops: &[(i64, u32)]) {
    for &(_, u) in stops {
        let u = u as usize;
        if routes.data.required[u] || routes.nodes[u].route == NONE {
            continue;
        }
        let (p, s) = (routes.nodes[u].prev as usize, routes.nodes[u].next as usize);
        let saved =
            i64::from(routes.nodes[u].arc) + i64::from(routes.nodes[s].arc) - i64::from(routes.arc_between(p, s));
        let route = routes.nodes[u].route as usize;
        if routes.distance_cost(route, saved) > routes.penalty[u] && !routes.remove(u, u) {
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
        InsertionOrder::Far => -i64::from(data.apart(depot, c)),
        InsertionOrder::Near => i64::from(data.apart(depot, c)),
        InsertionOrder::TimeWindowWidth => i64::from(data.late[c]) - i64::from(data.early[c]),
        InsertionOrder::EarlyFirst => i64::from(data.early[c]),
        InsertionOrder::LateFirst => -i64::from(data.late[c]),
    }
}
