//! Fronts: plans of which none is better than another in two or three respects. What does one truck less cost?
//!
//! The first objective is made small while limits of the others tighten step by step, from the values that they have when nothing
//! limits them to the least that they can have: the ε-constraint method of Haimes et al. (1971). A limit is a goal that is ranked
//! ahead of all else and counts only what exceeds the limit ([`Goal::above`](crate::Goal::above)). What is unserved has no such goal: there,
//! prizes rise from step to step, against cost or, where cost is not an objective, against the first one, of which each unit then counts
//! far more than the plan's costs. Each run begins with the plan of the archive that is nearest to its limits. The archive keeps what no
//! other plan covers of the plans that the searches end with, and of those that they meet on their way.

mod archive;
mod fault;
mod hypervolume;
mod objective;
mod subproblem;
mod text;

pub use fault::ParetoError;
pub use hypervolume::hypervolume;
pub use objective::Objective;

use std::time::{Duration as WallTime, Instant};

use crate::algorithm::{CancelToken, RunsProgress, SolveParams, Stop, StopReason, watched};
use crate::model::{Faults, Problem};
use crate::plan::Plan;
use archive::Archive;
use subproblem::{Limit, subproblem};

/// How to look for a front.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ParetoParams {
    /// Two or three different objectives. Cost is the first, wherever it stands in the list.
    pub objectives: Vec<Objective>,
    /// About how many runs there are, and points at most.
    pub points: usize,
    /// When to stop: time and iterations are those of all runs together, iterations without improvement those of each run. A target
    /// cost has no meaning.
    pub stop: Stop,
    /// Seed of all random choices.
    pub seed: u64,
    /// How many threads may work.
    pub threads: usize,
}

impl ParetoParams {
    /// A front of about eight points.
    pub fn new(objectives: impl Into<Vec<Objective>>, stop: Stop) -> Self {
        Self { objectives: objectives.into(), points: 8, stop, seed: 1, threads: 1 }
    }

    /// Sets about how many points there are.
    pub fn points(mut self, points: usize) -> Self {
        self.points = points;
        self
    }

    /// Sets the seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how many threads may work.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// The objectives, cost first.
    fn checked(&self) -> Result<Vec<Objective>, ParetoError> {
        let mut faults = Faults::default();
        let mut objectives = self.objectives.clone();
        objectives.sort_by_key(|&objective| objective != Objective::Cost);
        let names = || self.objectives.iter().map(|objective| objective.name()).collect::<Vec<_>>().join(", ");
        if !(2..=3).contains(&objectives.len()) {
            faults.add("objectives", names(), "a front has two or three objectives", "give as many");
        }
        for (i, objective) in self.objectives.iter().enumerate() {
            if self.objectives[..i].contains(objective) {
                faults.add(format!("objectives[{i}]"), objective.name(), "is there twice", "give another objective");
            }
        }
        if !(2..=MAX_POINTS).contains(&self.points) {
            let remedy = format!("give 2 to {MAX_POINTS}");
            faults.add("points", self.points, "is not a number of points", &remedy);
        }
        faults.finish::<ParetoError>().map(|()| objectives)
    }
}

/// Most points of a front.
const MAX_POINTS: usize = 1_000;

/// A plan of a front.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FrontPoint {
    /// The values of the objectives, in their order.
    pub values: Vec<i64>,
    /// The plan, of the problem as it was given.
    pub plan: Plan,
}

/// Feasible plans of which none is nowhere worse than another.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Front {
    /// The objectives: cost, if it is one, and the others in their order.
    pub objectives: Vec<Objective>,
    /// The points, by their values. Empty: no feasible plan was found.
    pub points: Vec<FrontPoint>,
    /// How many searches there were.
    pub runs: usize,
    /// How much of the box between the best values and a tenth beyond the worst the front covers, from 0 to 1.
    pub covered: f64,
    /// Whether the front was not cut short.
    pub complete: bool,
    /// How long it took.
    pub runtime: WallTime,
}

