//! One annealed walk: ruin, recreate, improve, accept or undo.

use crate::algorithm::budget::{Budget, Incumbent};
use crate::algorithm::cooling::Cooling;
use crate::algorithm::reduction::Reduction;
use crate::algorithm::settings::{ENDLESS_CYCLE, Settings};
use crate::algorithm::{SolveParams, StopReason};
use crate::plan::RouteStops;
use crate::search::construct::construct;
use crate::search::data::Data;
use crate::search::local_search::LocalSearch;
use crate::search::random::Random;
use crate::search::recreate::{Recreate, name_groups, name_members};
use crate::search::routes::Routes;
use crate::search::routes::load::load;
use crate::search::ruin::Ruin;
use crate::search::rules::Rules;
use crate::units::Cost;

/// What a walk found.
pub(super) struct Outcome {
    pub(super) routes: Vec<RouteStops>,
    /// What the walks are compared by, most important first.
    pub(super) value: Vec<i64>,
    /// The best solution's cost, where it has no other measure.
    pub(super) cost: Cost,
    /// Required stops and groups left unserved.
    pub(super) missing: usize,
    pub(super) iterations: u64,
    pub(super) stopped: StopReason,
}

/// Iterations between two looks at the clock.
const LOOK_EVERY: u64 = 32;
/// Iterations between two rises of the price of required stops that stay unserved.
const PRESS_EVERY: u64 = 256;
/// Candidates that cost at most so many temperatures more than the current solution are worth a local search.
const WORTH_IMPROVING: f64 = 10.0;
/// A warm start is worth keeping: it begins less hot by this factor.
const WARM: f64 = 0.1;

pub(super) fn run<R: Rules>(data: &Data<'_>, params: &SolveParams, seed: u64, budget: &mut Budget<'_>) -> Outcome {
    let settings = Settings::new::<R>(data, budget.expected_iterations(if R::RICH { 20_000.0 } else { 100_000.0 }));
    let mut random = Random::new(seed);
    let mut routes: Routes<'_, R> = Routes::new(data);
    let mut recreate = Recreate::new(settings.recreate, &mut random);
    if let Some(initial) = &params.initial {
        load(&mut routes, initial.route_stops());
    }
    construct(&mut routes, &mut recreate, &mut random, &|| budget.is_cancelled());
    let mut ruin = Ruin::new(settings.ruin, routes.info.len());
    let mut local_search = LocalSearch::new(settings.local_search, data.num_stops());
    let mean_arc = routes.travel_cost() as f64 / routes.served().max(1) as f64;
    let hot = settings.hot * if params.initial.is_some() { WARM } else { 1.0 };
    let cooling = Cooling::new(
        hot * mean_arc,
        settings.cold * mean_arc,
        settings.cycles,
        ENDLESS_CYCLE * data.num_stops() as u64,
    );
    budget.improved(incumbent(&routes));
    let mut jobs = Vec::new();
    let mut cycle = 0;
    let mut reduction = Reduction::new(data);
    let stopped = loop {
        if let Some(reason) = budget.over() {
            break reason;
        }
        let spent = budget.spent();
        let endless = || budget.iterations() as f64 / (2 * ENDLESS_CYCLE * data.num_stops() as u64) as f64;
        if reduction.step(&mut routes, spent.unwrap_or_else(endless)) {
            budget.improved(incumbent(&routes));
        }
        let progress = spent.map(|spent| reduction.progress(spent));
        let (temperature, this_cycle) = cooling.temperature(progress, budget.iterations());
        if this_cycle != cycle {
            cycle = this_cycle;
            routes.restore_best();
        }
        for _ in 0..budget.until_next_look(if R::RICH { 1 } else { LOOK_EVERY }) {
            budget.count();
            routes.begin();
            let before = routes.cost as f64;
            let centre = ruin.run(&mut routes, &mut random, &mut jobs);
            add_unserved(&routes, centre, &mut random, &mut jobs);
            name_groups(data, &mut jobs);
            recreate.run(&mut routes, &mut random, &jobs);
            name_members(&routes, &mut jobs);
            local_search.change_kinds(&mut routes, &jobs);
            if routes.cost as f64 <= before + WORTH_IMPROVING * temperature {
                local_search.run(&mut routes, &jobs);
                if routes.is_best() {
                    local_search.polish(&mut routes, &jobs);
                }
            }
            if routes.cost as f64 >= before + temperature * random.exponential() {
                routes.rollback();
            } else if routes.commit() {
                budget.improved(incumbent(&routes));
            }
        }
        #[cfg(debug_assertions)]
        routes.verify();
        if budget.iterations() % PRESS_EVERY < LOOK_EVERY {
            routes.press_unserved();
        }
    };
    let missing = routes.best_missing();
    Outcome {
        routes: routes.best_routes(),
        value: vec![routes.best_cost()],
        cost: routes.best_cost(),
        missing,
        iterations: budget.iterations(),
        stopped,
    }
}

fn incumbent<R: Rules>(routes: &Routes<'_, R>) -> Incumbent {
    let missing = routes.best_missing();
    Incumbent { cost: routes.best_cost(), routes: routes.num_used(), missing }
}

/// Adds stops that no route visits to those about to be inserted: near the ruin, and any that must be served.
fn add_unserved<R: Rules>(routes: &Routes<'_, R>, centre: usize, random: &mut Random, jobs: &mut Vec<u32>) {
    /// How many of the ruin's neighbours may come in: now and then enough for a route of their own.
    const NEAR: usize = 20;
    const WIDE: usize = 100;
    const OFTEN_WIDE: f64 = 0.3;
    /// How many of those that must be served may come in from anywhere.
    const REQUIRED: usize = 8;
    let known = jobs.len();
    if routes.unserved().len() == known {
        return;
    }
    let data = routes.data;
    let width = if data.has_optional && random.unit() < OFTEN_WIDE { WIDE } else { NEAR };
    let is_off = |u: u32| routes.nodes[u as usize].route == crate::search::data::NONE;
    for &u in data.neighbours.near(centre).iter().take(width).chain(&[centre as u32]) {
        if is_off(u) && !jobs[..known].contains(&u) {
            jobs.push(u);
        }
    }
    let off = routes.unserved();
    for _ in 0..REQUIRED.min(off.len()) {
        let u = off[random.below(off.len())];
        if data.required[u as usize] && !jobs.contains(&u) {
            jobs.push(u);
        }
    }
}
