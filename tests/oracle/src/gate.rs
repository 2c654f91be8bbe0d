//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// Within the 1,000 iterations of the test, the search finds a worse plan for five problems, and a feasible one wherever there is one. A
/// search that finds the five lowers the number, and nothing else has to change.
pub const ALLOWED_FAILURES: usize = 5;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
