//! Why a job is unserved: the obstacle for each vehicle type, and the smallest single changes that would help.
//!
//! Every statement has been verified:
//!
//! - "A vehicle type *cannot* serve a client" is reported only with a proof: from the problem's data, or because even
//!   the shortest paths take too long.
//! - "The client can be inserted", or "a vehicle could serve it if it did nothing else", is reported only if such a
//!   plan passes the [check](crate::plan::check).
//! - The rules that leave no room are those of which one change alone makes room or, if there is no such rule, a smallest
//!   set of rules that make room when all of them are changed.
//! - A change helps if, with it, a plan passes the check that serves the client in addition to every job served before,
//!   in their present order; with a smaller change, no such plan was found.
//!
//! If none of this was found, the explanation says so.

mod base;
mod bounds;
mod combined;
mod deadline;
mod explanation;
mod insertion;
mod joint_service;
mod minimum_change;
mod obstacle;
mod relaxation;
mod single_vehicle;
mod subproblem;
mod text;

pub use deadline::ExplainParams;
pub use explanation::{Blocking, ExplainResult, Explanation, Reason, Searched, TypeReason};
pub use joint_service::Tie;
pub use obstacle::{Holder, Obstacle};
pub use relaxation::Relaxation;

use std::borrow::Cow;

use crate::algorithm::CancelToken;
use crate::ids::{ClientId, LocationId, ProfileId, ShipmentId, VehicleTypeId};
use crate::model::Problem;
use crate::parallel;
use crate::plan::{Activity, Plan};
use crate::travel::{Matrix, ProfileMatrices, Travel};
use crate::units::{Cost, MAX_COST};
use base::Base;
use bounds::Bounds;
use deadline::Deadline;
use insertion::{Insertion, InsertionFinder};
use joint_service::{JointService, RelationIndex};
use minimum_change::Search;

/// A client or shipment to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    /// A single client.
    Client(ClientId),
    /// A shipment.
    Shipment(ShipmentId),
}

impl Job {
    fn activity(self) -> Activity {
        match self {
            Self::Client(client) => Activity::Client(client),
            Self::Shipment(shipment) => Activity::Pickup(shipment),
        }
    }
}

/// Explains every unserved job of a plan, in at most ten seconds: each explanation says whether that was enough.
///
/// ```
/// use milkrun::explain::{Relaxation, explain};
/// use milkrun::{Client, Coord, Depot, Plan, Problem, VehicleType};
///
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// let client = b.add_client(Client::at(Coord::new(3.0, 4.0)).skills(["crane"]));
/// let truck = b.add_vehicle_type(VehicleType::new(1).depot(yard));
/// let problem = b.build().unwrap();
/// let explanations = explain(&problem, &Plan::empty(&problem));
/// assert!(explanations[0].is_impossible());
/// assert_eq!(explanations[0].relaxations[0], Relaxation::Skill { vehicle_type: truck, skill: "crane".into() });
/// ```
pub fn explain(problem: &Problem, plan: &Plan) -> Vec<Explanation> {
    explain_with(problem, plan, &ExplainParams::default(), &CancelToken::new()).explanations
}

/// Explains every unserved job of a plan, and stops early when the time limit is reached or `cancel` is set: first the
/// reasons for all jobs, then the changes that would help each. With the feature `rayon`, all cores share the jobs; what is said of each
/// is the same for any number of them, unless time runs out.
pub fn explain_with(problem: &Problem, plan: &Plan, params: &ExplainParams, cancel: &CancelToken) -> ExplainResult {
    let deadline = Deadline::new(params, cancel);
    let tabled = with_tables(problem, plan.unserved().len());
    let problem = tabled.as_ref();
    let relation_index = RelationIndex::new(problem);
    let base = Base::new(problem, plan, &relation_index);
    // A change must lead to a plan that is feasible apart from other unserved jobs.
    let strict = base.strict();
    let unserved = plan.unserved();
    let clients = unserved.clients.iter().map(|&client| Job::Client(client));
    let jobs = clients.chain(unserved.shipments.iter().map(|&shipment| Job::Shipment(shipment)));
    let mut all: Vec<Explained> = jobs.map(|job| Explained::new(problem, &base, job)).collect();
    let mut each = |step: Step, from: &Base<'_>| {
        let explainer = || Explainer::new(problem, &base, InsertionFinder::new(from, &deadline));
        parallel::for_each(all.iter_mut().collect(), 1, explainer, |explainer, own| explainer.take(step, own));
    };
    each(Step::Reasons, &base);
    each(Step::Changes, &strict);
    if !base.is_infeasible {
        each(Step::RulesTogether, &strict);
    }
    ExplainResult { explanations: all.into_iter().map(|own| own.explanation).collect(), runtime: deadline.elapsed() }
}

/// The steps of an explanation, in their order.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The reasons.
    Reasons,
    /// The changes that would help.
    Changes,
    /// The rules that leave no room together, where no change of one alone makes any.
    RulesTogether,
}

