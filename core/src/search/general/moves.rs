//! Moves between and within routes that insertion does not make: exchange of tails, reversal, exchange of vehicles. Each
//! proposes new sequences of elements; the exact pass decides, and halts are placed anew where it does not pass.

use crate::search::data::NONE;
use crate::search::general::element::{Element, Role};
use crate::search::general::fits::joins;
use crate::search::general::layout::Layout;
use crate::search::general::route::{Gap, Route};
use crate::search::general::solution::{Solution, copy_prefix};
use crate::search::general::value::Value;
use crate::units::Cost;

/// How many near stops are looked at.
const WIDTH: usize = 12;
/// How many moves of an iteration may have halts placed anew.
pub(super) const PLACED: usize = 2;

/// Improves routes, and its space.
#[derive(Default)]
pub(super) struct Moves {
    stops: Vec<u32>,
    pub(super) order: [Vec<u32>; 2],
    before: Value,
    after: Value,
    pub(super) queue: Vec<u32>,
    pub(super) queued: Vec<bool>,
    /// Pieces around a stop: what their route saves without them, in distance, and the stop at their other end.
    pub(super) pieces: Vec<(i64, u32)>,
    /// Whether what a piece saves bounds what moving it gains.
    pub(super) bounds_pieces: bool,
    /// Whether what tails save in distance bounds what exchanging them gains.
    pub(super) bounds_tails: bool,
    /// How often halts may still be placed anew for a move of this iteration.
    pub(super) left: usize,
    /// How often a route with reloads has been held against another vehicle type.
    pub(super) turns: u32,
    /// Whether the routes that exchange elements have vehicles of one type.
    one_kind: bool,
}

impl Moves {
    /// Makes better moves around the given stops.
    pub(super) fn run(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
        self.left = PLACED;
        if solution.layout.is_lean {
            self.run_lean(solution, around);
            return;
        }
        for &u in around {
            let mut left = 4;
            while left > 0 && !(solution.interrupt)() && solution.route_of(u) != NONE && self.improve(solution, u) {
                left -= 1;
            }
        }
    }

    /// Makes the first better move of a stop.
    fn improve(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        let layout = solution.layout;
        let candidates = layout.base.neighbours.candidates(u as usize);
        for &v in candidates.iter().take(WIDTH) {
            let (a, b) = (solution.place[u as usize], solution.place[v as usize]);
            if b.0 == NONE || a.0 == NONE {
                continue;
            }
            let better = if a.0 == b.0 {
                self.reverse(solution, a.0 as usize, a.1 as usize, b.1 as usize)
            } else {
                self.swap_tails(solution, (a.0 as usize, a.1 as usize), (b.0 as usize, b.1 as usize - 1))
                    || self.swap_tails(solution, (a.0 as usize, a.1 as usize - 1), (b.0 as usize, b.1 as usize))
                    || self.relocate(solution, u, v)
            };
            if better {
                return true;
            }
        }
        false
    }

    /// What an arc costs, distance and duration together.
    #[inline]
    pub(super) fn arc(solution: &Solution<'_>, kind: usize, from: u32, to: u32) -> Cost {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[kind];
        let distance = vehicle.cost_per_distance * layout.distance(vehicle, from, to);
        if vehicle.cost_per_duration == 0 {
            return distance;
        }
        distance + vehicle.cost_per_duration * layout.duration(vehicle, from, to)
    }

    /// What the arc of a gap costs.
    #[inline]
    pub(super) fn gap_arc(solution: &Solution<'_>, kind: usize, gap: &Gap) -> Cost {
        let vehicle = &solution.layout.vehicles[kind];
        if vehicle.cost_per_duration == 0 {
            return vehicle.cost_per_distance * gap.arc;
        }
        Self::arc(solution, kind, gap.from, gap.to)
    }

