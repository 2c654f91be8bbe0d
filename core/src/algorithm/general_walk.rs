//! One annealed walk over a general problem.

use crate::algorithm::budget::{Budget, Incumbent};
use crate::algorithm::cooling::Cooling;
use crate::algorithm::reduction::Reduction;
use crate::algorithm::settings::{self, Settings};
use crate::algorithm::walk::Outcome;
use crate::algorithm::{SolveParams, StopReason};
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout};
use crate::search::random::Random;
use crate::search::rules::Rich;

/// Iterations in a second that a budget of time is taken for.
const NOMINAL_SPEED: f64 = 4_000.0;
/// First and last temperature, in mean costs of a stop.
const HOT: f64 = 3.0;
const COLD: f64 = 0.02;
/// Iterations of one cooling cycle for each stop, where no limit says how long the search will be.
const ENDLESS_CYCLE: u64 = 200;
/// From so many iterations for each stop on, several starts pay.
const WORTH_STARTS: f64 = 25.0;
/// Beyond so many stops, a start takes too long.
const MANY: usize = 1_000;
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
    search.construct(&mut random, &|| budget.is_spent());
    if search.is_lean() {
        return run_lean(search, data, params, &mut random, budget);
    }
    let mean = search.mean_cost().max(1.0);
    let work = budget.expected_iterations(NOMINAL_SPEED).map_or(ENDLESS_CYCLE as f64, |n| n / data.num_stops() as f64);
    let hot = crate::search::general::knob("MK_HOT", HOT)
        * (work / 50.0).clamp(0.05, 1.0)
        * if params.initial.is_some() { WARM } else { 1.0 };
    let cooling = Cooling::new(hot * mean, COLD * mean, 1, ENDLESS_CYCLE * data.num_stops() as u64);
    // A plan that is there already is where a walk begins.
    let mut reduction = Reduction::new(data);
    let pays = work >= WORTH_STARTS && data.num_stops() <= MANY && params.initial.is_none() && !reduction.is_active();
    let starts = Some(Starts::new(hot * mean, COLD * mean)).filter(|_| pays);
    budget.improved(incumbent(&search));
    let mut cycle = 0;
    let stopped = loop {
        if let Some(reason) = budget.over() {
            break reason;
        }
        let spent = budget.spent();
        let endless = || budget.iterations() as f64 / (2 * ENDLESS_CYCLE * data.num_stops() as u64) as f64;
        if reduction.step(&mut search, spent.unwrap_or_else(endless)) {
            budget.improved(incumbent(&search));
        }
        let (temperature, this_cycle) = match (starts, spent.map(|spent| reduction.progress(spent))) {
            (Some(starts), Some(progress)) => starts.temperature(progress),
            (_, progress) => cooling.temperature(progress, budget.iterations()),
        };
        if this_cycle != cycle {
            cycle = this_cycle;
            if starts.is_some() && cycle + 1 < Starts::COUNT {
                search.start_again(&mut random);
            } else {
                search.restore_best();
            }
        }
        for _ in 0..budget.until_next_look(8) {
            budget.count();
            if search.iterate(&mut random, temperature) {
                budget.improved(incumbent(&search));
            }
        }
    };
    outcome(search, budget, stopped)
}

/// Several short walks from starts of their own, and a long one from the best of them.
#[derive(Clone, Copy)]
struct Starts {
    hot: f64,
    cold: f64,
}

impl Starts {
    /// How many walks there are.
    const COUNT: u64 = 4;
    /// The part of the budget that each short walk gets.
    const SHARE: f64 = 0.1;
    /// The last temperature of a short walk, and the first of the long one, beside the first of a short one.
    const SHORT_END: f64 = 0.125;
    const AGAIN: f64 = 0.25;

    fn new(hot: f64, cold: f64) -> Self {
        Self { hot, cold }
    }

    /// The temperature once the given part of the budget is spent, and the number of the walk.
    fn temperature(&self, spent: f64) -> (f64, u64) {
        let walk = ((spent / Self::SHARE) as u64).min(Self::COUNT - 1);
        let from = walk as f64 * Self::SHARE;
        let (first, last, length) = if walk + 1 < Self::COUNT {
            (self.hot, Self::SHORT_END * self.hot, Self::SHARE)
        } else {
            (Self::AGAIN * self.hot, self.cold, 1.0 - from)
        };
        (first * (last / first).powf((spent - from) / length), walk)
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
    /// How much of the heat that the settings say. Prizes that are lost at high heat hardly come back: a new route pays only
    /// for several of them together.
    const HEAT: f64 = 0.5;
    const HEAT_OPTIONAL: f64 = 0.25;
    let settings = Settings::new::<Rich>(data, budget.expected_iterations(NOMINAL_SPEED));
    let mean = search.mean_cost().max(1.0);
    let heat = if data.has_optional { HEAT_OPTIONAL } else { HEAT };
    let hot = settings.hot * heat * if params.initial.is_some() { WARM } else { 1.0 };
    let cycle_length = settings::ENDLESS_CYCLE * data.num_stops() as u64;
    let cooling = Cooling::new(hot * mean, settings.cold * mean, settings.cycles, cycle_length);
    budget.improved(incumbent(&search));
    let mut cycle = 0;
    let mut reduction = Reduction::new(data);
    let stopped = loop {
        if let Some(reason) = budget.over() {
            break reason;
        }
        let spent = budget.spent();
        let endless = || budget.iterations() as f64 / (2 * cycle_length) as f64;
        if reduction.step(&mut search, spent.unwrap_or_else(endless)) {
            budget.improved(incumbent(&search));
        }
        let progress = spent.map(|spent| reduction.progress(spent));
        let (temperature, this_cycle) = cooling.temperature(progress, budget.iterations());
        if this_cycle != cycle {
            cycle = this_cycle;
            search.restore_best();
        }
        for _ in 0..budget.until_next_look(16) {
            budget.count();
            if search.iterate(random, temperature) {
                budget.improved(incumbent(&search));
            }
        }
    };
    outcome(search, budget, stopped)
}

fn incumbent(search: &GeneralSearch<'_>) -> Incumbent {
    let cost = search.best_value().last().copied().unwrap_or(0);
    Incumbent { cost, routes: search.num_used(), missing: search.best_missing() }
}
