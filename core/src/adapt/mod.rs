//! Adapting a plan that is being driven: what has been done stays, what has happened since is taken in, and every change to
//! what was published has its price.
//!
//! A published plan and a moment give each route a past, an activity that is under way, and a rest that may change.
//! [`Event`]s change the problem; [`ChangePrices`] say what it costs to serve a client with another vehicle than published, at
//! another time, or not at all; [`Keep`] forbids changes altogether. The result is a problem of its own, in which each vehicle
//! has its own type, and a plan for it that the judge can check like any other; [`diff`] says what changed.
//!
//! The search starts from the published plan, so that what need not change does not. Google's Route Optimization API relaxes
//! constraints of injected solutions in the same order as [`Keep`]; prices between its levels are ours.

mod apply;
mod diff;
mod event;
mod fault;
mod follow;
mod order;
mod prices;
mod progress;
mod publish;
mod roads;

use std::time::{Duration as WallTime, Instant};

pub use diff::{Change, Difference, diff};
pub use event::Event;
pub use fault::AdaptError;
pub use prices::{ChangePrices, Keep};

use crate::algorithm::{CancelToken, Progress, SolveParams, Stop, StopReason, solve_with};
use crate::model::Problem;
use crate::plan::Plan;
use crate::units::{Cost, Time};
use publish::Day;

/// How to adapt a plan.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AdaptParams {
    /// The present moment, in the problem's time.
    pub now: Time,
    /// What has happened since the plan was published, in this order.
    pub events: Vec<Event>,
    /// What changes cost.
    pub prices: ChangePrices,
    /// What may not change.
    pub keep: Keep,
    /// What is kept applies to clients whose service was to start before this time; `None`: to all.
    pub keep_until: Option<Time>,
    /// When to stop. The repaired plan is there long before.
    pub stop: Stop,
    /// Seed of all random choices.
    pub seed: u64,
    /// How many threads may work.
    pub threads: usize,
}

impl AdaptParams {
    /// Adapts at this moment, for three seconds; changes cost nothing.
    pub fn at(now: Time) -> Self {
        Self {
            now,
            events: Vec::new(),
            prices: ChangePrices::default(),
            keep: Keep::Nothing,
            keep_until: None,
            stop: Stop::after_secs(3.0),
            seed: 1,
            threads: 1,
        }
    }

    /// Adds something that has happened.
    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// Sets what changes cost.
    pub fn prices(mut self, prices: ChangePrices) -> Self {
        self.prices = prices;
        self
    }

    /// Sets what may not change.
    pub fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// Sets when to stop.
    pub fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }
}

/// An adapted plan.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Adaptation {
    /// The problem as it is now: each vehicle has a type of its own, with what it has done. The prices of changes are its
    /// assignment costs, soft windows and prizes.
    pub problem: Problem,
    /// The adapted plan, of this problem.
    pub plan: Plan,
    /// The published plan under this problem, with what has become impossible.
    pub followed: Plan,
    /// For each vehicle type of the problem: the published route that its vehicle drives; `None`: it stood in the depot.
    pub published_route: Vec<Option<usize>>,
    /// What changed, against the published plan.
    pub difference: Difference,
    /// What it costs that services are out of order on their vehicles, which is no part of the plan's cost.
    pub order_cost: Cost,
    /// How long it took until there was a repaired plan.
    pub repaired_after: WallTime,
    /// Why the search ended.
    pub stopped: StopReason,
    /// How many iterations it did.
    pub iterations: u64,
}

impl Adaptation {
    /// What the adapted plan costs with all prices of changes, also that of another order.
    pub fn cost(&self) -> Cost {
        self.plan.cost().saturating_add(self.order_cost)
    }
}

/// Adapts a published plan.
///
/// ```
/// use milkrun::adapt::{AdaptParams, Event, adapt};
/// use milkrun::{Client, Coord, Depot, Problem, SolveParams, Stop, VehicleType, solve};
///
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// for x in [10.0, 20.0, -10.0, -20.0] {
///     b.add_client(Client::at(Coord::new(x, 0.0)));
/// }
/// b.add_vehicle_type(VehicleType::new(3).depot(yard).max_distance(60).shift(0, 500));
/// let problem = b.build().unwrap();
/// let stop = || Stop::after_iterations(100);
/// let published = solve(&problem, &SolveParams { stop: stop(), ..SolveParams::default() }).plan;
///
/// // Ten units of time after the start, the vehicle of the first route breaks down.
/// let params = AdaptParams::at(published.routes()[0].start + 10).event(Event::BrokenDown { route: 0 }).stop(stop());
/// let adapted = adapt(&problem, &published, &params).unwrap();
/// assert!(adapted.plan.is_feasible());
/// assert!(adapted.difference.changes.iter().any(|change| change.to_string().contains("from route 0")));
/// ```
///
/// # Errors
///
/// Every fault of the events and parameters at once: routes and clients that do not exist, times before or after the plan,
/// events that contradict each other.
pub fn adapt(problem: &Problem, published: &Plan, params: &AdaptParams) -> Result<Adaptation, AdaptError> {
    adapt_with(problem, published, params, &CancelToken::new(), &mut |_| {})
}

/// As [`adapt`], with a token to end the search early and a function that is called with its progress.
///
/// # Errors
///
/// As [`adapt`].
pub fn adapt_with(
    problem: &Problem,
    published: &Plan,
    params: &AdaptParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> Result<Adaptation, AdaptError> {
    let begin = Instant::now();
    let mut day = Day::new(problem, published, params)?;
    apply::events(&mut day, params)?;
    follow::pin(&mut day);
    let unpriced = day.builder.build()?;
    prices::add(&mut day, params);
    let (now, followed) = day.finish()?;
    let mut search =
        SolveParams { stop: Stop::after_iterations(1), seed: params.seed, threads: 1, initial: Some(followed.clone()) };
    // The first solution of a search: what has become impossible is taken out, and put back where it costs least.
    let repaired = solve_with(&now, &search, cancel, &mut |_| {});
    let repaired_after = begin.elapsed();
    let spent = |limit: WallTime| limit.saturating_sub(repaired_after);
    search.stop = Stop { max_runtime: params.stop.max_runtime.map(spent), ..params.stop };
    (search.threads, search.initial) = (params.threads, Some(repaired.plan));
    let result = if params.prices.other_order > 0 {
        order::search(&day, &now, params.prices.other_order, &search, cancel, on_progress)
    } else {
        solve_with(&now, &search, cancel, on_progress)
    };
    let driven = Plan::of_known(&unpriced, result.plan.route_stops().to_vec());
    let difference = diff::since(&day, (published, &driven), (&now, &result.plan));
    Ok(Adaptation {
        problem: now,
        plan: result.plan,
        followed,
        published_route: day.published_route(),
        order_cost: params.prices.other_order.saturating_mul(difference.reordered as Cost),
        difference,
        repaired_after,
        stopped: result.stopped,
        iterations: result.iterations,
    })
}
