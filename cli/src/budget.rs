//! What is left of a time limit once the input is read.

use std::time::Duration;

/// The part of `limit` that the search may have, after `spent` on starting and reading.
///
/// Judging the plan and writing it take some time too: for 100,000 clients, two to three times as long as reading.
pub(crate) fn remaining(limit: Duration, spent: Duration) -> Duration {
    limit.saturating_sub(spent).saturating_sub(spent * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_counts() {
        let ms = Duration::from_millis;
        assert_eq!(remaining(ms(1_000), ms(100)), ms(700));
        assert_eq!(remaining(ms(100), ms(400)), Duration::ZERO);
    }
}
