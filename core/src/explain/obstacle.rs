//! Obstacles that no plan can overcome: each is proved.

use super::Job;
use super::bounds::Bounds;
use super::joint_service::{JointService, RelationIndex, Tie};
use super::subproblem::is_listed;
use crate::ids::{ClientId, DepotId, DisposalSiteId, MaterialId, VehicleTypeId, ZoneId};
use crate::model::{Problem, Relation, ZoneAccess};
use crate::plan::{Activity, Violation};
use crate::units::{Load, Time};

/// A reason why a vehicle type cannot serve a job, whatever else it does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
#[non_exhaustive]
pub enum Obstacle {
    /// The client's or the vehicle type's lists forbid it.
    NotAllowed,
    /// It lies outside all zones that the vehicles serve.
    OutsideZones,
    /// It lies in a zone that is closed to the vehicles at all times, or at all times at which it could be served.
    ZoneClosed(ZoneId),
    /// A relation pins the client to another vehicle type.
    Pinned(Tie),
    /// The vehicle lacks skills.
    MissingSkills(Vec<String>),
    /// The vehicle has no compartment for the material.
    NoCompartment(MaterialId),
    /// The amount exceeds what the vehicle may carry.
    TooMuch { dimension: usize, amount: Load, capacity: Load },
    /// No disposal site of the vehicle takes the material.
    NoSite(Option<MaterialId>),
    /// Even a vehicle that serves nothing else, on shortest paths, violates this rule; the numbers are lower bounds.
    Alone(Violation),
    /// As [`Alone`](Self::Alone), for a service that would be too late because the vehicle may not set out before a time.
    HeldBack { by: Holder, until: Time, violation: Violation },
    /// A relation requires another client to be served as well, but it cannot be: because of these obstacles for the
    /// same vehicle or, if there are none, by any vehicle.
    Partner { tie: Tie, client: ClientId, obstacles: Vec<Obstacle> },
}

/// What keeps a vehicle from setting out earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Holder {
    /// The depot where it starts is still closed.
    Depot(DepotId),
    /// Its shift has not begun.
    Shift,
    /// What it brings to the client has not been released.
    Release(ClientId),
}

/// Lists the proved obstacles of a job and of the clients that must share its trip: from the problem's data and, with
/// bounds, from times and distances that cannot be met.
pub(super) fn find(
    (problem, relation_index): (&Problem, &RelationIndex),
    vehicle_type: VehicleTypeId,
    job: Job,
    bounds: Option<&Bounds<'_>>,
) -> Vec<Obstacle> {
    let mut found = own((problem, relation_index), vehicle_type, job, bounds);
    for partner in JointService::of_one_trip(problem, relation_index, job).jobs.into_iter().skip(1) {
        let Job::Client(client) = partner else { continue };
        let obstacles = own((problem, relation_index), vehicle_type, partner, bounds);
        if !obstacles.is_empty()
            && let Some(relation) = relation_between(problem, relation_index, job, client)
        {
            found.push(Obstacle::Partner { tie: Tie::new(problem, relation, job), client, obstacles });
        }
    }
    found
}

/// The sequence or all-or-none set that contains both the client and the job, or else the first one that contains the
/// client.
pub(super) fn relation_between(
    problem: &Problem,
    relation_index: &RelationIndex,
    job: Job,
    client: ClientId,
) -> Option<usize> {
    let is_one = |relation: &Relation| matches!(relation, Relation::Sequence(_) | Relation::AllOrNone(_));
    let direct = |relation: &Relation| is_one(relation) && relation.clients().iter().any(|&c| Job::Client(c) == job);
    let relation = |r: &&usize| &problem.relations()[**r];
    let of = relation_index.of(client);
    of.iter().find(|r| direct(relation(r))).or_else(|| of.iter().find(|r| is_one(relation(r)))).copied()
}

fn own(
    (problem, relation_index): (&Problem, &RelationIndex),
    vehicle_type: VehicleTypeId,
    job: Job,
    bounds: Option<&Bounds<'_>>,
) -> Vec<Obstacle> {
    let mut found = match job {
        Job::Client(id) => client(problem, relation_index, vehicle_type, id),
        Job::Shipment(id) => {
            let amount = &problem.shipment(id).amount;
            let v = problem.vehicle_type(vehicle_type);
            let mut found = too_much(amount, &v.capacity);
            found.extend(too_much(amount, &v.max_route_load));
            found.dedup();
            found
        }
    };
    let activities = match job {
        Job::Client(id) => vec![Activity::Client(id)],
        Job::Shipment(id) => vec![Activity::Pickup(id), Activity::Delivery(id)],
    };
    found.extend(activities.into_iter().filter_map(|activity| zone(problem, vehicle_type, activity)));
    // A forbidden job needs no bounds.
    match bounds {
        Some(bounds) if found.is_empty() => {
            bounds.violated(job).into_iter().map(|own| bounds.obstacle(job, own)).collect()
        }
        _ => found,
    }
}

fn client(
    problem: &Problem,
    relation_index: &RelationIndex,
    vehicle_type: VehicleTypeId,
    id: ClientId,
) -> Vec<Obstacle> {
    let (v, c) = (problem.vehicle_type(vehicle_type), problem.client(id));
    let mut found = Vec::new();
    if !is_listed(problem, vehicle_type, id) {
        found.push(Obstacle::NotAllowed);
    }
    for &r in relation_index.of(id) {
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

/// The zone that keeps vehicles of a type from an activity.
fn zone(problem: &Problem, vehicle_type: VehicleTypeId, activity: Activity) -> Option<Obstacle> {
    if problem.may_begin_in_zones(vehicle_type, activity) {
        return None;
    }
    Some(match problem.zone_access(vehicle_type, activity) {
        ZoneAccess::Closed(zone) | ZoneAccess::ClosedDuring(zone, _) => Obstacle::ZoneClosed(zone),
        ZoneAccess::Outside | ZoneAccess::Free => Obstacle::OutsideZones,
    })
}

fn too_much(amount: &[Load], limit: &[Load]) -> Vec<Obstacle> {
    let pairs = amount.iter().zip(limit).enumerate();
    let too_large = pairs.filter(|(_, (amount, capacity))| amount > capacity);
    too_large.map(|(dimension, (&amount, &capacity))| Obstacle::TooMuch { dimension, amount, capacity }).collect()
}
