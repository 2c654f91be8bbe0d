//! Undoing an iteration, and solutions to come back to.

use crate::search::general::goals::Value;
use crate::search::general::layout::Element;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

/// What a route was: its vehicle type, how much of it stays, its elements, and what binds its start.
type Kept = (usize, usize, Vec<Element>, (i64, Option<i64>), bool);

/// A solution to come back to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    routes: Vec<Kept>,
    pub(crate) value: Value,
}

impl Snapshot {
    /// Routes in use.
    pub(crate) fn num_used(&self) -> usize {
        self.routes.iter().filter(|route| route.2.len() > 2).count()
    }
}

impl<'a> Solution<'a> {
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

    pub(crate) fn snapshot(&self, into: &mut Snapshot) {
        into.routes.resize(self.routes.len(), (0, 1, Vec::new(), (i64::MIN, None), false));
        for (kept, route) in into.routes.iter_mut().zip(&self.routes) {
            (kept.0, kept.1, kept.3, kept.4) =
                (route.kind, route.fixed, (route.not_before, route.hold), route.is_lenient);
            kept.2.clone_from(&route.elements);
        }
        self.value(&mut into.value);
    }

    /// Goes back to a solution.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        for (route, (kind, fixed, elements, start, is_lenient)) in snapshot.routes.iter().enumerate() {
            let own = &self.routes[route];
            if own.kind == *kind && own.elements == *elements && (own.not_before, own.hold) == *start {
                continue;
            }
            if elements.len() <= 2 {
                // An unused vehicle need not be able to drive from its start to its end.
                self.install(route, Route::empty(*kind));
                continue;
            }
            let mut new = self.take_spare();
            (new.kind, new.fixed, new.is_settled) = (*kind, *fixed, true);
            ((new.not_before, new.hold), new.is_lenient) = (*start, *is_lenient);
            new.elements.clone_from(elements);
            new.states.clear();
            let feasible = self.layout.evaluate(&mut new, 0, true);
            debug_assert!(feasible || *fixed > 1, "a solution that was kept is feasible");
            if !feasible {
                self.layout.force(&mut new);
            }
            self.install(route, new);
        }
        self.begin();
    }
}
