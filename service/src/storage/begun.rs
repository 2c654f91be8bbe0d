//! Invoices that were approved, until they are sent or withdrawn: where each was begun, and under which key.

use super::Connection;
use super::billing::Billing as _;
use crate::error::Error;

/// Where an invoice was begun: what is there may be the invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    /// The provider.
    pub(crate) provider: String,
    /// Its own name for the account.
    pub(crate) account: String,
    /// Its name for the customer; empty: not known yet, and nothing of the invoice is there.
    pub(crate) customer: String,
    /// The key under which it is made.
    pub(crate) key: String,
}

/// Invoices that were approved.
pub(crate) trait BegunInvoices {
    /// Begins an approved invoice at a provider and an account, under a key unless it has one, if it was begun nowhere. Gives where it was
    /// begun; `None`: it is not approved.
    async fn begin_invoice(&mut self, id: &str, at: (&str, &str), key: &str) -> Result<Option<Begun>, Error>;

    /// Says which customer an invoice that was begun at an account, under a key, is for, unless that was said. Gives the customer; `None`: it
    /// was begun elsewhere or anew, or is no longer approved.
    async fn set_begun_customer(&mut self, id: &str, at: (&str, &str), customer: &str)
    -> Result<Option<String>, Error>;

    /// Says that nothing of an approved invoice is where it was begun: the next beginning has the key `next`.
    async fn forget_beginning(&mut self, id: &str, next: &str) -> Result<(), Error>;

    /// Says that an approved invoice was sent.
    async fn invoice_sent(&mut self, id: &str, provider: &str, reference: &str, now: i64) -> Result<(), Error>;

    /// Says why an approved invoice is not sent.
    async fn invoice_given_up(&mut self, id: &str, why: &str) -> Result<(), Error>;

    /// Takes back an approved invoice of a version of which nothing is anywhere, for want of a customer: its emptyings can be billed again. Gives whether it was one.
    async fn withdraw_invoice(&mut self, of: (&str, &str), version: i64, now: i64) -> Result<bool, Error>;

    /// Whether an invoice of the organisation has this name at a provider.
    async fn has_reference(&mut self, org: &str, provider: &str, reference: &str) -> Result<bool, Error>;
}

impl BegunInvoices for Connection {
    async fn begin_invoice(
        &mut self,
        id: &str,
        (provider, account): (&str, &str),
        key: &str,
    ) -> Result<Option<Begun>, Error> {
        sqlx::query(
            "UPDATE invoices SET provider = $2, account = $3,
                                 begun_under = CASE WHEN begun_under = '' THEN $4 ELSE begun_under END
             WHERE id = $1 AND state = 'approved' AND account = ''",
        )
        .bind(id.to_owned())
        .bind(provider.to_owned())
        .bind(account.to_owned())
        .bind(key.to_owned())
        .execute(&mut *self)
        .await?;
        let row: Option<(String, String, String, String)> = sqlx::query_as(
            "SELECT provider, account, customer, begun_under FROM invoices WHERE id = $1 AND state = 'approved'",
        )
        .bind(id.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(|(provider, account, customer, key)| Begun { provider, account, customer, key }))
    }

    async fn set_begun_customer(
        &mut self,
        id: &str,
        (account, key): (&str, &str),
        customer: &str,
    ) -> Result<Option<String>, Error> {
        let row: Option<(String,)> = sqlx::query_as(
            "UPDATE invoices SET customer = CASE WHEN customer = '' THEN $3 ELSE customer END
             WHERE id = $1 AND account = $2 AND begun_under = $4 AND state = 'approved' RETURNING customer",
        )
        .bind(id.to_owned())
        .bind(account.to_owned())
        .bind(customer.to_owned())
        .bind(key.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(|(customer,)| customer))
    }

    async fn forget_beginning(&mut self, id: &str, next: &str) -> Result<(), Error> {
        sqlx::query(
            "UPDATE invoices SET provider = '', account = '', customer = '', begun_under = $2
             WHERE id = $1 AND state = 'approved' AND account <> ''",
        )
        .bind(id.to_owned())
        .bind(next.to_owned())
        .execute(self)
        .await?;
        Ok(())
    }

    async fn invoice_sent(&mut self, id: &str, provider: &str, reference: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "UPDATE invoices SET state = 'sent', version = version + 1, provider = $2, reference = $3, sent_at = $4, problem = NULL
             WHERE id = $1 AND state = 'approved'",
        )
        .bind(id.to_owned())
        .bind(provider.to_owned())
        .bind(reference.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn invoice_given_up(&mut self, id: &str, why: &str) -> Result<(), Error> {
        let query =
            sqlx::query("UPDATE invoices SET problem = $2, version = version + 1 WHERE id = $1 AND state = 'approved'");
        query.bind(id.to_owned()).bind(why.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn withdraw_invoice(&mut self, (org, id): (&str, &str), version: i64, now: i64) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE invoices SET state = 'voided', version = version + 1, problem = NULL, settled_at = $4, provider = '', account = ''
             WHERE org_id = $1 AND id = $2 AND version = $3 AND state = 'approved' AND customer = ''",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .bind(version)
        .bind(now)
        .execute(&mut *self)
        .await?;
        let is_withdrawn = done.rows_affected() == 1;
        if is_withdrawn {
            self.drop_items(id).await?;
        }
        Ok(is_withdrawn)
    }

    async fn has_reference(&mut self, org: &str, provider: &str, reference: &str) -> Result<bool, Error> {
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT CAST(1 AS BIGINT) FROM invoices WHERE org_id = $1 AND provider = $2 AND reference = $3 LIMIT 1",
        )
        .bind(org.to_owned())
        .bind(provider.to_owned())
        .bind(reference.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.is_some())
    }
}
