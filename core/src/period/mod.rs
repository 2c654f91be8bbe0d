//! Planning a period of days: on which days each client is visited, and the routes of every day, decided together.
//!
//! A problem says what one day is like: depots, disposal sites, vehicles, and what one visit to each client takes. [`Visits`] say
//! how often and on which days a client is visited; a combination of days that satisfies them is a visit pattern (the periodic
//! vehicle routing problem; Christofides & Beasley 1984, doi:10.1002/net.3230140205). The whole period becomes one problem
//! ([`PeriodPlan::problem`]) in which each day's vehicles are types of their own and each client is a
//! [group](crate::ClientGroup) with patterns, so that the same search decides on days and routes, and the same judge checks both.
//!
//! What makes days alike is priced by [`Consistency`]: the same vehicle, and the same time of day, for all visits to a client
//! (Groër, Golden & Wasil 2009, doi:10.1287/msom.1080.0243). The search plans without these prices first, then takes each client's usual
//! vehicle and time from the plan, prices other ones, and goes on from there, several times.

mod consistency;
mod day;
mod expand;
mod fault;
mod overflow;
mod patterns;
mod rolling;

pub use consistency::{Consistency, Inconsistency};
pub use day::DayPlan;
pub use fault::PeriodError;
pub use overflow::Overflow;
pub use patterns::Visits;

use std::time::Instant;

use crate::algorithm::{CancelToken, Progress, SolveParams, Stop, StopReason, solve_with};
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::Problem;
use crate::plan::Plan;
use crate::units::Cost;
use expand::Expanded;

/// The longest period, in days.
pub const MAX_DAYS: usize = 28;

/// What a period is like, and how to plan it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PeriodParams {
    /// The number of days, at most [`MAX_DAYS`].
    pub days: usize,
    /// How often clients are visited; those that are not listed, once in the period, on any day.
    pub visits: Vec<(ClientId, Visits)>,
    /// The days, counted from 0, on which vehicles of a type work; of those that are not listed, all.
    pub working_days: Vec<(VehicleTypeId, Vec<usize>)>,
    /// What it costs when days differ.
    pub consistency: Consistency,
    /// Which vehicle's area clients lie in: that vehicle is their usual one, also of those that are visited once.
    pub territories: Vec<Territory>,
    /// The days that clients were told: visits on others cost what [`Consistency::moved_day`] says.
    pub told: Vec<(ClientId, Vec<usize>)>,
    /// When to stop.
    pub stop: Stop,
    /// Seed of all random choices.
    pub seed: u64,
    /// How many threads may work.
    pub threads: usize,
}

impl PeriodParams {
    /// A period of so many days, planned for a minute.
    pub fn of_days(days: usize) -> Self {
        Self {
            days,
            visits: Vec::new(),
            working_days: Vec::new(),
            consistency: Consistency::default(),
            territories: Vec::new(),
            told: Vec::new(),
            stop: Stop::after_secs(60.0),
            seed: 1,
            threads: 1,
        }
    }

    /// Says how often a client is visited.
    pub fn visit(mut self, client: ClientId, visits: Visits) -> Self {
        self.visits.push((client, visits));
        self
    }

    /// Says on which days vehicles of a type work.
    pub fn working_days(mut self, vehicle_type: VehicleTypeId, days: impl Into<Vec<usize>>) -> Self {
        self.working_days.push((vehicle_type, days.into()));
        self
    }

    /// Says which clients lie in a vehicle's area.
    pub fn territory(mut self, territory: Territory) -> Self {
        self.territories.push(territory);
        self
    }

    /// Says which days a client was told.
    pub fn told(mut self, client: ClientId, days: impl Into<Vec<usize>>) -> Self {
        self.told.push((client, days.into()));
        self
    }

    /// Sets what it costs when days differ.
    pub fn consistency(mut self, consistency: Consistency) -> Self {
        self.consistency = consistency;
        self
    }

    /// Sets when to stop.
    pub fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }
}

/// The area of a vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territory {
    /// The vehicle's type.
    pub vehicle_type: VehicleTypeId,
    /// Which of the type's vehicles it is, counted from 0.
    pub unit: usize,
    /// The clients in it.
    pub clients: Vec<ClientId>,
}

impl Territory {
    /// The area of a type's vehicle.
    pub fn new(vehicle_type: VehicleTypeId, unit: usize, clients: impl Into<Vec<ClientId>>) -> Self {
        Self { vehicle_type, unit, clients: clients.into() }
    }
}

