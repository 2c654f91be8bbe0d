//! A VROOM problem as its document states it, before it becomes ours.

use std::collections::BTreeMap;

use crate::geometry::Coord;
use crate::model::TimeWindow;
use crate::units::{Duration, Load, Time};

/// A whole document.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    pub(super) jobs: Vec<Job>,
    pub(super) shipments: Vec<Shipment>,
    pub(super) vehicles: Vec<Vehicle>,
    /// The given matrices, by profile.
    pub(super) matrices: BTreeMap<String, Tables>,
    pub(super) options: Options,
    /// Number of load dimensions.
    pub(super) dimensions: usize,
    /// What is subtracted from the document's times, which may count from 1970.
    pub(super) origin: Time,
}

/// What vroom-express takes from a request in place of command-line options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// `g`: add the routes' geometry and distances.
    pub geometry: bool,
    /// `c`: only choose times for the routes that the vehicles' `steps` describe.
    pub choose_eta: bool,
    /// `l`: longest search, in seconds.
    pub limit: Option<i64>,
    /// `t`: number of threads.
    pub threads: Option<i64>,
    /// `x`: how far to explore, 0 to 5.
    pub explore: Option<i64>,
}

/// The given matrices of a profile, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) durations: Option<Table>,
    pub(super) distances: Option<Table>,
    pub(super) costs: Option<Table>,
}

/// A square table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) size: usize,
    pub(super) values: Vec<i64>,
}

/// Where something is: a point, a row of the matrices, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spot {
    pub(super) coord: Option<Coord>,
    pub(super) index: Option<usize>,
}

/// What is done at one place: a job, or one end of a shipment.
#[derive(Clone, Debug, Default)]
pub(super) struct Task {
    pub(super) id: u64,
    pub(super) description: Option<String>,
    pub(super) spot: Spot,
    pub(super) setup: Duration,
    pub(super) service: Duration,
    pub(super) setup_per_type: BTreeMap<String, Duration>,
    pub(super) service_per_type: BTreeMap<String, Duration>,
    /// Ascending; empty: at any time.
    pub(super) windows: Vec<TimeWindow>,
}

impl Task {
    /// How long it takes to get started, for a vehicle.
    pub(super) fn setup_for(&self, vehicle: &Vehicle) -> Duration {
        vehicle.kind.as_ref().and_then(|kind| self.setup_per_type.get(kind)).copied().unwrap_or(self.setup)
    }

    /// How long the service takes, for a vehicle.
    pub(super) fn service_for(&self, vehicle: &Vehicle) -> Duration {
        vehicle.kind.as_ref().and_then(|kind| self.service_per_type.get(kind)).copied().unwrap_or(self.service)
    }

    /// Whether it has a setup for any vehicle.
    pub(super) fn has_setup(&self) -> bool {
        self.setup > 0 || self.setup_per_type.values().any(|&setup| setup > 0)
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) delivery: Vec<Load>,
    pub(super) pickup: Vec<Load>,
    pub(super) skills: Vec<i64>,
    pub(super) priority: i64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Shipment {
    pub(super) pickup: Task,
    pub(super) delivery: Task,
    pub(super) amount: Vec<Load>,
    pub(super) skills: Vec<i64>,
    pub(super) priority: i64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Vehicle {
    pub(super) id: u64,
    pub(super) profile: String,
    pub(super) description: Option<String>,
    pub(super) start: Option<Spot>,
    pub(super) end: Option<Spot>,
    pub(super) capacity: Vec<Load>,
    pub(super) costs: Costs,
    pub(super) skills: Vec<i64>,
    pub(super) kind: Option<String>,
    pub(super) window: Option<TimeWindow>,
    pub(super) breaks: Vec<Break>,
    /// Hundredths: 150 is half as fast again as the matrix.
    pub(super) speed: i64,
    pub(super) max_tasks: Option<i64>,
    pub(super) max_travel_time: Option<Duration>,
    pub(super) max_distance: Option<i64>,
    pub(super) steps: Option<Vec<Step>>,
}

/// What a vehicle costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Costs {
    pub(super) fixed: i64,
    pub(super) per_hour: i64,
    pub(super) per_task_hour: i64,
    pub(super) per_km: i64,
}

impl Default for Costs {
    fn default() -> Self {
        Self { fixed: 0, per_hour: 3600, per_task_hour: 0, per_km: 0 }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) id: u64,
    pub(super) description: Option<String>,
    pub(super) service: Duration,
    /// Ascending; empty: at any time.
    pub(super) windows: Vec<TimeWindow>,
    pub(super) max_load: Option<Vec<Load>>,
}

/// What a step of a vehicle does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum StepKind {
    Start,
    Job,
    Pickup,
    Delivery,
    Break,
    End,
}

impl StepKind {
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("start", Self::Start),
        ("job", Self::Job),
        ("pickup", Self::Pickup),
        ("delivery", Self::Delivery),
        ("break", Self::Break),
        ("end", Self::End),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// A step of a route that the document describes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) kind: StepKind,
    pub(super) id: u64,
    /// Its service starts neither before nor after this.
    pub(super) after: Option<Time>,
    pub(super) before: Option<Time>,
}

impl Input {
    /// All tasks with their paths.
    pub(super) fn tasks(&self) -> impl Iterator<Item = (String, &Task)> {
        let jobs = self.jobs.iter().enumerate().map(|(j, job)| (format!("jobs[{j}]"), &job.task));
        let ends = self.shipments.iter().enumerate().flat_map(|(s, shipment)| {
            [
                (format!("shipments[{s}].pickup"), &shipment.pickup),
                (format!("shipments[{s}].delivery"), &shipment.delivery),
            ]
        });
        jobs.chain(ends)
    }

    /// How many tasks there are.
    pub(super) fn num_tasks(&self) -> usize {
        self.jobs.len() + 2 * self.shipments.len()
    }
}
