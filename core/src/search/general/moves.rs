//! Moves between and within routes that insertion does not make: exchange of tails, reversal, exchange of vehicles. Each
//! proposes new sequences of elements; the exact pass decides, and halts are placed anew where it does not pass.

use crate::search::data::NONE;
use crate::search::general::UNLIMITED;
use crate::search::general::element::Element;
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::route::{Gap, Route};
use crate::search::general::solution::{Solution, copy_prefix};
use crate::search::general::value::Value;
use crate::units::Cost;

/// How many near stops are looked at.
const WIDTH: usize = 12;
/// Longest piece that is moved as it is.
const LONGEST: usize = 3;

/// Improves routes, and its space.
#[derive(Default)]
pub(super) struct Moves {
    stops: Vec<u32>,
    order: [Vec<u32>; 2],
    before: Value,
    after: Value,
    queue: Vec<u32>,
    queued: Vec<bool>,
}

impl Moves {
    /// Makes better moves around the given stops.
    pub(super) fn run(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
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
    fn arc(solution: &Solution<'_>, kind: usize, from: u32, to: u32) -> Cost {
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
    fn gap_arc(solution: &Solution<'_>, kind: usize, gap: &Gap) -> Cost {
        let vehicle = &solution.layout.vehicles[kind];
        if vehicle.cost_per_duration == 0 {
            return vehicle.cost_per_distance * gap.arc;
        }
        Self::arc(solution, kind, gap.from, gap.to)
    }

    /// What is left of a saving after new arcs; stops where nothing is left.
    #[inline]
    fn left(solution: &Solution<'_>, mut saved: Cost, arcs: &[(usize, u32, u32)]) -> Cost {
        for &(kind, from, to) in arcs {
            if saved <= 0 {
                break;
            }
            saved -= Self::arc(solution, kind, from, to);
        }
        saved
    }

    /// Joins the part of one route up to `a.1` with the part of another behind `b.1`, and the other way round.
    fn swap_tails(&mut self, solution: &mut Solution<'_>, a: (usize, usize), b: (usize, usize)) -> bool {
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
        let tail = |x: &Route, p: usize| x.states[x.elements.len() - 2].distance - x.states[(p + 1).min(x.elements.len() - 2)].distance;
        let rates = if solution.layout.rate.is_some() {
            0
        } else {
            let (x, y) = (solution.layout.vehicles[k].cost_per_distance, solution.layout.vehicles[l].cost_per_distance);
            (x - y) * (tail(one, a.1) - tail(other, b.1))
        };
        let saved = rates + ends_elsewhere(one, a.1, l) + ends_elsewhere(other, b.1, k) + arc(k, g.from, g.to) + arc(l, h.from, h.to)
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
    fn settle_pair(
        &mut self,
        solution: &mut Solution<'_>,
        routes: [usize; 2],
        heads: [usize; 2],
        mut new: [Route; 2],
        before: Cost,
    ) -> bool {
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
    fn take_over<const N: usize>(&mut self, solution: &mut Solution<'_>, routes: [usize; N], new: [Route; N]) -> bool {
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
    fn build(&mut self, solution: &mut Solution<'_>, route: usize, head: usize, new: &mut Route, limit: Cost) -> bool {
        let layout = solution.layout;
        if !new.elements.iter().any(|e| e.is_stop()) && new.fixed <= 1 {
            let kind = new.kind;
            *new = Route::empty(kind);
            return true;
        }
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[new.kind];
        let from = if own.kind == new.kind { layout.halt_before(vehicle, &own.elements, head) + 1 } else { 0 };
        copy_prefix(layout, own, new, from);
        if layout.evaluate(new, from, true) {
            return new.cost < limit;
        }
        if !vehicle.has_halts || vehicle.lean {
            return false;
        }
        let order = &mut self.order[0];
        order.clear();
        order.extend(free_stops(new));
        let kind = new.kind;
        match solution.placed(route, kind, order, limit) {
            Some(placed) => {
                solution.give_back(std::mem::replace(new, placed));
                true
            }
            None => false,
        }
    }

    /// Whether a vehicle may serve the stops of a new sequence, and the relations among them and to other routes hold.
    fn may_serve(&mut self, solution: &Solution<'_>, routes: [usize; 2], new: &Route) -> bool {
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
    fn reverse(&mut self, solution: &mut Solution<'_>, route: usize, a: usize, b: usize) -> bool {
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
            if Self::left(solution, saved, &[(kind, g.from, h.from), (kind, g.to, h.to)]) <= 0 || !own.elements[from..=to].iter().all(|e| e.is_stop()) {
                continue;
            }
            let mut new = solution.take_spare();
            let own = &solution.routes[route];
            (new.kind, new.fixed) = (own.kind, own.fixed);
            new.elements.clone_from(&own.elements);
            new.elements[from..=to].reverse();
            let before = own.cost;
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
    fn relocate(&mut self, solution: &mut Solution<'_>, u: u32, v: u32) -> bool {
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
                let rates = solution.layout.vehicles[k].cost_per_distance - solution.layout.vehicles[l].cost_per_distance;
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
                new[1].elements.splice(after + 1..after + 1, piece);
                if self.settle_pair(solution, [a, b], [first - 1, after], new, before) {
                    return true;
                }
            }
        }
        false
    }

    /// Makes better moves around the given stops, on routes of nothing but stops and reloads, until there are none.
    fn run_lean(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
        let data = solution.layout.base;
        self.queued.resize(data.num_stops(), false);
        for &u in around {
            let served = |v: &u32| solution.route_of(*v) != NONE;
            let mut stop = Some(u).filter(served);
            if stop.is_none() && data.group[u as usize] != NONE {
                stop = data.members[data.group[u as usize] as usize].iter().copied().find(served);
            }
            if let Some(u) = stop {
                let spot = solution.spots[u as usize];
                [spot.from, u, spot.to].iter().for_each(|&v| self.push(v));
            }
        }
        let mut next = 0;
        while let Some(&u) = self.queue.get(next) {
            next += 1;
            self.queued[u as usize] = false;
            let mut left = 8;
            while left > 0 && solution.route_of(u) != NONE && self.improve_lean(solution, u) {
                left -= 1;
            }
        }
        self.queue.clear();
    }

    fn push(&mut self, u: u32) {
        if (u as usize) < self.queued.len() && !self.queued[u as usize] {
            self.queued[u as usize] = true;
            self.queue.push(u);
        }
    }

    /// Makes the first better move of a stop on a route of nothing but stops and reloads.
    fn improve_lean(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        /// How many near stops are looked at.
        const WIDTH: usize = 20;
        let layout = solution.layout;
        let data = layout.base;
        if data.group[u as usize] != NONE && self.replace(solution, u) {
            return true;
        }
        let spot = solution.spots[u as usize];
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = spot.before.max(spot.behind);
        let symmetric = layout.problem.travel().is_symmetric();
        let loose = !layout.timed;
        for approach in data.neighbours.approaches(u as usize).iter().take(WIDTH) {
            let v = approach.node;
            if approach.distance >= longest || solution.route_of(v) == NONE {
                continue;
            }
            let other = solution.spots[v as usize];
            let (a, p) = (solution.place[u as usize].0 as usize, solution.place[u as usize].1 as usize);
            let (b, q) = (solution.place[v as usize].0 as usize, solution.place[v as usize].1 as usize);
            let better = if a == b {
                self.reverse(solution, a, p, q) || (loose && self.move_within(solution, a, p, q))
            } else {
                self.swap_tails(solution, (a, p), (b, q - 1))
                    || self.swap_tails(solution, (a, p - 1), (b, q))
                    || (loose && symmetric && self.swap_tails_reversed(solution, (a, p), (b, q)))
                    || (loose && self.relocate(solution, u, v))
                    || (loose && (self.swap(solution, u, other.to) || self.swap(solution, u, other.from)))
            };
            if better {
                [spot.from, spot.to, v, other.from, other.to].iter().for_each(|&v| self.push(v));
                return true;
            }
        }
        false
    }

    /// Joins the head of one route with the reversed head of the other, and their tails likewise.
    fn swap_tails_reversed(&mut self, solution: &mut Solution<'_>, a: (usize, usize), b: (usize, usize)) -> bool {
        let layout = solution.layout;
        let (one, other) = (&solution.routes[a.0], &solution.routes[b.0]);
        let (n, m) = (one.elements.len(), other.elements.len());
        if one.last().trips > 1 || other.last().trips > 1 || !layout.problem.shipments().is_empty() {
            return false;
        }
        let (k, l) = (one.kind, other.kind);
        let (v, w) = (&layout.vehicles[k], &layout.vehicles[l]);
        let arc = |kind: usize, from: u32, to: u32| Self::arc(solution, kind, from, to);
        let (g, h) = (one.gaps[a.1], other.gaps[b.1]);
        let first = other.states[1].point;
        let mut saved = arc(k, g.from, g.to) + arc(l, h.from, h.to) - arc(k, g.from, h.from)
            + arc(l, w.start_point, first)
            - arc(k, first, v.end_point);
        if a.1 + 2 < n {
            let last = one.states[n - 2].point;
            saved += arc(k, last, v.end_point) - arc(l, w.start_point, last) - arc(l, g.to, h.to);
        } else {
            saved -= arc(l, w.start_point, h.to);
        }
        let rates = v.cost_per_distance - w.cost_per_distance;
        let inside = |x: &Route, p: usize, q: usize| x.states[q.max(p)].distance - x.states[p].distance;
        saved += rates * (inside(one, (a.1 + 1).min(n - 2), n - 2) - inside(other, 1, b.1));
        let empties = a.1 + 2 == n && b.1 + 2 == m;
        if saved <= 0 && !empties {
            return false;
        }
        let (width, end) = (layout.lanes(), |route: &Route| (route.elements.len() - 1) * layout.lanes());
        for d in 0..layout.dims {
            let (delivered, net) = (Layout::DELIVERED + d, layout.lane_net() + d);
            let loads = |route: &Route, at: usize| (route.lanes[at + delivered], route.lanes[at + net] + route.lanes[at + delivered]);
            let (head, rest) = (loads(one, a.1 * width), loads(other, b.1 * width));
            let (all, all_rest) = (loads(one, end(one)), loads(other, end(other)));
            let (x, y) = (v.capacity[d], w.capacity[d]);
            if head.0 + rest.0 > x
                || head.1 + rest.1 > x
                || all.0 + all_rest.0 - head.0 - rest.0 > y
                || all.1 + all_rest.1 - head.1 - rest.1 > y
            {
                return false;
            }
        }
        let before = one.cost + other.cost;
        let mut new = [solution.take_spare(), solution.take_spare()];
        let (one, other) = (&solution.routes[a.0], &solution.routes[b.0]);
        for (side, own) in [one, other].into_iter().enumerate() {
            (new[side].kind, new[side].fixed) = (own.kind, own.fixed);
            new[side].elements.clear();
        }
        new[0].elements.extend_from_slice(&one.elements[..=a.1]);
        new[0].elements.extend(other.elements[1..=b.1].iter().rev());
        new[0].elements.push(Element::END);
        new[1].elements.push(Element::START);
        new[1].elements.extend(one.elements[a.1 + 1..n - 1].iter().rev());
        new[1].elements.extend_from_slice(&other.elements[b.1 + 1..]);
        self.settle_pair(solution, [a.0, b.0], [a.1, 0], new, before)
    }

    /// Moves a piece of up to three stops that begins or ends at one position next to another of the same route.
    fn move_within(&mut self, solution: &mut Solution<'_>, route: usize, at: usize, to: usize) -> bool {
        for length in 1..=LONGEST {
            for (first, after, reversed) in [
                (at, to, false),
                ((at + 1).saturating_sub(length), to - 1, false),
                (at, to - 1, true),
                ((at + 1).saturating_sub(length), to, true),
            ] {
                let own = &solution.routes[route];
                let last = first + length - 1;
                if first < own.fixed.max(1)
                    || last + 1 >= own.elements.len()
                    || (first - 1..=last).contains(&after)
                    || (length == 1 && reversed)
                    || !own.elements[first..=last].iter().all(|e| e.is_stop())
                {
                    continue;
                }
                let (g, h, gap) = (&own.gaps[first - 1], &own.gaps[last], &own.gaps[after]);
                let (head, tail) = if reversed { (h.from, g.to) } else { (g.to, h.from) };
                let k = own.kind;
                let saved = Self::gap_arc(solution, k, g) + Self::gap_arc(solution, k, h) + Self::gap_arc(solution, k, gap);
                if gap.closed
                    || Self::left(solution, saved, &[(k, gap.from, head), (k, tail, gap.to), (k, g.from, h.to)]) <= 0
                {
                    continue;
                }
                let before = own.cost;
                let mut new = solution.take_spare();
                let own = &solution.routes[route];
                (new.kind, new.fixed) = (own.kind, own.fixed);
                new.elements.clear();
                let piece = &own.elements[first..=last];
                let rest = own.elements[..first].iter().chain(&own.elements[last + 1..]);
                let target = if after > last { after - length } else { after };
                for (p, &element) in rest.enumerate() {
                    new.elements.push(element);
                    if p == target {
                        if reversed {
                            new.elements.extend(piece.iter().rev());
                        } else {
                            new.elements.extend_from_slice(piece);
                        }
                    }
                }
                if self.may_serve(solution, [route; 2], &new)
                    && self.build(solution, route, after.min(first - 1), &mut new, before)
                {
                    return self.take_over(solution, [route], [new]);
                }
                solution.give_back(new);
            }
        }
        false
    }

    /// Two stops of different routes exchange their places.
    fn swap(&mut self, solution: &mut Solution<'_>, u: u32, x: u32) -> bool {
        let layout = solution.layout;
        let data = layout.base;
        if x as usize >= data.num_stops()
            || data.partner[u as usize] != NONE
            || data.partner[x as usize] != NONE
            || solution.route_of(x) == NONE
        {
            return false;
        }
        let (s, t) = (solution.spots[u as usize], solution.spots[x as usize]);
        let (a, p, b, q) = (s.route as usize, s.position as usize, t.route as usize, t.position as usize);
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        if a == b || p < one.fixed || q < other.fixed {
            return false;
        }
        let (k, l) = (one.kind, other.kind);
        let gap = |kind: usize, route: &Route, p: usize| Self::gap_arc(solution, kind, &route.gaps[p]);
        let saved = gap(k, one, p - 1) + gap(k, one, p) + gap(l, other, q - 1) + gap(l, other, q);
        let saved = Self::left(solution, saved, &[(l, t.from, u), (l, u, t.to), (k, s.from, x), (k, x, s.to)]);
        if saved <= 0 || !exchanges(solution, (one, p), u, x) || !exchanges(solution, (other, q), x, u) {
            return false;
        }
        let before = one.cost + other.cost;
        let mut new = [solution.take_spare(), solution.take_spare()];
        for (side, (route, at, stop)) in [(a, p, x), (b, q, u)].into_iter().enumerate() {
            let own = &solution.routes[route];
            (new[side].kind, new[side].fixed) = (own.kind, own.fixed);
            new[side].elements.clone_from(&own.elements);
            new[side].elements[at] = Element::stop(stop);
        }
        self.settle_pair(solution, [a, b], [p - 1, q - 1], new, before)
    }

    /// Serves another member of a group instead of `u`, in the same place, where that is better.
    fn replace(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        let layout = solution.layout;
        let data = layout.base;
        if layout.relations.any() || data.partner[u as usize] != NONE {
            return false;
        }
        let spot = solution.spots[u as usize];
        let (route, p) = (spot.route as usize, spot.position as usize);
        let own = &solution.routes[route];
        if p < own.fixed {
            return false;
        }
        let mut best = Self::arc(solution, own.kind, spot.from, u) + Self::arc(solution, own.kind, u, spot.to);
        let mut chosen = None;
        for &v in &data.members[data.group[u as usize] as usize] {
            let cost = Self::arc(solution, own.kind, spot.from, v) + Self::arc(solution, own.kind, v, spot.to);
            if cost < best {
                (best, chosen) = (cost, Some(v));
            }
        }
        let Some(v) = chosen.filter(|&v| exchanges(solution, (own, p), u, v)) else { return false };
        let before = own.cost;
        let mut new = solution.take_spare();
        let own = &solution.routes[route];
        (new.kind, new.fixed) = (own.kind, own.fixed);
        new.elements.clone_from(&own.elements);
        new.elements[p] = Element::stop(v);
        if self.may_serve(solution, [route; 2], &new) && self.build(solution, route, p - 1, &mut new, before) {
            self.push(v);
            return self.take_over(solution, [route], [new]);
        }
        solution.give_back(new);
        false
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
        let least = vehicle.fixed_cost + if same_profile { vehicle.cost_per_distance * own.last().distance / 2 } else { 0 };
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
                if new_a.cost + new_b.cost < before
                    && solution.sites_take(a, &new_b)
                    && solution.sites_take(b, &new_a)
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
    pub(super) fn drop_unpaid(&mut self, solution: &mut Solution<'_>, stops: &[u32]) {
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
            solution.free_order(route, &mut self.stops);
            let before = solution.routes[route].cost;
            self.stops.retain(|v| !out.contains(v));
            let order = std::mem::take(&mut self.stops);
            let kind = solution.routes[route].kind;
            let prize: Cost = match data.group[node] {
                NONE => data.prize[node],
                group => data.members[group as usize].iter().map(|&v| data.prize[v as usize]).sum(),
            };
            let limit = before - prize;
            let own = &solution.routes[route];
            let keeps_elements = !solution.layout.vehicles[kind].has_halts || order.is_empty();
            if keeps_elements && own.fixed <= 1 || limit > 0 {
                solution.replace_order(route, kind, &order, limit.min(UNLIMITED));
            }
            self.stops = order;
        }
    }
}

/// Whether the head of one route and the tail of another can fit together, as far as their joint tells.
fn joins(solution: &Solution<'_>, (a, p): (usize, usize), (b, q): (usize, usize)) -> bool {
    let layout = solution.layout;
    let (one, other) = (&solution.routes[a], &solution.routes[b]);
    let (vehicle, theirs) = (&layout.vehicles[one.kind], &layout.vehicles[other.kind]);
    if !vehicle.lean || !theirs.lean {
        return true;
    }
    let state = &one.states[p];
    if layout.timed && one.kind == other.kind {
        let arrival = state.leave + layout.duration(vehicle, state.point, other.gaps[q].to);
        if arrival > other.suffixes[q + 1].latest {
            return false;
        }
    }
    let (head, tail) = (&one.lanes[p * layout.lanes()..], &other.lanes[q * layout.lanes()..]);
    let room = &other.rooms[q * layout.rooms()..];
    (0..layout.dims).all(|d| {
        let (delivered, net) = (Layout::DELIVERED + d, layout.lane_net() + d);
        let ahead = room[layout.room_delivered() + d];
        // By how much the load rises at most behind the joint.
        let rise = theirs.capacity[d] - (tail[delivered] + ahead) - room[d] - tail[net];
        let all = head[delivered] + ahead;
        all + head[layout.lane_peak() + d] <= vehicle.capacity[d] && all + head[net] + rise <= vehicle.capacity[d]
    })
}

/// Whether a place can take a piece of another route, as far as the place tells.
fn takes(
    solution: &Solution<'_>,
    (a, first, last): (usize, usize, usize),
    (b, after): (usize, usize),
    reversed: bool,
) -> bool {
    let layout = solution.layout;
    let (one, other) = (&solution.routes[a], &solution.routes[b]);
    let vehicle = &layout.vehicles[other.kind];
    if !vehicle.lean {
        return true;
    }
    let (own, room) = (&other.lanes[after * layout.lanes()..], &other.rooms[after * layout.rooms()..]);
    let piece = &one.elements[first..=last];
    let fits = (0..layout.dims).all(|d| {
        let sum = |amounts: &[i64]| piece.iter().filter_map(|e| e.node()).map(|u| amounts[u * layout.dims + d]).sum::<i64>();
        let all = own[Layout::DELIVERED + d] + room[layout.room_delivered() + d] + sum(&layout.delivery);
        sum(&layout.waste) <= room[d] && all + own[layout.lane_peak() + d] <= vehicle.capacity[d]
    });
    if !fits || !layout.timed {
        return fits;
    }
    let state = &other.states[after];
    let (mut clock, mut at) = (state.leave, state.point);
    let mut serve = |e: &Element| {
        let Some(u) = e.node() else { return false };
        clock += layout.duration(vehicle, at, u as u32);
        at = u as u32;
        let Some((begin, ..)) = layout.serves(&layout.stops[u], clock) else { return false };
        clock = begin + layout.service(vehicle, u);
        true
    };
    let served = if reversed { piece.iter().rev().all(&mut serve) } else { piece.iter().all(&mut serve) };
    served && clock + layout.duration(vehicle, at, other.gaps[after].to) <= other.suffixes[after + 1].latest
}

/// Whether a route can carry `v` in the place of `u`, as far as the place tells.
fn exchanges(solution: &Solution<'_>, (route, at): (&Route, usize), u: u32, v: u32) -> bool {
    let layout = solution.layout;
    let vehicle = &layout.vehicles[route.kind];
    let (own, room) = (&route.lanes[(at - 1) * layout.lanes()..], &route.rooms[at * layout.rooms()..]);
    let (u, v) = (u as usize * layout.dims, v as usize * layout.dims);
    (0..layout.dims).all(|d| {
        let (waste, delivery) = (layout.waste[v + d] - layout.waste[u + d], layout.delivery[v + d] - layout.delivery[u + d]);
        let all = own[Layout::DELIVERED + d] + layout.delivery[u + d] + room[layout.room_delivered() + d];
        waste <= room[d] && all + delivery + own[layout.lane_peak() + d] <= vehicle.capacity[d]
    })
}

/// What a route of nothing but stops and reloads costs at least with a vehicle of another type and the same profile.
fn least_with(layout: &Layout<'_>, route: &Route, kind: usize) -> Cost {
    let (own, vehicle) = (&layout.vehicles[route.kind], &layout.vehicles[kind]);
    let (first, last) = (route.states[1].point, route.states[route.elements.len() - 2].point);
    let single = route.last().trips == 1;
    for d in 0..layout.dims {
        // What the trip loads at most.
        let most = own.capacity[d] - route.rooms[d];
        if single && most > vehicle.capacity[d] {
            return UNLIMITED;
        }
    }
    let ends = |v: &Vehicle| layout.distance(v, v.start_point, first) + layout.distance(v, last, v.end_point);
    let distance = route.last().distance - ends(own) + ends(vehicle);
    vehicle.fixed_cost + vehicle.cost_per_distance * distance
}

/// The stops of a route behind its fixed part.
fn free_stops(route: &Route) -> impl Iterator<Item = u32> + '_ {
    let from = route.fixed.min(route.elements.len());
    route.elements[from..].iter().filter_map(|e| e.node()).map(|u| u as u32)
}
