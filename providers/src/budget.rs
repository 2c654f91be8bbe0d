//! What may be spent in a day.

use std::sync::PoisonError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::sync::Mutex;

/// Seconds of a day of universal time, by which budgets are counted.
const DAY: u64 = 86_400;

/// Why money is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverBudget {
    /// It is spent.
    Spent {
        /// What may be spent in a day, millionths of the account's currency.
        budget: u64,
        /// What is left of it.
        left: u64,
        /// Until the next day.
        wait: Duration,
    },
    /// It cannot be known: why.
    Unknown(String),
}

/// Who gives the money for calls, in millionths of the account's currency. What is taken counts as spent, even if the process ends
/// before the call: the limit is never exceeded.
pub trait Purse: Send + Sync {
    /// Takes money for a call.
    ///
    /// # Errors
    ///
    /// [`OverBudget`] if there is not enough; then nothing is taken.
    fn take(&self, cost: u64, date: SystemTime) -> Result<(), OverBudget>;

    /// Gives money of that day back: the call was certainly not billed.
    fn give_back(&self, cost: u64, date: SystemTime);
}

/// A budget of each day of universal time, kept in memory.
#[derive(Debug)]
pub struct DayBudget {
    budget: u64,
    /// The day, and what was spent of it.
    spent: Mutex<(u64, u64)>,
}

impl DayBudget {
    /// So much a day, millionths of the account's currency.
    pub fn new(budget: u64) -> Self {
        Self { budget, spent: Mutex::new((0, 0)) }
    }

    /// What was spent on that day.
    pub fn spent(&self, date: SystemTime) -> u64 {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 == day(date) { spent.1 } else { 0 }
    }
}

impl Purse for DayBudget {
    fn take(&self, cost: u64, date: SystemTime) -> Result<(), OverBudget> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let today = day(date);
        // A clock that goes back opens no new budget.
        if today > spent.0 {
            *spent = (today, 0);
        }
        let left = self.budget.saturating_sub(spent.1);
        if cost > left {
            return Err(OverBudget::Spent { budget: self.budget, left, wait: until_tomorrow(date) });
        }
        spent.1 += cost;
        Ok(())
    }

    fn give_back(&self, cost: u64, date: SystemTime) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 == day(date) {
            spent.1 = spent.1.saturating_sub(cost);
        }
    }
}

/// The day's number since 1970.
fn day(date: SystemTime) -> u64 {
    seconds(date) / DAY
}

/// Until the next day of universal time begins.
fn until_tomorrow(date: SystemTime) -> Duration {
    Duration::from_secs(DAY - seconds(date) % DAY)
}

fn seconds(date: SystemTime) -> u64 {
    date.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(all(test, not(feature = "interleavings")))]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_budget_and_no_more() {
        let budget = DayBudget::new(100);
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(budget.take(60, at(10)), Ok(()));
        let over = OverBudget::Spent { budget: 100, left: 40, wait: Duration::from_secs(DAY - 20) };
        assert_eq!(budget.take(41, at(20)), Err(over));
        assert_eq!(budget.take(40, at(20)), Ok(()));
        assert!(budget.take(1, at(30)).is_err());
        budget.give_back(40, at(30));
        assert_eq!(budget.spent(at(30)), 60);
        assert_eq!(budget.take(100, at(DAY)), Ok(()));
        // What was billed yesterday does not make room today, and yesterday's clock opens no new budget.
        budget.give_back(60, at(DAY - 1));
        assert!(budget.take(1, at(DAY + 1)).is_err());
        assert!(budget.take(1, at(DAY - 1)).is_err());
    }
}
