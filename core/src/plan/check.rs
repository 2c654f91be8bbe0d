//! The checker (the *judge*): recomputes everything from the raw problem, and shares code with neither the search nor
//! [`Plan::new`].
//!
//! It is written to be obviously correct rather than fast. Every test of the search uses it, and so does
//! `milkrun check`.

mod breaks;
mod cargo;
mod costs;
mod disposal;
mod duty;
mod energy;
mod goals;
mod relations;
mod replay;
mod rules;
mod statements;
mod work;
mod zones;

use std::fmt;

use crate::model::{Labels, Problem};
use crate::plan::{Activity, CostBreakdown, Plan, RouteStops, UnknownId, Unserved, Violation};
use crate::units::Cost;
use costs::fit;
use replay::Replay;

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub struct Report {
    /// The cost by cause.
    pub breakdown: CostBreakdown,
    /// Every violation.
    pub violations: Vec<Violation>,
    /// The measures of the problem's goals, in their order.
    pub measures: Vec<i64>,
    /// Every number of a [`Plan`] that differs from the recomputed one; empty if bare stops were checked.
    pub discrepancies: Vec<Discrepancy>,
}

impl Report {
    /// Whether there is no violation.
    pub fn is_feasible(&self) -> bool {
        self.violations.is_empty()
    }

    /// Whether every number of the plan is correct.
    pub fn is_truthful(&self) -> bool {
        self.discrepancies.is_empty()
    }

    /// Total cost.
    pub fn cost(&self) -> Cost {
        self.breakdown.total()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

/// A report in words, with the names that the problem gives.
struct Named<'a>(&'a Report, &'a Problem);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, Labels::of(self.1))
    }
}

impl Report {
    /// The report in words, with the names of clients, sites and vehicle types that the problem gives. By itself a report
    /// displays indices.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Named(self, problem)
    }

    fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        write!(f, "cost: {}", self.breakdown)?;
        f.write_str(if self.is_feasible() { "\nfeasible" } else { "\ninfeasible:" })?;
        for violation in &self.violations {
            f.write_str("\n  ")?;
            violation.say(f, labels)?;
        }
        if !self.is_truthful() {
            f.write_str("\ndiscrepancies:")?;
        }
        self.discrepancies.iter().try_for_each(|discrepancy| write!(f, "\n  {discrepancy}"))
    }
}

/// A number of a plan that differs from the recomputed one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Discrepancy {
    /// Where: `routes[0].trips[0].visits[2].arrival`.
    pub path: String,
    /// The value that the plan states.
    pub stated: String,
    /// The recomputed value.
    pub found: String,
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is stated as {}, but is {}", self.path, self.stated, self.found)
    }
}

/// Checks bare stops.
///
/// A route without visits is ignored. A route with an unknown id cannot be evaluated: it is reported, and counts as
/// serving no client.
pub fn check(problem: &Problem, routes: &[RouteStops]) -> Report {
    judge(problem, routes).report
}

/// Checks a plan: its stops, and every number that it states about them.
pub fn check_plan(problem: &Problem, plan: &Plan) -> Report {
    let mut judged = judge(problem, plan.route_stops());
    judged.report.discrepancies = statements::compare(plan, &judged);
    judged.report
}

struct Judged<'a> {
    report: Report,
    replays: Vec<Replay<'a>>,
    /// Fixed cost, cost of distance, of duration, of overtime, of waiting, of soft windows, of disposal and of assignment of each
    /// route.
    costs: Vec<[Cost; 8]>,
    /// Paid time of each route.
    paid: Vec<i64>,
    /// What each route consumes and emits.
    energy: Vec<(i64, i64)>,
    unserved: Unserved,
}

fn judge<'a>(problem: &Problem, routes: &'a [RouteStops]) -> Judged<'a> {
    let mut violations = Vec::new();
    let mut replays = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        let unknown = unknown_ids(problem, index, route);
        let has_visits = route.trips.iter().any(|trip| !trip.activities.is_empty());
        if unknown.is_empty() && has_visits {
            replays.push(Replay::of(problem, index, route));
        }
        violations.extend(unknown.into_iter().map(Violation::UnknownId));
    }
    let allowed = rules::allowed(problem);
    for replay in &replays {
        rules::route(problem, &allowed, replay, &mut violations);
    }
    let rules::Together { unserved, forgone, patterns } = rules::plan(problem, &replays, &mut violations);

    disposal::site_capacities(problem, &replays, &mut violations);
    relations::executed(problem, &replays, &mut violations);
    relations::relations(problem, &replays, &mut violations);

    let mut sums = [0_i128; 8];
    let mut costs = Vec::new();
    for replay in &replays {
        let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
        let cost = [
            i128::from(vehicle_type.fixed_cost),
            i128::from(vehicle_type.cost_per_distance) * i128::from(replay.distance()),
            i128::from(vehicle_type.cost_per_duration) * i128::from(replay.paid(problem)),
        ];
        let [overtime, waiting, windows, disposal, assignment] = costs::costs(problem, replay);
        let cost = [cost[0], cost[1], cost[2], overtime, waiting, windows, disposal, assignment];
        for (sum, cost) in sums.iter_mut().zip(cost) {
            *sum += cost;
        }
        costs.push(cost.map(fit));
    }
    // Which pattern a group is served by is no route's own.
    sums[7] += patterns;
    let [fixed, distance, duration, overtime, waiting, windows, disposal, assignment] = sums.map(fit);
    let energy: Vec<(i64, i64)> = replays.iter().map(|replay| energy::consumed_and_emitted(problem, replay)).collect();
    let (measures, goals) = goals::goals(problem, &replays, &energy);
    let paid = replays.iter().map(|replay| replay.paid(problem)).collect();
    let breakdown = CostBreakdown {
        fixed,
        distance,
        duration,
        overtime,
        waiting,
        windows,
        disposal,
        assignment,
        goals: fit(goals),
        unserved: fit(forgone),
    };
    let report = Report { breakdown, violations, measures, discrepancies: Vec::new() };
    Judged { report, replays, costs, paid, energy, unserved }
}

fn unknown_ids(problem: &Problem, r: usize, route: &RouteStops) -> Vec<UnknownId> {
    let mut found = Vec::new();
    let mut add = |path: String, kind, index, count| {
        if index >= count {
            found.push(UnknownId { path, kind, index, count });
        }
    };
    let counts = (problem.clients().len(), problem.shipments().len(), problem.depots().len());
    let types = problem.vehicle_types().len();
    add(format!("routes[{r}].vehicle_type"), "vehicle type", route.vehicle_type.index(), types);
    for (t, trip) in route.trips.iter().enumerate() {
        if let Some(depot) = trip.start {
            add(format!("routes[{r}].trips[{t}].start"), "depot", depot.index(), counts.2);
        }
        if let Some(depot) = trip.end {
            add(format!("routes[{r}].trips[{t}].end"), "depot", depot.index(), counts.2);
        }
        for (a, activity) in trip.activities.iter().enumerate() {
            let (kind, index, count) = match activity {
                Activity::Client(id) => ("client", id.index(), counts.0),
                Activity::Pickup(id) | Activity::Delivery(id) => ("shipment", id.index(), counts.1),
                Activity::Dispose(id) => ("disposal site", id.index(), problem.disposal_sites().len()),
                Activity::Break(index) => {
                    let breaks = problem.vehicle_types().get(route.vehicle_type.index()).map_or(0, |v| v.breaks.len());
                    ("break", *index, breaks)
                }
                Activity::Rest(_) => continue,
            };
            add(format!("routes[{r}].trips[{t}].activities[{a}]"), kind, index, count);
        }
    }
    found
}
