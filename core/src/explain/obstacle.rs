//! What no plan can overcome: each obstacle is a proof.

use super::Job;
use super::bounds::Bounds;
use super::part::is_listed;
use super::party::{Party, Tie, Ties};
use crate::ids::{ClientId, DisposalSiteId, MaterialId, VehicleTypeId};
use crate::model::{Problem, Relation};
use crate::plan::Violation;
use crate::units::Load;

/// Something that keeps a vehicle type from serving somebody whatever else it does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
pub enum Obstacle {
    /// The lists of the client or of the vehicle type forbid it.
    NotAllowed,
    /// A relation pins the client to another vehicle type.
    Pinned(Tie),
    /// The vehicle lacks skills.
    MissingSkills(Vec<String>),
    /// The vehicle has no compartment for the material.
    NoCompartment(MaterialId),
    /// It is more than the vehicle carries.
    TooMuch { dimension: usize, amount: Load, capacity: Load },
    /// No disposal site of the vehicle takes the material.
    NoSite(Option<MaterialId>),
    /// Even on the shortest ways and by a vehicle that serves nobody else, this rule is broken; the numbers are the least
    /// there can be.
    Alone(Violation),
    /// A relation asks for a client to be served, too, who cannot be: because of these obstacles on the same vehicle or,
    /// where there are none, by any vehicle at all.
    Partner { tie: Tie, client: ClientId, obstacles: Vec<Obstacle> },
}

/// Lists what is certainly in the way of a job and of those who are on one trip with it: by what the problem states and, with
/// bounds, by what cannot be reached in time.
pub(super) fn find(
    (problem, ties): (&Problem, &Ties),
    vehicle_type: VehicleTypeId,
    job: Job,
    bounds: Option<&Bounds<'_>>,
) -> Vec<Obstacle> {
    let mut found = own((problem, ties), vehicle_type, job, bounds);
    for partner in Party::of_one_trip(problem, ties, job).jobs.into_iter().skip(1) {
        let Job::Client(client) = partner else { continue };
        let obstacles = own((problem, ties), vehicle_type, partner, bounds);
        if !obstacles.is_empty()
            && let Some(relation) = tying(problem, ties, job, client)
        {
            found.push(Obstacle::Partner { tie: Tie::new(problem, relation, job), client, obstacles });
        }
    }
    found
}

/// The sequence or set that ties a client to a job, or the first that ties the client to anybody.
pub(super) fn tying(problem: &Problem, ties: &Ties, job: Job, client: ClientId) -> Option<usize> {
    let is_one = |relation: &Relation| matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_));
    let direct = |relation: &Relation| is_one(relation) && relation.clients().iter().any(|&c| Job::Client(c) == job);
    let relation = |r: &&usize| &problem.relations()[**r];
    let of = ties.of(client);
    of.iter().find(|r| direct(relation(r))).or_else(|| of.iter().find(|r| is_one(relation(r)))).copied()
}

fn own(
    (problem, ties): (&Problem, &Ties),
    vehicle_type: VehicleTypeId,
    job: Job,
    bounds: Option<&Bounds<'_>>,
) -> Vec<Obstacle> {
    let found = match job {
        Job::Client(id) => client(problem, ties, vehicle_type, id),
        Job::Shipment(id) => {
            let amount = &problem.shipment(id).amount;
            let v = problem.vehicle_type(vehicle_type);
            let mut found = too_much(amount, &v.capacity);
            found.extend(too_much(amount, &v.max_route_load));
            found.dedup();
            found
        }
    };
    // Whoever may not be served at all need not be driven to.
    match bounds {
        Some(bounds) if found.is_empty() => bounds.broken(job).into_iter().map(Obstacle::Alone).collect(),
        _ => found,
    }
}

fn client(problem: &Problem, ties: &Ties, vehicle_type: VehicleTypeId, id: ClientId) -> Vec<Obstacle> {
    let (v, c) = (problem.vehicle_type(vehicle_type), problem.client(id));
    let mut found = Vec::new();
    if !is_listed(problem, vehicle_type, id) {
        found.push(Obstacle::NotAllowed);
    }
    for &r in ties.of(id) {
        if let Relation::Pin { vehicle_type: Some(pinned), .. } = problem.relations()[r]
            && pinned != vehicle_type
        {
            found.push(Obstacle::Pinned(Tie::new(problem, r, Job::Client(id))));
        }
    }
    let missing: Vec<String> = c.skills.iter().filter(|skill| !v.skills.contains(skill)).cloned().collect();
    if !missing.is_empty() {
        found.push(Obstacle::MissingSkills(missing));
    }
    let amount = |of: &dyn Fn(Load, Load) -> Load| -> Vec<Load> {
        let dimensions = 0..problem.load_dimensions();
        dimensions.map(|d| of(Problem::amount(&c.pickup, d), Problem::amount(&c.delivery, d))).collect()
    };
    found.extend(too_much(&amount(&Load::max), &v.capacity));
    for obstacle in too_much(&amount(&|pickup, delivery| pickup + delivery), &v.max_route_load) {
        if !found.contains(&obstacle) {
            found.push(obstacle);
        }
    }
    if let Some(material) = c.material
        && !v.compartments.is_empty()
    {
        match v.compartments.iter().find(|part| part.materials.contains(&material)) {
            None => found.push(Obstacle::NoCompartment(material)),
            Some(part) => found.extend(too_much(&c.pickup, &part.capacity)),
        }
    }
    let accepts = |site: &DisposalSiteId| problem.disposal_site(*site).accepts(c.material);
    if v.end_empty && c.pickup.iter().any(|&q| q > 0) && !v.disposal_sites.iter().any(accepts) {
        found.push(Obstacle::NoSite(c.material));
    }
    found
}

fn too_much(amount: &[Load], limit: &[Load]) -> Vec<Obstacle> {
    let pairs = amount.iter().zip(limit).enumerate();
    let too_large = pairs.filter(|(_, (amount, capacity))| amount > capacity);
    too_large.map(|(dimension, (&amount, &capacity))| Obstacle::TooMuch { dimension, amount, capacity }).collect()
}
