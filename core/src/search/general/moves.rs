//! Moves between and within routes that insertion does not make: exchange of tails, reversal, exchange of vehicles. Each
//! proposes new sequences of elements; the exact pass decides, and halts are placed anew where it does not pass.

use crate::search::data::NONE;
use crate::search::general::element::{Element, Role};
use crate::search::general::exchange::{joins, least_with, takes};
use crate::search::general::layout::Layout;
use crate::search::general::route::{Gap, Route};
use crate::search::general::solution::{Solution, copy_prefix};
use crate::search::general::value::Value;
use crate::search::random::Random;
use crate::units::Cost;

/// How many near stops are looked at.
const WIDTH: usize = 12;
/// How many moves of an iteration may have halts placed anew.
const PLACED: usize = 2;
/// Longest piece that is moved as it is.
pub(super) const LONGEST: usize = 3;

/// Improves routes, and its space.
#[derive(Default)]
pub(super) struct Moves {
    stops: Vec<u32>,
    order: [Vec<u32>; 2],
    before: Value,
    after: Value,
    pub(super) queue: Vec<u32>,
    pub(super) queued: Vec<bool>,
    /// How often halts may still be placed anew for a move of this iteration.
    left: usize,
    /// Whether the routes that exchange elements have vehicles of one type.
    one_kind: bool,
}

