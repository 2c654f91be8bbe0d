//! The working solution recomputed from its links alone, to hold the incremental bookkeeping against (debug builds).

use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;
use crate::search::travel_table::OUT_OF_ORDER;
use crate::units::Cost;

impl<C: Class> Routes<'_, C> {
    /// Panics where anything that is kept up to date differs from what the links say.
    pub(crate) fn verify(&self) {
        let mut seen = vec![false; self.num_stops()];
        let mut routes_cost: Cost = 0;
        let mut out_of_order = 0;
        for route in 0..self.info.len() {
            let (mut at, end) = (self.start(route), self.end(route));
            let (mut distance, mut load, mut size) = (0, C::Load::default(), 0);
            while at != end {
                let next = self.nodes[at].next as usize;
                assert_eq!(self.nodes[next].prev as usize, at, "links are mutual");
                assert_eq!(self.nodes[next].route as usize, route, "every node knows its route");
                assert_eq!(self.nodes[next].arc, self.arc_between(at, next), "every node knows its arc");
                distance += i64::from(self.nodes[next].arc);
                out_of_order += i32::from(C::ORDERED && self.nodes[next].arc >= OUT_OF_ORDER);
                if self.is_stop(next) {
                    assert!(!std::mem::replace(&mut seen[next], true), "no stop is visited twice");
                    load += self.load_of(next);
                    size += 1;
                }
                at = next;
            }
            let info = self.info[route];
            assert_eq!((info.size, info.load), (size, load), "every route knows its size and load");
            let free = self.unused_of(self.vehicle_type(route));
            assert!(size == 0 || free != Some(route), "a route in use is not free");
            assert!(!C::FLEET || info.distance == distance, "every route knows its length");
            if size > 0 {
                assert!(load.fits(self.capacity(route)), "no vehicle is overloaded");
                let first = self.nodes[self.start(route)].next as usize;
                assert!(self.may_serve_all(route, first, end), "no vehicle serves what it must not");
                assert!(self.is_feasible(route), "every route is feasible");
                routes_cost += self.distance_cost(route, distance) + self.fixed_cost(route);
            }
            self.verify_times(route);
        }
        assert_eq!(self.num_out_of_order, out_of_order, "arcs that break the order are counted");
        let used = self.info.iter().filter(|info| info.size > 0).count();
        assert_eq!(self.num_used, used, "the number of routes in use is known");
        for (u, served) in seen.into_iter().enumerate() {
            assert_eq!(served, self.nodes[u].route != NONE, "a stop is on a route or on none");
        }
        let missing = self.unserved().iter().filter(|&&u| self.data.is_required_job(u as usize)).count();
        assert_eq!(self.missing, missing, "the number of unserved required stops is known");
        assert_eq!(self.cost, routes_cost + self.unserved_cost(), "the cost is the sum of its parts");
    }

    fn verify_times(&self, route: usize) {
        if !C::TIMED || self.info[route].size == 0 {
            return;
        }
        let mut u = self.nodes[self.start(route)].next as usize;
        loop {
            assert_eq!(self.nodes[u].early, self.early_at(u), "earliest starts are up to date");
            assert_eq!(self.ahead_of(u), self.ahead_at(u), "durations are up to date");
            if u == self.end(route) {
                return;
            }
            assert_eq!(self.nodes[u].late, self.late_at(u), "latest starts are up to date");
            assert_eq!(self.behind_of(u), self.behind_at(u), "durations are up to date");
            assert!(self.nodes[u].early <= self.nodes[u].late, "every stop is in time");
            u = self.nodes[u].next as usize;
        }
    }
}
