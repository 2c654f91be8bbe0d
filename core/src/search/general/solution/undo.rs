//! Undoing an iteration, and solutions to come back to.

use crate::search::general::goals::Value;
use crate::search::general::layout::Element;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::units::{Duration, Time};

/// A route of a snapshot: its elements, and what binds its start. The rest is computed again.
#[derive(Clone, Debug, Default)]
struct SavedRoute {
    vehicle_type: usize,
    fixed: usize,
    elements: Vec<Element>,
    not_before: Time,
    fixed_delay: Option<Duration>,
    is_lenient: bool,
}

/// A solution to come back to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    routes: Vec<SavedRoute>,
    pub(crate) value: Value,
}

impl Snapshot {
    /// Routes in use.
    pub(crate) fn num_used(&self) -> usize {
        self.routes.iter().filter(|route| route.elements.len() > 2).count()
    }
}

impl Solution<'_> {
    /// From here on, changes can be undone.
    pub(crate) fn begin(&mut self) {
        for (route, old) in self.saved.drain(..) {
            self.is_saved[route] = false;
            self.spare.push(old);
        }
        self.spare.truncate(64);
    }

    /// Undoes all since [`begin`](Self::begin).
    pub(crate) fn rollback(&mut self) {
        let mut saved = std::mem::take(&mut self.saved);
        for (route, old) in saved.drain(..) {
            self.is_saved[route] = true;
            self.put(route, old);
            self.is_saved[route] = false;
        }
        self.saved = saved;
        self.spare.truncate(64);
    }

    /// Saves the solution.
    pub(crate) fn snapshot(&self, into: &mut Snapshot) {
        into.routes.resize_with(self.routes.len(), SavedRoute::default);
        for (saved, route) in into.routes.iter_mut().zip(&self.routes) {
            (saved.vehicle_type, saved.fixed, saved.is_lenient) = (route.vehicle_type, route.fixed, route.is_lenient);
            (saved.not_before, saved.fixed_delay) = (route.not_before, route.fixed_delay);
            saved.elements.clone_from(&route.elements);
        }
        self.value(&mut into.value);
    }

    /// Goes back to a solution.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        for (route, saved) in snapshot.routes.iter().enumerate() {
            let own = &self.routes[route];
            let start = |route: &Route| (route.not_before, route.fixed_delay);
            if own.vehicle_type == saved.vehicle_type
                && own.elements == saved.elements
                && start(own) == (saved.not_before, saved.fixed_delay)
            {
                continue;
            }
            if saved.elements.len() <= 2 {
                // An unused vehicle need not be able to drive from its start to its end.
                self.install(route, Route::empty(saved.vehicle_type));
                continue;
            }
            let mut new = self.take_spare();
            (new.vehicle_type, new.fixed, new.is_start_exact) = (saved.vehicle_type, saved.fixed, true);
            (new.not_before, new.fixed_delay, new.is_lenient) = (saved.not_before, saved.fixed_delay, saved.is_lenient);
            new.elements.clone_from(&saved.elements);
            new.states.clear();
            let feasible = self.layout.evaluate(&mut new, 0, true);
            debug_assert!(feasible || saved.fixed > 1, "a solution that was saved is feasible");
            if !feasible {
                self.layout.force(&mut new);
            }
            self.install(route, new);
        }
        self.begin();
    }
}
