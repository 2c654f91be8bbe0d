//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// The plan that the search does not find within the 1,000 iterations of the test costs 366 instead of 368: two routes, whose
/// speeds change four times, with two driver rules and overtime. With ten times the iterations it is found. A search that finds
/// it sooner sets this to 0, and nothing else has to change.
pub const ALLOWED_FAILURES: usize = 1;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
