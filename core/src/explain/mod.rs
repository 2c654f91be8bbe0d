//! Why somebody is not served: what stands in the way for each vehicle type, and the least single changes that would help.
//!
//! Nothing is said that was not found to be so:
//!
//! - That a client *cannot* be served by a vehicle type is said where it is proved: by what the problem states, or because even
//!   the shortest ways take too long.
//! - That there is room, or that a vehicle could serve the client if it did nothing else, is said where the judge accepts such a
//!   plan.
//! - A change that would help is one with which the judge accepts a plan that serves the client beside everybody who was served
//!   before, in the order in which they were; with less of it, no such plan was found.
//!
//! Where none of this was found, that is what is said.

mod alone;
mod base;
mod bounds;
mod least;
mod obstacle;
mod part;
mod party;
mod relaxation;
mod room;
mod text;
mod watch;

pub use obstacle::Obstacle;
pub use party::Tie;
pub use relaxation::Relaxation;
pub use watch::ExplainParams;

use std::time::Duration;

use crate::algorithm::CancelToken;
use crate::ids::{ClientId, ShipmentId, VehicleTypeId};
use crate::model::Problem;
use crate::plan::{Activity, Plan, Violation};
use crate::units::{Cost, MAX_COST};
use base::Base;
use bounds::Bounds;
use least::Search;
use party::{Party, Ties};
use room::{Found, Room};
use watch::Watch;

/// Somebody to be served.
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

/// What keeps a vehicle type from serving somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It cannot, whatever else it does or leaves.
    Impossible(Vec<Obstacle>),
    /// No way was found, even for a vehicle that does nothing else. The best of a few simple ways breaks these rules; that
    /// another one is there is not ruled out.
    NotFound(Vec<Violation>),
    /// It could, and there is a place for it in the plan but for a relation.
    Tied(Tie),
    /// It could, but no place was found beside what the plan's vehicles of this type do, and none of them is left.
    NoRoom,
    /// It could, at this additional cost, in the plan as it is.
    Possible {
        /// What the cheapest insertion costs.
        cost: Cost,
    },
}

/// Why one vehicle type does not serve somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeReason {
    /// The vehicle type.
    pub vehicle_type: VehicleTypeId,
    /// Why it does not.
    pub reason: Reason,
}

/// How far an explanation got before the time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// Not at all: neither reasons nor changes were looked for.
    Nothing,
    /// The reasons are complete. Changes that would help were not, or not all, looked for.
    Reasons,
    /// All is said.
    Everything,
}

/// Why somebody is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Who.
    pub job: Job,
    /// What serving is worth, where it is optional.
    pub prize: Option<Cost>,
    /// Why each vehicle type does not.
    pub by_type: Vec<TypeReason>,
    /// Single changes, each of which alone makes room, the smallest first.
    pub relaxations: Vec<Relaxation>,
    /// Whether all was looked at.
    pub searched: Searched,
    /// Whether the plan breaks rules by what it does, too, and not only by whom it leaves out. No change is told then that does
    /// not mend that as well.
    pub plan_is_broken: bool,
}

impl Explanation {
    /// Whether no vehicle type can serve the job, whatever else it does.
    pub fn is_impossible(&self) -> bool {
        self.searched != Searched::Nothing && self.by_type.iter().all(|t| matches!(t.reason, Reason::Impossible(_)))
    }

    /// Whether the plan has a place for the job as it is.
    pub fn has_room(&self) -> bool {
        self.by_type.iter().any(|t| matches!(t.reason, Reason::Possible { .. }))
    }
}

/// What [`explain_with`] answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainResult {
    /// An explanation of everybody who is not served.
    pub explanations: Vec<Explanation>,
    /// How long it took.
    pub runtime: Duration,
}

impl ExplainResult {
    /// Whether all was looked at; if not, each explanation says how far it got.
    pub fn is_complete(&self) -> bool {
        self.explanations.iter().all(|explanation| explanation.searched == Searched::Everything)
    }
}

/// Explains everything that a plan leaves unserved, in ten seconds at most: each explanation says whether that was enough.
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

/// Explains everything that a plan leaves unserved, and stops early when the time is up or `cancel` is set: first the reasons
/// of all, then what would help each.
pub fn explain_with(problem: &Problem, plan: &Plan, params: &ExplainParams, cancel: &CancelToken) -> ExplainResult {
    let watch = Watch::new(params, cancel);
    let ties = Ties::new(problem);
    let base = Base::new(problem, plan, &ties);
    let room = Room::new(&base, &watch);
    let types = (0..problem.vehicle_types().len()).map(VehicleTypeId::new);
    let bounds = types.map(|t| Bounds::new(problem, t)).collect();
    let teller = Teller { problem, ties: &ties, base: &base, room: &room, bounds };
    let unserved = plan.unserved();
    let clients = unserved.clients.iter().map(|&client| Job::Client(client));
    let jobs = clients.chain(unserved.shipments.iter().map(|&shipment| Job::Shipment(shipment)));
    let mut told: Vec<(Explanation, Option<Found>)> = jobs.map(|job| teller.reasons(job)).collect();
    // What would help must lead to a feasible plan, but for others who are left out.
    let strict = base.strict();
    let room = Room::new(&strict, &watch);
    let mut work = problem.clone();
    for (explanation, place) in &mut told {
        teller.relaxations(explanation, place.as_ref(), &room, &mut work);
    }
    ExplainResult {
        explanations: told.into_iter().map(|(explanation, _)| explanation).collect(),
        runtime: watch.elapsed(),
    }
}

