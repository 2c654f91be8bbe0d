//! The solution recomputed from its elements alone, to hold the incremental records against (debug builds).

use crate::search::data::NONE;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Solution<'_> {
    /// Panics where anything that is kept up to date differs from what the elements alone say (debug builds).
    #[cfg(debug_assertions)]
    pub(crate) fn verify(&self) {
        let m = self.place.len();
        let mut seen = vec![false; m];
        let mut cost = 0;
        for (r, route) in self.routes.iter().enumerate() {
            cost += route.cost;
            for (p, element) in route.elements.iter().enumerate() {
                if let Some(u) = element.node() {
                    assert_eq!(
                        self.place[u],
                        (r as u32, p as u32),
                        "every stop knows its place: {:?}, fixed {}",
                        route.elements,
                        route.fixed
                    );
                    assert!(!std::mem::replace(&mut seen[u], true), "no stop is served twice");
                }
            }
        }
        for (route, _) in &self.saved {
            let route = &self.routes[*route];
            if route.is_empty() || route.is_broken {
                continue;
            }
            let mut again = route.clone();
            again.states.clear();
            assert!(self.layout.evaluate(&mut again, 0, true), "every route is feasible: {:?}", route.elements);
            assert_eq!(again.cost, route.cost, "every route costs what its elements do: {:?}", route.elements);
            let mut stops: Vec<u32> = Vec::new();
            stops.extend(route.stops());
            // What has been done already may have broken relations for good.
            assert!(
                route.fixed > 1 || self.relations_hold(&stops),
                "the relations within a route hold: {:?}",
                route.elements
            );
        }
        let data = self.layout.base;
        let mut missing = 0;
        for (u, &served) in seen.iter().enumerate() {
            assert_eq!(served, self.place[u].0 != NONE, "a stop is on a route or on none");
            let waits = !served && (self.own.is_empty() || self.own.contains(&(u as u32)));
            assert_eq!(self.unserved.contains(u), waits, "what is unserved is known");
            if data.group[u] == NONE && waits {
                missing += i64::from(data.is_required_job(u));
                cost += if data.required[u] { 0 } else { data.prize[u] };
            }
        }
        for (g, members) in data.members.iter().enumerate() {
            let served = members.iter().filter(|&&u| seen[u as usize]);
            let served = served.fold(0, |set, &u| set | self.layout.patterns.bit(u as usize));
            cost += self.layout.patterns.cost(g, served);
            if members.iter().all(|&u| !seen[u as usize]) {
                let required = members.first().is_some_and(|&u| data.required[u as usize]);
                missing += i64::from(required);
                cost += members.iter().filter(|_| !required).map(|&u| data.prize[u as usize]).sum::<Cost>();
            }
        }
        missing += self.routes.iter().filter(|route| route.is_broken).count() as i64;
        assert_eq!((self.missing, self.cost), (missing, cost), "the solution's worth is the sum of its parts");
    }
}
