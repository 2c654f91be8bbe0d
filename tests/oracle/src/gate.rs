//! How many of the thousand problems of the test the solver may fail.

/// Failures that `cargo xtask test` accepts among the 1,000 problems of seed 1.
///
/// Within the 1,000 iterations of the test, the search finds no feasible plan for two problems that have one: executed activities
/// with relations in one of them, tight capacities with disposal sites in the other. On two more it panics in the test profile,
/// whose arithmetic and assertions are checked: an executed activity behind an unreachable arc, with a ranked makespan, and executed
/// activities in another order than a sequence has. In five it finds a worse plan: at least two with a goal on the routes' durations,
/// and one in which a visit to a disposal site that nothing else asks for would lessen emissions, the measure with which these
/// problems were drawn anew. A search that finds them lowers the number, and nothing else has to change.
pub const ALLOWED_FAILURES: usize = 9;

/// The environment variable that takes the place of [`ALLOWED_FAILURES`] for one run.
pub const VARIABLE: &str = "MILKRUN_ORACLE_ALLOWED";

/// The failures that are accepted.
pub fn allowed_failures() -> usize {
    std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok()).unwrap_or(ALLOWED_FAILURES)
}