    /// What is left of a saving after new arcs; stops where nothing is left.
    #[inline]
    pub(super) fn left(solution: &Solution<'_>, mut saved: Cost, arcs: &[(usize, u32, u32)]) -> Cost {
        for &(kind, from, to) in arcs {
            if saved <= 0 {
                break;
            }
            saved -= Self::arc(solution, kind, from, to);
        }
        saved
    }

    /// Joins the part of one route up to `a.1` with the part of another behind `b.1`, and the other way round.
    pub(super) fn swap_tails(&mut self, solution: &mut Solution<'_>, a: (usize, usize), b: (usize, usize)) -> bool {
        let (one, other) = (&solution.routes[a.0], &solution.routes[b.0]);
        if a.1 + 1 < one.fixed || b.1 + 1 < other.fixed || one.gaps[a.1].closed || other.gaps[b.1].closed {
            return false;
        }
        let (g, h) = (one.gaps[a.1], other.gaps[b.1]);
        let arc = |kind: usize, from: u32, to: u32| Self::arc(solution, kind, from, to);
        let ends = |kind: usize, gap_to: u32, old: usize| {
            // A tail that is only the way home leads to the own home.
            let vehicle = &solution.layout.vehicles[kind];
            if gap_to == solution.layout.vehicles[old].end_point { vehicle.end_point } else { gap_to }
        };
        let (k, l) = (one.kind, other.kind);
        let ends_elsewhere = |x: &Route, p: usize, kind: usize| {
            // A tail with stops leads to the other vehicle's end.
            let (from, to) = (solution.layout.vehicles[x.kind].end_point, solution.layout.vehicles[kind].end_point);
            let last = x.states[x.elements.len() - 2].point;
            if from == to || p + 2 >= x.elements.len() { 0 } else { arc(x.kind, last, from) - arc(kind, last, to) }
        };
        // A tail is driven at the other vehicle's rate.
        let tail = |x: &Route, p: usize| {
            x.states[x.elements.len() - 2].distance - x.states[(p + 1).min(x.elements.len() - 2)].distance
        };
        let rates = if solution.layout.rate.is_some() {
            0
        } else {
            let (x, y) = (solution.layout.vehicles[k].cost_per_distance, solution.layout.vehicles[l].cost_per_distance);
            (x - y) * (tail(one, a.1) - tail(other, b.1))
        };
        let saved = rates
            + ends_elsewhere(one, a.1, l)
            + ends_elsewhere(other, b.1, k)
            + arc(k, g.from, g.to)
            + arc(l, h.from, h.to)
            - arc(k, g.from, ends(k, h.to, l))
            - arc(l, h.from, ends(l, g.to, k));
        let empties = a.1 == 0 && b.1 + 2 == other.elements.len() || b.1 == 0 && a.1 + 2 == one.elements.len();
        if saved <= 0 && !empties {
            return false;
        }
        if one.states[a.1].on_board > 0
            || other.states[b.1].on_board > 0
            || !joins(solution, a, b)
            || !joins(solution, b, a)
        {
            return false;
        }
        let before = one.cost + other.cost;
        let splice = |x: &Route, p: usize, y: &Route, q: usize, new: &mut Route| {
            (new.kind, new.fixed) = (x.kind, x.fixed);
            new.elements.clear();
            new.elements.extend_from_slice(&x.elements[..=p]);
            new.elements.extend_from_slice(&y.elements[q + 1..]);
        };
        let mut new = [solution.take_spare(), solution.take_spare()];
        splice(&solution.routes[a.0], a.1, &solution.routes[b.0], b.1, &mut new[0]);
        splice(&solution.routes[b.0], b.1, &solution.routes[a.0], a.1, &mut new[1]);
        self.settle_pair(solution, [a.0, b.0], [a.1, b.1], new, before)
    }

