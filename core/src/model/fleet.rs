//! Depots and the vehicles that leave from them.

use crate::ids::{ClientId, DepotId, LocationId, ProfileId};
use crate::model::{Place, TimeWindow};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// Where vehicles start, end, and reload between trips.
#[derive(Clone, Debug, PartialEq)]
pub struct Depot {
    /// Where it is.
    pub place: Place,
    /// When vehicles may leave it and must be back in it.
    pub time_window: TimeWindow,
    /// Time that loading takes before each trip that starts here.
    pub service: Duration,
    /// A name for people; may be empty.
    pub name: String,
}

impl Depot {
    /// A depot at `place` that is always open.
    pub fn at(place: impl Into<Place>) -> Self {
        Self { place: place.into(), time_window: TimeWindow::ALWAYS, service: 0, name: String::new() }
    }

    /// Sets the opening hours.
    pub fn open(mut self, early: Time, late: Time) -> Self {
        self.time_window = TimeWindow::new(early, late);
        self
    }

    /// Sets the time that loading takes before each trip.
    pub fn service(mut self, duration: Duration) -> Self {
        self.service = duration;
        self
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The depot's location in a built problem.
    pub fn location(&self) -> LocationId {
        self.place.location()
    }
}

/// A number of vehicles that are alike. Each drives at most one route.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleType {
    /// How many there are.
    pub count: usize,
    /// Capacity by load dimension. Empty means unlimited; otherwise one value for each dimension of the problem.
    pub capacity: Vec<Load>,
    /// Where routes start; `None`: at the first stop (open start).
    pub start: Option<DepotId>,
    /// Where routes end; `None`: at the last stop (open end).
    pub end: Option<DepotId>,
    /// Cost of using one vehicle.
    pub fixed_cost: Cost,
    /// Cost of a unit of distance.
    pub cost_per_distance: Cost,
    /// Cost of a unit of route duration, from leaving the start to the end of the route.
    pub cost_per_duration: Cost,
    /// When a route may start at the earliest and must have ended.
    pub shift: TimeWindow,
    /// Longest duration of a route.
    pub max_duration: Option<Duration>,
    /// Longest distance of a route.
    pub max_distance: Option<Distance>,
    /// The clients that these vehicles may serve; `None`: all.
    pub allowed_clients: Option<Vec<ClientId>>,
    /// Depots at which a vehicle may end a trip and start the next one.
    pub reload_depots: Vec<DepotId>,
    /// Most trips that a route may have; `None`: any number, where there are reload depots.
    pub max_trips: Option<usize>,
    /// The travel profile whose distances and durations hold.
    pub profile: ProfileId,
    /// A name for people; may be empty.
    pub name: String,
}

impl VehicleType {
    /// `count` vehicles without limits, at a cost of one for each unit of distance, from and to nowhere in particular.
    pub fn new(count: usize) -> Self {
        Self {
            count,
            capacity: Vec::new(),
            start: None,
            end: None,
            fixed_cost: 0,
            cost_per_distance: 1,
            cost_per_duration: 0,
            shift: TimeWindow::ALWAYS,
            max_duration: None,
            max_distance: None,
            allowed_clients: None,
            reload_depots: Vec::new(),
            max_trips: None,
            profile: ProfileId::new(0),
            name: String::new(),
        }
    }

    /// Sets the capacity by load dimension.
    pub fn capacity(mut self, capacity: impl Into<Vec<Load>>) -> Self {
        self.capacity = capacity.into();
        self
    }

    /// Makes routes start and end at `depot`.
    pub fn depot(mut self, depot: DepotId) -> Self {
        self.start = Some(depot);
        self.end = Some(depot);
        self
    }

    /// Makes routes start at `depot`.
    pub fn start(mut self, depot: DepotId) -> Self {
        self.start = Some(depot);
        self
    }

    /// Makes routes end at `depot`.
    pub fn end(mut self, depot: DepotId) -> Self {
        self.end = Some(depot);
        self
    }

    /// Sets the cost of using one vehicle.
    pub fn fixed_cost(mut self, cost: Cost) -> Self {
        self.fixed_cost = cost;
        self
    }

    /// Sets the cost of a unit of distance.
    pub fn cost_per_distance(mut self, cost: Cost) -> Self {
        self.cost_per_distance = cost;
        self
    }

    /// Sets the cost of a unit of route duration.
    pub fn cost_per_duration(mut self, cost: Cost) -> Self {
        self.cost_per_duration = cost;
        self
    }

    /// Sets when routes may start at the earliest and must have ended.
    pub fn shift(mut self, early: Time, late: Time) -> Self {
        self.shift = TimeWindow::new(early, late);
        self
    }

    /// Sets the longest duration of a route.
    pub fn max_duration(mut self, duration: Duration) -> Self {
        self.max_duration = Some(duration);
        self
    }

    /// Sets the longest distance of a route.
    pub fn max_distance(mut self, distance: Distance) -> Self {
        self.max_distance = Some(distance);
        self
    }

    /// Restricts the vehicles to the given clients.
    pub fn allowed_clients(mut self, clients: impl Into<Vec<ClientId>>) -> Self {
        self.allowed_clients = Some(clients.into());
        self
    }

    /// Lets the vehicles reload at the given depots.
    pub fn reload_depots(mut self, depots: impl Into<Vec<DepotId>>) -> Self {
        self.reload_depots = depots.into();
        self
    }

    /// Limits the number of trips of a route.
    pub fn max_trips(mut self, trips: usize) -> Self {
        self.max_trips = Some(trips);
        self
    }

    /// Sets the travel profile.
    pub fn profile(mut self, profile: ProfileId) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Whether a route may have more than one trip.
    pub fn may_reload(&self) -> bool {
        !self.reload_depots.is_empty() && self.max_trips != Some(1)
    }
}
