//! A pragmatic problem as its document states it, before it becomes ours. Times are seconds since 1970.

use super::objective::Objective;
use super::places::Locations;
use crate::model::TimeWindow;
use crate::units::{Distance, Duration, Load, MAX_VALUE, Time};

/// A whole document.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    pub(super) jobs: Vec<Job>,
    pub(super) relations: Vec<Relation>,
    pub(super) vehicles: Vec<Vehicle>,
    pub(super) profiles: Vec<Profile>,
    pub(super) objective: Objective,
    pub(super) locations: Locations,
    /// Number of load dimensions.
    pub(super) dimensions: usize,
    /// What is subtracted from the document's times.
    pub(super) origin: Time,
}

impl Input {
    /// A time as the search counts it.
    pub(super) fn time(&self, time: Time) -> Time {
        time.saturating_sub(self.origin).clamp(-MAX_VALUE, TimeWindow::UNBOUNDED_LATE)
    }

    /// A window as the search counts it.
    pub(super) fn window(&self, window: TimeWindow) -> TimeWindow {
        TimeWindow::new(self.time(window.early), self.time(window.late))
    }

    /// How many tasks there are.
    pub(super) fn num_tasks(&self) -> usize {
        self.jobs.iter().map(|job| job.tasks.len()).sum()
    }
}

/// What is done all together or not at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) tasks: Vec<Task>,
    pub(super) skills: Skills,
    pub(super) value: f64,
    pub(super) group: Option<String>,
    pub(super) compatibility: Option<String>,
}

impl Job {
    /// The tasks of a kind, by their numbers.
    pub(super) fn of_kind(&self, kind: Kind) -> Vec<usize> {
        (0..self.tasks.len()).filter(|&k| self.tasks[k].kind == kind).collect()
    }
}

/// What a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Pickup,
    Delivery,
    Replacement,
    #[default]
    Service,
}

impl Kind {
    /// The key of the list of such tasks, in the order in which their locations are numbered.
    pub(super) const KEYS: [(&'static str, Self); 4] = [
        ("pickups", Self::Pickup),
        ("deliveries", Self::Delivery),
        ("replacements", Self::Replacement),
        ("services", Self::Service),
    ];

    /// The type of its activities.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pickup => "pickup",
            Self::Delivery => "delivery",
            Self::Replacement => "replacement",
            Self::Service => "service",
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Task {
    pub(super) kind: Kind,
    /// Where it may be done: at one of them.
    pub(super) places: Vec<TaskPlace>,
    pub(super) demand: Vec<Load>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct TaskPlace {
    pub(super) location: usize,
    pub(super) duration: Duration,
    /// Ascending; empty: at any time.
    pub(super) windows: Vec<TimeWindow>,
    pub(super) tag: Option<String>,
}

/// Conditions on the vehicle's skills; an empty list is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Skills {
    pub(super) all: Vec<String>,
    pub(super) one: Vec<String>,
    pub(super) none: Vec<String>,
}

impl Skills {
    /// Whether a vehicle with these skills meets the conditions beside those on all.
    pub(super) fn allow(&self, skills: &[String]) -> bool {
        let has = |skill: &String| skills.contains(skill);
        (self.one.is_empty() || self.one.iter().any(has)) && !self.none.iter().any(has)
    }

    /// Whether it meets all conditions.
    pub(super) fn are_met(&self, skills: &[String]) -> bool {
        self.allow(skills) && self.all.iter().all(|skill| skills.contains(skill))
    }
}

/// What ties jobs to one vehicle in one of its shifts.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) kind: RelationKind,
    pub(super) jobs: Vec<String>,
    pub(super) vehicle_id: String,
    pub(super) shift: usize,
}

/// In which order the jobs of a relation are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelationKind {
    /// In any.
    Any,
    /// In that of the relation.
    Sequence,
    /// In that of the relation, with nothing in between.
    Strict,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Vehicle {
    pub(super) type_id: String,
    pub(super) ids: Vec<String>,
    pub(super) profile: String,
    /// How much longer it takes than its profile says.
    pub(super) scale: f64,
    pub(super) costs: Costs,
    pub(super) shifts: Vec<Shift>,
    pub(super) capacity: Vec<Load>,
    pub(super) skills: Vec<String>,
    pub(super) max_distance: Option<Distance>,
    pub(super) max_duration: Option<Duration>,
    pub(super) max_stops: Option<usize>,
}

/// What a vehicle costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Costs {
    pub(super) fixed: f64,
    pub(super) distance: f64,
    pub(super) time: f64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Shift {
    pub(super) start: usize,
    pub(super) earliest: Time,
    /// The latest departure.
    pub(super) latest: Option<Time>,
    /// Where and until when it ends; `None`: at its last stop.
    pub(super) end: Option<(usize, Time)>,
    pub(super) breaks: Vec<Pause>,
    pub(super) reloads: Vec<Reload>,
}

/// A break.
#[derive(Clone, Debug, Default)]
pub(super) struct Pause {
    pub(super) start: TimeWindow,
    pub(super) duration: Duration,
    pub(super) location: Option<usize>,
    pub(super) tag: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Reload {
    pub(super) location: usize,
    pub(super) duration: Duration,
    pub(super) window: Option<TimeWindow>,
    pub(super) tag: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    pub(super) name: String,
    /// Metres per second, where there is no matrix.
    pub(super) speed: f64,
}
