//! Budgets of days in the database, so that all processes share them and a restart opens no new one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use milkrun_providers::{OverBudget, Purse};
use tokio::runtime::Handle;

use crate::audit::Ledger;
use crate::error::Error;
use crate::storage::ProviderAccounts as _;

/// Seconds of a day.
const DAY: u64 = 86_400;

/// The budget of an account. Its calls are made on threads that may block.
pub(crate) struct StoredPurse {
    pub(crate) ledger: Ledger,
    pub(crate) runtime: Handle,
    pub(crate) account: String,
    pub(crate) budget: i64,
}

fn seconds(date: SystemTime) -> u64 {
    date.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The number of a day since 1970.
pub(crate) fn day(date: SystemTime) -> i64 {
    (seconds(date) / DAY).cast_signed()
}

impl StoredPurse {
    async fn try_to_take(&self, cost: i64, day: i64) -> Result<(i64, bool), Error> {
        let mut change = self.ledger.begin().await?;
        let taken = change.take_money((&self.account, self.budget), day, cost).await?;
        change.commit().await?;
        Ok(taken)
    }

    async fn try_to_give_back(&self, cost: i64, day: i64) -> Result<(), Error> {
        let mut change = self.ledger.begin().await?;
        change.give_money_back(&self.account, day, cost).await?;
        change.commit().await
    }
}

impl Purse for StoredPurse {
    fn take(&self, cost: u64, date: SystemTime) -> Result<(), OverBudget> {
        let price = i64::try_from(cost).unwrap_or(i64::MAX / 2);
        match self.runtime.block_on(self.try_to_take(price, day(date))) {
            Ok((_, true)) => Ok(()),
            Ok((spent, false)) => {
                let (budget, left) = (self.budget.cast_unsigned(), (self.budget - spent).max(0).cast_unsigned());
                Err(OverBudget::Spent { budget, left, wait: Duration::from_secs(DAY - seconds(date) % DAY) })
            }
            Err(error) => Err(OverBudget::Unknown(format!("what was spent cannot be known: {error}"))),
        }
    }

    fn give_back(&self, cost: u64, date: SystemTime) {
        let price = i64::try_from(cost).unwrap_or(i64::MAX / 2);
        if let Err(error) = self.runtime.block_on(self.try_to_give_back(price, day(date))) {
            // It counts as spent then: the limit holds.
            tracing::warn!(account = self.account, %error, "money could not be given back");
        }
    }
}