    /// Takes over two new routes where both are feasible and cost less together.
    pub(super) fn settle_pair(
        &mut self,
        solution: &mut Solution<'_>,
        routes: [usize; 2],
        heads: [usize; 2],
        mut new: [Route; 2],
        before: Cost,
    ) -> bool {
        self.one_kind = new[0].kind == new[1].kind;
        // What each side costs at least bounds the other.
        let mut least = [0; 2];
        let mut feasible = true;
        for side in 0..2 {
            feasible = feasible && self.may_serve(solution, routes, &new[side]);
            if feasible && solution.layout.vehicles[new[side].kind].has_halts && !solution.layout.is_lean {
                let order = &mut self.order[0];
                order.clear();
                order.extend(free_stops(&new[side]));
                least[side] = solution.least(routes[side], new[side].kind, order);
            }
        }
        feasible = feasible && least[0] + least[1] < before;
        feasible = feasible && self.build(solution, routes[0], heads[0], &mut new[0], before - least[1]);
        let first = new[0].cost;
        feasible = feasible && self.build(solution, routes[1], heads[1], &mut new[1], before - first);
        let spent = first + new[1].cost;
        if !feasible || spent >= before {
            let [one, other] = new;
            solution.give_back(one);
            solution.give_back(other);
            return false;
        }
        let [one, other] = new;
        if !solution.sites_take(routes[0], &one) || !solution.sites_take(routes[1], &other) {
            solution.give_back(one);
            solution.give_back(other);
            return false;
        }
        self.take_over(solution, routes, [one, other])
    }

    /// Puts new routes in the place of others; where goals make the whole worse by that, they are put back.
    pub(super) fn take_over<const N: usize>(
        &mut self,
        solution: &mut Solution<'_>,
        routes: [usize; N],
        new: [Route; N],
    ) -> bool {
        if solution.goals.is_empty() {
            for (route, new) in routes.into_iter().zip(new) {
                solution.install(route, new);
            }
            return true;
        }
        solution.value(&mut self.before);
        let old = routes.map(|route| solution.routes[route].clone());
        for (route, new) in routes.into_iter().zip(new) {
            solution.install(route, new);
        }
        solution.value(&mut self.after);
        if self.after < self.before {
            return true;
        }
        for (route, old) in routes.into_iter().zip(old) {
            solution.install(route, old);
        }
        false
    }

    /// Evaluates a new sequence whose elements up to `head` are the route's own; halts are placed anew where it does not pass.
    pub(super) fn build(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        head: usize,
        new: &mut Route,
        limit: Cost,
    ) -> bool {
        let layout = solution.layout;
        if !new.elements.iter().any(|e| e.is_stop()) && new.fixed <= 1 {
            let kind = new.kind;
            *new = Route::empty(kind);
            return true;
        }
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[new.kind];
        let knows = |e: &Element| match e.role() {
            Role::Break(_) | Role::Rest(_) => false,
            Role::Site(k) => vehicle.sites.contains(&(k as u32)),
            Role::Reload(depot) => vehicle.reload_at(depot).is_some(),
            _ => true,
        };
        // Halts of another vehicle type are not this one's.
        let foreign = !new.elements[head + 1..].iter().all(knows);
        let from = if own.kind == new.kind { Layout::halt_before(vehicle, &own.elements, head) + 1 } else { 0 };
        copy_prefix(layout, own, new, from);
        let of_one_kind = self.one_kind || !foreign;
        if of_one_kind && layout.evaluate(new, from, true) {
            return new.cost < limit;
        }
        if !vehicle.has_halts || vehicle.lean || self.left == 0 {
            return false;
        }
        self.left -= 1;
        let order = &mut self.order[0];
        order.clear();
        order.extend(free_stops(new));
        let kind = new.kind;
        let own = &solution.routes[route];
        let keep = if own.kind == kind { solution.window(route, head) } else { own.fixed };
        match solution.placed_behind(route, kind, keep, order, limit) {
            Some(placed) => {
                solution.give_back(std::mem::replace(new, placed));
                true
            }
            None => false,
        }
    }

