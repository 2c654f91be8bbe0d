//! One annealed walk over a general problem.

use crate::algorithm::budget::{Budget, Incumbent};
use crate::algorithm::cooling::Cooling;
use crate::algorithm::reduction::Reduction;
use crate::algorithm::settings::{self, Settings};
use crate::algorithm::walk::Outcome;
use crate::algorithm::{SolveParams, StopReason};
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout, Snapshot};
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
    let mut starts = Some(Starts::new(hot * mean, COLD * mean)).filter(|_| pays);
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
        let temperature = match (&mut starts, spent) {
            (Some(starts), Some(spent)) => starts.temperature(spent, &mut search, &mut random),
            _ => {
                let progress = spent.map(|spent| reduction.progress(spent));
                let (temperature, this_cycle) = cooling.temperature(progress, budget.iterations());
                if this_cycle != cycle {
                    cycle = this_cycle;
                    search.restore_best();
                }
                temperature
            }
        };
        for _ in 0..budget.until_next_look(8) {
            budget.count();
            if search.iterate(&mut random, temperature) {
                budget.improved(incumbent(&search));
            }
        }
    };
    outcome(search, budget, stopped)
}

/// Several short walks from starts of their own, longer ones from the best of them, and the longest from the best of these.
struct Starts {
    hot: f64,
    cold: f64,
    walk: usize,
    found: Vec<Snapshot>,
}

/// One of the walks.
#[derive(Clone, Copy)]
struct Leg {
    /// Where it begins: anew, or from the best of those before that was not gone on with yet.
    anew: bool,
    /// The part of the budget that is spent before it, and that it takes.
    from: f64,
    share: f64,
    /// First and last temperature, beside the hottest; at the end of the last walk, the coldest is reached.
    first: f64,
    last: f64,
}

impl Starts {
    /// How many short walks there are, and the part of the budget that each gets.
    const SHORT: usize = 6;
    const SHORT_SHARE: f64 = 0.05;
    /// The same for the walks that go on from the best of them.
    const LONGER: usize = 2;
    const LONGER_SHARE: f64 = 0.1;
    /// The last temperature of a walk, and the first of one that goes on, beside the hottest.
    const END: f64 = 0.125;
    const AGAIN: f64 = 0.25;

    fn new(hot: f64, cold: f64) -> Self {
        Self { hot, cold, walk: 0, found: Vec::new() }
    }

    fn leg(walk: usize) -> Leg {
        let (short, longer) = (Self::SHORT_SHARE, Self::LONGER_SHARE);
        if walk < Self::SHORT {
            return Leg { anew: true, from: walk as f64 * short, share: short, first: 1.0, last: Self::END };
        }
        let rest = Self::SHORT as f64 * short;
        let from = rest + (walk - Self::SHORT) as f64 * longer;
        let is_last = walk >= Self::SHORT + Self::LONGER;
        let (share, last) = if is_last { (1.0 - from, 0.0) } else { (longer, Self::END / 2.0) };
        Leg { anew: false, from, share, first: Self::AGAIN, last }
    }

    /// The temperature once the given part of the budget is spent; begins the next walk where it is time.
    fn temperature(&mut self, spent: f64, search: &mut GeneralSearch<'_>, random: &mut Random) -> f64 {
        let mut leg = Self::leg(self.walk);
        if spent >= leg.from + leg.share && leg.last > 0.0 {
            self.found.push(search.take_local());
            self.walk += 1;
            leg = Self::leg(self.walk);
            if leg.anew {
                search.start_again(random);
            } else {
                if self.walk == Self::SHORT + Self::LONGER {
                    // What the longer walks began from is no better than what they have found.
                    self.found.drain(..self.found.len() - Self::LONGER);
                }
                let best = (0..self.found.len()).min_by(|&a, &b| self.found[a].value().cmp(self.found[b].value()));
                if let Some(best) = best {
                    let best = self.found.remove(best);
                    search.resume(&best);
                }
            }
        }
        let (first, last) = (leg.first * self.hot, if leg.last > 0.0 { leg.last * self.hot } else { self.cold });
        first * (last / first).powf(((spent - leg.from) / leg.share).clamp(0.0, 1.0))
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
