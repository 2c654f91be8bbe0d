//! The searches of a comparison, side by side.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::{CompareParams, Variant};
use crate::algorithm::{CancelToken, RunsProgress, SolveParams, SolveResult, solve_with};

/// What each variant's searches found, seed by seed.
///
/// Each search has one thread and a seed of its own, so what it finds does not depend on which others run beside it. All variants
/// of a seed come before the next seed: where it is cancelled, pairs are whole.
pub(super) fn all(
    variants: &[Variant],
    seeds: &[u64],
    params: &CompareParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&RunsProgress),
) -> Vec<Vec<Option<SolveResult>>> {
    let start = Instant::now();
    let searches = variants.len().saturating_mul(seeds.len());
    let found: Mutex<Vec<(usize, SolveResult)>> = Mutex::new(Vec::new());
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = |report: &mut dyn FnMut(usize)| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= searches || cancel.is_cancelled() {
                break;
            }
            let seed = seeds[index / variants.len()];
            let search = SolveParams { stop: params.stop, seed, threads: 1, initial: None };
            let problem = &variants[index % variants.len()].problem;
            let result = solve_with(problem, &search, cancel, &mut |_| report(done.load(Ordering::Relaxed)));
            if let Ok(mut found) = found.lock() {
                found.push((index, result));
            }
            report(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    let work = &work;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = params.threads.clamp(1, cores).min(searches.max(1));
    std::thread::scope(|scope| {
        // Where the system gives no more threads, fewer do the work.
        let spawned = (1..threads)
            .take_while(|_| std::thread::Builder::new().spawn_scoped(scope, move || work(&mut |_| {})).is_ok());
        let _ = spawned.count();
        work(&mut |done| on_progress(&RunsProgress { elapsed: start.elapsed(), done, searches }));
    });
    on_progress(&RunsProgress { elapsed: start.elapsed(), done: done.load(Ordering::Relaxed), searches });
    let mut runs: Vec<Vec<Option<SolveResult>>> = vec![vec![None; seeds.len()]; variants.len()];
    for (index, result) in found.into_inner().unwrap_or_default() {
        runs[index % variants.len()][index / variants.len()] = Some(result);
    }
    runs
}
