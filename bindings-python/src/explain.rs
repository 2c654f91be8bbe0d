//! Why somebody is not served.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use milkrun::explain::{
    ExplainParams, Explanation, Job, Obstacle, Reason, Relaxation, Searched, Tie, TypeReason, explain_with,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::failure::{InternalError, guard, panicked};
use crate::plan::Plan;
use crate::solve::listen;

/// Numbers by what they are.
type Numbers = Vec<(&'static str, i64)>;
/// Kind, text, numbers, words.
type ObstacleRow = (&'static str, String, Numbers, Vec<String>);
/// Vehicle type, kind, cost, obstacles, relation.
type TypeRow = (usize, &'static str, Option<i64>, Vec<ObstacleRow>, Option<usize>);
/// Kind, text, numbers, skill.
type RelaxationRow = (&'static str, String, Numbers, Option<String>);
/// Whether it is a shipment, index, prize, whether it is impossible, text, reasons by type, relaxations, how far it got.
type Row = (bool, usize, Option<i64>, bool, String, Vec<TypeRow>, Vec<RelaxationRow>, &'static str);

/// Explains everything that a plan leaves unserved, on a thread of its own, while the calling thread looks at signals. Ctrl-C
/// ends it early, as the time limit does.
#[pyfunction]
pub(crate) fn explain_plan(
    py: Python<'_>,
    plan: &Plan,
    max_runtime: Option<f64>,
    cancel: &CancelToken,
) -> PyResult<Vec<Row>> {
    let max_runtime = max_runtime.map(Duration::try_from_secs_f64).transpose();
    let max_runtime = max_runtime.map_err(|error| PyValueError::new_err(format!("max_runtime: {error}")))?;
    let params = ExplainParams { max_runtime };
    let token = milkrun::CancelToken::new();
    if cancel.inner.is_cancelled() {
        token.cancel();
    }
    let (alive, receive) = channel();
    let worker = {
        let (problem, inner, token) = (plan.problem.clone(), plan.inner.clone(), token.clone());
        let work = move || {
            // Whoever listens hears the end when this goes.
            let _alive = alive;
            catch_unwind(AssertUnwindSafe(|| explain_with(&problem, &inner, &params, &token)))
        };
        thread::Builder::new().name("milkrun".to_owned()).spawn(work)
    };
    let worker = worker.map_err(|error| InternalError::new_err(format!("no thread could be started: {error}")))?;
    let heard = listen(py, &Mutex::new(receive), cancel, &token, None);
    let result = py.detach(|| worker.join());
    heard?;
    match result {
        Ok(Ok(result)) => guard(py, || Ok(result.explanations.iter().map(row).collect())),
        Ok(Err(payload)) | Err(payload) => Err(panicked(payload.as_ref())),
    }
}

fn row(explanation: &Explanation) -> Row {
    let (shipment, index) = match explanation.job {
        Job::Client(id) => (false, id.index()),
        Job::Shipment(id) => (true, id.index()),
    };
    let by_type = explanation.by_type.iter().map(type_row).collect();
    let relaxations = explanation.relaxations.iter().map(relaxation).collect();
    let text = explanation.to_string();
    let searched = match explanation.searched {
        Searched::Nothing => "nothing",
        Searched::Reasons => "reasons",
        Searched::Everything => "everything",
    };
    (shipment, index, explanation.prize, explanation.is_impossible(), text, by_type, relaxations, searched)
}

fn type_row(own: &TypeReason) -> TypeRow {
    let (kind, cost, obstacles, relation) = match &own.reason {
        Reason::Impossible(obstacles) => ("impossible", None, obstacles.iter().map(obstacle).collect(), None),
        Reason::NotFound(broken) => {
            let alone = |violation: &milkrun::plan::Violation| obstacle(&Obstacle::Alone(violation.clone()));
            ("not_found", None, broken.iter().map(alone).collect(), None)
        }
        Reason::Tied(tie) => ("tied", None, Vec::new(), Some(tie.relation)),
        Reason::NoRoom => ("no_room", None, Vec::new(), None),
        Reason::Possible { cost } => ("possible", Some(*cost), Vec::new(), None),
    };
    (own.vehicle_type.index(), kind, cost, obstacles, relation)
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
        Obstacle::Pinned(tie) => ("pinned", vec![relation(tie)], vec![]),
        Obstacle::Partner { tie, client, obstacles } => {
            let partner = ("client", client.index() as i64);
            ("partner", vec![relation(tie), partner], obstacles.iter().map(ToString::to_string).collect())
        }
    };
    (kind, obstacle.to_string(), numbers, words)
}

fn relation(tie: &Tie) -> (&'static str, i64) {
    ("relation", tie.relation as i64)
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
        Relaxation::Break { vehicle_type, pause } => ("break", vec![of(vehicle_type), ("break", pause as i64)], None),
        Relaxation::DriverRule { vehicle_type, rule } => {
            ("driver_rule", vec![of(vehicle_type), ("rule", rule as i64)], None)
        }
        Relaxation::Relation { relation } => ("relation", vec![("relation", relation as i64)], None),
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
