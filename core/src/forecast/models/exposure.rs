//! A bin's deposits in any window of time, by binary search.

use crate::forecast::clean::Increment;

/// A bin's increments with running totals: what was deposited in any window of time, whenever the bin was emptied.
///
/// ```
/// use milkrun::forecast::{Exposure, Increment};
///
/// let of = |from, to, amount| Increment { from, to, amount, censored: false };
/// let seen = Exposure::new(&[of(0, 10, 10.0), of(20, 40, 30.0)]).window(5, 30);
/// assert_eq!((seen.amount, seen.seconds, seen.censored), (20.0, 15, false));
/// ```
#[derive(Clone, Debug)]
pub struct Exposure {
    increments: Vec<Increment>,
    /// Before each increment: amount so far, seconds observed so far, number of censored increments so far.
    totals: Vec<(f64, i64, usize)>,
}

/// What was seen in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// What was deposited, in the unit of the level.
    pub amount: f64,
    /// How many seconds of the window have an increment.
    pub seconds: i64,
    /// The bin was full within the window: at least this much was deposited.
    pub censored: bool,
}

impl Exposure {
    /// Of a bin's increments, in order of time and without overlap.
    pub fn new(increments: &[Increment]) -> Self {
        let mut totals = Vec::with_capacity(increments.len() + 1);
        let mut total = (0.0, 0, 0);
        totals.push(total);
        for i in increments {
            total = (total.0 + i.amount, total.1 + i.to - i.from, total.2 + usize::from(i.censored));
            totals.push(total);
        }
        Self { increments: increments.to_vec(), totals }
    }

    /// Begin of the first and end of the last increment.
    pub(crate) fn range(&self) -> Option<(i64, i64)> {
        self.increments.first().map(|i| i.from).zip(self.increments.last().map(|i| i.to))
    }

    /// Totals up to a moment; within an increment, in proportion.
    fn until(&self, time: i64) -> (f64, i64, usize) {
        let done = self.increments.partition_point(|i| i.to <= time);
        let (mut amount, mut seconds, censored) = self.totals[done];
        if let Some(i) = self.increments.get(done).filter(|i| i.from < time) {
            let part = time - i.from;
            amount += i.amount * part as f64 / (i.to - i.from) as f64;
            seconds += part;
        }
        (amount, seconds, censored)
    }

    /// What was deposited from one moment until another, in seconds since 1970; of an increment that is cut, its share by time.
    pub fn window(&self, from: i64, to: i64) -> Seen {
        let (a, b) = (self.until(from), self.until(to));
        // An increment that ends within or after the window and began before its end overlaps it.
        let first = self.increments.partition_point(|i| i.to <= from);
        let end = self.increments.partition_point(|i| i.from < to);
        let censored = end > first && self.totals[end].2 > self.totals[first].2;
        Seen { amount: (b.0 - a.0).max(0.0), seconds: b.1 - a.1, censored }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cut_increments() {
        let of = |from, to, amount, censored| Increment { from, to, amount, censored };
        let exposure = Exposure::new(&[of(0, 10, 10.0, false), of(10, 20, 30.0, true), of(30, 40, 4.0, false)]);
        assert_eq!(exposure.window(5, 10), Seen { amount: 5.0, seconds: 5, censored: false });
        assert_eq!(exposure.window(5, 35), Seen { amount: 37.0, seconds: 20, censored: true });
        assert_eq!(exposure.window(20, 30), Seen { amount: 0.0, seconds: 0, censored: false });
        assert_eq!(exposure.range(), Some((0, 40)));
    }
}
