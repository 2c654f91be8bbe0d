//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// Within the 1,000 iterations of the test, the search finds a worse plan for thirteen problems, and none at all for three that have
/// a feasible one. What windows cover, the rule that was added last, drew these problems anew; it is in six of the sixteen, none of
/// those three among them. A search that finds them lowers the number, and nothing else has to change.
pub const ALLOWED_FAILURES: usize = 16;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
