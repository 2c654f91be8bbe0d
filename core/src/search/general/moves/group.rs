//! Another member of a group is served in place of the present one.

use crate::search::data::NONE;
use crate::search::general::layout::Element;
use crate::search::general::moves::Moves;
use crate::search::general::moves::fits::exchanges;
use crate::search::general::solution::Solution;

impl Moves {
    /// Serves another member of a group instead of `u`, in the same place, where that is better.
    pub(crate) fn replace_member(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        let layout = solution.layout;
        let data = layout.base;
        if layout.patterns.bit(u as usize) != 0 || layout.relations.any() || data.partner[u as usize] != NONE {
            return false;
        }
        let gaps = solution.adjacent_gaps[u as usize];
        let (route, p) = (gaps.route as usize, gaps.position as usize);
        let own = &solution.routes[route];
        if p < own.fixed {
            return false;
        }
        let mut best =
            Self::arc(solution, own.vehicle_type, gaps.from, u) + Self::arc(solution, own.vehicle_type, u, gaps.to);
        let mut chosen = None;
        for &v in &data.members[data.group[u as usize] as usize] {
            let cost =
                Self::arc(solution, own.vehicle_type, gaps.from, v) + Self::arc(solution, own.vehicle_type, v, gaps.to);
            if cost < best {
                (best, chosen) = (cost, Some(v));
            }
        }
        let Some(v) = chosen.filter(|&v| exchanges(solution, (own, p), u, v)) else { return false };
        let before = own.cost;
        let mut new = solution.take_spare();
        let own = &solution.routes[route];
        (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
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
