//! Stops that must be on one route are brought together on another one, where a required stop found no position beside its
//! partners.

use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::limits::REQUIRED_PRIZE;
use crate::search::random::Random;

impl GeneralSearch<'_> {
    /// Where a required stop found no place beside those that must be on its route: all of them together are tried on other
    /// routes.
    pub(super) fn reunite(&mut self, random: &mut Random) {
        /// How many routes are tried.
        const ROUTES: usize = 6;
        let relations = &self.solution.layout.relations;
        let lost = |u: &&u32| {
            self.solution.route_of(**u) == NONE
                && !self.solution.is_group_served(**u as usize)
                && !relations.same_route.of(**u as usize).is_empty()
                && self.insert.scaled_prize(&self.solution, **u as usize) >= REQUIRED_PRIZE
        };
        let Some(&first) = self.jobs.iter().find(lost) else { return };
        let mut group = vec![first];
        let mut is_member = vec![false; self.solution.place.len()];
        is_member[first as usize] = true;
        let mut at = 0;
        while at < group.len() {
            let u = group[at] as usize;
            // A sequence is inserted as a whole.
            let sequence = [relations.next[u], relations.previous[u]].into_iter().filter(|&v| v != NONE);
            for v in relations.same_route.partners(u).chain(sequence) {
                if !std::mem::replace(&mut is_member[v as usize], true) {
                    group.push(v);
                }
            }
            at += 1;
        }
        let free = |&u: &u32| {
            let (route, position) = self.solution.place[u as usize];
            route != NONE && position as usize >= self.solution.routes[route as usize].fixed
        };
        let mut out: Vec<u32> = group.iter().copied().filter(free).collect();
        self.ruin.take(&mut self.solution, &mut out);
        let solution = &self.solution;
        let used = (0..solution.routes.len()).filter(|&route| !solution.routes[route].is_empty());
        let unused = (0..solution.layout.vehicles.len()).filter_map(|vehicle_type| solution.unused(vehicle_type));
        let mut routes: Vec<usize> = used.chain(unused).collect();
        for i in (1..routes.len()).rev() {
            routes.swap(i, random.below(i + 1));
        }
        for only in routes.into_iter().take(ROUTES).map(Some).chain([None]) {
            self.insert.only = only;
            for i in (1..group.len()).rev() {
                group.swap(i, random.below(i + 1));
            }
            let jobs = group.iter().filter(|&&u| self.is_representative(u as usize)).map(|&u| (0, u));
            self.keyed = jobs.collect();
            self.insert_keyed(random);
            let served = |u: &u32| self.solution.route_of(*u) != NONE;
            if only.is_none() || group.iter().all(served) || self.is_interrupted() {
                break;
            }
            let mut out: Vec<u32> = group.iter().copied().filter(|u| served(u)).collect();
            out.retain(|&u| {
                self.solution.place[u as usize].1 as usize
                    >= self.solution.routes[self.solution.route_of(u) as usize].fixed
            });
            self.ruin.take(&mut self.solution, &mut out);
        }
        self.insert.only = None;
        for u in group {
            if !self.jobs.contains(&u) {
                self.jobs.push(u);
            }
        }
    }
}
