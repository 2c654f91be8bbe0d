//! Many problems, on several threads.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::compare::{Effort, Outcome, Verdict, compare};
use crate::cover::covered;
use crate::factor::Level;
use crate::generate::{Generator, Instance};
use crate::oracle::Limits;

/// Which problems are tried, and how.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// How many problems.
    pub problems: usize,
    /// The index of the first one.
    pub first: usize,
    /// The seed that they come from.
    pub seed: u64,
    /// How many threads.
    pub jobs: usize,
    /// How the solver is asked.
    pub effort: Effort,
    /// How the oracle searches.
    pub limits: Limits,
}

/// A problem at which the solver fails, or does better than the oracle.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The index of the problem.
    pub index: usize,
    /// The problem.
    pub instance: Instance,
    /// What was found.
    pub verdict: Verdict,
}

/// How often something failed, of how often it was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How often it failed.
    pub failed: usize,
    /// How often it was tried.
    pub tried: usize,
}

impl Rate {
    fn add(&mut self, is_failure: bool) {
        self.failed += usize::from(is_failure);
        self.tried += 1;
    }

    /// In percent.
    pub fn percent(self) -> f64 {
        100.0 * self.failed as f64 / self.tried.max(1) as f64
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many problems of each outcome.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// Problems without a feasible plan.
    pub infeasible: usize,
    /// Routes that the oracle priced.
    pub evaluated: usize,
    /// By level.
    pub levels: BTreeMap<Level, Rate>,
    /// By pair of levels.
    pub pairs: BTreeMap<(Level, Level), Rate>,
    /// Where the solver does better than the oracle, in the order of the problems.
    pub better: Vec<Finding>,
    /// The failures, in the order of the problems.
    pub failures: Vec<Finding>,
}

impl Summary {
    fn add(&mut self, index: usize, instance: Instance, verdict: Verdict) {
        *self.outcomes.entry(verdict.outcome).or_default() += 1;
        self.infeasible += usize::from(verdict.oracle.is_none() && verdict.outcome == Outcome::Right);
        self.evaluated += verdict.evaluated;
        let is_failure = verdict.outcome.is_failure();
        for level in instance.choice.levels() {
            self.levels.entry(level).or_default().add(is_failure);
        }
        for pair in covered(&instance.choice) {
            self.pairs.entry(pair).or_default().add(is_failure);
        }
        let found = match verdict.outcome {
            Outcome::Better => &mut self.better,
            outcome if outcome.is_failure() => &mut self.failures,
            _ => return,
        };
        found.push(Finding { index, instance, verdict });
    }

    /// How many problems have the outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.outcomes.get(&outcome).copied().unwrap_or(0)
    }
}

/// Tries all problems.
///
/// # Panics
///
/// If a thread does.
pub fn run(run: &Run) -> Summary {
    let generator = Generator::new(run.seed, run.first + run.problems);
    let next = AtomicUsize::new(run.first);
    let summary = Mutex::new(Summary::default());
    thread::scope(|scope| {
        for _ in 0..run.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= run.first + run.problems {
                        return;
                    }
                    let instance = generator.instance(index);
                    let verdict = compare(&instance, run.effort, &run.limits);
                    summary.lock().expect("no thread panicked").add(index, instance, verdict);
                }
            });
        }
    });
    let mut summary = summary.into_inner().expect("no thread panicked");
    summary.failures.sort_by_key(|finding| finding.index);
    summary.better.sort_by_key(|finding| finding.index);
    summary
}
