//! Exact starts and costs of the routes that an iteration has changed.

use crate::search::general::limits::UNLIMITED;
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// Finds exact starts and costs of the routes that have changed. Returns one that is infeasible, if any is.
    pub(crate) fn choose_starts(&mut self) -> Option<usize> {
        for i in 0..self.saved.len() {
            let route = self.saved[i].0;
            if self.routes[route].is_start_exact {
                continue;
            }
            let before = self.routes[route].cost;
            let feasible = self.layout.choose_start(&mut self.routes[route], true);
            self.routes[route].is_start_exact = true;
            if feasible {
                self.cost += self.routes[route].cost - before;
            } else {
                self.routes[route].cost = before;
                let mut order = std::mem::take(&mut self.order);
                self.free_order(route, &mut order);
                let vehicle_type = self.routes[route].vehicle_type;
                let mended = self.replace_order(route, vehicle_type, &order, UNLIMITED);
                self.order = order;
                if !mended {
                    self.routes[route].is_start_exact = false;
                    return Some(route);
                }
            }
        }
        None
    }
}
