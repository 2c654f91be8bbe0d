//! The drivers: `solve`, its parameters, when it stops, and what it reports.

mod anneal;
mod params;
mod stop;

pub use params::{Progress, SolveParams, SolveResult};
pub use stop::{CancelToken, Stop, StopReason};

use crate::model::Problem;
use crate::plan::Plan;

/// Solves a problem.
pub fn solve(problem: &Problem, params: &SolveParams) -> SolveResult {
    solve_with(problem, params, &CancelToken::new(), &mut |_| {})
}

/// Solves a problem, reports progress to `on_progress` a few times a second (from the calling thread), and stops early
/// when `cancel` is set.
pub fn solve_with(
    problem: &Problem,
    params: &SolveParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> SolveResult {
    anneal::run(problem, params, cancel, on_progress)
}
