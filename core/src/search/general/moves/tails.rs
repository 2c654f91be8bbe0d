//! Exchange of tails (2-opt*; Potvin & Rousseau 1995, doi:10.1057/jors.1995.204): two routes exchange what follows.

use crate::search::general::layout::{Element, Layout};
use crate::search::general::moves::Moves;
use crate::search::general::moves::fits::joins;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Joins the part of one route up to `a.1` with the part of another behind `b.1`, and vice versa.
    pub(crate) fn swap_tails(&mut self, solution: &mut Solution<'_>, a: (usize, usize), b: (usize, usize)) -> bool {
        let (one, other) = (&solution.routes[a.0], &solution.routes[b.0]);
        if a.1 + 1 < one.fixed || b.1 + 1 < other.fixed || one.gaps[a.1].closed || other.gaps[b.1].closed {
            return false;
        }
        let (g, h) = (one.gaps[a.1], other.gaps[b.1]);
        let arc = |vehicle_type: usize, from: u32, to: u32| Self::arc(solution, vehicle_type, from, to);
        let ends = |vehicle_type: usize, gap_to: u32, old: usize| {
            // A tail without stops leads to the vehicle's own end.
            let vehicle = &solution.layout.vehicles[vehicle_type];
            if gap_to == solution.layout.vehicles[old].end_point { vehicle.end_point } else { gap_to }
        };
        let (k, l) = (one.vehicle_type, other.vehicle_type);
        // A tail with stops leads to the other vehicle's end.
        let ends_elsewhere = |x: &Route, p: usize, vehicle_type: usize| {
            if p + 2 >= x.elements.len() { 0 } else { Self::saved_at_end(solution, x, vehicle_type) }
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
            + Self::gap_arc(solution, k, &g)
            + Self::gap_arc(solution, l, &h)
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
            (new.vehicle_type, new.fixed) = (x.vehicle_type, x.fixed);
            new.elements.clear();
            new.elements.extend_from_slice(&x.elements[..=p]);
            new.elements.extend_from_slice(&y.elements[q + 1..]);
        };
        let mut new = [solution.take_spare(), solution.take_spare()];
        splice(&solution.routes[a.0], a.1, &solution.routes[b.0], b.1, &mut new[0]);
        splice(&solution.routes[b.0], b.1, &solution.routes[a.0], a.1, &mut new[1]);
        self.accept_pair(solution, [a.0, b.0], [a.1, b.1], new, before)
    }

    /// What a route saves at its end with a vehicle of another type, which may end elsewhere.
    #[inline]
    pub(super) fn saved_at_end(solution: &Solution<'_>, route: &Route, vehicle_type: usize) -> Cost {
        let vehicles = &solution.layout.vehicles;
        let (from, to) = (vehicles[route.vehicle_type].end_point, vehicles[vehicle_type].end_point);
        if from == to {
            return 0;
        }
        let last = &route.gaps[route.elements.len() - 2];
        Self::gap_arc(solution, route.vehicle_type, last) - Self::arc(solution, vehicle_type, last.from, to)
    }

    /// Joins the head of one route with the reversed head of the other, and their tails likewise.
    pub(crate) fn swap_tails_reversed(
        &mut self,
        solution: &mut Solution<'_>,
        a: (usize, usize),
        b: (usize, usize),
    ) -> bool {
        let layout = solution.layout;
        let (one, other) = (&solution.routes[a.0], &solution.routes[b.0]);
        let (n, m) = (one.elements.len(), other.elements.len());
        if one.last().trips > 1 || other.last().trips > 1 || !layout.problem.shipments().is_empty() {
            return false;
        }
        let (k, l) = (one.vehicle_type, other.vehicle_type);
        let (v, w) = (&layout.vehicles[k], &layout.vehicles[l]);
        let arc = |vehicle_type: usize, from: u32, to: u32| Self::arc(solution, vehicle_type, from, to);
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
        let (width, end) = (layout.resources(), |route: &Route| (route.elements.len() - 1) * layout.resources());
        for d in 0..layout.dims {
            let (delivered, net) = (Layout::DELIVERED + d, layout.resource_net() + d);
            let loads = |route: &Route, at: usize| {
                (route.resources[at + delivered], route.resources[at + net] + route.resources[at + delivered])
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
            (new[side].vehicle_type, new[side].fixed) = (own.vehicle_type, own.fixed);
            new[side].elements.clear();
        }
        new[0].elements.extend_from_slice(&one.elements[..=a.1]);
        new[0].elements.extend(other.elements[1..=b.1].iter().rev());
        new[0].elements.push(Element::END);
        new[1].elements.push(Element::START);
        new[1].elements.extend(one.elements[a.1 + 1..n - 1].iter().rev());
        new[1].elements.extend_from_slice(&other.elements[b.1 + 1..]);
        self.accept_pair(solution, [a.0, b.0], [a.1, 0], new, before)
    }
}
