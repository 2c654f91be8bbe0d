//! Depots and the vehicles that leave from them.

use crate::ids::{ClientId, DepotId, DisposalSiteId, LocationId, ProfileId};
use crate::model::Activity;
use crate::model::{
    Break, Client, Compartment, Consumption, DriverRule, Notes, OvertimeStep, Place, TimeWindow, ZoneRule,
};
use crate::units::{Cost, Distance, Duration, Load, Time};

/// Where vehicles start, end, and reload between trips.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Depot {
    /// Where it is.
    pub place: Place,
    /// When vehicles may leave it and must be back in it.
    pub time_window: TimeWindow,
    /// Time that loading takes before each trip that starts here.
    pub service: Duration,
    /// A name for people; may be empty.
    pub name: String,
    /// What people say about it.
    pub notes: Notes,
}

impl Depot {
    /// A depot at `place` that is always open.
    pub fn at(place: impl Into<Place>) -> Self {
        Self {
            place: place.into(),
            time_window: TimeWindow::ALWAYS,
            service: 0,
            name: String::new(),
            notes: Notes::default(),
        }
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

/// A number of identical vehicles. Each drives at most one route.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
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
    /// The earliest start and the latest end of a route.
    pub shift: TimeWindow,
    /// Longest duration of a route.
    pub max_duration: Option<Duration>,
    /// Longest distance of a route.
    pub max_distance: Option<Distance>,
    /// The clients that these vehicles may serve; `None`: all.
    pub allowed_clients: Option<Vec<ClientId>>,
    /// What zones mean for the vehicles; empty: nothing.
    pub zones: Vec<ZoneRule>,
    /// Depots at which a vehicle may end a trip and start the next one.
    pub reload_depots: Vec<DepotId>,
    /// Maximum number of trips of a route; a visit to a disposal site that is followed by a service begins another
    /// trip. `None`: no limit.
    pub max_trips: Option<usize>,
    /// Disposal sites where the vehicle may unload what it has picked up.
    pub disposal_sites: Vec<DisposalSiteId>,
    /// Whether the vehicle must have unloaded everything that it picked up from single clients when it reaches a depot
    /// or its end.
    pub end_empty: bool,
    /// Parts of the vehicle for certain materials. If there are any, a material without a compartment cannot be
    /// carried. The vehicle's capacity applies as well.
    pub compartments: Vec<Compartment>,
    /// The maximum that a route may deliver and pick up over all its trips, by load dimension; empty: no limit.
    pub max_route_load: Vec<Load>,
    /// Maximum number of stops of a route.
    pub max_stops: Option<usize>,
    /// The driver's breaks.
    pub breaks: Vec<Break>,
    /// When the driver must rest.
    pub driver_rules: Vec<DriverRule>,
    /// Whether the rests that the rules require are paid time.
    pub paid_rests: bool,
    /// Longest time that a route may drive.
    pub max_driving: Option<Duration>,
    /// Longest time that a route may drive, load, serve and unload.
    pub max_work: Option<Duration>,
    /// Overtime rates, in ascending order.
    pub overtime: Vec<OvertimeStep>,
    /// Cost of a unit of waiting.
    pub cost_per_waiting: Cost,
    /// What the vehicle consumes and emits; `None`: nothing is known of it, and it counts as nothing.
    pub consumption: Option<Consumption>,
    /// Skills of the vehicle and its crew.
    pub skills: Vec<String>,
    /// Activities that the vehicle has already executed: its route begins with them, unchanged. Only for a type of one
    /// vehicle.
    pub executed: Vec<Activity>,
    /// The travel profile whose distances and durations apply.
    pub profile: ProfileId,
    /// A name for people; may be empty.
    pub name: String,
    /// What people say about it.
    pub notes: Notes,
}

impl VehicleType {
    /// `count` vehicles without limits, at a cost of one for each unit of distance, with open start and end.
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
            zones: Vec::new(),
            reload_depots: Vec::new(),
            max_trips: None,
            disposal_sites: Vec::new(),
            end_empty: false,
            compartments: Vec::new(),
            max_route_load: Vec::new(),
            max_stops: None,
            breaks: Vec::new(),
            driver_rules: Vec::new(),
            paid_rests: true,
            max_driving: None,
            max_work: None,
            overtime: Vec::new(),
            cost_per_waiting: 0,
            consumption: None,
            skills: Vec::new(),
            executed: Vec::new(),
            profile: ProfileId::new(0),
            name: String::new(),
            notes: Notes::default(),
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

    /// Sets the earliest start and the latest end of routes.
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

    /// Adds a rule on a zone.
    pub fn zone(mut self, rule: ZoneRule) -> Self {
        self.zones.push(rule);
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

    /// Lets the vehicles unload at the given sites.
    pub fn disposal_sites(mut self, sites: impl Into<Vec<DisposalSiteId>>) -> Self {
        self.disposal_sites = sites.into();
        self
    }

    /// Requires the vehicles to end empty.
    pub fn end_empty(mut self) -> Self {
        self.end_empty = true;
        self
    }

    /// Adds a compartment.
    pub fn compartment(mut self, compartment: Compartment) -> Self {
        self.compartments.push(compartment);
        self
    }

    /// Limits what a route may deliver and pick up over all its trips, by load dimension.
    pub fn max_route_load(mut self, amount: impl Into<Vec<Load>>) -> Self {
        self.max_route_load = amount.into();
        self
    }

    /// Limits the number of stops of a route.
    pub fn max_stops(mut self, stops: usize) -> Self {
        self.max_stops = Some(stops);
        self
    }

    /// Adds a break.
    pub fn add_break(mut self, pause: Break) -> Self {
        self.breaks.push(pause);
        self
    }

    /// Adds a rule on rests.
    pub fn driver_rule(mut self, rule: DriverRule) -> Self {
        self.driver_rules.push(rule);
        self
    }

    /// Makes the rests that the rules require unpaid.
    pub fn unpaid_rests(mut self) -> Self {
        self.paid_rests = false;
        self
    }

    /// Limits the time that a route may drive.
    pub fn max_driving(mut self, duration: Duration) -> Self {
        self.max_driving = Some(duration);
        self
    }

    /// Limits the time that a route may drive, load, serve and unload.
    pub fn max_work(mut self, duration: Duration) -> Self {
        self.max_work = Some(duration);
        self
    }

    /// Adds a step of the overtime rates.
    pub fn overtime(mut self, step: OvertimeStep) -> Self {
        self.overtime.push(step);
        self
    }

    /// Sets the cost of a unit of waiting.
    pub fn cost_per_waiting(mut self, cost: Cost) -> Self {
        self.cost_per_waiting = cost;
        self
    }

    /// Sets what the vehicles consume and emit.
    pub fn consumption(mut self, consumption: Consumption) -> Self {
        self.consumption = Some(consumption);
        self
    }

    /// Sets the skills of the vehicles and their crews.
    pub fn skills(mut self, skills: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.skills = skills.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the activities that the vehicle has already executed.
    pub fn executed(mut self, activities: impl Into<Vec<Activity>>) -> Self {
        self.executed = activities.into();
        self
    }

    /// Whether the vehicles have all skills that the client requires.
    pub fn has_skills_for(&self, client: &Client) -> bool {
        client.skills.iter().all(|skill| self.skills.contains(skill))
    }

    /// Overtime cost of a route with the given paid time.
    pub fn overtime_cost(&self, paid: Duration) -> Cost {
        let over = |step: &OvertimeStep| step.cost_per_duration.saturating_mul(paid.saturating_sub(step.after).max(0));
        self.overtime.iter().map(over).fold(0, Cost::saturating_add)
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
