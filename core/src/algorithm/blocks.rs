//! Threads that search one solution together: it is cut into blocks of routes, each block is annealed by itself for a counted number of
//! iterations, and then the whole is cut elsewhere (decomposition by routes, as Taillard 1993, doi:10.1002/net.3230230804, with other
//! means).

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::algorithm::SolveParams;
use crate::algorithm::termination::{Lap, Termination};
use crate::algorithm::walk::{Annealing, Outcome};
use crate::plan::RouteStops;
use crate::search::block::{Block, cut};
use crate::search::data::Data;
use crate::search::random::Random;
use crate::search::{Divisible, Measures};

/// Iterations for each stop between two cuts, how many cuts there are at least, and fewest iterations of a block.
const ITERATIONS_PER_STOP: f64 = 20.0;
const MIN_CUTS: f64 = 40.0;
const MIN_ITERATIONS: f64 = 64.0;

/// Most blocks that a solution with this number of routes is cut into.
pub(super) fn most_blocks(data: &Data<'_>, params: &SolveParams, threads: usize, routes: usize) -> usize {
    /// Fewest stops and routes of a block.
    const MIN_STOPS: usize = 40;
    const MIN_ROUTES: usize = 4;
    /// Where the result must not depend on the number of threads: stops of a block, and most blocks.
    const STOPS: usize = 250;
    const MOST: usize = 8;
    let wanted = if params.stop.max_runtime.is_some() || params.stop.max_iterations.is_none() {
        threads
    } else {
        (data.num_stops() / STOPS).min(MOST)
    };
    wanted.min(data.num_stops() / MIN_STOPS).min(routes / MIN_ROUTES).max(1)
}

/// How many iterations all blocks together do between two cuts, where so many are expected in all.
pub(super) fn iterations_between_cuts(data: &Data<'_>, expected: Option<f64>, blocks: usize) -> u64 {
    let per_cut = expected.map_or(f64::INFINITY, |expected| expected / MIN_CUTS);
    per_cut.min(ITERATIONS_PER_STOP * data.num_stops() as f64).max(MIN_ITERATIONS * blocks as f64) as u64
}

/// Anneals the solution of the first search with all searches, one block each, until the budget is spent.
pub(super) fn run<S: Divisible + Send>(
    mut searches: Vec<S>,
    data: &Data<'_>,
    seed: u64,
    threads: usize,
    shared: &Shared,
    termination: &mut Termination<'_>,
) -> Outcome {
    let node_of = data.node_of();
    let mut random = Random::new(seed ^ 0x5DEE_CE66_D1CE_4E5B);
    let blocks = searches.len();
    let mut best =
        Best { value: searches[0].best_value(), measures: searches[0].best(), routes: searches[0].best_routes() };
    let mut current = best.routes.clone();
    termination.improved(best.measures);
    let mut cycle = 0;
    let stopped = loop {
        if let Some(reason) = termination.should_stop() {
            break reason;
        }
        let (_, this_cycle) = shared.temperature(termination.spent(), termination.iterations());
        if std::mem::replace(&mut cycle, this_cycle) != this_cycle {
            current.clone_from(&best.routes);
        }
        let cut = cut(data, &node_of, &current, (blocks, shared.limit), &mut random);
        let all = termination.until_next_check(shared.per_cut);
        let jobs = cut.iter().zip(&mut searches).enumerate().map(|(index, (block, search))| {
            let quota = all * block.stops.len() as u64 / data.num_stops() as u64;
            Mutex::new(Some(Job {
                index,
                search,
                block,
                lap: termination.lap(quota.max(1), all),
                random: Random::new(random.bits()),
            }))
        });
        let jobs: Vec<_> = jobs.collect();
        let parts = side_by_side(&jobs, threads, shared);
        termination.advance(parts.iter().map(|part| part.iterations).sum());
        current = parts.iter().flat_map(|part| part.current.iter().cloned()).collect();
        if best.take(parts) {
            termination.improved(best.measures);
        }
    };
    let Best { routes, value, measures } = best;
    Outcome {
        routes,
        met: Vec::new(),
        value,
        best: measures,
        limit: shared.limit,
        iterations: termination.iterations(),
        stopped,
    }
}

/// What holds for all blocks.
pub(super) struct Shared {
    pub(super) annealing: Annealing,
    /// The part of the budget that was spent before, where several starts came first.
    pub(super) from: Option<f64>,
    /// How many vehicles may be used.
    pub(super) limit: usize,
    /// Iterations between two cuts.
    pub(super) per_cut: u64,
}

impl Shared {
    fn temperature(&self, spent: Option<f64>, iterations: u64) -> (f64, u64) {
        match (self.from, &self.annealing.starts, spent) {
            (Some(from), Some(starts), Some(spent)) => {
                let progress = (spent - from) / (1.0 - from).max(1e-9);
                starts.last().temperature(Some(progress), iterations)
            }
            _ => self.annealing.cooling.temperature(spent, iterations),
        }
    }
}

/// A block, and who searches it.
struct Job<'a, S> {
    index: usize,
    search: &'a mut S,
    block: &'a Block,
    lap: Lap<'a>,
    random: Random,
}

/// What has become of a block.
struct Part {
    current: Vec<RouteStops>,
    best: Best,
    iterations: u64,
}

impl<S: Divisible> Job<'_, S> {
    fn run(mut self, shared: &Shared) -> Part {
        self.search.enter(self.block);
        while !self.lap.is_over() {
            let (temperature, _) = shared.temperature(self.lap.spent(), self.lap.all_iterations());
            for _ in 0..self.lap.take(shared.annealing.settings.check_every) {
                self.search.iterate(&mut self.random, temperature);
            }
        }
        let current = self.search.current_routes();
        let (value, measures) = (self.search.best_value(), self.search.best());
        Part {
            current,
            best: Best { value, measures, routes: self.search.best_routes() },
            iterations: self.lap.iterations(),
        }
    }
}

/// Runs the jobs on at most so many threads, this one among them. What comes out does not depend on their number.
fn side_by_side<S: Divisible + Send>(jobs: &[Mutex<Option<Job<'_, S>>>], threads: usize, shared: &Shared) -> Vec<Part> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let job = job.lock().ok().and_then(|mut job| job.take());
            done.extend(job.map(|job| (job.index, job.run(shared))));
        }
        done
    };
    let mut parts = std::thread::scope(|scope| {
        let others = (1..threads.min(jobs.len()))
            .map_while(|_| std::thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect::<Vec<_>>();
        let mut parts = work();
        for other in others {
            match other.join() {
                Ok(theirs) => parts.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        parts
    });
    parts.sort_unstable_by_key(|&(index, _)| index);
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The best solution of all blocks together, or of one.
struct Best {
    value: Vec<i64>,
    measures: Measures,
    routes: Vec<RouteStops>,
}

impl Best {
    /// Takes over the best solutions of all blocks, if they are better together. Whether they are.
    fn take(&mut self, parts: Vec<Part>) -> bool {
        let mut value = vec![0; self.value.len()];
        for part in &parts {
            value.iter_mut().zip(&part.best.value).for_each(|(all, &own)| *all += own);
        }
        if value >= self.value {
            return false;
        }
        let sum = |of: fn(&Measures) -> usize| parts.iter().map(|part| of(&part.best.measures)).sum();
        let measures = Measures {
            missing: sum(|m| m.missing),
            used: sum(|m| m.used),
            cost: parts.iter().map(|part| part.best.measures.cost).sum(),
        };
        *self = Self { value, measures, routes: parts.into_iter().flat_map(|part| part.best.routes).collect() };
        true
    }
}
