//! Finding room for somebody: on a route of the plan, on a vehicle that is not in use, or alone.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Job;
use super::base::Base;
use super::part::Part;
use super::party::Party;
use super::watch::Watch;
use crate::ids::VehicleTypeId;
use crate::model::Problem;
use crate::plan::RouteStops;
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout};
use crate::search::random::Random;
use crate::units::Cost;

/// So many routes of a vehicle type are tried, those first where the detour is shortest.
const MOST_ROUTES: usize = 48;

/// A plan with somebody added.
pub(super) struct Found {
    /// Which route has changed; `None`: there is a new one, or several have changed.
    pub(super) route: Option<usize>,
    /// The routes that have changed, or all.
    pub(super) routes: Vec<RouteStops>,
    /// Whether these are all routes.
    pub(super) whole: bool,
    /// What the routes cost more than before, goals left out.
    pub(super) cost: Cost,
}

/// Where to look.
pub(super) struct Room<'a> {
    pub(super) base: &'a Base<'a>,
    pub(super) watch: &'a Watch<'a>,
    /// By the first job of a party and vehicle type, whether a vehicle that serves nobody else could serve it.
    alone: RefCell<HashMap<(Job, VehicleTypeId), bool>>,
}

impl<'a> Room<'a> {
    pub(super) fn new(base: &'a Base<'a>, watch: &'a Watch<'a>) -> Self {
        Self { base, watch, alone: RefCell::default() }
    }

    fn part(&self, problem: &Problem, t: VehicleTypeId, route: Option<usize>, jobs: &[Job]) -> Part {
        let taken = |site, d| self.base.left_by_others(route, site, d);
        Part::new((problem, self.base.ties), t, route.map(|r| &self.base.routes()[r]), jobs, &taken)
    }

    /// The cheapest place for a party whose first job is served by a vehicle of the type.
    pub(super) fn cheapest(&self, problem: &Problem, t: VehicleTypeId, party: &Party) -> Option<Found> {
        if party.leaders.len() > 1 {
            return self.whole(problem, t, party);
        }
        let mut best: Option<Found> = None;
        for candidate in self.ordered(problem, t, party) {
            if self.watch.is_over() {
                break;
            }
            if let Some(found) = self.on(problem, t, candidate, party)
                && best.as_ref().is_none_or(|best| found.cost < best.cost)
            {
                best = Some(found);
            }
        }
        best
    }

    /// The candidates in the order in which they are worth a try.
    pub(super) fn ordered(&self, problem: &Problem, t: VehicleTypeId, party: &Party) -> Vec<Option<usize>> {
        let mut candidates = self.base.candidates(problem, t, party);
        if candidates.len() > MOST_ROUTES {
            let detour = |route: &Option<usize>| route.map_or(i64::MIN, |r| self.base.detour(problem, r, party));
            candidates.sort_by_cached_key(detour);
            candidates.truncate(MOST_ROUTES);
        }
        candidates
    }

    /// The party on one route, or on a vehicle that is not in use.
    pub(super) fn on(&self, problem: &Problem, t: VehicleTypeId, route: Option<usize>, party: &Party) -> Option<Found> {
        let part = self.part(problem, t, route, &party.jobs);
        let new = part.place(&party.leaders)?;
        let (after, before) = part.costs(&new);
        let found = Found { route, routes: vec![new], whole: false, cost: after - before };
        let holds = !self.base.is_tied(party) || self.base.accepts(problem, &self.all(&found), party);
        holds.then_some(found)
    }

    /// Whether what was found holds under another version of the problem.
    pub(super) fn holds(&self, problem: &Problem, t: VehicleTypeId, found: &Found, party: &Party) -> bool {
        if found.whole {
            return self.base.accepts(problem, &found.routes, party);
        }
        self.part(problem, t, found.route, &party.jobs).allows(&found.routes[0])
            && (!self.base.is_tied(party) || self.base.accepts(problem, &self.all(found), party))
    }

    /// What the plan that was found breaks under another version of the problem.
    pub(super) fn broken(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        found: &Found,
        party: &Party,
    ) -> Vec<crate::plan::Violation> {
        if found.whole {
            crate::plan::Plan::of_known(problem, found.routes.clone()).violations
        } else {
            self.part(problem, t, found.route, &party.jobs).violations(&found.routes[0])
        }
    }

    /// All routes of the plan that was found.
    pub(super) fn all(&self, found: &Found) -> Vec<RouteStops> {
        if found.whole {
            return found.routes.clone();
        }
        let mut all = self.base.routes().to_vec();
        for new in &found.routes {
            match found.route {
                Some(route) => all[route].clone_from(new),
                None => all.push(new.clone()),
            }
        }
        all
    }

    /// A party whose members may be on several routes, beside all of the plan.
    fn whole(&self, problem: &Problem, t: VehicleTypeId, party: &Party) -> Option<Found> {
        // Places are tried one by one: who is near whom does not matter, and need not be found out.
        let data = Data::until(problem, &|| true);
        let layout = Layout::new(&data);
        let goals = GeneralGoals::new(&layout);
        let mut search = GeneralSearch::new(&layout, &goals, &mut Random::new(1));
        search.load(self.base.routes());
        let kind = |i: usize| (i == 0).then_some(t.index());
        let jobs: Vec<_> = party.leaders.iter().enumerate().map(|(i, job)| (job.activity(), kind(i))).collect();
        let routes = search.serve(&jobs)?;
        let plan = crate::plan::Plan::of_known(problem, routes);
        let cost = |plan: &crate::plan::Plan| plan.cost() - plan.breakdown().unserved;
        let found = Found { route: None, cost: cost(&plan) - cost(self.base.plan), routes: plan.stops, whole: true };
        self.base.accepts(problem, &found.routes, party).then_some(found)
    }

    /// Whether a vehicle of the type could serve the job, and those on one trip with it, if it served nobody else. It may have
    /// a disposal site to itself, and has done nothing yet.
    pub(super) fn alone(&self, problem: &Problem, t: VehicleTypeId, job: Job) -> bool {
        let known = self.alone.borrow().get(&(job, t)).copied();
        known.unwrap_or_else(|| {
            let party = Party::of_one_trip(problem, self.base.ties, job);
            let part = Part::new((problem, self.base.ties), t, None, &party.jobs, &|_, _| 0);
            let possible = part.place(&party.leaders).is_some();
            self.alone.borrow_mut().insert((job, t), possible);
            possible
        })
    }
}
