//! The part of a time limit that remains once the input has been read.

use std::time::Duration;

/// The part of `limit` that remains for the search, after `spent` on starting and reading.
///
/// Checking and writing the plan take some time too: for 100,000 clients, two to three times as long as reading.
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
