//! Why jobs are unassigned, by the format's codes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::input::Input;
use super::model::{Built, Fleet};
use super::{Model, answer};
use crate::explain::{Explanation, Job, Obstacle, Reason, TypeReason};
use crate::plan::{Plan, Violation};

/// How many changes are named for a job.
const NAMED: usize = 4;

/// A job that is not served.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Unassigned {
    job_id: String,
    reasons: Vec<ReasonAnswer>,
    /// What would help: ours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remedies: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ReasonAnswer {
    code: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    vehicle_id: String,
    shift_index: usize,
}

/// One entry for each job that a plan leaves out.
pub(super) fn of(input: &Input, model: &Model, plan: &Plan, explanations: &[Explanation]) -> Vec<Unassigned> {
    let entry = |j: usize| {
        let own = explanations.iter().find(|explanation| is_of(&model.built[j], explanation.job));
        let mut reasons = own.map_or_else(Vec::new, |explanation| reasons(input, model, explanation));
        if reasons.is_empty() {
            let description = "it is not known why".to_owned();
            reasons.push(ReasonAnswer { code: "NO_REASON_FOUND", description, details: Vec::new() });
        }
        let relaxations = own.map_or(&[][..], |explanation| &explanation.relaxations);
        let remedies = relaxations.iter().take(NAMED).map(|change| change.with_names(&model.problem).to_string());
        Unassigned { job_id: input.jobs[j].id.clone(), reasons, remedies: remedies.collect() }
    };
    answer::left_out(model, plan).into_iter().map(entry).collect()
}

fn is_of(built: &Built, job: Job) -> bool {
    match (built, job) {
        (Built::Clients(tasks), Job::Client(client)) => tasks.iter().flatten().any(|&own| own == client),
        (Built::Shipment(own), Job::Shipment(shipment)) => *own == shipment,
        _ => false,
    }
}

/// The reasons of an explanation, those of one code and text together.
fn reasons(input: &Input, model: &Model, explanation: &Explanation) -> Vec<ReasonAnswer> {
    let mut all: BTreeMap<(&'static str, String), Vec<Detail>> = BTreeMap::new();
    for own in &explanation.by_type {
        let Some(fleet) = model.fleets.get(own.vehicle_type.index()) else { continue };
        let (code, description) = (code(own), text(model, explanation, own));
        all.entry((code, description)).or_default().extend(details(input, fleet));
    }
    all.into_iter().map(|((code, description), details)| ReasonAnswer { code, description, details }).collect()
}

fn details(input: &Input, fleet: &Fleet) -> Vec<Detail> {
    let vehicle = &input.vehicles[fleet.vehicle];
    let detail = |&id: &usize| Detail { vehicle_id: vehicle.ids[id].clone(), shift_index: fleet.shift };
    fleet.ids.iter().map(detail).collect()
}

fn text(model: &Model, explanation: &Explanation, own: &TypeReason) -> String {
    // The dimensions that stand for skills of shipments have no meaning for readers.
    if is_guard(model, own) {
        "cannot serve required skill".to_owned()
    } else {
        own.text(explanation.prize, &model.problem)
    }
}

fn is_guard(model: &Model, own: &TypeReason) -> bool {
    let Reason::Impossible(obstacles) = &own.reason else { return false };
    obstacles
        .iter()
        .any(|obstacle| matches!(obstacle, Obstacle::TooMuch { dimension, .. } if *dimension >= model.dimensions))
}

/// The format's code for a reason.
fn code(own: &TypeReason) -> &'static str {
    match &own.reason {
        Reason::Impossible(obstacles) => obstacles.first().map_or("NO_REASON_FOUND", of_obstacle),
        Reason::NotFound(violations) => violations.first().map_or("NO_REASON_FOUND", of_violation),
        Reason::Tied(tie) => of_relation(tie.kind),
        Reason::NoRoom | Reason::Possible { .. } => "NO_REASON_FOUND",
    }
}

fn of_obstacle(obstacle: &Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NotAllowed | Obstacle::MissingSkills(_) => "SKILL_CONSTRAINT",
        Obstacle::TooMuch { .. } => "CAPACITY_CONSTRAINT",
        Obstacle::Pinned(tie) => of_relation(tie.kind),
        Obstacle::Alone(violation) | Obstacle::HeldBack { violation, .. } => of_violation(violation),
        Obstacle::Partner { obstacles, tie, .. } => {
            obstacles.first().map_or_else(|| of_relation(tie.kind), of_obstacle)
        }
        // Our problem has neither zones nor sites nor compartments.
        Obstacle::OutsideZones | Obstacle::ZoneClosed(_) | Obstacle::NoCompartment(_) | Obstacle::NoSite(_) => {
            "NO_REASON_FOUND"
        }
    }
}

fn of_violation(violation: &Violation) -> &'static str {
    match violation {
        Violation::LateService { .. }
        | Violation::LateShift { .. }
        | Violation::LateReturn { .. }
        | Violation::LateLoading { .. } => "TIME_WINDOW_CONSTRAINT",
        Violation::TooLong { .. } => "MAX_DURATION_CONSTRAINT",
        Violation::TooFar { .. } => "MAX_DISTANCE_CONSTRAINT",
        Violation::Unreachable { .. } => "REACHABLE_CONSTRAINT",
        Violation::Overload { .. } => "CAPACITY_CONSTRAINT",
        Violation::TooManyStops { .. } => "TOUR_SIZE_CONSTRAINT",
        Violation::BreakMissing { .. } => "BREAK_CONSTRAINT",
        Violation::NotAllowed { .. } => "SKILL_CONSTRAINT",
        Violation::RelationBroken { .. } => "LOCKING_CONSTRAINT",
        _ => "NO_REASON_FOUND",
    }
}

fn of_relation(kind: &str) -> &'static str {
    match kind {
        "same_vehicle" | "all_or_none" => "GROUP_CONSTRAINT",
        "incompatible" => "COMPATIBILITY_CONSTRAINT",
        _ => "LOCKING_CONSTRAINT",
    }
}
