//! Moves on routes of nothing but stops and reloads: each is held against what is known at its joints before the exact pass
//! decides.

use crate::search::data::NONE;
use crate::search::general::UNLIMITED;
use crate::search::general::element::Element;
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::moves::{LONGEST, Moves};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Makes better moves around the given stops, on routes of nothing but stops and reloads, until there are none.
    pub(super) fn run_lean(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
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
                for v in [spot.from, u, spot.to] {
                    self.push(v);
                }
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
                for v in [spot.from, spot.to, v, other.from, other.to] {
                    self.push(v);
                }
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
            let loads = |route: &Route, at: usize| {
                (route.lanes[at + delivered], route.lanes[at + net] + route.lanes[at + delivered])
            };
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
                let saved =
                    Self::gap_arc(solution, k, g) + Self::gap_arc(solution, k, h) + Self::gap_arc(solution, k, gap);
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
}

/// Whether the head of one route and the tail of another can fit together, as far as their joint tells.
pub(super) fn joins(solution: &Solution<'_>, (a, p): (usize, usize), (b, q): (usize, usize)) -> bool {
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
pub(super) fn takes(
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
        let sum =
            |amounts: &[i64]| piece.iter().filter_map(|e| e.node()).map(|u| amounts[u * layout.dims + d]).sum::<i64>();
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
        let (waste, delivery) =
            (layout.waste[v + d] - layout.waste[u + d], layout.delivery[v + d] - layout.delivery[u + d]);
        let all = own[Layout::DELIVERED + d] + layout.delivery[u + d] + room[layout.room_delivered() + d];
        waste <= room[d] && all + delivery + own[layout.lane_peak() + d] <= vehicle.capacity[d]
    })
}

/// What a route of nothing but stops and reloads costs at least with a vehicle of another type and the same profile.
pub(super) fn least_with(layout: &Layout<'_>, route: &Route, kind: usize) -> Cost {
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
