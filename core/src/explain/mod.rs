//! Why somebody is not served: what stands in the way for each vehicle type, and the least single change that would help.
//!
//! A client *cannot* be served by a vehicle type where even a vehicle that serves nobody else breaks a rule; where it could,
//! it *was not chosen*, and the explanation says what inserting it into the plan costs, or that the plan as it is leaves no
//! room for it.

mod obstacle;
mod relaxation;
mod text;

pub use obstacle::Obstacle;
pub use relaxation::Relaxation;

use crate::ids::{ClientId, ShipmentId, VehicleTypeId};
use crate::model::Problem;
use crate::plan::{Activity, Plan, RouteStops};
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout};
use crate::search::random::Random;
use crate::units::Cost;

/// Somebody to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// It could, but not beside what the plan's vehicles of this type do, and none of them is left.
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

/// Why somebody is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Who.
    pub job: Job,
    /// What serving is worth, where it is optional.
    pub prize: Option<Cost>,
    /// Why each vehicle type does not.
    pub by_type: Vec<TypeReason>,
    /// Single changes, each of which alone would make room, the smallest first.
    pub relaxations: Vec<Relaxation>,
}

impl Explanation {
    /// Whether no vehicle type can serve the job, whatever else it does.
    pub fn is_impossible(&self) -> bool {
        self.by_type.iter().all(|t| matches!(t.reason, Reason::Impossible(_)))
    }
}

/// Explains everything that a plan leaves unserved.
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
    let unserved = plan.unserved();
    let clients = unserved.clients.iter().map(|&client| Job::Client(client));
    let jobs: Vec<Job> = clients.chain(unserved.shipments.iter().map(|&shipment| Job::Shipment(shipment))).collect();
    let beside = places(problem, plan.route_stops(), &jobs);
    let alone = places(&unlimited(problem), &[], &jobs);
    jobs.iter()
        .zip(beside.iter().zip(&alone))
        .map(|(&job, (beside, alone))| Explanation {
            job,
            prize: prize(problem, job),
            by_type: (0..problem.vehicle_types().len())
                .map(|t| TypeReason {
                    vehicle_type: VehicleTypeId::new(t),
                    reason: match (beside[t], alone[t]) {
                        (Some(cost), _) => Reason::Possible { cost },
                        (None, Some(_)) => Reason::NoRoom,
                        (None, None) => Reason::Impossible(obstacle::find(problem, VehicleTypeId::new(t), job)),
                    },
                })
                .collect(),
            relaxations: relaxation::find(problem, plan, job, beside),
        })
        .collect()
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

/// The problem with a vehicle to spare of each type, for somebody who is served alone: what ties to others and what others
/// have done is left out.
fn unlimited(problem: &Problem) -> Problem {
    let mut builder = problem.to_builder();
    for vehicle_type in builder.vehicle_types_mut() {
        vehicle_type.count = vehicle_type.count.max(1);
        vehicle_type.executed.clear();
    }
    builder.relations.retain(|relation| matches!(relation, crate::model::Relation::Pin { .. }));
    builder.build().unwrap_or_else(|_| problem.clone())
}

/// For each job and vehicle type, what the cheapest insertion into the routes costs.
fn places(problem: &Problem, routes: &[RouteStops], jobs: &[Job]) -> Vec<Vec<Option<Cost>>> {
    if jobs.is_empty() || problem.num_stops() == 0 {
        return Vec::new();
    }
    let base = Data::new(problem);
    let layout = Layout::new(&base);
    let goals = GeneralGoals::new(&layout);
    let mut search = GeneralSearch::new(&layout, &goals, &mut Random::new(1));
    search.load(routes);
    let types = 0..problem.vehicle_types().len();
    jobs.iter().map(|job| types.clone().map(|kind| search.cheapest_insertion(job.activity(), kind)).collect()).collect()
}
