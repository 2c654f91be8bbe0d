//! Solutions that walks have found and left.

use crate::plan::RouteStops;
use crate::search::Measures;
use crate::search::classical::ClassicalSearch;
use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;

/// What a walk found.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) value: Vec<i64>,
    pub(super) measures: Measures,
    pub(super) routes: Vec<RouteStops>,
    /// How many vehicles may be used where the search goes on with it.
    pub(super) limit: Option<usize>,
}

impl<C: Class> ClassicalSearch<'_, C> {
    /// What the present walk has found. If nothing better was found before, it stays the best of the search, whatever comes next.
    pub(super) fn leave(&mut self, limit: Option<usize>) -> Found {
        let measures = self.routes.best();
        let found = Found { value: self.value(), measures, routes: self.routes.best_routes(), limit };
        if self.best_before.as_ref().is_none_or(|best| found.value < best.value) {
            self.best_before = Some(found.clone());
        }
        found
    }

    /// Whether the best solution of the present walk is better than those of all before.
    pub(super) fn is_best_of_all(&self) -> bool {
        self.best_before.as_ref().is_none_or(|best| self.value() < best.value)
    }

    /// The best solution of all walks, where it is none of the present one.
    pub(super) fn better_before(&self) -> Option<&Found> {
        let best = self.best_before.as_ref()?;
        (best.value < self.value()).then_some(best)
    }

    pub(super) fn begin_with(&mut self, routes: &[RouteStops]) {
        self.routes = Routes::new(self.routes.data);
        self.routes.load(routes);
    }
}