/// All that is needed to explain.
struct Teller<'a> {
    problem: &'a Problem,
    ties: &'a Ties,
    base: &'a Base<'a>,
    room: &'a Room<'a>,
    /// By vehicle type.
    bounds: Vec<Bounds<'a>>,
}

impl Teller<'_> {
    fn is_over(&self) -> bool {
        self.room.watch.is_over()
    }

    /// The reasons, and the cheapest place in the plan, where there is one.
    fn reasons(&self, job: Job) -> (Explanation, Option<Found>) {
        let mut explanation = Explanation {
            job,
            prize: prize(self.problem, job),
            by_type: Vec::new(),
            relaxations: Vec::new(),
            searched: Searched::Nothing,
            plan_is_broken: self.base.is_broken,
        };
        let mut place: Option<Found> = None;
        let party = Party::new(self.problem, self.ties, job);
        for t in (0..self.problem.vehicle_types().len()).map(VehicleTypeId::new) {
            let (reason, found) = if self.is_over() { (Reason::NoRoom, None) } else { self.reason(t, &party) };
            if let Some(found) = found
                && place.as_ref().is_none_or(|place| found.cost < place.cost)
            {
                place = Some(found);
            }
            explanation.by_type.push(TypeReason { vehicle_type: t, reason });
        }
        // What was found when the time was up may be found for lack of time.
        if self.is_over() {
            explanation.by_type.clear();
        } else {
            explanation.searched = Searched::Reasons;
        }
        (explanation, place)
    }

    fn reason(&self, t: VehicleTypeId, party: &Party) -> (Reason, Option<Found>) {
        let (problem, job) = (self.problem, party.jobs[0]);
        let stated = obstacle::find((problem, self.ties), t, job, None);
        if !stated.is_empty() {
            return (Reason::Impossible(stated), None);
        }
        let partners = self.partners(party);
        if !partners.is_empty() {
            return (Reason::Impossible(partners), None);
        }
        if let Some(mut found) = self.room.cheapest(problem, t, party) {
            found.cost = self.cost(&found);
            return (Reason::Possible { cost: found.cost }, Some(found));
        }
        let alone = self.room.alone(problem, t, job);
        if !alone {
            let proved = obstacle::find((problem, self.ties), t, job, Some(&self.bounds[t.index()]));
            if !proved.is_empty() {
                return (Reason::Impossible(proved), None);
            }
        }
        for &relation in &party.relations {
            let free = Relaxation::Relation { relation }.relaxed(problem, job);
            let tie = Tie::new(problem, relation, job);
            if !self.is_over() && self.room.cheapest(&free, t, &Party::new(&free, self.ties, job)).is_some() {
                return (Reason::Tied(tie), None);
            }
        }
        let reason = if alone { Reason::NoRoom } else { Reason::NotFound(alone::broken(problem, t, job)) };
        (reason, None)
    }

    /// Who must be served, too, and cannot be by any vehicle.
    fn partners(&self, party: &Party) -> Vec<Obstacle> {
        let job = party.jobs[0];
        let mut found = Vec::new();
        if party.leaders.len() < 2 {
            return found;
        }
        for client in party.clients().skip(1) {
            let partner = Job::Client(client);
            let blocked = |bounds: &Bounds<'_>, t| {
                !obstacle::find((self.problem, self.ties), VehicleTypeId::new(t), partner, Some(bounds)).is_empty()
            };
            if self.bounds.iter().enumerate().all(|(t, bounds)| blocked(bounds, t))
                && let Some(relation) = obstacle::tying(self.problem, self.ties, job, client)
            {
                let tie = Tie::new(self.problem, relation, job);
                found.push(Obstacle::Partner { tie, client, obstacles: Vec::new() });
            }
        }
        found
    }

    /// What the routes cost more than before.
    fn cost(&self, found: &Found) -> Cost {
        if self.problem.goals().is_empty() {
            return found.cost;
        }
        let cost = |plan: &Plan| plan.cost() - plan.breakdown().unserved;
        cost(&Plan::of_known(self.problem, self.room.all(found))) - cost(self.base.plan)
    }

    fn relaxations(&self, explanation: &mut Explanation, place: Option<&Found>, room: &Room<'_>, work: &mut Problem) {
        if explanation.searched == Searched::Nothing || self.is_over() {
            return;
        }
        if let Some(place) = place {
            if !self.base.is_broken {
                explanation.relaxations.extend(self.prize(explanation.job, place));
            }
            explanation.searched = Searched::Everything;
            return;
        }
        let search = Search { problem: self.problem, room, job: explanation.job, reasons: &explanation.by_type };
        let mut found = Vec::new();
        if search.run(work, &mut found).is_ok() {
            explanation.searched = Searched::Everything;
        }
        explanation.relaxations = found;
    }

    /// By how much more it must be worth to serve somebody for whom there is room, if that decides.
    fn prize(&self, job: Job, place: &Found) -> Option<Relaxation> {
        let party = Party::new(self.problem, self.ties, job);
        let prizes = party.jobs.iter().map(|&job| prize(self.problem, job));
        // Whoever must be served is, where a search finds the place.
        let own = prizes.collect::<Option<Vec<Cost>>>()?[0];
        let plan = Plan::of_known(self.problem, self.room.all(place));
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