/// What is known of an unserved job so far.
struct Explained {
    explanation: Explanation,
    /// The cheapest insertion, if there is one.
    place: Option<Insertion>,
}

impl Explained {
    fn new(problem: &Problem, base: &Base<'_>, job: Job) -> Self {
        let explanation = Explanation {
            job,
            prize: prize(problem, job),
            by_type: Vec::new(),
            relaxations: Vec::new(),
            searched: Searched::Nothing,
            plan_is_broken: base.is_infeasible,
        };
        Self { explanation, place: None }
    }
}

/// The problem with tables of distances and durations in place of formulas, where that pays for so many jobs: each insertion
/// that is tried asks for all of a route's.
fn with_tables(problem: &Problem, jobs: usize) -> Cow<'_, Problem> {
    /// So many values are computed for each job without a table, and more.
    const PER_JOB: usize = 50_000;
    /// With more locations, tables are too large.
    const MOST: usize = 2_000;
    let (n, travel) = (problem.locations().len(), problem.travel());
    if matches!(travel, Travel::Matrices(_)) || n > MOST || n * n > jobs * PER_JOB {
        return Cow::Borrowed(problem);
    }
    let table = |value: &dyn Fn(LocationId, LocationId) -> i64| {
        let row = |from: usize| (0..n).map(move |to| value(LocationId::new(from), LocationId::new(to)));
        Matrix::new(n, (0..n).flat_map(row).collect()).ok()
    };
    let profile = |p: usize| {
        let p = ProfileId::new(p);
        let distance = table(&|from, to| problem.distance(p, from, to))?;
        let durations = !travel.durations_equal_distances();
        let duration = if durations { Some(table(&|from, to| problem.duration(p, from, to))?) } else { None };
        Some(ProfileMatrices { distance, duration })
    };
    let Some(profiles) = (0..travel.num_profiles()).map(profile).collect() else { return Cow::Borrowed(problem) };
    Cow::Owned(Problem { travel: Travel::Matrices(profiles), ..problem.clone() })
}

/// The data that explanations are made from, on one thread.
struct Explainer<'a> {
    problem: &'a Problem,
    base: &'a Base<'a>,
    finder: InsertionFinder<'a>,
    /// By vehicle type.
    bounds: Vec<Bounds<'a>>,
    /// The problem in which changes are tried.
    work: Problem,
}

impl<'a> Explainer<'a> {
    fn new(problem: &'a Problem, base: &'a Base<'a>, finder: InsertionFinder<'a>) -> Self {
        let types = (0..problem.vehicle_types().len()).map(VehicleTypeId::new);
        Self { problem, base, finder, bounds: types.map(|t| Bounds::new(problem, t)).collect(), work: problem.clone() }
    }