/// Looks for a front.
///
/// ```
/// use milkrun::pareto::{Objective, ParetoParams, pareto};
/// use milkrun::{Client, Coord, Depot, Problem, Stop, VehicleType};
///
/// // Two clients on each side of the yard: one van is home at 80, two at 40.
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// for x in [10.0, 20.0, -10.0, -20.0] {
///     b.add_client(Client::at(Coord::new(x, 0.0)));
/// }
/// b.add_vehicle_type(VehicleType::new(2).depot(yard).fixed_cost(5));
/// let problem = b.build().unwrap();
/// let params = ParetoParams::new([Objective::Cost, Objective::Makespan], Stop::after_iterations(1_000)).points(4);
/// let front = pareto(&problem, &params).unwrap();
/// let values: Vec<&[i64]> = front.points.iter().map(|point| &point.values[..]).collect();
/// assert_eq!(values, [[85, 80], [90, 40]]);
/// assert_eq!(front.trade(0, 1, &[1.0, 1.0]), "an end 40 earlier costs 5 more");
/// ```
///
/// # Errors
///
/// [`ParetoError`] where there are not two or three objectives, or a number of points is none.
pub fn pareto(problem: &Problem, params: &ParetoParams) -> Result<Front, ParetoError> {
    pareto_with(problem, params, &CancelToken::new(), &mut |_| {})
}

/// As [`pareto`], with a token to end it early, and a function that is called after each run.
///
/// # Errors
///
/// As [`pareto`].
pub fn pareto_with(
    problem: &Problem,
    params: &ParetoParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&RunsProgress),
) -> Result<Front, ParetoError> {
    let objectives = params.checked()?;
    let start = Instant::now();
    let runs = planned_runs(objectives.len(), params.points);
    let mut tracer = Tracer {
        problem,
        params,
        cancel,
        start,
        runs,
        done: 0,
        archive: Archive::default(),
        objectives,
        complete: true,
    };
    tracer.trace(on_progress);
    let Tracer { mut archive, objectives, complete, done, .. } = tracer;
    archive.points.sort_by(|a, b| a.values.cmp(&b.values));
    let values: Vec<&[i64]> = archive.points.iter().map(|point| &point.values[..]).collect();
    let covered = hypervolume::share(&values);
    Ok(Front { objectives, covered, points: archive.points, runs: done, complete, runtime: start.elapsed() })
}

/// Steps of each limit.
fn steps(objectives: usize, points: usize) -> usize {
    // With two limits, their steps make a grid.
    if objectives == 2 { points } else { ((points as f64).sqrt().floor() as usize).max(2) }
}

fn planned_runs(objectives: usize, points: usize) -> usize {
    let steps = steps(objectives, points);
    // The least value of the first objective, and of each other one; and the steps between.
    if objectives == 2 { steps.max(2) } else { 3 + steps * steps - 1 }
}

/// A front on its way.
struct Tracer<'a> {
    problem: &'a Problem,
    params: &'a ParetoParams,
    cancel: &'a CancelToken,
    start: Instant,
    runs: usize,
    done: usize,
    archive: Archive,
    objectives: Vec<Objective>,
    complete: bool,
}

