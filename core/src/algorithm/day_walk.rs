//! One annealed walk over a problem with a hauler's constraints.

use crate::algorithm::SolveParams;
use crate::algorithm::budget::{Budget, Incumbent};
use crate::algorithm::cooling::Cooling;
use crate::algorithm::walk::Outcome;
use crate::search::day::{DayData, DayGoals, DaySearch};
use crate::search::random::Random;

/// Iterations in a second that a budget of time is taken for.
const NOMINAL_SPEED: f64 = 1_500.0;
/// First and last temperature, in mean costs of a stop.
const HOT: f64 = 1.0;
const COLD: f64 = 0.02;
/// Iterations of one cooling cycle for each stop, where no limit says how long the search will be.
const ENDLESS_CYCLE: u64 = 200;
/// A warm start begins less hot by this factor.
const WARM: f64 = 0.1;

pub(super) fn run(
    data: &DayData<'_>,
    goals: &DayGoals,
    params: &SolveParams,
    seed: u64,
    budget: &mut Budget<'_>,
    num_stops: usize,
) -> Outcome {
    let mut random = Random::new(seed);
    let mut search = DaySearch::new(data, goals, &mut random);
    if let Some(initial) = &params.initial {
        search.load(initial.route_stops());
    }
    search.construct(&mut random, &|| budget.is_cancelled());
    let mean = search.mean_cost().max(1.0);
    let work = budget.expected_iterations(NOMINAL_SPEED).map_or(ENDLESS_CYCLE as f64, |n| n / num_stops as f64);
    let hot = HOT * (work / 50.0).clamp(0.05, 1.0) * if params.initial.is_some() { WARM } else { 1.0 };
    let cooling = Cooling::new(hot * mean, COLD * mean, 1, ENDLESS_CYCLE * num_stops as u64);
    budget.improved(incumbent(&search));
    let mut cycle = 0;
    let stopped = loop {
        if let Some(reason) = budget.over() {
            break reason;
        }
        let (temperature, this_cycle) = cooling.temperature(budget.spent(), budget.iterations());
        if this_cycle != cycle {
            cycle = this_cycle;
            search.restore_best();
        }
        budget.count();
        if search.iterate(&mut random, temperature) {
            budget.improved(incumbent(&search));
        }
    };
    let routes = search.best_routes();
    #[cfg(debug_assertions)]
    {
        let plan = crate::plan::Plan::of_known(data.problem(), routes.clone());
        let cost = search.best_plain_cost();
        // What a vehicle has done is kept even where the search cannot price it.
        let under_way = data.problem().vehicle_types().iter().any(|v| !v.executed.is_empty());
        assert!(
            under_way || !plan.is_feasible() || plan.cost() == cost,
            "the search's cost is the plan's: {:?} {:?}",
            plan.routes(),
            plan.violations()
        );
    }
    Outcome {
        value: vec![search.best_cost()],
        cost: search.best_cost(),
        missing: search.best_missing(),
        routes,
        iterations: budget.iterations(),
        stopped,
    }
}

fn incumbent(search: &DaySearch<'_>) -> Incumbent {
    Incumbent { cost: search.best_plain_cost(), routes: search.num_used(), missing: search.best_missing() }
}