    fn relation_index(&self) -> &'a RelationIndex {
        self.base.relation_index
    }

    fn is_reached(&self) -> bool {
        self.finder.deadline.is_reached()
    }

    /// Takes a step of an explanation.
    fn take(&mut self, step: Step, own: &mut Explained) {
        match step {
            Step::Reasons => self.reasons(own),
            Step::Changes => self.changes(own),
            Step::RulesTogether => self.rules_together(own),
        }
    }

    /// The reasons, and the cheapest insertion, if there is one.
    fn reasons(&mut self, own: &mut Explained) {
        let Explained { explanation, place } = own;
        let joint = JointService::new(self.problem, self.relation_index(), explanation.job);
        for t in (0..self.problem.vehicle_types().len()).map(VehicleTypeId::new) {
            let (reason, found) = if self.is_reached() { (Reason::NoRoom, None) } else { self.reason(t, &joint) };
            if let Some(found) = found
                && place.as_ref().is_none_or(|place| found.cost < place.cost)
            {
                *place = Some(found);
            }
            explanation.by_type.push(TypeReason { vehicle_type: t, reason, blocking: Blocking::Unknown });
        }
        // Reasons found after the time limit may be due to lack of time.
        if self.is_reached() {
            explanation.by_type.clear();
        } else {
            explanation.searched = Searched::Reasons;
        }
    }

    fn reason(&self, t: VehicleTypeId, joint: &JointService) -> (Reason, Option<Insertion>) {
        let (problem, job) = (self.problem, joint.jobs[0]);
        let stated = obstacle::find((problem, self.relation_index()), t, job, None);
        if !stated.is_empty() {
            return (Reason::Impossible(stated), None);
        }
        let partners = self.partners(joint);
        if !partners.is_empty() {
            return (Reason::Impossible(partners), None);
        }
        if let Some(mut found) = self.finder.cheapest(problem, t, joint) {
            found.cost = self.cost(&found);
            return (Reason::Possible { cost: found.cost }, Some(found));
        }
        let alone = self.finder.alone(problem, t, job);
        if !alone {
            let proved = obstacle::find((problem, self.relation_index()), t, job, Some(&self.bounds[t.index()]));
            if !proved.is_empty() {
                return (Reason::Impossible(proved), None);
            }
        }
        for &relation in &joint.relations {
            let free = Relaxation::Relation { relation }.relaxed(problem, job);
            let tie = Tie::new(problem, relation, job);
            if !self.is_reached()
                && self.finder.any(&free, t, &JointService::new(&free, self.relation_index(), job), None).is_some()
            {
                return (Reason::Tied(tie), None);
            }
        }
        let reason = if alone { Reason::NoRoom } else { Reason::NotFound(single_vehicle::violated(problem, t, job)) };
        (reason, None)
    }

    /// Clients that must be served as well, but that no vehicle can serve.
    fn partners(&self, joint: &JointService) -> Vec<Obstacle> {
        let job = joint.jobs[0];
        let mut found = Vec::new();
        if joint.leaders.len() < 2 {
            return found;
        }
        for client in joint.clients().skip(1) {
            let partner = Job::Client(client);
            let blocked = |bounds: &Bounds<'_>, t| {
                !obstacle::find((self.problem, self.relation_index()), VehicleTypeId::new(t), partner, Some(bounds))
                    .is_empty()
            };
            if self.bounds.iter().enumerate().all(|(t, bounds)| blocked(bounds, t))
                && let Some(relation) = obstacle::relation_between(self.problem, self.relation_index(), job, client)
            {
                let tie = Tie::new(self.problem, relation, job);
                found.push(Obstacle::Partner { tie, client, obstacles: Vec::new() });
            }
        }
        found
    }

    /// The increase of the routes' cost.
    fn cost(&self, found: &Insertion) -> Cost {
        if self.problem.goals().is_empty() {
            return found.cost;
        }
        let cost = |plan: &Plan| plan.cost() - plan.breakdown().unserved;
        cost(&Plan::of_known(self.problem, self.finder.all(found))) - cost(self.base.plan)
    }

    /// The changes that would help.
    fn changes(&mut self, own: &mut Explained) {
        let Explained { explanation, place } = own;
        if explanation.searched == Searched::Nothing || self.is_reached() {
            return;
        }
        if let Some(place) = place {
            if !self.base.is_infeasible {
                explanation.relaxations.extend(self.prize(explanation.job, place));
            }
            explanation.searched = Searched::Everything;
            return;
        }
        let (problem, finder) = (self.problem, &self.finder);
        let search = Search { problem, finder, job: explanation.job, reasons: &explanation.by_type };
        let mut found = Vec::new();
        if search.run(&mut self.work, &mut found).is_ok() {
            explanation.searched = Searched::Everything;
        }
        explanation.name_single_rules(&found);
        explanation.relaxations = found.into_iter().map(|(change, _)| change).collect();
    }

    fn rules_together(&mut self, own: &mut Explained) {
        let explanation = &mut own.explanation;
        if explanation.searched != Searched::Everything || !explanation.relaxations.is_empty() {
            return;
        }
        let (problem, finder) = (self.problem, &self.finder);
        let search = Search { problem, finder, job: explanation.job, reasons: &explanation.by_type };
        let is_crowded = |own: &&TypeReason| matches!(own.reason, Reason::NoRoom | Reason::NotFound(_));
        let types: Vec<VehicleTypeId> =
            explanation.by_type.iter().filter(is_crowded).map(|own| own.vehicle_type).collect();
        let found: Vec<_> = types.into_iter().map(|t| (t, search.together(&mut self.work, t))).collect();
        for (t, rules) in found {
            if let Some(rules) = rules {
                explanation.by_type[t.index()].blocking = Blocking::Together(rules);
            }
        }
    }

    /// By how much the prize of an insertable job would have to rise for the insertion to pay, if the prize decides.
    fn prize(&self, job: Job, place: &Insertion) -> Option<Relaxation> {
        let joint = JointService::new(self.problem, self.relation_index(), job);
        let prizes = joint.jobs.iter().map(|&job| prize(self.problem, job));
        // Required jobs are inserted whatever they cost.
        let own = prizes.collect::<Option<Vec<Cost>>>()?[0];
        let plan = Plan::of_known(self.problem, self.finder.all(place));
        let by = plan.cost() - self.base.plan.cost() + 1;
        let better_with = |by: Cost| {
            let mut without = self.base.plan.rank().to_vec();
            if let Some(cost) = without.last_mut() {
                *cost += by;
            }
            plan.rank() < without.as_slice()
        };
        let decides = by > 0 && own + by <= MAX_COST && better_with(by) && !better_with(by - 1);
        decides.then_some(Relaxation::Prize { by })
    }
}

fn prize(problem: &Problem, job: Job) -> Option<Cost> {
    match job {
        Job::Client(id) => {
            let client = problem.client(id);
            let required = client.group.map_or(client.required, |group| problem.groups()[group.index()].required);
            (!required).then_some(client.prize)
        }
        Job::Shipment(id) => (!problem.shipment(id).required).then(|| problem.shipment(id).prize),
    }
}
