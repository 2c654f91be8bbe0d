//! What an explanation says.

use std::time::Duration;

use super::{Job, Obstacle, Relaxation, Tie};
use crate::ids::VehicleTypeId;
use crate::plan::Violation;
use crate::units::Cost;

/// Why a vehicle type does not serve a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It cannot, whatever else its routes do or omit.
    Impossible(Vec<Obstacle>),
    /// No feasible route was found, even for a vehicle that does nothing else. The best of a few simple routes violates
    /// these rules; another route may still be feasible.
    NotFound(Vec<Violation>),
    /// It could, and an insertion would be feasible if it were not for a relation.
    Tied(Tie),
    /// It could, but no feasible insertion into the plan's routes of this type was found, and no vehicle of the type is
    /// unused.
    NoRoom,
    /// It could be inserted into the present plan, at this additional cost.
    Possible {
        /// Cost of the cheapest insertion.
        cost: Cost,
    },
}

/// Why one vehicle type does not serve a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeReason {
    /// The vehicle type.
    pub vehicle_type: VehicleTypeId,
    /// Why it does not.
    pub reason: Reason,
    /// Where there is [no room](Reason::NoRoom): the rules that leave none.
    pub blocking: Blocking,
}

/// The rules that leave no room, as documents call them: `max_trips`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blocking {
    /// They were not found, or there is another reason.
    #[default]
    Unknown,
    /// A change of any one of them makes room: see [`Explanation::relaxations`].
    AnyOf(Vec<&'static str>),
    /// No change of one rule makes room, but changes of all of these do; without any one of these changes, no insertion
    /// was found.
    Together(Vec<&'static str>),
}

/// How far an explanation got before the time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Searched {
    /// Nothing: neither reasons nor changes were searched for.
    Nothing,
    /// The reasons are complete, the changes that would help are not.
    Reasons,
    /// The explanation is complete.
    Everything,
}

/// Why a job is unserved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The unserved job.
    pub job: Job,
    /// The prize for serving it, if it is optional.
    pub prize: Option<Cost>,
    /// Why each vehicle type does not serve it.
    pub by_type: Vec<TypeReason>,
    /// Single changes, each of which alone makes an insertion feasible, smallest first.
    pub relaxations: Vec<Relaxation>,
    /// How far the search for reasons and changes got.
    pub searched: Searched,
    /// Whether the plan violates rules besides leaving required jobs unserved. Only changes that repair those
    /// violations as well are then reported.
    pub plan_is_broken: bool,
}

impl Explanation {
    /// Whether no vehicle type can serve the job, whatever else it does.
    pub fn is_impossible(&self) -> bool {
        self.searched != Searched::Nothing && self.by_type.iter().all(|t| matches!(t.reason, Reason::Impossible(_)))
    }

    /// Of each vehicle type without room, notes the rules of which one change alone makes room.
    pub(super) fn name_single_rules(&mut self, changes: &[(Relaxation, VehicleTypeId)]) {
        for own in self.by_type.iter_mut().filter(|own| own.reason == Reason::NoRoom) {
            let mut rules: Vec<&'static str> = Vec::new();
            for (change, _) in changes.iter().filter(|(_, t)| *t == own.vehicle_type) {
                if !rules.contains(&change.rule()) {
                    rules.push(change.rule());
                }
            }
            if !rules.is_empty() {
                own.blocking = Blocking::AnyOf(rules);
            }
        }
    }

    /// Whether the job can be inserted into the present plan.
    pub fn has_room(&self) -> bool {
        self.by_type.iter().any(|t| matches!(t.reason, Reason::Possible { .. }))
    }
}

/// The result of [`explain_with`](super::explain_with).
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct ExplainResult {
    /// One explanation for each unserved job.
    pub explanations: Vec<Explanation>,
    /// How long it took.
    pub runtime: Duration,
}

impl ExplainResult {
    /// Whether every explanation is complete; if not, each says how far it got.
    pub fn is_complete(&self) -> bool {
        self.explanations.iter().all(|explanation| explanation.searched == Searched::Everything)
    }
}