    /// Whether a vehicle may serve the stops of a new sequence, and the relations among them and to other routes hold.
    pub(super) fn may_serve(&mut self, solution: &Solution<'_>, routes: [usize; 2], new: &Route) -> bool {
        let layout = solution.layout;
        let vehicle = &layout.base.vehicles[new.kind];
        if !vehicle.allowed.is_empty() && !new.stops().all(|u| vehicle.allows(u as usize)) {
            return false;
        }
        let relations = &layout.relations;
        if !relations.any() {
            return true;
        }
        self.stops.clear();
        self.stops.extend(new.stops());
        solution.relations_hold(&self.stops)
            && relations.are_together(&self.stops, &mut solution.marks.borrow_mut(), |v| solution.route_of(v) != NONE)
            && routes.iter().all(|&route| route != NONE as usize)
    }

    /// Drives the stops between two positions the other way round.
    pub(super) fn reverse(&mut self, solution: &mut Solution<'_>, route: usize, a: usize, b: usize) -> bool {
        let layout = solution.layout;
        let symmetric =
            if layout.is_lean { layout.problem.travel().is_symmetric() } else { layout.base.travel.is_symmetric() };
        if !symmetric || !layout.problem.shipments().is_empty() {
            return false;
        }
        let (low, high) = (a.min(b), a.max(b));
        let kind = solution.routes[route].kind;
        // From low to high, then on from the stop behind low; or from the one before low to the one before high.
        for (from, to) in [(low + 1, high), (low, high - 1)] {
            let own = &solution.routes[route];
            if from < own.fixed || to <= from || to + 1 >= own.elements.len() {
                continue;
            }
            let (g, h) = (&own.gaps[from - 1], &own.gaps[to]);
            let saved = Self::gap_arc(solution, kind, g) + Self::gap_arc(solution, kind, h);
            if Self::left(solution, saved, &[(kind, g.from, h.from), (kind, g.to, h.to)]) <= 0
                || !own.elements[from..=to].iter().all(|e| e.is_stop())
            {
                continue;
            }
            let mut new = solution.take_spare();
            let own = &solution.routes[route];
            (new.kind, new.fixed) = (own.kind, own.fixed);
            new.elements.clone_from(&own.elements);
            new.elements[from..=to].reverse();
            let before = own.cost;
            self.one_kind = true;
            if self.may_serve(solution, [route; 2], &new)
                && self.build(solution, route, from - 1, &mut new, before)
                && solution.sites_take(route, &new)
            {
                return self.take_over(solution, [route], [new]);
            }
            solution.give_back(new);
        }
        false
    }

    /// Takes out what costs more than it is worth, after all is in place.
    pub(super) fn drop_unpaid(solution: &mut Solution<'_>, stops: &[u32]) {
        let data = solution.layout.base;
        for &u in stops {
            let node = u as usize;
            let route = solution.route_of(u);
            let optional = !data.required[node]
                && solution.layout.class[node] == 0
                && solution.layout.relations.set_of[node] == NONE;
            if route == NONE || !optional || (data.partner[node] != NONE && !data.is_pickup(node)) {
                continue;
            }
            let route = route as usize;
            if (solution.place[node].1 as usize) < solution.routes[route].fixed {
                continue;
            }
            let mut out = vec![u];
            if data.partner[node] != NONE {
                out.push(data.partner[node]);
            }
            let prize: Cost = match data.group[node] {
                NONE => data.prize[node],
                group => data.members[group as usize].iter().map(|&v| data.prize[v as usize]).sum(),
            };
            if let Some(new) = solution.without(route, &out) {
                if solution.routes[route].cost - new.cost > prize {
                    solution.install(route, new);
                } else {
                    solution.give_back(new);
                }
            }
        }
    }
}

/// The stops of a route behind its fixed part.
fn free_stops(route: &Route) -> impl Iterator<Item = u32> + '_ {
    let from = route.fixed.min(route.elements.len());
    route.elements[from..].iter().filter_map(|e| e.node()).map(|u| u as u32)
}
