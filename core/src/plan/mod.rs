//! The result of a solver: routes with times, loads and costs, and their violations.
//!
//! # How a route is timed
//!
//! - At the start of every trip the vehicle *loads*, for as long as the depot's service takes. Loading starts while
//!   the depot is open, and not before every client of the trip has been released. Then the vehicle leaves.
//! - At a stop it waits until the time window opens. Service that starts after the window is a violation; the times
//!   that follow are the actual ones.
//! - It must return before the end depot closes, and waits until it opens. If another trip follows from the same depot,
//!   loading must start before the depot closes.
//! - A route that states a [`start`](RouteStops::start) starts then, or as soon afterwards as the shift, the depot and
//!   releases allow. Any other route ends as early as possible and, given that, starts as late as possible: see
//!   [`Route`].
//!
//! # Loads
//!
//! On each trip, deliveries to single clients are on board from the start, pickups stay on board until the end, and a
//! shipment is on board from its pickup to its delivery.

mod assemble;
pub mod check;
mod cost;
mod energy;
mod error;
mod load;
mod measure;
mod message;
mod path;
mod relations;
mod route;
mod rules;
mod service;
mod stops;
mod table;
mod timetable;
mod violation;

pub use cost::CostBreakdown;
pub use error::{PlanError, UnknownId};
pub use route::{Route, Trip, Visit};
pub use service::Unserved;
pub use stops::{RouteStops, TripStops};

pub use crate::model::Activity;
pub use table::PlanTable;
pub use violation::Violation;

use std::fmt;

use crate::model::{Energy, Measure, Problem};
use crate::plan::service::{Services, forgone};
use crate::units::Cost;

/// What a plan consumes and emits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PlanConsumption {
    /// Fuel, in millilitres.
    pub fuel: i64,
    /// Electricity, in watt-hours.
    pub electricity: i64,
    /// Emissions, in grams of CO₂.
    pub emitted: i64,
}

impl fmt::Display for PlanConsumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandth = |value: i64| value as f64 / 1e3;
        if self.fuel != 0 || self.electricity == 0 {
            write!(f, "{:.3} l of fuel, ", thousandth(self.fuel))?;
        }
        if self.electricity != 0 {
            write!(f, "{:.3} kWh, ", thousandth(self.electricity))?;
        }
        write!(f, "{:.3} kg of CO₂", thousandth(self.emitted))
    }
}

/// Routes for a problem, with their times, loads, costs and violations. Immutable.
///
/// ```
/// use milkrun::plan::{Activity, Plan, RouteStops, TripStops};
/// use milkrun::{Client, Coord, Depot, Problem, VehicleType};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// let farm = builder.add_client(Client::at(Coord::new(30.0, 40.0)).delivery([7]).time_window(60, 90).service(5));
/// let van = builder.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
/// let problem = builder.build().unwrap();
///
/// let trip = TripStops { start: Some(yard), activities: vec![Activity::Client(farm)], end: Some(yard) };
/// let plan = Plan::new(&problem, vec![RouteStops { vehicle_type: van, start: None, trips: vec![trip] }]).unwrap();
/// assert!(plan.is_feasible());
/// assert_eq!(plan.cost(), 100);
/// // Leaving at 0 would mean waiting for 10.
/// assert_eq!((plan.routes()[0].start, plan.routes()[0].end), (10, 115));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Plan {
    pub(crate) routes: Vec<Route>,
    pub(crate) stops: Vec<RouteStops>,
    pub(crate) unserved: Unserved,
    pub(crate) breakdown: CostBreakdown,
    pub(crate) violations: Vec<Violation>,
    pub(crate) measures: Vec<i64>,
    pub(crate) rank: Vec<i64>,
}

impl Plan {
    /// Computes times, loads and costs of the given routes. A route without visits is dropped: its vehicle is unused
    /// and costs nothing.
    ///
    /// # Errors
    ///
    /// [`PlanError`] if the stops have ids that the problem does not have. An infeasible plan is not an error: see
    /// [`is_feasible`](Self::is_feasible).
    pub fn new(problem: &Problem, routes: Vec<RouteStops>) -> Result<Self, PlanError> {
        error::check_ids(problem, &routes)?;
        Ok(Self::of_known(problem, routes))
    }

    /// The plan without routes.
    pub fn empty(problem: &Problem) -> Self {
        Self::of_known(problem, Vec::new())
    }

    /// Like [`new`](Self::new), for stops that are known to be the problem's.
    ///
    /// # Panics
    ///
    /// If an id is out of range.
    pub(crate) fn of_known(problem: &Problem, mut stops: Vec<RouteStops>) -> Self {
        stops.retain(|route| route.trips.iter().any(|trip| !trip.activities.is_empty()));
        let mut violations = Vec::new();
        let mut emptied = Vec::new();
        let allowed_clients = rules::AllowedClients::new(problem);
        let routes: Vec<Route> = stops
            .iter()
            .enumerate()
            .map(|(r, s)| assemble::route(problem, &allowed_clients, r, s, &mut emptied, &mut violations))
            .collect();
        fleet(problem, &routes, &mut violations);
        rules::site_capacities(problem, &emptied, &mut violations);
        relations::violations(problem, &stops, &mut violations);
        let services = Services::count(problem, &stops);
        let unserved = services.unserved(problem);
        services.violations(problem, &unserved, &mut violations);
        let measures: Vec<i64> =
            problem.goals().iter().map(|goal| measure::measure(problem, goal.measure, &routes, &stops)).collect();
        let weighted = problem
            .goals()
            .iter()
            .zip(&measures)
            .filter_map(|(goal, &value)| Some(goal.measure.cost(goal.weight?, goal.counted(value))));
        let breakdown = CostBreakdown {
            fixed: assemble::sum(routes.iter().map(|route| route.fixed_cost)),
            distance: assemble::sum(routes.iter().map(|route| route.distance_cost)),
            duration: assemble::sum(routes.iter().map(|route| route.duration_cost)),
            overtime: assemble::sum(routes.iter().map(|route| route.overtime_cost)),
            waiting: assemble::sum(routes.iter().map(|route| route.waiting_cost)),
            windows: assemble::sum(routes.iter().map(|route| route.window_cost)),
            disposal: assemble::sum(routes.iter().map(|route| route.disposal_cost)),
            assignment: assemble::sum(routes.iter().map(|route| route.assignment_cost))
                .saturating_add(services.pattern_costs(problem)),
            goals: assemble::sum(weighted),
            unserved: forgone(problem, &unserved),
        };
        let rank = measure::rank(problem, &unserved, &measures, breakdown.total());
        Self { routes, stops, unserved, breakdown, violations, measures, rank }
    }

