//! 2-opt: a segment of one route is driven in the opposite direction (Croes 1958, doi:10.1287/opre.6.6.791).

use crate::search::general::moves::Moves;
use crate::search::general::solution::Solution;

impl Moves {
    /// Drives the stops between two positions in the opposite direction.
    pub(crate) fn reverse(&mut self, solution: &mut Solution<'_>, route: usize, a: usize, b: usize) -> bool {
        let layout = solution.layout;
        let symmetric =
            if layout.is_lean { layout.problem.travel().is_symmetric() } else { layout.base.travel.is_symmetric() };
        if !symmetric || !layout.problem.shipments().is_empty() {
            return false;
        }
        let (low, high) = (a.min(b), a.max(b));
        let vehicle_type = solution.routes[route].vehicle_type;
        // From low to high, then on from the stop behind low; or from the one before low to the one before high.
        for (from, to) in [(low + 1, high), (low, high - 1)] {
            let own = &solution.routes[route];
            if from < own.fixed || to <= from || to + 1 >= own.elements.len() {
                continue;
            }
            let (g, h) = (&own.gaps[from - 1], &own.gaps[to]);
            let saved = Self::gap_arc(solution, vehicle_type, g) + Self::gap_arc(solution, vehicle_type, h);
            if Self::remaining_saving(solution, saved, &[(vehicle_type, g.from, h.from), (vehicle_type, g.to, h.to)])
                <= 0
                || !own.elements[from..=to].iter().all(|e| e.is_stop())
            {
                continue;
            }
            let mut new = solution.take_spare();
            let own = &solution.routes[route];
            (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
            new.elements.clone_from(&own.elements);
            new.elements[from..=to].reverse();
            let before = own.cost;
            self.one_kind = true;
            if self.may_serve(solution, [route; 2], &new)
                && self.build(solution, route, from - 1, &mut new, before)
                && solution.fits_sites(route, &new)
            {
                return self.take_over(solution, [route], [new]);
            }
            solution.give_back(new);
        }
        false
    }
}
