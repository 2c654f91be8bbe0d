//! Why tasks are unassigned, in the document's identifiers.

use super::answer::{Explained, kind};
use super::input::Input;
use super::schedule::What;
use crate::explain::{Explanation, Job};
use crate::model::Problem;

/// How many changes are named for a task.
const NAMED: usize = 4;

/// One entry for each task that an explanation is about.
pub(super) fn of(input: &Input, problem: &Problem, explanations: &[Explanation]) -> Vec<Explained> {
    let each = |explanation: &Explanation| {
        let tasks = match explanation.job {
            Job::Client(client) => vec![What::Job(client.index())],
            Job::Shipment(s) => vec![What::Pickup(s.index()), What::Delivery(s.index())],
        };
        let reason = |own: &crate::explain::TypeReason| {
            let name = &problem.vehicle_types()[own.vehicle_type.index()].name;
            since(input, format!("{name}: {}", own.text(explanation.prize, problem)))
        };
        let reasons: Vec<String> = explanation.by_type.iter().map(reason).collect();
        let remedies = explanation
            .relaxations
            .iter()
            .take(NAMED)
            .map(|change| since(input, change.with_names(problem).to_string()));
        let remedies: Vec<String> = remedies.collect();
        let entry = move |what: What| {
            let (reasons, remedies) = (reasons.clone(), remedies.clone());
            Some(Explained { id: what.task(input)?.id, kind: kind(what), reasons, remedies })
        };
        tasks.into_iter().filter_map(entry).collect::<Vec<_>>()
    };
    explanations.iter().flat_map(each).collect()
}

/// A text, which says from when on times count, if that is not from 0.
fn since(input: &Input, text: String) -> String {
    match input.origin {
        0 => text,
        origin => format!("{text} (times from {origin})"),
    }
}
