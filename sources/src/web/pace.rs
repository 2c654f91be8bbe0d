//! Limits by the minute.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use milkrun::travel::SourceLimits;

/// What services count by, with a second in reserve: a request arrives later than it was sent.
const WINDOW: Duration = Duration::from_secs(61);

/// Holds requests and cells of any minute to their limits. A bucket that refills, as rate limiters have it, would let twice
/// the limit pass in a minute: a whole bucket, and what refills it.
#[derive(Debug)]
pub struct Pace {
    requests: Option<u64>,
    cells: Option<u64>,
    /// When requests of the last minute were sent, and their cells.
    sent: Mutex<VecDeque<(Duration, u64)>>,
}

impl Pace {
    /// Holds to the limits by the minute.
    pub fn new(limits: &SourceLimits) -> Self {
        let (requests, cells) = (limits.requests_per_minute, limits.cells_per_minute);
        Self { requests, cells, sent: Mutex::default() }
    }

    /// Counts a request, or says how long it must wait before it asks again. A request that exceeds a limit alone may be sent
    /// when there was none for a minute.
    pub fn take(&self, now: Duration, cells: u64) -> Option<Duration> {
        if self.requests.is_none() && self.cells.is_none() {
            return None;
        }
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        while sent.front().is_some_and(|&(time, _)| time + WINDOW <= now) {
            sent.pop_front();
        }
        let total: u64 = sent.iter().map(|&(_, cells)| cells).sum();
        let fits = self.requests.is_none_or(|most| (sent.len() as u64) < most)
            && self.cells.is_none_or(|most| total.saturating_add(cells) <= most);
        match sent.front() {
            Some(&(oldest, _)) if !fits => Some((oldest + WINDOW).saturating_sub(now)),
            _ => {
                sent.push_back((now, cells));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_has_more_than_its_limits() {
        let limits = |requests, cells| {
            let mut limits = SourceLimits::default();
            limits.requests_per_minute = requests;
            limits.cells_per_minute = cells;
            limits
        };
        for (requests, cells) in [(Some(60), None), (None, Some(3_000)), (Some(10), Some(2_000))] {
            let pace = Pace::new(&limits(requests, cells));
            let mut now = Duration::ZERO;
            let mut sent: Vec<(Duration, u64)> = Vec::new();
            for size in (0..400).map(|i| 1 + (i * 7_919) % 625) {
                while let Some(time) = pace.take(now, size) {
                    assert!(time > Duration::ZERO);
                    now += time;
                }
                sent.push((now, size));
                now += Duration::from_millis(100);
            }
            for (i, &(start, _)) in sent.iter().enumerate() {
                let minute = || sent[i..].iter().take_while(|(time, _)| *time < start + Duration::from_secs(60));
                assert!(requests.is_none_or(|most| minute().count() as u64 <= most));
                assert!(cells.is_none_or(|most| minute().map(|(_, size)| size).sum::<u64>() <= most));
            }
        }
    }

    #[test]
    fn without_limits_no_request_waits() {
        let pace = Pace::new(&SourceLimits::default());
        assert!((0..1_000).all(|_| pace.take(Duration::ZERO, 1_000_000).is_none()));
    }

    #[test]
    fn what_exceeds_a_limit_alone_waits_for_an_idle_minute_only() {
        let mut limits = SourceLimits::default();
        limits.cells_per_minute = Some(10);
        let pace = Pace::new(&limits);
        assert_eq!(pace.take(Duration::ZERO, 20), None);
        assert_eq!(pace.take(Duration::from_secs(1), 20), Some(Duration::from_secs(60)));
        assert_eq!(pace.take(Duration::from_secs(61), 20), None);
    }
}
