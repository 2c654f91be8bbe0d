//! What no plan can overcome.

use super::Job;
use crate::ids::{DisposalSiteId, MaterialId, VehicleTypeId};
use crate::model::Problem;
use crate::plan::{Activity, Plan, RouteStops, TripStops, Violation};
use crate::units::Load;

/// Something that keeps a vehicle type from serving somebody whatever else it does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
pub enum Obstacle {
    /// The lists of the client or of the vehicle type, or a pin, forbid it.
    NotAllowed,
    /// The vehicle lacks skills.
    MissingSkills(Vec<String>),
    /// The vehicle has no compartment for the material.
    NoCompartment(MaterialId),
    /// It is more than the vehicle carries.
    TooMuch { dimension: usize, amount: Load, capacity: Load },
    /// No disposal site of the vehicle takes the material.
    NoSite(Option<MaterialId>),
    /// A vehicle that serves nobody else breaks this rule.
    Alone(Violation),
}

/// Lists what is in the way; at least one thing.
pub(super) fn find(problem: &Problem, vehicle_type: VehicleTypeId, job: Job) -> Vec<Obstacle> {
    let mut found = match job {
        Job::Client(_) => client(problem, vehicle_type, job),
        Job::Shipment(id) => too_much(problem, vehicle_type, &problem.shipment(id).amount),
    };
    if found.is_empty() {
        found = alone(problem, vehicle_type, job).into_iter().map(Obstacle::Alone).collect();
    }
    if found.is_empty() {
        found.push(Obstacle::NotAllowed);
    }
    found
}

fn client(problem: &Problem, vehicle_type: VehicleTypeId, job: Job) -> Vec<Obstacle> {
    let Job::Client(id) = job else { return Vec::new() };
    let (v, c) = (problem.vehicle_type(vehicle_type), problem.client(id));
    let mut found = Vec::new();
    let listed = v.allowed_clients.as_ref().is_none_or(|list| list.contains(&id))
        && c.allowed_vehicles.as_ref().is_none_or(|list| list.contains(&vehicle_type))
        && !c.forbidden_vehicles.contains(&vehicle_type);
    if !listed {
        found.push(Obstacle::NotAllowed);
    }
    let missing: Vec<String> = c.skills.iter().filter(|skill| !v.skills.contains(skill)).cloned().collect();
    if !missing.is_empty() {
        found.push(Obstacle::MissingSkills(missing));
    }
    if let Some(material) = c.material
        && !v.compartments.is_empty()
        && !v.compartments.iter().any(|part| part.materials.contains(&material))
    {
        found.push(Obstacle::NoCompartment(material));
    }
    let amount: Vec<Load> = (0..problem.load_dimensions())
        .map(|d| Problem::amount(&c.pickup, d).max(Problem::amount(&c.delivery, d)))
        .collect();
    found.extend(too_much(problem, vehicle_type, &amount));
    let accepts = |site: &DisposalSiteId| problem.disposal_site(*site).accepts(c.material);
    if v.end_empty && c.pickup.iter().any(|&q| q > 0) && !v.disposal_sites.iter().any(accepts) {
        found.push(Obstacle::NoSite(c.material));
    }
    found
}

fn too_much(problem: &Problem, vehicle_type: VehicleTypeId, amount: &[Load]) -> Vec<Obstacle> {
    let v = problem.vehicle_type(vehicle_type);
    let limits = [&v.capacity, &v.max_route_load];
    let over = |limit: &Vec<Load>| {
        let pairs = amount.iter().zip(limit).enumerate();
        let too_large = pairs.filter(|(_, (amount, capacity))| amount > capacity);
        too_large.map(|(dimension, (&amount, &capacity))| Obstacle::TooMuch { dimension, amount, capacity }).collect()
    };
    let mut found: Vec<Obstacle> = limits.iter().flat_map(|limit| -> Vec<Obstacle> { over(limit) }).collect();
    found.dedup();
    found
}

/// The rules that the best route for the job alone breaks.
fn alone(problem: &Problem, vehicle_type: VehicleTypeId, job: Job) -> Vec<Violation> {
    let v = problem.vehicle_type(vehicle_type);
    let stops = match job {
        Job::Client(id) => vec![Activity::Client(id)],
        Job::Shipment(id) => vec![Activity::Pickup(id), Activity::Delivery(id)],
    };
    let mut ends: Vec<Vec<Activity>> = vec![Vec::new()];
    ends.extend(v.disposal_sites.iter().map(|&site| vec![Activity::Dispose(site)]));
    let pauses: Vec<Activity> = (0..v.breaks.len()).map(Activity::Break).collect();
    let mut best: Option<Vec<Violation>> = None;
    for end in ends {
        // All breaks before the stop, all behind it, or none.
        let orders = [
            [stops.clone(), end.clone()].concat(),
            [pauses.clone(), stops.clone(), end.clone()].concat(),
            [stops.clone(), pauses.clone(), end.clone()].concat(),
        ];
        for activities in orders {
            let trip = TripStops { start: v.start, activities, end: v.end };
            let Ok(plan) = Plan::new(problem, vec![RouteStops { vehicle_type, start: None, trips: vec![trip] }]) else {
                continue;
            };
            let own: Vec<Violation> = plan.violations().iter().filter(|v| v.route().is_some()).cloned().collect();
            if best.as_ref().is_none_or(|best| own.len() < best.len()) {
                best = Some(own);
            }
        }
    }
    best.unwrap_or_default()
}
