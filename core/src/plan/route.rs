//! Routes with their times, loads and costs.

use crate::ids::{DepotId, LocationId, VehicleTypeId};
use crate::plan::{Activity, CostBreakdown};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// The route of one vehicle.
///
/// Unless its [`start`](crate::plan::RouteStops::start) is stated, the route ends as early as possible and, given that,
/// starts as late as possible without making a service miss its time window: this minimises its duration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The vehicle's type.
    pub vehicle_type: VehicleTypeId,
    /// The trips: at least one, with at least one visit in total.
    pub trips: Vec<Trip>,
    /// When the vehicle starts to load at the first depot, or, with an open start, reaches the first stop.
    pub start: Time,
    /// When the route ends: back at an open depot or, with an open end, when the last stop is completed.
    pub end: Time,
    /// Distance driven.
    pub distance: Distance,
    /// Time spent driving.
    pub driving: Duration,
    /// Time spent waiting for time windows, depots and releases.
    pub waiting: Duration,
    /// Time spent driving, loading, on set-ups, serving and unloading.
    pub work: Duration,
    /// Time spent on breaks and rests.
    pub pauses: Duration,
    /// Duration without unpaid breaks and rests.
    pub paid: Duration,
    /// What the vehicle consumes, in thousandths of litres or kilowatt-hours; 0 where it does not say.
    pub consumed: i64,
    /// Grams of CO₂ that it emits; 0 where it does not say.
    pub emitted: i64,
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
    /// Cost of clients and shipments for which the vehicle type costs more.
    pub assignment_cost: Cost,
}

impl Route {
    /// Time from start to end.
    pub const fn duration(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// Cost of the route.
    pub const fn cost(&self) -> Cost {
        self.breakdown().total()
    }

    /// Cost of the route, by cause.
    pub const fn breakdown(&self) -> CostBreakdown {
        CostBreakdown {
            fixed: self.fixed_cost,
            distance: self.distance_cost,
            duration: self.duration_cost,
            overtime: self.overtime_cost,
            waiting: self.waiting_cost,
            windows: self.window_cost,
            disposal: self.disposal_cost,
            assignment: self.assignment_cost,
            goals: 0,
            unserved: 0,
        }
    }

    /// The visits of all trips, in order.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        self.trips.iter().flat_map(|trip| &trip.visits)
    }

    /// Time spent on set-ups.
    pub fn setup(&self) -> Duration {
        self.visits().map(|visit| visit.setup).fold(0, Duration::saturating_add)
    }

    /// Number of visits.
    pub fn num_visits(&self) -> usize {
        self.trips.iter().map(|trip| trip.visits.len()).sum()
    }
}

/// Part of a route from one depot to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trip {
    /// The depot where the trip starts; `None` if the start is open.
    pub start_depot: Option<DepotId>,
    /// The depot where the trip ends; `None` if the end is open.
    pub end_depot: Option<DepotId>,
    /// When loading starts (without a depot: when the first stop is reached).
    pub start: Time,
    /// When the vehicle leaves the depot (without a depot: when the first stop is reached).
    pub departure: Time,
    /// When the vehicle reaches the depot at the end (without a depot: when it leaves the last stop).
    pub arrival: Time,
    /// Distance driven on the trip.
    pub distance: Distance,
    /// Load at departure, by load dimension.
    pub load: Vec<Load>,
    /// Maximum load at any point, by load dimension.
    pub max_load: Vec<Load>,
    /// The visits, in order.
    pub visits: Vec<Visit>,
}

/// One visit of a trip.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Visit {
    /// The activity.
    pub activity: Activity,
    /// The location; for a break or rest during a drive, that of the previous stop.
    pub location: LocationId,
    /// Time spent on the [set-up](crate::Client::setup()) of the place, which ends at the arrival; 0 where the vehicle was there already.
    pub setup: Duration,
    /// When the vehicle arrives, a set-up included; for a break or rest during a drive, when it stops.
    pub arrival: Time,
    /// When service starts; until then, the vehicle waits.
    pub start: Time,
    /// When the vehicle leaves.
    pub departure: Time,
    /// Load after the visit, by load dimension.
    pub load: Vec<Load>,
}

impl Visit {
    /// Time between arrival and the start of service.
    pub const fn waiting(&self) -> Duration {
        self.start.saturating_sub(self.arrival)
    }
}
