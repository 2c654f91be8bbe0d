//! Swap (exchange): two stops of different routes exchange their positions (Osman 1993, doi:10.1007/BF02023004).

use crate::search::data::NONE;
use crate::search::general::layout::Element;
use crate::search::general::moves::Moves;
use crate::search::general::moves::fits::exchanges;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

impl Moves {
    /// Two stops of different routes exchange their places.
    pub(crate) fn swap(&mut self, solution: &mut Solution<'_>, u: u32, x: u32) -> bool {
        let layout = solution.layout;
        let data = layout.base;
        if x as usize >= data.num_stops()
            || data.partner[u as usize] != NONE
            || data.partner[x as usize] != NONE
            || solution.route_of(x) == NONE
        {
            return false;
        }
        let (s, t) = (solution.adjacent_gaps[u as usize], solution.adjacent_gaps[x as usize]);
        let (a, p, b, q) = (s.route as usize, s.position as usize, t.route as usize, t.position as usize);
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        if a == b || p < one.fixed || q < other.fixed {
            return false;
        }
        let (k, l) = (one.vehicle_type, other.vehicle_type);
        let gap = |vehicle_type: usize, route: &Route, p: usize| Self::gap_arc(solution, vehicle_type, &route.gaps[p]);
        let saved = gap(k, one, p - 1) + gap(k, one, p) + gap(l, other, q - 1) + gap(l, other, q);
        let saved =
            Self::remaining_saving(solution, saved, &[(l, t.from, u), (l, u, t.to), (k, s.from, x), (k, x, s.to)]);
        if saved <= 0 || !exchanges(solution, (one, p), u, x) || !exchanges(solution, (other, q), x, u) {
            return false;
        }
        let before = one.cost + other.cost;
        let mut new = [solution.take_spare(), solution.take_spare()];
        for (side, (route, at, stop)) in [(a, p, x), (b, q, u)].into_iter().enumerate() {
            let own = &solution.routes[route];
            (new[side].vehicle_type, new[side].fixed) = (own.vehicle_type, own.fixed);
            new[side].elements.clone_from(&own.elements);
            new[side].elements[at] = Element::stop(stop);
        }
        self.accept_pair(solution, [a, b], [p - 1, q - 1], new, before)
    }
}
