//! One annealed walk, whatever the class of problem.

use crate::algorithm::cooling::{Cooling, Endless, Starts};
use crate::algorithm::fleet_minimisation::FleetMinimisation;
use crate::algorithm::generations::Generations;
use crate::algorithm::met::Met;
use crate::algorithm::settings::{Class, Settings};
use crate::algorithm::termination::Termination;
use crate::algorithm::{SolveParams, StopReason};
use crate::plan::RouteStops;
use crate::search::data::Data;
use crate::search::random::Random;
use crate::search::{Measures, Searcher};

/// What a walk found.
pub(super) struct Outcome {
    pub(super) routes: Vec<RouteStops>,
    /// Plans that were the best for a while, if they are watched.
    pub(super) met: Vec<Vec<RouteStops>>,
    /// What the walks are compared by, most important first.
    pub(super) value: Vec<i64>,
    pub(super) best: Measures,
    /// How many vehicles it might use in the end.
    pub(super) limit: usize,
    pub(super) iterations: u64,
    pub(super) stopped: StopReason,
}

/// A warm start is worth keeping: it begins at a temperature lower by this factor.
const WARM: f64 = 0.1;

/// Where no limit is known: the part of a long cycle that the first one takes, and the number of cycles that become hotter.
const FIRST_CYCLE: u64 = 40;
const MOST_CYCLES: u32 = 16;

/// How the temperature of a walk falls.
pub(super) struct Annealing {
    pub(super) settings: Settings,
    pub(super) cooling: Cooling,
    pub(super) starts: Option<Starts>,
    pub(super) generations: Option<Generations>,
    pub(super) endless_cycle: u64,
}

impl Annealing {
    /// For a search with a first solution, and the number of iterations that the budget will allow.
    pub(super) fn new(
        search: &impl Searcher,
        class: Class,
        data: &Data<'_>,
        params: &SolveParams,
        expected: Option<f64>,
    ) -> Self {
        let current = search.current();
        let stops_per_route = data.num_stops().saturating_sub(current.missing) as f64 / current.used.max(1) as f64;
        let settings = Settings::new(class, data, expected, stops_per_route);
        let mean = search.mean_cost().max(1.0);
        let warm = if params.initial.is_some() { WARM } else { 1.0 };
        let initial_temperature = settings.initial_temperature * mean * warm;
        let final_temperature = settings.final_temperature * mean;
        let endless_cycle = settings.endless_cycle * data.num_stops() as u64;
        let first = (settings.endless_cycle * data.num_stops() as u64 / FIRST_CYCLE).max(1);
        let hot = |cycle: u32| {
            let work = Some((first << cycle) as f64);
            warm * mean * Settings::new(class, data, work, stops_per_route).initial_temperature
        };
        let endless = Endless { first, hot: (0..MOST_CYCLES).map(hot).collect() };
        let cooling = Cooling::new(initial_temperature, final_temperature, settings.cycles, endless);
        let starts = settings
            .starts
            .filter(|_| may_start(data, params))
            .map(|params| Starts::new(params, initial_temperature, final_temperature, settings.cycles));
        let recombines = starts.is_none() && may_recombine(class, data, params, expected);
        let generations = recombines.then(|| Generations::new(initial_temperature, final_temperature));
        Self { settings, cooling, starts, generations, endless_cycle }
    }
}

/// Whether walks may begin where they like: there is no plan to begin with, and the number of vehicles has no schedule of its own.
fn may_start(data: &Data<'_>, params: &SolveParams) -> bool {
    params.initial.is_none() && !FleetMinimisation::new(data).is_active()
}

/// Whether a walk may recombine, where the budget is expected to allow so many iterations: it begins where it likes, time and again, and
/// goes long without an improvement whenever it does.
pub(super) fn may_recombine(class: Class, data: &Data<'_>, params: &SolveParams, expected: Option<f64>) -> bool {
    may_start(data, params)
        && params.stop.no_improvement.is_none()
        && expected.is_some_and(|iterations| class.recombines(data, iterations / data.num_stops() as f64))
}

/// What a walk is given.
pub(super) struct Start<'a> {
    pub(super) class: Class,
    pub(super) data: &'a Data<'a>,
    pub(super) params: &'a SolveParams,
    /// The part of the budget at which the walk ends.
    pub(super) until: f64,
    pub(super) watched: Option<Met>,
}

/// Anneals from a first solution until the budget, or a part of it, is spent.
pub(super) fn run(
    mut search: impl Searcher,
    start: Start<'_>,
    random: &mut Random,
    termination: &mut Termination<'_>,
) -> Outcome {
    let Start { class, data, params, until, mut watched } = start;
    let expected = termination.expected_iterations(class.nominal_speed());
    let Annealing { settings, cooling, mut starts, mut generations, endless_cycle } =
        Annealing::new(&search, class, data, params, expected);
    let mut minimisation = FleetMinimisation::new(data);
    termination.improved(search.best());
    let mut cycle = 0;
    let stopped = loop {
        if let Some(reason) = termination.should_stop() {
            break reason;
        }
        let spent = termination.spent();
        if spent.is_some_and(|spent| spent >= until) {
            break StopReason::MaxRuntime;
        }
        let endless = || termination.iterations() as f64 / (2 * endless_cycle) as f64;
        if minimisation.step(&mut search, spent.unwrap_or_else(endless)) {
            termination.improved(search.best());
        }
        let temperature = if let (Some(starts), Some(spent)) = (&mut starts, spent) {
            starts.temperature(spent, &mut search, random)
        } else if let (Some(generations), Some(spent)) = (&mut generations, spent) {
            if generations.is_over(spent) {
                let before = search.best_value();
                generations.next(&mut search, random);
                // A child may be the best solution before it has been walked from.
                if search.best_value() < before {
                    termination.improved(search.best());
                    if let Some(met) = &mut watched {
                        met.improved();
                    }
                }
            }
            generations.temperature(spent)
        } else {
            let progress = spent.map(|spent| minimisation.progress(spent));
            let (temperature, this_cycle) = cooling.temperature(progress, termination.iterations());
            if std::mem::replace(&mut cycle, this_cycle) != this_cycle {
                search.restore_best();
            }
            temperature
        };
        for _ in 0..termination.until_next_check(settings.check_every) {
            termination.count();
            if search.iterate(random, temperature) {
                termination.improved(search.best());
                if let Some(met) = &mut watched {
                    met.improved();
                }
            }
        }
        if let Some(met) = &mut watched {
            met.look(|| search.best_routes());
        }
    };
    Outcome {
        value: search.best_value(),
        best: search.best(),
        limit: search.limit(),
        routes: search.best_routes(),
        met: watched.map(Met::into_plans).unwrap_or_default(),
        iterations: termination.iterations(),
        stopped,
    }
}