impl Moves {
    /// Makes better moves around the given stops.
    pub(super) fn run(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
        self.left = crate::search::general::knob("MK_PLACED", 2.0) as usize;
        if solution.layout.is_lean {
            self.run_lean(solution, around);
            return;
        }
        for &u in around {
            let mut left = 4;
            while left > 0 && solution.route_of(u) != NONE && self.improve(solution, u) {
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
        let stops = &self.stops;
        let away = |v: u32| {
            let route = solution.route_of(v);
            route != NONE && !stops.contains(&v)
        };
        relations.hold_within(stops)
            && stops.iter().all(|&u| !relations.same_route[u as usize].iter().any(|&v| away(v)))
            && routes.iter().all(|&route| route != NONE as usize)
    }

    /// Drives the stops between two positions the other way round.
    pub(super) fn reverse(&mut self, solution: &mut Solution<'_>, route: usize, a: usize, b: usize) -> bool {
        let layout = solution.layout;
        let symmetric =
            if layout.is_lean { layout.problem.travel().is_symmetric() } else { layout.base.metric.is_symmetric() };
        if !symmetric || !layout.problem.shipments().is_empty() {
            return false;
        }
        let (low, high) = (a.min(b), a.max(b));
        let own = &solution.routes[route];
        let kind = own.kind;
        // From low to high, then on from the stop behind low; or from the one before low to the one before high.
        for (from, to) in [(low + 1, high), (low, high - 1)] {
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
            return false;
        }
        false
    }

    /// Moves a piece of up to three stops that begins or ends with `u` next to `v` of another route.
    pub(super) fn relocate(&mut self, solution: &mut Solution<'_>, u: u32, v: u32) -> bool {
        if solution.layout.timed && !solution.layout.is_lean || !solution.layout.problem.shipments().is_empty() {
            return false;
        }
        let ((a, at), (b, to)) = (solution.place[u as usize], solution.place[v as usize]);
        let (a, at, b, to) = (a as usize, at as usize, b as usize, to as usize);
        for length in 1..=LONGEST {
            for (first, after, reversed) in [
                (at, to, false),
                ((at + 1).saturating_sub(length), to - 1, false),
                (at, to - 1, true),
                ((at + 1).saturating_sub(length), to, true),
            ] {
                let (one, other) = (&solution.routes[a], &solution.routes[b]);
                let last = first + length - 1;
                if first < one.fixed
                    || last + 1 >= one.elements.len()
                    || after + 1 < other.fixed
                    || (length == 1 && reversed)
                    || !one.elements[first..=last].iter().all(|e| e.is_stop())
                {
                    continue;
                }
                let (g, h) = (&one.gaps[first - 1], &one.gaps[last]);
                let (head, tail) = if reversed { (h.from, g.to) } else { (g.to, h.from) };
                let gap = other.gaps[after];
                let saved = Self::gap_arc(solution, one.kind, g)
                    + Self::gap_arc(solution, one.kind, h)
                    + Self::gap_arc(solution, other.kind, &gap);
                let (k, l) = (one.kind, other.kind);
                let rates =
                    solution.layout.vehicles[k].cost_per_distance - solution.layout.vehicles[l].cost_per_distance;
                let saved = saved + rates * (one.states[last].distance - one.states[first].distance);
                let saved = Self::left(solution, saved, &[(l, gap.from, head), (l, tail, gap.to), (k, g.from, h.to)]);
                let empties = one.num_stops() == length;
                if (saved <= 0 && !empties) || gap.closed || !takes(solution, (a, first, last), (b, after), reversed) {
                    continue;
                }
                let before = one.cost + other.cost;
                let mut new = [solution.take_spare(), solution.take_spare()];
                let (one, other) = (&solution.routes[a], &solution.routes[b]);
                (new[0].kind, new[0].fixed) = (one.kind, one.fixed);
                new[0].elements.clone_from(&one.elements);
                let mut piece: Vec<Element> = new[0].elements.drain(first..=last).collect();
                if reversed {
                    piece.reverse();
                }
                (new[1].kind, new[1].fixed) = (other.kind, other.fixed);
                new[1].elements.clone_from(&other.elements);
                new[1].elements.splice((after + 1)..=after, piece);
                if self.settle_pair(solution, [a, b], [first - 1, after], new, before) {
                    return true;
                }
            }
        }
        false
    }

    /// Moves a whole trip of a random stop to another vehicle, before or behind one of its trips, or exchanges it for one of
    /// them, where both routes together cost less than `excess` more than now. Whether that was done.
    pub(super) fn move_trip(&mut self, solution: &mut Solution<'_>, random: &mut Random, excess: Cost) -> bool {
        let layout = solution.layout;
        self.left = PLACED;
        let u = random.below(solution.place.len());
        let (a, at) = solution.place[u];
        if a == NONE || (at as usize) < solution.routes[a as usize].fixed {
            return false;
        }
        let (a, piece) = (a as usize, trip_around(&solution.routes[a as usize], at as usize));
        // Another route: that of a near stop, or an unused vehicle.
        let near = layout.base.neighbours.near(u);
        let v = near.get(random.below(near.len().max(1))).map_or(u, |&v| v as usize);
        let (mut b, mut to) = (solution.place[v].0, solution.place[v].1 as usize);
        if b == NONE || b as usize == a || random.below(8) == 0 {
            let kind = random.below(layout.vehicles.len());
            let Some(unused) = solution.unused(kind) else { return false };
            (b, to) = (unused as u32, 0);
        }
        let b = b as usize;
        let other = &solution.routes[b];
        if to < other.fixed && to > 0 {
            return false;
        }
        let there = if to == 0 { (0, 0) } else { trip_around(other, to) };
        let exchange = to > 0 && random.below(2) == 0;
        let keep = |e: &Element| e.is_stop() || e.is_emptying();
        let one = &solution.routes[a];
        let moved: Vec<Element> = one.elements[piece.0 + 1..=piece.1].iter().copied().filter(keep).collect();
        let back: Vec<Element> = if exchange {
            other.elements[there.0 + 1..=there.1].iter().copied().filter(keep).collect()
        } else {
            Vec::new()
        };
        let before = one.cost + other.cost + excess;
        let mut new = [solution.take_spare(), solution.take_spare()];
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        splice_trip(one, piece, &back, true, &mut new[0]);
        // Behind the other trip, or in its place.
        let gap = if exchange { there } else { (there.1, there.1) };
        splice_trip(other, gap, &moved, exchange, &mut new[1]);
        self.settle_pair(solution, [a, b], [piece.0, gap.0], new, before)
    }

    /// Gives routes cheaper vehicles of other types that are not in use.
    pub(super) fn change_vehicles(&mut self, solution: &mut Solution<'_>, routes: &[u32]) {
        if solution.layout.vehicles.len() < 2 {
            return;
        }
        for &route in routes {
            let route = route as usize;
            let own = &solution.routes[route];
            if own.is_empty() || own.fixed > 1 {
                continue;
            }
            let mut best: Option<(usize, Route)> = None;
            for kind in 0..solution.layout.vehicles.len() {
                let Some(slot) = solution.spare_vehicle(kind) else { continue };
                if kind == solution.routes[route].kind {
                    continue;
                }
                let limit = best.as_ref().map_or(solution.routes[route].cost, |b| b.1.cost);
                if let Some(new) = self.with_vehicle(solution, route, kind, limit) {
                    best = Some((slot, new));
                }
            }
            if let Some((slot, new)) = best {
                let kind = solution.routes[route].kind;
                self.take_over(solution, [route, slot], [Route::empty(kind), new]);
            }
        }
    }

    /// The route with a vehicle of another type, where that costs less than `limit`.
    fn with_vehicle(&mut self, solution: &mut Solution<'_>, route: usize, kind: usize, limit: Cost) -> Option<Route> {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[kind];
        let own = &solution.routes[route];
        let same_profile = vehicle.profile == layout.vehicles[own.kind].profile;
        if vehicle.lean && layout.vehicles[own.kind].lean && same_profile && least_with(layout, own, kind) >= limit {
            return None;
        }
        let least =
            vehicle.fixed_cost + if same_profile { vehicle.cost_per_distance * own.last().distance / 2 } else { 0 };
        if least >= limit || !own.stops().all(|u| layout.base.vehicles[kind].allows(u as usize)) {
            return None;
        }
        let mut new = solution.take_spare();
        let own = &solution.routes[route];
        (new.kind, new.fixed) = (kind, 1);
        new.elements.clone_from(&own.elements);
        new.states.clear();
        if vehicle.lean || (!vehicle.has_halts && !layout.vehicles[own.kind].has_halts) {
            if layout.evaluate(&mut new, 0, true) && new.cost < limit {
                return Some(new);
            }
            solution.give_back(new);
            return None;
        }
        solution.give_back(new);
        solution.free_order(route, &mut self.order[1]);
        let order = std::mem::take(&mut self.order[1]);
        let placed = solution.placed(route, kind, &order, limit);
        self.order[1] = order;
        placed
    }

    /// Lets pairs of routes exchange their vehicles, where that is better.
    pub(super) fn swap_vehicles(&mut self, solution: &mut Solution<'_>, routes: &[u32]) {
        if solution.layout.vehicles.len() < 2 {
            return;
        }
        for &a in routes {
            for b in 0..solution.routes.len() {
                let a = a as usize;
                let (one, other) = (&solution.routes[a], &solution.routes[b]);
                if one.is_empty() || other.is_empty() || one.kind == other.kind || one.fixed > 1 || other.fixed > 1 {
                    continue;
                }
                let (k, l, before) = (one.kind, other.kind, one.cost + other.cost);
                let Some(new_b) = self.with_vehicle(solution, b, k, before) else { continue };
                let Some(new_a) = self.with_vehicle(solution, a, l, before - new_b.cost) else {
                    solution.give_back(new_b);
                    continue;
                };
                if new_a.cost + new_b.cost < before && solution.sites_take(a, &new_b) && solution.sites_take(b, &new_a)
                {
                    // Each slot keeps its vehicle: the routes change places.
                    self.take_over(solution, [a, b], [new_b, new_a]);
                } else {
                    solution.give_back(new_a);
                    solution.give_back(new_b);
                }
            }
        }
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

/// The trip around a position: from the emptying before it, left out, to the one behind it, taken in.
fn trip_around(route: &Route, at: usize) -> (usize, usize) {
    let last = route.elements.len() - 2;
    let from = (route.fixed..at).rev().find(|&p| route.elements[p].is_emptying()).unwrap_or(route.fixed - 1);
    let to = (at..=last).find(|&p| route.elements[p].is_emptying()).unwrap_or(last);
    (from, to)
}

/// Writes a route with other elements in the place of a piece, whose pauses stay.
fn splice_trip(route: &Route, (from, to): (usize, usize), elements: &[Element], out: bool, new: &mut Route) {
    (new.kind, new.fixed) = (route.kind, route.fixed);
    new.elements.clear();
    new.elements.extend_from_slice(&route.elements[..=from]);
    new.elements.extend_from_slice(elements);
    if out {
        let stays = |e: &&Element| !e.is_stop() && !e.is_emptying();
        new.elements.extend(route.elements[from + 1..=to].iter().filter(stays));
    }
    new.elements.extend_from_slice(&route.elements[to + 1..]);
}

/// The stops of a route behind its fixed part.
fn free_stops(route: &Route) -> impl Iterator<Item = u32> + '_ {
    let from = route.fixed.min(route.elements.len());
    route.elements[from..].iter().filter_map(|e| e.node()).map(|u| u as u32)
}
