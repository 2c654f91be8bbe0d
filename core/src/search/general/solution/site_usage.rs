//! What all routes leave at disposal sites whose capacity is limited.

use crate::search::general::layout::{Layout, Role};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// Brings what is left at disposal sites up to date.
    pub(super) fn update_site_usage(&mut self, route: usize, old: &Route) {
        if !self.layout.limited_sites {
            return;
        }
        let layout = self.layout;
        let used = &mut self.site_used;
        each_emptied(layout, old, |at, amount| used[at] -= amount);
        each_emptied(layout, &self.routes[route], |at, amount| used[at] += amount);
    }

    /// Whether disposal sites take what all routes leave there, with `new` in the place of a route.
    pub(crate) fn fits_sites(&mut self, route: usize, new: &Route) -> bool {
        if !self.layout.limited_sites {
            return true;
        }
        let mut room = std::mem::take(&mut self.room);
        self.site_room_without(route, &mut room);
        each_emptied(self.layout, new, |at, amount| room[at] -= amount);
        let takes = room.iter().all(|&left| left >= 0);
        self.room = room;
        takes
    }

    /// What disposal sites take beside what all routes but one leave there.
    pub(super) fn site_room_without(&self, route: usize, room: &mut Vec<i64>) {
        room.clear();
        if !self.layout.limited_sites {
            return;
        }
        let dims = self.layout.dims;
        for (k, site) in self.layout.sites.iter().enumerate() {
            let capacity = |d: usize| site.capacity.get(d).copied().unwrap_or(UNLIMITED);
            room.extend((0..dims).map(|d| capacity(d) - self.site_used[k * dims + d]));
        }
        each_emptied(self.layout, &self.routes[route], |at, amount| room[at] += amount);
    }

    /// Whether any disposal site has got more than it takes.
    pub(crate) fn exceeds_site_capacity(&self) -> bool {
        let dims = self.layout.dims;
        self.layout.limited_sites
            && self.layout.sites.iter().enumerate().any(|(k, site)| {
                site.capacity.iter().take(dims).enumerate().any(|(d, &most)| self.site_used[k * dims + d] > most)
            })
    }
}

/// Visits what a route leaves at disposal sites: the index of site and dimension, and the amount.
fn each_emptied(layout: &Layout<'_>, route: &Route, mut visit: impl FnMut(usize, i64)) {
    let (width, dims) = (layout.resources(), layout.dims);
    if route.is_empty() {
        return;
    }
    for p in 1..route.elements.len() {
        if let Role::Site(k) = route.elements[p].role() {
            for d in 0..dims {
                let net = layout.resource_net() + d;
                visit(k * dims + d, route.resources[(p - 1) * width + net] - route.resources[p * width + net]);
            }
        }
    }
}
