//! The drivers: `solve`, its parameters, when it stops, and what it reports.

mod blocks;
mod cooling;
mod fleet_minimisation;
mod generations;
mod met;
mod params;
mod run;
mod settings;
mod stop;
mod termination;
#[cfg(test)]
mod tests;
mod walk;

pub use crate::cancel::CancelToken;
pub use params::{Progress, RunsProgress, SolveParams, SolveResult};
pub use stop::{Stop, StopReason};

use std::borrow::Cow;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Instant;

use crate::model::Problem;
use crate::plan::{Plan, RouteStops};
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, Layout, is_general};
use crate::search::without_idle_rules;
use run::Run;
use termination::Shared;

/// Many more threads than there are cores only get in each other's way.
const MAX_THREADS_PER_CORE: usize = 8;

/// Solves a problem.
///
/// The answer is the best plan that was found. It may be infeasible, where no feasible one was found: ask
/// [`Plan::is_feasible`], and [`Plan::violations`] for the reasons.
///
/// ```
/// use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, VehicleType, solve};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// for (x, y) in [(3.0, 4.0), (-3.0, 4.0), (0.0, -5.0)] {
///     builder.add_client(Client::at(Coord::new(x, y)).delivery([1]));
/// }
/// builder.add_vehicle_type(VehicleType::new(2).capacity([2]).depot(yard));
/// let problem = builder.build().unwrap();
/// let result = solve(&problem, &SolveParams { stop: Stop::after_iterations(1_000), ..SolveParams::default() });
/// assert!(result.plan.is_feasible());
/// assert_eq!(result.plan.cost(), 5 + 6 + 5 + 5 + 5);
/// ```
pub fn solve(problem: &Problem, params: &SolveParams) -> SolveResult {
    solve_with(problem, params, &CancelToken::new(), &mut |_| {})
}

/// Solves a problem, reports progress to `on_progress` a few times a second (from the calling thread), and stops early
/// when `cancel` is set.
pub fn solve_with(
    problem: &Problem,
    params: &SolveParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> SolveResult {
    watched(problem, params, cancel, on_progress, None)
}

/// As [`solve_with`]; it hands over plans that were the best of a walk for a while, at most some dozens of each walk. They may be
/// infeasible.
pub(crate) fn watched(
    problem: &Problem,
    params: &SolveParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
    met: Option<&mut Vec<Vec<RouteStops>>>,
) -> SolveResult {
    let start = Instant::now();
    let watches = met.is_some();
    let finish = |routes: Vec<RouteStops>, stopped, iterations, threads| {
        let found = Plan::of_known(problem, without_needless_starts(problem, routes));
        // The search never returns less than it was given.
        let plan = match &params.initial {
            Some(initial) if initial.is_better_than(&found) => initial.clone(),
            _ => found,
        };
        SolveResult { plan, stopped, iterations, threads, runtime: start.elapsed() }
    };
    if problem.num_stops() == 0 || problem.num_vehicles() == 0 {
        return finish(Vec::new(), StopReason::Trivial, 0, 1);
    }
    // A plan to start from may have halts that only the removed rules allow.
    let searched = match &params.initial {
        Some(initial) if initial.has_halts() => Cow::Borrowed(problem),
        _ => without_idle_rules(problem),
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let threads = params.threads.clamp(1, cores * MAX_THREADS_PER_CORE);
    let shared = Shared::new(start, params.stop, cancel.clone());
    let interrupt = || shared.is_spent();
    let data = Data::until(&searched, &interrupt);
    let general = (is_general(&searched) || data.classical.is_none()).then(|| Layout::new(&data));
    let general_goals = general.as_ref().map(GeneralGoals::new);
    let general = general.as_ref().zip(general_goals.as_ref());
    let population = Arc::default();
    let run = Run { data: &data, general, params, interrupt: &interrupt, shared: &shared, threads, cores, population };
    let (mut outcomes, threads) = run.all(on_progress, watches);
    // Of equal plans, the first walk's: which thread was faster must not matter.
    outcomes.sort_by(|a, b| (&a.1.value, a.0).cmp(&(&b.1.value, b.0)));
    let iterations = outcomes.iter().map(|(_, o)| o.iterations).sum();
    if let Some(met) = met {
        met.extend(outcomes.iter_mut().flat_map(|(_, outcome)| std::mem::take(&mut outcome.met)));
    }
    let best = outcomes.into_iter().next();
    best.map_or_else(
        || finish(Vec::new(), StopReason::Trivial, 0, 1),
        |(_, outcome)| {
            let result = finish(outcome.routes, outcome.stopped, iterations, threads);
            debug_assert!(
                general.is_some() || params.initial.is_some() || is_exact(problem, &result.plan, &outcome.best),
                "the search's cost and feasibility are the plan's: {} {} {:?}",
                result.plan.cost(),
                outcome.best.cost,
                result.plan.violations()
            );
            result
        },
    )
}

/// Whether cost and feasibility of a plan are those that its search found.
fn is_exact(problem: &Problem, plan: &Plan, best: &crate::search::Measures) -> bool {
    best.missing > 0 || !problem.goals().is_empty() || (plan.is_feasible() && plan.cost() == best.cost)
}

/// Removes stated starts at which routes would start anyway.
fn without_needless_starts(problem: &Problem, mut routes: Vec<RouteStops>) -> Vec<RouteStops> {
    if routes.iter().all(|route| route.start.is_none()) {
        return routes;
    }
    routes.retain(|route| route.trips.iter().any(|trip| !trip.activities.is_empty()));
    let free = routes.iter().map(|route| RouteStops { start: None, ..route.clone() }).collect();
    let free = Plan::of_known(problem, free);
    for (route, free) in routes.iter_mut().zip(free.routes()) {
        route.start = route.start.filter(|&start| start != free.start);
    }
    routes
}
