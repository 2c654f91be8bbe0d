//! Inserting jobs: into a route of the plan, into an unused vehicle's route, or into a route of their own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Job;
use super::base::Base;
use super::deadline::Deadline;
use super::joint_service::JointService;
use super::subproblem::Subproblem;
use crate::ids::VehicleTypeId;
use crate::model::Problem;
use crate::plan::RouteStops;
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout, Wanted};
use crate::search::random::Random;
use crate::search::travel_table::TravelTable;
use crate::units::Cost;

/// The number of routes of a vehicle type that are tried, in order of increasing detour.
const MAX_ROUTES: usize = 48;

/// A plan into which jobs have been inserted.
pub(super) struct Insertion {
    /// The changed route; `None`: a new route was opened, or several have changed.
    pub(super) route: Option<usize>,
    /// The changed routes, or all routes.
    pub(super) routes: Vec<RouteStops>,
    /// Whether `routes` holds all routes of the plan.
    pub(super) whole: bool,
    /// The increase of the routes' cost, without goals, of the cheapest insertion.
    pub(super) cost: Cost,
}

/// Searches a plan's routes and its unused vehicles for feasible insertions.
pub(super) struct InsertionFinder<'a> {
    pub(super) base: &'a Base<'a>,
    pub(super) deadline: &'a Deadline<'a>,
    /// The parts of the problem for the jobs that are being inserted, by the vehicle and its route.
    subproblems: RefCell<HashMap<(VehicleTypeId, Option<usize>), Subproblem>>,
    /// The jobs of these.
    jobs: RefCell<Vec<Job>>,
    /// What the search knows of distances and durations of the whole problem, once that was needed.
    travel: RefCell<Option<TravelTable>>,
    /// By job and vehicle type: whether a vehicle that serves nothing else could serve the job.
    alone: RefCell<HashMap<(Job, VehicleTypeId), bool>>,
}

impl<'a> InsertionFinder<'a> {
    pub(super) fn new(base: &'a Base<'a>, deadline: &'a Deadline<'a>) -> Self {
        Self {
            base,
            deadline,
            subproblems: RefCell::default(),
            jobs: RefCell::default(),
            travel: RefCell::default(),
            alone: RefCell::default(),
        }
    }

    /// Asks the part of a version of the problem that concerns one vehicle and the jobs to insert.
    fn ask<R>(
        &self,
        problem: &Problem,
        (t, route): (VehicleTypeId, Option<usize>),
        joint: &JointService,
        question: impl FnOnce(&Subproblem) -> R,
    ) -> R {
        let taken = |site, d| self.base.left_by_others(route, site, d);
        let version = (problem, self.base.relation_index);
        let (mut subproblems, mut jobs) = (self.subproblems.borrow_mut(), self.jobs.borrow_mut());
        if *jobs != joint.jobs {
            subproblems.clear();
            jobs.clone_from(&joint.jobs);
        }
        let subproblem = match subproblems.entry((t, route)) {
            Entry::Occupied(known) => {
                let known = known.into_mut();
                known.follow(version, &taken);
                known
            }
            Entry::Vacant(free) => {
                let stops = route.map(|r| &self.base.routes()[r]);
                free.insert(Subproblem::new(version, t, stops, &joint.jobs, &taken))
            }
        };
        question(subproblem)
    }

    /// The cheapest insertion of a joint service whose first job is served by a vehicle of the type.
    pub(super) fn cheapest(&self, problem: &Problem, t: VehicleTypeId, joint: &JointService) -> Option<Insertion> {
        if joint.leaders.len() > 1 {
            return self.whole(problem, t, joint);
        }
        let mut best: Option<Insertion> = None;
        for candidate in self.ordered(problem, t, joint) {
            if self.deadline.is_reached() {
                break;
            }
            if let Some(found) = self.on_with(problem, (t, candidate), joint, Wanted::Cheapest)
                && best.as_ref().is_none_or(|best| found.cost < best.cost)
            {
                best = Some(found);
            }
        }
        best
    }

    /// Whether there is an insertion of a joint service whose first job is served by a vehicle of the type; `likely` is the
    /// route on which it is tried first.
    pub(super) fn any(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        joint: &JointService,
        likely: Option<usize>,
    ) -> Option<Insertion> {
        if joint.leaders.len() > 1 {
            return self.whole(problem, t, joint);
        }
        let mut routes = self.ordered(problem, t, joint);
        routes.sort_by_key(|&route| route != likely);
        routes
            .into_iter()
            .take_while(|_| !self.deadline.is_reached())
            .find_map(|route| self.on(problem, t, route, joint))
    }

