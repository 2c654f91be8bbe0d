//! The exact forward pass: feasibility and cost of a route, from the first change on.

use crate::search::general::layout::{Layout, Role};
use crate::search::general::route::Route;
use crate::search::general::route::kind::{FULL, LEAN, PLAIN};
use crate::units::Time;

impl Layout<'_> {
    /// Recomputes what is known up to each element from position `from` on, and the cost. Whether the route is feasible.
    pub(crate) fn evaluate(&self, route: &mut Route, from: usize, exactly: bool) -> bool {
        self.evaluate_as(self.kind(&self.vehicles[route.vehicle_type]), route, from, exactly)
    }

    /// As [`evaluate`](Self::evaluate), for routes of a kind.
    pub(crate) fn evaluate_as(&self, kind: u8, route: &mut Route, mut from: usize, exactly: bool) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        let (n, width) = (route.elements.len(), self.resources());
        if self.has_releases && self.find_releases(route) {
            from = 0;
        }
        if route.states.len() < from.max(1) {
            from = 0;
        }
        route.resources.resize(n * width, 0);
        if from == 0 {
            let release = route.release(0).max(route.not_before);
            let root = self.root(vehicle, release, 0, &mut route.resources[..width]);
            route.states.clear();
            route.states.push(root);
            from = 1;
            if root.begin > vehicle.start_late && !route.is_lenient && n > 2 {
                return false;
            }
        }
        route.states.truncate(from);
        let done = route.done();
        route.is_broken = false;
        let driven = match kind {
            PLAIN => self.drive::<PLAIN>(route, from, done),
            LEAN => self.drive::<LEAN>(route, from, done),
            _ => self.drive::<FULL>(route, from, done),
        };
        driven && !Self::ends_with_pause(vehicle, &route.elements) && self.choose_start(route, exactly)
    }

    /// Drives a route from an element on; what comes before `done` has happened. Whether that is feasible.
    fn drive<const KIND: u8>(&self, route: &mut Route, from: usize, done: usize) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        let is_lean = KIND >= LEAN;
        let (n, width) = (route.elements.len(), if KIND == PLAIN { 4 } else { self.resources() });
        route.states.reserve(n - from);
        let mut state = route.states[from - 1];
        for p in from..n {
            let next = if is_lean { 0 } else { self.next_point(vehicle, &route.elements, p) };
            let element = route.elements[p];
            let release = if KIND == PLAIN { Time::MIN } else { route.release(p) };
            let (before, row) = route.resources.split_at_mut(p * width);
            let row = &mut row[..width];
            copy_row(&before[(p - 1) * width..], row);
            if !self.extend_as::<KIND>(vehicle, &mut state, row, element, next, release, !is_lean && p < done) {
                return false;
            }
            route.states.push(state);
        }
        true
    }

    /// Fills in the states of a route whatever it violates.
    pub(crate) fn force(&self, route: &mut Route) {
        let vehicle = &self.vehicles[route.vehicle_type];
        let (n, width) = (route.elements.len(), self.resources());
        route.resources.resize(n * width, 0);
        if route.states.is_empty() {
            let release = route.release(0).max(route.not_before);
            let root = self.root(vehicle, release, 0, &mut route.resources[..width]);
            route.states.push(root);
        }
        for p in route.states.len()..n {
            let mut state = route.states[p - 1];
            let next = self.next_point(vehicle, &route.elements, p);
            let (before, row) = route.resources.split_at_mut(p * width);
            row[..width].copy_from_slice(&before[(p - 1) * width..]);
            self.extend(vehicle, &mut state, &mut row[..width], route.elements[p], next, Time::MIN, true);
            route.states.push(state);
        }
        self.choose_start(route, false);
        route.is_start_exact = true;
        route.is_broken = n > 2;
    }

    /// Finds when each trip is released. Whether that has changed.
    fn find_releases(&self, route: &mut Route) -> bool {
        let mut changed = route.releases.len() != route.elements.len();
        route.releases.resize(route.elements.len(), Time::MIN);
        let mut release = Time::MIN;
        for p in (0..route.elements.len()).rev() {
            let mut own = Time::MIN;
            match route.elements[p].role() {
                Role::Stop(u) if self.stops[u].release > 0 => release = release.max(self.stops[u].release),
                Role::Start | Role::Reload(_) => own = std::mem::replace(&mut release, Time::MIN),
                _ => {}
            }
            changed |= std::mem::replace(&mut route.releases[p], own) != own;
        }
        changed
    }
}

/// Copies a row; those of problems with one load dimension and no waste classes without a call.
#[inline]
fn copy_row(from: &[i64], to: &mut [i64]) {
    if to.len() == 4 {
        to.copy_from_slice(&from[..4]);
    } else {
        to.copy_from_slice(&from[..to.len()]);
    }
}
