//! Accounts at providers, and what was spent with them.

use super::Connection;
use crate::error::Error;

/// An account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredAccount {
    /// Its id; a new provider is a new account.
    pub(crate) id: String,
    /// The organisation.
    pub(crate) org: String,
    /// What it is for.
    pub(crate) capability: String,
    /// Whose it is.
    pub(crate) provider: String,
    /// The adapter's settings, as JSON.
    pub(crate) settings: String,
    /// The secrets, sealed.
    pub(crate) sealed: Vec<u8>,
    /// What a call costs, millionths of the account's currency.
    pub(crate) price: i64,
    /// What may be spent in a day.
    pub(crate) day_budget: i64,
    /// Counts changes.
    pub(crate) version: i64,
    /// When it was changed, milliseconds since 1970.
    pub(crate) changed_at: i64,
}

type Row = (String, String, String, String, String, Vec<u8>, i64, i64, i64, i64);

fn account(row: Row) -> StoredAccount {
    let (id, org, capability, provider, settings, sealed, price, day_budget, version, changed_at) = row;
    StoredAccount { id, org, capability, provider, settings, sealed, price, day_budget, version, changed_at }
}

/// Accounts at providers.
pub(crate) trait ProviderAccounts {
    /// The accounts of an organisation, by capability.
    async fn provider_accounts(&mut self, org: &str) -> Result<Vec<StoredAccount>, Error>;

    /// The account that an organisation has for a capability.
    async fn provider_account(&mut self, org: &str, capability: &str) -> Result<Option<StoredAccount>, Error>;

    /// An account by its id alone, for webhooks.
    async fn provider_account_of_id(&mut self, id: &str) -> Result<Option<StoredAccount>, Error>;

    /// Puts an account in place of the one that the organisation has for the capability.
    async fn put_provider_account(&mut self, new: &StoredAccount) -> Result<(), Error>;

    /// Removes the account for a capability. Gives whether there was one.
    async fn remove_provider_account(&mut self, org: &str, capability: &str) -> Result<bool, Error>;

    /// Takes money of a day, unless more than the day's budget would be spent. Gives what was spent before, and whether it
    /// was taken.
    async fn take_money(&mut self, account: (&str, i64), day: i64, cost: i64) -> Result<(i64, bool), Error>;

    /// Gives money of a day back.
    async fn give_money_back(&mut self, account: &str, day: i64, cost: i64) -> Result<(), Error>;

    /// What was spent on a day.
    async fn money_spent(&mut self, account: &str, day: i64) -> Result<i64, Error>;
}

impl ProviderAccounts for Connection {
    async fn provider_accounts(&mut self, org: &str) -> Result<Vec<StoredAccount>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, org_id, capability, provider, settings, sealed, price, day_budget, version, changed_at
             FROM provider_accounts WHERE org_id = $1 ORDER BY capability",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(account).collect())
    }

    async fn provider_account(&mut self, org: &str, capability: &str) -> Result<Option<StoredAccount>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, org_id, capability, provider, settings, sealed, price, day_budget, version, changed_at
             FROM provider_accounts WHERE org_id = $1 AND capability = $2",
        )
        .bind(org.to_owned())
        .bind(capability.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(account))
    }

    async fn provider_account_of_id(&mut self, id: &str) -> Result<Option<StoredAccount>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, org_id, capability, provider, settings, sealed, price, day_budget, version, changed_at
             FROM provider_accounts WHERE id = $1",
        )
        .bind(id.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(account))
    }

    async fn put_provider_account(&mut self, new: &StoredAccount) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO provider_accounts (id, org_id, capability, provider, settings, sealed, price, day_budget, version,
                                            changed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (org_id, capability) DO UPDATE SET id = excluded.id, provider = excluded.provider,
                 settings = excluded.settings, sealed = excluded.sealed, price = excluded.price,
                 day_budget = excluded.day_budget, version = excluded.version, changed_at = excluded.changed_at",
        )
        .bind(new.id.clone())
        .bind(new.org.clone())
        .bind(new.capability.clone())
        .bind(new.provider.clone())
        .bind(new.settings.clone())
        .bind(new.sealed.clone())
        .bind(new.price)
        .bind(new.day_budget)
        .bind(new.version)
        .bind(new.changed_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn remove_provider_account(&mut self, org: &str, capability: &str) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM provider_accounts WHERE org_id = $1 AND capability = $2")
            .bind(org.to_owned())
            .bind(capability.to_owned())
            .execute(self)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn take_money(&mut self, (account, budget): (&str, i64), day: i64, cost: i64) -> Result<(i64, bool), Error> {
        sqlx::query("INSERT INTO provider_spending (account_id, day, spent) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING")
            .bind(account.to_owned())
            .bind(day)
            .execute(&mut *self)
            .await?;
        let done = sqlx::query(
            "UPDATE provider_spending SET spent = spent + $3 WHERE account_id = $1 AND day = $2 AND spent + $3 <= $4",
        )
        .bind(account.to_owned())
        .bind(day)
        .bind(cost)
        .bind(budget)
        .execute(&mut *self)
        .await?;
        let is_taken = done.rows_affected() == 1;
        let spent = self.money_spent(account, day).await?;
        Ok((if is_taken { spent - cost } else { spent }, is_taken))
    }

    async fn give_money_back(&mut self, account: &str, day: i64, cost: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE provider_spending SET spent = spent - $3 WHERE account_id = $1 AND day = $2 AND spent >= $3",
        )
        .bind(account.to_owned())
        .bind(day)
        .bind(cost)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn money_spent(&mut self, account: &str, day: i64) -> Result<i64, Error> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT spent FROM provider_spending WHERE account_id = $1 AND day = $2")
                .bind(account.to_owned())
                .bind(day)
                .fetch_optional(self)
                .await?;
        Ok(row.map_or(0, |(spent,)| spent))
    }
}