impl Tracer<'_> {
    fn trace(&mut self, on_progress: &mut dyn FnMut(&RunsProgress)) {
        let count = self.objectives.len();
        let mut run = |tracer: &mut Self, limits: &[Limit]| {
            let values = tracer.run(limits);
            let (elapsed, done) = (tracer.start.elapsed(), tracer.done);
            on_progress(&RunsProgress { elapsed, done, searches: tracer.runs.max(done) });
            values
        };
        let free = vec![Limit::Free; count];
        let Some(loosest) = run(self, &free) else { return };
        let steps = steps(count, self.params.points);
        let mut ladders: Vec<Vec<Limit>> = Vec::new();
        for i in 1..count {
            let mut limits = free.clone();
            limits[i] = Limit::Least;
            let tightest = run(self, &limits).map_or(loosest[i], |values| values[i]);
            ladders.push(self.ladder(i, loosest[i], tightest, steps));
        }
        if let [ladder] = &ladders[..] {
            for &limit in ladder {
                run(self, &[Limit::Free, limit]);
            }
        } else if let [first, second] = &ladders[..] {
            // From the loosest limits on, so that each run has a near neighbour.
            let with_free = |ladder: &[Limit]| [&[Limit::Free], ladder].concat();
            for a in with_free(first) {
                for b in with_free(second) {
                    if (a, b) != (Limit::Free, Limit::Free) {
                        run(self, &[Limit::Free, a, b]);
                    }
                }
            }
        }
    }

    /// Limits between the loosest value of an objective and the tightest, the loosest first; neither is among them, since they have
    /// runs of their own.
    fn ladder(&self, objective: usize, loosest: i64, tightest: i64, steps: usize) -> Vec<Limit> {
        let inner = if self.objectives.len() == 2 { steps.saturating_sub(2) } else { steps.saturating_sub(1) };
        if self.objectives[objective] == Objective::Unserved {
            let served = self.problem.num_stops().max(1) as i64;
            // What all of it costs: where cost is not the first objective, the loosest plan serves nothing.
            let most = self.archive.points.iter().map(|point| point.values[0]).max();
            let first = self.archive.points.first().map(|point| point.values[0]);
            let cost = if self.objectives[0] == Objective::Cost { first } else { most }.unwrap_or(1);
            let base = (cost / (4 * served)).max(1);
            return (0..inner.min(40)).map(|step| Limit::Prize(base.saturating_mul(1 << step))).collect();
        }
        let range = loosest.saturating_sub(tightest);
        // The tightest limit is one of those of a grid, where another objective is limited beside it.
        let parts = if self.objectives.len() == 2 { inner as i64 + 1 } else { inner.max(1) as i64 };
        let at = |step: i64| loosest - (i128::from(range) * i128::from(step) / i128::from(parts)) as i64;
        let mut values: Vec<i64> = (1..=inner as i64).map(at).filter(|&value| value < loosest).collect();
        values.dedup();
        values.into_iter().map(Limit::Above).collect()
    }

    /// One search; the values of its plan, if that is feasible.
    fn run(&mut self, limits: &[Limit]) -> Option<Vec<i64>> {
        if self.cancel.is_cancelled() {
            self.complete = false;
            return None;
        }
        let bounds: Vec<Option<i64>> =
            limits.iter().map(|limit| if let Limit::Above(value) = limit { Some(*value) } else { None }).collect();
        let asked = subproblem(self.problem, &self.objectives, limits);
        // Prizes may rise beyond what a problem may cost: that run is left to its neighbours.
        let asked = asked.ok()?;
        let initial = self.archive.nearest(&bounds).map(|plan| Plan::of_known(&asked, plan.route_stops().to_vec()));
        let search = SolveParams {
            stop: self.share(),
            seed: self.params.seed.wrapping_add(self.done as u64),
            threads: self.params.threads,
            initial,
        };
        let mut met = Vec::new();
        let found = watched(&asked, &search, self.cancel, &mut |_| {}, Some(&mut met));
        self.done += 1;
        self.complete &= found.stopped != StopReason::Cancelled;
        for routes in met {
            self.keep(Plan::of_known(self.problem, routes));
        }
        self.keep(Plan::of_known(self.problem, found.plan.route_stops().to_vec()))
    }

    /// Keeps a plan if it is feasible, and no other covers it; its values.
    fn keep(&mut self, plan: Plan) -> Option<Vec<i64>> {
        if !plan.is_feasible() {
            return None;
        }
        let values: Vec<i64> = self.objectives.iter().map(|objective| objective.of(self.problem, &plan)).collect();
        self.archive.add(values.clone(), plan);
        Some(values)
    }

    /// What the next run may take: an equal share of what is left, and of the first, from which the others go on, several.
    fn share(&self) -> Stop {
        /// So many shares has the first run.
        const FIRST: u32 = 3;
        let Stop { max_runtime, max_iterations, no_improvement, .. } = self.params.stop;
        let left = self.runs.saturating_sub(self.done).max(1) as u32;
        let (own, left) = if self.done == 0 { (FIRST, left + FIRST - 1) } else { (1, left) };
        let max_runtime = max_runtime.map(|limit| limit.saturating_sub(self.start.elapsed()) / left * own);
        let part = |limit: u64| (limit / (self.runs as u64 + u64::from(FIRST) - 1)).max(1).saturating_mul(own.into());
        let stop = Stop { max_runtime, max_iterations: max_iterations.map(part), no_improvement, target_cost: None };
        if stop == Stop::default() { Stop::after(WallTime::from_secs(10) / left * own) } else { stop }
    }
}
