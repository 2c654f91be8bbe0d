//! Why somebody is not served.

use milkrun::explain::{Explanation, Job, Obstacle, Reason, Relaxation, TypeReason};
use pyo3::prelude::*;

use crate::failure::guard;
use crate::plan::Plan;

/// Numbers by what they are.
type Numbers = Vec<(&'static str, i64)>;
/// Kind, text, numbers, words.
type ObstacleRow = (&'static str, String, Numbers, Vec<String>);
/// Vehicle type, kind, cost, obstacles.
type TypeRow = (usize, &'static str, Option<i64>, Vec<ObstacleRow>);
/// Kind, text, numbers, skill.
type RelaxationRow = (&'static str, String, Numbers, Option<String>);
/// Whether it is a shipment, index, prize, whether it is impossible, text, reasons by type, relaxations.
type Row = (bool, usize, Option<i64>, bool, String, Vec<TypeRow>, Vec<RelaxationRow>);

/// Explains everything that a plan leaves unserved. Others run meanwhile.
#[pyfunction]
pub(crate) fn explain_plan(py: Python<'_>, plan: &Plan) -> PyResult<Vec<Row>> {
    let found = py.detach(|| std::panic::catch_unwind(|| milkrun::explain::explain(&plan.problem, &plan.inner)));
    let found = found.map_err(|payload| crate::failure::panicked(payload.as_ref()))?;
    guard(py, || Ok(found.iter().map(row).collect()))
}

fn row(explanation: &Explanation) -> Row {
    let (shipment, index) = match explanation.job {
        Job::Client(id) => (false, id.index()),
        Job::Shipment(id) => (true, id.index()),
    };
    let by_type = explanation.by_type.iter().map(type_row).collect();
    let relaxations = explanation.relaxations.iter().map(relaxation).collect();
    let text = explanation.to_string();
    (shipment, index, explanation.prize, explanation.is_impossible(), text, by_type, relaxations)
}

fn type_row(own: &TypeReason) -> TypeRow {
    let (kind, cost, obstacles) = match &own.reason {
        Reason::Impossible(obstacles) => ("impossible", None, obstacles.iter().map(obstacle).collect()),
        Reason::NoRoom => ("no_room", None, Vec::new()),
        Reason::Possible { cost } => ("possible", Some(*cost), Vec::new()),
    };
    (own.vehicle_type.index(), kind, cost, obstacles)
}

fn obstacle(obstacle: &Obstacle) -> ObstacleRow {
    let (kind, numbers, words): (_, Numbers, _) = match obstacle {
        Obstacle::NotAllowed => ("not_allowed", vec![], vec![]),
        Obstacle::MissingSkills(skills) => ("missing_skills", vec![], skills.clone()),
        Obstacle::NoCompartment(id) => ("no_compartment", vec![("material", id.index() as i64)], vec![]),
        &Obstacle::TooMuch { dimension, amount, capacity } => {
            ("too_much", vec![("dimension", dimension as i64), ("amount", amount), ("capacity", capacity)], vec![])
        }
        Obstacle::NoSite(material) => {
            ("no_site", material.iter().map(|id| ("material", id.index() as i64)).collect(), vec![])
        }
        Obstacle::Alone(violation) => ("alone", vec![], vec![violation.kind().to_owned()]),
    };
    (kind, obstacle.to_string(), numbers, words)
}

fn relaxation(relaxation: &Relaxation) -> RelaxationRow {
    let of = |id: milkrun::VehicleTypeId| ("vehicle_type", id.index() as i64);
    let (kind, numbers, skill): (_, Numbers, _) = match *relaxation {
        Relaxation::Prize { by } => ("prize", vec![("by", by)], None),
        Relaxation::Vehicle { vehicle_type } => ("vehicle", vec![of(vehicle_type), ("by", 1)], None),
        Relaxation::Shift { vehicle_type, by } => ("shift", vec![of(vehicle_type), ("by", by)], None),
        Relaxation::MaxDuration { vehicle_type, by } => ("max_duration", vec![of(vehicle_type), ("by", by)], None),
        Relaxation::MaxDriving { vehicle_type, by } => ("max_driving", vec![of(vehicle_type), ("by", by)], None),
        Relaxation::MaxWork { vehicle_type, by } => ("max_work", vec![of(vehicle_type), ("by", by)], None),
        Relaxation::MaxDistance { vehicle_type, by } => ("max_distance", vec![of(vehicle_type), ("by", by)], None),
        Relaxation::Capacity { vehicle_type, dimension, by } => {
            ("capacity", vec![of(vehicle_type), ("dimension", dimension as i64), ("by", by)], None)
        }
        Relaxation::RouteLoad { vehicle_type, dimension, by } => {
            ("route_load", vec![of(vehicle_type), ("dimension", dimension as i64), ("by", by)], None)
        }
        Relaxation::MaxStops { vehicle_type, by } => ("max_stops", vec![of(vehicle_type), ("by", by as i64)], None),
        Relaxation::MaxTrips { vehicle_type, by } => ("max_trips", vec![of(vehicle_type), ("by", by as i64)], None),
        Relaxation::Skill { vehicle_type, ref skill } => ("skill", vec![of(vehicle_type)], Some(skill.clone())),
        Relaxation::Allow { vehicle_type } => ("allow", vec![of(vehicle_type)], None),
        Relaxation::Window { client, by } => ("window", vec![("client", client.index() as i64), ("by", by)], None),
        Relaxation::SiteHours { site, until } => {
            ("site_hours", vec![("site", site.index() as i64), ("until", until)], None)
        }
        Relaxation::SiteCapacity { site, dimension, by } => {
            ("site_capacity", vec![("site", site.index() as i64), ("dimension", dimension as i64), ("by", by)], None)
        }
        Relaxation::DepotHours { depot, by } => {
            ("depot_hours", vec![("depot", depot.index() as i64), ("by", by)], None)
        }
    };
    (kind, relaxation.to_string(), numbers, skill)
}
