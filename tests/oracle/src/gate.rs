//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// The present search fails some 150 of them. A search that fails none sets this to 0, and nothing else has to change.
pub const ALLOWED_FAILURES: usize = 200;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
