//! Moves on routes of nothing but stops and reloads: each is held against what is known at its joints before the exact pass
//! decides.

use crate::search::data::NONE;
use crate::search::general::element::Element;
use crate::search::general::fits::exchanges;
use crate::search::general::layout::Layout;
use crate::search::general::moves::Moves;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

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
                let spot = solution.removal_gains[u as usize];
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
        let spot = solution.removal_gains[u as usize];
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = spot.before.max(spot.behind);
        let symmetric = layout.problem.travel().is_symmetric();
        let loose = !layout.timed;
        self.bounds_tails = layout.rate.is_some() && !layout.timed && layout.vehicles.len() == 1;
        if loose {
            self.list_pieces(solution, u);
        }
        for approach in data.neighbours.candidate_arcs(u as usize).iter().take(WIDTH) {
            let v = approach.node;
            let mut distance = approach.distance;
            if layout.has_order {
                // A linehaul may come before a backhaul, but not behind it.
                distance = distance.min(data.travel.distance(0, u as usize, v as usize));
            }
            if distance >= longest || solution.route_of(v) == NONE {
                continue;
            }
            let other = solution.removal_gains[v as usize];
            let moves = loose && self.may_move(solution, &other, distance);
            let (a, p) = (solution.place[u as usize].0 as usize, solution.place[u as usize].1 as usize);
            let (b, q) = (solution.place[v as usize].0 as usize, solution.place[v as usize].1 as usize);
            // Arcs between depots may empty a route, which saves more than distance.
            let m = data.num_stops() as u32;
            let arc = |from: u32, to: u32| i64::from(data.travel.distance(0, from as usize, to as usize));
            let saves = |saved: [i32; 2], from: u32, to: u32| {
                let saved = i64::from(saved[0]) + i64::from(saved[1]) - i64::from(distance);
                !self.bounds_tails || (from >= m && to >= m) || (saved > 0 && saved > arc(from, to))
            };
            let (ahead, behind) = (
                saves([spot.behind, other.before], other.from, spot.to),
                saves([spot.before, other.behind], spot.from, other.to),
            );
            let apart = loose && symmetric && saves([spot.behind, other.behind], spot.to, other.to);
            let better = if a == b {
                self.reverse(solution, a, p, q) || (moves && self.relocate(solution, u, v))
            } else {
                (ahead && self.swap_tails(solution, (a, p), (b, q - 1)))
                    || (behind && self.swap_tails(solution, (a, p - 1), (b, q)))
                    || (apart && self.swap_tails_reversed(solution, (a, p), (b, q)))
                    || (moves && self.relocate(solution, u, v))
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
        let (s, t) = (solution.removal_gains[u as usize], solution.removal_gains[x as usize]);
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
        let spot = solution.removal_gains[u as usize];
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