/// A planned period.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct PeriodPlan {
    /// The whole period as one problem: each day's vehicles are types of their own, each visit is a client.
    pub problem: Problem,
    /// The plan of the whole period, without the prices of consistency.
    pub plan: Plan,
    /// By day: what is driven, as a plan of a problem that has this day's clients and vehicles only.
    pub days: Vec<DayPlan>,
    /// By client: the days on which it is visited; none: it is unserved.
    pub visited: Vec<Vec<usize>>,
    /// What is expected to overflow between visits, of clients for which that is priced. The plan's cost has it, as cost of
    /// assignment.
    pub overflow: Cost,
    /// Where days differ, and what that costs.
    pub inconsistency: Inconsistency,
    /// Why the search ended.
    pub stopped: StopReason,
    /// How many iterations it did.
    pub iterations: u64,
}

impl PeriodPlan {
    /// What the period costs, with the prices of consistency.
    pub fn cost(&self) -> Cost {
        self.plan.cost().saturating_add(self.inconsistency.cost)
    }

    /// The number of days.
    pub fn num_days(&self) -> usize {
        self.days.len()
    }
}

/// Plans a period.
///
/// ```
/// use milkrun::period::{PeriodParams, Visits, plan_period};
/// use milkrun::{Client, Coord, Depot, Problem, Stop, VehicleType};
///
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// let east: Vec<_> = [10.0, 11.0].map(|x| b.add_client(Client::at(Coord::new(x, 0.0)).pickup([1]))).into();
/// let west: Vec<_> = [-10.0, -11.0].map(|x| b.add_client(Client::at(Coord::new(x, 0.0)).pickup([1]))).into();
/// b.add_vehicle_type(VehicleType::new(1).capacity([2]).depot(yard));
/// let day = b.build().unwrap();
///
/// // Two visits each in four days, evenly spaced: Monday and Wednesday, or Tuesday and Thursday.
/// let mut params = PeriodParams::of_days(4).stop(Stop::after_iterations(500));
/// for &client in east.iter().chain(&west) {
///     params = params.visit(client, Visits::times(2));
/// }
/// let period = plan_period(&day, &params).unwrap();
/// assert!(period.plan.is_feasible());
/// // The two in the east go together, and so do those in the west.
/// assert_eq!(period.cost(), 4 * 22);
/// assert_eq!(period.visited[0], period.visited[1]);
/// assert_ne!(period.visited[0], period.visited[2]);
/// assert_eq!(period.days[0].plan.cost(), 22);
/// ```
///
/// # Errors
///
/// Every fault at once: days that the period does not have, clients that no combination of days suits, parts of the day's problem
/// that have no meaning in a period (shipments, groups, executed activities).
pub fn plan_period(day: &Problem, params: &PeriodParams) -> Result<PeriodPlan, PeriodError> {
    plan_period_with(day, params, &CancelToken::new(), &mut |_| {})
}

/// As [`plan_period`], with a token to end the search early and a function that is called with its progress.
///
/// # Errors
///
/// As [`plan_period`].
pub fn plan_period_with(
    day: &Problem,
    params: &PeriodParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> Result<PeriodPlan, PeriodError> {
    let period = Expanded::new(day, params)?;
    let search = SolveParams { stop: params.stop, seed: params.seed, threads: params.threads, initial: None };
    let (plan, stopped, iterations) = if params.consistency.is_free(&period) {
        let result = solve_with(&period.problem, &search, cancel, on_progress);
        (result.plan, result.stopped, result.iterations)
    } else {
        consistency::search(&period, &params.consistency, search, Instant::now(), cancel, on_progress)
    };
    let inconsistency = Inconsistency::of(&period, &plan, &params.consistency);
    Ok(PeriodPlan {
        days: day::days(day, &period, &plan, params.days)?,
        visited: period.visited(&plan),
        overflow: overflow(&plan),
        problem: period.problem,
        plan,
        inconsistency,
        stopped,
        iterations,
    })
}

/// What the combinations of days cost by which clients are visited: no route's own, unlike all other costs of assignment.
fn overflow(plan: &Plan) -> Cost {
    let by_route = plan.routes().iter().map(|route| route.assignment_cost).fold(0, Cost::saturating_add);
    plan.breakdown().assignment.saturating_sub(by_route)
}
