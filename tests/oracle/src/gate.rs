//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// Four of the plans that the search does not find make a route longer by a disposal visit or a rest that nothing asks for, so that
/// durations are more alike; one weighs an earlier end against a soft window. A search that finds them, too, sets this to 0, and
/// nothing else has to change. These five were counted with 2,000 iterations; with the 1,000 of the test there are six.
pub const ALLOWED_FAILURES: usize = 6;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
