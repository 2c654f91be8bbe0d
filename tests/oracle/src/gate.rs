//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// Within the 1,000 iterations of the test, the search finds no feasible plan for four problems that have one: executed
/// activities with rests, a break or a pinned stop in three of them, a required group in the fourth. In five it finds a worse
/// plan: four with a goal on the routes' times, one with a speed that changes. None of them has an assignment cost, the rule
/// with which these problems were drawn anew; of the problems before, one failed. A search that finds them lowers the number, and
/// nothing else has to change.
pub const ALLOWED_FAILURES: usize = 9;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
