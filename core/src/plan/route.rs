//! Routes with their times, loads and costs.

use crate::ids::{DepotId, LocationId, VehicleTypeId};
use crate::plan::{Activity, CostBreakdown};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// What one vehicle does.
///
/// Unless its [`start`](crate::plan::RouteStops::start) is stated, the route ends as early as it can, and starts as late as
/// that end allows without serving anybody later than their time window demands: so it lasts as short as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Which vehicle drives.
    pub vehicle_type: VehicleTypeId,
    /// What it drives: at least one trip, and at least one visit on all of them together.
    pub trips: Vec<Trip>,
    /// When the vehicle starts to load at the first depot, or, with an open start, reaches the first stop.
    pub start: Time,
    /// When the route is over: back in a depot that is open, or, with an open end, done at the last stop.
    pub end: Time,
    /// Distance driven.
    pub distance: Distance,
    /// Time spent driving.
    pub driving: Duration,
    /// Time spent waiting for time windows, depots and releases.
    pub waiting: Duration,
    /// Time spent driving, loading, serving and unloading.
    pub work: Duration,
    /// Time spent on breaks and rests.
    pub pauses: Duration,
    /// Duration without unpaid breaks and rests.
    pub paid: Duration,
    /// Cost of using the vehicle.
    pub fixed_cost: Cost,
    /// Cost of the distance.
    pub distance_cost: Cost,
    /// Cost of the duration.
    pub duration_cost: Cost,
    /// Cost of overtime.
    pub overtime_cost: Cost,
    /// Cost of waiting.
    pub waiting_cost: Cost,
    /// Cost of services outside of their soft windows.
    pub window_cost: Cost,
    /// Cost of disposal sites.
    pub disposal_cost: Cost,
}

impl Route {
    /// Time from start to end.
    pub const fn duration(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// What the route costs.
    pub const fn cost(&self) -> Cost {
        self.breakdown().total()
    }

    /// What the route costs, by cause.
    pub const fn breakdown(&self) -> CostBreakdown {
        CostBreakdown {
            fixed: self.fixed_cost,
            distance: self.distance_cost,
            duration: self.duration_cost,
            overtime: self.overtime_cost,
            waiting: self.waiting_cost,
            windows: self.window_cost,
            disposal: self.disposal_cost,
            goals: 0,
            unserved: 0,
        }
    }

    /// The visits of all trips, in order.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        self.trips.iter().flat_map(|trip| &trip.visits)
    }

    /// How many visits there are.
    pub fn num_visits(&self) -> usize {
        self.trips.iter().map(|trip| trip.visits.len()).sum()
    }
}

/// From leaving a depot to reaching the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Where the trip starts; `None` where the start is open.
    pub start_depot: Option<DepotId>,
    /// Where the trip ends; `None` where the end is open.
    pub end_depot: Option<DepotId>,
    /// When loading starts (without a depot: when the first stop is reached).
    pub start: Time,
    /// When the vehicle leaves the depot (without a depot: when the first stop is reached).
    pub departure: Time,
    /// When the vehicle reaches the depot at the end (without a depot: when it leaves the last stop).
    pub arrival: Time,
    /// Distance driven on the trip.
    pub distance: Distance,
    /// What is on board at departure, by load dimension.
    pub load: Vec<Load>,
    /// The most that is on board at any point, by load dimension.
    pub max_load: Vec<Load>,
    /// What is visited, in order.
    pub visits: Vec<Visit>,
}

/// One stop of a trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What is done.
    pub activity: Activity,
    /// Where; of a break or rest anywhere: the halt before it.
    pub location: LocationId,
    /// When the vehicle arrives; of a break or rest on the way: when it stops.
    pub arrival: Time,
    /// When service starts; the vehicle waits from its arrival until then.
    pub start: Time,
    /// When the vehicle leaves.
    pub departure: Time,
    /// What is on board after the visit, by load dimension.
    pub load: Vec<Load>,
}

impl Visit {
    /// Time between arrival and the start of service.
    pub const fn waiting(&self) -> Duration {
        self.start.saturating_sub(self.arrival)
    }
}