    /// The candidates, most promising first.
    pub(super) fn ordered(&self, problem: &Problem, t: VehicleTypeId, joint: &JointService) -> Vec<Option<usize>> {
        let mut candidates = self.base.candidates(problem, t, joint);
        if candidates.len() > MAX_ROUTES {
            let detour = |route: &Option<usize>| route.map_or(i64::MIN, |r| self.base.detour(problem, r, joint));
            candidates.sort_by_cached_key(detour);
            candidates.truncate(MAX_ROUTES);
        }
        candidates
    }

    /// An insertion of a joint service into one route, or into an unused vehicle's route.
    pub(super) fn on(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        route: Option<usize>,
        joint: &JointService,
    ) -> Option<Insertion> {
        self.on_with(problem, (t, route), joint, Wanted::Any)
    }

    fn on_with(
        &self,
        problem: &Problem,
        (t, route): (VehicleTypeId, Option<usize>),
        joint: &JointService,
        wanted: Wanted,
    ) -> Option<Insertion> {
        let (new, (after, before)) = self.ask(problem, (t, route), joint, |part| {
            let new = part.place(&joint.leaders, wanted)?;
            let costs = if wanted == Wanted::Cheapest { part.costs(&new) } else { (0, 0) };
            Some((new, costs))
        })?;
        let found = Insertion { route, routes: vec![new], whole: false, cost: after - before };
        let holds = !self.base.affects_other_routes(joint) || self.base.accepts(problem, &self.all(&found), joint);
        holds.then_some(found)
    }

    /// Whether an insertion is feasible under another version of the problem.
    pub(super) fn holds(&self, problem: &Problem, t: VehicleTypeId, found: &Insertion, joint: &JointService) -> bool {
        if found.whole {
            return self.base.accepts(problem, &found.routes, joint);
        }
        self.ask(problem, (t, found.route), joint, |part| part.allows(&found.routes[0]))
            && (!self.base.affects_other_routes(joint) || self.base.accepts(problem, &self.all(found), joint))
    }

    /// The rules that an insertion violates under another version of the problem.
    pub(super) fn violated(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        found: &Insertion,
        joint: &JointService,
    ) -> Vec<crate::plan::Violation> {
        if found.whole {
            crate::plan::Plan::of_known(problem, found.routes.clone()).violations
        } else {
            self.ask(problem, (t, found.route), joint, |part| part.violations(&found.routes[0]))
        }
    }

    /// All routes of the plan after an insertion.
    pub(super) fn all(&self, found: &Insertion) -> Vec<RouteStops> {
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

    /// The insertion of a joint service whose jobs may be on several routes.
    fn whole(&self, problem: &Problem, t: VehicleTypeId, joint: &JointService) -> Option<Insertion> {
        let data = Data::without_neighbours(problem, self.travel.take());
        let routes = {
            let layout = Layout::new(&data);
            let goals = GeneralGoals::new(&layout);
            let mut search = GeneralSearch::new(&layout, &goals, &mut Random::new(1));
            search.load(self.base.routes());
            let kind = |i: usize| (i == 0).then_some(t.index());
            let jobs: Vec<_> = joint.leaders.iter().enumerate().map(|(i, job)| (job.activity(), kind(i))).collect();
            search.serve(&jobs, Wanted::Cheapest)
        };
        self.travel.replace(Some(data.travel));
        let plan = crate::plan::Plan::of_known(problem, routes?);
        let cost = |plan: &crate::plan::Plan| plan.cost() - plan.breakdown().unserved;
        let found =
            Insertion { route: None, cost: cost(&plan) - cost(self.base.plan), routes: plan.stops, whole: true };
        self.base.accepts(problem, &found.routes, joint).then_some(found)
    }

    /// Whether a vehicle of the type could serve the job, and the jobs that must share its trip, if it served nothing
    /// else: with all of each disposal site's capacity, and without executed activities.
    pub(super) fn alone(&self, problem: &Problem, t: VehicleTypeId, job: Job) -> bool {
        let known = self.alone.borrow().get(&(job, t)).copied();
        known.unwrap_or_else(|| {
            let joint = JointService::of_one_trip(problem, self.base.relation_index, job);
            let sub = Subproblem::new((problem, self.base.relation_index), t, None, &joint.jobs, &|_, _| 0);
            let possible = sub.place(&joint.leaders, Wanted::Any).is_some();
            self.alone.borrow_mut().insert((job, t), possible);
            possible
        })
    }
}