    /// Like [`new`](Self::new), but drops a stated start that equals the default start, so that a written plan reads
    /// back as the same plan.
    #[cfg(feature = "io")]
    pub(crate) fn with_stated_starts(problem: &Problem, stops: Vec<RouteStops>) -> Result<Self, PlanError> {
        let mut plan = Self::new(problem, stops)?;
        for (stops, route) in plan.stops.iter_mut().zip(&plan.routes) {
            if stops.start.is_some() && assemble::start_by_rule(problem, stops) == route.start {
                stops.start = None;
            }
        }
        Ok(plan)
    }

    /// The routes. Each has at least one visit.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The bare stops of each route, in the order of [`routes`](Self::routes).
    pub fn route_stops(&self) -> &[RouteStops] {
        &self.stops
    }

    /// Whether any route has stops other than services.
    pub(crate) fn has_halts(&self) -> bool {
        let activities = self.route_stops().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities);
        !activities.copied().all(Activity::is_service)
    }

    /// Unserved clients and shipments.
    pub fn unserved(&self) -> &Unserved {
        &self.unserved
    }

    /// What all routes consume, in thousandths of litres of fuel and of kilowatt-hours, and grams of CO₂ that they emit.
    pub fn consumption(&self, problem: &Problem) -> PlanConsumption {
        let mut sum = PlanConsumption::default();
        for route in &self.routes {
            let consumption =
                problem.vehicle_types().get(route.vehicle_type.index()).and_then(|v| v.consumption.as_ref());
            let own = match consumption.map(|consumption| consumption.energy) {
                Some(Energy::Electricity) => &mut sum.electricity,
                _ => &mut sum.fuel,
            };
            *own = own.saturating_add(route.consumed);
            sum.emitted = sum.emitted.saturating_add(route.emitted);
        }
        sum
    }

    /// Total cost. Compare it only between feasible plans: it does not include violations.
    pub fn cost(&self) -> Cost {
        self.breakdown.total()
    }

    /// The cost by cause.
    pub fn breakdown(&self) -> CostBreakdown {
        self.breakdown
    }

    /// The measures of the problem's goals, in their order.
    pub fn measures(&self) -> &[i64] {
        &self.measures
    }

    /// A measure of the plan, whether or not it is a goal of the problem.
    pub fn measure(&self, problem: &Problem, measure: Measure) -> i64 {
        measure::measure(problem, measure, &self.routes, &self.stops)
    }

    /// The values by which feasible plans are compared, most important first; smaller is better: the number of unserved
    /// clients of each priority class, highest class first; ranked goals, in their order; cost.
    pub fn rank(&self) -> &[i64] {
        &self.rank
    }

    /// Whether this plan is better than another of the same problem: it is feasible and the other is not, or both are
    /// infeasible and it has fewer violations, or it has a lower [`rank`](Self::rank).
    pub fn is_better_than(&self, other: &Self) -> bool {
        (self.violations.len(), &self.rank) < (other.violations.len(), &other.rank)
    }

    /// Whether there is no violation.
    pub fn is_feasible(&self) -> bool {
        self.violations.is_empty()
    }

    /// All violations.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// What people call the vehicle of each route: the name of its type, with a number where routes of the plan have several of the type,
    /// or `truck 3`, counted from 1.
    pub fn truck_names(&self, problem: &Problem) -> Vec<String> {
        let types = || self.routes.iter().map(|route| route.vehicle_type);
        let name = |(r, id): (usize, crate::ids::VehicleTypeId)| {
            let name = problem.vehicle_types().get(id.index()).map_or("", |v| v.name.trim());
            match (name, types().filter(|&other| other == id).count()) {
                ("", _) => format!("truck {}", r + 1),
                (name, 1) => name.to_owned(),
                (name, _) => format!("{name} {}", types().take(r + 1).filter(|&other| other == id).count()),
            }
        };
        types().enumerate().map(name).collect()
    }

    /// The plan as a readable table, one line per route, with the problem's names.
    pub fn table<'a>(&'a self, problem: &'a Problem) -> PlanTable<'a> {
        PlanTable::new(self, problem)
    }
}

fn fleet(problem: &Problem, routes: &[Route], found: &mut Vec<Violation>) {
    let mut used = vec![0; problem.vehicle_types().len()];
    for route in routes {
        used[route.vehicle_type.index()] += 1;
    }
    for (v, (&used, vehicle_type)) in used.iter().zip(problem.vehicle_types()).enumerate() {
        if used > vehicle_type.count {
            let vehicle_type_id = crate::ids::VehicleTypeId::new(v);
            found.push(Violation::TooManyVehicles {
                vehicle_type: vehicle_type_id,
                used,
                available: vehicle_type.count,
            });
        }
    }
}
