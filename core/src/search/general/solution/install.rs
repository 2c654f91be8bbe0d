//! A new route takes the place of another, and everything that is kept up to date follows.

use crate::search::data::NONE;
use crate::search::general::layout::Element;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// Puts an evaluated route in the place of another.
    pub(crate) fn install(&mut self, route: usize, mut new: Route) {
        self.goals.measure(self.layout, &mut new);
        self.layout.backward_pass(&mut new);
        self.put(route, new);
    }

    pub(super) fn put(&mut self, route: usize, new: Route) {
        let old = std::mem::replace(&mut self.routes[route], new);
        self.cost += self.routes[route].cost - old.cost;
        self.missing += i64::from(self.routes[route].is_broken) - i64::from(old.is_broken);
        self.update_site_usage(route, &old);
        for p in 0..self.routes[route].elements.len() {
            if let Some(u) = self.routes[route].elements[p].node() {
                let before = std::mem::replace(&mut self.place[u], (route as u32, p as u32));
                if before.0 != route as u32 {
                    self.set_served(u, true);
                }
            }
        }
        self.record_adjacent_gaps(route);
        for u in old.stops() {
            let (at, p) = self.place[u as usize];
            if at == route as u32 && self.routes[route].elements.get(p as usize) != Some(&Element::stop(u)) {
                self.place[u as usize].0 = NONE;
                self.adjacent_gaps[u as usize].route = NONE;
                self.set_served(u as usize, false);
            }
        }
        let (was, is) = (!old.is_empty(), !self.routes[route].is_empty());
        if was != is || old.vehicle_type != self.routes[route].vehicle_type {
            self.note_use(route, (was, old.vehicle_type), (is, self.routes[route].vehicle_type));
        }
        if self.is_saved[route] {
            self.spare.push(old);
        } else {
            self.is_saved[route] = true;
            self.saved.push((route, old));
        }
    }

    fn note_use(&mut self, route: usize, (was, old_type): (bool, usize), (is, vehicle_type): (bool, usize)) {
        if was {
            self.num_used -= 1;
        } else if let Some(at) = self.unused[old_type].iter().position(|&r| r == route as u32) {
            self.unused[old_type].swap_remove(at);
        }
        if is {
            self.num_used += 1;
        } else {
            self.unused[vehicle_type].push(route as u32);
        }
    }
}
