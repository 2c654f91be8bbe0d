//! One annealed walk over a general problem.

use crate::algorithm::settings::{self, Settings};
use crate::algorithm::{SolveParams, StopReason};
use crate::algorithm::budget::{Budget, Incumbent};
use crate::algorithm::cooling::Cooling;
use crate::algorithm::walk::Outcome;
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout};
use crate::search::random::Random;
use crate::search::rules::Rich;

/// Iterations in a second that a budget of time is taken for.
const NOMINAL_SPEED: f64 = 4_000.0;
/// First and last temperature, in mean costs of a stop.
const HOT: f64 = 2.0;
const COLD: f64 = 0.02;
/// Iterations of one cooling cycle for each stop, where no limit says how long the search will be.
const ENDLESS_CYCLE: u64 = 200;
/// A warm start begins less hot by this factor.
const WARM: f64 = 0.1;

pub(super) fn run(
    layout: &Layout<'_>,
    goals: &GeneralGoals,
    params: &SolveParams,
    seed: u64,
    budget: &mut Budget<'_>,
    data: &Data<'_>,
) -> Outcome {
    let mut random = Random::new(seed);
    let mut search = GeneralSearch::new(layout, goals, &mut random);
    if let Some(initial) = &params.initial {
        search.load(initial.route_stops());
    }
    search.construct(&mut random, &|| budget.is_cancelled());
    let mean = search.mean_cost().max(1.0);
    if search.is_lean() {
        return run_lean(search, data, params, &mut random, budget);
    }
    let work = budget.expected_iterations(NOMINAL_SPEED).map_or(ENDLESS_CYCLE as f64, |n| n / data.num_stops() as f64);
    let knob = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let hot = knob("HOT", HOT) * (work / 50.0).clamp(0.05, 1.0) * if params.initial.is_some() { WARM } else { 1.0 };
    let cold = knob("COLD", COLD) * mean;
    let cooling = Cooling::new(hot * mean, cold, 1, ENDLESS_CYCLE * data.num_stops() as u64);
    let starts = Starts {
        count: knob("STARTS", 1.0),
        share: knob("SHARE", 0.12),
        hot: hot * mean,
        end: knob("COLDSTART", 0.125) * hot * mean,
        again: knob("WARMAGAIN", 0.25) * hot * mean,
        cold,
    };
    let stopped = anneal(&mut search, &cooling, Some(starts).filter(|s| s.count > 1.0), &mut random, budget);
    outcome(search, budget, stopped)
}

/// Several short walks from starts of their own, and a long one from the best of them.
#[derive(Clone, Copy)]
struct Starts {
    count: f64,
    /// The part of the budget that each short walk gets.
    share: f64,
    /// First and last temperature of a short walk, then of the long one.
    hot: f64,
    end: f64,
    again: f64,
    cold: f64,
}

impl Starts {
    /// The temperature once the given part of the budget is spent, and the number of the walk.
    fn temperature(&self, spent: f64) -> (f64, u64) {
        let walk = (spent / self.share).floor().min(self.count - 1.0);
        let from = walk * self.share;
        let (first, last, length) = if walk + 1.0 < self.count {
            (self.hot, self.end, self.share)
        } else {
            (self.again, self.cold, 1.0 - from)
        };
        (first * (last / first).powf((spent - from) / length), walk as u64)
    }
}

/// Improves until the budget is spent.
fn anneal(
    search: &mut GeneralSearch<'_>,
    cooling: &Cooling,
    starts: Option<Starts>,
    random: &mut Random,
    budget: &mut Budget<'_>,
) -> StopReason {
    budget.improved(incumbent(search));
    let mut cycle = 0;
    loop {
        if let Some(reason) = budget.over() {
            return reason;
        }
        let (temperature, this_cycle) = match (starts, budget.spent()) {
            (Some(starts), Some(spent)) => starts.temperature(spent),
            (_, spent) => cooling.temperature(spent, budget.iterations()),
        };
        if this_cycle != cycle {
            cycle = this_cycle;
            if starts.is_some_and(|starts| (cycle as f64) + 1.0 < starts.count) {
                search.start_again(random);
            } else {
                search.restore_best();
            }
        }
        for _ in 0..budget.until_next_look(8) {
            budget.count();
            if search.iterate(random, temperature) {
                budget.improved(incumbent(search));
            }
        }
    }
}

fn outcome(mut search: GeneralSearch<'_>, budget: &Budget<'_>, stopped: StopReason) -> Outcome {
    let routes = search.best_routes();
    let value = search.best_value().clone();
    Outcome {
        cost: value.last().copied().unwrap_or(0),
        value,
        missing: search.best_missing(),
        routes,
        iterations: budget.iterations(),
        stopped,
    }
}

/// The walk over routes of nothing but stops and reloads, which takes the settings of the classical problems.
fn run_lean(
    mut search: GeneralSearch<'_>,
    data: &Data<'_>,
    params: &SolveParams,
    random: &mut Random,
    budget: &mut Budget<'_>,
) -> Outcome {
    const NOMINAL_SPEED: f64 = 20_000.0;
    let settings = Settings::new::<Rich>(data, budget.expected_iterations(NOMINAL_SPEED));
    let mean = search.mean_cost().max(1.0);
    let hot = settings.hot * if params.initial.is_some() { WARM } else { 1.0 };
    let cycle_length = settings::ENDLESS_CYCLE * data.num_stops() as u64;
    let cooling = Cooling::new(hot * mean, settings.cold * mean, settings.cycles, cycle_length);
    let stopped = anneal(&mut search, &cooling, None, random, budget);
    outcome(search, budget, stopped)
}

fn incumbent(search: &GeneralSearch<'_>) -> Incumbent {
    let cost = search.best_value().last().copied().unwrap_or(0);
    Incumbent { cost, routes: search.num_used(), missing: search.best_missing() }
}
