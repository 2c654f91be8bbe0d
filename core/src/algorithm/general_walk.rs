//! One annealed walk over a general problem.

use crate::algorithm::{SolveParams, StopReason};
use crate::algorithm::reduction::Reduction;
use crate::algorithm::settings::{self, Settings};
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
    if search.is_lean() {
        return run_lean(search, data, params, &mut random, budget);
    }
    let mean = search.mean_cost().max(1.0);
    let work = budget.expected_iterations(NOMINAL_SPEED).map_or(ENDLESS_CYCLE as f64, |n| n / data.num_stops() as f64);
    let knob = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let (starts, share, warm, cold_start) =
        (knob("STARTS", 1.0), knob("SHARE", 0.12), knob("WARMAGAIN", 0.25), knob("COLDSTART", 0.125));
    let hot = knob("HOT", HOT) * (work / 50.0).clamp(0.05, 1.0) * if params.initial.is_some() { WARM } else { 1.0 };
    let cooling = Cooling::new(hot * mean, knob("COLD", COLD) * mean, 1, ENDLESS_CYCLE * data.num_stops() as u64);
    budget.improved(incumbent(&search));
    let mut cycle = 0;
    let stopped = loop {
        if let Some(reason) = budget.over() {
            break reason;
        }
        let (mut temperature, mut this_cycle) = cooling.temperature(budget.spent(), budget.iterations());
        if starts > 1.0 && let Some(spent) = budget.spent() {
            let phase = (spent / share).floor().min(starts - 1.0);
            let last = phase >= starts - 1.0;
            let first = if last { warm * hot * mean } else { hot * mean };
            let end = if last { knob("COLD", COLD) * mean } else { cold_start * hot * mean };
            let from = phase * share;
            let length = if last { 1.0 - from } else { share };
            temperature = first * (end / first).powf((spent - from) / length);
            this_cycle = phase as u64;
            if this_cycle != cycle && !last {
                cycle = this_cycle;
                search.start_again(&mut random);
            }
        }
        if this_cycle != cycle {
            cycle = this_cycle;
            search.restore_best();
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
